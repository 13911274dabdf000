from datetime import date, datetime

import pytest

from compliance.facts import Facts, Observation
from compliance.law.terms import Seen
from compliance.requirements.base import Outcome
from compliance.requirements.r47 import REQUIREMENT
from tests.compliance.complete import (
    DECLARED,
    MET,
    NOW,
    ORDER_FIRST,
    ORDER_LAST,
    TICK,
    UNMET,
    day_table,
    declaration,
    first_instant,
    just_after,
    just_before,
    order,
    outcome,
    paris,
    premises,
    reason,
    street,
)

FAILED, RESTORED = paris(2025, 2, 3, 4), paris(2025, 2, 3, 9)
BROKEN = street(
    observations=(
        Observation(Seen.ERASURE_FAILED, FAILED),
        Observation(Seen.STREAM, FAILED + TICK),
        Observation(Seen.ERASURE_RESTORED, RESTORED),
    )
)
CHANGED = paris(2025, 1, 6, 9)


def keeping(days: int | None, *, asked: int | None = None) -> Facts:
    return street(orders=(order(retention_days=days),), declarations=(declaration(retention_days=asked),))


ASKED_MORE = street(declarations=(declaration(retention_days=15), declaration(since=CHANGED, retention_days=31)))


@day_table(
    {
        "a microsecond before the order": (street(), just_before(ORDER_FIRST), UNMET),
        "first instant of the order": (street(), first_instant(ORDER_FIRST), MET),
        # The end of the order is R-08's to say.
        "the day after the order": (street(), just_after(ORDER_LAST), MET),
        "a microsecond before erasure fails": (BROKEN, FAILED - TICK, MET),
        "erasure fails": (BROKEN, FAILED, UNMET),
        "a microsecond before it works again": (BROKEN, RESTORED - TICK, UNMET),
        "it works again": (BROKEN, RESTORED, MET),
        "a microsecond before more is asked": (ASKED_MORE, CHANGED - TICK, MET),
        "more is asked than the order allows": (ASKED_MORE, CHANGED, UNMET),
        "not declared": (street(declarations=()), DECLARED, MET),
        "premises too": (premises(orders=()), NOW, UNMET),
        "one day": (keeping(1), NOW, MET),
        "31 days": (keeping(31), NOW, MET),
        "32 days": (keeping(32), NOW, UNMET),
        "0 day": (keeping(0), NOW, UNMET),
        "as many as allowed": (keeping(30, asked=30), NOW, MET),
        "the order forbids recording": (keeping(None), NOW, UNMET),
        "no order": (street(orders=()), first_instant(date(2025, 1, 1)), UNMET),
    }
)
def test_retention_is_fixed_and_erasure_works(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize(
    ("facts", "words"), [(keeping(1), "1 jour,"), (keeping(30, asked=15), "15 jours,"), (keeping(30), "30 jours,")]
)
def test_the_days_kept_are_those_asked_or_those_of_the_order(facts: Facts, words: str) -> None:
    assert reason(REQUIREMENT, facts, NOW).replace("\u00a0", " ").startswith(words)


@pytest.mark.parametrize(("detail", "told"), [("disque plein", "2025 (disque plein)."), ("", "2025.")])
def test_the_last_failure_is_dated_and_says_why(detail: str, told: str) -> None:
    again = Observation(Seen.ERASURE_FAILED, paris(2025, 3, 14, 4), detail)
    first = Observation(Seen.ERASURE_FAILED, FAILED, "droits refusés")
    facts = street(observations=(first, Observation(Seen.ERASURE_RESTORED, RESTORED, "droits rendus"), again))

    assert reason(REQUIREMENT, facts, NOW).replace("\u00a0", " ").endswith(f"depuis le 14 mars {told}")


def test_it_concerns_every_camera() -> None:
    assert REQUIREMENT.applies(street(declarations=()), NOW)
