"""A newcomer and a keyboard, nothing else: why is VAL-07 dark, record its panel with a photo, see it open."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from compliance.law import legal_day
from config import demo_proofs
from tests.databases import FreshDatabase
from tests.journeys.stage import PASSWORD
from tests.servers import Site

FURTHEST = 120
SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture
def town_hall(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Site]:
    """The demonstration commune, served."""
    env = {**fresh_database.env, "CLAIREVOIE_DEMO": "1", "CLAIREVOIE_DEMO_PASSWORD": PASSWORD}
    with Site(env, logs=tmp_path) as site:
        seeded = site.manage("seed_demo")
        assert seeded.returncode == 0, seeded.stdout + seeded.stderr
        yield site


def tab_to(page: Any, selector: str, text: str = "") -> None:
    """Press Tab until that element has the focus, as a person would, and see that it shows."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        here = page.locator(f"{selector}:focus")
        if here.count() and text in here.inner_text():
            assert page.evaluate(SEEN), f"le focus ne se voit pas : {selector}"
            return
    raise AssertionError(f"« {text or selector} » n’est pas atteint au clavier sur {page.url}")


def sign_in(page: Any, login: str) -> None:
    """Type a login and the demonstration's password at the door, and enter."""
    tab_to(page, "input[name=login]")
    page.keyboard.type(login)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def go(page: Any, selector: str, text: str = "") -> None:
    """Reach an element by Tab and press Enter: another page comes."""
    tab_to(page, selector, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_day(page: Any, day: date) -> None:
    """Type a date in the focused field, in the order that this browser's own language asks for."""
    here = page.locator("input:focus")
    for written in (f"{day:%d%m%Y}", f"{day:%m%d%Y}"):
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.type(written)
        if here.input_value() == day.isoformat():
            return
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        tab_to(page, "input[name=checked_on]")
    raise AssertionError(f"la date ne s’écrit pas : {here.input_value()}")


def test_a_newcomer_finds_why_a_camera_is_dark_and_opens_it_by_the_keyboard_alone(
    town_hall: Site, page: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "panneau-gare.png"
    photo.write_bytes(demo_proofs.snapshot("VAL-07", "aujourd’hui", masks=0))

    # Asked at the moment of the key, Chromium hands the chooser over or not, as it comes; asked ahead, every time.
    page.on("filechooser", lambda _: None)
    page.goto(f"{town_hall.url}/")
    sign_in(page, "liaison")
    assert "VAL-07" in page.locator("main").inner_text()

    go(page, "a", "Caméras")
    go(page, "a", "VAL-07")
    assert page.locator("#pourquoi").inner_text() == "Pourquoi cette caméra est éteinte"
    assert "Aucun panneau couvrant cette position" in page.locator(".finding-stop").first.inner_text()

    go(page, ".finding-stop a.btn")
    tab_to(page, "input[name=code]")
    page.keyboard.type("P-06")
    tab_to(page, "input[name=place]")
    page.keyboard.type("parvis de la gare")
    tab_to(page, "input[name=positions][value=VAL-07]")
    assert page.locator("input[name=positions]:checked").count() == 1, "la position de départ est déjà cochée"
    tab_to(page, "input[name=checked_on]")
    type_day(page, legal_day(timezone.now()))
    tab_to(page, "input[name=document]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(photo)
    go(page, "button", "Vérifier mes réponses")
    assert page.locator("h1").inner_text() == "Vérifiez vos réponses", page.locator("main").inner_text()[:600]
    assert "S’ouvre" in page.locator("main aside").first.inner_text()

    go(page, "button", "Enregistrer le panneau")
    assert page.locator("h1").inner_text() == "L’acte est enregistré."
    go(page, "main a.btn", "Voir ce qui reste à faire")
    go(page, "a", "VAL-07")
    assert "Ouverte" in page.locator(".page-head .state").inner_text()
    assert "Toutes sont satisfaites" in page.locator("main").inner_text()
