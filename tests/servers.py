"""Real processes for tests: the web, and any command, each started on loopback and stopped by its own pid."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Self

from tests.databases import BASE, manage

STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 10


def free_port() -> int:
    """Return a loopback port that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process and its children to stop, then insist: they are one group, which the test made."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOPS_WITHIN_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Site:
    """The product running for one test, its processes stopped in the reverse order of their start."""

    def __init__(self, env: dict[str, str], *, logs: Path) -> None:
        self.env = env
        self.logs = logs
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._files: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        web = self.start(
            "web", "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(self.port),
            "--no-access-log", "--timeout-graceful-shutdown", "2",
        )  # fmt: skip
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            if web.poll() is not None or time.monotonic() > deadline:
                said = self.log("web")
                self.__exit__()
                message = f"le site n'a pas démarré :\n{said}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return self

    def __exit__(self, *_exc: object) -> None:
        for process in reversed(self.processes.values()):
            stop(process)
        for file in self._files:
            file.close()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/compte/login/", timeout=5).close()
        except urllib.error.HTTPError:
            return True  # an answer, if not a happy one: the test will say
        except OSError:
            return False
        return True

    def start(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start `python ARGUMENTS` in this site's environment, in a group of its own; its output goes to a log."""
        file = (self.logs / f"{name}.log").open("ab")
        self._files.append(file)
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=BASE, env=self.env, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.processes[name] = process
        return process

    def start_command(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a management command that lasts (`recorder`, `keeper`)."""
        return self.start(name, "manage.py", name, *arguments)

    def stop(self, name: str) -> None:
        """Stop one process of this site."""
        stop(self.processes.pop(name))

    def manage(self, *arguments: str, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run a management command on this site's database and return it, whatever its exit code."""
        return manage(self.env, *arguments, timeout=timeout)

    def log(self, name: str) -> str:
        """Return what a process has said so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")
