"""The people of the commune and by which titles they see, in force or not. No image, no image count."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, Action, Category
from compliance.models import Habilitation, Installation, InstallationUserPermission, Person
from compliance.templatetags import wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.clock import now
from compliance.views.french import spelled
from compliance.views.lists import listing
from compliance.views.rights import WORDS, reading

PEOPLE_HEAD = ["Code", "Fonction", "Nom", "Compte", "Droits"]
TITLE_HEAD = ["Personne", "État", "Titre", "Ce qu’elle peut", "Jusqu’au"]
NEAR_DAYS = 60
OFFICE_ACTS = (
    *("habilitation", "habilitation-retirer", "agrement", "agrement-suspendre", "delegation", "delegation-fin"),
    *("agrement-lever", "emploi", "emploi-fin", "mandat", "mandat-fin", "personne", "inviter", "lien-renvoyer"),
    *("invitation-annuler", "compte-fermer", "compte-rouvrir", "droit"),
)


@never_cache
@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the people, then their titles with what they are worth today."""
    standing = reading(request)[0]
    place = standing.installation
    at = now()
    titles = [*_mandates(place, at=at), *_habilitations(place, at=at)]
    valid = sum(kind in {"ok", "due"} for kind, _ in titles)
    title_list = listing(request, titles, text=lambda t: " ".join(t[1]), page="titres")
    people_list = listing(request, _people(place), text=lambda row: " ".join(row["cells"]), page="personnes")
    context = {
        "installation": place,
        "title": f"{spelled(valid, 'titre', feminine=False).capitalize()} de voir en vigueur.",
        "people_head": PEOPLE_HEAD,
        "people_list": people_list,
        "people_rows": people_list.shown,
        "title_head": TITLE_HEAD,
        "title_list": title_list,
        "title_rows": [{"cells": cells, "current": False} for _, cells in title_list.shown],
        "acts": [
            {"label": ACTS[slug].title, "url": reverse("act", args=[place.code, slug])}
            for slug in OFFICE_ACTS
            if ACTS[slug].opens_to(standing.rights)
        ],
        "crumbs": [{"label": "Accueil", "url": reverse("home")}, {"label": "Personnes", "url": ""}],
    }
    return render(request, "compliance/people.html", context)


def _people(place: Installation) -> list[dict[str, Any]]:
    rights: dict[int, list[str]] = {}
    held = InstallationUserPermission.objects.filter(content_object=place).select_related("permission")
    for row in held.order_by("permission__codename"):
        rights.setdefault(row.user_id, []).append(WORDS[row.permission.codename])
    rows = Person.objects.filter(authority=place.authority_id).select_related("account").order_by("code")
    found = []
    for person in rows:
        account = getattr(person, "account", None)
        login = "Aucun" if account is None else account.username if account.is_active else f"{account.username}, fermé"
        offices = ", ".join(rights.get(account.pk, [])) if account else ""
        found.append(
            {"cells": [person.code, person.function, person.name, login, offices or "Aucun"], "current": False}
        )
    return found


def _mandates(place: Installation, *, at: datetime) -> list[tuple[str, list[Any]]]:
    today = legal_day(at)
    found = []
    for mandate in place.authority.mandates.select_related("person").order_by("-starts_on"):
        kind = _kind(mandate.starts_on, mandate.ends_on, today=today)
        until = wording.day_in_full(mandate.ends_on) if mandate.ends_on else "Fin du mandat"
        words = [
            mandate.person.code,
            _state(kind),
            "Maire, de droit : le mandat est l’acte",
            "Voir, revoir, remettre",
            until,
        ]
        found.append((kind, words))
    return found


def _habilitations(place: Installation, *, at: datetime) -> list[tuple[str, list[Any]]]:
    today = legal_day(at)
    rows = place.habilitations.select_related("person").prefetch_related("positions").order_by("person__code", "pk")
    found = []
    for held in rows:
        gone = held.withdrawn_at is not None and held.withdrawn_at <= at
        kind = "none" if gone else _kind(held.starts_on, held.ends_on, today=today)
        found.append((kind, [held.person.code, _state(kind, gone=gone), _title(held), _scope(held), _until(held)]))
    return found


def _title(held: Habilitation) -> str:
    return f"{CATEGORY_LABELS[Category(held.category)].capitalize()}, {held.act}"


def _scope(held: Habilitation) -> str:
    actions = ", ".join(ACTION_LABELS[Action(a)] for a in held.actions)
    codes = ", ".join(p.code for p in held.positions.all()) or "toute l’installation"
    return f"{actions.capitalize()} ; {codes}"


def _until(held: Habilitation) -> str:
    if held.withdrawn_at is not None:
        return f"Retirée le {wording.instant(held.withdrawn_at)}"
    return wording.day_in_full(held.ends_on) if held.ends_on else "Sans terme"


def _kind(starts_on: Any, ends_on: Any, *, today: Any) -> str:
    if starts_on > today:
        return "wait"
    if ends_on is not None and ends_on < today:
        return "stop"
    if ends_on is not None and (ends_on - today).days <= NEAR_DAYS:
        return "due"
    return "ok"


def _state(kind: str, *, gone: bool = False) -> Any:
    words = {"wait": "Attend sa date", "stop": "Échue", "none": "Retirée"}
    return state_tag(kind, "Retirée" if gone else words.get(kind, ""))
