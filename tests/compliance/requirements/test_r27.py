from datetime import date, datetime

from compliance.facts import Facts, PanelCheck
from compliance.requirements.base import Outcome
from compliance.requirements.r27 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    MET,
    NOW,
    UNMET,
    day_table,
    first_instant,
    just_before,
    outcome,
    premises,
    reason,
    street,
)

SEEN, GONE, BACK = date(2024, 4, 23), date(2024, 9, 1), date(2024, 9, 20)
YEAR_AFTER = date(2025, 4, 23)


def panels(*checks: tuple[str, date, bool]) -> Facts:
    return street(panels=tuple(PanelCheck(code, day, present) for code, day, present in checks))


ONCE = panels(("P1", SEEN, True))
MISSING = panels(("P1", SEEN, True), ("P1", GONE, False), ("P1", BACK, True))
TWO = panels(("P1", SEEN, True), ("P2", SEEN, True), ("P1", GONE, False))


@day_table(
    {
        "a microsecond before the photo": (ONCE, just_before(SEEN), UNMET),
        "the day of the photo": (ONCE, first_instant(SEEN), MET),
        "the last instant of a year": (ONCE, just_before(YEAR_AFTER), MET),
        "a year after, to be looked at": (ONCE, first_instant(YEAR_AFTER), ALERT),
        "reported missing": (MISSING, first_instant(GONE), ALERT),
        "put back": (MISSING, first_instant(BACK), MET),
        "one of two is missing": (TWO, first_instant(GONE), MET),
        "never seen, reported missing": (panels(("P1", SEEN, False)), NOW, UNMET),
        "premises too": (premises(panels=()), NOW, UNMET),
        "no panel": (panels(), NOW, UNMET),
    }
)
def test_a_panel_covering_the_position_was_once_proved(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_missing_panel_is_named() -> None:
    assert "P1 a été signalé absent le 1er\u00a0septembre\u00a02024" in reason(
        REQUIREMENT, MISSING, first_instant(GONE)
    )


def test_of_several_missing_panels_the_last_reported_is_named() -> None:
    both = panels(("P1", SEEN, True), ("P2", SEEN, True), ("P2", GONE, False), ("P1", BACK, False))

    assert "P1 a été signalé absent le 20\u00a0septembre\u00a02024" in reason(REQUIREMENT, both, NOW)
