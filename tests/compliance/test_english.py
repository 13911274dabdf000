"""Dates, counts and figures in English, for who asked for it; and what stays French whoever asks."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from compliance.documents.base import make
from compliance.templatetags import claire, wording

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 19, 14, 32, 8, tzinfo=PARIS)
FRENCH = re.compile(r"[à-ÿÀ-Ý]|\b(?:le|la|les|il|dans|jours|vers|octets|aucune?|une?)\b")


@pytest.fixture(autouse=True)
def asked() -> Iterator[None]:
    with translation.override("en"):
        yield


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (wording.day_in_full, date(2027, 1, 1), "1 January 2027"),
        (wording.short_day, date(2026, 11, 17), "17 Nov"),
        (wording.weekday, NOW, "Thursday 19 November 2026"),
        (wording.hour, datetime(2026, 6, 30, 22, 5, tzinfo=UTC), "00:05"),
        (wording.instant, datetime(2026, 6, 30, 22, 5, tzinfo=UTC), "1 July 2026, 00:05"),
        (wording.second, NOW, "19 November 2026, 14:32:08"),
        (wording.grouped, 18204, "18,204"),
        (wording.size, 1_400_000, "1.4 MB"),
        (wording.size, 1, "1 byte"),
        (wording.size, 512, "512 bytes"),
        (wording.bearing, 225, "towards the south-west"),
        (wording.degrees, 12.5, "12.5°"),
        (wording.metres, 45, "45 m"),
        (claire.lead_in, "Date ", "Date:"),
        (claire.lead_in, "Recipients?", "Recipients?"),
    ],
)
def test_a_figure_is_written_as_english_does(write: Callable[[Any], str], value: object, text: str) -> None:
    assert plain(write(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 30), "in 11 days"),
        (date(2026, 11, 20), "tomorrow"),
        (date(2026, 11, 19), "today"),
        (date(2026, 11, 18), "yesterday"),
        (date(2026, 11, 17), "2 days ago"),
        (NOW.replace(second=4), "4 s ago"),
        (NOW.replace(minute=20, second=0), "12 min ago"),
        (NOW.replace(hour=16, minute=33), "in 2 h"),
    ],
)
def test_a_distance_is_told_from_an_explicit_now(value: date, text: str) -> None:
    assert plain(wording.distance(value, NOW)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "no"), (1, "one"), (12, "twelve"), (20, "twenty"), (21, "twenty-one"), (99, "ninety-nine"), (1204, "1,204")],
)
def test_a_count_is_written_in_words_whatever_its_gender(value: int, text: str) -> None:
    assert wording.in_words(value) == wording.in_words(value, feminine=True) == text


@given(value=st.integers(0, 10**12), azimuth=st.floats(-720, 720))
def test_no_figure_keeps_a_word_of_french(value: int, azimuth: float) -> None:
    words = [wording.in_words(value), wording.size(value), wording.grouped(value), wording.bearing(azimuth)]

    assert not [one for one in words if FRENCH.search(one)]


@given(
    value=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
)
def test_no_date_keeps_a_word_of_french(value: datetime, now: datetime) -> None:
    words = [wording.second(value), wording.weekday(value), wording.short_day(value), wording.distance(value, now)]

    assert not [one for one in words if FRENCH.search(one)]


@given(first=st.integers(0, 10**6), second=st.integers(0, 10**6))
def test_two_counts_are_never_said_alike(first: int, second: int) -> None:
    assert (wording.in_words(first) == wording.in_words(second)) is (first == second)


def test_what_is_quoted_says_that_it_is_french_to_who_reads_english_alone() -> None:
    line = Template("{% load claire %}{{ title|phrase|quoted }}")

    assert line.render(Context({"title": "Un arrêté < en vigueur"})) == (
        '<span lang="fr">Un arrêté &lt; en vigueur</span>'
    )
    with translation.override("fr"):
        assert line.render(Context({"title": "Un arrêté < en vigueur"})) == "Un arrêté &lt; en vigueur"


def test_a_paper_is_french_whoever_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def context(_subject: Any, at: datetime) -> dict[str, Any]:
        return {"title": wording.day_in_full(at), "lacking": []}

    kind = SimpleNamespace(context=context, spoken_at=lambda _subject: NOW, template="compliance/none.html")
    monkeypatch.setattr(
        "compliance.documents.base.render_to_string", lambda _name, given: f"{given['title']}, {wording.hour(NOW)}"
    )
    monkeypatch.setattr("compliance.documents.base.render.pdf", str.encode)

    paper = make(kind, None)  # type: ignore[arg-type]

    assert plain(paper.content.decode()) == "19 novembre 2026, 14 h 32"
    assert translation.get_language() == "en"
