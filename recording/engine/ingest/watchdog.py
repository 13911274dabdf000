"""The thread that holds the lease: it hears the recorder, says that the ingest lives, cuts the camera on time.

It depends on nothing that a camera can hold: libav runs in another thread and releases the interpreter while it waits.
"""

import contextlib
import os
import select
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from recording.engine.clock import Clock, to_us
from recording.engine.ingest.protocol import Config, Lease, Lines, decode_lease

FLUSH_SECONDS: Final = 0.2
ALIVE_SECONDS: Final = 0.5
CONNECT_SECONDS: Final = 8.0
T = TypeVar("T")


class Watchdog(threading.Thread):
    """Holds the lease. `lapsed` is the reason once it is over, and it never comes back."""

    def __init__(self, config: Config, *, commands: int, alive: Callable[[], None], clock: Clock) -> None:
        super().__init__(name="watchdog", daemon=True)
        self.lease: Lease = config.lease
        self.lapsed = ""
        self.flushed = threading.Event()
        self.over = threading.Event()
        self.stalled = self._reading = False
        self._due: float | None = None  # when to cut a camera that gives nothing; None while nobody waits for it
        self._silence, self._stall = config.silence, config.stall
        self._commands, self._alive, self._clock = commands, alive, clock
        self._lines = Lines()
        self._heard = self._said = clock.monotonic()

    def holds(self) -> bool:
        """True while the lease runs: asked before connecting, before every write and before every live image."""
        if self.lapsed:
            return False
        lease = self.lease
        return self._clock.monotonic() < lease.deadline and to_us(self._clock.now()) < lease.until_us

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Cut the camera's connection if this block, which opens it, lasts too long."""
        self.stalled = self._reading = False
        self._due = self._clock.monotonic() + CONNECT_SECONDS
        try:
            yield
        finally:
            self._due = None

    def watched(self, packets: Iterable[T]) -> Iterator[T]:
        """Yield packets; cut the camera's connection when none comes for too long."""
        self._reading = True
        self._due = self._clock.monotonic() + self._stall
        try:
            for packet in packets:
                self._due = None
                yield packet
                self._due = self._clock.monotonic() + self._stall
        finally:
            self._due = None

    def run(self) -> None:
        """Wait for the first reason to close, then close: cut, let what was permitted be written, end the process."""
        while not (reason := self._reason()):
            self._listen()
        self.lapse(reason)
        if not self.flushed.wait(FLUSH_SECONDS):
            os.kill(os.getpid(), signal.SIGKILL)

    def lapse(self, reason: str) -> None:
        """Close the camera now; nothing is read from it nor shown any more."""
        self.lapsed = self.lapsed or reason
        self.over.set()
        cut_connections()

    def read(self, lines: Lines, rest: list[bytes]) -> None:
        """Go on from what was read with the configuration."""
        self._lines = lines
        for line in rest:
            self.feed(line)

    def feed(self, line: bytes) -> None:
        """Take a line from the recorder; one that cannot be read ends the lease, like an order to stop."""
        try:
            self.lease = with_keys_of(self.lease, decode_lease(line))
        except (KeyError, TypeError, ValueError):
            self.lapsed = "unreadable"
        self._heard = self._clock.monotonic()

    def _reason(self) -> str:
        now = self._clock.monotonic()
        if self.lapsed or self.lease.stop:
            return self.lapsed or "stop"
        if now >= self.lease.deadline or to_us(self._clock.now()) >= self.lease.until_us:
            return "lease"
        return "silence" if now - self._heard >= self._silence else ""

    def _listen(self) -> None:
        """Sleep until the recorder speaks or something is due, to the millisecond."""
        now = self._clock.monotonic()
        if now - self._said >= ALIVE_SECONDS:
            self._said = now
            self._alive()
        if self._due is not None and now >= self._due:
            self._due, self.stalled = None, self._reading
            cut_connections()
        left_us = self.lease.until_us - to_us(self._clock.now())
        due = min(self._said + ALIVE_SECONDS, self._heard + self._silence, self.lease.deadline, now + left_us / 1e6)
        ready, _, _ = select.select([self._commands], [], [], max(0.0, due - now))
        if not ready:
            return
        chunk = os.read(self._commands, 1 << 20)
        if not chunk:
            self.lapsed = "orphan"
        for line in self._lines.feed(chunk):
            self.feed(line)


def with_keys_of(before: Lease, lease: Lease) -> Lease:
    """Return a renewal that has lost no key: while the gate waits for the journal, none is sent."""
    return lease if lease.keys else replace(lease, keys=before.keys)


def cut_connections() -> None:
    """Close every network connection of this process under whoever waits for it, abruptly: libav cannot be asked."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if not stat.S_ISSOCK(os.stat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as line:
                if line.family in (socket.AF_INET, socket.AF_INET6):
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    line.shutdown(socket.SHUT_RDWR)
