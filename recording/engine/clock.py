"""The engine's only way to the time; everything else is handed an instant, so that a test can hand another."""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock:
    """The machine's clock: `now` for what is written down, `monotonic` for leases and watchdogs."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back, whatever is done to the wall clock."""
        return time.monotonic()


def to_us(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970 UTC, exactly; a naive one is a `TypeError`."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """Return microseconds since 1970 UTC as an aware instant in UTC, exactly."""
    return _EPOCH + us * _MICROSECOND
