"""What a page shows of the gate: kept while nothing changed, never longer, and never for what opens."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from compliance import gate, glance, journal, queries
from compliance.actions import order
from compliance.actions.observation import observe
from compliance.events import System
from compliance.facts import Facts, Measure, Observation, PanelCheck
from compliance.gate import Action, Outcome, Verdict
from compliance.judge import judge
from compliance.law import PARIS
from compliance.law.terms import MeasureKind, Seen
from compliance.matrix import Dossier, Plan
from compliance.models import Account, Entry, Position
from tests.compliance.actions.acts import CASES, somebody
from tests.compliance.built import AT, a_dossier, an_account
from tests.compliance.complete import NOW, street
from tests.compliance.complete import order as order_of

pytestmark = pytest.mark.database
CONSOLE = System.CONSOLE
FACTS = queries.facts_of


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "KEEP", glance.Keep())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Action]:
    """The questions for which the facts were read."""
    asked: list[Action] = []

    def facts_of(*positions: Any, action: Action, **question: Any) -> Any:
        asked.append(action)
        return FACTS(*positions, action=action, **question)

    monkeypatch.setattr(queries, "facts_of", facts_of)
    return asked


def shown(made: Dossier, action: Action = Action.RECORD, *, at: datetime = AT) -> dict[int, Verdict]:
    agent = made.agent if action is Action.WATCH else None
    return gate.glance(action, list(made.installation.positions.order_by("pk")), at=at, agent=agent)


def suspended(made: Dossier, *, at: datetime = AT) -> None:
    order.suspend(made.order, since=at, reference="n° 1", at=AT, by=CONSOLE)


def as_asked(made: Dossier, action: Action, *, at: datetime = AT) -> dict[int, tuple[Any, ...]]:
    """Return what the gate itself answers."""
    agent = made.agent if action is Action.WATCH else None
    found = gate.decide_many(action, made.installation.positions.all(), at=at, agent=agent)
    return {
        pk: (d.findings, d.blocking, d.allowed, d.keeping_nothing().allowed, d.retention_days)
        for pk, d in found.items()
    }


def as_shown(made: Dossier, action: Action, *, at: datetime = AT) -> dict[int, tuple[Any, ...]]:
    return {
        pk: (v.findings, v.blocking, v.allowed, v.open, v.retention_days)
        for pk, v in shown(made, action, at=at).items()
    }


# --- kept, and given again ------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("fresh_database")
def test_a_page_shown_again_reads_no_fact(read: list[Action]) -> None:
    made = a_dossier()

    first = shown(made)
    with CaptureQueriesContext(connection) as statements:
        again = shown(made, at=AT + timedelta(minutes=1))

    assert again is first
    assert read == [Action.RECORD]
    # The positions, the trial of the journal (begun, on PostgreSQL in its turn, and taken back), the history.
    assert len(statements) <= (9 if connection.vendor == "postgresql" else 8)
    assert as_shown(made, Action.RECORD) == as_asked(made, Action.RECORD)


@pytest.mark.usefixtures("fresh_database")
def test_each_action_person_and_set_of_positions_has_its_own_answer(read: list[Action]) -> None:
    made, other = a_dossier(), a_dossier()

    for _ in range(2):
        shown(made)
        shown(made, Action.WATCH)
        gate.glance(Action.WATCH, [made.position], at=AT, agent=other.agent)
        gate.glance(Action.WATCH, [made.position], at=AT)
        shown(other)

    assert len(read) == 5


@pytest.mark.usefixtures("fresh_database")
def test_few_answers_are_kept_and_the_one_unasked_for_longest_goes(
    read: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "KEPT", 2)
    made = a_dossier()
    first, second = made.position, a_dossier().position

    for asked in ([first], [second], [first], [first, second], [first], [second]):
        gate.glance(Action.RECORD, asked, at=AT)

    # The third and the fifth were kept; the second made room for the fourth, so was asked again.
    assert len(read) == 4


@pytest.mark.usefixtures("fresh_database")
def test_nothing_is_kept_of_no_position() -> None:
    assert gate.glance(Action.RECORD, [], at=AT) == {}


# --- never longer ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_after_every_act_the_page_shows_what_the_gate_answers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each act is taken back for the next one: here, and nowhere else, the keep works inside a transaction.
    monkeypatch.setattr(glance, "_may_be_taken_back", lambda: False)
    made = a_dossier(Plan(risk=True))
    moved = 0
    for name, case in CASES.items():
        with transaction.atomic():
            monkeypatch.setattr(glance, "KEEP", glance.Keep())
            subject, given = case.given(made)
            account = case.actor(subject, lambda right: _office(made, right))
            before = as_shown(made, Action.WATCH)

            case.act(subject, **given, at=AT, by=account)

            # WATCH by a person reads all that RECORD does, and finds every requirement.
            after = as_shown(made, Action.WATCH)
            assert after == as_asked(made, Action.WATCH), name
            moved += after != before
            transaction.set_rollback(True)
    # The acts do move answers: a keep that never forgot would not pass.
    assert moved > 10


def _office(made: Dossier, right: str) -> Account:
    account = an_account(person := somebody(made), person.code)
    assign_perm(f"compliance.{right}", account, made.installation)
    return account


@pytest.mark.usefixtures("fresh_database")
def test_what_the_engine_sees_is_shown_at_once() -> None:
    made = a_dossier()
    assert shown(made)[made.position.pk].allowed

    observe(made.position, kind=Seen.ERASURE_FAILED, at=AT, by=System.KEEPER, detail="disque", conforms=False)

    assert [f.code for f in shown(made)[made.position.pk].blocking] == ["R-47"]


@pytest.mark.usefixtures("fresh_database")
def test_a_last_day_passes_without_any_act() -> None:
    made = a_dossier()
    end = datetime.combine(made.order.ends_on + timedelta(days=1), datetime.min.time(), PARIS)
    tick = timedelta(microseconds=1)

    assert shown(made, at=end - timedelta(minutes=5))[made.position.pk].allowed
    assert shown(made, at=end - tick)[made.position.pk].allowed
    assert not shown(made, at=end)[made.position.pk].allowed


@pytest.mark.usefixtures("fresh_database")
def test_an_instant_written_ahead_passes_without_any_act(read: list[Action]) -> None:
    made = a_dossier()
    soon = AT + timedelta(minutes=4)
    suspended(made, at=soon)

    seen = [shown(made, at=soon + timedelta(minutes=m))[made.position.pk] for m in (-3, -1, 0, 1)]

    assert [v.allowed for v in seen] == [True, True, False, False]
    assert [v.since for v in seen] == [None, None, soon, soon]
    assert len(read) == 2


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (AT, AT + glance.KEPT_FOR),
        (AT, AT - timedelta(microseconds=1)),
        (datetime(2026, 6, 18, 23, 59, tzinfo=PARIS), datetime(2026, 6, 19, tzinfo=PARIS)),
    ],
    ids=["a quarter of an hour later", "a clock set back", "midnight in Paris"],
)
@pytest.mark.usefixtures("fresh_database")
def test_an_answer_is_read_again(first: datetime, then: datetime, read: list[Action]) -> None:
    made = a_dossier()

    shown(made, at=first)
    shown(made, at=then)

    assert len(read) == 2


@pytest.mark.usefixtures("fresh_database")
def test_after_the_last_instant_that_the_facts_name_a_page_is_answered_still(read: list[Action]) -> None:
    made = a_dossier()
    late = AT + timedelta(days=20 * 365)
    assert judge(Action.RECORD, FACTS([made.position], action=Action.RECORD)[made.position.pk], late).turn is None

    assert not shown(made, at=late)[made.position.pk].allowed
    assert not shown(made, at=late + timedelta(minutes=1))[made.position.pk].allowed
    assert len(read) == 1


@pytest.mark.usefixtures("fresh_database")
def test_a_journal_that_cannot_be_written_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    assert shown(made)[made.position.pk].allowed

    monkeypatch.setattr(journal, "can_write", lambda: False)

    assert [f.code for f in shown(made)[made.position.pk].blocking] == ["R-50"]


@pytest.mark.usefixtures("fresh_database")
def test_another_database_has_another_history(read: list[Action], monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    shown(made)
    told = queries.history()
    assert told == (Entry.objects.get(seq=1).hash, queries.pulse())

    monkeypatch.setattr(queries, "history", lambda: ("0" * 64, told[1]))
    shown(made)

    assert len(read) == 2


# --- what may be taken back -----------------------------------------------------------------------------------------
def rehearsed(made: Dossier) -> dict[int, Verdict]:
    """Suspend the order, look, and take it back, as the page of an act does before it asks to confirm."""
    with transaction.atomic():
        suspended(made)
        seen = shown(made)
        transaction.set_rollback(True)
    return seen


@pytest.mark.usefixtures("fresh_database")
def test_an_act_taken_back_leaves_nothing_in_the_keep() -> None:
    made = a_dossier()
    shown(made)

    assert not rehearsed(made)[made.position.pk].allowed
    # As many acts now as inside the one taken back: what was seen there must not come back with its number.
    observe(made.position, kind=Seen.ERASURE_RESTORED, at=AT, by=System.KEEPER)
    assert shown(made)[made.position.pk].allowed


@pytest.mark.django_db
def test_inside_a_transaction_each_person_is_still_answered_as_the_gate_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()

    assert shown(made, Action.WATCH)[made.position.pk].allowed
    assert as_shown(made, Action.WATCH) == as_asked(made, Action.WATCH)

    monkeypatch.setattr(journal, "can_write", lambda: False)
    assert [f.code for f in shown(made, Action.WATCH)[made.position.pk].blocking] == ["R-50"]


@pytest.mark.django_db
def test_before_the_first_entry_there_is_no_history() -> None:
    assert queries.history() == (None, 0)


# --- for a page alone -----------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("fresh_database")
def test_what_opens_never_reads_the_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("the keep was read")

    made = a_dossier()
    shown(made)
    monkeypatch.setattr(glance.Keep, "get", read)

    assert gate.decide(Action.RECORD, made.position, at=AT).allowed
    assert gate.decide_many(Action.WATCH, Position.objects.all(), at=AT, agent=made.agent)[made.position.pk].allowed
    assert gate.decide_all([made.position], at=AT, footage=gate.Span(AT, AT))


# --- on facts already read ------------------------------------------------------------------------------------------
HOUR = timedelta(hours=1)
STOPPED = order_of(measures=(Measure(MeasureKind.SUSPENSION, NOW - HOUR),))
TWICE = order_of(
    measures=(
        Measure(MeasureKind.SUSPENSION, NOW - 4 * HOUR, NOW - 3 * HOUR),
        Measure(MeasureKind.SUSPENSION, NOW - 2 * HOUR),
        Measure(MeasureKind.WITHDRAWAL, NOW - HOUR),
        Measure(MeasureKind.STOP, NOW + HOUR),
    )
)


def test_facts_already_read_are_answered_as_the_judge_finds_them() -> None:
    late = PanelCheck("P1", date(2024, 4, 23), present=True)
    facts = street(orders=(STOPPED,), panels=(late,))
    judged = judge(Action.RECORD, facts, NOW)

    told = gate.verdict(Action.RECORD, facts, at=NOW)

    assert (told.findings, told.retention_days) == (judged.findings, judged.retention_days)
    assert ([f.code for f in told.blocking], told.allowed, told.open) == (["R-19"], False, False)
    assert told.amiss == tuple(f for f in judged.findings if f.outcome in (Outcome.UNMET, Outcome.ALERT))
    assert {"R-19", "R-27"} < {f.code for f in told.amiss}
    assert told.since == NOW - HOUR


def test_what_stops_the_keeping_alone_leaves_the_stream_open() -> None:
    facts = street(observations=(Observation(Seen.ERASURE_FAILED, NOW - HOUR),))

    told = gate.verdict(Action.RECORD, facts, at=NOW)

    assert ([f.code for f in told.blocking], told.allowed, told.open) == (["R-47"], False, True)
    assert gate.verdict(Action.RECORD, street(), at=NOW).open


def test_only_a_recording_is_told_since_when_it_is_refused() -> None:
    facts = street(orders=(STOPPED,))

    assert gate.verdict(Action.WATCH, replace(facts, action=Action.WATCH), at=NOW).since is None
    assert gate.verdict(Action.RECORD, street(), at=NOW).since is None


@pytest.mark.parametrize(
    ("facts", "since"),
    [
        (street(orders=(TWICE,)), NOW - 2 * HOUR),
        (street(orders=(order_of(measures=(Measure(MeasureKind.SUSPENSION, NOW),)),)), NOW),
        (street(orders=(STOPPED,), journal_writes=False), NOW - HOUR),
        (street(journal_writes=False), None),
        (street(panels=()), None),
        (street(), None),
    ],
    ids=[
        "the second time, whatever befell since",
        "at this instant",
        "whether or not the journal can be written",
        "for want of a journal alone",
        "never allowed",
        "allowed",
    ],
)
def test_a_refusal_is_told_since_the_last_instant_that_began_it(facts: Facts, since: datetime | None) -> None:
    assert gate.verdict(Action.RECORD, facts, at=NOW).since == since
    assert glance.dark_since(replace(facts, journal_writes=True), at=NOW) == since


def test_a_verdict_opens_nothing() -> None:
    assert not hasattr(Verdict, "until")
    assert not hasattr(Verdict, "require")
    assert not issubclass(Verdict, gate.Decision)
