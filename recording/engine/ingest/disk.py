"""Joins the lease and the sealed store: in whose name images are kept, under which key, until when. Or keeps none."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID

from recording.engine.clock import from_us, to_us
from recording.engine.flusher import Flusher
from recording.engine.fmp4 import Sample, Track
from recording.engine.ingest.protocol import CLOSED, OPENED, Config, Report
from recording.engine.ingest.watchdog import Watchdog
from recording.engine.store import Grant, Place, SegmentedStore, State, StoredSegment


class NoKeyInHand(LookupError):
    """The recorder gave no key for this hour: nothing may be written, since nothing may be written in the clear."""


class Nothing:
    """The store of a run that only shows: it writes nothing, holds no key and knows no folder."""

    kept_us = 0

    def add(self, track: Track, sample: Sample, *, position: int, captured_us: int) -> None:
        """Let the picture go."""

    def room(self) -> bool:
        """Say yes: nothing is asked of the disk."""
        return True

    def close(self) -> None:
        """Nothing was opened."""


def sealed_store(config: Config, *, watchdog: Watchdog, say: Callable[[Report], None]) -> SegmentedStore:
    """Return the store of this camera. What it keeps and until when follows the last renewal heard."""

    def erase_at(_: datetime) -> datetime:
        # The recorder says, twice a second, when an image of that very instant must be gone: the law stays with it.
        # An image of an instant later goes a little early, never late.
        return from_us(watchdog.lease.erase_us)

    def key_for(hour: datetime) -> tuple[str, bytes]:
        for key in watchdog.lease.keys:
            if key.hour_us == to_us(hour):
                return key.key_id, key.key
        raise NoKeyInHand(hour.isoformat())

    def report(segment: StoredSegment) -> None:
        told = {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(segment).items()}
        kind, at_us = (OPENED, segment.since_us) if segment.state is State.OPEN else (CLOSED, segment.until_us)
        say(Report(kind, at_us=at_us, segment=told))

    place = Place(Path(config.home) / "recordings", UUID(config.camera), config.position)
    return SegmentedStore(place, Grant(config.run, erase_at, key_for), flusher=Flusher(), report=report)
