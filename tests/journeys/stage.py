"""The demonstration commune, running: simulated cameras, web, recorder; and a person in a browser."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from recording.barcode import read
from recording.clips import Recipe
from recording.simulator import Simulator
from tests.databases import FreshDatabase
from tests.servers import Site

PASSWORD = "lavoir-tilleul-moulin-4821"
SMALL = Recipe(seconds=4, fps=10, width=320, height=180)
CLIPS = Path("clips")


@dataclass(frozen=True)
class Stage:
    """What a journey has in hand."""

    site: Site
    simulator: Simulator

    def sign_in(self, page: Any, login: str) -> None:
        """Sign in by the form, as a person does."""
        page.goto(f"{self.site.url}/compte/login/")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/compte/" not in url)

    def open_consultation(self, page: Any, *codes: str, motive: str = "service") -> str:
        """Choose cameras, give the motive, and return the consultation's number."""
        page.goto(f"{self.site.url}/direct/")
        for box in page.locator("input[name=camera]").all():
            if box.get_attribute("value") in codes:
                box.check()
            else:
                box.uncheck()
        page.select_option("select[name=motive]", motive)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/direct/2" in url)
        return str(page.url).rstrip("/").rsplit("/", 1)[1]


@contextlib.contextmanager
def on_stage(
    database: FreshDatabase, *, logs: Path, folder: Path, recipe: Recipe = SMALL, env: dict[str, str] | None = None
) -> Iterator[Stage]:
    """Play the demonstration for the time of a block; every process is stopped by its own number."""
    with Simulator(folder, cameras=9, recipe=recipe) as simulator:
        given = {
            **database.env,
            "CLAIREVOIE_DEMO": "1",
            "CLAIREVOIE_DEMO_PASSWORD": PASSWORD,
            "CLAIREVOIE_SIMULATOR": f"rtsp://127.0.0.1:{simulator.port}",
            **(env or {}),
        }
        with Site(given, logs=logs) as site:
            seeded = site.manage("seed_demo")
            assert seeded.returncode == 0, seeded.stdout + seeded.stderr
            site.start_command("recorder")
            yield Stage(site, simulator)


def number_on(page: Any, selector: str) -> int | None:
    """Return the frame number read in a screenshot of an element."""
    picture = page.locator(selector).screenshot()
    return read(Image.open(BytesIO(picture)))


def wait_for_number(page: Any, selector: str, *, seconds: float = 20) -> int:
    """Return the first frame number seen, or fail with what the page says."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        number = number_on(page, selector)
        if number is not None:
            return number
        time.sleep(0.1)
    raise AssertionError(f"aucune image en {seconds} s : {page.locator('main').inner_text()[:600]}")


def instant(milliseconds: float) -> datetime:
    """Return an instant of the browser's clock."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
