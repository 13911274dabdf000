"""One person: what they may see and by which act, what is still missing and who does it, their login and its rights."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
from compliance.views.french import ngettext
from compliance.views.people import HOLDS, acts_for, login_of, rights_held, titles_of, worth
from compliance.views.rights import Standing, reading
from compliance.views.todo import office

TITLE_HEAD = [gettext_lazy("Titre"), gettext_lazy("État"), gettext_lazy("Ce qu’il ouvre"), gettext_lazy("Jusqu’au")]
GROUND_HEAD = [gettext_lazy("Acte"), gettext_lazy("État"), gettext_lazy("Ce qu’il dit"), gettext_lazy("Jusqu’au")]


# By whether the employer is public, and competent on this commune.
EMPLOYERS = {
    (True, True): gettext_lazy("Employeur public, compétent ici"),
    (True, False): gettext_lazy("Employeur public, non compétent ici"),
    (False, True): gettext_lazy("Employeur privé, compétent ici"),
    (False, False): gettext_lazy("Employeur privé, non compétent ici"),
}


@never_cache
@login_required
@require_GET
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Show the person, first what they see, then what is missing."""
    standing = reading(request)[0]
    place, at = standing.installation, now()
    found = Person.objects.filter(authority=place.authority_id, code=code).select_related("account").first()
    if found is None:
        raise Http404(_("Personne n’a ce code."))
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
        "acts": acts_for(standing, beside=_beside(found), **known),
        "holds": any(t.kind in HOLDS for t in titles),
        "crumbs": [
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": _("Personnes"), "url": reverse("people")},
            {"label": found.code, "url": ""},
        ],
    }
    return render(request, "compliance/person.html", context)


def _beside(found: Person) -> tuple[str, ...]:
    """Return the acts that are not of this person: an agent is not a mayor, and only a mayor's mandate ends."""
    if found.mandates.exists():
        return ()
    works = found.employments.exists() or found.agreements.exists()
    return ("mandat", "mandat-fin") if works else ("mandat-fin",)


def _title(found: Person, seen: int, titles: int) -> str:
    if seen:
        words = ngettext(
            "Le titre de {code} vaut pour {count} position.", "Le titre de {code} vaut pour {count} positions.", seen
        )
        return words.format(code=found.code, count=wording.grouped(seen))
    words = _("{code} ne voit aucune image.") if titles else _("{code} n’a aucun titre de voir.")
    return words.format(code=found.code)


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
        "where": "" if len(codes) == total else _where(codes),
        "article": finding.articles[0].label if finding.articles else "",
        "remedy": finding.remedy,
        "who": office(finding.who),
        "url": f"{url}?{urlencode({'person': found.code})}" if url else "",
        "label": page.short if page else "",
    }


def _where(codes: list[str]) -> str:
    return ngettext("Position : {codes}.", "Positions : {codes}.", len(codes)).format(codes=", ".join(codes))


def _row(name: Any, *cells: Any, entry: tuple[str, int], place: Installation) -> dict[str, Any]:
    url = reverse("entry", args=[place.code, *entry])
    return {"cells": [format_html('<a href="{}">{}</a>', url, name), *cells], "current": False}


def _grounds(place: Installation, found: Person, *, at: datetime) -> list[dict[str, Any]]:
    """Return what a title rests on: employments, agréments, delegations."""
    today = legal_day(at)
    rows: list[tuple[str, Any, str, str, str]] = []
    for job in Employment.objects.filter(person=found).prefetch_related("territory").order_by("-starts_on"):
        here = any(a.pk == place.authority_id for a in job.territory.all())
        kind = worth(job.starts_on, job.ends_on, today=today)
        said = str(EMPLOYERS[job.public, here])
        rows.append(("emploi", job, _("Emploi, {employer}").format(employer=job.employer), kind, said))
    for held in Agreement.objects.filter(person=found).prefetch_related("measures").order_by("-starts_on"):
        struck = [m for m in held.measures.all() if m.since <= at and (m.until is None or at < m.until)]
        kind = "stop" if struck else worth(held.starts_on, held.ends_on, today=today)
        said = _("Agrément du préfet")
        if struck:
            said = _("Suspendu ou retiré depuis le {day}").format(day=wording.instant(struck[0].since))
        rows.append(("agrement", held, _("Agrément {number}").format(number=held.number), kind, said))
    for given in Delegation.objects.filter(person=found).order_by("-starts_on"):
        kind = worth(given.starts_on, given.ends_on, today=today)
        name = _("Délégation {number}").format(number=given.number)
        rows.append(("delegation", given, name, kind, _("Fonctions de police municipale")))
    return [
        _row(
            name,
            _ground_state(kind),
            said,
            wording.day_in_full(row.ends_on) if row.ends_on else _("Sans terme"),
            entry=(slug, row.pk),
            place=place,
        )
        for slug, row, name, kind, said in rows
    ]


def _ground_state(kind: str) -> Any:
    return state_tag(kind, {"wait": _("Attend sa date"), "stop": _("Ne vaut plus")}.get(kind, ""))


def _links(account: Account, *, at: datetime) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for link in account.invitations.select_related("recorded_by__person").order_by("-pk")[:5]:
        if link.used_at:
            where = _("Suivi le {day}").format(day=wording.instant(link.used_at))
        elif link.cancelled_at:
            where = _("Annulé le {day}").format(day=wording.instant(link.cancelled_at))
        else:
            words = _("Vaut jusqu’au {day}") if at < link.expires_at else _("Trop ancien depuis le {day}")
            where = words.format(day=wording.instant(link.expires_at))
        author = str(link.recorded_by) if link.recorded_by else _("La console")
        since = _("Du {day}").format(day=wording.instant(link.recorded_at))
        rows.append({"cells": [since, where, author], "current": False})
    return rows
