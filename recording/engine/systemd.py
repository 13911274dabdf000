"""Tells systemd that the recorder is ready and that its main loop still turns (`Type=notify`, `WatchdogSec`).

A datagram on the socket that the unit gives (sd_notify(3)). Outside systemd there is no such socket, and nothing is
said. The two variables are taken out of the environment: no child may speak in the recorder's name.
"""

import os
import socket
from collections.abc import Callable, MutableMapping
from typing import Final

# A word every so often is enough, and half of what systemd waits is what it recommends.
OFTEN_SECONDS: Final = 1.0


class Unit:
    """The unit that this process is for systemd, if any."""

    def __init__(self, environ: MutableMapping[str, str], *, monotonic: Callable[[], float]) -> None:
        address = environ.pop("NOTIFY_SOCKET", "")
        awaited = int(environ.pop("WATCHDOG_USEC", "0") or 0) / 1_000_000
        watched = environ.pop("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        # A leading `@` stands for the abstract namespace's null byte.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._every = min(OFTEN_SECONDS, awaited / 2) if watched and awaited else None
        self._monotonic = monotonic
        self._said = float("-inf")

    def ready(self) -> None:
        """Say that the start is over."""
        self._say("READY=1")

    def alive(self) -> None:
        """Say that the loop turned, when it is time to say it again; the main loop calls it at each turn."""
        now = self._monotonic()
        if self._every is not None and now - self._said >= self._every:
            self._said = now
            self._say("WATCHDOG=1")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
                link.settimeout(0)
                link.connect(self._address)
                link.send(words.encode())
        except OSError:
            # Unheard, it is started again: better than a recorder that stops because nobody listens.
            return
