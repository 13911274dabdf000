"""A complete dossier, built by acts: what the matrix undoes, and what tests and demonstrations start from.

Each step is an act of the console, with its journal entry; nothing is inserted. It reads no clock.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from secrets import token_hex
from typing import Any

from PIL import Image, PngImagePlugin

from compliance.actions import document, habilitation, order, people, position
from compliance.actions import dossier as papers
from compliance.events import System
from compliance.law import legal_day, midnight
from compliance.law.terms import VIEWING, Action, Analysis, Category, Ground, Microphone, OrderKind, PlaceKind
from compliance.models import (
    Agreement,
    Aipd,
    Authority,
    Delegation,
    Document,
    Employment,
    Habilitation,
    Installation,
    Mandate,
    Mounting,
    Order,
    Person,
    Position,
)

BY = System.CONSOLE
SERVICE = "Gendarmerie de Valclair"
SIGHT = position.Sight(
    kind=PlaceKind.STREET,
    justification="Place publique devant la mairie.",
    latitude=49.12,
    longitude=6.18,
    azimuth=90.0,
    angle=60.0,
    range_m=40.0,
    purposes=(1, 5),
    necessity="Faits constatés sur la place, main courante de l’année.",
)
CORNERS = ((49.11, 6.17), (49.11, 6.19), (49.13, 6.19), (49.13, 6.17))
# Days from that of the question, in the order of the law. LATE: after the first days on which it may be asked.
MANDATE, COMMITMENT, OPINION, AIPD, ORDER, LOCATION, DECLARED, ANSWERED = -70, -68, -67, -66, -65, -64, -60, -59
MOUNTED, PANEL, LETTER, SERVICE_DAY, TITLE = -55, -54, -53, -50, -50
LATE = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to build. `late` names the one requirement whose proof comes only on the day LATE."""

    kind: PlaceKind = PlaceKind.STREET
    category: Category = Category.MUNICIPAL_POLICE
    order: OrderKind = OrderKind.ORDINARY
    order_ends: int | None = None
    perimeter: bool = False
    risk: bool = False
    late: str = ""

    def when(self, requirement: str, offset: int) -> int:
        """Return the day of a requirement's proof."""
        return LATE if self.late == requirement else offset


@dataclass(kw_only=True, repr=False)
class Dossier:
    """What was built, and how a question about it is asked."""

    plan: Plan
    at: datetime
    ground: Ground | None = Ground.REQUISITION
    mute: bool = False
    authority: Authority = field(init=False)
    installation: Installation = field(init=False)
    document: Document = field(init=False)
    mandate: Mandate = field(init=False)
    aipd: Aipd = field(init=False)
    sight: position.Sight = field(init=False)
    position: Position = field(init=False)
    order: Order = field(init=False)
    mounting: Mounting = field(init=False)
    agent: Person = field(init=False)
    # Made by `admit` for the categories that have one: reading another's is an error.
    title: Habilitation = field(init=False)
    employment: Employment = field(init=False)
    delegation: Delegation = field(init=False)
    agreement: Agreement = field(init=False)
    # What an undoing leaves for its restoring to end.
    measure: Any = None

    def day(self, offset: int) -> date:
        """Return the legal day so many days from that of the question."""
        return legal_day(self.at) + timedelta(days=offset)

    def instant(self, offset: int, hour: int = 0) -> datetime:
        """Return an hour, Paris time, of the day so many days from that of the question."""
        return midnight(self.day(offset)).replace(hour=hour)

    @property
    def by(self) -> dict[str, Any]:
        """Who acts, and when it is recorded."""
        return {"at": self.at, "by": BY}

    @property
    def proved(self) -> dict[str, Any]:
        """The same, on the dossier's document."""
        return {"document": self.document, **self.by}


def build(plan: Plan, *, at: datetime, picture: bytes | None = None) -> Dossier:
    """Build by acts a dossier that opens its position for every action at `at`, and since day −4 (or LATE).

    Call it in a transaction. One document proves everything: `picture`, kept as a file, or else one that has a row and
    no file, for a transaction that is taken back. Raises what the acts raise.
    """
    made = Dossier(plan=plan, at=at)
    code = f"M{token_hex(4).upper()}"
    _found(made, code, picture)
    _sign(made)
    _place(made, code)
    _equip(made, code)
    admit(made, plan.category)
    return made


def photo() -> bytes:
    """Return a small picture that no other dossier holds."""
    content, said = BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Comment", token_hex(16))
    Image.new("RGB", (8, 6), (120, 130, 140)).save(content, "PNG", pnginfo=said)
    return content.getvalue()


def _found(made: Dossier, code: str, picture: bytes | None) -> None:
    made.authority = people.found_authority(
        None, name=f"Commune {code}", siret="21570999900015", insee="57099", **made.by
    )
    made.installation = people.open_installation(made.authority, code=code, name=f"Essai {code}", **made.by)
    receive = document.rehearse if picture is None else document.receive
    made.document = receive(
        made.installation, kind="preuve", name="preuve.png", content=picture or photo(), photo=True, **made.by
    )
    mayor = person(made, "Maire")
    made.mandate = people.start_mandate(
        made.authority, person=mayor, starts_on=made.day(MANDATE), ends_on=None, **made.by
    )


def person(made: Dossier, function: str) -> Person:
    """Register somebody of the commune."""
    code = f"{made.installation.code}-{token_hex(4)}"
    return people.register_person(made.authority, code=code, name=function, function=function, **made.by)


def _sign(made: Dossier) -> None:
    plan, day = made.plan, made.day
    papers.send_commitment(
        made.installation, sent_on=day(plan.when("R-21", COMMITMENT)), receipt="RU-74-118", **made.proved
    )
    sign_aipd(made, version="1", opinion_on=plan.when("R-22", OPINION), signed_on=plan.when("R-22", AIPD))
    if plan.risk:
        papers.record_answer(made.aipd, answered_on=day(ANSWERED), allows=True, **made.proved)


def sign_aipd(made: Dossier, *, version: str, opinion_on: int, signed_on: int) -> None:
    """Sign a version of the AIPD, with the risk that the plan says."""
    made.aipd = papers.sign_aipd(
        made.installation,
        version=version,
        signed_on=made.day(signed_on),
        opinion_on=made.day(opinion_on),
        opinion="favorable",
        residual_high=made.plan.risk,
        review_on=None,
        **made.proved,
    )


def _place(made: Dossier, code: str) -> None:
    plan, since = made.plan, made.instant(DECLARED)
    made.sight = _sight(plan.kind)
    first = replace(made.sight, necessity="") if plan.late == "R-04" else made.sight
    made.position = position.declare(
        made.installation, code=code, address="1, place de la Mairie", sight=first, since=since, **made.by
    )
    if plan.late == "R-04":
        position.change(made.position, sight=made.sight, since=made.instant(LATE), reason="nécessité", **made.by)
    made.order = capture(made, starts=ORDER, ends=plan.order_ends, kind=plan.order)
    if plan.perimeter:
        tell_place(made, made.sight, sent=LOCATION, service=DECLARED)


def _sight(kind: PlaceKind) -> position.Sight:
    if kind is PlaceKind.OPEN_TO_PUBLIC:
        return replace(SIGHT, kind=kind, purposes=(), necessity="", premises_purpose=True)
    return replace(SIGHT, kind=kind, premises_purpose=kind is PlaceKind.MIXED)


def capture(made: Dossier, *, starts: int, ends: int | None = None, kind: OrderKind = OrderKind.ORDINARY) -> Order:
    """Capture an order that names the position."""
    line = order.Line(position=made.position, cameras=1, **_field(made.sight))
    text = order.OrderText(
        number=f"{made.installation.code}-{token_hex(3)}",
        kind=kind,
        signed_on=made.day(starts),
        ends_on=None if ends is None else made.day(ends),
        purposes=(1, 5),
        premises=True,
        retention_days=30,
        services=(SERVICE,),
        perimeter=CORNERS if made.plan.perimeter else (),
        lines=(line,),
    )
    return order.capture(made.installation, text=text, **made.proved)


def _field(sight: position.Sight) -> dict[str, float]:
    return {name: getattr(sight, name) for name in ("latitude", "longitude", "azimuth", "angle", "range_m")}


def tell_place(made: Dossier, sight: position.Sight, *, sent: int, service: int) -> None:
    """Tell the prefect where the position stands in the perimeter."""
    papers.send_location(
        made.position, place=_field(sight), sent_on=made.day(sent), service_on=made.day(service), **made.proved
    )


def _equip(made: Dossier, code: str) -> None:
    plan, since = made.plan, made.instant(MOUNTED)
    made.mounting = position.mount(made.position, reference=f"Appareil {code}", since=since, **made.by)
    state(made, since)
    check_masks(made, since)
    panel = papers.place_panel(made.installation, code=code, place="Entrée de la place", **made.by)
    papers.check_panel(
        panel, checked_on=made.day(plan.when("R-27", PANEL)), present=True, positions=[made.position], **made.proved
    )
    papers.send_commissioning(
        made.installation,
        positions=[made.position],
        sent_on=made.day(LETTER),
        service_on=made.day(plan.when("R-15", SERVICE_DAY)),
        **made.proved,
    )


def state(
    made: Dossier,
    stated_at: datetime,
    *,
    microphone: Microphone = Microphone.ABSENT,
    analysis: Analysis = Analysis.ABSENT,
) -> None:
    """Declare the device's microphone and analysis."""
    position.state(made.mounting, stated_at=stated_at, microphone=microphone, analysis=analysis, **made.by)


def check_masks(made: Dossier, checked_at: datetime, *, clean: bool = True) -> None:
    """Check the masks on a dated picture."""
    position.check_masks(made.position, checked_at=checked_at, clean=clean, masks=[], **made.proved)


def change(made: Dossier, since: datetime, **changes: Any) -> None:
    """Declare a change of the position, and what it becomes."""
    made.sight = replace(made.sight, **changes)
    position.change(made.position, sight=made.sight, since=since, reason="essai", **made.by)


# --- people ----------------------------------------------------------------------------------------------------------
def admit(made: Dossier, category: Category) -> None:
    """Make the person who asks: of this legal category, with every act that it demands."""
    if category is Category.MAYOR:
        made.agent = made.mandate.person
        return
    made.agent = person(made, f"Essai {category}")
    if category in (Category.MUNICIPAL_POLICE, Category.COMMUNAL_AGENT, Category.PRIVATE_OPERATOR):
        employ(made, starts=TITLE, public=category is not Category.PRIVATE_OPERATOR)
    if category is Category.COMMUNAL_AGENT:
        made.agreement = habilitation.record_agreement(
            made.agent,
            installation=made.installation,
            number="AG-12",
            signed_on=made.day(TITLE),
            starts_on=made.day(TITLE),
            ends_on=None,
            **made.proved,
        )
    if category is Category.DELEGATE:
        delegate(made, starts=TITLE)
    entitle(made, starts=TITLE)


def employ(made: Dossier, *, starts: int, public: bool = True) -> None:
    """Record who the person works for."""
    made.employment = people.record_employment(
        made.agent,
        installation=made.installation,
        employer=made.authority.name if public else "Vigile SARL",
        public=public,
        territory=[made.authority] if public else [],
        starts_on=made.day(starts),
        ends_on=None,
        **made.by,
    )


def delegate(made: Dossier, *, starts: int) -> None:
    """Record the delegation of police functions."""
    made.delegation = people.delegate(
        made.agent,
        installation=made.installation,
        number="DEL-4",
        starts_on=made.day(starts),
        ends_on=None,
        **made.proved,
    )


def entitle(made: Dossier, *, starts: int, signatory: str | None = None, service: str = SERVICE) -> None:
    """Habilitate the person for every action, signed by whom the law says unless told otherwise."""
    category = made.plan.category
    text = habilitation.Title(
        category=category,
        act="arrêté n° 31",
        signatory=signatory or habilitation.SIGNATORIES[category],
        signed_on=made.day(starts),
        starts_on=made.day(starts),
        ends_on=None,
        actions=(Action.PROBE, *sorted(VIEWING)),
        positions=(made.position,),
        service=service if category is Category.STATE_AGENT else "",
    )
    made.title = habilitation.habilitate(made.agent, installation=made.installation, title=text, **made.proved)
