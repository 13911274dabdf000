"""After any sequence of acts, the gate allows what a straightforward re-reading of the rows allows, and nothing else.

The long form is `./run proof laws`: ten thousand sequences.
"""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from compliance import gate
from compliance.actions import habilitation, order, people, position
from compliance.actions.observation import observe
from compliance.events import System
from compliance.gate import Action
from compliance.law.terms import Analysis, Category, Microphone, OrderKind, PlaceKind, Seen
from compliance.matrix import Dossier, Plan
from compliance.matrix.dossier import change, check_masks, state
from tests.compliance.built import AT, a_dossier
from tests.compliance.oracle.campaign import TICK, Sequence, Tally, bench, play, sequences

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EXAMPLES = 60
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def _dossiers_of_this_transaction() -> Iterator[None]:
    bench.cache_clear()
    yield
    bench.cache_clear()


@pytest.mark.usefixtures("_dossiers_of_this_transaction")
def test_no_action_is_allowed_that_the_acts_forbid_nor_refused_that_they_allow() -> None:
    tally = Tally()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=QUIET,
    )
    @given(sequence=sequences)
    def any_sequence(sequence: Sequence) -> None:
        play(sequence, tally)

    any_sequence()

    assert tally.acts > EXAMPLES
    assert set(tally.verdicts) == {f"{action} {verdict}" for action in Action for verdict in ("allowed", "refused")}


# --- what is revoked is refused at the next question -----------------------------------------------------------------
def _employer(d: Dossier) -> object:
    return people.end_employment(d.employment, installation=d.installation, ends_on=d.day(-1), **d.by)


def _delegation(d: Dossier) -> object:
    return people.end_delegation(d.delegation, installation=d.installation, ends_on=d.day(-1), **d.by)


def _strike(act: Callable[..., object]) -> Callable[[Dossier], object]:
    return lambda d: act(d.order, since=AT, reference="acte du préfet", **d.by)


def _disapprove(act: Callable[..., object]) -> Callable[[Dossier], object]:
    return lambda d: act(d.agreement, installation=d.installation, since=AT, **d.by)


STREET, APPROVED = Plan(), Plan(category=Category.COMMUNAL_AGENT)
REVOCATIONS: dict[str, tuple[Plan, Callable[[Dossier], object], Action]] = {
    "order suspended": (STREET, _strike(order.suspend), Action.RECORD),
    "order withdrawn": (STREET, _strike(order.withdraw), Action.RECORD),
    "order stopped": (STREET, _strike(order.stop), Action.WATCH),
    "event over": (Plan(order=OrderKind.GATHERING), _strike(order.end_event), Action.RECORD),
    "mandate over": (
        STREET,
        lambda d: people.end_mandate(d.mandate, ends_on=d.day(-1), **d.by),
        Action.RECORD,
    ),
    "habilitation withdrawn": (
        STREET,
        lambda d: habilitation.withdraw_habilitation(d.title, since=AT, **d.by),
        Action.WATCH,
    ),
    "employment over": (STREET, _employer, Action.WATCH),
    "delegation over": (Plan(category=Category.DELEGATE), _delegation, Action.WATCH),
    "agrément suspended": (APPROVED, _disapprove(habilitation.suspend_agreement), Action.WATCH),
    "agrément withdrawn": (APPROVED, _disapprove(habilitation.withdraw_agreement), Action.WATCH),
    "device removed": (STREET, lambda d: position.remove(d.mounting, until=AT, **d.by), Action.RECORD),
    "device turned": (STREET, lambda d: change(d, AT, azimuth=180.0), Action.RECORD),
    "place closed": (STREET, lambda d: change(d, AT, kind=PlaceKind.NONE), Action.RECORD),
    "dwelling seen": (STREET, lambda d: check_masks(d, AT, clean=False), Action.RECORD),
    "microphone on": (STREET, lambda d: state(d, AT, microphone=Microphone.ON), Action.RECORD),
    "analysis for ever": (STREET, lambda d: state(d, AT, analysis=Analysis.PERMANENT), Action.RECORD),
    "erasure failed": (
        STREET,
        lambda d: observe(d.position, kind=Seen.ERASURE_FAILED, at=AT, by=System.KEEPER),
        Action.RECORD,
    ),
}


@pytest.mark.parametrize(("plan", "revoke", "action"), REVOCATIONS.values(), ids=REVOCATIONS)
def test_what_is_revoked_is_refused_at_the_next_question(
    plan: Plan, revoke: Callable[[Dossier], object], action: Action
) -> None:
    made = a_dossier(plan)
    before = gate.pulse()
    assert gate.decide(action, made.position, at=AT, agent=made.agent).allowed

    revoke(made)

    assert gate.pulse() == before + 1
    assert not gate.decide(action, made.position, at=AT, agent=made.agent).allowed


def test_what_was_lawful_before_a_revocation_stays_so_in_the_past() -> None:
    made = a_dossier()

    order.withdraw(made.order, since=AT, reference="arrêté du jour", **made.by)

    assert gate.decide(Action.WATCH, made.position, at=AT - TICK, agent=made.agent).allowed
