"""What the public is told of an installation (CSI R253-6): the same facts for the panel and for the page behind it.

No personal name, and no place of a camera beyond the street: the detailed plan is not for publication.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from compliance import queries
from compliance.facts import Facts, Order
from compliance.judge import as_read, retention
from compliance.law.terms import PURPOSES, Action
from compliance.models import Installation, Panel, PanelCheck, Position

PREMISES = "sécurité des personnes et des biens dans un lieu ouvert au public"


def facts_at(positions: Iterable[Position], at: datetime) -> list[Facts]:
    """Return the facts of these positions as the gate reads them at an instant, by code."""
    known = queries.facts_of(positions, action=Action.RECORD, at=at)
    return sorted((as_read(Action.RECORD, facts, at) for facts in known.values()), key=lambda facts: facts.position)


def running(facts: Facts, at: datetime) -> Order | None:
    """Return the order that authorises a position at an instant: suspended or over, it authorises nothing."""
    order = facts.order(at)
    return order if order is not None and order.running(at) else None


def orders(known: Iterable[Facts], at: datetime) -> list[Order]:
    """Return the orders that authorise these positions, the oldest first."""
    found = {order.id: order for facts in known if (order := running(facts, at)) is not None}
    return sorted(found.values(), key=lambda order: (order.signed_on, order.id))


def purposes(known: Iterable[Facts], at: datetime) -> tuple[list[int], bool]:
    """Return the purposes both declared and authorised, by number, and whether premises are filmed as such."""
    numbers: set[int] = set()
    premises = False
    for facts in known:
        order, declared = running(facts, at), facts.declaration(at)
        if order is not None and declared is not None:
            numbers |= declared.purposes & order.purposes
            premises = premises or (declared.premises_purpose and order.premises)
    return sorted(numbers), premises


def in_words(numbers: Sequence[int], *, premises: bool) -> str:
    """Return the purposes in plain words, with their numbers."""
    said = [f"{PURPOSES[n]} ({n}°)" for n in numbers] + ([PREMISES] if premises else [])
    text = " ; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def longest_kept(known: Iterable[Facts], at: datetime) -> int | None:
    """Return the longest retention of these positions, in days."""
    kept = (retention(facts, at) for facts in known if running(facts, at) is not None)
    return max((days for days in kept if days is not None), default=None)


def covered_by(panel: Panel, at: datetime) -> list[Position]:
    """Return the positions that a panel covered when last seen in place."""
    seen = PanelCheck.objects.filter(panel=panel, present=True, checked_on__lte=at).order_by("checked_on", "pk").last()
    return list(seen.positions.order_by("code")) if seen else []


def uncovered(installation: Installation, at: datetime) -> list[Position]:
    """Return the positions that no panel covers: each needs one of its own."""
    seen = PanelCheck.objects.filter(panel__installation=installation, present=True, checked_on__lte=at)
    last = dict(seen.order_by("checked_on", "pk").values_list("panel", "pk"))
    covered = set(
        PanelCheck.positions.through.objects.filter(panelcheck__in=last.values()).values_list("position", flat=True)
    )
    return [p for p in installation.positions.order_by("code") if p.pk not in covered]


def address_of(installation: Installation, panel: str = "") -> str:
    """Return the address of the public page, whole; nothing where the site's public address is not set."""
    if not settings.PUBLIC_URL:
        return ""
    path = reverse("notice", args=[installation.code])
    return f"{settings.PUBLIC_URL}{path}{f'?panneau={quote(panel)}' if panel else ''}"
