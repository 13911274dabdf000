"""The table of house.md section 3, cell by cell, and the two rules of footage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance import judge as judge_module
from compliance.facts import Facts, Measure, Observation, Order, Span
from compliance.judge import LEASE, Judgement, as_read, judge, relying, retention, retentions, stops_keeping
from compliance.law import PARIS, changes
from compliance.law.terms import Action, Category, Ground, MeasureKind, Microphone, OrderKind, PlaceKind, Seen
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks, Outcome, Requirement, met, unmet
from tests.compliance.complete import (
    AGENTS,
    IN_PREMISES,
    NOW,
    ON_STREET,
    ORDER_LAST,
    SITUATIONS,
    TICK,
    declaration,
    just_after,
    last_instant,
    mounting,
    order,
    outcome,
    premises,
    statement,
    street,
)
from tests.compliance.strategies import facts as any_facts
from tests.compliance.strategies import instants

HOUR = timedelta(hours=1)
LAST_HOUR = Span(NOW - HOUR, NOW)
P, R, W, Y, E = Action.PROBE, Action.RECORD, Action.WATCH, Action.REPLAY, Action.EXPORT
# Written by hand from house.md: what an unmet requirement stops when unmet now, and when unmet during the footage.
NOW_STOPS = {
    Blocks.ALL: {R, P, W, Y},
    Blocks.REC: {R, P},
    Blocks.USER: {W, Y, E},
    Blocks.JOURNAL: {R, P, W, Y, E},
    Blocks.FUNC: {E},
    Blocks.NO: set[Action](),
}
FOOTAGE_STOPS = {Blocks.ALL: {Y, E}}
SERVED_BY_PROBE = {"R-05", "R-06", "R-15"}


def allowed(action: Action, facts: Facts, at: datetime = NOW, footage: Span = LAST_HOUR) -> bool:
    return not stopped(action, facts, at, footage)


def stopped(action: Action, facts: Facts, at: datetime = NOW, footage: Span = LAST_HOUR) -> set[str]:
    judged = judge(action, replace(facts, action=action), at, footage=footage)
    return {f.code for f in judged.findings if f.stops}


# --- every cell of the table ----------------------------------------------------------------
def only(requirement: Requirement, *, unmet_at: Callable[[datetime], bool]) -> Requirement:
    def check(_facts: Facts, at: datetime) -> object:
        return unmet("manque") if unmet_at(at) else met("tient")

    return replace(requirement, applies=lambda *_: True, check=check)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("requirement", CATALOGUE, ids=lambda r: r.code)
def test_what_is_unmet_now_stops_its_column(
    monkeypatch: pytest.MonkeyPatch, requirement: Requirement, action: Action
) -> None:
    monkeypatch.setattr(judge_module, "CATALOGUE", (only(requirement, unmet_at=lambda at: at == NOW),))
    exempt = action is P and requirement.code in SERVED_BY_PROBE

    refused = not allowed(action, street())

    assert refused is (action in NOW_STOPS[requirement.blocks] and not exempt)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("requirement", CATALOGUE, ids=lambda r: r.code)
def test_what_was_unmet_during_the_footage_stops_its_column(
    monkeypatch: pytest.MonkeyPatch, requirement: Requirement, action: Action
) -> None:
    monkeypatch.setattr(judge_module, "CATALOGUE", (only(requirement, unmet_at=lambda at: at < NOW),))

    refused = not allowed(action, street())

    assert refused is (action in FOOTAGE_STOPS.get(requirement.blocks, set()))


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("build", SITUATIONS.values(), ids=SITUATIONS)
def test_a_complete_dossier_opens_everything(build: Callable[[], Facts], action: Action) -> None:
    assert stopped(action, build()) == set()


@pytest.mark.parametrize("action", list(Action))
def test_everyone_on_the_lists_of_the_law_sees(action: Action) -> None:
    assert all(allowed(action, street(agent=AGENTS[category])) for category in ON_STREET)
    assert all(allowed(action, premises(agent=AGENTS[category])) for category in IN_PREMISES)


@pytest.mark.parametrize("action", [W, Y, E])
def test_nobody_else_sees(action: Action) -> None:
    for category in set(Category) - set(ON_STREET):
        assert "R-30" in stopped(action, street(agent=AGENTS[category]))
    for category in set(Category) - set(IN_PREMISES):
        assert stopped(action, premises(agent=AGENTS[category])) == {"R-30 bis"}


def test_nobody_named_records_but_does_not_see() -> None:
    facts = street(agent=None)

    assert [allowed(action, facts) for action in (R, P, W, Y, E)] == [True, True, False, False, False]


def test_a_place_not_open_to_the_public_stays_dark() -> None:
    facts = street(declarations=(declaration(kind=PlaceKind.NONE),))

    assert all(stopped(action, facts) == {"R-02"} for action in Action)


def test_nothing_known_opens_nothing() -> None:
    facts = Facts("VAL-99", street().authority)

    assert not any(allowed(action, facts) for action in Action)


@pytest.mark.parametrize(("at", "dark"), [(last_instant(ORDER_LAST), False), (just_after(ORDER_LAST), True)])
def test_the_camera_goes_dark_at_midnight_the_day_after(at: datetime, dark: bool) -> None:
    assert ("R-08" in stopped(R, street(), at, Span(at - HOUR, at))) is dark


# --- footage ----------------------------------------------------------------
def test_after_an_order_has_lapsed_nobody_browses_but_what_was_lawful_is_handed_over() -> None:
    lapsed = just_after(ORDER_LAST)
    lawful = Span(lapsed - timedelta(hours=4), lapsed - timedelta(hours=3))

    assert stopped(Y, street(), lapsed + HOUR, lawful) == {"R-08"}
    assert allowed(E, street(ground=Ground.REQUISITION), lapsed + HOUR, lawful)
    assert stopped(E, street(ground=None), lapsed + HOUR, lawful) == {"R-51"}


def test_footage_that_runs_past_the_end_of_the_order_is_not_handed_over() -> None:
    lapsed = just_after(ORDER_LAST)

    assert allowed(E, street(), lapsed + HOUR, Span(lapsed - HOUR, lapsed))
    assert stopped(E, street(), lapsed + HOUR, Span(lapsed - HOUR, lapsed + TICK)) == {"R-08"}


@pytest.mark.parametrize("action", [Y, E])
def test_footage_that_straddles_a_suspension_is_refused(action: Action) -> None:
    since = NOW - timedelta(minutes=40)
    suspended = order(measures=(Measure(MeasureKind.SUSPENSION, since, since + TICK),))
    facts = street(orders=(suspended,))

    assert stopped(action, facts) == {"R-19"}
    assert allowed(action, facts, footage=Span(NOW - HOUR, since))
    assert allowed(action, facts, footage=Span(since + TICK, NOW))
    assert stopped(action, facts, footage=Span(since, since)) == {"R-19"}


def test_a_proof_that_came_back_lets_the_agent_watch_but_not_what_was_filmed_meanwhile() -> None:
    loud = mounting(statements=(statement(microphone=Microphone.ON), statement(at=NOW - timedelta(minutes=10))))
    facts = street(mountings=(loud,))

    assert [allowed(a, facts) for a in (R, P, W, Y, E)] == [True, True, True, False, False]


def test_a_failed_erasure_stops_new_recording_only() -> None:
    facts = street(observations=(Observation(Seen.ERASURE_FAILED, NOW - timedelta(minutes=30)),))

    assert [allowed(a, facts) for a in (R, P, W, Y, E)] == [False, False, True, True, True]


def test_what_stops_the_keeping_alone_is_told_from_what_closes_the_stream() -> None:
    failed = Observation(Seen.ERASURE_FAILED, NOW - timedelta(minutes=30))
    findings = judge(R, street(observations=(failed,), panels=()), NOW).findings

    assert {f.code for f in findings if f.stops} == {"R-27", "R-47"}
    assert {f.code for f in findings if stops_keeping(f)} == {"R-47"}
    assert not any(stops_keeping(f) for f in judge(R, street(), NOW).findings)


def test_the_reception_test_needs_every_proof_but_those_it_serves() -> None:
    facts = street(masks=(), notices=(), mountings=(mounting(statements=()),))

    assert stopped(P, facts) == set()
    assert stopped(R, facts) == SERVED_BY_PROBE
    assert stopped(P, replace(facts, orders=())) >= {"R-08", "R-17"}


@pytest.mark.parametrize("action", [Y, E])
def test_footage_must_be_named(action: Action) -> None:
    with pytest.raises(ValueError, match="footage"):
        judge(action, street(action=action), NOW)


def test_footage_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before"):
        judge(Y, street(action=Y), NOW, footage=Span(NOW, NOW - TICK))


def test_an_instant_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge(R, street(), NOW.replace(tzinfo=None))


def test_a_finding_tells_the_requirement_that_it_judges() -> None:
    finding = next(f for f in judge(R, street(), NOW).findings if f.code == "R-08")
    requirement = finding.requirement

    assert finding.outcome is Outcome.MET
    assert finding.ends_on == ORDER_LAST
    assert (finding.title, finding.articles, finding.remedy, finding.who, finding.blocks) == (
        requirement.title,
        requirement.articles,
        requirement.remedy,
        requirement.who,
        "ALL",
    )


def test_every_requirement_is_found_in_the_order_of_the_catalogue() -> None:
    assert [f.requirement for f in judge(R, street(), NOW).findings] == list(CATALOGUE)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(facts=any_facts, since=instants, length=st.timedeltas(timedelta(0), timedelta(days=20)), at=instants)
def test_footage_is_refused_exactly_when_an_instant_of_it_is(
    facts: Facts, since: datetime, length: timedelta, at: datetime
) -> None:
    footage = Span(since, since + length)
    looked_at = [i for k in range(25) if (i := since + length * k / 24) < footage.until]
    looked_at += [i for c in changes(facts) for i in (c - TICK, c, c + TICK) if since < i < footage.until]
    read = {i: relying(facts, i, lambda r: r.blocks is Blocks.ALL) for i in (since, *looked_at)}
    bad = {
        r.code
        for r in CATALOGUE
        if r.blocks is Blocks.ALL and any(outcome(r, held, i) is Outcome.UNMET for i, held in read.items())
    }

    refused = stopped(E, replace(facts, agent=None), at, footage)

    assert {code for code in refused if code in {r.code for r in CATALOGUE if r.blocks is Blocks.ALL}} == bad


# --- several orders in force ----------------------------------------------------------------
def for_an_event(**changes: object) -> Order:
    """An order that ends before the ordinary one, whatever it covers."""
    gathering = {"id": 9, "number": "2026-9", "kind": OrderKind.GATHERING, "signed_on": date(2026, 6, 1)}
    days = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 9, 30)}
    return order(**{**gathering, **days, **changes})


@pytest.mark.parametrize("action", [R, P, W, Y])
def test_an_order_for_an_event_opens_what_the_ordinary_one_does_not_cover(action: Action) -> None:
    wider = replace(street().orders[0], purposes=frozenset({1, 5}))
    held = (declaration(purposes=frozenset({1, 5, 11})),)
    both = street(declarations=held, orders=(wider, for_an_event(purposes=frozenset({1, 5, 11}))))

    assert stopped(action, street(declarations=held, orders=(wider,))) == {"R-03"}
    assert stopped(action, both, footage=Span(NOW, NOW)) == set()


def test_an_order_for_an_event_closes_nothing_that_the_ordinary_one_allows() -> None:
    narrower = for_an_event(purposes=frozenset({3}), cameras=1, retention_days=None)

    assert stopped(R, street(orders=(order(), narrower))) == set()
    assert stopped(R, street(orders=(narrower,))) >= {"R-03", "R-47"}


def test_what_a_page_reads_is_under_the_order_that_was_judged() -> None:
    narrower = for_an_event(purposes=frozenset({3}), cameras=1, retention_days=None, ends_on=order().ends_on)
    facts = street(orders=(order(), narrower))

    assert facts.order(NOW) == narrower
    assert as_read(R, facts, NOW).order(NOW) == order()


def test_two_orders_do_not_add_up() -> None:
    """One allows the purpose, the other the keeping: neither allows to record."""
    held = (declaration(purposes=frozenset({1, 11})),)
    keeps, purpose = order(purposes=frozenset({1})), for_an_event(purposes=frozenset({1, 11}), retention_days=None)

    assert stopped(R, street(declarations=held, orders=(keeps, purpose))) == {"R-03"}
    assert stopped(W, street(declarations=held, orders=(keeps, purpose))) == set()


def test_each_instant_of_a_footage_is_read_under_the_order_that_covers_it() -> None:
    held = (declaration(purposes=frozenset({1, 11})),)
    until = Measure(MeasureKind.EVENT_END, NOW - timedelta(minutes=30))
    ended = for_an_event(purposes=frozenset({1, 11}), measures=(until,))
    facts = street(declarations=held, orders=(order(purposes=frozenset({1})), ended))

    assert stopped(E, facts, footage=Span(NOW - HOUR, NOW - timedelta(minutes=30))) == set()
    assert stopped(E, facts, footage=Span(NOW - HOUR, NOW - timedelta(minutes=30) + TICK)) == {"R-03"}


def test_of_two_orders_that_cover_as_much_the_longer_fixes_what_is_kept() -> None:
    shorter = for_an_event(retention_days=15, services=order().services)

    assert judge(R, street(orders=(order(), shorter)), NOW).retention_days == 30


def test_a_device_added_moves_the_days_kept_to_the_order_that_allows_it() -> None:
    """Of two orders, what befell something else than them says which is read, so how long is kept."""
    added = NOW - timedelta(days=2)
    wider = for_an_event(cameras=2, retention_days=15)
    facts = street(orders=(order(), wider), mountings=(mounting(), mounting(reference="Dôme n° 2", since=added)))

    told = [(since, days) for since, days in retentions(facts) if added <= since < just_after(ORDER_LAST)]

    assert told == [(added, 15), (just_after(wider.ends_on), 30)]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(facts=any_facts, at=instants)
def test_the_days_kept_over_time_are_what_the_judge_answers_at_each_instant(facts: Facts, at: datetime) -> None:
    told = retentions(facts)
    looked_at = [at, *(i for since, _ in told for i in (since - TICK, since, since + TICK))]

    assert all(before[1] != after[1] for before, after in pairwise(told))
    for instant in looked_at:
        days = next((days for since, days in reversed(told) if since <= instant), None)
        assert days == judge(R, replace(facts, action=R), instant).retention_days


# --- leases ----------------------------------------------------------------
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(facts=any_facts, at=instants, action=st.sampled_from(Action))
def test_a_lease_never_passes_a_change(facts: Facts, at: datetime, action: Action) -> None:
    judged: Judgement = judge(action, facts, at, footage=Span(at, at))

    assert at < judged.until <= at + LEASE[action]
    assert not any(at < change < judged.until for change in changes(facts))


def test_a_recording_lease_is_a_quarter_of_an_hour_and_a_view_ten_seconds() -> None:
    leases = {a: judge(a, street(action=a), NOW, footage=LAST_HOUR).until - NOW for a in Action}

    assert leases == {
        P: timedelta(seconds=30),
        R: timedelta(minutes=15),
        W: timedelta(seconds=10),
        Y: timedelta(seconds=10),
        E: timedelta(seconds=10),
    }


def test_a_lease_ends_with_the_order() -> None:
    end = just_after(ORDER_LAST)

    assert judge(R, street(), end - timedelta(minutes=4)).until == end


def test_the_turn_is_the_next_instant_that_the_facts_name_however_far() -> None:
    facts = street(panels=())

    assert judge(R, facts, just_after(ORDER_LAST) - 3 * HOUR).turn == just_after(ORDER_LAST)
    assert judge(R, facts, just_after(ORDER_LAST)).turn is None


@pytest.mark.parametrize("fold", [0, 1])
def test_a_lease_lasts_no_longer_on_the_night_of_the_clock_change(fold: int) -> None:
    at = datetime(2026, 10, 25, 2, 50, tzinfo=PARIS, fold=fold)

    judged = judge(R, street(), at)

    assert judged.until.tzinfo is UTC
    assert judged.until - at.astimezone(UTC) == timedelta(minutes=15)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    suspended = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    facts = street(orders=(order(measures=(Measure(MeasureKind.SUSPENSION, suspended),)),))

    assert allowed(R, facts, datetime(2026, 10, 25, 2, 40, tzinfo=PARIS))
    assert stopped(R, facts, datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)) == {"R-19"}


# --- retention ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("order_says", "asked", "kept"), [(30, None, 30), (30, 15, 15), (15, 30, 15), (None, 15, None), (31, 31, 31)]
)
def test_what_is_kept_is_the_shorter(order_says: int | None, asked: int | None, kept: int | None) -> None:
    facts = street(orders=(order(retention_days=order_says),), declarations=(declaration(retention_days=asked),))

    assert retention(facts, NOW) == kept
    assert judge(R, facts, NOW).retention_days == kept


def test_without_an_order_nothing_is_kept() -> None:
    assert retention(street(orders=()), NOW) is None
    assert retention(street(declarations=()), NOW) == 30


def test_a_provisional_order_of_10_may_is_dark_on_10_september() -> None:
    urgent = order(
        kind=OrderKind.TERRORISM,
        signed_on=date(2026, 5, 10),
        starts_on=date(2026, 5, 10),
        ends_on=date(2026, 9, 9),
    )
    dark = datetime(2026, 9, 10, 0, 0, tzinfo=PARIS)

    assert allowed(R, street(orders=(urgent,)), dark.astimezone(UTC) - TICK)
    assert stopped(R, street(orders=(urgent,)), dark) == {"R-10"}
