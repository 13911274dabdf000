"""A clock that a test moves by hand."""

from datetime import datetime, timedelta

from recording.engine.clock import Clock


class FakeClock(Clock):
    """Stands still until `advance` moves both times, or `step` the wall clock alone, as NTP or a hand does."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
