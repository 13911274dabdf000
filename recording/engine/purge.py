"""Erases what must no longer exist: the one job that no authorisation, no lapse and no dead recorder may stop.

Row to garbage, file unlinked, folder synced, row gone and journaled; then the keys of past hours that nothing needs any
more. A step that fails is said and tried again at the next round: an error here is an error, never ignored.
"""

import contextlib
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from django.db import transaction

from recording import actions, hours, queries
from recording.engine.folders import sync_folder
from recording.engine.keys import HourKey, KeyStaysInLog, KeyStore
from recording.models import Segment
from recording.terms import Terms
from recording.troubles import refusal
from recording.wall import Reading, in_words

log = logging.getLogger(__name__)
BATCH: Final = 500
# A segment may wait that long for its row: a lease lasts a quarter of an hour without a database.
INDEXED_WITHIN: Final = timedelta(hours=1)
TERM: Final = "durée de conservation atteinte"


@dataclass
class Round:
    """What one round did. `kept` holds, by position, the segments that resist, and why."""

    segments: int = 0
    bytes: int = 0
    keys: int = 0
    kept: dict[int, tuple[list[Segment], str]] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        """How many segments outlive their end."""
        return sum(len(segments) for segments, _ in self.kept.values())


class Keeper:
    """Erases round after round. The gate is told once that erasure fails at a position, once that it works again."""

    def __init__(self, *, home: Path) -> None:
        self._folder = queries.recordings_folder(home)
        self._keys = KeyStore(home)
        self._terms = Terms()

    def turn(self, *, now: Reading, synchronised: bool) -> Round:
        """Erase what is due at the wall clock, unless it is in doubt: then say so, and erase nothing."""
        doubted = hours.ask(now, synchronised=synchronised)
        if doubted is not None:
            log.error("horloge en doute : %s ; rien n’est effacé", in_words(doubted))
            hours.hold(doubted, now=now)
            return Round()
        hours.trust(now)
        return self.round(at=now.at)

    def round(self, *, at: datetime) -> Round:
        """Erase everything whose end has come at `at`. Raises the database's errors only."""
        done = Round()
        if shortened := hours.shorten_future(at=at):
            log.warning("%d séquences datées du futur : leur terme est ramené", shortened)
        if brought := self._terms.bring_back(at=at):
            log.warning("%d séquences : leur fin est ramenée à la conservation en vigueur", brought)
        for _, group in groupby(queries.due(at=at), key=lambda segment: segment.camera_id):
            segments = list(group)
            for start in range(0, len(segments), BATCH):
                self._erase(segments[start : start + BATCH], at=at, done=done)
        self._tell(at=at, done=done)
        self._destroy_keys(at=at, done=done)
        with transaction.atomic():
            detail = {"segments": done.segments, "bytes": done.bytes, "failures": done.failures, "keys": done.keys}
            actions.beat(queries.KEEPER, at=at, detail={**detail, "pid": os.getpid()})
        return done

    def _erase(self, segments: list[Segment], *, at: datetime, done: Round) -> None:
        """Erase some segments of one camera."""
        with transaction.atomic():
            actions.condemn(segments)
        gone, kept, reason = self._unlink(segments)
        if gone:
            with transaction.atomic():
                actions.note_erased(gone, reason=TERM, at=at)
        if kept:
            before, _ = done.kept.get(kept[0].position_id, ([], ""))
            done.kept[kept[0].position_id] = ([*before, *kept], reason)
        done.segments += len(gone)
        done.bytes += sum(segment.size for segment in gone)

    def _tell(self, *, at: datetime, done: Round) -> None:
        """Tell the gate where erasure has just failed, and where it works again."""
        failing = queries.positions_failing_to_erase(at=at)
        for position, (kept, reason) in done.kept.items():
            if position not in failing:
                with transaction.atomic():
                    actions.note_erasure_failed(kept, reason=reason, at=at)
        for pk, restored in failing.items():
            if pk not in done.kept:
                with transaction.atomic():
                    actions.note_erasure_restored(restored, at=at)

    def _unlink(self, segments: list[Segment]) -> tuple[list[Segment], list[Segment], str]:
        """Unlink files and sync their folders; return what is surely gone, what is not, and why."""
        gone: list[Segment] = []
        kept: list[Segment] = []
        reason = ""
        for folder, group in groupby(segments, key=lambda segment: (self._folder / segment.path).parent):
            unlinked = []
            for segment in group:
                try:
                    (self._folder / segment.path).unlink(missing_ok=True)
                    unlinked.append(segment)
                except OSError as fault:
                    kept.append(segment)
                    reason = refusal(fault)
            try:
                tidy(folder)
                gone += unlinked
            except OSError as fault:
                kept += unlinked
                reason = refusal(fault)
        if kept:
            log.error("effacement impossible de %d séquences (%s)", len(kept), reason)
        return gone, kept, reason

    def _destroy_keys(self, *, at: datetime, done: Round) -> None:
        """Destroy the keys of whole past hours that no segment needs: what they sealed is then unreadable anywhere."""
        past = self._keys.hours_before(at - INDEXED_WITHIN)
        in_use = queries.keys_in_use() if past else set()
        useless = [key.key_id for key in past if key.key_id not in in_use and not self._holds_files(key)]
        if not useless:
            return
        try:
            self._keys.destroy_all(useless)
        except KeyStaysInLog:
            log.warning("%d clés retirées ; leur journal sera vidé au prochain tour", len(useless))
        done.keys = len(useless)

    def _holds_files(self, key: HourKey) -> bool:
        """True while files of that camera and hour wait for a recorder to index them again."""
        folder = self._folder / str(key.camera) / f"{key.hour:%Y-%m-%d}" / f"{key.hour:%H}"
        return folder.exists() and any(folder.iterdir())


def tidy(folder: Path) -> None:
    """Make a folder's unlinks durable, then drop it if nothing is left in it, and its day likewise."""
    if not folder.exists():
        return
    sync_folder(folder)
    with contextlib.suppress(OSError):  # not empty: that is the usual case
        folder.rmdir()
        folder.parent.rmdir()


def unindexed(folder: Path, *, known: Iterable[str], since: datetime | None = None, camera: str = "*") -> list[Path]:
    """Return the segment files that no row names, relative to the recordings' folder; `since` skips older days."""
    named = set(known)
    oldest = f"{since.astimezone(UTC):%Y-%m-%d}" if since is not None else ""
    days = sorted(day for day in folder.glob(f"{camera}/*") if day.name >= oldest)
    found = [path.relative_to(folder) for day in days for path in sorted(day.rglob("*.seg"))]
    return [path for path in found if path.as_posix() not in named]
