"""The instants that dated values name, found by the kinds of their fields: kinds made here, that nothing remembers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from compliance.law import changes, day_after, midnight

AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
FIRST, LAST, ELSEWHERE = date(2026, 3, 1), date(2026, 9, 30), date(2026, 5, 5)


def test_days_and_instants_are_found_however_deep_they_lie() -> None:
    @dataclass(frozen=True)
    class Word:
        said: str = "sans date"

    @dataclass(frozen=True)
    class Term:
        starts_on: date
        ends_on: date | None = None

    @dataclass(frozen=True)
    class Book:
        since: datetime
        word: Word
        terms: tuple[Term, ...] = ()
        other: Term | None = None
        pages: int = 3

    found = changes(Book(AT, Word(), (Term(FIRST, LAST),), Term(ELSEWHERE)))

    assert sorted(found) == [midnight(FIRST), midnight(ELSEWHERE), AT, day_after(LAST)]
    assert all(instant.tzinfo is UTC for instant in found)


def test_what_holds_no_date_names_no_instant() -> None:
    @dataclass(frozen=True)
    class Word:
        said: str
        times: tuple[int, ...] = (1, 2)

    assert changes(Word("sans date")) == []
