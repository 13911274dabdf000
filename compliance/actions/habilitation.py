"""Acts that let a person see images, and those that take it back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import By, act, belong, end, not_oneself, ordered, sha, who
from compliance.law.terms import Action, Category
from compliance.models import (
    Agreement,
    AgreementMeasure,
    Document,
    Habilitation,
    Installation,
    Person,
    Position,
)

SIGNATORIES = {
    Category.MUNICIPAL_POLICE: "mayor",
    Category.DELEGATE: "mayor",
    Category.COMMUNAL_AGENT: "mayor",
    Category.STATE_AGENT: "chief_of_service",
    Category.CONTROLLER_AGENT: "controller",
    Category.PRIVATE_OPERATOR: "controller",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The act of habilitation as written: category, number, signatory, scope, days. `positions` empty: all of them."""

    category: Category
    act: str
    signatory: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    actions: tuple[Action, ...]
    positions: tuple[Position, ...] = ()
    service: str = ""


@act("habilitate")
def habilitate(  # noqa: PLR0913 (an act is its fields)
    person: Person,
    *,
    installation: Installation,
    title: Title,
    at: datetime,
    by: By,
    document: Document | None = None,
) -> Habilitation:
    """Record an individual habilitation. Refused for oneself, for the mayor, or when dates are reversed."""
    not_oneself(by, person)
    ordered(title.starts_on, title.ends_on)
    if title.category is Category.MAYOR:
        raise ValidationError({"category": _("Le maire voit de droit : son mandat est l’acte (CSI R253-3 II 2° a).")})
    if not title.actions:
        raise ValidationError({"actions": _("Dites ce que la personne peut faire.")})
    belong(title.positions, installation)
    if _known(person, installation, title):
        raise ValidationError(_("Cette habilitation est déjà enregistrée : même acte, mêmes dates, mêmes positions."))
    row = Habilitation.objects.create(
        installation=installation,
        person=person,
        category=title.category,
        act=title.act,
        signatory=title.signatory,
        service=title.service,
        actions=sorted(title.actions),
        signed_on=title.signed_on,
        starts_on=title.starts_on,
        ends_on=title.ends_on,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    row.positions.set(title.positions)
    journal.record(
        "habilitation.granted",
        at=at,
        by=by,
        installation=installation,
        person=person.code,
        category=title.category,
        act=title.act,
        signatory=title.signatory,
        actions=sorted(title.actions),
        positions=[p.code for p in title.positions],
        starts_on=title.starts_on,
        ends_on=title.ends_on,
        document=sha(document),
    )
    return row


def _known(person: Person, installation: Installation, title: Title) -> bool:
    """True when the same act was recorded already, and not taken back."""
    rows = Habilitation.objects.filter(
        installation=installation,
        person=person,
        category=title.category,
        act=title.act,
        signed_on=title.signed_on,
        starts_on=title.starts_on,
        ends_on=title.ends_on,
        withdrawn_at=None,
    ).prefetch_related("positions")
    same = sorted(title.actions), {p.pk for p in title.positions}
    return any((sorted(row.actions), {p.pk for p in row.positions.all()}) == same for row in rows)


@act("habilitate")
def withdraw_habilitation(habilitation: Habilitation, *, since: datetime, at: datetime, by: By) -> Habilitation:
    """Take a habilitation back from an instant. Raises ValidationError when it already was."""
    if habilitation.withdrawn_at is not None:
        raise ValidationError(_("Cette habilitation est déjà retirée."))
    end(habilitation, withdrawn_at=since, at=at, by=by)
    journal.record(
        "habilitation.withdrawn",
        at=at,
        by=by,
        installation=habilitation.installation,
        person=habilitation.person.code,
        act=habilitation.act,
        since=since,
    )
    return habilitation


@act("habilitate")
def record_agreement(  # noqa: PLR0913 (an act is its fields)
    person: Person,
    *,
    installation: Installation,
    number: str,
    signed_on: date,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
    by: By,
    document: Document | None = None,
) -> Agreement:
    """Record the prefect's agrément (L132-14-1). No fixed validity: a new enquiry after five years only alerts."""
    not_oneself(by, person)
    ordered(starts_on, ends_on)
    if Agreement.objects.filter(person=person, number=number).exists():
        known = format_lazy(_("L’agrément {number} est déjà enregistré pour cette personne."), number=number)
        raise ValidationError({"number": known})
    agreement = Agreement.objects.create(
        person=person,
        number=number,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "agreement.recorded",
        at=at,
        by=by,
        installation=installation,
        person=person.code,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        document=sha(document),
    )
    return agreement


@act("habilitate")
def suspend_agreement(
    agreement: Agreement, *, installation: Installation, since: datetime, at: datetime, by: By
) -> AgreementMeasure:
    """Record a suspension, which an urgency allows at once."""
    return _strike(agreement, kind="suspension", installation=installation, since=since, at=at, by=by)


@act("habilitate")
def withdraw_agreement(
    agreement: Agreement, *, installation: Installation, since: datetime, at: datetime, by: By
) -> AgreementMeasure:
    """Record the withdrawal of an agrément."""
    return _strike(agreement, kind="withdrawal", installation=installation, since=since, at=at, by=by)


@act("habilitate")
def lift_agreement(
    measure: AgreementMeasure, *, installation: Installation, until: datetime, at: datetime, by: By
) -> AgreementMeasure:
    """End a suspension. A withdrawal is not lifted: a new agrément is."""
    not_oneself(by, measure.agreement.person, field="measure")
    if measure.kind != "suspension" or measure.until is not None:
        raise ValidationError(_("Seule une suspension en cours se lève."))
    if until < measure.since:
        raise ValidationError({"until": _("La levée ne peut précéder la suspension.")})
    end(measure, until=until, at=at, by=by)
    person = measure.agreement.person.code
    journal.record(
        "agreement.lifted",
        at=at,
        by=by,
        installation=installation,
        person=person,
        number=measure.agreement.number,
        until=until,
    )
    return measure


def _strike(  # noqa: PLR0913 (an act is its fields)
    agreement: Agreement, *, kind: str, installation: Installation, since: datetime, at: datetime, by: By
) -> AgreementMeasure:
    measure = AgreementMeasure.objects.create(
        agreement=agreement, kind=kind, since=since, recorded_at=at, recorded_by=who(by)
    )
    event = "agreement.suspended" if kind == "suspension" else "agreement.withdrawn"
    journal.record(
        event,
        at=at,
        by=by,
        installation=installation,
        person=agreement.person.code,
        number=agreement.number,
        since=since,
    )
    return measure
