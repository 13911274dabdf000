"""The rows of one position and of one person, as the database holds them: all that the re-reading looks at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from compliance.models import (
    Agreement,
    AgreementMeasure,
    Aipd,
    Delegation,
    DeviceStatement,
    Employment,
    Habilitation,
    Mandate,
    OrderMeasure,
    Person,
    Position,
    PriorConsultation,
)

PARIS = ZoneInfo("Europe/Paris")


def day_of(at: datetime) -> date:
    """Return the day that a calendar hung in the town hall shows at an instant."""
    return at.astimezone(PARIS).date()


def holds(row: Any, at: datetime) -> bool:
    """True from the first to the last day of a row, both included; no last day: it goes on."""
    return row.starts_on <= day_of(at) and (row.ends_on is None or day_of(at) <= row.ends_on)


def strikes(measure: Any, at: datetime) -> bool:
    """True from a measure's instant until its lifting."""
    return measure.since <= at and (measure.until is None or at < measure.until)


@dataclass(kw_only=True)
class Known:
    """The rows about a position, in the order of their dates; read once, after the acts."""

    position: Position
    authority: Any
    declarations: list[Any]
    lines: list[Any]
    measures: dict[int, list[Any]]
    notices: list[Any]
    locations: list[Any]
    commitments: list[Any]
    mandates: list[Any]
    aipds: list[Any]
    replies: dict[int, list[Any]]
    panels: list[Any]
    masks: list[Any]
    mountings: list[Any]
    statements: dict[int, list[Any]]
    observations: list[Any]


@dataclass(kw_only=True)
class Somebody:
    """The rows about a person."""

    person: Person
    mandates: list[Any]
    delegations: list[Any]
    employments: list[Any]
    territories: dict[int, set[int]]
    agreements: list[Any]
    strikes: dict[int, list[Any]]
    habilitations: list[Any]
    scopes: dict[int, set[int]]


def grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    """Return rows by what they belong to, in their order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def read(position: Position) -> Known:
    """Read everything about a position."""
    place = Position.objects.select_related("installation__authority").get(pk=position.pk)
    installation, authority = place.installation, place.installation.authority
    measures = OrderMeasure.objects.filter(order__installation=installation)
    replies = PriorConsultation.objects.filter(aipd__installation=installation).order_by("answered_on", "pk")
    said = DeviceStatement.objects.filter(mounting__position=place).order_by("at", "pk")
    return Known(
        position=place,
        authority=authority,
        declarations=list(place.declarations.order_by("since")),
        lines=list(place.lines.select_related("order").order_by("order_id")),
        measures=grouped(measures, "order_id"),
        notices=list(place.notices.all()),
        locations=list(place.locations.all()),
        commitments=list(authority.commitments.all()),
        mandates=list(authority.mandates.all()),
        aipds=list(Aipd.objects.filter(installation=installation).order_by("signed_on", "pk")),
        replies=grouped(replies, "aipd_id"),
        panels=list(place.panel_checks.all()),
        masks=list(place.mask_checks.order_by("at", "pk")),
        mountings=list(place.mountings.all()),
        statements=grouped(said, "mounting_id"),
        observations=list(place.observations.order_by("at", "pk")),
    )


def read_person(person: Person) -> Somebody:
    """Read everything about a person."""
    territory = Employment.territory.through.objects.filter(employment__person=person)
    scopes = Habilitation.positions.through.objects.filter(habilitation__person=person)
    return Somebody(
        person=person,
        mandates=list(Mandate.objects.filter(person=person)),
        delegations=list(Delegation.objects.filter(person=person)),
        employments=list(Employment.objects.filter(person=person)),
        territories={
            e: {link.authority_id for link in links} for e, links in grouped(territory, "employment_id").items()
        },
        agreements=list(Agreement.objects.filter(person=person)),
        strikes=grouped(AgreementMeasure.objects.filter(agreement__person=person), "agreement_id"),
        habilitations=list(Habilitation.objects.filter(person=person)),
        scopes={h: {link.position_id for link in links} for h, links in grouped(scopes, "habilitation_id").items()},
    )


def written(known: Known, somebody: Somebody | None) -> list[datetime]:
    """Return every date and instant written in the rows: where a question is most likely to find a mistake."""
    rows: list[Any] = [
        *known.declarations,
        *(line.order for line in known.lines),
        *(m for held in known.measures.values() for m in held),
        *known.notices,
        *known.locations,
        *known.commitments,
        *known.mandates,
        *known.aipds,
        *(r for held in known.replies.values() for r in held),
        *known.panels,
        *known.masks,
        *known.mountings,
        *(s for held in known.statements.values() for s in held),
        *known.observations,
    ]
    if somebody is not None:
        rows += [*somebody.mandates, *somebody.delegations, *somebody.employments, *somebody.agreements]
        rows += [*somebody.habilitations, *(m for held in somebody.strikes.values() for m in held)]
    found: set[datetime] = set()
    for row in rows:
        for column in row._meta.concrete_fields:
            value = getattr(row, column.attname)
            if column.name in {"recorded_at", "review_on"} or value is None:
                continue
            if isinstance(value, datetime):
                found.add(value)
            elif isinstance(value, date):
                found.add(datetime(value.year, value.month, value.day, tzinfo=PARIS))
                after = date.fromordinal(value.toordinal() + 1)
                found.add(datetime(after.year, after.month, after.day, tzinfo=PARIS))
    return sorted(found)
