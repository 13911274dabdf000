"""The gate asked at another instant: what stops if nothing is done, was this camera lawful, of which date it speaks."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from compliance.actions import order
from compliance.events import System
from compliance.law import PARIS, add_months, legal_day
from compliance.models import Declaration, Installation, Mandate, Order
from compliance.views.clock import now
from tests.compliance.views.answers import main_order
from tests.compliance.views.test_pages import read

PLACE = "/installations/VALCLAIR/porte/"
MOVED = "/positions/VAL-06/porte/"


def opened_in(page: str) -> int:
    """Return how many positions are open, by the sentence of the lead."""
    words = ["aucune", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"]
    (found,) = re.findall(r"(\w+) caméras? ouvertes? sur huit", page)
    return words.index(found.lower())


def last_lawful_day() -> date:
    """Return the end of the story's lawfulness: the mayor's mandate ends some weeks before the order."""
    return min(main_order().ends_on, Mandate.objects.get().ends_on)


@pytest.mark.parametrize(("days", "opened"), [(0, 5), (-8, 6), (-10, 7), (-1100, 0), (20 * 366, 0)])
def test_an_instant_is_answered_for_the_whole_installation(signed_in: Any, days: int, opened: int) -> None:
    asked = legal_day(now()) + timedelta(days=days)

    hour = "" if days else f"&heure={now().astimezone(PARIS):%H:%M:%S}"
    text = read(signed_in("liaison"), f"{PLACE}?le={asked.isoformat()}{hour}")

    assert opened_in(text) == opened


def test_what_stops_if_nothing_is_done_is_named_the_day_after_the_last(signed_in: Any) -> None:
    browser, last = signed_in("liaison"), last_lawful_day()

    still = read(browser, f"{PLACE}?le={last}&heure=23:59:59")
    gone = read(browser, f"{PLACE}?le={last + timedelta(days=1)}&heure=00:00")

    assert "rien ne s’arrête si rien n’est fait." in still
    assert opened_in(still) == 5
    assert "cinq caméras s’arrêtent si rien n’est fait." in gone
    assert opened_in(gone) == 0
    assert "Personne ne connaît l’avenir" in gone


def test_the_next_change_is_linked_and_lands_on_the_change(signed_in: Any) -> None:
    browser = signed_in("liaison")
    page = browser.get(PLACE).content.decode()
    (address,) = re.findall(r"Prochain changement</dt>\s*<dd>\s*<a href=\"([^\"]+)\"", page)

    there = browser.get(address.replace("&amp;", "&")).content.decode()

    asked = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert asked == {"le": [(last_lawful_day() + timedelta(days=1)).isoformat()], "heure": ["00:00:00"]}
    assert "cinq caméras s’arrêtent" in there
    assert "Changement précédent" in there


def test_going_back_from_change_to_change_ends_before_the_first(signed_in: Any) -> None:
    browser, address, seen = signed_in("liaison"), MOVED, []
    while address and len(seen) < 9:
        seen.append(address)
        page = browser.get(address).content.decode()
        found = re.findall(r"Changement précédent</dt>\s*<dd>\s*<a href=\"([^\"]+)\"", page)
        address = found[0].replace("&amp;", "&") if found else ""

    assert len(seen) == 3, "opened once, went dark once when it was turned"
    turned = Declaration.objects.filter(position__code="VAL-06").latest("since").since.astimezone(PARIS)
    assert parse_qs(urlsplit(seen[1]).query)["le"] == [turned.date().isoformat()]


def test_a_camera_was_lawful_before_it_was_turned_and_is_no_longer(signed_in: Any) -> None:
    browser = signed_in("controle")
    before = legal_day(now()) - timedelta(days=30)

    was = read(browser, f"{MOVED}?le={before}&heure=14:02")
    is_now = read(browser, MOVED)

    assert "VAL-06 était licite le" in was
    assert "14 h 02" in was
    assert "toutes satisfaites à cet instant" in was
    assert "VAL-06 n’est pas licite maintenant." in is_now


def test_a_camera_lawful_today_will_not_be_once_its_order_is_over(signed_in: Any) -> None:
    after = add_months(main_order().ends_on, 1)

    text = read(signed_in("liaison"), f"/positions/VAL-01/porte/?le={after}")

    assert "VAL-01 ne sera pas licite le" in text
    assert "si rien n’est fait" in text
    assert "arrêté" in text


def test_each_action_has_its_own_answer_about_the_camera(place: Installation, signed_in: Any) -> None:
    last = last_lawful_day()
    browser = signed_in("liaison")

    page = read(browser, f"/positions/VAL-01/porte/?le={last + timedelta(days=1)}&heure=00:30")

    part = page.split("Action par action")[1]
    # The hour before was half lawful: what was lawfully recorded then cannot be handed over with what was not.
    assert re.search(r"Enregistrer\s+Fermée", part)
    assert re.search(r"Remettre\s+Fermée", part)
    later = read(browser, f"/positions/VAL-01/porte/?le={last}&heure=12:00").split("Action par action")[1]
    assert re.search(r"Remettre\s+Ouverte", later)


def test_the_page_says_which_of_the_two_dates_it_shows(place: Installation, signed_in: Any) -> None:
    """A withdrawal captured today about last week changes last week's answer: the legal date, known today."""
    browser = signed_in("liaison")
    week = now() - timedelta(days=3)
    url = f"/positions/VAL-01/porte/?le={legal_day(week)}&heure={week.astimezone(PARIS):%H:%M}"
    before = read(browser, url)

    order.withdraw(main_order(), since=now() - timedelta(days=5), reference="1", at=now(), by=System.CONSOLE)
    after = read(browser, url)

    assert "VAL-01 était licite" in before
    assert "VAL-01 n’était pas licite" in after
    for page in (before, after):
        assert "Date légale" in page
        assert "même ceux inscrits après la date légale" in page
        assert "avec ce qu’elle savait alors, est au journal" in page
    journal = f"/journal/?au={legal_day(week)}&amp;operation=Porte&amp;position=VAL-01"
    assert journal in browser.get(url).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("le=demain", "Écrivez la date ainsi : 15/03/2029."),
        ("le=2029-03-15&heure=midi", "Écrivez l’heure ainsi : 14:02."),
        ("le=0001-01-01", "Donnez une année de 1995 à 2100."),
        ("le=9999-12-31", "Donnez une année de 1995 à 2100."),
    ],
)
@pytest.mark.parametrize("url", [PLACE, MOVED])
def test_a_date_that_cannot_be_read_is_explained(signed_in: Any, url: str, asked: str, said: str) -> None:
    browser = signed_in("liaison")

    page = browser.get(f"{url}?{asked}").content.decode()

    assert "<title>Erreur : " in page
    assert said in read(browser, f"{url}?{asked}")


@pytest.mark.parametrize(("written", "hour"), [("15/03/2029", "14 h 02"), ("2029-03-15", "14:02")])
def test_a_date_is_read_as_a_person_writes_it(signed_in: Any, written: str, hour: str) -> None:
    text = read(signed_in("liaison"), f"{PLACE}?le={written}&heure={hour}")

    assert "Le 15 mars 2029, 14 h 02," in text


def test_the_night_the_clocks_change_has_an_answer(signed_in: Any) -> None:
    lost = datetime(2027, 3, 28, 2, 30, tzinfo=PARIS)

    text = read(signed_in("liaison"), f"{PLACE}?le={lost.date()}&heure={lost:%H:%M}")

    assert opened_in(text) == 5


def test_installation_position_and_home_lead_to_the_question(signed_in: Any) -> None:
    browser = signed_in("liaison")

    assert f'action="{PLACE}"' in browser.get("/installations/VALCLAIR/").content.decode()
    assert f'action="{MOVED}"' in browser.get("/positions/VAL-06/").content.decode()
    assert PLACE in browser.get("/").content.decode()


def test_without_an_order_nothing_is_expected_to_change(signed_in: Any) -> None:
    for struck in Order.objects.all():
        order.withdraw(struck, since=now() - timedelta(minutes=1), reference="1", at=now(), by=System.CONSOLE)

    text = read(signed_in("liaison"), f"{PLACE}?le={legal_day(now()) + timedelta(days=4000)}")

    assert "rien ne s’arrête" in text
    assert "Prochain changement" not in text


def test_many_positions_are_shown_page_after_page(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.views.instants.BY_PAGE", 3)
    browser, url = signed_in("liaison"), f"{PLACE}?le=2031-03-15&heure=00:00"

    first = browser.get(url).content.decode()
    last = browser.get(f"{url}&page=3").content.decode()

    assert "&amp;page=2" in first
    assert "Page 3 sur 3" in read(browser, f"{url}&page=3")
    assert last.count('<th scope="row"') == 2
