"""The demonstration town on one machine: prepares its database, then runs every process together. Never for production.

Called by `./run demo`. All that it remembers is in `CLAIREVOIE_HOME/demo.json`: the cameras' port (their sealed
addresses hold it) and what the seed said, so that a second start has nothing to do.
"""

import contextlib
import fcntl
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

HOST = "127.0.0.1"
CAMERAS = 8
FIRST_WEB_PORT = 8000
FIRST_CAMERA_PORT = 8554
READY_WITHIN_SECONDS = 120


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


def prepare(memory: Memory, *, simulator: str) -> str:
    """Migrate and seed what is not yet; return what the seed has to say (the accounts and their password)."""
    import django  # noqa: PLC0415 (settings read the environment that main() completes)

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not migrated:
        say("Préparation de la base de données…")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable")
    seeded = memory.facts.get("seed", {})
    if not migrated or seeded.get("simulator") != simulator or not get_user_model().objects.exists():
        say("Création de la commune de démonstration, acte par acte…")
        words = io.StringIO()
        call_command("seed_demo", stdout=words)
        memory.keep(seed={"simulator": simulator, "words": words.getvalue().strip()})
    connections.close_all()
    return str(memory.facts["seed"]["words"])


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
        "worker": [python, "-m", "celery", "-A", "config", "worker", "-B", "--pool", "solo", "--loglevel", "WARNING"],
    }  # fmt: skip


def answers(port: int) -> bool:
    """Tell whether the site answers a page on this loopback port."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=2) as link:
        link.sendall(f"GET /compte/login/ HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        return link.recv(12).startswith(b"HTTP/")
    return False


def announce(port: int, words: str, started: float) -> None:
    """Say where the town is once its first page is served."""
    while not answers(port):
        if time.monotonic() - started > READY_WITHIN_SECONDS:
            return
        time.sleep(0.1)
    line = "─" * 78
    seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
    say(f"\n{line}\n  Claire-voie, démonstration : http://{HOST}:{port}/    (prête en {seconds} s)\n")
    say("\n".join(f"  {text}" for text in words.splitlines()))
    say(f"\n  Ctrl-C arrête tout.\n{line}")


class Town(Manager):
    """honcho's manager, which a signal may stop while it is still starting its processes."""

    _processes: dict[str, dict[str, Any]]

    def _killall(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 (honcho's signature)
        everyone = self._processes
        # Those without a pid yet are stopped with the rest once one process has stopped.
        self._processes = {name: process for name, process in everyone.items() if "pid" in process}
        try:
            super()._killall(force)
        finally:
            self._processes = everyone


def run_together(commands: dict[str, list[str]]) -> int:
    """Run the processes until one stops or a signal comes, then stop all; return the exit code."""
    manager = Town()
    for name, command in commands.items():
        # `exec`: the shell that honcho starts becomes the process, which gets the signals itself.
        manager.add_process(name, f"exec {shlex.join(command)}")
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
    home = Path(os.environ.setdefault("CLAIREVOIE_HOME", str(Path(__file__).resolve().parent.parent / "var"))).resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(home):
        memory = Memory(home / "demo.json")
        camera_port = simulator_port(memory)
        simulator = os.environ["CLAIREVOIE_SIMULATOR"] = f"rtsp://{HOST}:{camera_port}"
        words = prepare(memory, simulator=simulator)
        web_port = free_port(FIRST_WEB_PORT)
        (home / "demo.lock").write_text(f"http://{HOST}:{web_port}/")
        threading.Thread(target=announce, args=(web_port, words, started), daemon=True).start()
        return run_together(processes(home, web_port=web_port, camera_port=camera_port))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Impossible as refusal:
        say(f"La démonstration n'a pas démarré : {refusal}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
