"""Reads the whole journal again and says whether it is intact, and if not where it first goes wrong.

It needs no trigger and no trust in them, keeps one entry in memory, and takes no lock: entries may be added meanwhile.
It cannot see a tail cut together with the head, nor an older copy put back: only what was printed or sent outside
tells those (anchors, later).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import Error
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from compliance.journal import chain
from compliance.journal.writer import HEAD
from compliance.models.journal import Body, Entry, Head, Verification

CHUNK: Final = 2000
KEPT: Final = 500
_FIRST: Final = -(2**63)
_COLUMNS: Final = (
    *("seq", "previous", "hash", "at", "event", "term", "commitment"),
    *("body__entry", "body__salt", "body__payload"),
    *("body__actor", "body__actor_name", "body__installation", "body__position"),
)
_UNREADABLE: Final = (AttributeError, TypeError, ValueError, OverflowError, Error)


class Kind(StrEnum):
    """What can be wrong with a journal."""

    GAP = "gap"
    DUPLICATE = "duplicate"
    BROKEN_CHAIN = "broken_chain"
    ALTERED_ENTRY = "altered_entry"
    ALTERED_BODY = "altered_body"
    MISSING_BODY = "missing_body"
    STRAY_BODY = "stray_body"
    HEAD_MISMATCH = "head_mismatch"

    @property
    def words(self) -> str:
        """Return it in French; a page translates it."""
        return _WORDS[self]


_WORDS: Final = {
    Kind.GAP: gettext_noop("entrée retirée"),
    Kind.DUPLICATE: gettext_noop("entrée en double ou hors de la suite"),
    Kind.BROKEN_CHAIN: gettext_noop("entrée qui ne suit pas la précédente"),
    Kind.ALTERED_ENTRY: gettext_noop("entrée changée"),
    Kind.ALTERED_BODY: gettext_noop("contenu changé"),
    Kind.MISSING_BODY: gettext_noop("contenu effacé avant son terme"),
    Kind.STRAY_BODY: gettext_noop("contenu sans entrée"),
    Kind.HEAD_MISMATCH: gettext_noop("fin du journal retirée, ajoutée ou remplacée"),
}


@dataclass(frozen=True)
class Report:
    """What a verification found. `first_bad` is the number of the first entry that is missing or wrong."""

    at: datetime
    entries: int
    first_bad: int | None = None
    kind: Kind | None = None

    @property
    def intact(self) -> bool:
        """Say whether nothing was changed, removed nor added."""
        return self.kind is None


class _Row(NamedTuple):
    seq: Any
    previous: Any
    hash: Any
    at: Any
    event: Any
    term: Any
    commitment: Any
    body: Any
    salt: Any
    payload: Any
    actor: Any
    actor_name: Any
    installation: Any
    position: Any


def verify(*, at: datetime) -> Report:
    """Verify every entry, as of `at` (a body may be gone from its term on), and return what was found.

    Raises Django's database errors when the journal cannot be read at all.
    """
    # An entry and its head are committed together: the head read before the entries is among them, and the head read
    # after them is theirs or a later one.
    before = _head()
    count, seq, digest = 0, 0, chain.GENESIS
    for row in _rows():
        if isinstance(row, int):
            return Report(at, count, row, Kind.ALTERED_ENTRY)
        if row.seq != seq + 1:
            gap = row.seq > seq + 1
            return Report(at, count, seq + 1 if gap else row.seq, Kind.GAP if gap else Kind.DUPLICATE)
        if kind := _wrong(row, previous=digest, at=at):
            return Report(at, count, row.seq, kind)
        if before and row.seq == before[0] and row.hash != before[1]:
            return Report(at, count, row.seq, Kind.HEAD_MISMATCH)
        count, seq, digest = count + 1, row.seq, row.hash
    if (bad := _wrong_head(before, _head(), seq=seq, digest=digest)) is not None:
        return Report(at, count, bad, Kind.HEAD_MISMATCH)
    if (stray := _stray_body(seq)) is not None:
        return Report(at, count, stray, Kind.STRAY_BODY)
    return Report(at, count)


def remember(report: Report) -> Verification:
    """Keep `report` for the pages that say when the journal was last verified; the oldest reports go."""
    kept = Verification.objects.create(
        at=report.at,
        entries=report.entries,
        intact=report.intact,
        first_bad=report.first_bad,
        kind=report.kind or "",
    )
    Verification.objects.filter(pk__lte=kept.pk - KEPT).delete()
    return kept


def _rows() -> Iterator[_Row | int]:
    """Yield each entry with its body, or the number of the first one whose columns no longer hold what they should."""
    read = _FIRST
    rows = Entry.objects.order_by("seq").values_list(*_COLUMNS)
    try:
        for row in rows.iterator(chunk_size=CHUNK):
            yield _Row(*row)
            read = row[0]
    except _UNREADABLE:
        # One column somewhere after `read` does not convert: find which. A database that is down raises again here.
        for seq in list(Entry.objects.filter(seq__gt=read).order_by("seq").values_list("seq", flat=True)[: CHUNK + 1]):
            try:
                again = [_Row(*row) for row in rows.filter(seq=seq)]
            except _UNREADABLE:
                yield seq
                return
            yield from again
        raise


def _wrong(row: _Row, *, previous: str, at: datetime) -> Kind | None:
    if row.previous != previous:
        return Kind.BROKEN_CHAIN
    try:
        leaf = chain.leaf(row.seq, at=row.at, event=row.event, term=row.term, commitment=row.commitment)
    except _UNREADABLE:
        return Kind.ALTERED_ENTRY
    if row.hash != chain.entry_hash(previous, leaf):
        return Kind.ALTERED_ENTRY
    if row.body is None:
        return Kind.MISSING_BODY if at < row.term else None
    return None if _body_holds(row) else Kind.ALTERED_BODY


def _body_holds(row: _Row) -> bool:
    try:
        if chain.commitment(bytes(row.salt), row.payload) != row.commitment:
            return False
        told = json.loads(row.payload)
        columns = (told["actor"], told["actor_name"], told["installation"], told["position"])
    except (*_UNREADABLE, KeyError):
        return False
    return columns == (row.actor, row.actor_name, row.installation, row.position)


def _head() -> tuple[int, str] | None:
    row = Head.objects.filter(pk=HEAD).values_list("seq", "hash").first()
    return row if row and isinstance(row[0], int) else None


def _wrong_head(before: tuple[int, str] | None, after: tuple[int, str] | None, *, seq: int, digest: str) -> int | None:
    """Return the first entry that the head denies: missing after the last one read, or there beyond the head."""
    if before is None or after is None or before[0] > seq:
        return seq + 1
    if after[0] < seq:
        return after[0] + 1
    return seq if after[0] == seq and after[1] != digest else None


def _stray_body(seq: int) -> int | None:
    outside = Body.objects.filter(Q(entry__lt=1) | Q(entry__gt=seq))
    of_nobody = outside.filter(~Exists(Entry.objects.filter(seq=OuterRef("entry"))))
    return of_nobody.order_by("entry").values_list("entry", flat=True).first()
