"""The installation: its legal life, its positions. `instants` asks at another date."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law.terms import PLACE_LABELS, PlaceKind
from compliance.models import Declaration, Installation, Position
from compliance.templatetags import wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.asked import Asked
from compliance.views.clock import now
from compliance.views.french import counted, spelled
from compliance.views.life import tasks
from compliance.views.lists import PER_PAGE, listing
from compliance.views.rights import READERS, Standing, opened, reading
from compliance.views.states import State, states_of

HEAD = ["Position", "État", "Pourquoi"]


@never_cache
@login_required
@require_GET
def installation(request: HttpRequest, code: str) -> HttpResponse:
    """Show the legal life as a task list, and the positions with their state."""
    at = now()
    standing = opened(request, code, *READERS)
    place = standing.installation
    found = states_of(place, at=at)
    steps = tasks(place, found, rights=standing.rights, at=at)
    followed = [t for t in steps if t.kind != "ok"]
    context = {
        "installation": place,
        "lead": _lead(place, found),
        "tasks": steps,
        "count": _count(len(steps) - len(followed), len(followed)),
        "head": HEAD,
        "rows": rows(_first(found)),
        "folded": _folded(found),
        "acts": _acts(standing),
        "asked": Asked.of(request, at=at),
        "crumbs": [{"label": "Accueil", "url": reverse("home")}, {"label": place.name, "url": ""}],
    }
    return render(request, "compliance/installation.html", context)


@never_cache
@login_required
@require_GET
def positions(request: HttpRequest) -> HttpResponse:
    """List every position that the account may read, dark ones first."""
    at = now()
    found = [s for standing in reading(request) for s in states_of(standing.installation, at=at)]
    page = listing(request, sorted(found, key=lambda s: s.open), text=lambda s: str(s.position))
    context = {
        "title": f"{opened_of(found).capitalize()}.",
        "head": HEAD,
        "list": page,
        "rows": rows(page.shown),
        "at": at,
        "crumbs": [{"label": "Accueil", "url": reverse("home")}, {"label": "Caméras", "url": ""}],
    }
    return render(request, "compliance/positions.html", context)


def rows(found: Sequence[State]) -> list[dict[str, Any]]:
    """Return the lines of the table of positions."""
    return [{"cells": [position_link(s.position), state_tag(s.kind, s.word), _why(s)], "current": False} for s in found]


def _first(found: Sequence[State]) -> list[State]:
    """Return all of a short list, in its order; of a long one the first, dark ones before."""
    return list(found) if len(found) <= PER_PAGE else sorted(found, key=lambda s: s.open)[:PER_PAGE]


def _folded(found: Sequence[State]) -> str:
    """Say that a long list is not shown whole."""
    if len(found) <= PER_PAGE:
        return ""
    return f"{PER_PAGE} positions sur {wording.grouped(len(found))}, celles qui sont éteintes d’abord."


def opened_of(found: Sequence[State]) -> str:
    """« cinq caméras ouvertes sur huit »."""
    count = sum(s.open for s in found)
    return f"{spelled(count, 'caméra', 'ouverte')} sur {wording.in_words(len(found), feminine=True)}"


def position_link(place: Position) -> SafeString:
    """Return a position's code, linked, and where it stands."""
    link = reverse("position", args=[place.code])
    return format_html('<a href="{}" class="code">{}</a>, {}', link, place.code, wording.sentence(place.address))


def _why(state: State) -> str:
    if state.open and not state.live_only:
        return "Toutes les exigences sont satisfaites."
    never = " Jamais enregistrée." if state.live_only else " Jamais ouverte."
    since = f" Depuis le {wording.day_in_full(state.since)}." if state.since else never
    more = len(state.unmet) - 1
    others = f" Et {spelled(more, 'autre')}." if more else ""
    return f"{'Rien n’est enregistré. ' if state.live_only else ''}{state.reason}{others}{since}"


def _count(held: int, followed: int) -> str:
    return f"{counted(held, 'étape')} en vigueur, {followed} à suivre"


def _lead(place: Installation, found: list[State]) -> str:
    rows = Declaration.objects.filter(position__installation=place).order_by("since")
    last = {position: held for position, *held in rows.values_list("position_id", "kind", "purposes")}
    kinds = {PLACE_LABELS[PlaceKind(kind)] for kind, _ in last.values()}
    purposes = sorted({n for _, purposes in last.values() for n in purposes})
    where = f" : {', '.join(sorted(kinds))}" if kinds else ""
    aims = f", finalités {', '.join(f'{n}°' for n in purposes)}" if purposes else ""
    return (
        f"{spelled(len(found), 'position').capitalize()}{where}{aims}. "
        f"Responsable : la commune de {place.authority.name}, représentée par son maire."
    )


def _acts(standing: Standing) -> list[dict[str, str]]:
    """Return the acts of the reader's office."""
    code = standing.installation.code
    return [
        {"label": str(page.title), "url": reverse("act", args=[code, page.slug])}
        for page in ACTS.values()
        if page.opens_to(standing.rights)
    ]
