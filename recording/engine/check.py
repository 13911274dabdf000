"""Compares rows and files: the three invariants of the recordings. It reads, and repairs nothing.

1. A segment's row says a file of that size and fingerprint. 2. Every file is a segment, or newer than the last index.
3. No segment outlives its end by more than one keeper's round.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from recording import queries
from recording.engine.purge import unindexed
from recording.models import Segment

WHOLE: Final = (Segment.State.CLOSED, Segment.State.RECOVERED)
# A file younger than that may still wait for its row: the recorder writes each second, or when the database is back.
INDEXED_WITHIN: Final = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken invariant: its number, the file's path relative to the recordings, and what is wrong in French."""

    invariant: int
    path: str
    words: str


def faults(home: Path, *, at: datetime, round_seconds: float) -> Iterator[Fault]:
    """Yield every broken invariant as of `at`."""
    folder = queries.recordings_folder(home)
    rows = list(Segment.objects.order_by("path"))
    for row in rows:
        if row.state != Segment.State.GARBAGE and (words := _file_fault(folder / row.path, row)):
            yield Fault(1, row.path, words)
    for path in unindexed(folder, known=[row.path for row in rows]):
        written = datetime.fromtimestamp((folder / path).stat().st_mtime, UTC)
        if at - written > INDEXED_WITHIN:
            yield Fault(2, path.as_posix(), "fichier qu’aucune séquence ne nomme")
    for row in rows:
        if at - row.erase_at > timedelta(seconds=round_seconds):
            yield Fault(3, row.path, f"devait être effacée le {row.erase_at:%d/%m/%Y à %H:%M:%S} UTC")


def _file_fault(path: Path, row: Segment) -> str:
    if not path.is_file():
        return "le fichier manque"
    if row.state not in WHOLE:
        return ""
    if path.stat().st_size != row.size:
        return f"le fichier fait {path.stat().st_size} octets, {row.size} sont inscrits"
    with path.open("rb") as file:
        return "" if hashlib.file_digest(file, "sha256").hexdigest() == row.sha256 else "l’empreinte a changé"
