"""A real installation on bare machines: two commands, the units, a proxy before the live stream, an upgrade.

    ./run proof install [--base FOLDER] [--from COMMIT] [--whole] [debian] [ubuntu] [upgrade] [upgrade_postgresql]

Needs root, debootstrap, systemd-nspawn and some 3 GB. Each machine is a minimal system made for the occasion
(proofs/machine) with a clone of HEAD, and is erased at the end. `--base` keeps the untouched systems and the drawn
streets for the next time.
"""

import argparse
import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from proofs import BASE, write
from proofs.machine import Failed, Machine, bare, demonstration
from proofs.machine.bases import File, server
from proofs.machine.proxy import before_the_live_stream
from proofs.machine.units import as_units
from proofs.machine.upgrade import upgraded

# The commit that ended the first issue: the oldest base that an installation may hold.
FIRST = "0c61883"
SMALL_SUITE = "tests/compliance/law tests/cameras tests/test_deploy.py"


def main() -> int:
    """Run the parts asked for, each on a machine of its own, and write what was seen."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--base", type=Path, help="dossier où garder les systèmes de départ")
    options.add_argument("--from", dest="former", default=FIRST, help="le commit dont on part")
    options.add_argument("--whole", action="store_true", help="sur Debian, toute la suite et non trois dossiers")
    options.add_argument("parts", nargs="*", choices=[[], *PARTS], help="seulement celles-là")
    asked = options.parse_args()
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        print("Il faut être root et avoir debootstrap (apt install debootstrap).", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the machines are erased on the way out
    figures: dict[str, Any] = {}
    for name in asked.parts or PARTS:
        started, load = time.monotonic(), round(os.getloadavg()[0], 1)
        try:
            seen = PARTS[name](asked)
            figures[name] = {"load_at_start": load, **seen, "total_s": round(time.monotonic() - started, 1)}
        except Failed as failure:
            figures[name] = {"failed": str(failure)[-1500:]}
    known = BASE / "docs" / "figures" / "install.json"
    others = json.loads(known.read_text()) if asked.parts and known.exists() else {}
    write("install", {name: part for name, part in others.items() if name in PARTS} | figures)
    return 1 if '"failed"' in json.dumps(figures) else 0


def told(step: Callable[[Machine], dict[str, Any]], machine: Machine) -> dict[str, Any]:
    """Return the figures of a step, or why it has none: the next one is tried all the same."""
    try:
        return step(machine)
    except Failed as failure:
        return {"failed": str(failure)[-1500:]}


@contextlib.contextmanager
def equipped(release: str, asked: argparse.Namespace) -> Iterator[tuple[Machine, float]]:
    """Make a bare machine with a clone of what is committed here, and its streets if they were drawn before."""
    with bare(release, base=asked.base) as (machine, seconds):
        machine.code.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(BASE), str(machine.code)], check=True)
        drawn, kept = machine.code / "var" / "clips", asked.base / "clips" if asked.base else None
        if kept and kept.exists():
            shutil.copytree(kept, drawn)
        yield machine, seconds
        if kept and not kept.exists() and drawn.exists():
            shutil.copytree(drawn, kept)


def two_commands(machine: Machine) -> dict[str, Any]:
    """Run the demonstration twice on a machine that has nothing."""
    log = machine.root.parent / "demo.log"
    before = machine.packages()
    with demonstration(machine, log) as town:
        first = town.first_page
        left = town.stop()
    with demonstration(machine, log) as town:
        second = town.first_page
        proxy = before_the_live_stream(machine, town)
        town.stop()
    return {
        "packages_before": before,
        "packages_after": machine.packages(),
        "first_page_s": round(first, 1),
        "ctrl_c_exit_code": left,
        "second_start_s": round(second, 1),
        "proxy": proxy,
    }


def suite(machine: Machine, selection: str) -> dict[str, Any]:
    """Run `./run test`, whole or on a few folders: it installs PostgreSQL, Redis and Chromium."""
    started = time.monotonic()
    answer = machine.run(f"./run test {selection} -q", check=False, seconds=2 * 3600)
    closing = [line for line in answer.stdout.splitlines() if " passed" in line]
    if answer.returncode:
        raise Failed(answer.stdout[-1500:])
    figures = {"selection": selection or "./run test", "said": closing}
    return {**figures, "set_up_and_tests_s": round(time.monotonic() - started, 1)}


def debian(asked: argparse.Namespace) -> dict[str, Any]:
    """Debian 12: the two commands, the proxy, the installation under systemd, then the tests."""
    with equipped("bookworm", asked) as (machine, seconds):
        tests = functools.partial(suite, selection="" if asked.whole else SMALL_SUITE)
        steps = {"demo": two_commands, "installed": as_units, "test": tests}
        return {"system_s": round(seconds, 1)} | {name: told(step, machine) for name, step in steps.items()}


def ubuntu(asked: argparse.Namespace) -> dict[str, Any]:
    """Ubuntu 24.04: the demonstration, as on Debian."""
    with equipped("noble", asked) as (machine, seconds):
        return {"system_s": round(seconds, 1), "demo": two_commands(machine)}


def upgrade(asked: argparse.Namespace) -> dict[str, Any]:
    """From a former commit's town, recorded for a while, to this commit: every row and the journal are kept."""
    with equipped("bookworm", asked) as (machine, _):
        return upgraded(machine, File(machine.code / "var" / "claire-voie.sqlite3"), former=asked.former)


def upgrade_postgresql(asked: argparse.Namespace) -> dict[str, Any]:
    """The same on PostgreSQL, Debian's own; then back to the copy made before the upgrade."""
    with equipped("bookworm", asked) as (machine, _), server(machine) as base:
        return upgraded(machine, base, former=asked.former)


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "debian": debian,
    "ubuntu": ubuntu,
    "upgrade": upgrade,
    "upgrade_postgresql": upgrade_postgresql,
}

if __name__ == "__main__":
    sys.exit(main())
