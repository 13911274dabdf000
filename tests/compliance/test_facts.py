"""Facts answer about an instant; `changes` names every instant at which their answer may turn."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.facts import Facts, Measure, Period, Reply
from compliance.law import PARIS, changes
from compliance.law.terms import Action, MeasureKind, PlaceKind
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Outcome
from tests.compliance.complete import (
    DECLARED,
    NOW,
    ORDER_FIRST,
    ORDER_LAST,
    SITUATIONS,
    TICK,
    declaration,
    first_instant,
    just_after,
    just_before,
    last_instant,
    mounting,
    order,
    outcome,
    paris,
    statement,
    street,
)
from tests.compliance.strategies import facts as any_facts


def unmet_at(facts: Facts, at: datetime) -> frozenset[str]:
    return frozenset(r.code for r in CATALOGUE if outcome(r, facts, at) is Outcome.UNMET)


def applying_at(facts: Facts, at: datetime) -> frozenset[str]:
    return frozenset(r.code for r in CATALOGUE if r.applies(facts, at))


# --- the soundness of the footage walk ----------------------------------------------------------------
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=any_facts, draw=st.data())
def test_between_two_changes_no_requirement_starts_or_ceases_to_be_unmet(facts: Facts, draw: st.DataObject) -> None:
    instants = sorted(set(changes(facts)))
    edges = [paris(2025, 1, 1), *instants, paris(2028, 1, 1)]
    for since, until in pairwise(edges):
        inside = draw.draw(st.floats(0, 1, exclude_max=True))
        at = since + (until - since) * inside
        expected = unmet_at(facts, since)

        assert unmet_at(facts, min(at, until - TICK)) == expected
        assert unmet_at(facts, until - TICK) == expected
        assert applying_at(facts, until - TICK) == applying_at(facts, since)


@pytest.mark.parametrize("build", SITUATIONS.values(), ids=SITUATIONS)
def test_a_real_dossier_only_turns_at_its_changes_and_ends_complete(build: Callable[..., Facts]) -> None:
    facts, step = build(action=Action.WATCH), timedelta(hours=16)
    instants = sorted(set(changes(facts)))
    at = instants[0] - timedelta(days=1)
    before = unmet_at(facts, at)
    turns = 0
    while at < NOW:
        after = unmet_at(facts, at + step)
        if after != before:
            turns += 1
            assert any(at < change <= at + step for change in instants)
        at, before = at + step, after

    assert turns > 3
    assert before == frozenset()


@given(facts=any_facts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_without_a_running_order_something_says_so(facts: Facts) -> None:
    for at in changes(facts):
        held = facts.order(at)
        if held is None or not held.running(at):
            assert unmet_at(facts, at) & {"R-08", "R-10", "R-19"}


def test_changes_are_named_in_utc_and_a_last_day_ends_at_midnight() -> None:
    instants = set(changes(street()))

    assert all(i.tzinfo is UTC for i in instants)
    assert just_after(ORDER_LAST) in instants
    assert first_instant(ORDER_LAST) not in instants
    assert first_instant(date(2024, 3, 12)) in instants
    assert DECLARED in instants


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    once = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    twice = once.replace(fold=1)

    first, second = changes((Measure(MeasureKind.SUSPENSION, once, twice),))

    assert second - first == timedelta(hours=1)


def test_what_has_no_date_changes_nothing() -> None:
    assert list(changes(("VAL-01", 3, None, True, PlaceKind.STREET, frozenset({1})))) == []
    assert list(changes(Period)) == []


# --- answers about an instant ----------------------------------------------------------------
def test_a_period_counts_its_first_and_its_last_day() -> None:
    period = Period(date(2024, 3, 12), date(2024, 3, 14))

    assert [period.covers(date(2024, 3, day)) for day in (11, 12, 14, 15)] == [False, True, True, False]
    assert Period(date(2024, 3, 12)).covers(date(2099, 1, 1))


def test_the_last_declaration_holds() -> None:
    later = declaration(since=DECLARED + timedelta(days=3), kind=PlaceKind.MIXED)
    facts = street(declarations=(declaration(), later))

    assert facts.kind(DECLARED - TICK) is None
    assert facts.kind(later.since - TICK) is PlaceKind.STREET
    assert facts.declaration(later.since) == later
    assert facts.street(later.since)
    assert facts.premises(later.since)
    assert not facts.premises(later.since - TICK)


def test_a_device_stands_from_its_mounting_until_it_is_taken_down() -> None:
    removed = NOW - timedelta(days=1)
    facts = street(mountings=(mounting(until=removed),))

    assert [len(facts.standing(at)) for at in (removed - TICK, removed)] == [1, 0]


def test_the_last_statement_holds() -> None:
    later = statement(at=NOW)
    device = mounting(statements=(statement(), later))

    assert device.statement(NOW - TICK) == statement()
    assert device.statement(NOW) == later
    assert mounting(statements=()).statement(NOW) is None


def test_an_order_runs_from_the_first_instant_of_its_first_day_to_the_last_of_its_last() -> None:
    edges = (just_before(ORDER_FIRST), first_instant(ORDER_FIRST), last_instant(ORDER_LAST), just_after(ORDER_LAST))

    assert [order().running(at) for at in edges] == [False, True, True, False]


def test_an_order_runs_neither_suspended_nor_after_its_event() -> None:
    since, lifted = NOW, NOW + timedelta(hours=2)
    suspended = order(measures=(Measure(MeasureKind.SUSPENSION, since, lifted),))
    over = order(measures=(Measure(MeasureKind.EVENT_END, since),))

    assert [suspended.running(at) for at in (since - TICK, since, lifted - TICK, lifted)] == [True, False, False, True]
    assert [over.running(at) for at in (since - TICK, since)] == [True, False]
    assert over.stopped(since) is None
    assert suspended.event_end(since) is None


def test_an_answer_of_the_cnil_is_dated() -> None:
    (aipd,) = SITUATIONS["risque élevé"]().aipds

    assert aipd.reply(date(2024, 4, 24)) is None
    assert aipd.reply(date(2024, 4, 25)) == Reply(date(2024, 4, 25), allows=True)
    assert [aipd.complete(date(2024, 4, day)) for day in (1, 2)] == [False, True]
