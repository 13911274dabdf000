"""The ingest process: `python -m recording.engine.ingest`, its configuration on its standard input, and no argument.

It dies with its recorder, leaves no core file, ignores the terminal's signals (its recorder closes it), and never lets
an exception speak: only its class is reported.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Final
from uuid import UUID

from recording.engine.clock import Clock, to_us
from recording.engine.ingest.disk import Nothing, sealed_store
from recording.engine.ingest.live import FanOut
from recording.engine.ingest.loop import Hands, Loop, Store
from recording.engine.ingest.protocol import ALIVE, BYE, Config, Lines, Report, decode_config, encode
from recording.engine.ingest.pyav import PyAVSource
from recording.engine.ingest.watchdog import Watchdog
from recording.media import socket_path

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4


def harden() -> None:
    """Die with the thread that started this process; leave no core, which would hold the address."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.umask(0o077)


def read_config(commands: int) -> tuple[Config, Lines, list[bytes]]:
    """Return the configuration, and what else came with it."""
    lines, whole = Lines(), list[bytes]()
    while not whole:
        chunk = os.read(commands, 1 << 16)
        if not chunk:
            sys.exit(0)  # the recorder is already gone
        whole += lines.feed(chunk)
    return decode_config(whole[0]), lines, whole[1:]


class Speaker:
    """Writes reports, one whole line each. A recorder that does not read ends the lease: nobody waits for it."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._lock = threading.Lock()
        self.deaf = False
        os.set_blocking(out, False)

    def say(self, report: Report) -> None:
        """Write a report, or note that nobody reads."""
        line = encode(report)
        with self._lock:
            while line and not self.deaf:
                try:
                    line = line[os.write(self._out, line) :]
                except (BlockingIOError, BrokenPipeError):
                    self.deaf = True


def main() -> int:
    """Run until the lease is over; return 0 when everything permitted was written."""
    harden()
    commands = sys.stdin.fileno()
    config, lines, rest = read_config(commands)
    if os.getppid() != config.parent:
        return 0
    clock, speaker = Clock(), Speaker(sys.stdout.fileno())
    live = FanOut(socket_path(Path(config.home), UUID(config.camera)))
    loop: Loop | None = None

    def alive() -> None:
        speaker.say(Report(ALIVE, at_us=loop.last_us if loop is not None else 0))
        if speaker.deaf:
            watchdog.lapsed = "deaf"

    watchdog = Watchdog(config, commands=commands, alive=alive, clock=clock)
    watchdog.read(lines, rest)
    disk: Store = sealed_store(config, watchdog=watchdog, say=speaker.say) if config.keeps else Nothing()
    address, stall = config.address, config.stall
    hands = Hands(lambda: PyAVSource(address, stall=stall), disk, live, watchdog, speaker.say, clock)
    loop = Loop(hands)
    live.start()
    watchdog.start()
    reason, error = "", ""
    try:
        loop.run()
    except Exception as fault:  # noqa: BLE001 (its words could quote the address: only its class may be told)
        error = type(fault).__name__
    live.close()
    reason = watchdog.lapsed or ("lease" if not watchdog.holds() else "failed")
    speaker.say(Report(BYE, at_us=to_us(clock.now()), reason=reason, error=error))
    watchdog.flushed.set()
    live.join(0.1)
    return 1 if error else 0


if __name__ == "__main__":
    code = 1
    with contextlib.suppress(Exception):
        code = main()
    # No interpreter shutdown: libav's threads and the media's must not hold a process that is over.
    os._exit(code)
