"""Acts about the prefect's orders: capture, suspend, withdraw, stop, lift, end of the event."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import By, act, end, ordered, sha, who
from compliance.law import last_day, legal_day
from compliance.law.calendar import ONE_MONTH_AT_MOST
from compliance.law.terms import MeasureKind, OrderKind
from compliance.models import Document, Installation, Order, OrderLine, OrderMeasure, Position

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIVE_YEARS, FOUR_MONTHS = 60, 4
EVENTS = {
    MeasureKind.SUSPENSION: "order.suspended",
    MeasureKind.WITHDRAWAL: "order.withdrawn",
    MeasureKind.STOP: "order.stopped",
    MeasureKind.EVENT_END: "order.event_ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the annex: the position, its authorised place and cone, how many devices."""

    position: Position
    latitude: float
    longitude: float
    azimuth: float
    angle: float
    range_m: float
    cameras: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderText:
    """What the order says, as copied by a human. No `ends_on`: five years, or four months for a provisional one."""

    number: str
    kind: OrderKind = OrderKind.ORDINARY
    signed_on: date
    starts_on: date | None = None
    ends_on: date | None = None
    published: str = ""
    purposes: tuple[int, ...] = ()
    premises: bool = False
    retention_days: int | None = None
    minimum_days: int | None = None
    services: tuple[str, ...] = ()
    clauses: str = ""
    perimeter: tuple[tuple[float, float], ...] = ()
    lines: tuple[Line, ...] = field(default=())

    @property
    def first_day(self) -> date:
        """The day it takes effect: the signature's when the order is silent."""
        return self.starts_on or self.signed_on

    @property
    def longest(self) -> date:
        """The last day that the law allows (L252-4; L252-6, L252-7, L223-4, L223-5)."""
        return last_day(self.first_day, FIVE_YEARS if self.kind is OrderKind.ORDINARY else FOUR_MONTHS)


@act("capture_order")
def capture(
    installation: Installation, *, text: OrderText, at: datetime, by: By, document: Document | None = None
) -> Order:
    """Capture an order as signed. Raises ValidationError on impossible dates, no position, more than a month kept."""
    _check(installation, text)
    order = Order.objects.create(
        installation=installation,
        number=text.number,
        kind=text.kind,
        signed_on=text.signed_on,
        starts_on=text.first_day,
        ends_on=text.ends_on or text.longest,
        published=text.published,
        purposes=sorted(text.purposes),
        premises=text.premises,
        retention_days=text.retention_days,
        minimum_days=text.minimum_days,
        services=list(text.services),
        clauses=text.clauses,
        perimeter=[list(corner) for corner in text.perimeter],
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    for line in text.lines:
        OrderLine.objects.create(
            order=order,
            position=line.position,
            latitude=line.latitude,
            longitude=line.longitude,
            azimuth=line.azimuth,
            angle=line.angle,
            range_m=line.range_m,
            cameras=line.cameras,
        )
    journal.record(
        "order.captured",
        at=at,
        by=by,
        installation=installation,
        number=order.number,
        kind=order.kind,
        signed_on=order.signed_on,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        retention_days=order.retention_days,
        purposes=order.purposes,
        positions=[line.position.code for line in text.lines],
        document=sha(document),
    )
    return order


def _check(installation: Installation, text: OrderText) -> None:
    ordered(text.first_day, text.ends_on)
    errors: dict[str, StrOrPromise] = {}
    if text.first_day < text.signed_on:
        errors["starts_on"] = format_lazy(
            _("Un arrêté ne prend pas effet avant sa signature : au plus tôt le {signed_on:%d/%m/%Y}."),
            signed_on=text.signed_on,
        )
    if text.ends_on is not None and text.ends_on > text.longest:
        errors["ends_on"] = format_lazy(_("Au plus tard le {longest:%d/%m/%Y}."), longest=text.longest)
    if text.retention_days is not None and not 1 <= text.retention_days <= ONE_MONTH_AT_MOST:
        errors["retention_days"] = format_lazy(
            _("{retention_days} jours dépassent un mois. Si l’arrêté le dit vraiment, écrivez à la préfecture."),
            retention_days=text.retention_days,
        )
    if not text.lines:
        errors["positions"] = _("Un arrêté nomme au moins une position.")
    if any(line.position.installation_id != installation.pk for line in text.lines):
        errors["positions"] = _("Une position n’est pas de cette installation.")
    if len({line.position.pk for line in text.lines}) < len(text.lines):
        errors["positions"] = _("Une position est nommée deux fois.")
    if not (text.purposes or text.premises):
        errors["purposes"] = _("Un arrêté dit à quelles fins.")
    if set(text.purposes) - set(range(1, 12)):
        errors["purposes"] = _("Les finalités de la voie publique vont de 1° à 11° (CSI L251-2).")
    if Order.objects.filter(installation=installation, number=text.number).exists():
        errors["number"] = format_lazy(_("L’arrêté {number} est déjà saisi."), number=text.number)
    if errors:
        raise ValidationError(errors)


def _strike(order: Order, kind: MeasureKind, *, since: datetime, reference: str, at: datetime, by: By) -> OrderMeasure:  # noqa: PLR0913
    if legal_day(since) < order.signed_on:
        raise ValidationError({"since": _("La mesure ne peut précéder l’arrêté.")})
    measure = OrderMeasure.objects.create(
        order=order, kind=kind, since=since, reference=reference, recorded_at=at, recorded_by=who(by)
    )
    journal.record(
        EVENTS[kind],
        at=at,
        by=by,
        installation=order.installation,
        number=order.number,
        since=since,
        reference=reference,
    )
    return measure


@act("capture_order")
def suspend(order: Order, *, since: datetime, reference: str, at: datetime, by: By) -> OrderMeasure:
    """Record that the prefect suspends the order (R254-2)."""
    return _strike(order, MeasureKind.SUSPENSION, since=since, reference=reference, at=at, by=by)


@act("capture_order")
def withdraw(order: Order, *, since: datetime, reference: str, at: datetime, by: By) -> OrderMeasure:
    """Record that the prefect withdraws the order (R254-2)."""
    return _strike(order, MeasureKind.WITHDRAWAL, since=since, reference=reference, at=at, by=by)


@act("capture_order")
def stop(order: Order, *, since: datetime, reference: str, at: datetime, by: By) -> OrderMeasure:
    """Record a stop order after a control (L253-1)."""
    return _strike(order, MeasureKind.STOP, since=since, reference=reference, at=at, by=by)


@act("capture_order")
def end_event(order: Order, *, since: datetime, reference: str, at: datetime, by: By) -> OrderMeasure:
    """Record the end of the event of a provisional order: it ceases with it (L252-6)."""
    if order.kind == OrderKind.ORDINARY:
        raise ValidationError(_("Un arrêté ordinaire ne dépend d’aucun événement."))
    return _strike(order, MeasureKind.EVENT_END, since=since, reference=reference, at=at, by=by)


@act("capture_order")
def lift(measure: OrderMeasure, *, until: datetime, at: datetime, by: By) -> OrderMeasure:
    """Record that the prefect lifts a suspension or a stop. A withdrawal asks a new order."""
    if measure.kind not in (MeasureKind.SUSPENSION, MeasureKind.STOP) or measure.until is not None:
        raise ValidationError(_("Seule une suspension en cours se lève ; un retrait demande un nouvel arrêté."))
    if until < measure.since:
        raise ValidationError({"until": _("La levée ne peut précéder la mesure.")})
    end(measure, until=until, at=at, by=by)
    journal.record(
        "order.lifted",
        at=at,
        by=by,
        installation=measure.order.installation,
        number=measure.order.number,
        until=until,
        kind=measure.kind,
    )
    return measure
