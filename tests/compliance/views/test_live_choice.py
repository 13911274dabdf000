"""The page where an agent chooses what to look at, in a town with more cameras than a page shows."""

import re
from typing import Any

import pytest

import recording.forms
import recording.views.live
from compliance.models import Installation, Mounting
from tests.compliance.views.test_lists import stand
from tests.compliance.views.test_pages import read


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (recording.forms, recording.views.live):
        monkeypatch.setattr(module, "SHOWN", 2)


@pytest.mark.django_db
def test_a_long_choice_is_searched_and_says_how_many_there_are(place: Installation, signed_in: Any) -> None:
    stand(Mounting.objects.filter(position__installation=place, until=None))
    browser = signed_in("agent")

    text = read(browser, "/direct/")

    assert "Chercher une caméra" in text
    assert "2 caméras montrées sur 5 trouvées ; 5 en tout." in text
    assert "Et 1 autre : voir la liste des caméras" in text

    answer = browser.post("/direct/", {"chercher": "1", "q": "val-05", "camera": "VAL-01", "motive": "service"})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "1 caméra trouvée sur 5." in page
    assert 'value="VAL-05"' in page
    assert 'value="VAL-02"' not in page
    assert page.count("checked") == 1
    assert re.search('value="service"\\s+selected', page)
