from datetime import date, datetime

import pytest

from compliance.facts import Facts
from compliance.law.terms import MeasureKind, OrderKind
from compliance.requirements.base import Outcome
from compliance.requirements.r08 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    MET,
    NOW,
    ORDER_FIRST,
    ORDER_LAST,
    PROVISIONAL_LAST,
    UNMET,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    measure,
    order,
    outcome,
    premises,
    provisional,
    reason,
    street,
)

TWELVE, EIGHT, FOUR = date(2028, 3, 11), date(2028, 7, 11), date(2028, 11, 11)
RENEWED = street(
    orders=(order(), order(id=2, number="2029-40", starts_on=date(2029, 3, 12), ends_on=date(2034, 3, 11)))
)


@day_table(
    {
        "a microsecond before the order": (street(), just_before(ORDER_FIRST), UNMET),
        "first instant of the order": (street(), first_instant(ORDER_FIRST), MET),
        "last day before the twelve months": (street(), last_instant(TWELVE), MET),
        "twelve months before": (street(), just_after(TWELVE), ALERT),
        "last instant of the last day": (street(), last_instant(ORDER_LAST), ALERT),
        "00:00:00 the day after": (street(), just_after(ORDER_LAST), UNMET),
        "a renewal is pending, nothing signed": (street(), first_instant(date(2029, 6, 1)), UNMET),
        "renewed, last day of the former": (RENEWED, last_instant(ORDER_LAST), ALERT),
        "renewed, first day of the new": (RENEWED, just_after(ORDER_LAST), MET),
        "a provisional order": (provisional(), NOW, MET),
        # The end of a provisional order is R-10's to say.
        "a provisional order that is over": (provisional(), just_after(PROVISIONAL_LAST), MET),
        "premises too": (premises(orders=()), NOW, UNMET),
        "no order": (street(orders=()), NOW, UNMET),
    }
)
def test_an_order_must_be_in_force(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TWELVE, "préparer le renouvellement"),
        (EIGHT, "déposer le renouvellement"),
        (FOUR, "le renouvellement presse"),
    ],
)
def test_the_renewal_is_asked_for_earlier_and_earlier(day: date, words: str) -> None:
    assert words not in reason(REQUIREMENT, street(), last_instant(day))
    assert words in reason(REQUIREMENT, street(), just_after(day))


def test_an_order_that_has_not_begun_says_when_it_will() -> None:
    assert "12\u00a0mars\u00a02024" in reason(REQUIREMENT, street(), just_before(ORDER_FIRST))


def test_among_running_orders_the_longest_is_relied_on() -> None:
    short = order(id=5, number="court", starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1))

    assert street(orders=(order(), short)).order(NOW) == order()


def test_a_withdrawn_order_gives_way_to_one_that_runs() -> None:
    withdrawn = order(measures=(measure(MeasureKind.WITHDRAWAL, first_instant(date(2025, 1, 1))),))
    short = order(id=5, number="court", starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1))

    assert street(orders=(withdrawn, short)).order(NOW) == short


def test_without_a_running_order_the_last_to_have_begun_is_relied_on() -> None:
    former = order(id=3, number="2019-1", starts_on=date(2019, 3, 12), ends_on=date(2024, 3, 11))

    assert street(orders=(former, order())).order(just_after(ORDER_LAST)) == order()


@pytest.mark.parametrize("kind", list(OrderKind))
def test_only_the_ordinary_order_is_not_provisional(kind: OrderKind) -> None:
    assert order(kind=kind).provisional is (kind is not OrderKind.ORDINARY)
