"""A town of a hundred and eight positions, a telephone's width and a keyboard: a panel that covers three of them."""

from typing import Any

import pytest
from playwright.sync_api import expect

from compliance.models import Installation, PanelCheck, Position
from config import demo_proofs
from tests.databases import FreshDatabase
from tests.journeys.screens import AXE_OPTIONS, RUN_AXE, TOO_WIDE, axe
from tests.journeys.test_keyboard_alone import go, sign_in, tab_to, town_hall  # noqa: F401 (a fixture)
from tests.servers import Site

TOLD = "p[role=status]"


@pytest.fixture
def crowded(town_hall: Site, fresh_database: FreshDatabase) -> Site:  # noqa: F811
    """The demonstration commune with a hundred positions more, which nothing is known of yet."""
    place = Installation.objects.get()
    Position.objects.bulk_create(
        Position(installation=place, code=f"VAL-{n}", address=f"{n}, rue du Faubourg") for n in range(100, 200)
    )
    return town_hall


def back_to(page: Any, selector: str) -> None:
    """Go back by Maj+Tab."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"« {selector} » n’est pas atteint à rebours")


def search(page: Any, words: str) -> None:
    """Write in the search field, which has the focus, and press Enter: the answer is what is read next."""
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(f"{TOLD}:focus")).to_be_visible()


def clean(page: Any) -> None:
    """Nothing overflows, and axe-core finds nothing."""
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(RUN_AXE, AXE_OPTIONS)["violations"] == []


def test_a_panel_is_recorded_among_many_positions_by_the_keyboard_at_a_telephone_width(
    crowded: Site, page: Any, tmp_path: Any
) -> None:
    photo = tmp_path / "panneau.png"
    photo.write_bytes(demo_proofs.snapshot("VAL-150", "aujourd’hui", masks=0))
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(axe())
    page.on("filechooser", lambda _: None)  # as in test_keyboard_alone: heard from the start, or by chance

    page.goto(f"{crowded.url}/installations/VALCLAIR/actes/panneau/")
    sign_in(page, "liaison")
    tab_to(page, "input[name=code]")
    page.keyboard.type("P-06")
    tab_to(page, "input[name=place]")
    page.keyboard.type("rue du Faubourg")
    tab_to(page, "input[type=search]")
    clean(page)

    search(page, "faubourg 150")
    expect(page.locator(TOLD)).to_have_text("Cases cochées : 0 sur 108. 1 ligne répond à « faubourg 150 ».")
    tab_to(page, "input[name=positions][value=VAL-150]")
    page.keyboard.press("Space")
    expect(page.locator(TOLD)).to_contain_text("Cases cochées : 1 sur 108.")

    back_to(page, "input[type=search]")
    search(page, "val-07")
    assert page.locator("input[name=positions][value=VAL-150]").is_checked()
    go(page, "button", "Cocher ce qui est trouvé")
    expect(page.locator(f"{TOLD}:focus")).to_contain_text("Cases cochées : 2 sur 108.")
    back_to(page, "input[type=search]")
    search(page, "faubourg 199")
    tab_to(page, "input[name=positions][value=VAL-199]")
    page.keyboard.press("Space")
    clean(page)

    go(page, "button", "Vérifier mes réponses")
    assert page.title().startswith("Erreur : ")
    assert page.locator("input[name=positions]:checked").count() == 3
    assert page.locator("input[name=code]").input_value() == "P-06"
    clean(page)
    tab_to(page, "input[name=document]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(photo)
    go(page, "button", "Vérifier mes réponses")
    assert "VAL-07, VAL-150, VAL-199" in page.locator("main").inner_text()

    go(page, "button", "Enregistrer le panneau")
    assert page.locator("h1").inner_text() == "L’acte est enregistré."
    seen = PanelCheck.objects.get(panel__code="P-06")
    assert sorted(seen.positions.values_list("code", flat=True)) == ["VAL-07", "VAL-150", "VAL-199"]
