"""One person: what they may see and by which act, what is still missing and who does it, their login and its rights."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance import gate
from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.models import Account, Agreement, Delegation, Employment, Installation, Person
from compliance.requirements.base import Blocks, Finding, Outcome
from compliance.templatetags import wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.clock import now
from compliance.views.french import counted, many
from compliance.views.people import HOLDS, acts_for, login_of, rights_held, titles_of, worth
from compliance.views.rights import Standing, reading

TITLE_HEAD = ["Titre", "État", "Ce qu’il ouvre", "Jusqu’au"]
GROUND_HEAD = ["Acte", "État", "Ce qu’il dit", "Jusqu’au"]


@never_cache
@login_required
@require_GET
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Show the person, first what they see, then what is missing."""
    standing = reading(request)[0]
    place, at = standing.installation, now()
    found = Person.objects.filter(authority=place.authority_id, code=code).select_related("account").first()
    if found is None:
        raise Http404("Personne n’a ce code.")
    account: Account | None = getattr(found, "account", None)
    titles = titles_of(place, at=at, person=found)[found.pk]
    seen, missing = _seen(place, found, standing, at=at)
    known = {"person": found.code, **({"account": account.username} if account else {})}
    context = {
        "person": found,
        "title": _title(found, seen, len(titles)),
        "missing": missing if titles else [],
        "title_head": TITLE_HEAD,
        "title_rows": [_row(t.words, t.state, t.what, t.until, entry=t.entry, place=place) for t in titles],
        "ground_head": GROUND_HEAD,
        "ground_rows": _grounds(place, found, at=at),
        "login": login_of(account),
        "rights": rights_held(place).get(account.pk, []) if account else [],
        "link_rows": _links(account, at=at) if account else [],
        "acts": acts_for(standing, **known),
        "holds": any(t.kind in HOLDS for t in titles),
        "crumbs": [
            {"label": "Accueil", "url": reverse("home")},
            {"label": "Personnes", "url": reverse("people")},
            {"label": found.code, "url": ""},
        ],
    }
    return render(request, "compliance/person.html", context)


def _title(found: Person, seen: int, titles: int) -> str:
    if seen:
        return f"Le titre de {found.code} vaut pour {counted(seen, 'position')}."
    return f"{found.code} ne voit aucune image." if titles else f"{found.code} n’a aucun titre de voir."


def _seen(place: Installation, found: Person, standing: Standing, *, at: datetime) -> tuple[int, list[dict[str, str]]]:
    """Return how many positions the person may see, and what of the law about them is not satisfied."""
    positions = list(place.positions.order_by("code"))
    verdicts = gate.glance(gate.Action.WATCH, positions, at=at, agent=found)
    unmet: dict[str, tuple[Finding, list[str]]] = {}
    for position in positions:
        for finding in verdicts[position.pk].findings:
            if finding.requirement.blocks is Blocks.USER and finding.outcome is Outcome.UNMET:
                unmet.setdefault(finding.code, (finding, []))[1].append(position.code)
    missing = [_missing(finding, codes, found, standing, len(positions)) for finding, codes in unmet.values()]
    mine = sum(not any(f.requirement.blocks is Blocks.USER for f in verdicts[p.pk].blocking) for p in positions)
    return mine, missing


def _missing(finding: Finding, codes: list[str], found: Person, standing: Standing, total: int) -> dict[str, str]:
    page = ACTS.get(finding.requirement.act)
    opens = page is not None and page.opens_to(standing.rights)
    url = reverse("act", args=[standing.installation.code, page.slug]) if opens and page else ""
    return {
        "title": finding.title,
        "reason": finding.reason,
        "where": "" if len(codes) == total else f"{many(len(codes), 'position').capitalize()} : {', '.join(codes)}.",
        "article": finding.articles[0].label if finding.articles else "",
        "remedy": finding.remedy,
        "who": finding.who,
        "url": f"{url}?{urlencode({'person': found.code})}" if url else "",
        "label": page.short if page else "",
    }


def _row(name: Any, *cells: Any, entry: tuple[str, int], place: Installation) -> dict[str, Any]:
    url = reverse("entry", args=[place.code, *entry])
    return {"cells": [format_html('<a href="{}">{}</a>', url, name), *cells], "current": False}


def _grounds(place: Installation, found: Person, *, at: datetime) -> list[dict[str, Any]]:
    """Return what a title rests on: employments, agréments, delegations."""
    today = legal_day(at)
    rows: list[tuple[str, Any, str, str, str]] = []
    for job in Employment.objects.filter(person=found).prefetch_related("territory").order_by("-starts_on"):
        here = any(a.pk == place.authority_id for a in job.territory.all())
        said = f"{'Employeur public' if job.public else 'Employeur privé'}, {'' if here else 'non '}compétent ici"
        rows.append(("emploi", job, f"Emploi, {job.employer}", worth(job.starts_on, job.ends_on, today=today), said))
    for held in Agreement.objects.filter(person=found).prefetch_related("measures").order_by("-starts_on"):
        struck = [m for m in held.measures.all() if m.since <= at and (m.until is None or at < m.until)]
        kind = "stop" if struck else worth(held.starts_on, held.ends_on, today=today)
        said = f"Suspendu ou retiré depuis le {wording.instant(struck[0].since)}" if struck else "Agrément du préfet"
        rows.append(("agrement", held, f"Agrément {held.number}", kind, said))
    for given in Delegation.objects.filter(person=found).order_by("-starts_on"):
        kind = worth(given.starts_on, given.ends_on, today=today)
        rows.append(("delegation", given, f"Délégation {given.number}", kind, "Fonctions de police municipale"))
    return [
        _row(
            name,
            _ground_state(kind),
            said,
            wording.day_in_full(row.ends_on) if row.ends_on else "Sans terme",
            entry=(slug, row.pk),
            place=place,
        )
        for slug, row, name, kind, said in rows
    ]


def _ground_state(kind: str) -> Any:
    return state_tag(kind, {"wait": "Attend sa date", "stop": "Ne vaut plus"}.get(kind, ""))


def _links(account: Account, *, at: datetime) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for link in account.invitations.select_related("recorded_by__person").order_by("-pk")[:5]:
        if link.used_at:
            where = f"Suivi le {wording.instant(link.used_at)}"
        elif link.cancelled_at:
            where = f"Annulé le {wording.instant(link.cancelled_at)}"
        else:
            where = ("Vaut jusqu’au " if at < link.expires_at else "Trop ancien depuis le ") + wording.instant(
                link.expires_at
            )
        author = str(link.recorded_by) if link.recorded_by else "La console"
        rows.append({"cells": [f"Du {wording.instant(link.recorded_at)}", where, author], "current": False})
    return rows
