"""What the recorder and the web cost while nothing happens, on ten thousand positions: `./run bench idle`.

    ./run bench idle [--positions 10000] [--cameras 20] [--seconds 60]

The dossiers are complete (bench/crowd.py). The cameras registered stand on positions whose order is suspended: the gate
is asked about each, none may open, no image comes. Writes docs/figures/idle.json: the processor time of each process
over the span, in hundredths of a core.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from proofs import write

SETTLE_SECONDS = 15.0


def main() -> int:
    """Build, start both processes, wait, count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--positions", type=int, default=10_000)
    options.add_argument("--cameras", type=int, default=20)
    options.add_argument("--seconds", type=float, default=60.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        figures = measure(Path(folder), positions=asked.positions, cameras=asked.cameras, seconds=asked.seconds)
    write("idle", figures)
    return int(max(figures["recorder_percent_of_a_core"], figures["web_percent_of_a_core"]) > 2.0)


def measure(folder: Path, *, positions: int, cameras: int, seconds: float) -> dict[str, Any]:
    """Return the share of a core that each process used."""
    os.environ.update(CLAIREVOIE_HOME=str(folder / "home"), DJANGO_SETTINGS_MODULE="config.settings")
    import django

    django.setup()
    from tests.databases import FreshDatabase, manage
    from tests.servers import Site

    database = FreshDatabase(folder / "home", f"sqlite:///{folder / 'home' / 'claire-voie.sqlite3'}")
    for command in ("migrate", "createcachetable"):
        manage(database.env, command)
    town(positions, cameras)
    with Site(database.env, logs=folder) as site:
        recorder = site.start("recorder", "manage.py", "recorder")
        time.sleep(SETTLE_SECONDS)
        before = {name: spent(process.pid) for name, process in site.processes.items()}
        time.sleep(seconds)
        assert recorder.poll() is None, site.log("recorder")
        used = {name: spent(process.pid) - before[name] for name, process in site.processes.items()}
    return {
        "positions": positions,
        "cameras_registered_and_dark": cameras,
        "seconds": seconds,
        "recorder_percent_of_a_core": round(100 * used["recorder"] / seconds, 2),
        "web_percent_of_a_core": round(100 * used["web"] / seconds, 2),
    }


def town(positions: int, cameras: int) -> None:
    """Build the dossiers; suspend the order of the last installation and register its cameras."""
    from django.conf import settings
    from django.utils import timezone

    from bench.crowd import crowd
    from cameras import actions, credentials
    from compliance.actions import order
    from compliance.events import System

    credentials.publish(credentials.new_private_key(), home=settings.HOME)
    at = timezone.now()
    made = crowd(installations=20, each=positions // 20, at=at).dossiers[-1]
    order.suspend(made.order, since=at, reference="banc", at=at, by=System.CONSOLE)
    mounted = [place.mountings.get() for place in made.installation.positions.order_by("pk")[:cameras]]
    for number, mounting in enumerate(mounted):
        actions.register(mounting, address=f"rtsp://127.0.0.1:9/{number}", at=at, by=System.CONSOLE)


def spent(pid: int) -> float:
    """Return the processor seconds that a process has used, system time included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
