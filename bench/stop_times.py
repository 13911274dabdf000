"""How long a camera's connection outlives its right: `./run bench stop_times [--runs N]`, answer in JSON.

From the commit of the act that withdraws the order, or from the blow given to the recorder, to the camera's connection
closed as the camera itself sees it. Simulated cameras, a real recorder process, a database of its own.
"""

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
FAULTS = {"streaming": "", "stalled": "/stall=1", "hung at DESCRIBE": "/hang-describe", "hung at PLAY": "/hang-play"}
SILENCE = 3.0


def main() -> int:
    """Measure every case and print the figures, in seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", choices=[*FAULTS, "killed", "frozen"], action="append")
    options = parser.parse_args()
    cases = options.only or [*FAULTS, "killed", "frozen"]
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        home = prepare(Path(folder))
        answer = {case: summary(measure(case, home, runs=options.runs)) for case in cases}
    print(json.dumps({"runs": options.runs, "silence": SILENCE, "seconds": answer}, indent=2))
    return 0


def prepare(folder: Path) -> Path:
    """Make a migrated database and a state folder, and point this process at them."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.environ["CLAIREVOIE_HOME"] = str(home)
    os.environ["CLAIREVOIE_LOG"] = "ERROR"
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for command in (("migrate", "--verbosity", "0"), ("createcachetable",)):
        subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, check=True)
    import django

    django.setup()
    from recording.engine.addresses import address_key

    address_key(home)
    return home


def summary(seconds: list[float]) -> dict[str, float]:
    """Return the figures of a series."""
    ordered = sorted(seconds)
    return {
        "median": round(statistics.median(ordered), 3),
        "p99": round(ordered[min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))], 3),
        "max": round(ordered[-1], 3),
    }


def measure(case: str, home: Path, *, runs: int) -> list[float]:
    """Return how long each run took."""
    from recording.simulator import Recipe, Simulator

    recipe = Recipe(seconds=6, width=640, height=360)
    with Simulator(home / "clips", cameras=1, recipe=recipe) as simulator:

        def connections() -> int:
            return simulator.connections("cam1")

        if case in FAULTS:
            with recorder():
                return [withdrawal(simulator.url(f"cam1{FAULTS[case]}"), connections) for _ in range(runs)]
        blow = signal.SIGKILL if case == "killed" else signal.SIGSTOP
        return [struck(simulator.url("cam1"), connections, blow) for _ in range(runs)]


@contextlib.contextmanager
def recorder() -> Iterator["subprocess.Popen[bytes]"]:
    """Run a recorder for the time of a block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "recorder", "--silence", str(SILENCE)], cwd=BASE, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGCONT)
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            message = "attendu en vain"
            raise TimeoutError(message)
        time.sleep(0.002)


def open_camera(address: str, connections: Callable[[], int]) -> tuple[object, object]:
    """Build a complete dossier on an address and wait for the recorder to open it."""
    from django.db import transaction

    from cameras import actions
    from compliance import matrix
    from compliance.events import System

    at = datetime.now(UTC)
    with transaction.atomic():
        made = matrix.build(matrix.Plan(), at=at)
        camera = actions.register(made.mounting, address=address, at=at, by=System.CONSOLE)
    wait_for(lambda: connections() == 1)
    time.sleep(2)
    wait_for(lambda: connections() == 1)
    return made.order, camera


def withdrawal(address: str, connections: Callable[[], int]) -> float:
    """Return the seconds from the commit of a withdrawal to the connection closed."""
    from cameras import actions
    from compliance.actions import order
    from compliance.events import System

    captured, camera = open_camera(address, connections)
    at = datetime.now(UTC)
    order.withdraw(captured, since=at, reference="mesure", at=at, by=System.CONSOLE)  # type: ignore[arg-type]
    committed = time.monotonic()
    wait_for(lambda: connections() == 0)
    took = time.monotonic() - committed
    actions.remove(camera, at=datetime.now(UTC), by=System.CONSOLE)  # type: ignore[arg-type]
    return took


def struck(address: str, connections: Callable[[], int], blow: signal.Signals) -> float:
    """Return the seconds from a blow to the recorder to the connection closed."""
    from cameras import actions
    from compliance.events import System

    with recorder() as process:
        _, camera = open_camera(address, connections)
        os.kill(process.pid, blow)
        given = time.monotonic()
        wait_for(lambda: connections() == 0)
        took = time.monotonic() - given
    actions.remove(camera, at=datetime.now(UTC), by=System.CONSOLE)  # type: ignore[arg-type]
    return took


if __name__ == "__main__":
    sys.exit(main())
