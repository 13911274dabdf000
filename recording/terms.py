"""Brings back the ends of images when the retention that held over them turns out shorter than they were born with.

An order typed too long and then corrected, a declaration voided: an end may be shortened, never lengthened. Where no
order at all is known any more, no image is shown, and the end that each was born with stands: a month at most.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from compliance import gate
from recording import actions, queries
from recording.models import Segment

# Some seconds of a round, so that a first look at a month of images does not hold erasure back: the rest comes next.
MOST: Final = 200_000
Kept = tuple[tuple[datetime, int | None], ...]


def allowed(kept: Kept, at: datetime) -> tuple[datetime | None, int | None]:
    """Return the days kept of what is recorded at an instant, and the latest lawful end; neither when none is known."""
    index = bisect_right(kept, at, key=lambda held: held[0])
    days = kept[index - 1][1] if index else None
    return (gate.erase_at(at, days), days) if days is not None else (None, None)


class Terms:
    """Remembers what it looked at: a round that nothing moved reads the pulse and the segments indexed since."""

    def __init__(self) -> None:
        self._beat: int | None = None
        self._kept: dict[int, Kept] = {}
        self._to_read: set[int] = set()
        self._read: int | None = None

    def bring_back(self, *, at: datetime) -> int:
        """Bring back the ends that are too late; return how many there were. Raises the database's errors."""
        beat, last = gate.pulse(), queries.last_segment()
        if beat != self._beat:
            kept = gate.retentions(queries.positions_with_a_camera())
            self._to_read |= {position for position in kept if kept[position] != self._kept.get(position)}
            self._kept, self._beat = kept, beat
        done = self._newly_indexed(last, at=at)
        seen = 0
        for position in sorted(self._to_read):
            if seen >= MOST:
                break
            segments = list(queries.lasting(at=at).filter(position=position))
            seen += len(segments)
            done += self._bring_back(position, segments, at=at)
            self._to_read.discard(position)
        return done

    def _newly_indexed(self, last: int, *, at: datetime) -> int:
        """Look at what was indexed since: a recorder that had not heard yet, a file found again with its first end."""
        done = 0
        if self._read is not None and last > self._read:
            new: dict[int, list[Segment]] = {}
            for segment in queries.lasting(at=at).filter(pk__gt=self._read):
                new.setdefault(segment.position_id, []).append(segment)
            done = sum(self._bring_back(position, new[position], at=at) for position in new.keys() & self._kept.keys())
        self._read = last
        return done

    def _bring_back(self, position: int, segments: Iterable[Segment], *, at: datetime) -> int:
        late: dict[int, list[Segment]] = {}
        for segment in segments:
            # One that a false clock dated in the future was born when its end was brought back (decision 9).
            ends, days = allowed(self._kept[position], segment.shortened_at or segment.since)
            if ends is not None and days is not None and ends < segment.erase_at:
                segment.erase_at = ends
                late.setdefault(days, []).append(segment)
        for days, found in late.items():
            actions.shorten(found, days=days, at=at)
        return sum(len(found) for found in late.values())
