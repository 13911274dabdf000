"""What the pages say of a camera that may be seen and not recorded: R-47 stops recording and leaves live images."""

import re
from datetime import timedelta
from typing import Any

import pytest

from compliance import gate
from compliance.events import System
from compliance.models import Installation, Position
from compliance.views.clock import now
from compliance.views.effects import Effect
from tests.compliance.views.test_pages import read

pytestmark = pytest.mark.django_db
SAID = "En direct seulement, rien n’est enregistré : l’effacement est en échec depuis le"


@pytest.fixture
def failing(place: Installation) -> None:
    """VAL-01, complete, where erasure has just failed."""
    position = Position.objects.get(code="VAL-01")
    at = now() - timedelta(seconds=2)
    gate.observe(position, kind=gate.Seen.ERASURE_FAILED, at=at, by=System.KEEPER, conforms=False)


def test_a_position_says_that_nothing_is_recorded_why_and_by_which_article(failing: None, signed_in: Any) -> None:
    text = read(signed_in("liaison"), "/positions/VAL-01/")

    assert SAID in text
    assert "Ouverte, en direct seulement" in text
    assert "Une n’est pas satisfaite (CSI L252-5, CSI R253-4) : aucune image" in text
    assert "Éteinte" not in text
    assert "aucune image n’est captée" not in text


def test_the_list_and_the_home_count_it_open_and_say_that_it_is_not_recorded(failing: None, signed_in: Any) -> None:
    browser = signed_in("liaison")

    assert "Ouverte, en direct seulement Rien n’est enregistré. L’effacement est en échec" in read(
        browser, "/positions/"
    )
    home = read(browser, "/")
    assert "5 ouvertes sur 8" in home
    assert "VAL-01 en direct seulement : rien n’y est enregistré." in home


def test_another_instant_is_told_the_same_way(failing: None, signed_in: Any) -> None:
    tomorrow = (now() + timedelta(days=1)).date()

    text = read(signed_in("liaison"), f"/positions/VAL-01/porte/?le={tomorrow.isoformat()}")

    assert re.search(r"VAL-01 sera licite le .{8,30}, en direct seulement, si rien n’est fait.", text)
    assert "L’effacement est en échec" in text


@pytest.mark.parametrize(
    ("effect", "word", "kind", "changed"),
    [
        (
            Effect("VAL-01", True, False, "", "", watching=False, live=True),
            "Ouverte, en direct seulement",
            "open",
            True,
        ),
        (Effect("VAL-01", True, False, "", "", watching=False), "S’éteint", "shut", True),
        (Effect("VAL-01", False, True, "", "", watching=False, lived=True), "S’ouvre", "open", True),
        (
            Effect("VAL-01", False, False, "", "", watching=False, live=True, lived=True),
            "Ouverte, en direct seulement",
            "open",
            False,
        ),
    ],
)
def test_the_effect_of_an_act_tells_recording_from_seeing(effect: Effect, word: str, kind: str, changed: bool) -> None:
    assert (effect.word, effect.kind, effect.changed) == (word, kind, changed)
