"""The pictures of the guides, taken in the demonstration town as it runs: `./run proof pictures [NAME …]`.

Each is a page as one function sees it, in a real browser, written to docs/images/. Dates follow the day of the taking.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proofs import BASE

FOLDER: Final = BASE / "docs" / "images"
WIDE, NARROW = 1280, 390
COLOURS = 255
HEAVIEST = 150_000
PANEL = "panneau"
# Fields of dates follow the page's language, as Firefox's do.
FRENCH_DATES = "--enable-blink-features=LangAttributeAwareFormControlUI"
PLACE = "/installations/VALCLAIR"
PAPERS = (
    ("panneau", "--panel", "P-01"),
    ("habilitation", "--person", "agent"),
    ("mise-en-service", "--position", "VAL-07"),
    ("etat",),
)


@dataclass(frozen=True)
class Picture:
    """One page to take: who reads it, where, how wide and how far down; `do` brings it to what is shown."""

    login: str
    path: str
    width: int = WIDE
    height: int = 900
    do: Callable[[Any], None] | None = None


def ask_later(page: Any) -> None:
    """Follow the next change that the page announces."""
    page.locator("main a[href*='le=']").last.click()
    page.wait_for_load_state()


def suspend(page: Any) -> None:
    """Answer the act of suspension, and stop at its check."""
    known = page.locator("main select[name=order] option").filter(has_text="VP-0142").first
    page.select_option("main select[name=order]", known.get_attribute("value"))
    page.fill("main [name=reference]", "2026-SUSP-12")
    page.click("main form .actions button")
    page.wait_for_url("**/verifier/**")


def watch(page: Any) -> None:
    """Choose every camera that may be seen, say why, and wait for their images."""
    page.select_option("select[name=motive]", "service")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/direct/2" in url)
    tiles = page.locator(".tile video").count()
    page.wait_for_function(
        "(n) => [...document.querySelectorAll('.tile video')].filter((v) => v.videoWidth > 0).length >= n",
        arg=tiles,
        timeout=60_000,
    )
    page.wait_for_timeout(1_500)


# In the order of their taking: the papers are asked for first, the images are watched before the journal is read.
PICTURES: Final[dict[str, Picture]] = {
    "accueil": Picture("liaison", "/", height=1015),
    "accueil-telephone": Picture("maire", "/", width=NARROW, height=1000),
    "installation": Picture("liaison", f"{PLACE}/", height=1200),
    "acte": Picture("liaison", f"{PLACE}/actes/arrete-suspendre/", do=suspend),
    "porte": Picture("dpo", f"{PLACE}/porte/", do=ask_later),
    "position": Picture("liaison", "/positions/VAL-06/", height=1200),
    "position-telephone": Picture("agent", "/positions/VAL-06/", width=NARROW, height=1400),
    "personne": Picture("liaison", "/personnes/PM-01/", height=840),
    "documents": Picture("liaison", f"{PLACE}/documents/", height=1000),
    "direct": Picture("agent", "/direct/", height=780, do=watch),
    "sante": Picture("technique", "/sante/"),
    "journal": Picture("dpo", "/journal/", height=1000),
}


def main() -> int:
    """Take what is asked (everything without a name); return 1 when a picture is heavier than it may be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*PICTURES, PANEL)))
    names = set(asked.parse_args().names) or {*PICTURES, PANEL}
    if unknown := names - {*PICTURES, PANEL}:
        asked.error(f"image inconnue : {', '.join(sorted(unknown))}")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        asked.error("Chromium est introuvable (apt-get install chromium).")
    with tempfile.TemporaryDirectory(prefix="claire-voie-proof-") as folder:
        taken = take(names, Path(folder), browser=browser)
    for path in taken:
        print(f"{path.stat().st_size // 1000:4} ko  {path.relative_to(BASE)}")
    return int(any(path.stat().st_size > HEAVIEST for path in taken))


def take(names: set[str], folder: Path, *, browser: str) -> list[Path]:
    """Start the town, take the pictures named, and return their files."""
    os.environ.update(CLAIREVOIE_HOME=str(folder / "home"), DJANGO_SETTINGS_MODULE="config.settings")
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from recording.clips import Recipe
    from tests.databases import FreshDatabase, manage
    from tests.journeys.stage import on_stage

    database = FreshDatabase(folder / "home", f"sqlite:///{folder / 'home' / 'claire-voie.sqlite3'}")
    for command in ("migrate", "createcachetable"):
        manage(database.env, command)
    recipe = Recipe(seconds=6, fps=12)
    with on_stage(database, logs=folder, folder=BASE / "var" / "clips", recipe=recipe) as stage:
        stage.site.start_command("keeper")
        for number, paper in enumerate(PAPERS):
            issued = stage.site.manage(
                "issue", *paper, "--installation", "VALCLAIR", "--out", str(folder / f"{number}.pdf")
            )
            assert issued.returncode == 0, issued.stderr
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser,
                args=[FRENCH_DATES, "--disable-background-networking"]
                + (["--no-sandbox"] if os.geteuid() == 0 else []),
            )
            taken = [shot(stage, chromium, name) for name in PICTURES if name in names]
            chromium.close()
    return taken + (panel(folder / "0.pdf") if PANEL in names else [])


def shot(stage: Any, chromium: Any, name: str) -> Path:
    """Take one page, signed in afresh, and return its file."""
    asked = PICTURES[name]
    context = chromium.new_context(
        viewport={"width": asked.width, "height": 800},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    page = context.new_page()
    stage.sign_in(page, asked.login)
    page.goto(f"{stage.site.url}{asked.path}")
    if asked.do is not None:
        asked.do(page)
    path = FOLDER / f"{name}.png"
    height = min(asked.height, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": asked.width, "height": height})
    context.close()
    return light(path)


def panel(pdf: Path) -> list[Path]:
    """Turn the panel issued into a picture, or say why the one there is kept."""
    path = FOLDER / f"{PANEL}.png"
    if shutil.which("pdftoppm") is None:
        print(f"pdftoppm (poppler-utils) est absent : {path.name} reste comme elle est.", file=sys.stderr)
        return []
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-scale-to-x", "800", "-scale-to-y", "-1", pdf, path.with_suffix("")],
        check=True,
    )
    return [light(path)]


def light(path: Path) -> Path:
    """Keep a picture with few colours: pages have few."""
    from PIL import Image

    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    path.chmod(0o644)
    return path


if __name__ == "__main__":
    sys.exit(main())
