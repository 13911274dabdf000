"""The gate on real rows: what acts make it answer, at which instant, in how many queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance import gate, journal, queries
from compliance.actions import order, position
from compliance.actions.observation import observe
from compliance.events import System
from compliance.facts import Span
from compliance.gate import Action, Decision, MissingMotive, Outcome, Refused
from compliance.law import PARIS
from compliance.law.terms import Category, Ground, PlaceKind, Seen
from compliance.matrix import Dossier, Plan
from compliance.matrix.dossier import SIGHT
from compliance.models import Position
from tests.compliance.built import AT, LAST_HOUR, a_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CONSOLE = System.CONSOLE
VIEWED = (Action.REPLAY, Action.EXPORT)
TICK = timedelta(microseconds=1)


def ask(made: Dossier, action: Action, *, at: datetime = AT, footage: Span = LAST_HOUR) -> Decision:
    return gate.decide(
        action,
        made.position,
        at=at,
        agent=made.agent,
        footage=footage if action in VIEWED else None,
        ground=made.ground,
    )


def codes(decision: Decision) -> list[str]:
    return [f.code for f in decision.blocking]


def more_positions(made: Dossier, number: int) -> list[Position]:
    """Declare neighbours: not in any order, so refused."""
    return [
        position.declare(
            made.installation,
            code=f"{made.position.code}-{n}",
            address="2, place de la Mairie",
            sight=SIGHT,
            since=made.instant(-60),
            at=AT,
            by=CONSOLE,
        )
        for n in range(number)
    ]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(),
        Plan(kind=PlaceKind.OPEN_TO_PUBLIC, category=Category.PRIVATE_OPERATOR),
        Plan(kind=PlaceKind.MIXED, category=Category.MAYOR),
        Plan(perimeter=True, category=Category.STATE_AGENT),
        Plan(risk=True, category=Category.DELEGATE),
    ],
    ids=["street", "premises", "mixed", "perimeter", "high risk"],
)
def test_a_dossier_complete_by_acts_opens_every_action(plan: Plan) -> None:
    made = a_dossier(plan)

    assert {action: codes(ask(made, action)) for action in Action} == {action: [] for action in Action}
    assert ask(made, Action.RECORD).retention_days == 30


def test_a_withdrawn_order_is_refused_at_the_next_question_and_the_pulse_moves() -> None:
    made = a_dossier()
    before = gate.pulse()
    assert ask(made, Action.WATCH).allowed

    order.withdraw(made.order, since=AT, reference="arrêté du 18 juin", at=AT, by=CONSOLE)

    assert gate.pulse() == before + 1
    assert codes(ask(made, Action.WATCH)) == ["R-19"]
    assert codes(ask(made, Action.RECORD)) == ["R-19"]
    assert ask(made, Action.EXPORT).allowed
    assert ask(made, Action.WATCH, at=AT - TICK).allowed


def test_a_camera_is_dark_at_midnight_the_day_after_the_last_day_of_its_order() -> None:
    made = a_dossier(Plan(order_ends=0))
    dark = datetime(2026, 6, 19, 0, 0, tzinfo=PARIS)
    lit = dark.astimezone(UTC) - TICK

    assert made.order.ends_on == date(2026, 6, 18)
    assert ask(made, Action.RECORD, at=lit).allowed
    assert ask(made, Action.RECORD, at=lit).until == dark
    assert codes(ask(made, Action.RECORD, at=dark)) == ["R-08"]
    assert codes(ask(made, Action.WATCH, at=dark)) == ["R-08"]


def test_what_the_engine_saw_is_known_at_the_next_question() -> None:
    made = a_dossier()
    before = gate.pulse()

    observe(made.position, kind=Seen.ERASURE_FAILED, at=AT, by=System.KEEPER, detail="disque plein")

    assert gate.pulse() == before + 1
    assert codes(ask(made, Action.RECORD)) == ["R-47"]
    assert ask(made, Action.WATCH).allowed


def test_what_only_stops_keeping_leaves_a_stream_that_keeps_nothing() -> None:
    made = a_dossier()
    complete = ask(made, Action.RECORD)
    observe(made.position, kind=Seen.ERASURE_FAILED, at=AT, by=System.KEEPER)
    refused = ask(made, Action.RECORD)
    live = refused.keeping_nothing()

    assert (complete.keeps, refused.keeps, live.keeps) == (True, False, False)
    assert (live.allowed, live.retention_days, live.until) == (True, None, refused.until)
    assert [f.code for f in live.findings] == [f.code for f in refused.findings]
    order.withdraw(made.order, since=AT, reference="arrêté du 18 juin", at=AT, by=CONSOLE)
    assert codes(ask(made, Action.RECORD).keeping_nothing()) == ["R-19"]


def test_a_journal_that_cannot_be_written_changes_nothing_to_what_may_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    monkeypatch.setattr(journal, "can_write", lambda: False)

    assert ask(made, Action.RECORD).keeps
    assert codes(ask(made, Action.RECORD).keeping_nothing()) == ["R-50"]


@pytest.mark.parametrize("question", ["one", "every", "page"])
def test_of_a_stream_heard_for_years_the_last_word_alone_is_read(
    question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = a_dossier()
    heard = [AT - timedelta(days=days) for days in (3, 2, 1)]
    for at in heard:
        observe(made.position, kind=Seen.AUDIO, at=at, by=System.KEEPER)
    read, facts_of = [], queries.facts_of
    monkeypatch.setattr(queries, "facts_of", lambda *a, **k: read.append(facts_of(*a, **k)) or read[-1])

    if question == "one":
        ask(made, Action.WATCH)
    elif question == "page":
        gate.glance(Action.WATCH, [made.position], at=AT, agent=made.agent)
    else:
        gate.decide_every(made.position, at=AT, footage=LAST_HOUR, agent=made.agent, ground=made.ground)

    assert [seen.at for seen in read[0][made.position.pk].observations] == heard[-1:]


def test_no_image_without_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    monkeypatch.setattr(journal, "can_write", lambda: False)

    assert [codes(ask(made, action)) for action in Action] == [["R-50"]] * len(Action)


def test_many_are_answered_as_one_by_one() -> None:
    made = a_dossier()
    positions = [made.position, *more_positions(made, 4)]

    for action in (Action.PROBE, Action.RECORD, Action.WATCH):
        together = gate.decide_many(action, positions, at=AT, agent=made.agent)

        assert together == {p.pk: gate.decide(action, p, at=AT, agent=made.agent) for p in positions}
        assert [together[p.pk].allowed for p in positions] == [True, False, False, False, False]


def test_every_action_is_answered_as_one_by_one() -> None:
    made = a_dossier()
    order.suspend(made.order, since=AT - timedelta(minutes=30), reference="x", at=AT, by=CONSOLE)

    every = gate.decide_every(made.position, at=AT, footage=LAST_HOUR, agent=made.agent, ground=made.ground)

    assert every == {action: ask(made, action) for action in Action}
    assert not any(decision.allowed for decision in every.values())


@pytest.mark.parametrize("known", [True, False])
def test_one_position_or_twenty_cost_as_many_queries(known: bool) -> None:
    made = a_dossier()
    positions = [made.position, *more_positions(made, 19)]
    agent = made.agent if known else None

    counts = []
    for asked in (positions[:1], positions):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers = gate.decide_many(Action.WATCH, asked, at=AT, agent=agent)
        counts.append(len(queries))
        assert len(answers) == len(asked)

    assert counts[0] == counts[1]


def test_thousands_of_positions_cost_no_more_and_answer_the_same() -> None:
    made = a_dossier()
    Position.objects.bulk_create(
        Position(installation=made.installation, code=f"{made.position.code}.{n}", address="") for n in range(520)
    )
    everywhere = list(Position.objects.filter(installation=made.installation))
    with CaptureQueriesContext(connection) as few:
        one = gate.decide_many(Action.RECORD, [made.position], at=AT)

    with CaptureQueriesContext(connection) as many:
        answers = gate.decide_many(Action.RECORD, everywhere, at=AT)

    assert len(many) == len(few)
    assert answers[made.position.pk] == one[made.position.pk]
    assert sum(answer.allowed for answer in answers.values()) == 1
    assert len(answers) == 521


def test_nothing_asked_is_nothing_answered() -> None:
    assert gate.decide_many(Action.RECORD, [], at=AT) == {}


def test_a_decision_raises_its_reasons_when_it_is_required() -> None:
    made = a_dossier()
    open_door = ask(made, Action.RECORD)
    order.withdraw(made.order, since=AT, reference="x", at=AT, by=CONSOLE)

    with pytest.raises(Refused, match=r"^R-19: L’arrêté .* est retiré depuis") as refusal:
        ask(made, Action.RECORD).require()

    assert open_door.require() is open_door
    assert refusal.value.decision.action is Action.RECORD


def test_the_decision_keeps_what_was_asked_and_every_requirement() -> None:
    made = a_dossier()

    decision = ask(made, Action.EXPORT)

    assert (decision.action, decision.position, decision.at) == (Action.EXPORT, made.position.code, AT)
    assert {f.outcome for f in decision.findings} == {Outcome.MET, Outcome.ALERT, Outcome.NOT_CONCERNED}
    assert len(decision.findings) == 30


@pytest.mark.parametrize(("action", "seconds"), [(Action.RECORD, 3), (Action.WATCH, 2), (Action.PROBE, 30)])
def test_a_setting_shortens_a_lease(settings: object, action: Action, seconds: int) -> None:
    made = a_dossier()
    settings.RECORD_LEASE_SECONDS, settings.VIEW_LEASE_SECONDS = 3.0, 2.0  # type: ignore[attr-defined]

    until = ask(made, action).until

    assert until == AT + timedelta(seconds=seconds)
    assert until.tzinfo is UTC


def test_a_setting_never_lengthens_a_lease(settings: object) -> None:
    made = a_dossier()
    settings.RECORD_LEASE_SECONDS = 100_000.0  # type: ignore[attr-defined]

    assert ask(made, Action.RECORD).until == AT + timedelta(minutes=15)


def test_the_days_kept_are_told_of_each_position_since_the_instant_that_set_them() -> None:
    made = a_dossier()
    other = more_positions(made, 1)[0]
    order.withdraw(made.order, since=AT, reference="arrêté du 18 juin", at=AT, by=CONSOLE)

    told = gate.retentions([made.position, other])

    assert told.keys() == {made.position.pk, other.pk}
    assert [days for _, days in told[other.pk]] == [None]
    spans = dict(told[made.position.pk])
    assert 30 in spans.values()
    for since, days in spans.items():
        assert ask(made, Action.RECORD, at=since).retention_days == days


def test_a_hand_over_says_its_ground() -> None:
    made = a_dossier()
    made.ground = None

    assert codes(ask(made, Action.EXPORT)) == ["R-51"]
    assert ask(made, Action.REPLAY).allowed
    for made.ground in Ground:
        assert ask(made, Action.EXPORT).allowed


@pytest.mark.parametrize("motive", ["", "   ", "\n\t"])
def test_a_consultation_says_its_motive(motive: str) -> None:
    with pytest.raises(MissingMotive, match="motif"):
        gate.check_motive(motive)


def test_a_motive_is_enough() -> None:
    gate.check_motive("rixe signalée")


def test_a_town_without_acts_has_no_pulse() -> None:
    assert gate.pulse() == 0


def test_every_action_is_answered_as_one_by_one_and_none_without_a_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    asked = {"at": AT, "footage": LAST_HOUR, "agent": made.agent, "ground": made.ground}

    assert gate.decide_every(made.position, **asked) == {action: ask(made, action) for action in Action}

    monkeypatch.setattr(journal, "can_write", lambda: False)
    answers = gate.decide_every(made.position, **asked)

    assert {action: codes(answer) for action, answer in answers.items()} == {action: ["R-50"] for action in Action}
