"""Sequences of acts and questions: what the gate answers is compared with the re-reading of the rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import transaction
from hypothesis import strategies as st

from compliance import gate, queries
from compliance.actions import dossier as papers
from compliance.actions import habilitation, order, people, position
from compliance.facts import Span
from compliance.gate import Action, Decision, Ground
from compliance.judge import judge
from compliance.law.terms import Analysis, Category, Microphone, OrderKind, PlaceKind
from compliance.matrix import Dossier, Plan, build
from compliance.matrix.dossier import SIGHT, person
from compliance.matrix.run import silenced
from compliance.models import Person, Position
from compliance.requirements.base import Outcome
from tests.compliance.oracle.acts import Bench, Step, perform, steps
from tests.compliance.oracle.answer import Question, forbidden_by
from tests.compliance.oracle.known import Known, Somebody, read, read_person, written

PREMISES = PlaceKind.OPEN_TO_PUBLIC
PLANS = (
    Plan(),
    Plan(category=Category.COMMUNAL_AGENT),
    Plan(category=Category.DELEGATE),
    Plan(category=Category.STATE_AGENT),
    Plan(category=Category.MAYOR),
    Plan(kind=PREMISES, category=Category.PRIVATE_OPERATOR),
    Plan(kind=PREMISES, category=Category.CONTROLLER_AGENT),
    Plan(kind=PlaceKind.MIXED, category=Category.MAYOR),
    Plan(order=OrderKind.GATHERING),
    Plan(order_ends=1),
    Plan(perimeter=True),
    Plan(risk=True),
    Plan(late="R-04"),
    Plan(late="R-15"),
    Plan(late="R-21"),
    Plan(late="R-22"),
    Plan(late="R-27"),
)
# An ordinary day, and the two nights when Paris changes its clocks.
ANCHORS = tuple(datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((6, 18), (3, 30), (10, 26)))
TICK, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
VIEWED = (Action.REPLAY, Action.EXPORT)


@dataclass(frozen=True)
class Ask:
    """One question to come: `rank` chooses among the instants written in the rows, `beside` how far from it."""

    action: Action
    rank: int
    beside: timedelta
    back: timedelta
    lasts: timedelta
    ground: Ground | None
    mute: bool


BESIDE = [timedelta(0), timedelta(0), -TICK, TICK, -SECOND, timedelta(minutes=47), timedelta(hours=30)]
asks = st.builds(
    Ask,
    action=st.sampled_from(Action),
    rank=st.integers(0, 199),
    beside=st.sampled_from(BESIDE),
    back=st.sampled_from([timedelta(0), timedelta(minutes=20), timedelta(hours=5), timedelta(days=1)]),
    lasts=st.sampled_from([timedelta(0), TICK, timedelta(minutes=10), timedelta(hours=7), timedelta(hours=27)]),
    ground=st.sampled_from([Ground.REQUISITION, Ground.ACCESS, Ground.PROCEDURE, None]),
    mute=st.sampled_from([False] * 29 + [True]),
)


@dataclass(frozen=True)
class Sequence:
    """A dossier to start from, who asks, acts and the questions after each of them, and at their end."""

    plan: Plan
    anchor: datetime
    who: int | None
    course: tuple[tuple[Step, tuple[Ask, ...]], ...]
    last: tuple[Ask, ...]


questions = st.lists(asks, min_size=3, max_size=6).map(tuple)
sequences = st.builds(
    Sequence,
    plan=st.sampled_from(PLANS),
    anchor=st.sampled_from(ANCHORS),
    who=st.sampled_from([0, 0, 0, 0, 1, 2, 2, None]),
    course=st.lists(st.tuples(steps, st.just(()) | st.just(()) | st.just(()) | questions), min_size=1, max_size=6).map(
        tuple
    ),
    last=questions,
)


@dataclass
class Tally:
    """What a campaign has done and seen."""

    examples: int = 0
    acts: int = 0
    refused_acts: int = 0
    questions: int = 0
    leases: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    blocking: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def note(self, decision: Decision) -> None:
        """Count an answer."""
        self.questions += 1
        self.verdicts[f"{decision.action} {'allowed' if decision.allowed else 'refused'}"] += 1
        self.blocking.update(f.code for f in decision.blocking)
        self.met.update(f.code for f in decision.findings if f.outcome is Outcome.MET)


class Difference(AssertionError):
    """The gate and the re-reading do not answer the same."""


@cache
def bench(plan: Plan, anchor: datetime) -> Bench:
    """Return a complete dossier with a second position beside it; made once, every sequence is rolled back to it."""
    made = build(plan, at=anchor)
    neighbour = _neighbour(made)
    return Bench(made, (made.position, neighbour), (made.agent, made.mandate.person, _colleague(made, plan)))


# What the colleague's title lacks, from one dossier to the next: the right signature, an agrément, a delegation…
FLAWS = (
    (Category.MUNICIPAL_POLICE, "chief_of_service"),
    (Category.COMMUNAL_AGENT, "mayor"),
    (Category.DELEGATE, "mayor"),
    (Category.STATE_AGENT, "chief_of_service"),
    (Category.PRIVATE_OPERATOR, "controller"),
)


def _colleague(made: Dossier, plan: Plan) -> Person:
    """Register a second person, employed by the commune, whose title an act of the sequence may mend."""
    colleague, day = person(made, "Collègue"), made.day(-50)
    category, signatory = FLAWS[PLANS.index(plan) % len(FLAWS)]
    on = {"installation": made.installation, **made.by}
    people.record_employment(
        colleague, employer="Commune", public=True, territory=[made.authority], starts_on=day, ends_on=None, **on
    )
    title = habilitation.Title(
        category=category,
        act="arrêté n° 40",
        signatory=signatory,
        signed_on=day,
        starts_on=day,
        ends_on=None,
        actions=tuple(Action),
        service="Douanes",
    )
    habilitation.habilitate(colleague, title=title, **on)
    return colleague


def _neighbour(made: Dossier) -> Position:
    """Declare, equip and have authorised a second position: `decide_many` is asked about both."""
    cone = {name: getattr(SIGHT, name) for name in ("latitude", "longitude", "azimuth", "angle", "range_m")}
    place = position.declare(
        made.installation,
        code=f"{made.position.code}-2",
        address="2, place",
        sight=SIGHT,
        since=made.instant(-60),
        **made.by,
    )
    text = order.OrderText(
        number="voisine",
        signed_on=made.day(-65),
        purposes=(1, 5),
        retention_days=30,
        lines=(order.Line(position=place, **cone),),
    )
    order.capture(made.installation, text=text, **made.proved)
    device = position.mount(place, reference="Voisin", since=made.instant(-55), **made.by)
    said = {"microphone": Microphone.OFF, "analysis": Analysis.OFF}
    position.state(device, stated_at=made.instant(-55), **said, **made.by)
    position.check_masks(place, checked_at=made.instant(-55), clean=True, masks=[], **made.proved)
    letter = {"sent_on": made.day(-54), "service_on": made.day(-50)}
    papers.send_commissioning(made.installation, positions=[place], **letter, **made.proved)
    panel = papers.place_panel(made.installation, code="VOISIN", place="Rue", **made.by)
    papers.check_panel(panel, checked_on=made.day(-54), present=True, positions=[place], **made.proved)
    return place


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def play(sequence: Sequence, tally: Tally) -> None:
    """Do the acts one after the other and compare every answer. Raises Difference."""
    dossier = bench(sequence.plan, sequence.anchor)
    who = None if sequence.who is None else dossier.persons[sequence.who]
    tally.examples += 1
    with rolled_back():
        for step, asked in sequence.course:
            before = gate.pulse()
            done = perform(dossier, step)
            tally.acts += done
            tally.refused_acts += not done
            if gate.pulse() != before + done:
                raise Difference(f"{step} : le pouls n’a pas suivi")
            interrogate(dossier, who, asked, tally)
        last = interrogate(dossier, who, sequence.last, tally)
        if sequence.last[-1].rank % 3 == 0:
            many_as_one(dossier, who, sequence.last[-1], last)


def interrogate(dossier: Bench, who: Person | None, asked: tuple[Ask, ...], tally: Tally) -> Decision | None:
    """Ask several questions on rows read once by the gate, once by the re-reading; return the last answer."""
    if not asked:
        return None
    known, somebody = read(dossier.positions[0]), None if who is None else read_person(who)
    place = dossier.positions[0]
    facts = queries.facts_of([place], action=Action.RECORD, agent=who)[place.pk]
    decision = None
    for ask in asked:
        at = instant(known, somebody, ask)
        footage = span(ask, at)
        question = Question(ask.action.value, at, somebody, footage, ask.ground and ask.ground.value, not ask.mute)
        read_once = replace(facts, action=ask.action, ground=ask.ground, journal_writes=not ask.mute)
        judged = judge(ask.action, read_once, at, footage=Span(*footage))
        decision = gate._decision(ask.action, place.code, at, judged)
        tally.note(decision)
        compare(known, question, decision, tally)
    return decision


def compare(known: Known, question: Question, decision: Decision, tally: Tally) -> None:
    """Compare the gate's answer with the re-reading's, now and until the end of the lease."""
    forbidden = forbidden_by(known, question)
    if decision.allowed is bool(forbidden):
        said = "ouvre" if decision.allowed else "; ".join(f"{f.code} {f.reason}" for f in decision.blocking)
        raise Difference(f"{question} : la porte : {said} ; la relecture : {', '.join(sorted(forbidden)) or 'ouvre'}")
    if not decision.at < decision.until <= decision.at + gate.LEASE[decision.action]:
        raise Difference(f"{question} : bail jusqu’à {decision.until.isoformat()}")
    if decision.allowed:
        lease_holds(known, question, decision, tally)


def lease_holds(known: Known, question: Question, decision: Decision, tally: Tally) -> None:
    """Ask the re-reading within the lease: nothing may forbid before its end what was allowed at its start."""
    tally.leases += 1
    length = decision.until - decision.at
    for later in (length / 2, length - SECOND, length - TICK):
        then = replace(question, at=decision.at + max(later, timedelta(0)))
        forbidden = forbidden_by(known, then)
        if forbidden:
            raise Difference(
                f"{question} : bail jusqu’à {decision.until.isoformat()}, mais refusé à {then.at.isoformat()} par "
                f"{', '.join(sorted(forbidden))}"
            )


def instant(known: Known, somebody: Somebody | None, asked: Ask) -> datetime:
    """Return the instant of a question: on or beside one written in the rows."""
    among = written(known, somebody)
    if asked.rank % 8:  # the days of the acts rather than those of the dossier they start from
        first = known.declarations[0].since + timedelta(days=52)
        among = [i for i in among if i >= first] or among
    return (among[asked.rank % len(among)].astimezone(UTC) + asked.beside).astimezone(UTC)


def span(asked: Ask, at: datetime) -> tuple[datetime, datetime]:
    """Return the footage of a question: it ended some time before."""
    until = at - asked.back
    return until - asked.lasts, until


def many_as_one(dossier: Bench, who: Person | None, ask: Ask, last: Decision | None) -> None:
    """Ask the gate itself: both positions at once as one by one, and the last question as it was judged."""
    action, place = ask.action, dossier.positions[0]
    assert last is not None
    at = last.at
    footage = Span(*span(ask, at)) if action in VIEWED else None
    with silenced(ask.mute):
        again = gate.decide(action, place, at=at, agent=who, footage=footage, ground=ask.ground)
        # Read at that instant, the gate does not know what the engine only alerted about later: no lease ends there.
        if replace(again, until=last.until) != last or again.until < last.until:
            raise Difference(f"{action} à {at.isoformat()} : la porte elle-même répond autrement")
        if action in VIEWED:
            return
        many = gate.decide_many(action, dossier.positions, at=at, agent=who)
        if many[place.pk] != again:
            raise Difference(f"{action} à {at.isoformat()} : ensemble et un par un, les réponses diffèrent")
        other = dossier.positions[1]
        if many[other.pk] != gate.decide(action, other, at=at, agent=who):
            raise Difference(f"{action} à {at.isoformat()} : la voisine, ensemble et seule, n’a pas la même réponse")
