"""The demonstration town on one machine: prepares its database, then runs every process together. Never for production.

Called by `./run demo`, as a script: a second start then imports neither Django nor Celery before the site does. All
that it remembers is in `CLAIREVOIE_HOME/demo.json`: the cameras' port (their sealed addresses hold it), what the seed
said, and what the base was prepared from.
"""

import contextlib
import fcntl
import hashlib
import io
import json
import os
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from honcho.manager import Manager

BASE = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
CAMERAS = 8
FIRST_WEB_PORT = 8000
FIRST_CAMERA_PORT = 8554
READY_WITHIN_SECONDS = 120
# What the database is made from: a change of one of these has the base looked at again.
SOURCES = (
    "*/migrations/*.py", "config/management/commands/*.py", "config/demo_*.py", "compliance/actions/*.py",
    "cameras/actions.py", "requirements.lock",
)  # fmt: skip


class Impossible(Exception):
    """The demonstration cannot start; the message is for the person who typed the command."""


def say(text: str) -> None:
    """Print one line now: the manager's own lines follow."""
    print(text, flush=True)  # noqa: T201 (the command's answer)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(first: int) -> int:
    """Return the first free loopback port from `first`."""
    for port in range(first, first + 200):
        if is_free(port):
            return port
    message = f"aucun port libre entre {first} et {first + 199}."
    raise Impossible(message)


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home for one demonstration; a second one is told where the first is."""
    with (home / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            message = f"elle tourne déjà dans {home} : {lock.read().strip() or 'adresse inconnue'}"
            raise Impossible(message) from None
        lock.truncate(0)
        yield


class Memory:
    """What one start leaves to the next, in a file only its owner reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.facts: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.facts = {}

    def keep(self, **facts: Any) -> None:
        """Write these facts beside the others."""
        self.facts.update(facts)
        fresh = self.path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self.facts, ensure_ascii=False, indent=1))
        fresh.replace(self.path)


def simulator_port(memory: Memory) -> int:
    """Return the cameras' port: the remembered one when it is free, since sealed addresses hold it."""
    known = memory.facts.get("simulator_port")
    if isinstance(known, int) and is_free(known):
        return known
    port = free_port(FIRST_CAMERA_PORT)
    memory.keep(simulator_port=port)
    return port


def fingerprint(home: Path, *, simulator: str) -> str:
    """Say in one word what a prepared database was made from; empty when the database is not a file of this home."""
    database = home / "claire-voie.sqlite3"
    if os.environ.get("DATABASE_URL") or not database.exists():
        return ""
    state = database.stat()
    digest = hashlib.sha256(f"{simulator} {state.st_dev} {state.st_ino}".encode())
    for pattern in SOURCES:
        for path in sorted(BASE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare(home: Path, memory: Memory, *, simulator: str) -> str:
    """Migrate and seed what is not yet; return what the seed has to say (the accounts and their password)."""
    if memory.facts.get("words") and memory.facts.get("prepared") == (fingerprint(home, simulator=simulator) or None):
        return str(memory.facts["words"])
    import django  # noqa: PLC0415 (a second start does without)

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    say("Préparation de la base de données…")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable")
    say("Création de la commune de démonstration, acte par acte…")
    spoken = io.StringIO()
    call_command("seed_demo", stdout=spoken)
    connections.close_all()
    words = spoken.getvalue().strip()
    memory.keep(words=words, prepared=fingerprint(home, simulator=simulator))
    return words


def processes(home: Path, *, web_port: int, camera_port: int) -> dict[str, list[str]]:
    """Return the command of each process of the demonstration, by name."""
    python = sys.executable
    manage = [python, "manage.py"]
    return {
        "web": [
            python, "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", str(web_port),
            "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2",
        ],
        "cameras": [
            python, "-m", "recording.simulator", "--port", str(camera_port), "--folder", str(home / "clips"),
            "--cameras", str(CAMERAS),
        ],
        "recorder": [*manage, "recorder"],
        "keeper": [*manage, "keeper"],
        "worker": [
            python, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config", "worker", "-B",
            "--pool", "solo", "--loglevel", "ERROR",
        ],
    }  # fmt: skip


def answers(port: int) -> bool:
    """Tell whether the site answers a page on this loopback port."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=2) as link:
        link.sendall(f"GET /compte/login/ HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        return link.recv(12).startswith(b"HTTP/")
    return False


def announce(port: int, words: str, *, up: Path, started: float, drawing: bool) -> None:
    """Say where the town is once its first page is served, and let the other processes start."""
    while not answers(port) and time.monotonic() - started < READY_WITHIN_SECONDS:
        time.sleep(0.05)
    up.touch()
    line = "─" * 78
    seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
    say(f"\n{line}\n  Claire-voie, démonstration : http://{HOST}:{port}/    (prête en {seconds} s)\n")
    say("\n".join(f"  {text}" for text in words.splitlines()))
    if drawing:
        say("\n  Premier démarrage : les rues simulées se dessinent, les caméras répondent dans une à deux minutes.")
    say(f"\n  Ctrl-C arrête tout.\n{line}")


class Town(Manager):
    """honcho's manager, which a signal may stop while it is still starting its processes."""

    _processes: dict[str, dict[str, Any]]

    @property
    def count(self) -> int:
        """How many processes were added."""
        return len(self._processes)

    def _killall(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 (honcho's signature)
        everyone = self._processes
        # Those without a pid yet are stopped with the rest once one process has stopped.
        self._processes = {name: process for name, process in everyone.items() if "pid" in process}
        try:
            super()._killall(force)
        finally:
            self._processes = everyone


def run_together(commands: dict[str, list[str]], *, up: Path | None = None) -> int:
    """Run the processes until one stops or a signal comes, then stop all; return the exit code.

    With `up`, all but the first wait until this file exists: the first page does not queue behind them.
    """
    manager = Town()
    for name, command in commands.items():
        wait = f"while [ ! -e {shlex.quote(str(up))} ]; do sleep 0.1; done; " if up and manager.count else ""
        # `exec`: the shell that honcho starts becomes the process, which gets the signals itself.
        manager.add_process(name, f"{wait}exec {shlex.join(command)}", cwd=BASE)
    # A closed terminal stops the town as Ctrl-C does.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return 0 if manager.returncode in {130, 143} else int(manager.returncode or 1)


def main() -> int:
    """Prepare the town, print its address and accounts, and run it until it is stopped."""
    started = time.monotonic()
    if os.environ.get("CLAIREVOIE_DEMO") != "1":
        message = "elle ne s'ouvre qu'avec ./run demo (CLAIREVOIE_DEMO=1)."
        raise Impossible(message)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CLAIREVOIE_LOG", "WARNING")
    home = Path(os.environ.setdefault("CLAIREVOIE_HOME", str(BASE / "var"))).resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(home):
        memory = Memory(home / "demo.json")
        camera_port = simulator_port(memory)
        simulator = os.environ["CLAIREVOIE_SIMULATOR"] = f"rtsp://{HOST}:{camera_port}"
        words = prepare(home, memory, simulator=simulator)
        web_port = free_port(FIRST_WEB_PORT)
        (home / "demo.lock").write_text(f"http://{HOST}:{web_port}/")
        up = home / "demo.up"
        up.unlink(missing_ok=True)
        facts = {"up": up, "started": started, "drawing": not any((home / "clips").glob("*"))}
        threading.Thread(target=announce, args=(web_port, words), kwargs=facts, daemon=True).start()
        return run_together(processes(home, web_port=web_port, camera_port=camera_port), up=up)


if __name__ == "__main__":
    sys.path.insert(0, str(BASE))  # the script's own folder is kept away by `python -P`: it has a celery.py
    try:
        sys.exit(main())
    except Impossible as refusal:
        say(f"La démonstration n'a pas démarré : {refusal}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
