"""What the recorder says to systemd, heard on a socket of the test's own."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from recording.engine.systemd import Unit
from tests.databases import FreshDatabase
from tests.recording.engine.stage import Recorder, until


class Heard:
    """systemd's end of the notification socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)

    def __enter__(self) -> "Heard":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def words(self) -> list[str]:
        """Return what came since last asked."""
        came = []
        while True:
            try:
                came.append(self._socket.recv(256).decode())
            except BlockingIOError:
                return came


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    with Heard(str(tmp_path / "notify")) as listening:
        yield listening


class Time:
    """A clock that the test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_start_and_each_turn_are_said_and_no_turn_twice_in_a_second(heard: Heard) -> None:
    time = Time()
    unit = Unit({"NOTIFY_SOCKET": heard.address, "WATCHDOG_USEC": "10000000"}, monotonic=time)

    unit.ready()
    for time.seconds in (0.1, 0.5, 1.0, 1.2, 1.3):
        unit.alive()

    assert heard.words() == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_a_short_watchdog_is_fed_at_half_its_time(heard: Heard) -> None:
    time = Time()
    unit = Unit({"NOTIFY_SOCKET": heard.address, "WATCHDOG_USEC": "400000"}, monotonic=time)

    for time.seconds in (0.0, 0.1, 0.2, 0.3, 0.4):
        unit.alive()

    assert heard.words() == ["WATCHDOG=1"] * 3


@pytest.mark.parametrize(
    "watchdog", [{}, {"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "1"}], ids=["none", "another process's"]
)
def test_a_watchdog_that_is_not_ours_is_not_fed(heard: Heard, watchdog: dict[str, str]) -> None:
    unit = Unit({"NOTIFY_SOCKET": heard.address, **watchdog}, monotonic=Time())

    unit.alive()
    unit.ready()

    assert heard.words() == ["READY=1"]


def test_an_abstract_socket_is_spoken_to_as_well() -> None:
    with Heard(f"@claire-voie-{os.getpid()}") as heard:
        Unit({"NOTIFY_SOCKET": heard.address}, monotonic=Time()).ready()

        assert heard.words() == ["READY=1"]


@pytest.mark.parametrize("given", [{}, {"NOTIFY_SOCKET": "/nowhere/notify"}], ids=["no socket", "a dead one"])
def test_without_a_listener_nothing_is_said_and_nothing_breaks(given: dict[str, str]) -> None:
    unit = Unit({**given, "WATCHDOG_USEC": "10000000"}, monotonic=Time())

    unit.ready()
    unit.alive()


def test_no_child_may_speak_in_the_recorders_name(heard: Heard) -> None:
    environ = {"NOTIFY_SOCKET": heard.address, "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "LANG": "fr"}

    Unit(environ, monotonic=Time())

    assert environ == {"LANG": "fr"}


@pytest.mark.slow
def test_a_frozen_recorder_is_no_longer_heard(
    fresh_database: FreshDatabase, tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", heard.address)
    monkeypatch.setenv("WATCHDOG_USEC", "400000")
    with Recorder(fresh_database, tmp_path / "log") as recorder:
        said = until(heard.words)
        assert said[0] == "READY=1"
        until(lambda: "WATCHDOG=1" in heard.words())

        os.kill(recorder.process.pid, signal.SIGSTOP)
        until(lambda: Path(f"/proc/{recorder.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T")
        heard.words()
        with pytest.raises(AssertionError, match="attendu en vain"):
            until(heard.words, seconds=1)

        os.kill(recorder.process.pid, signal.SIGCONT)
        assert "WATCHDOG=1" in until(heard.words)
