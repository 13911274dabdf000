"""Each page says what it is for, what is risked without it, and where it stands."""

import re
from typing import Any

import pytest

from compliance.forms.acts import ACTS
from compliance.views.guide import GUIDE, of_act, told
from tests.journeys.addresses import routes

# Answers that are no page: a file, images, a change that leads elsewhere.
NOT_A_PAGE = {
    "account_signup": "closed",
    "document": "a file",
    "health_position": "a part of the position's page",
    "invitation": "leads to the choice of a password",
    "journal_verify": "a change, then the journal",
    "live_end": "a change, then the live page",
    "live_stream": "images",
    "set_language": "a change, then the same page",
}
OF_ACTS = {"act", "act_check", "act_done"}


def test_every_page_has_its_words_and_every_word_its_page() -> None:
    assert set(GUIDE) == set(routes()) - set(NOT_A_PAGE) - OF_ACTS


@pytest.mark.parametrize("name", GUIDE)
def test_the_words_of_a_page_are_whole_sentences_with_an_article(name: str) -> None:
    page = GUIDE[name]

    assert page.use.endswith(".")
    assert page.risk.endswith(".")
    assert page.articles


@pytest.mark.parametrize("slug", ACTS)
def test_every_act_says_what_it_is_for_and_what_is_risked(slug: str) -> None:
    page = of_act(slug)

    assert page is not None
    assert page.use.endswith(".")
    assert page.risk.endswith(".")
    assert page.articles


def test_an_act_that_does_not_exist_says_nothing() -> None:
    assert told("act", "danser") is None


@pytest.mark.parametrize(
    "url",
    ["/installations/VALCLAIR/", "/positions/VAL-06/", "/journal/", "/loi/", "/personnes/", "/recherche/", "/sante/"],
)
def test_the_page_shows_them_and_its_breadcrumbs(signed_in: Any, url: str) -> None:
    page = signed_in("liaison").get(url).content.decode()

    assert "<summary>À quoi sert cette page</summary>" in page
    assert "Que risque-t-on" in page
    assert 'aria-label="Fil d’Ariane"' in page
    assert len(re.findall('aria-current="page"', page.split('class="crumbs"')[1].split("</ol>")[0])) == 1


def test_a_page_that_was_not_found_explains_nothing_it_does_not_know(signed_in: Any) -> None:
    page = signed_in("liaison").get("/ailleurs/").content.decode()

    assert "Cette page n’existe pas." in page
    assert "À quoi sert cette page" not in page
