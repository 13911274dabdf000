"""Everything that a requirement may look at, frozen. Rows become these values once per question; no Django, no clock.

Dates are Paris days: `starts_on` is the first lawful day, `ends_on` the last. Datetimes are aware instants: `since` is
included, `until` excluded. A tuple is sorted by its date.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from compliance.law import legal_day
from compliance.law.terms import (
    Action,
    Analysis,
    Category,
    Ground,
    MeasureKind,
    Microphone,
    OrderKind,
    PlaceKind,
    Seen,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of footage: `since` included, `until` excluded."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """Where a device stands and what it looks at: degrees, clockwise from north; metres."""

    latitude: float
    longitude: float
    azimuth: float
    angle: float
    range_m: float


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days on which something held: mandate, employment, delegation."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """True on the first and the last day and between."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the commune declares of a position from an instant: its legal kind, its field, its purposes."""

    since: datetime
    kind: PlaceKind
    justification: str
    view: FieldOfView
    purposes: frozenset[int] = frozenset()
    premises_purpose: bool = False
    necessity: str = ""
    retention_days: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that befell an order: `until` is when it was lifted."""

    kind: MeasureKind
    since: datetime
    until: datetime | None = None
    reference: str = ""

    def bites(self, at: datetime) -> bool:
        """True from its instant until it is lifted."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Order:
    """The prefect's order as it touches one position: `view` and `cameras` are its line in the annex."""

    id: int
    number: str
    kind: OrderKind
    signed_on: date
    starts_on: date
    ends_on: date
    purposes: frozenset[int]
    premises: bool
    retention_days: int | None
    services: frozenset[str]
    view: FieldOfView
    cameras: int
    perimeter: tuple[tuple[float, float], ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def provisional(self) -> bool:
        """True for the four urgent texts."""
        return self.kind is not OrderKind.ORDINARY

    def event_end(self, at: datetime) -> Measure | None:
        """Return the recorded end of the event, once reached."""
        return next((m for m in self.measures if m.kind is MeasureKind.EVENT_END and m.bites(at)), None)

    def stopped(self, at: datetime) -> Measure | None:
        """Return the suspension, withdrawal or stop that bites."""
        return next((m for m in self.measures if m.kind is not MeasureKind.EVENT_END and m.bites(at)), None)

    def running(self, at: datetime) -> bool:
        """True between its first and its last day, event not over, neither suspended nor withdrawn."""
        day = legal_day(at)
        return self.starts_on <= day <= self.ends_on and not self.event_end(at) and not self.stopped(at)


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to the prefect: sent on a day, about a later one (R252-17)."""

    sent_on: date
    service_on: date
    proved: bool
    view: FieldOfView | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """The commitment of conformity sent to the CNIL (R253-7)."""

    sent_on: date
    receipt: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The CNIL's answer on a high residual risk."""

    answered_on: date
    allows: bool


@dataclass(frozen=True, slots=True)
class Aipd:
    """A signed impact assessment with the DPO's opinion, and every answer of the CNIL: the past stays answerable."""

    version: str
    signed_on: date
    opinion_on: date | None
    residual_high: bool
    replies: tuple[Reply, ...] = ()
    review_on: date | None = None

    def complete(self, day: date) -> bool:
        """True once signed with the DPO's opinion."""
        return self.signed_on <= day and self.opinion_on is not None and self.opinion_on <= day

    def reply(self, day: date) -> Reply | None:
        """Return the last answer of the CNIL by that day."""
        return next((r for r in reversed(self.replies) if r.answered_on <= day), None)


@dataclass(frozen=True, slots=True)
class PanelCheck:
    """A panel seen, or not, by someone on a day."""

    panel: str
    checked_on: date
    present: bool


@dataclass(frozen=True, slots=True)
class MaskCheck:
    """A human looked at a dated snapshot: does it show the inside or the entrance of a dwelling?"""

    at: datetime
    clean: bool
    masks: int
    snapshot: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What was declared of a device on an instant."""

    at: datetime
    microphone: Microphone
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Mounting:
    """A device mounted at the position, from an instant until its removal."""

    reference: str
    since: datetime
    until: datetime | None = None
    statements: tuple[Statement, ...] = ()

    def stands(self, at: datetime) -> bool:
        """True while the device is mounted."""
        return self.since <= at and (self.until is None or at < self.until)

    def statement(self, at: datetime) -> Statement | None:
        """Return the last statement made by that instant."""
        made = [s for s in self.statements if s.at <= at]
        return made[-1] if made else None


@dataclass(frozen=True, slots=True)
class Observation:
    """What the engine saw at the position."""

    kind: Seen
    at: datetime
    detail: str = ""
    conforms: bool = True


@dataclass(frozen=True, slots=True)
class Employment:
    """Who a person works for, whether it is a public body, and the communes of competence."""

    starts_on: date
    ends_on: date | None
    employer: str
    public: bool
    territory: frozenset[int]

    def covers(self, day: date) -> bool:
        """True on the first and the last day and between."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The prefect's agrément of an agent (L132-14-1), with its suspensions and withdrawal."""

    number: str
    starts_on: date
    ends_on: date | None
    measures: tuple[Measure, ...] = ()
    enquiry_due: date | None = None

    def running(self, at: datetime) -> bool:
        """True between its days, neither suspended nor withdrawn."""
        day = legal_day(at)
        inside = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return inside and not any(m.bites(at) for m in self.measures)


@dataclass(frozen=True, slots=True)
class Habilitation:
    """The one truth about who may see what: category, act and signatory, actions, days."""

    category: Category
    act: str
    signatory: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    actions: frozenset[Action]
    covers_position: bool
    withdrawn_at: datetime | None = None
    service: str = ""

    def running(self, at: datetime) -> bool:
        """True between its days and before its withdrawal."""
        day = legal_day(at)
        inside = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return inside and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class Agent:
    """The person who asks to see, with all that the law looks at."""

    name: str
    mandates: tuple[Period, ...] = ()
    delegations: tuple[Period, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    employments: tuple[Employment, ...] = ()
    habilitations: tuple[Habilitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The controller: who it is, whether a mayor holds office, what it sent to the CNIL."""

    id: int
    name: str
    siret: str
    public: bool
    mandates: tuple[Period, ...] = ()
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds at an instant: asked once, told to every requirement."""

    at: datetime
    declaration: Declaration | None
    order: Order | None
    street: bool
    premises: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one position, and of the person and the ground when a question has them."""

    position: str
    authority: Authority
    declarations: tuple[Declaration, ...] = ()
    orders: tuple[Order, ...] = ()
    notices: tuple[Notice, ...] = ()
    locations: tuple[Notice, ...] = ()
    aipds: tuple[Aipd, ...] = ()
    panels: tuple[PanelCheck, ...] = ()
    masks: tuple[MaskCheck, ...] = ()
    mountings: tuple[Mounting, ...] = ()
    observations: tuple[Observation, ...] = ()
    agent: Agent | None = None
    journal_writes: bool = True
    action: Action = Action.RECORD
    ground: Ground | None = None
    # The last instant asked about: thirty requirements ask about the same one. It says nothing that the rest does not.
    _asked: list[Moment] = field(default_factory=list, init=False, repr=False, compare=False)

    def _moment(self, at: datetime) -> Moment:
        # The same object, not an equal one: two Paris hours of the night of a change are equal and are not the same.
        if not self._asked or self._asked[0].at is not at:
            held = self._declaration(at)
            kind = held.kind if held else None
            street = kind in (PlaceKind.STREET, PlaceKind.MIXED)
            premises = kind in (PlaceKind.OPEN_TO_PUBLIC, PlaceKind.MIXED)
            self._asked[:] = [Moment(at, held, self._order(at), street, premises)]
        return self._asked[0]

    def declaration(self, at: datetime) -> Declaration | None:
        """Return the declaration that holds at an instant."""
        return self._moment(at).declaration

    def _declaration(self, at: datetime) -> Declaration | None:
        return next((d for d in reversed(self.declarations) if d.since <= at), None)

    def kind(self, at: datetime) -> PlaceKind | None:
        """Return the legal kind declared at an instant."""
        held = self.declaration(at)
        return held.kind if held else None

    def street(self, at: datetime) -> bool:
        """True where the rules of the public street apply: street and mixed."""
        return self._moment(at).street

    def premises(self, at: datetime) -> bool:
        """True where the rules of premises open to the public apply: premises and mixed."""
        return self._moment(at).premises

    def standing(self, at: datetime) -> tuple[Mounting, ...]:
        """Return the devices mounted at an instant."""
        return tuple(m for m in self.mountings if m.stands(at))

    def order(self, at: datetime) -> Order | None:
        """Return the order relied on: the running one that lasts longest, else the last to have begun."""
        return self._moment(at).order

    def _order(self, at: datetime) -> Order | None:
        day = legal_day(at)
        begun = [o for o in self.orders if o.starts_on <= day]
        running = [o for o in begun if o.running(at)]
        if running:
            return max(running, key=lambda o: (o.ends_on, o.id))
        return max(begun, key=lambda o: (o.starts_on, o.id), default=None)
