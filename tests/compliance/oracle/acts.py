"""The acts that a sequence may hold, each done for real on a dossier, on days crowded around its question."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from compliance.actions import dossier as papers
from compliance.actions import habilitation, order, people, position
from compliance.actions.observation import observe
from compliance.events import System
from compliance.law.terms import Action, Analysis, Category, Microphone, OrderKind, PlaceKind, Seen
from compliance.matrix import Dossier
from compliance.matrix.dossier import CORNERS, SERVICE, SIGHT
from compliance.models import (
    Agreement,
    AgreementMeasure,
    Delegation,
    Employment,
    Habilitation,
    Mandate,
    Mounting,
    Order,
    OrderMeasure,
    Person,
    Position,
)

DAYS = st.sampled_from([-6, -5, -4, -3, -3, -2, -2, -2, -1, -1, 0, 0, 1, 2, 3, 5])
HOURS = st.sampled_from([0, 0, 1, 2, 3, 9, 15, 23])
TURNS = st.integers(0, 5)
# What a change may make of a position; the places and cones stay clear of the tolerances.
CHANGES: tuple[dict[str, Any], ...] = (
    {"latitude": SIGHT.latitude},
    {"latitude": SIGHT.latitude + 0.00003},
    {"latitude": SIGHT.latitude + 0.001},
    {"latitude": SIGHT.latitude + 0.05},
    {"azimuth": 90.0},
    {"azimuth": 91.0},
    {"azimuth": 95.0},
    {"azimuth": 300.0},
    {"angle": 60.0},
    {"angle": 63.0},
    {"angle": 70.0},
    {"range_m": 40.0},
    {"range_m": 44.0},
    {"range_m": 60.0},
    {"kind": PlaceKind.STREET},
    {"kind": PlaceKind.MIXED, "premises_purpose": True},
    {"kind": PlaceKind.OPEN_TO_PUBLIC, "premises_purpose": True},
    {"kind": PlaceKind.NONE},
    {"purposes": (1,)},
    {"purposes": (1, 5)},
    {"purposes": (1, 11)},
    {"purposes": ()},
    {"premises_purpose": True},
    {"premises_purpose": False},
    {"necessity": ""},
    {"necessity": "Faits constatés."},
    {"justification": ""},
    {"retention_days": None},
    {"retention_days": 15},
    {"retention_days": 31},
)


@dataclass
class Bench:
    """A dossier under test: where acts and questions find what they speak of."""

    made: Dossier
    positions: tuple[Position, ...]
    persons: tuple[Person, ...]

    @property
    def by(self) -> dict[str, Any]:
        """Everything is entered three weeks later: a date of the sequence is never in the future."""
        return {"at": self.made.at + timedelta(days=21), "by": System.CONSOLE}

    @property
    def on(self) -> dict[str, Any]:
        """The same, on the installation."""
        return {"installation": self.made.installation, **self.by}

    def day(self, offset: int) -> date:
        """Return a legal day near the question's."""
        return self.made.day(offset)

    def nth(self, rows: Any, turn: int) -> Any:
        """Return one of the rows, in the order of their keys; None when there is none."""
        found = list(rows.order_by("pk"))
        return found[turn % len(found)] if found else None


@dataclass(frozen=True)
class Step:
    """One act to come: which, on what day and hour, and the choices that it makes of it."""

    name: str
    day: int
    hour: int
    turn: int
    choices: tuple[int, ...]

    def pick(self, rank: int, values: Any) -> Any:
        """Return one of several values."""
        return values[self.choices[rank] % len(values)]

    def at(self, bench: Bench) -> datetime:
        """Return the instant of the act: on the hour, as every instant of these sequences."""
        start = bench.made.instant(self.day)
        return datetime.fromtimestamp(start.timestamp() + 3600 * self.hour, tz=bench.made.at.tzinfo)

    def last(self, bench: Bench) -> date | None:
        """Return a last day: none, or some days after the first."""
        after: int | None = self.pick(3, (None, 0, 1, 2, 4))
        return None if after is None else bench.day(self.day + after)


Do = Callable[[Bench, Step], Any]


def perform(bench: Bench, step: Step) -> bool:
    """Do the act; False when there is nothing to do it on, or when it refuses."""
    try:
        return ACTS[step.name](bench, step) is not None
    except ValidationError:
        return False


# --- the prefect ----------------------------------------------------------------------------------------------------
def _capture(b: Bench, s: Step) -> Any:
    places = s.pick(0, (b.positions, b.positions, b.positions[:1], b.positions[1:]))
    turned: dict[str, Any] = s.pick(1, ({}, {}, {}, {"angle": 360.0}, {"azimuth": 300.0}, {"latitude": 49.121}))
    cone = {name: getattr(SIGHT, name) for name in ("latitude", "longitude", "azimuth", "angle", "range_m")} | turned
    text = order.OrderText(
        number=token_hex(6),
        kind=s.pick(2, (OrderKind.ORDINARY, OrderKind.ORDINARY, *OrderKind)),
        signed_on=b.day(s.day),
        starts_on=b.day(s.day + s.turn // 3),
        ends_on=s.last(b),
        purposes=s.pick(4, ((1, 5), (1, 5), (1, 5, 11), (1,), (11,))),
        premises=s.pick(5, (True, True, False)),
        retention_days=s.pick(6, (30, 30, 31, 15, None)),
        services=s.pick(7, ((SERVICE,), (SERVICE, "Douanes"), ())),
        perimeter=s.pick(8, ((), (), (), CORNERS)),
        lines=tuple(order.Line(position=p, cameras=1 + s.turn % 2, **cone) for p in places),
    )
    return order.capture(b.made.installation, text=text, **b.by)


def _strike(act: Any) -> Do:
    def do(b: Bench, s: Step) -> Any:
        struck = b.nth(Order.objects.filter(installation=b.made.installation), s.turn)
        return act(struck, since=s.at(b), reference="acte du préfet", **b.by)

    return do


def _lift(b: Bench, s: Step) -> Any:
    measure = b.nth(OrderMeasure.objects.filter(order__installation=b.made.installation, until=None), s.turn)
    return measure and order.lift(measure, until=s.at(b), **b.by)


# --- the dossier ----------------------------------------------------------------------------------------------------
def _proof(b: Bench, s: Step) -> Any:
    return s.pick(0, (b.made.document, b.made.document, b.made.document, None))


def _announce(b: Bench, s: Step) -> Any:
    return papers.send_commissioning(
        b.made.installation,
        positions=list(b.positions[: 1 + s.turn % 2]),
        sent_on=b.day(s.day),
        service_on=b.day(s.day + s.pick(1, (1, 2, 0))),
        document=_proof(b, s),
        **b.by,
    )


def _locate(b: Bench, s: Step) -> Any:
    moved = replace(SIGHT, latitude=s.pick(1, (SIGHT.latitude, SIGHT.latitude + 0.001, SIGHT.latitude + 0.00003)))
    cone = {name: getattr(moved, name) for name in ("latitude", "longitude", "azimuth", "angle", "range_m")}
    return papers.send_location(
        b.positions[s.turn % 2],
        place=cone,
        sent_on=b.day(s.day),
        service_on=b.day(s.day + 1),
        document=_proof(b, s),
        **b.by,
    )


def _commit(b: Bench, s: Step) -> Any:
    return papers.send_commitment(
        b.made.installation, sent_on=b.day(s.day), receipt=s.pick(1, ("RU-74-2", "")), document=None, **b.by
    )


def _sign(b: Bench, s: Step) -> Any:
    before: int | None = s.pick(1, (0, 1, None))
    return papers.sign_aipd(
        b.made.installation,
        version=token_hex(6),
        signed_on=b.day(s.day),
        opinion_on=None if before is None else b.day(s.day - before),
        opinion="favorable",
        residual_high=s.pick(2, (True, False)),
        review_on=None,
        document=None,
        **b.by,
    )


def _answer(b: Bench, s: Step) -> Any:
    aipd = b.nth(b.made.installation.aipds, s.turn)
    return papers.record_answer(
        aipd, answered_on=b.day(s.day), allows=s.pick(1, (True, True, False)), document=None, **b.by
    )


def _panel(b: Bench, s: Step) -> Any:
    panel = b.nth(b.made.installation.panels, s.turn)
    present = s.pick(1, (True, False))
    positions = list(b.positions[: 1 + s.pick(2, (0, 1))]) if present else []
    return papers.check_panel(
        panel, checked_on=b.day(s.day), present=present, positions=positions, document=b.made.document, **b.by
    )


# --- the position ---------------------------------------------------------------------------------------------------
def _change(b: Bench, s: Step) -> Any:
    place = b.positions[s.pick(0, (0, 0, 0, 1))]
    last = place.declarations.order_by("since").last()
    names = position.Sight.__dataclass_fields__
    sight = position.Sight(**{name: getattr(last, name) for name in names})
    changed = replace(sight, kind=PlaceKind(last.kind), purposes=tuple(last.purposes))
    return position.change(place, sight=replace(changed, **s.pick(1, CHANGES)), since=s.at(b), reason="essai", **b.by)


def _masks(b: Bench, s: Step) -> Any:
    return position.check_masks(
        b.positions[s.pick(3, (0, 0, 0, 1))],
        checked_at=s.at(b),
        clean=s.pick(1, (True, True, True, False)),
        masks=[],
        document=_proof(b, s),
        **b.by,
    )


def _mount(b: Bench, s: Step) -> Any:
    return position.mount(b.positions[0], reference=f"Appareil {s.turn}", since=s.at(b), **b.by)


def _remove(b: Bench, s: Step) -> Any:
    return position.remove(b.nth(Mounting.objects.filter(position__in=b.positions), s.turn), until=s.at(b), **b.by)


def _state(b: Bench, s: Step) -> Any:
    return position.state(
        b.nth(Mounting.objects.filter(position__in=b.positions), s.turn),
        stated_at=s.at(b),
        microphone=s.pick(1, (Microphone.ABSENT, Microphone.OFF, Microphone.ON)),
        analysis=s.pick(2, (Analysis.ABSENT, Analysis.OFF, Analysis.PERMANENT)),
        **b.by,
    )


def _observe(b: Bench, s: Step) -> Any:
    kind = s.pick(1, (Seen.ERASURE_FAILED, Seen.ERASURE_RESTORED, Seen.AUDIO, Seen.STREAM))
    return observe(b.positions[0], kind=kind, at=s.at(b), by=System.KEEPER)


# --- people ---------------------------------------------------------------------------------------------------------
def _person(b: Bench, s: Step) -> Person:
    return b.persons[s.pick(0, (0, 0, 0, 2, 2, 1))]


def _term(b: Bench, s: Step) -> dict[str, Any]:
    return {"starts_on": b.day(s.day), "ends_on": s.last(b)}


def _elect(b: Bench, s: Step) -> Any:
    return people.start_mandate(b.made.authority, person=_person(b, s), **_term(b, s), **b.on)


def _end(act: Any, kind: Any) -> Do:
    def do(b: Bench, s: Step) -> Any:
        row = b.nth(kind.objects.filter(person__in=b.persons), s.turn)
        return row and act(row, ends_on=b.day(s.day), **b.on)

    return do


def _employ(b: Bench, s: Step) -> Any:
    return people.record_employment(
        _person(b, s),
        employer="Employeur",
        public=s.pick(1, (True, True, True, False)),
        territory=s.pick(2, ([b.made.authority], [b.made.authority], [])),
        **_term(b, s),
        **b.on,
    )


def _delegate(b: Bench, s: Step) -> Any:
    return people.delegate(_person(b, s), number="DEL", **_term(b, s), **b.on)


def _habilitate(b: Bench, s: Step) -> Any:
    category = s.pick(1, tuple(c for c in Category if c is not Category.MAYOR))
    text = habilitation.Title(
        category=category,
        act="arrêté",
        signatory=s.pick(2, (habilitation.SIGNATORIES[category],) * 3 + ("mayor", "chief_of_service", "controller")),
        signed_on=b.day(s.day),
        actions=s.pick(4, (tuple(Action), tuple(Action), (Action.WATCH,), (Action.REPLAY, Action.EXPORT))),
        positions=s.pick(5, ((), b.positions[:1], b.positions[1:])),
        service=s.pick(6, (SERVICE, SERVICE, "Douanes", "")),
        **_term(b, s),
    )
    return habilitation.habilitate(_person(b, s), title=text, **b.on)


def _revoke(b: Bench, s: Step) -> Any:
    held = Habilitation.objects.filter(person__in=b.persons, withdrawn_at=None)
    row = b.nth(held, s.turn)
    return row and habilitation.withdraw_habilitation(row, since=s.at(b), **b.by)


def _approve(b: Bench, s: Step) -> Any:
    return habilitation.record_agreement(_person(b, s), number="AG", signed_on=b.day(s.day), **_term(b, s), **b.on)


def _disapprove(act: Any) -> Do:
    def do(b: Bench, s: Step) -> Any:
        row = b.nth(Agreement.objects.filter(person__in=b.persons), s.turn)
        return row and act(row, since=s.at(b), **b.on)

    return do


def _reapprove(b: Bench, s: Step) -> Any:
    row = b.nth(AgreementMeasure.objects.filter(agreement__person__in=b.persons, until=None), s.turn)
    return row and habilitation.lift_agreement(row, until=s.at(b), **b.on)


ACTS: dict[str, Do] = {
    "capture": _capture,
    "suspend": _strike(order.suspend),
    "withdraw": _strike(order.withdraw),
    "stop": _strike(order.stop),
    "end_event": _strike(order.end_event),
    "lift": _lift,
    "announce": _announce,
    "locate": _locate,
    "commit": _commit,
    "sign": _sign,
    "answer": _answer,
    "panel": _panel,
    "change": _change,
    "masks": _masks,
    "mount": _mount,
    "remove": _remove,
    "state": _state,
    "observe": _observe,
    "elect": _elect,
    "end_mandate": _end(people.end_mandate, Mandate),
    "employ": _employ,
    "end_employment": _end(people.end_employment, Employment),
    "delegate": _delegate,
    "end_delegation": _end(people.end_delegation, Delegation),
    "habilitate": _habilitate,
    "revoke": _revoke,
    "approve": _approve,
    "suspend_agreement": _disapprove(habilitation.suspend_agreement),
    "withdraw_agreement": _disapprove(habilitation.withdraw_agreement),
    "lift_agreement": _reapprove,
}
OFTEN = ("capture", "change", "change", "change", "masks", "masks", "habilitate", "habilitate", "employ", "lift")
steps = st.builds(
    Step,
    name=st.sampled_from([*ACTS, *OFTEN]),
    day=DAYS,
    hour=HOURS,
    turn=TURNS,
    choices=st.tuples(*[st.integers(0, 59)] * 9),
)
