"""Long lists: fifty lines at a time, searched, counted; as many queries for many rows as for few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from compliance.actions import people
from compliance.events import System
from compliance.models import Installation, Mounting
from compliance.views import installation, lists
from compliance.views.clock import now
from compliance.views.french import listed
from recording.views import health

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lists, installation, health):
        monkeypatch.setattr(module, "PER_PAGE", 3)


def read(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_long_list_is_read_page_after_page(folded: None, signed_in: Any) -> None:
    first, last = (read(signed_in("controle"), f"/positions/?page={n}") for n in (1, 3))

    assert "1 à 3 sur 8" in first
    assert first.count('<th scope="row"') == 3
    assert "?page=2" in first
    assert "Précédentes" not in first
    assert "7 à 8 sur 8" in last
    assert "Suivantes" not in last


def test_a_position_is_found_by_its_code_or_its_address(folded: None, signed_in: Any) -> None:
    found, nothing = (read(signed_in("controle"), f"/positions/?q={words}") for words in ("val-06", "zzz"))

    assert found.count('<th scope="row"') == 1
    assert 'href="/positions/VAL-06/"' in found
    assert 'value="val-06"' in found
    assert "Aucune position ne répond à cette recherche." in nothing
    assert "sur huit" in found  # the answer stays that of the whole


def test_a_short_list_has_no_search_and_no_pages(signed_in: Any) -> None:
    page = read(signed_in("controle"), "/positions/")

    assert 'name="q"' not in page
    assert "Suivantes" not in page


def test_an_installation_of_many_positions_shows_the_dark_ones_and_leads_to_all(folded: None, signed_in: Any) -> None:
    page = read(signed_in("controle"), "/installations/VALCLAIR/")

    assert page.count("3 positions sur 8, celles qui sont éteintes d’abord.") == 1
    assert 'href="/positions/VAL-06/"' in page
    assert "Toutes les positions" in page


def test_people_are_searched_and_paged(folded: None, signed_in: Any) -> None:
    whole = read(signed_in("liaison"), "/personnes/?personnes=2")
    nobody = read(signed_in("liaison"), "/personnes/?q=zzz")

    assert "4 à 6 sur " in whole
    assert "?personnes=1" in whole
    assert "Aucune personne ne répond à cette recherche." in nobody


def test_many_codes_are_said_by_the_first_and_the_number_of_others() -> None:
    codes = [f"VAL-{n:02}" for n in range(1, 21)]

    assert listed(codes) == "VAL-01, VAL-02, VAL-03, VAL-04, VAL-05, VAL-06 et 14 autres"
    assert listed(codes[:3]) == "VAL-01, VAL-02 et VAL-03"


@pytest.mark.parametrize("url", ["/sante/", "/direct/", "/personnes/", "/positions/", "/"])
def test_a_page_costs_as_many_queries_for_many_rows_as_for_one(place: Installation, signed_in: Any, url: str) -> None:
    mountings = Mounting.objects.filter(position__installation=place, until=None).order_by("pk")
    Camera.objects.all().delete()
    stand(mountings[:1])
    browser = signed_in("maire")
    browser.get(url)

    with CaptureQueriesContext(connection) as few:
        assert browser.get(url).status_code == 200
    stand(mountings[1:])
    for number in range(20):
        people.register_person(
            place.authority, code=f"AG-{number}", name="Agent", function="Agent", at=now(), by=System.CONSOLE
        )
    with CaptureQueriesContext(connection) as many:
        assert browser.get(url).status_code == 200

    assert len(many) == len(few)


def stand(mountings: Any) -> None:
    """Register a camera for each, as a row: the address is never opened here."""
    for mounting in mountings:
        Camera.objects.create(position=mounting.position, mounting=mounting, sealed_address=b"-", registered_at=now())


def test_the_health_of_many_cameras_is_read_page_after_page(folded: None, place: Installation, signed_in: Any) -> None:
    Camera.objects.all().delete()
    stand(Mounting.objects.filter(position__installation=place, until=None).order_by("pk"))
    count = Camera.objects.count()

    assert f"1 à 3 sur {count}" in read(signed_in("technique"), "/sante/")
    assert f"4 à {min(6, count)} sur {count}" in read(signed_in("technique"), "/sante/?page=2")
