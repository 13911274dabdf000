"""An ingest started alone, as its recorder would: what it is told, what it says, how it ends."""

import dataclasses
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recording.engine.child import ROOT, environment
from recording.engine.clock import to_us
from recording.engine.ingest.protocol import Config, HourKey, Lease, Lines, Report, decode_report, encode
from tests.recording.engine.stage import until

HOUR_US = 3_600_000_000
KEY = bytes(range(32))


def lease(*, seconds: float = 60, wall_seconds: float = 3600, **changes: Any) -> Lease:
    """Return a lease of so many seconds, with the keys of this hour and the next."""
    at = datetime.now(UTC)
    hour = to_us(at) // HOUR_US * HOUR_US
    given = Lease(
        deadline=time.monotonic() + seconds,
        until_us=to_us(at + timedelta(seconds=wall_seconds)),
        retention_days=30,
        erase_us=to_us(at + timedelta(days=30)),
        keys=tuple(HourKey(hour + step * HOUR_US, f"key-{step}", KEY) for step in (0, 1)),
    )
    return dataclasses.replace(given, **changes)


class Ingest:
    """A running ingest; `said` is what it reported."""

    def __init__(
        self, address: str, home: Path, *, given: Lease | None = None, beats: bool = True, **config: Any
    ) -> None:
        import os

        self.camera = uuid.uuid4()
        self.said: list[Report] = []
        self._beats = beats
        told = Config(
            address=address, camera=str(self.camera), position="VAL-01", run=str(uuid.uuid4()), home=str(home),
            lease=given or lease(), **{"parent": os.getpid(), "silence": 3.0, "stall": 1.0, **config},
        )  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recording.engine.ingest"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(), cwd=ROOT,
        )  # fmt: skip
        self._current = told.lease
        self.tell(told)
        threading.Thread(target=self._listen, daemon=True).start()
        if beats:
            threading.Thread(target=self._beat, daemon=True).start()

    def __enter__(self) -> "Ingest":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def tell(self, message: Config | Lease) -> None:
        """Send a line."""
        if isinstance(message, Lease):
            self._current = message
        assert self.process.stdin is not None
        self.process.stdin.write(encode(message))
        self.process.stdin.flush()

    def ended(self, *, seconds: float = 10) -> float:
        """Wait for its end; return the monotonic instant."""
        self.process.wait(seconds)
        return time.monotonic()

    def wait_for(self, kind: str, *, reason: str = "", count: int = 1, seconds: float = 15) -> Report:
        """Wait until it has reported that, so many times, and return the last."""

        def found() -> list[Report]:
            reports = [r for r in self.said if r.kind == kind and (not reason or r.reason == reason)]
            return reports if len(reports) >= count else []

        reports: list[Report] = until(found, seconds=seconds)
        return reports[-1]

    def _listen(self) -> None:
        lines = Lines()
        assert self.process.stdout is not None
        while chunk := self.process.stdout.read1(65536):  # type: ignore[attr-defined]
            self.said += [decode_report(line) for line in lines.feed(chunk)]

    def _beat(self) -> None:
        while self.process.poll() is None and self._beats:
            try:
                self.tell(self._current)
            except (BrokenPipeError, ValueError):
                return
            time.sleep(0.3)
