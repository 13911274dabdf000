"""One ingest seen from the recorder: started, spoken to, listened to, killed. It knows neither the gate nor a row.

The address goes down a pipe, never in the arguments nor in the environment; standard error goes nowhere, because a
library's complaint may quote it.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from recording.engine.ingest.protocol import Config, Lease, Lines, Report, decode_report, encode

ROOT: Final = Path(__file__).resolve().parents[2]
MODULE: Final = "recording.engine.ingest"
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONUTF8", "LD_LIBRARY_PATH")


def environment() -> dict[str, str]:
    """Return what an ingest may know of the recorder's environment: nothing of the database, of Django or of keys."""
    return {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("COVERAGE_")}


class Child:
    """A running ingest. Made in the recorder's main thread: the death signal follows the thread that starts it."""

    def __init__(self, config: Config) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=ROOT,
        )
        assert self._process.stdin is not None  # noqa: S101 (asked for two lines above)
        assert self._process.stdout is not None  # noqa: S101
        self._down, self._up = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._down, False)
        os.set_blocking(self._up, False)
        self._lines = Lines()
        self.send(config)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, message: Config | Lease) -> None:
        """Send a line, whole or not at all: an ingest that does not read will be heard no more, and killed."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._down, encode(message))

    def reports(self) -> Iterator[Report]:
        """Yield what it said since last time, without waiting."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._up, 1 << 16):
                for line in self._lines.feed(chunk):
                    yield decode_report(line)

    def ended(self) -> bool:
        """True once the process is over."""
        return self._process.poll() is not None

    def code(self) -> int:
        """Return how it ended: 0, or minus the signal."""
        return self._process.returncode or 0

    def kill(self) -> None:
        """End it at once. Its connections close with it."""
        self._process.kill()

    def close(self) -> None:
        """Release the pipes of a process that is over."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()
