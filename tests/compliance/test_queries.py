"""Rows become facts: each proof where it belongs, the past kept, nothing of another commune."""

from datetime import date, timedelta
from typing import Any

import pytest

from compliance import queries
from compliance.actions import dossier as papers
from compliance.actions import habilitation, order, people, position
from compliance.actions.observation import observe
from compliance.events import System
from compliance.facts import Facts, Observation, PanelCheck, Reply
from compliance.judge import judge
from compliance.law.terms import Action, Category, MeasureKind, Seen
from compliance.matrix import Dossier, Plan
from compliance.matrix.dossier import SIGHT, capture
from compliance.models import (
    AgreementMeasure,
    CnilCommitment,
    DeviceStatement,
    Mandate,
    OrderMeasure,
    Position,
    PriorConsultation,
    Pulse,
)
from tests.compliance.built import AT, a_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def facts(made: Dossier, position_: Position | None = None) -> Facts:
    asked = position_ or made.position
    return queries.facts_of([asked], action=Action.WATCH, agent=made.agent)[asked.pk]


def neighbour(made: Dossier) -> Position:
    return position.declare(
        made.installation, code=f"{made.position.code}-2", address="x", sight=SIGHT, since=AT, at=AT, by=System.CONSOLE
    )


def test_a_complete_dossier_becomes_complete_facts() -> None:
    made = a_dossier(Plan(perimeter=True, risk=True, category=Category.COMMUNAL_AGENT))

    known = facts(made)

    assert known.position == made.position.code
    assert known.authority.id == made.authority.pk
    assert [len(rows) for rows in (known.declarations, known.orders, known.notices, known.locations)] == [1] * 4
    assert [len(rows) for rows in (known.aipds, known.panels, known.masks, known.mountings)] == [1] * 4
    assert known.masks[0].snapshot
    assert known.locations[0].view is not None
    assert known.orders[0].perimeter[0] == (49.11, 6.17)
    assert known.agent is not None
    assert [len(known.agent.agreements), len(known.agent.employments), len(known.agent.habilitations)] == [1, 1, 1]
    assert known.agent.habilitations[0].covers_position
    assert known.agent.employments[0].territory == {made.authority.pk}


def test_nobody_is_nobody() -> None:
    made = a_dossier()

    assert queries.facts_of([made.position], action=Action.RECORD)[made.position.pk].agent is None
    assert queries.facts_of([], action=Action.RECORD) == {}


def test_every_answer_of_the_cnil_stays_known() -> None:
    made = a_dossier(Plan(risk=True))

    papers.record_answer(made.aipd, answered_on=made.day(-1), allows=False, **made.proved)

    assert facts(made).aipds[0].replies == (Reply(made.day(-59), allows=True), Reply(made.day(-1), allows=False))


def test_a_missing_panel_tells_of_the_positions_that_it_covered() -> None:
    made = a_dossier()
    other = neighbour(made)
    panel = made.installation.panels.get()

    papers.check_panel(panel, checked_on=made.day(-1), present=False, positions=[], **made.proved)

    assert facts(made).panels == (
        PanelCheck(panel.code, made.day(-54), present=True),
        PanelCheck(panel.code, made.day(-1), present=False),
    )
    assert facts(made, other).panels == ()


def test_the_measures_of_an_order_come_in_order() -> None:
    made = a_dossier()
    order.suspend(made.order, since=made.instant(-2), reference="b", at=AT, by=System.CONSOLE)
    first = order.suspend(made.order, since=made.instant(-9), reference="a", at=AT, by=System.CONSOLE)
    order.lift(first, until=made.instant(-5), at=AT, by=System.CONSOLE)

    (known,) = facts(made).orders

    assert [(m.kind, m.reference, m.until) for m in known.measures] == [
        (MeasureKind.SUSPENSION, "a", made.instant(-5)),
        (MeasureKind.SUSPENSION, "b", None),
    ]


def test_orders_come_by_their_first_day() -> None:
    made = a_dossier()
    later = capture(made, starts=-3)

    assert [o.id for o in facts(made).orders] == [made.order.pk, later.pk]


def test_a_habilitation_for_the_whole_installation_covers_each_position() -> None:
    made = a_dossier()
    other = neighbour(made)
    text = habilitation.Title(
        category=Category.MUNICIPAL_POLICE,
        act="arrêté n° 32",
        signatory="mayor",
        signed_on=made.day(-3),
        starts_on=made.day(-3),
        ends_on=None,
        actions=(Action.WATCH,),
    )
    habilitation.habilitate(made.agent, installation=made.installation, title=text, **made.proved)

    covered = {p.pk: [h.covers_position for h in facts(made, p).agent.habilitations] for p in (made.position, other)}  # type: ignore[union-attr]

    assert covered == {made.position.pk: [True, True], other.pk: [False, True]}


def test_a_habilitation_elsewhere_covers_nothing_here() -> None:
    here, elsewhere = a_dossier(), a_dossier()

    known = queries.facts_of([here.position], action=Action.WATCH, agent=elsewhere.agent)[here.position.pk]

    assert known.agent is not None
    assert [h.covers_position for h in known.agent.habilitations] == [False]


@pytest.mark.parametrize("category", [Category.MAYOR, Category.DELEGATE])
def test_mayor_and_delegate_are_elected_in_one_commune(category: Category) -> None:
    here, elsewhere = a_dossier(), a_dossier(Plan(category=category))

    away = queries.facts_of([here.position], action=Action.WATCH, agent=elsewhere.agent)[here.position.pk].agent
    home = facts(elsewhere).agent

    assert away is not None
    assert home is not None
    assert (away.mandates, away.delegations) == ((), ())
    assert len(home.mandates) + len(home.delegations) == 1


def test_the_new_enquiry_of_an_agent_is_due_after_five_years() -> None:
    made = a_dossier(Plan(category=Category.COMMUNAL_AGENT))
    agent = facts(made).agent

    assert agent is not None
    assert agent.agreements[0].enquiry_due == date(2031, 4, 29)
    assert made.day(-50) == date(2026, 4, 29)


def test_what_the_engine_saw_is_kept_in_order() -> None:
    made = a_dossier()
    for minutes, kind in ((5, Seen.AUDIO), (9, Seen.STREAM)):
        observe(made.position, kind=kind, at=AT - timedelta(minutes=minutes), by=System.RECORDER, detail="aac")

    assert facts(made).observations == (
        Observation(Seen.STREAM, AT - timedelta(minutes=9), "aac"),
        Observation(Seen.AUDIO, AT - timedelta(minutes=5), "aac"),
    )


def test_each_act_moves_the_pulse_by_one() -> None:
    assert queries.pulse() == 0
    made = a_dossier()
    before = queries.pulse()

    people.end_mandate(made.mandate, ends_on=made.day(3), at=AT, by=System.CONSOLE)

    assert queries.pulse() == before + 1
    assert Pulse.objects.count() == 1


def test_what_replaced_an_older_figure_leaves_it_unread_and_changes_no_answer() -> None:
    made = a_dossier()
    seen = [Seen.STREAM, Seen.ERASURE_FAILED, Seen.STREAM, Seen.AUDIO, Seen.ERASURE_RESTORED, Seen.AUDIO, Seen.STREAM]
    told = [(kind, AT - timedelta(minutes=90 - 10 * n)) for n, kind in enumerate(seen)]
    for kind, at in told:
        observe(made.position, kind=kind, at=at, by=System.RECORDER, detail=f"{kind} {at:%H:%M}")
    whole = facts(made)

    for at in [AT, *(instant for _, instant in told)]:
        for asked in (at - timedelta(seconds=1), at, at + timedelta(seconds=1)):
            bounded = queries.facts_of([made.position], action=Action.WATCH, at=asked, agent=made.agent)
            judged = [
                judge(a, k, asked).findings for a in (Action.RECORD, Action.WATCH) for k in (whole, *bounded.values())
            ]
            assert judged[0] == judged[1]
            assert judged[2] == judged[3]

    last = queries.facts_of([made.position], action=Action.WATCH, at=AT)[made.position.pk].observations
    assert [o.kind for o in last] == [Seen.ERASURE_FAILED, Seen.ERASURE_RESTORED, Seen.AUDIO, Seen.STREAM]
    assert len(whole.observations) == len(seen)


def test_twenty_positions_cost_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    made = a_dossier(Plan(perimeter=True, risk=True, category=Category.COMMUNAL_AGENT))
    more = [
        position.declare(made.installation, code=f"X-{n}", address="x", sight=SIGHT, since=AT, at=AT, by=System.CONSOLE)
        for n in range(20)
    ]

    for asked in ([made.position], more):
        with django_assert_max_num_queries(11):
            queries.facts_of(asked, action=Action.RECORD, at=AT)
        with django_assert_max_num_queries(15):
            queries.facts_of(asked, action=Action.WATCH, at=AT, agent=made.agent)


def test_without_a_perimeter_no_letter_of_place_is_read(django_assert_max_num_queries: Any) -> None:
    made = a_dossier()

    with django_assert_max_num_queries(10):
        queries.facts_of([made.position], action=Action.RECORD, at=AT)


def test_hundreds_of_positions_are_read_whole_and_answered_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    made, other = a_dossier(Plan(perimeter=True, risk=True)), a_dossier()
    panel = made.installation.panels.get()
    papers.check_panel(panel, checked_on=made.day(-1), present=False, positions=[], **made.proved)
    asked = [made.position, other.position]
    few = queries.facts_of(asked, action=Action.RECORD)

    monkeypatch.setattr(queries, "MANY", 2)

    assert queries.facts_of(asked, action=Action.RECORD) == few
    assert queries.facts_of([made.position], action=Action.RECORD) == {made.position.pk: few[made.position.pk]}


def test_what_was_typed_by_mistake_is_no_fact_wherever_it_is_joined() -> None:
    made = a_dossier(Plan(risk=True, category=Category.COMMUNAL_AGENT))
    order.suspend(made.order, since=AT, reference="a", at=AT, by=System.CONSOLE)
    habilitation.suspend_agreement(made.agreement, installation=made.installation, since=AT, at=AT, by=System.CONSOLE)
    assert facts(made).orders[0].measures

    for kind in (OrderMeasure, PriorConsultation, DeviceStatement, Mandate, CnilCommitment, AgreementMeasure):
        assert kind.ever.update(void_at=AT)  # type: ignore[attr-defined]
    known = facts(made)

    assert known.agent is not None
    assert known.orders[0].measures == known.agent.agreements[0].measures == ()
    assert known.aipds[0].replies == known.mountings[0].statements == ()
    assert known.authority.mandates == known.authority.commitments == ()


def test_a_panel_said_to_be_wrong_proves_nothing_by_its_photos() -> None:
    made = a_dossier()
    assert facts(made).panels

    made.installation.panels.update(void_at=AT)

    assert facts(made).panels == ()
