"""The engine's only way to the time; everything else is handed an instant, so that a test can hand another."""

import ctypes
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from recording.wall import BOOT_ID, Reading

_UNSYNCHRONISED: Final = 0x40  # STA_UNSYNC, linux/timex.h
_NOT_KEPT: Final = 5  # TIME_ERROR
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

    def reading(self) -> Reading:
        """Return the wall clock beside the time that the kernel counts by itself since the machine started."""
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        return Reading(self.now(), boot, time.clock_gettime(time.CLOCK_BOOTTIME))

    def synchronised(self) -> bool:
        """True when the kernel says that its clock is kept by NTP, whatever program keeps it (adjtimex)."""
        told = _Timex()
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told))  # modes = 0: it only reads
        return state not in (-1, _NOT_KEPT) and not told.status & _UNSYNCHRONISED


class _Timex(ctypes.Structure):
    """`struct timex`, as far as its status; the rest is room for the kernel to write in."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    )


def to_us(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970 UTC, exactly; a naive one is a `TypeError`."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """Return microseconds since 1970 UTC as an aware instant in UTC, exactly."""
    return _EPOCH + us * _MICROSECOND
