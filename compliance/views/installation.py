"""The installation: its legal life, its positions. `instants` asks at another date."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law.terms import PlaceKind
from compliance.models import Declaration, Installation, Position
from compliance.templatetags import terms, wording
from compliance.templatetags.claire import state as state_tag
from compliance.views.asked import Asked
from compliance.views.clock import now
from compliance.views.french import as_written, ngettext, opening, sentences
from compliance.views.life import tasks
from compliance.views.lists import PER_PAGE, listing
from compliance.views.rights import READERS, Standing, opened, reading
from compliance.views.states import State, states_of

HEAD = [gettext_lazy("Position"), gettext_lazy("État"), gettext_lazy("Pourquoi")]


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
        "crumbs": [{"label": _("Accueil"), "url": reverse("home")}, {"label": place.name, "url": ""}],
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
        "title": f"{opening(opened_of(found))}.",
        "head": HEAD,
        "list": page,
        "rows": rows(page.shown),
        "at": at,
        "crumbs": [{"label": _("Accueil"), "url": reverse("home")}, {"label": _("Caméras"), "url": ""}],
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
    words = _("{shown} positions sur {total}, celles qui sont éteintes d’abord.")
    return words.format(shown=PER_PAGE, total=wording.grouped(len(found)))


def opened_of(found: Sequence[State]) -> str:
    """« cinq caméras ouvertes sur huit »."""
    count = sum(s.open for s in found)
    words = ngettext("{count} caméra ouverte sur {total}", "{count} caméras ouvertes sur {total}", count)
    return words.format(count=wording.in_words(count, feminine=True), total=wording.in_words(len(found), feminine=True))


def position_link(place: Position) -> SafeString:
    """Return a position's code, linked, and where it stands."""
    link = reverse("position", args=[place.code])
    return format_html('<a href="{}" class="code">{}</a>, {}', link, place.code, wording.sentence(place.address))


def _why(state: State) -> str:
    if state.open and not state.live_only:
        return _("Toutes les exigences sont satisfaites.")
    parts = [_("Rien n’est enregistré.")] if state.live_only else []
    parts.append(as_written(state.reason))
    more = len(state.unmet) - 1
    if more:
        words = ngettext("Et {count} autre.", "Et {count} autres.", more)
        parts.append(words.format(count=wording.in_words(more, feminine=True)))
    if state.since:
        parts.append(_("Depuis le {day}.").format(day=wording.day_in_full(state.since)))
    else:
        parts.append(_("Jamais enregistrée.") if state.live_only else _("Jamais ouverte."))
    return sentences(parts)


def _count(held: int, followed: int) -> str:
    words = ngettext(
        "{count} étape en vigueur, {followed} à suivre", "{count} étapes en vigueur, {followed} à suivre", held
    )
    return words.format(count=wording.grouped(held), followed=followed)


def _lead(place: Installation, found: list[State]) -> str:
    rows = Declaration.objects.filter(position__installation=place).order_by("since")
    last = {position: held for position, *held in rows.values_list("position_id", "kind", "purposes")}
    kinds = ", ".join(sorted({terms.place(PlaceKind(kind)) for kind, _purposes in last.values()}))
    purposes = ", ".join(f"{n}°" for n in sorted({n for _kind, aims in last.values() for n in aims}))
    count = len(found)
    if kinds and purposes:
        words = ngettext(
            "{count} position : {kinds}, finalités {purposes}.",
            "{count} positions : {kinds}, finalités {purposes}.",
            count,
        )
    elif kinds:
        words = ngettext("{count} position : {kinds}.", "{count} positions : {kinds}.", count)
    else:
        words = ngettext("{count} position.", "{count} positions.", count)
    said = words.format(count=wording.in_words(count, feminine=True), kinds=kinds, purposes=purposes)
    who = _("Responsable : la commune de {commune}, représentée par son maire.").format(commune=place.authority.name)
    return f"{opening(said)} {who}"


def _acts(standing: Standing) -> list[dict[str, str]]:
    """Return the acts of the reader's office."""
    code = standing.installation.code
    return [
        {"label": str(page.title), "url": reverse("act", args=[code, page.slug])}
        for page in ACTS.values()
        if page.opens_to(standing.rights)
    ]
