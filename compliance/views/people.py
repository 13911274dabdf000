"""The people of the commune: what each may see, until when, by which act. No image, no image count.

The list reads rows and says what they are worth today, at the same cost for eight people or two hundred.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.law.terms import Action, Category
from compliance.models import Habilitation, Installation, InstallationUserPermission, Mandate, Person
from compliance.templatetags import terms, wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.clock import now
from compliance.views.french import ngettext, opening
from compliance.views.lists import listing
from compliance.views.rights import Standing, reading, right_words

HEAD = [
    gettext_lazy("Personne"),
    gettext_lazy("Ce qu’elle peut voir"),
    gettext_lazy("Par quel acte"),
    gettext_lazy("Jusqu’au"),
    gettext_lazy("Compte"),
    gettext_lazy("Droits de bureau"),
]
NEAR_DAYS = 60
HOLDS = {"ok", "due"}
FILTERS = {
    "": gettext_lazy("Toutes"),
    "titre": gettext_lazy("Qui peuvent voir"),
    "sans-titre": gettext_lazy("Sans titre en vigueur"),
    "compte": gettext_lazy("Avec un compte"),
    "sans-compte": gettext_lazy("Sans compte"),
}
PEOPLE_ACTS = (
    *(
        "personne",
        "personne-corriger",
        "habilitation",
        "habilitation-retirer",
        "agrement",
        "agrement-suspendre",
        "agrement-lever",
    ),
    *("delegation", "delegation-fin", "emploi", "emploi-fin", "mandat", "mandat-fin"),
    *("inviter", "lien-renvoyer", "invitation-annuler", "compte-fermer", "compte-rouvrir", "droit"),
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title to see: what it is worth today, in words; its entry."""

    kind: str
    words: str
    what: str
    until: str
    gone: bool
    entry: tuple[str, int]

    @property
    def state(self) -> Any:
        """The state, as a page shows it."""
        words = {"wait": _("Attend sa date"), "stop": _("Échue"), "none": _("Retirée")}
        return state_tag(self.kind, _("Retirée") if self.gone else words.get(self.kind, ""))


def worth(starts_on: date, ends_on: date | None, *, today: date) -> str:
    """Return what dates are worth today: in force, near its end, ended, or not begun."""
    if starts_on > today:
        return "wait"
    if ends_on is not None and ends_on < today:
        return "stop"
    return "due" if ends_on is not None and (ends_on - today).days <= NEAR_DAYS else "ok"


def titles_of(place: Installation, *, at: datetime, person: Person | None = None) -> dict[int, list[Title]]:
    """Return the titles of each person of the commune, or of one, the best first."""
    only = {"person": person} if person else {}
    found: dict[int, list[Title]] = defaultdict(list)
    today = legal_day(at)
    for mandate in place.authority.mandates.filter(**only).order_by("-starts_on"):
        found[mandate.person_id].append(_mandate(mandate, today=today))
    rows = place.habilitations.filter(**only).prefetch_related("positions").order_by("-starts_on", "-pk")
    for held in rows:
        found[held.person_id].append(_habilitation(held, at=at))
    for titles in found.values():
        titles.sort(key=lambda title: title.kind not in HOLDS)
    return found


def _mandate(row: Mandate, *, today: date) -> Title:
    until = wording.day_in_full(row.ends_on) if row.ends_on else _("Fin du mandat")
    what = _("Voir, revoir, remettre ; toute la commune")
    kind = worth(row.starts_on, row.ends_on, today=today)
    return Title(kind, _("Maire, de droit : le mandat est l’acte"), what, until, gone=False, entry=("mandat", row.pk))


def _habilitation(row: Habilitation, *, at: datetime) -> Title:
    gone = row.withdrawn_at is not None and row.withdrawn_at <= at
    actions = ", ".join(terms.action(Action(a)) for a in row.actions).capitalize()
    codes = ", ".join(p.code for p in row.positions.all()) or _("toute l’installation")
    if row.withdrawn_at is not None:
        until = _("Retirée le {day}").format(day=wording.instant(row.withdrawn_at))
    else:
        until = wording.day_in_full(row.ends_on) if row.ends_on else _("Sans terme")
    return Title(
        "none" if gone else worth(row.starts_on, row.ends_on, today=legal_day(at)),
        f"{terms.category(Category(row.category)).capitalize()}, {row.act}",
        _("{actions} ; {codes}").format(actions=actions, codes=codes),
        until,
        gone=gone,
        entry=("habilitation", row.pk),
    )


@never_cache
@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the people with what each may see; filter by title, by account, by a word."""
    standing = reading(request)[0]
    place = standing.installation
    titles = titles_of(place, at=now())
    shown = request.GET.get("montre", "")
    everybody = list(Person.objects.filter(authority=place.authority_id).select_related("account").order_by("code"))
    kept = [p for p in everybody if _asked_for(p, titles[p.pk], shown)]
    found = listing(request, kept, text=lambda p: f"{p.code} {p.name} {p.function}", page="personnes")
    valid = sum(t.kind in HOLDS for held in titles.values() for t in held)
    rights = rights_held(place)
    context = {
        "installation": place,
        "title": opening(
            ngettext("{count} titre de voir en vigueur.", "{count} titres de voir en vigueur.", valid).format(
                count=wording.in_words(valid)
            )
        ),
        "head": HEAD,
        "rows": [{"cells": _cells(p, titles[p.pk], rights), "current": False} for p in found.shown],
        "count": ngettext("{count} personne", "{count} personnes", found.count).format(
            count=wording.grouped(found.count)
        ),
        "filters": [{"value": value, "words": words, "current": value == shown} for value, words in FILTERS.items()],
        "list": found,
        "filtered": bool(found.searched or shown),
        "acts": acts_for(standing),
        "crumbs": [{"label": _("Accueil"), "url": reverse("home")}, {"label": _("Personnes"), "url": ""}],
    }
    return render(request, "compliance/people.html", context)


def _asked_for(person: Person, titles: list[Title], shown: str) -> bool:
    holds = any(t.kind in HOLDS for t in titles)
    has = getattr(person, "account", None) is not None
    return {"titre": holds, "sans-titre": not holds, "compte": has, "sans-compte": not has}.get(shown, True)


def _cells(person: Person, titles: list[Title], rights: dict[int, list[str]]) -> list[Any]:
    url = reverse("person", args=[person.code])
    name = format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', url, person.code, person.function)
    account = getattr(person, "account", None)
    offices = ", ".join(rights.get(account.pk, [])) if account else ""
    login = login_of(account)
    if not titles:
        return [name, _("Aucune image"), _("Aucun acte"), _("Sans objet"), login, offices or _("Aucun")]
    best = titles[0]
    return [name, best.state, best.words, best.until, login, offices or _("Aucun")]


def login_of(account: Any) -> str:
    """Say a person's login and what it is worth."""
    if account is None:
        return _("Aucun")
    if not account.is_active:
        return _("{login}, fermé").format(login=account.username)
    return account.username if account.has_usable_password() else _("{login}, invité").format(login=account.username)


def rights_held(place: Installation) -> dict[int, list[str]]:
    """Return the office rights of each account, in words; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    held = InstallationUserPermission.objects.filter(content_object=place).select_related("permission")
    for row in held.order_by("permission__codename"):
        found[row.user_id].append(right_words(row.permission.codename))
    return found


def acts_for(standing: Standing, *, beside: Collection[str] = (), **known: str) -> list[dict[str, str]]:
    """Return the acts about people that the account may do, their person already answered when `known` says it.

    `beside` names those that make no sense for that person: they stay in the list of all.
    """
    return list(_acts(standing, known, beside))


def _acts(standing: Standing, known: dict[str, str], beside: Collection[str]) -> Iterator[dict[str, str]]:
    for slug in PEOPLE_ACTS:
        page = ACTS[slug]
        if not page.opens_to(standing.rights):
            continue
        if slug in beside:
            continue
        fields = {name: value for name, value in known.items() if name in page.form.base_fields}
        if known and not fields:
            continue
        query = "&".join(f"{name}={value}" for name, value in fields.items())
        url = reverse("act", args=[standing.installation.code, slug])
        yield {"label": str(page.title), "url": f"{url}?{query}" if query else url}
