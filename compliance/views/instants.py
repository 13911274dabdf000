"""The gate asked at an instant of the reader's choice: what stops if nothing is done, was this camera lawful.

The page answers for the legal date, with everything known today; what was answered then is in the journal, and linked.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance import journal, queries
from compliance.facts import Facts
from compliance.instants import ASKED, Change, findings_at, is_open, last_change, next_change
from compliance.judge import as_read
from compliance.law import PARIS, legal_day
from compliance.law.terms import ACTION_LABELS, Action
from compliance.models import Position
from compliance.requirements.base import Finding, Outcome
from compliance.templatetags import wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.asked import Asked
from compliance.views.clock import now
from compliance.views.french import counted, listed, many, opening, spelled
from compliance.views.installation import position_link
from compliance.views.rights import READERS, demanded, opened, standing_on
from compliance.views.shown import shown

BY_PAGE = 50
HEAD = ["Position", *(ACTION_LABELS[a].capitalize() for a in ASKED), "Pourquoi"]
NOTHING: dict[str, Any] = {"articles": [], "source": "", "kind": "", "url": "", "what": ""}


@never_cache
@login_required
@require_GET
def installation(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is open and what stops at an instant, position by position, action by action."""
    place = opened(request, code, *READERS).installation
    asked = Asked.of(request, at=now())
    positions = list(place.positions.select_related("installation").order_by("code"))
    facts = queries.facts_of(positions, action=Action.RECORD, at=asked.at, journal_writes=journal.can_write())
    today = {p.pk: is_open(facts[p.pk], asked.now) for p in positions}
    then = {p.pk: is_open(facts[p.pk], asked.at) for p in positions}
    positions.sort(key=lambda p: (then[p.pk] == today[p.pk], then[p.pk]))
    page = Paginator(positions, BY_PAGE).get_page(request.GET.get("page"))
    known = [facts[p.pk] for p in page]
    context = {
        "installation": place,
        "asked": asked,
        "title": _title(asked, sum(then.values()), [p.code for p in positions if today[p.pk] and not then[p.pk]]),
        "lead": f"{opening(spelled(sum(then.values()), 'caméra', 'ouverte'))} sur "
        f"{wording.in_words(len(positions), feminine=True)} à cet instant.",
        "head": HEAD,
        "rows": [_row(p, facts[p.pk], asked, today=today[p.pk]) for p in page],
        "page": page,
        "turns": _turns(known, asked, request.path),
        "journal_url": _journal(asked),
        "crumbs": [
            {"label": "Accueil", "url": reverse("home")},
            {"label": place.name, "url": reverse("installation", args=[place.code])},
            {"label": "À une autre date", "url": ""},
        ],
    }
    return render(request, "compliance/installation_instant.html", context)


def _title(asked: Asked, opened_then: int, stopped: list[str]) -> str:
    when = opening(_when(asked))
    if not asked.ahead:
        were = "étaient" if opened_then > 1 else "était"
        verb = were if asked.past else "sont" if opened_then > 1 else "est"
        return f"{when}, {spelled(opened_then, 'caméra')} {verb} {many(opened_then, 'ouverte')}."
    if not stopped:
        return f"{when}, rien ne s’arrête si rien n’est fait."
    verb = "s’arrêtent" if len(stopped) > 1 else "s’arrête"
    names = listed(stopped) if len(stopped) <= 3 else spelled(len(stopped), "caméra")
    return f"{when}, {names} {verb} si rien n’est fait."


def _when(asked: Asked) -> str:
    return "maintenant" if asked.at == asked.now else f"le {_said(asked.at)}"


def _said(at: datetime) -> str:
    return wording.second(at) if at.second else wording.instant(at)


def _row(position: Position, facts: Facts, asked: Asked, *, today: bool) -> dict[str, Any]:
    found = {action: findings_at(action, facts, asked.at) for action in ASKED}
    stops = [f for f in found[Action.RECORD] if f.stops]
    states = [state_tag("shut", "Fermée") if any(f.stops for f in found[a]) else state_tag("open") for a in ASKED]
    return {"cells": [position_link(position), *states, _why(stops, asked, today=today)], "current": False}


def _why(stops: list[Finding], asked: Asked, *, today: bool) -> str:
    if not stops:
        return "Toutes les exigences sont satisfaites." if today or not asked.ahead else "S’ouvre d’ici là."
    more = f" Et {spelled(len(stops) - 1, 'autre')}." if len(stops) > 1 else ""
    return f"{'S’arrête d’ici là. ' if today and asked.ahead else ''}{stops[0].reason}{more}"


def _turns(known: list[Facts], asked: Asked, path: str) -> list[dict[str, str]]:
    """Return the change before and the change after, each with its address."""
    before, after = last_change(known, before=asked.at), next_change(known, after=asked.at)
    found = []
    for label, change in (("Changement précédent", before), ("Prochain changement", after)):
        if change is not None:
            local = change.at.astimezone(PARIS)
            address = urlencode({"le": local.date().isoformat(), "heure": f"{local:%H:%M:%S}"})
            found.append(
                {"label": label, "when": _said(change.at), "what": _changes(change), "url": f"{path}?{address}"}
            )
    return found


def _changes(change: Change) -> str:
    parts = [
        f"{listed(codes) if len(codes) <= 4 else spelled(len(codes), 'caméra')} {verbs[len(codes) > 1]}"
        for codes, verbs in ((change.closes, ("s’éteint", "s’éteignent")), (change.opens, ("s’ouvre", "s’ouvrent")))
        if codes
    ]
    return opening(f"{', '.join(parts)}.")


def _journal(asked: Asked, code: str = "") -> str:
    """Return where the journal says what was answered then."""
    if not asked.past:
        return ""
    until = legal_day(asked.at).isoformat()
    sought = {"au": until, "operation": "Porte", **({"position": code} if code else {})}
    return f"{reverse('journal')}?{urlencode(sought)}"


@never_cache
@login_required
@require_GET
def position(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a camera was, is or will be lawful at an instant, and by which findings."""
    place = get_object_or_404(Position.objects.select_related("installation__authority"), code=code)
    standing = demanded(standing_on(request, place.installation), *READERS)
    asked = Asked.of(request, at=now())
    facts = queries.facts_of([place], action=Action.RECORD, at=asked.at, journal_writes=journal.can_write())[place.pk]
    found = findings_at(Action.RECORD, facts, asked.at)
    read = as_read(Action.RECORD, facts, asked.at)
    held, order = read.declaration(asked.at), read.order(asked.at)
    context = {
        "position": place,
        "asked": asked,
        "title": _verdict(place, asked, facts, kept=not any(f.stops for f in found)),
        "lead": _examined(found),
        "actions": [_action(action, facts, asked.at) for action in ASKED],
        "findings": [shown(f, standing, place, read, at=asked.at) for f in found],
        "authorised": order.view if order else None,
        "declared": held.view if held else None,
        "turns": _turns([facts], asked, request.path),
        "journal_url": _journal(asked, place.code),
        "crumbs": [
            {"label": "Accueil", "url": reverse("home")},
            {"label": place.installation.name, "url": reverse("installation", args=[place.installation.code])},
            {"label": place.code, "url": reverse("position", args=[place.code])},
            {"label": "À une autre date", "url": ""},
        ],
    }
    return render(request, "compliance/position_instant.html", context)


def _verdict(place: Position, asked: Asked, facts: Facts, *, kept: bool) -> str:
    when, lawful = _when(asked), is_open(facts, asked.at)
    alone = ", en direct seulement" if lawful and not kept else ""
    if asked.ahead:
        return f"{place.code} {'sera' if lawful else 'ne sera pas'} licite {when}{alone}, si rien n’est fait."
    verb = ("était" if asked.past else "est") if lawful else ("n’était pas" if asked.past else "n’est pas")
    return f"{place.code} {verb} licite {when}{alone}."


def _examined(found: list[Finding]) -> str:
    asked = [f for f in found if f.outcome is not Outcome.NOT_CONCERNED]
    unmet = sum(f.outcome is Outcome.UNMET for f in asked)
    told = f"{opening(spelled(len(asked), 'exigence'))} {many(len(asked), 'examinée')} par la porte"
    if not unmet:
        return f"{told}, toutes satisfaites à cet instant."
    return f"{told} à cet instant, {wording.in_words(unmet, feminine=True)} non {many(unmet, 'satisfaite')}."


def _action(action: Action, facts: Facts, at: datetime) -> dict[str, Any]:
    stops = [f for f in findings_at(action, facts, at) if f.stops]
    kind, value = ("shut", "Fermée") if stops else ("open", "Ouverte")
    source = f"{counted(len(stops), 'exigence')} {many(len(stops), 'manquante')}" if stops else ""
    return NOTHING | {"label": ACTION_LABELS[action].capitalize(), "value": value, "kind": kind, "source": source}
