"""The hour held for right: kept each round, doubted aloud, confirmed by a human. In doubt, nothing is erased.

Erasing nothing is erasing that fails (R-47): the gate is told, and nothing is recorded under an hour that may be false.
"""

import os
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from compliance import gate, journal
from compliance.events import System
from compliance.gate import Seen
from recording import actions, queries
from recording.models import Segment
from recording.wall import TOLERANCE, Against, Doubt, Reading, doubt, in_words, sure

RIGHT = "compliance.manage_cameras"
DETAIL = "l’heure de la machine est en doute"
# An account of compliance, or the console.
By = Any


def ask(now: Reading, *, synchronised: bool) -> Doubt | None:
    """Return why the wall clock may not be believed at a reading, from what was last held for right."""
    since = now.at - timedelta(seconds=now.up)
    return doubt(queries.last_reading(), now, synchronised=synchronised, cameras=queries.camera_clocks(since=since))


def trust(now: Reading) -> None:
    """Keep a reading as right. A doubt that is over is journaled; the gate hears of it when erasure works again."""
    with transaction.atomic():
        if queries.doubt_told() is not None:
            journal.record("recording.clock.agreed", at=now.at, by=System.KEEPER)
        _keep(now)


def hold(found: Doubt, *, now: Reading) -> None:
    """Say that the clock is in doubt: once in the journal and to the gate, each round in the keeper's heartbeat."""
    last = queries.last_reading()
    at = sure(last, now) if last is not None else now.at
    said = {"against": found.against, "ahead": round(found.ahead.total_seconds()), "since": at.isoformat()}
    with transaction.atomic():
        if last is not None and queries.heartbeat(queries.CLOCK) is None:
            _keep(last)  # an older product had no such row: the beat below must not stand for it
        before = queries.doubt_told()
        if before is None:
            journal.record("recording.clock.doubted", at=at, by=System.KEEPER, clock=in_words(found))
            for position in queries.positions_recorded():
                gate.observe(position, kind=Seen.ERASURE_FAILED, at=at, by=System.KEEPER, detail=DETAIL, conforms=False)
        else:
            said["since"] = before["since"]
        actions.beat(queries.KEEPER, at=now.at, detail={"pid": os.getpid(), "doubt": said})


def told() -> Doubt | None:
    """Return the doubt that the keeper told last."""
    said = queries.doubt_told()
    return Doubt(Against(said["against"]), timedelta(seconds=said["ahead"])) if said else None


def confirm(now: Reading, *, by: By) -> None:
    """Hold the wall clock for right because a human says so: what is due at that hour goes at the next round.

    Raises PermissionDenied without `manage_cameras` on every installation: they share one machine and one clock.
    """
    installations = queries.installations()
    if not isinstance(by, System) and not all(by.is_active and by.has_perm(RIGHT, place) for place in installations):
        raise PermissionDenied(_("Cet acte demande le droit « manage_cameras » sur chaque installation."))
    found = told()
    due = queries.due(at=now.at).count()
    with transaction.atomic():
        for place in installations:
            journal.record(
                "clock.confirmed",
                at=now.at,
                by=by,
                installation=place,
                clock=in_words(found) if found else "aucun écart",
                segments=due,
            )
        _keep(now)
        gate.beat()


def _keep(now: Reading) -> None:
    actions.beat(queries.CLOCK, at=now.at, detail={"boot": now.boot, "up": now.up})


def shorten_future(*, at: datetime) -> int:
    """Give to what a clock set forward dated in the future the term of what is born now; return how many there were.

    It was recorded at the latest now: its true end is no later. A term may be shortened, never extended. Each is
    brought back once: the same step taken at every round would eat the term away.
    """
    born = list(queries.born_in_the_future(at=at + TOLERANCE))
    for segment in born:
        segment.erase_at, segment.shortened_at = at + (segment.erase_at - segment.since), at
    return Segment.objects.bulk_update(born, ["erase_at", "shortened_at"])
