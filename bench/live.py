"""Live figures on real RTSP and a real browser: latency against the cameras' own clock, and withdrawal to darkness.

    ./run bench live [--runs 20] [--seconds 15]

Writes docs/figures/live.json. Latency is the page's frame callback minus the instant at which the simulator sent
that frame, known from the bar code; a camera's own sensor and encoder come on top. The other requests of the page
are timed meanwhile. Withdrawal is the commit of the act to the last frame shown; each run lifts what it suspended.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proofs import BASE, commit

TILE = ".tile[data-camera='{}'] .tile-view"
# Keeps one row of each shown frame's bar code, read afterwards: no screenshot in the path.
PROBE = """(index) => {
  const video = document.querySelector(`.tile[data-camera='${index}'] video`);
  const canvas = document.createElement("canvas");
  const strips = (window.strips ??= {})[index] = [];
  const shown = (now, meta) => {
    const wall = performance.timeOrigin + now;
    canvas.width = video.videoWidth; canvas.height = Math.round(video.videoWidth * 40 / 1280);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0);
    const row = pen.getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1).data;
    const grey = []; for (let x = 0; x < row.length; x += 4) grey.push(row[x + 1]);
    if (strips.length < 4000) strips.push([wall, grey]);
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);
}"""


SHOWN = "(index) => document.querySelector(`.tile[data-camera='${index}'] video`)?.videoWidth > 0"


def main() -> int:
    """Run both measures and write the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--seconds", type=float, default=15)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        figures = measure(Path(folder), runs=asked.runs, seconds=asked.seconds)
    target = BASE / "docs" / "figures" / "live.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    return 0


def measure(folder: Path, *, runs: int, seconds: float) -> dict[str, Any]:
    """Return the figures of one stage."""
    os.environ.update(CLAIREVOIE_HOME=str(folder / "home"), DJANGO_SETTINGS_MODULE="config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from bench.town import four_more
    from recording.clips import Recipe
    from tests.databases import FreshDatabase, manage
    from tests.journeys.stage import on_stage

    database = FreshDatabase(folder / "home", f"sqlite:///{folder / 'home' / 'claire-voie.sqlite3'}")
    for command in ("migrate", "createcachetable"):
        manage(database.env, command)
    recipe = Recipe(seconds=60, fps=15, width=1280, height=720)
    clips = BASE / "var" / "clips"
    with on_stage(database, logs=folder, folder=clips, recipe=recipe) as stage, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--autoplay-policy=no-user-gesture-required", "--disable-background-networking"]
            + (["--no-sandbox"] if os.geteuid() == 0 else []),
        )
        page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR").new_page()
        more = four_more(f"rtsp://127.0.0.1:{stage.simulator.port}")
        time.sleep(5)
        stage.sign_in(page, "agent")
        one = latency(stage, page, ["VAL-01"], seconds)
        nine = latency(stage, page, [f"VAL-0{n}" for n in range(1, 6)] + more, seconds)
        withdrawn = [withdrawal(stage, page) for _ in range(runs)]
        chromium.close()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "cores": os.cpu_count(),
        "one_camera": one,
        "wall_of_nine": nine,
        "withdrawal_to_last_frame_s": spread(withdrawn),
    }


def spread(values: list[float]) -> dict[str, float]:
    """Return the figures that a reader wants of a list of seconds."""
    ordered = sorted(values)
    return {
        "runs": len(ordered),
        "median": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 3),
        "max": round(ordered[-1], 3),
    }


def latency(stage: Any, page: Any, codes: list[str], seconds: float) -> dict[str, Any]:
    """Return latency per frame, first picture, and the other requests' time while the wall plays."""
    page.goto(f"{stage.site.url}/direct/")
    page.add_init_script("window.openedAt = Date.now()")
    stage.open_consultation(page, *codes)
    page.wait_for_function("() => [...document.querySelectorAll('video')].some((v) => v.videoWidth > 0)", timeout=20000)
    first = page.evaluate("Date.now() - window.openedAt") / 1000
    for index in range(len(codes)):
        page.wait_for_function(SHOWN, arg=index, timeout=20000)
    # One tile is read: reading all nine back from the canvas would measure the probe.
    page.evaluate(PROBE, 0)
    others = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        others.append(asked(stage, page))
        page.wait_for_timeout(300)
    lates, read_ok, seen = [], 0, 0
    for wall, grey in page.evaluate("window.strips[0]"):
        seen += 1
        counted = read_row(grey)
        if counted is not None:
            read_ok += 1
            lates.append(late(stage.simulator.clock("cam1"), counted, wall / 1000))
    return {
        "cameras": len(codes),
        "frames_seen": seen,
        "bar_codes_read": read_ok,
        "latency_s": spread(lates) if lates else None,
        "first_picture_s": round(first, 3),
        "other_requests_s": spread(others),
    }


def asked(stage: Any, page: Any) -> float:
    """Return the time of another request of the same session, asked beside the browser while the wall plays."""
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    request = urllib.request.Request(f"{stage.site.url}/positions/VAL-01/", headers={"Cookie": cookies})
    start = time.monotonic()
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
    return time.monotonic() - start


def read_row(grey: list[int]) -> int | None:
    """Read the bar code of one row of pixels."""
    from PIL import Image

    from recording.barcode import read

    row = Image.frombytes("L", (len(grey), 1), bytes(grey))
    return read(row.resize((len(grey), 40)))


def late(clock: dict[str, float], number: int, wall: float) -> float:
    """Unroll the loop: the frame shown is the last one of that number sent before it was seen."""
    loop, fps, start = clock["loop_frames"], clock["fps"], clock["t0_wall"] + clock["phase"]
    sent = int((wall - start) * fps)
    turn = (sent - number) // loop
    return wall - (start + (turn * loop + number) / fps)


def withdrawal(stage: Any, page: Any) -> float:
    """Suspend the order while a camera is watched; return commit to last frame shown; lift it for the next run."""
    from django.utils import timezone

    from compliance.actions import order as orders
    from compliance.events import System
    from compliance.models import Order
    from tests.journeys.test_main_job import WATCH_THE_END

    stage.open_consultation(page, "VAL-01")
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.5", timeout=20000)
    page.evaluate(WATCH_THE_END)
    page.wait_for_timeout(300)
    order = Order.objects.filter(lines__position__code="VAL-01").latest("pk")
    at = timezone.now()
    measure = orders.suspend(order, since=at, reference="bench", at=at, by=System.CONSOLE)
    committed = timezone.now().timestamp()
    page.wait_for_selector(f"{TILE.format(0)} [data-dark]:not([hidden])", timeout=10000)
    last = page.evaluate("Math.max(window.lastShown, window.hiddenAt)") / 1000
    lifted = timezone.now()
    orders.lift(measure, until=lifted, at=lifted, by=System.CONSOLE)
    page.wait_for_timeout(2500)
    return float(last - committed)


if __name__ == "__main__":
    sys.exit(main())
