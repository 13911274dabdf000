"""A recorder killed with -9 at random moments: `./run proof kills [--kills 200] [--seed N]`.

A real recorder films a simulated camera. It is killed, at its start or while it records; what a recorder does first
when it starts again is then done, and everything that was acknowledged before the blow must still be there, whole. At
the end every second of the campaign is a segment or a named gap, and the journal is intact.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.stop_times import open_camera, prepare, wait_for
from proofs import BASE, commit, write

LONGEST_LIFE = 8.0  # seconds: about two of them go to the start


def main() -> int:
    """Kill, recover, compare; return 1 when anything acknowledged is lost, unexplained or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    measured = commit()
    with tempfile.TemporaryDirectory(prefix="claire-voie-kills-") as folder:
        home = prepare(Path(folder))
        figures = campaign(home, kills=options.kills, chance=random.Random(options.seed))
        figures["journal"] = subprocess.run(
            [sys.executable, "manage.py", "verify_journal"], cwd=BASE, stdout=subprocess.DEVNULL, check=False
        ).returncode
    write("kills", {"commit": measured, "seed": options.seed, **figures})
    wrong = figures["acknowledged_lost"] or figures["faults"] or figures["unexplained_seconds"] or figures["journal"]
    return int(bool(wrong))


def campaign(home: Path, *, kills: int, chance: random.Random) -> dict[str, Any]:
    """Kill so many recorders; return what was lost, what is wrong, how long it took."""
    from recording.engine.check import faults
    from recording.engine.recovery import recover_everything
    from recording.models import Segment
    from recording.simulator import Recipe, Simulator

    lost: list[str] = []
    found: list[str] = []
    cut: list[float] = []
    released: list[float] = []
    while_recording = 0
    with Simulator(home / "clips", cameras=1, recipe=Recipe(seconds=6, width=320, height=180)) as simulator:
        first = start()
        open_camera(simulator.url("cam1"), lambda: simulator.connections("cam1"))
        for number in range(kills):
            process = start() if number else first
            time.sleep(chance.uniform(0.1, LONGEST_LIFE))
            before = acknowledged()
            recording = simulator.connections("cam1") == 1
            struck, at = time.monotonic(), datetime.now(UTC)
            os.kill(process.pid, signal.SIGKILL)
            wait_for(lambda: simulator.connections("cam1") == 0)
            released.append(time.monotonic() - struck)
            process.wait()
            recover_everything(home, at=datetime.now(UTC))
            after = acknowledged()
            lost += [uuid for uuid, kept in before.items() if not holds(kept, after.get(uuid))]
            found += [fault.words for fault in faults(home, at=datetime.now(UTC), round_seconds=60)]
            last = Segment.objects.order_by("until").last()
            if recording and last is not None and at - last.until < timedelta(seconds=3):
                while_recording += 1
                cut.append((at - last.until).total_seconds())
            print(f"{number + 1}/{kills}", file=sys.stderr, flush=True)
        process = start()
        count = Segment.objects.count()
        wait_for(lambda: Segment.objects.count() > count)
        time.sleep(2)
        process.terminate()
        process.wait(20)
    return {
        "kills": kills,
        "killed_while_recording": while_recording,
        "acknowledged_lost": len(lost),
        "faults": found,
        "segments": Segment.objects.count(),
        "seconds_cut": figures_of(cut),
        "seconds_until_the_camera_is_released": figures_of(released),
        "unexplained_seconds": unexplained(),
    }


def start() -> "subprocess.Popen[bytes]":
    """Start a recorder."""
    return subprocess.Popen([sys.executable, "manage.py", "recorder"], cwd=BASE, stdout=subprocess.DEVNULL)


def acknowledged() -> dict[str, tuple[str, int, int, str]]:
    """Return what the index says of each segment: its state, images, bytes and fingerprint."""
    from recording.models import Segment

    rows = Segment.objects.values_list("uuid", "state", "frames", "size", "sha256")
    return {str(uuid): (state, frames, size, sha256) for uuid, state, frames, size, sha256 in rows}


def holds(before: tuple[str, int, int, str], after: tuple[str, int, int, str] | None) -> bool:
    """True when a segment is still what it was: the same if it was whole, whole and no shorter if it was open."""
    if after is None:
        return False
    return after == before if before[0] != "open" else after[0] != "open" and after[1:3] >= before[1:3]


def unexplained() -> float:
    """Return how many seconds of the campaign are neither in a segment nor in a named gap."""
    from recording.models import Gap, Segment

    spans = list(Segment.objects.values_list("since", "until"))
    first, last = min(since for since, _ in spans), max(until for _, until in spans)
    spans += [(since, until or last) for since, until in Gap.objects.values_list("since", "until")]
    hole, reached = timedelta(0), first
    for since, until in sorted(spans):
        hole += max(timedelta(0), since - reached)
        reached = max(reached, until)
    return round(hole.total_seconds(), 3)


def figures_of(seconds: list[float]) -> dict[str, float]:
    """Return the median and the longest."""
    if not seconds:
        return {}
    return {"median": round(statistics.median(seconds), 3), "max": round(max(seconds), 3)}


if __name__ == "__main__":
    sys.exit(main())
