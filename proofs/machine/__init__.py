"""A bare machine in a folder: the minimal system of debootstrap, entered by chroot.

Each command enters with namespaces of its own: its mounts and its processes end with it, so nothing is left mounted
and erasing the folder cannot reach this machine. How this machine reaches its packages (apt's settings, pip's,
certificates) is copied from it at run time: nothing of that is known here.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent.parent
CODE = Path("opt/claire-voie")
ENTER = 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$1" sh -c "$2"'
CERTIFICATES = "/usr/local/share/machine.pem"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
READY = re.compile(r"Ctrl-C")
# Ubuntu's releases are made by one and the same script, which Debian's package has under the name of the first.
SCRIPTS = {"noble": "gutsy"}


class Failed(RuntimeError):
    """A command of the bare machine did not end well; what it said is the message."""


class Machine:
    """One bare machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def code(self) -> Path:
        """The product's checkout, seen from outside."""
        return self.root / CODE

    def run(
        self, command: str, *, check: bool = True, seconds: float = 1800, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a shell command in it, in the product's folder when there is one."""
        answer = subprocess.run(
            self._enter(command), env=self._environment(environment), capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=seconds,
        )  # fmt: skip
        if check and answer.returncode:
            message = f"{command} : code {answer.returncode}\n{answer.stdout[-3000:]}\n{answer.stderr[-3000:]}"
            raise Failed(message)
        return answer

    @contextlib.contextmanager
    def running(self, command: str, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a shell command beside us for the time of a block; then it and whatever it started are gone."""
        with log.open("wb") as file:
            process = subprocess.Popen(
                self._enter(f"exec {command}"), env=self._environment(environment), stdin=subprocess.DEVNULL,
                stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()  # --kill-child: its namespace's first process goes with it, and so all the others
            process.wait()

    def _enter(self, command: str) -> list[str]:
        inside = f"cd /{CODE} 2>/dev/null; {command}"
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        return [*apart, "sh", "-c", ENTER, "sh", str(self.root), inside]

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_", "UV_")) or name.lower().endswith("_proxy")
        }
        kept.pop("PIP_FIND_LINKS", None)  # a folder of this machine
        if (self.root / CERTIFICATES.lstrip("/")).exists():
            kept |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), CERTIFICATES)
        return kept | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **more}

    def packages(self) -> int:
        """Return how many packages are installed."""
        return len(self.run("dpkg-query -W -f '${Package}\\n'").stdout.split())


@contextlib.contextmanager
def bare(release: str, *, base: Path | None = None) -> Iterator[tuple[Machine, float]]:
    """Make a bare machine of a release for the time of a block; give it with the seconds that it took.

    `base` is a folder where an untouched system may already be, or is kept for the next time.
    """
    folder, started = Path(tempfile.mkdtemp(prefix="claire-voie-machine-")), time.monotonic()
    try:
        root = folder / release
        kept = base / release if base else None
        if kept and kept.exists():
            subprocess.run(["cp", "-a", str(kept), str(root)], check=True)
        else:
            _debootstrap(release, root)
            if kept:
                subprocess.run(["cp", "-a", str(root), str(kept)], check=True)
        _as_here(root)
        yield Machine(root), time.monotonic() - started
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)


def _debootstrap(release: str, root: Path) -> None:
    command = ["debootstrap", "--variant=minbase"]
    if release in SCRIPTS:
        # Debian has no key of Ubuntu's: the first packages are taken unsigned, apt verifies the others from inside.
        command += ["--no-check-gpg", "--components=main,universe"]
        # No address given: debootstrap knows where each release is kept, and moves the old ones.
        command += [release, str(root), "", f"/usr/share/debootstrap/scripts/{SCRIPTS[release]}"]
    else:
        command += [release, str(root)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if answer.returncode:
        message = f"{' '.join(command[:3])} : {answer.stdout[-500:]}{answer.stderr[-500:]}"
        raise Failed(message)


def _as_here(root: Path) -> None:
    """Reach packages as this machine does."""
    for path in Path("/etc/apt/apt.conf.d").glob("*"):
        if "Acquire" in (text := path.read_text()) and "Invoke" not in text:
            shutil.copy(path, root / "etc" / "apt" / "apt.conf.d")
    for path in (Path("/etc/pip.conf"), Path("/etc/hosts"), Path("/etc/resolv.conf")):
        if path.exists():
            (root / "etc" / path.name).unlink(missing_ok=True)
            shutil.copy(path, root / "etc")
    bundle = Path(os.environ.get("SSL_CERT_FILE", "/nowhere"))
    if bundle.exists():
        shutil.copy(bundle, root / CERTIFICATES.lstrip("/"))


class Town:
    """The demonstration of a bare machine, running."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, *, started: float) -> None:
        self.process, self.log = process, log
        self.url = heard(ADDRESS, process, log, seconds=900)[0].rstrip("/")
        heard(READY, process, log, seconds=60)
        with urllib.request.urlopen(f"{self.url}/compte/login/", timeout=30) as page:
            page.read()
        self.first_page = time.monotonic() - started
        self.password = re.search(r"pour tous : (\S+)", self.said())[1]  # type: ignore[index]

    def said(self) -> str:
        """Return what it said so far."""
        return self.log.read_text(errors="replace")

    def stop(self) -> int:
        """Type Ctrl-C, and return the exit code."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGINT)
        return self.process.wait(30)


@contextlib.contextmanager
def demonstration(machine: Machine, log: Path, **environment: str) -> Iterator[Town]:
    """Run `./run demo` until its first page answers, for the time of a block."""
    started = time.monotonic()
    with machine.running("./run demo", log, **environment) as process:
        yield Town(process, log, started=started)


def heard(pattern: re.Pattern[str], process: "subprocess.Popen[bytes]", log: Path, *, seconds: float) -> re.Match[str]:
    """Wait until a command that runs beside us has said something, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := pattern.search(log.read_text(errors="replace"))):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(log.read_text(errors="replace")[-3000:])
        time.sleep(0.1)
    return found


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: where it leads is part of the answer."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stay where we are."""
