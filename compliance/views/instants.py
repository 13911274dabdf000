"""The gate asked at an instant of the reader's choice: what stops if nothing is done, was this camera lawful.

The page answers for the legal date, with everything known today; what was answered then is in the journal, and linked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance import journal, queries
from compliance.facts import Facts
from compliance.instants import ASKED, Change, findings_at, is_open, last_change, next_change
from compliance.judge import as_read
from compliance.law import PARIS, legal_day
from compliance.law.terms import Action
from compliance.models import Position
from compliance.requirements.base import Finding, Outcome
from compliance.templatetags import terms, wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.asked import Asked
from compliance.views.clock import now
from compliance.views.french import as_written, listed, ngettext, opening, sentences
from compliance.views.installation import position_link
from compliance.views.rights import READERS, demanded, opened, standing_on
from compliance.views.shown import shown

BY_PAGE = 50
VERDICTS = {
    ("ahead", "open"): gettext_lazy("{code} sera licite {when}, si rien n’est fait."),
    ("ahead", "live"): gettext_lazy("{code} sera licite {when}, en direct seulement, si rien n’est fait."),
    ("ahead", "shut"): gettext_lazy("{code} ne sera pas licite {when}, si rien n’est fait."),
    ("past", "open"): gettext_lazy("{code} était licite {when}."),
    ("past", "live"): gettext_lazy("{code} était licite {when}, en direct seulement."),
    ("past", "shut"): gettext_lazy("{code} n’était pas licite {when}."),
    ("now", "open"): gettext_lazy("{code} est licite {when}."),
    ("now", "live"): gettext_lazy("{code} est licite {when}, en direct seulement."),
    ("now", "shut"): gettext_lazy("{code} n’est pas licite {when}."),
}
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
        "lead": _opened(sum(then.values()), len(positions)),
        "head": [_("Position"), *(terms.action(a).capitalize() for a in ASKED), _("Pourquoi")],
        "rows": [_row(p, facts[p.pk], asked, today=today[p.pk]) for p in page],
        "page": page,
        "turns": _turns(known, asked, request.path),
        "journal_url": _journal(asked),
        "crumbs": [
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": place.name, "url": reverse("installation", args=[place.code])},
            {"label": _("À une autre date"), "url": ""},
        ],
    }
    return render(request, "compliance/installation_instant.html", context)


def _title(asked: Asked, opened_then: int, stopped: list[str]) -> str:
    when = opening(_when(asked))
    if not asked.ahead:
        words = ngettext("{when}, {count} caméra est ouverte.", "{when}, {count} caméras sont ouvertes.", opened_then)
        if asked.past:
            words = ngettext(
                "{when}, {count} caméra était ouverte.", "{when}, {count} caméras étaient ouvertes.", opened_then
            )
        return words.format(when=when, count=wording.in_words(opened_then, feminine=True))
    if not stopped:
        return _("{when}, rien ne s’arrête si rien n’est fait.").format(when=when)
    words = ngettext(
        "{when}, {names} s’arrête si rien n’est fait.", "{when}, {names} s’arrêtent si rien n’est fait.", len(stopped)
    )
    return words.format(when=when, names=listed(stopped) if len(stopped) <= 3 else _cameras(len(stopped)))


def _opened(count: int, total: int) -> str:
    words = ngettext(
        "{count} caméra ouverte sur {total} à cet instant.",
        "{count} caméras ouvertes sur {total} à cet instant.",
        count,
    )
    said = {"count": wording.in_words(count, feminine=True), "total": wording.in_words(total, feminine=True)}
    return opening(words.format(**said))


def _cameras(count: int) -> str:
    return ngettext("{count} caméra", "{count} caméras", count).format(count=wording.in_words(count, feminine=True))


def _when(asked: Asked) -> str:
    return _("maintenant") if asked.at == asked.now else _("le {day}").format(day=_said(asked.at))


def _said(at: datetime) -> str:
    return wording.second(at) if at.second else wording.instant(at)


def _row(position: Position, facts: Facts, asked: Asked, *, today: bool) -> dict[str, Any]:
    found = {action: findings_at(action, facts, asked.at) for action in ASKED}
    stops = [f for f in found[Action.RECORD] if f.stops]
    states = [state_tag("shut", _("Fermée")) if any(f.stops for f in found[a]) else state_tag("open") for a in ASKED]
    return {"cells": [position_link(position), *states, _why(stops, asked, today=today)], "current": False}


def _why(stops: list[Finding], asked: Asked, *, today: bool) -> str:
    if not stops:
        return _("Toutes les exigences sont satisfaites.") if today or not asked.ahead else _("S’ouvre d’ici là.")
    parts = [_("S’arrête d’ici là.")] if today and asked.ahead else []
    parts.append(as_written(stops[0].reason))
    more = len(stops) - 1
    if more:
        words = ngettext("Et {count} autre.", "Et {count} autres.", more)
        parts.append(words.format(count=wording.in_words(more, feminine=True)))
    return sentences(parts)


def _turns(known: list[Facts], asked: Asked, path: str) -> list[dict[str, str]]:
    """Return the change before and the change after, each with its address."""
    before, after = last_change(known, before=asked.at), next_change(known, after=asked.at)
    found = []
    for label, change in ((_("Changement précédent"), before), (_("Prochain changement"), after)):
        if change is not None:
            local = change.at.astimezone(PARIS)
            address = urlencode({"le": local.date().isoformat(), "heure": f"{local:%H:%M:%S}"})
            found.append(
                {"label": label, "when": _said(change.at), "what": _changes(change), "url": f"{path}?{address}"}
            )
    return found


def _changes(change: Change) -> str:
    parts = []
    if change.closes:
        words = ngettext("{names} s’éteint", "{names} s’éteignent", len(change.closes))
        parts.append(words.format(names=_named(change.closes)))
    if change.opens:
        words = ngettext("{names} s’ouvre", "{names} s’ouvrent", len(change.opens))
        parts.append(words.format(names=_named(change.opens)))
    return opening(f"{', '.join(parts)}.")


def _named(codes: Sequence[str]) -> str:
    return listed(codes) if len(codes) <= 4 else _cameras(len(codes))


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
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": place.installation.name, "url": reverse("installation", args=[place.installation.code])},
            {"label": place.code, "url": reverse("position", args=[place.code])},
            {"label": _("À une autre date"), "url": ""},
        ],
    }
    return render(request, "compliance/position_instant.html", context)


def _verdict(place: Position, asked: Asked, facts: Facts, *, kept: bool) -> str:
    lawful = is_open(facts, asked.at)
    tense = "ahead" if asked.ahead else "past" if asked.past else "now"
    words = VERDICTS[tense, "shut" if not lawful else "open" if kept else "live"]
    return str(words).format(code=place.code, when=_when(asked))


def _examined(found: list[Finding]) -> str:
    asked = [f for f in found if f.outcome is not Outcome.NOT_CONCERNED]
    unmet = sum(f.outcome is Outcome.UNMET for f in asked)
    count = wording.in_words(len(asked), feminine=True)
    if not unmet:
        words = ngettext(
            "{count} exigence examinée par la porte, toutes satisfaites à cet instant.",
            "{count} exigences examinées par la porte, toutes satisfaites à cet instant.",
            len(asked),
        )
        return opening(words.format(count=count))
    words = ngettext(
        "{count} exigence examinée par la porte à cet instant",
        "{count} exigences examinées par la porte à cet instant",
        len(asked),
    )
    missed = ngettext("{examined}, {count} non satisfaite.", "{examined}, {count} non satisfaites.", unmet)
    return opening(missed.format(examined=words.format(count=count), count=wording.in_words(unmet, feminine=True)))


def _action(action: Action, facts: Facts, at: datetime) -> dict[str, Any]:
    stops = [f for f in findings_at(action, facts, at) if f.stops]
    kind, value = ("shut", _("Fermée")) if stops else ("open", _("Ouverte"))
    source = ""
    if stops:
        words = ngettext("{count} exigence manquante", "{count} exigences manquantes", len(stops))
        source = words.format(count=wording.grouped(len(stops)))
    return NOTHING | {"label": terms.action(action).capitalize(), "value": value, "kind": kind, "source": source}
