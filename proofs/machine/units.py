"""The installation under a real systemd: the bare machine is booted, without a network, and its processes are hurt.

A chroot has no systemd. `systemd-nspawn` boots the same folder with its own; this machine's cgroups must let it.
"""

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from proofs.machine import CODE, Failed, Machine

PROCESSES = ("web", "recorder", "worker", "keeper")
SITE = "video.valclair.example"
SETTINGS = "/etc/claire-voie/claire-voie.env"
ASK = """
import http.client, sys
link = http.client.HTTPConnection('127.0.0.1', 8000, timeout=10)
link.request('GET', sys.argv[1], headers={'Host': sys.argv[2], 'X-Forwarded-Proto': sys.argv[3]})
print(link.getresponse().status)
"""
SEGMENTS = (
    "import sqlite3; print(sqlite3.connect('%s').execute('SELECT count(*) FROM recording_segment').fetchone()[0])"
)
BASE = "/var/lib/claire-voie/claire-voie.sqlite3"


class Booted:
    """A bare machine that runs its own systemd."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._leader = _until(lambda: _systemd_under(process.pid), "systemd", seconds=30)
        _until(lambda: self.said("systemctl is-system-running") in {"running", "degraded"}, "le démarrage", seconds=90)

    def run(self, command: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a shell command in it, in the product's folder."""
        inside = ["nsenter", f"--target={self._leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root"]
        answer = subprocess.run(
            [*inside, "sh", "-c", f"cd /{CODE}; {command}"], capture_output=True, text=True, check=False, timeout=600,
            stdin=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"},
        )  # fmt: skip
        if check and answer.returncode:
            message = f"{command} : code {answer.returncode}\n{answer.stdout[-3000:]}\n{answer.stderr[-3000:]}"
            raise Failed(message)
        return answer

    def said(self, command: str) -> str:
        """Return what a command answers, whatever its exit code."""
        return self.run(command, check=False).stdout.strip()

    def shown(self, name: str, prop: str) -> str:
        """Return a property of a unit."""
        return self.said(f"systemctl show --value -p {prop} claire-voie-{name}.service")

    def page(self, path: str = "/compte/login/", *, scheme: str = "https") -> str:
        """Return the status of a page, asked as the proxy asks it."""
        return self.said(f'.venv/bin/python -c "{ASK}" {path} {SITE} {scheme}')


@contextlib.contextmanager
def booted(machine: Machine) -> Iterator[Booted]:
    """Boot the machine for the time of a block."""
    if shutil.which("systemd-nspawn") is None:
        message = "systemd-nspawn absent : paquet « systemd-container »"
        raise Failed(message)
    with (machine.root.parent / "boot.log").open("wb") as log:
        process = subprocess.Popen(
            ["systemd-nspawn", f"--directory={machine.root}", "--boot", "--register=no", "--keep-unit",
             "--private-network", "--quiet"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield Booted(process)
    finally:
        process.terminate()  # an orderly stop of what it booted
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _systemd_under(pid: int) -> int:
    """Return the number of the container's first process, 0 while it is not there."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
            return int(child)
        if found := _systemd_under(int(child)):
            return found
    return 0


def _until(condition: Callable[[], Any], what: str, *, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            message = f"attendu en vain pendant {seconds} s : {what}"
            raise Failed(message)
        time.sleep(0.1)
    return value


def as_units(machine: Machine) -> dict[str, Any]:
    """Install for good twice, record behind the walls, kill and freeze, stop."""
    machine.run("apt-get -qq install -y --no-install-recommends systemd systemd-sysv dbus >/dev/null 2>&1")
    clips = machine.code / "var" / "clips"
    with booted(machine) as town:
        started = time.monotonic()
        town.run("./run install --prod")
        installed = time.monotonic() - started
        town.run(f"sed -i 's/video.exemple.fr/{SITE}/' {SETTINGS}")
        started = time.monotonic()
        town.run("./run install --prod")
        again = time.monotonic() - started
        if SITE not in town.said(f"cat {SETTINGS}"):
            raise Failed("une seconde installation a écrasé les réglages")
        _until(lambda: town.page() == "200", "la page d'accueil", seconds=60)
        units = " ".join(f"claire-voie-{name}.service" for name in PROCESSES)
        figures: dict[str, Any] = {
            "install_s": round(installed, 1),
            "again_s": round(again, 1),
            "systemd_analyze_says": town.said(f"systemd-analyze verify claire-voie.target {units} 2>&1"),
            "check_deploy": town.said("./run manage check --deploy --fail-level WARNING"),
            "page": {"https": town.page(), "http": town.page(scheme="http")},
            "exposure": {name: _exposure(town, name) for name in PROCESSES},
            "walls": {name: _walls(town, name) for name in PROCESSES},
            "state": town.said("stat -c '%U %a %n' /var/lib/claire-voie /var/lib/claire-voie/keys/*").splitlines(),
        }
        if clips.exists():
            figures["segments_behind_the_walls"] = _record(town)
        figures["killed_then_active_again_s"] = {name: _killed(town, name) for name in PROCESSES}
        figures["frozen_recorder_restarted_s"] = _frozen(town)
        started = time.monotonic()
        town.run("systemctl stop claire-voie.target 'claire-voie-*.service'")
        figures["stopped_s"] = round(time.monotonic() - started, 1)
        figures["results"] = {name: town.shown(name, "Result") for name in PROCESSES}
        figures["left_once_stopped"] = town.said("pgrep -u claire-voie -fa").splitlines()
        figures["said_at_warning"] = town.said(
            "journalctl -q -p warning -u 'claire-voie-*' -o cat | tail -5"
        ).splitlines()
    return figures


def _exposure(town: Booted, name: str) -> str:
    said = town.said(f"systemd-analyze security --no-pager claire-voie-{name}.service | tail -1")
    found = re.search(r": ([\d.]+) ", said)
    return found[1] if found else said


def _walls(town: Booted, name: str) -> dict[str, str]:
    """Return what the kernel says of a process's rights."""
    status = town.said(f"cat /proc/{town.shown(name, 'MainPID')}/status")
    wanted = ("Uid", "NoNewPrivs", "Seccomp", "CapEff", "CapBnd")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return {field: lines.get(field, "?").split()[0] for field in wanted}


def _record(town: Booted) -> int:
    """Seed the demonstration in the installation, run its cameras, and return the segments sealed."""
    simulator = "CLAIREVOIE_SIMULATOR=rtsp://127.0.0.1:8554"
    town.run(f"CLAIREVOIE_DEMO=1 {simulator} ./run manage seed_demo")
    town.run(
        "systemd-run --quiet --unit=cameras --working-directory=/opt/claire-voie "
        "/opt/claire-voie/.venv/bin/python -m recording.simulator --port 8554 --folder var/clips --cameras 8"
    )
    counted = f'.venv/bin/python -c "{SEGMENTS % BASE}"'
    _until(lambda: int(town.said(counted) or 0) >= 5, "cinq séquences scellées", seconds=240)
    return int(town.said(counted))


def _killed(town: Booted, name: str) -> float:
    before = town.shown(name, "MainPID")
    started = time.monotonic()
    town.run(f"kill -9 {before}")
    return _back(town, name, before, since=started)


def _frozen(town: Booted) -> float:
    before = town.shown("recorder", "MainPID")
    started = time.monotonic()
    town.run(f"kill -STOP {before}")
    return _back(town, "recorder", before, since=started)


def _back(town: Booted, name: str, before: str, *, since: float) -> float:
    """Return the seconds until a unit is active again with another process."""
    _until(
        lambda: town.shown(name, "ActiveState") == "active" and town.shown(name, "MainPID") not in {before, "0"},
        f"le retour de {name}",
        seconds=60,
    )
    if name == "web":
        _until(lambda: town.page() == "200", "le retour des pages", seconds=60)
    return round(time.monotonic() - since, 1)
