"""Days and hours as a jurist writes them, in Paris, on the nights of a clock change too."""

from datetime import UTC, date, datetime

import pytest

from compliance.scenario.dates import day_of, instant_of, said


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 mars 2024", date(2024, 3, 12)),
        ("2024-03-12", date(2024, 3, 12)),
        ("1er Août 2026", date(2026, 8, 1)),
        ("29 février 2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_in_words_or_in_figures(text: str, day: date) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12/03/2024", "une date s’écrit « 12 mars 2024 »"),
        ("12 brumaire 2024", "n’est pas une date"),
        ("30 février 2026", "n’existe pas au calendrier"),
        ("2026-13-01", "n’existe pas au calendrier"),
        ("demain", "n’est pas une date"),
        ("31 décembre 9999", "l’année va de 1900 à 2199"),
    ],
)
def test_what_is_no_day_is_refused_in_french(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        day_of(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("12 mars 2024", datetime(2024, 3, 11, 23, 0, tzinfo=UTC)),
        ("12 juillet 2024", datetime(2024, 7, 11, 22, 0, tzinfo=UTC)),
        ("12 mars 2024 à 14:05", datetime(2024, 3, 12, 13, 5, tzinfo=UTC)),
        ("12 mars 2024 à 14 h 05", datetime(2024, 3, 12, 13, 5, tzinfo=UTC)),
        ("12 mars 2024 à 14h", datetime(2024, 3, 12, 13, 0, tzinfo=UTC)),
        ("2024-03-12 14:05:30", datetime(2024, 3, 12, 13, 5, 30, tzinfo=UTC)),
        ("2024-03-12T14:05", datetime(2024, 3, 12, 13, 5, tzinfo=UTC)),
        ("25 octobre 2026 à 2:30 heure d'été", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25 octobre 2026 à 2:30 (heure d'hiver)", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("29 mars 2026 à 3:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_is_that_of_paris(text: str, at: datetime) -> None:
    assert instant_of(text).astimezone(UTC) == at


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12 mars 2024 à midi", "n’est pas une heure : une heure s’écrit"),
        ("12 mars 2024 à 25:00", "de 0:00 à 23:59:59"),
        ("29 mars 2026 à 2:30", "n’existe pas : cette nuit-là, on passe de 2 h à 3 h"),
        ("25 octobre 2026 à 2:30", "revient deux fois cette nuit-là"),
    ],
)
def test_what_is_no_hour_of_that_day_is_refused_in_french(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        instant_of(text)


@pytest.mark.parametrize(
    "text",
    ["12 mars 2024 à 00:00", "1er juin 2024 à 23:59:59", "25 octobre 2026 à 02:30 heure d'été",
     "25 octobre 2026 à 02:30 heure d'hiver"],
)  # fmt: skip
def test_an_instant_is_said_as_it_is_read(text: str) -> None:
    assert said(instant_of(text)).replace("\u00a0", " ").replace("’", "'") == text
