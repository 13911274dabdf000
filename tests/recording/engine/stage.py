"""The stage of the engine's tests: simulated cameras, complete dossiers by acts, a real recorder process."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
from django.db import connections, transaction

from cameras import actions as cameras
from cameras.models import Camera
from compliance import matrix
from compliance.actions import order
from compliance.events import System
from recording import media
from recording.engine.addresses import address_key
from recording.simulator import Recipe, Simulator
from tests.databases import BASE, FreshDatabase

RECIPE = Recipe(seconds=6, width=320, height=180)
NEARLY = 40  # seconds: longer than a test records


def now() -> datetime:
    """Return the instant."""
    return datetime.now(UTC)


def until(condition: Callable[[], Any], *, seconds: float = 15, every: float = 0.01) -> Any:
    """Wait for a condition and return its value; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            message = f"attendu en vain pendant {seconds} s"
            raise AssertionError(message)
        time.sleep(every)
    return value


def dossier() -> matrix.Dossier:
    """Build a dossier that opens its position for every action now."""
    with transaction.atomic():
        return matrix.build(matrix.Plan(), at=now())


def register(made: matrix.Dossier, address: str) -> Camera:
    """Give the dossier's device its stream address."""
    return cameras.register(made.mounting, address=address, at=now(), by=System.CONSOLE)


def withdraw(made: matrix.Dossier) -> float:
    """Withdraw the prefect's order; return the monotonic instant just after the commit."""
    order.withdraw(made.order, since=now(), reference="arrêté du préfet", at=now(), by=System.CONSOLE)
    return time.monotonic()


def clear_of_the_hour() -> None:
    """Wait while the hour is about to turn: it cuts every recording, and a test that counts them finds one more."""
    left = 3600 - time.time() % 3600
    if left < NEARLY:
        time.sleep(left)


class Recorder:
    """A real recorder in a process of its own, with its log."""

    def __init__(
        self, database: FreshDatabase, log: Path, *, lease: float = 900, options: tuple[str, ...] = ()
    ) -> None:
        self.log_path = log
        env = {**database.env, "CLAIREVOIE_RECORD_LEASE": str(lease), "PYTHONUNBUFFERED": "1", "CLAIREVOIE_LOG": "INFO"}
        self._file = log.open("ab")
        clear_of_the_hour()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "recorder", *options], cwd=BASE, env=env, stdin=subprocess.DEVNULL,
            stdout=self._file, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> "Recorder":
        until(lambda: "prêt" in self.log() or self.process.poll() is not None, seconds=30)
        assert self.process.poll() is None, self.log()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._file.close()

    def log(self) -> str:
        """Return what it said."""
        return self.log_path.read_text(errors="replace")

    def stop(self) -> None:
        """Ask it to end, then insist."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        """Return the ingests' process numbers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]


@contextlib.contextmanager
def simulator(folder: Path, *, cameras: int = 1, **options: Any) -> Iterator[Simulator]:
    """Run small cameras, drawn once a session."""
    with Simulator(folder, cameras=cameras, recipe=RECIPE, **options) as running:
        yield running


def gone(running: Simulator, path: str, since: float, *, seconds: float = 10) -> float:
    """Wait until the camera has no connection left; return how many seconds after `since` that was."""
    until(lambda: running.connections(path) == 0, seconds=seconds, every=0.002)
    return time.monotonic() - since


@contextlib.contextmanager
def database_stopped(database: FreshDatabase) -> Iterator[None]:
    """Take the database away for the time of a block: its file is moved, or its server refuses new sessions."""
    connections.close_all()
    if not database.url.startswith("sqlite"):
        with _server_closed(database.url):
            yield
        return
    path = Path(database.url.removeprefix("sqlite:///"))
    away = path.with_name("away")
    away.mkdir()
    for file in path.parent.glob(f"{path.name}*"):
        file.rename(away / file.name)
    path.mkdir()  # what is not a file cannot be opened, nor made again
    try:
        yield
    finally:
        path.rmdir()
        for file in away.iterdir():
            file.rename(path.parent / file.name)


@contextlib.contextmanager
def _server_closed(url: str) -> Iterator[None]:
    import psycopg

    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
        link.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[call-overload]
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            link.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[call-overload]


class Viewer:
    """A reader of a camera's live socket."""

    def __init__(self, home: Path, camera: Camera) -> None:
        path, folder = media.bindable(media.socket_path(home, camera.uuid))
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(10)
        self.line.connect(path)
        if folder is not None:
            os.close(folder)

    def next(self) -> tuple[media.Kind, int, bytes]:
        """Return the next message. Raises EOFError when the ingest is gone."""
        length, kind, wall_us = media.HEADER.unpack(self._exactly(media.HEADER.size))
        return media.Kind(kind), wall_us, self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            chunk = self.line.recv(length - len(content))
            if not chunk:
                raise EOFError
            content += chunk
        return content


def pictures(movie: Path) -> int:
    """Decode a whole file and count its pictures."""
    with av.open(str(movie)) as container:
        return sum(1 for _ in container.decode(video=0))


def prepare_keys(home: Path) -> None:
    """Make the address key, as a recorder's first start does."""
    address_key(home)
