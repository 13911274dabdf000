"""What has changed: the fields corrected while they were drafts, and what each declaration changed of a position.

Convenience for readers: the journal is the proof. Two sources, one list, newest first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
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

from compliance.actions.correction import LABELS
from compliance.law.terms import PlaceKind
from compliance.models import Account, Authority, Declaration, Installation, Panel, Position
from compliance.templatetags import terms, wording
from compliance.views.french import ngettext, opening
from compliance.views.rights import READERS, opened

MOST = 200
HEAD = [
    gettext_lazy("De quoi"),
    gettext_lazy("Champ"),
    gettext_lazy("Avant → après"),
    gettext_lazy("Saisi le"),
    gettext_lazy("Par qui, pourquoi"),
]
DECLARED = {
    "kind": gettext_lazy("lieu"),
    "justification": gettext_lazy("qualification"),
    "purposes": gettext_lazy("finalités"),
    "premises_purpose": gettext_lazy("finalité du lieu ouvert au public"),
    "necessity": gettext_lazy("note de nécessité"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "azimuth": gettext_lazy("azimut"),
    "angle": gettext_lazy("ouverture"),
    "range_m": gettext_lazy("portée"),
    "retention_days": gettext_lazy("conservation demandée"),
}
UNITS = {"azimuth": "°", "angle": "°", "range_m": " m", "latitude": "°", "longitude": "°"}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed: of what, from what to what, entered when and by whom, and why."""

    at: datetime
    what: str
    field: str
    before: str
    after: str
    who: str
    reason: str = ""
    url: str = ""


@never_cache
@login_required
@require_GET
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """List what has changed of an installation, newest first."""
    place = opened(request, code, *READERS).installation
    found = changes_of(place)
    more = len(found) - MOST
    context = {
        "installation": place,
        "title": _title(len(found)),
        "head": HEAD,
        "rows": [{"cells": cells(change), "current": False} for change in found[:MOST]],
        "more": _more(more) if more > 0 else "",
        "crumbs": [
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": place.name, "url": reverse("installation", args=[place.code])},
            {"label": _("Ce qui a changé"), "url": ""},
        ],
    }
    return render(request, "compliance/changes.html", context)


def _title(count: int) -> str:
    if not count:
        return _("Rien n’a changé.")
    words = ngettext("{count} changement.", "{count} changements.", count)
    return opening(words.format(count=wording.in_words(count)))


def _more(count: int) -> str:
    words = ngettext("Et {count} changement plus ancien.", "Et {count} changements plus anciens.", count)
    return words.format(count=wording.in_words(count))


def cells(change: Change) -> list[Any]:
    """Return the line of the table."""
    what = format_html('<a href="{}">{}</a>', change.url, change.what) if change.url else change.what
    why = f"{change.who}. {change.reason}" if change.reason else change.who
    return [what, change.field.capitalize(), f"{change.before} → {change.after}", wording.instant(change.at), why]


def changes_of(place: Installation, *, position: Position | None = None) -> list[Change]:
    """Return the changes of an installation, or of one of its positions, newest first."""
    positions = [position] if position is not None else list(place.positions.order_by("code"))
    names: dict[int, str] = dict(Account.objects.values_list("pk", "person__function"))
    found = [*_declared(positions), *_corrected(Position, positions, names)]
    if position is None:
        found += _corrected(Panel, list(place.panels.order_by("code")), names)
        found += _corrected(Authority, [place.authority], names)
    return sorted(found, key=lambda change: change.at, reverse=True)


def _corrected(kind: Any, rows: Sequence[Any], names: dict[int, str]) -> Iterator[Change]:
    """Yield what the library's history says of rows, field by field, in one query."""
    held = {row.pk: row for row in rows}
    lines: dict[int, list[Any]] = {}
    for line in kind.history.filter(id__in=held).order_by("history_date", "history_id"):
        lines.setdefault(line.id, []).append(line)
    for key, told in lines.items():
        for old, new in pairwise(told):
            for delta in new.diff_against(old).changes:
                yield Change(
                    at=new.history_date,
                    what=_name(held[key]),
                    field=str(LABELS.get(delta.field, delta.field)),
                    before=str(delta.old) or _("rien"),
                    after=str(delta.new) or _("rien"),
                    who=names.get(new.history_user_id or 0, _("Console")),
                    reason=new.history_change_reason or "",
                    url=_page(held[key]),
                )


def _declared(positions: Iterable[Position]) -> Iterator[Change]:
    """Yield what each declaration changed of the one before it."""
    held = {position.pk: position for position in positions}
    rows: dict[int, list[Declaration]] = {}
    asked = Declaration.objects.filter(position__in=held).select_related("recorded_by__person")
    for row in asked.order_by("since"):
        rows.setdefault(row.position_id, []).append(row)
    for key, told in rows.items():
        for old, new in pairwise(told):
            for field, label in DECLARED.items():
                before, after = getattr(old, field), getattr(new, field)
                if before != after:
                    yield Change(
                        at=new.recorded_at,
                        what=_name(held[key]),
                        field=str(label),
                        before=_words(field, before),
                        after=_words(field, after),
                        who=str(new.recorded_by) if new.recorded_by else _("Console"),
                        reason=new.reason,
                        url=_page(held[key]),
                    )


def _name(row: Any) -> str:
    if isinstance(row, Position):
        return _("Position {code}").format(code=row.code)
    return _("Panneau {code}").format(code=row.code) if isinstance(row, Panel) else _("Commune")


def _page(row: Any) -> str:
    return reverse("position", args=[row.code]) if isinstance(row, Position) else ""


def _words(field: str, value: Any) -> str:
    match value:
        case None | "" | []:
            return _("rien")
        case bool():
            return _("oui") if value else _("non")
        case list():
            return ", ".join(f"{n}°" for n in value)
        case float() | int():
            if field == "retention_days":
                return _("{days} jours").format(days=f"{value:g}")
            return f"{value:g}{UNITS.get(field, '')}"
    return terms.place(PlaceKind(value)) if field == "kind" else str(value)
