"""The search: what a few letters find, and that it shows only what the reader's office opens."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from compliance.models import Installation
from compliance.templatetags.wording import folded
from tests.compliance.views.conftest import LOGINS
from tests.compliance.views.test_pages import read, twice_as_many

LEADS = {
    "gare": "/positions/VAL-07/",
    "ecole": "/positions/VAL-04/",
    "panneau photo": "/installations/VALCLAIR/actes/panneau/",
    "VP-0142": "/documents/",
    "police municipale": "/personnes/#PM-01",
    "R253-5": "/loi/#csi-r253-5",
    "journal operation": "/journal/",
    "autre date": "/installations/VALCLAIR/porte/",
}


@pytest.mark.parametrize("asked", LEADS)
def test_a_few_letters_lead_to_the_thing(signed_in: Any, asked: str) -> None:
    page = signed_in("liaison").get("/recherche/", {"q": asked}).content.decode()

    assert f'href="{LEADS[asked]}' in page


def test_it_is_reached_from_every_page_and_needs_no_script(signed_in: Any) -> None:
    page = signed_in("technique").get("/").content.decode()

    assert 'href="/recherche/"' in page


@pytest.mark.parametrize("login", LOGINS)
def test_it_shows_only_acts_and_things_that_the_office_opens(signed_in: Any, login: str) -> None:
    browser = signed_in(login)

    for asked in ("arrêté", "VAL-0", "fonction", "masques", "personne"):
        page = browser.get("/recherche/", {"q": asked}).content.decode()
        for address in {
            part.split('"')[0] for part in page.split('<ul class="results">')[1:] for part in part.split('href="')[1:]
        }:
            if address.startswith(("/installations/", "/positions/", "/journal/", "/personnes/")):
                assert browser.get(address).status_code == 200, address


def test_who_does_not_read_the_dossier_finds_nothing_of_it(signed_in: Any) -> None:
    text = read(signed_in("technique"), "/recherche/?q=gare")

    assert "Rien ne porte ce nom" in text


def test_one_letter_is_too_short_and_nothing_asked_is_no_error(signed_in: Any) -> None:
    browser = signed_in("liaison")

    assert "Écrivez au moins deux lettres." in read(browser, "/recherche/?q=a")
    assert "<title>Rechercher" in browser.get("/recherche/").content.decode()


def test_text_with_markup_is_shown_as_text(signed_in: Any) -> None:
    page = signed_in("liaison").get("/recherche/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_accents_and_capitals_do_not_count() -> None:
    assert folded("Délégué à l’École") == folded("delegue a l'ecole")


def test_a_visitor_is_led_to_the_door(place: Installation) -> None:
    assert Client().get("/recherche/?q=gare").status_code == 302


def test_it_costs_as_many_queries_for_sixteen_positions_as_for_eight(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    browser.get("/recherche/?q=VAL")

    with CaptureQueriesContext(connection) as eight:
        browser.get("/recherche/?q=VAL")
    twice_as_many(place)
    with CaptureQueriesContext(connection) as sixteen:
        browser.get("/recherche/?q=VAL")

    assert len(sixteen) == len(eight) <= 20
