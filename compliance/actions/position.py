"""Acts about positions and what stands on them: declare, change, check masks, mount, state, remove."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import By, act, end, sha, who, written
from compliance.law.calendar import ONE_MONTH_AT_MOST
from compliance.law.terms import Analysis, Microphone, PlaceKind
from compliance.models import (
    Declaration,
    DeviceStatement,
    Document,
    Installation,
    MaskCheck,
    Mounting,
    Position,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the commune declares of a position: kind and why, place and cone, purposes, necessity, days asked."""

    kind: PlaceKind
    justification: str
    latitude: float
    longitude: float
    azimuth: float
    angle: float
    range_m: float
    purposes: tuple[int, ...] = ()
    premises_purpose: bool = False
    necessity: str = ""
    retention_days: int | None = None


@act("manage_cameras")
def declare(  # noqa: PLR0913 (an act is its fields)
    installation: Installation, *, code: str, address: str, sight: Sight, at: datetime, by: By, since: datetime
) -> Position:
    """Declare a new position. Nothing opens: the prefect has not authorised it yet."""
    if Position.objects.filter(code=code).exists():
        raise ValidationError({"code": format_lazy(_("La position {code} existe déjà."), code=code)})
    position = written(Position(installation=installation, code=code, address=address), at=at, by=by)
    _declare(position, sight, since=since, reason="", at=at, by=by)
    journal.record(
        "position.declared", at=at, by=by, installation=installation, position=position, **_said(sight, since)
    )
    return position


@act("manage_cameras")
def change(  # noqa: PLR0913 (an act is its fields)
    position: Position, *, sight: Sight, since: datetime, reason: str, at: datetime, by: By
) -> Declaration:
    """Declare what changed of a position: place, cone, purposes, kind. The former declaration stays."""
    last = position.declarations.order_by("since").last()
    if last is not None and since <= last.since:
        raise ValidationError({"since": _("Un changement est postérieur à la déclaration qu’il remplace.")})
    row = _declare(position, sight, since=since, reason=reason, at=at, by=by)
    journal.record(
        "position.changed",
        at=at,
        by=by,
        installation=position.installation,
        position=position,
        reason=reason,
        **_said(sight, since),
    )
    return row


def _said(sight: Sight, since: datetime) -> dict[str, object]:
    return {
        "since": since,
        "kind": sight.kind,
        "purposes": sorted(sight.purposes),
        "azimuth": str(sight.azimuth),
        "angle": str(sight.angle),
        "range_m": str(sight.range_m),
    }


def _declare(position: Position, sight: Sight, *, since: datetime, reason: str, at: datetime, by: By) -> Declaration:  # noqa: PLR0913
    errors = {}
    if not (-90 <= sight.latitude <= 90 and -180 <= sight.longitude <= 180):
        errors["latitude"] = _("Des coordonnées en degrés : latitude de −90 à 90, longitude de −180 à 180.")
    if not 0 <= sight.azimuth < 360:
        errors["azimuth"] = _("Un azimut va de 0° à 359°, depuis le nord.")
    if not 0 < sight.angle <= 360:
        errors["angle"] = _("Une ouverture va de 1° à 360°.")
    if sight.range_m <= 0:
        errors["range_m"] = _("Une portée est un nombre de mètres.")
    if set(sight.purposes) - set(range(1, 12)):
        errors["purposes"] = _("Les finalités de la voie publique vont de 1° à 11° (CSI L251-2).")
    if sight.retention_days is not None and not 1 <= sight.retention_days <= ONE_MONTH_AT_MOST:
        errors["retention_days"] = _("Une durée de conservation va de 1 à 31 jours (CSI L252-5).")
    if errors:
        raise ValidationError(errors)
    return Declaration.objects.create(
        position=position,
        since=since,
        kind=sight.kind,
        justification=sight.justification,
        latitude=sight.latitude,
        longitude=sight.longitude,
        azimuth=sight.azimuth,
        angle=sight.angle,
        range_m=sight.range_m,
        purposes=sorted(sight.purposes),
        premises_purpose=sight.premises_purpose,
        necessity=sight.necessity,
        retention_days=sight.retention_days,
        reason=reason,
        recorded_at=at,
        recorded_by=who(by),
    )


@act("manage_cameras")
def check_masks(  # noqa: PLR0913 (an act is its fields)
    position: Position,
    *,
    checked_at: datetime,
    clean: bool,
    masks: list[list[list[float]]],
    document: Document | None,
    at: datetime,
    by: By,
) -> MaskCheck:
    """Record that a human looked at a dated snapshot: does it show a dwelling (L251-3)?"""
    if checked_at > at:
        raise ValidationError({"checked_at": _("Une vérification ne se date pas dans l’avenir.")})
    row = MaskCheck.objects.create(
        position=position,
        at=checked_at,
        nothing_seen=clean,
        masks=masks,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "masks.checked",
        at=at,
        by=by,
        installation=position.installation,
        position=position,
        checked_at=checked_at,
        clean=clean,
        masks=len(masks),
        document=sha(document),
    )
    return row


@act("manage_cameras")
def mount(position: Position, *, reference: str, since: datetime, at: datetime, by: By) -> Mounting:
    """Declare a device mounted on the position. Its masks are to be checked, its microphone and analysis declared."""
    row = Mounting.objects.create(
        position=position, reference=reference, since=since, recorded_at=at, recorded_by=who(by)
    )
    journal.record(
        "device.mounted",
        at=at,
        by=by,
        installation=position.installation,
        position=position,
        device=reference,
        since=since,
    )
    return row


@act("manage_cameras")
def remove(mounting: Mounting, *, until: datetime, at: datetime, by: By) -> Mounting:
    """Declare that a device was taken down."""
    if mounting.until is not None or until < mounting.since:
        raise ValidationError({"until": _("Un appareil se dépose une fois, après sa pose.")})
    end(mounting, until=until, at=at, by=by)
    journal.record(
        "device.removed",
        at=at,
        by=by,
        installation=mounting.position.installation,
        position=mounting.position,
        device=mounting.reference,
        until=until,
    )
    return mounting


@act("manage_cameras")
def state(  # noqa: PLR0913 (an act is its fields)
    mounting: Mounting,
    *,
    stated_at: datetime,
    microphone: Microphone,
    analysis: Analysis,
    at: datetime,
    by: By,
    document: Document | None = None,
) -> DeviceStatement:
    """Declare a device's microphone (R253-1) and its analysis functions (CE n° 506370)."""
    row = DeviceStatement.objects.create(
        mounting=mounting,
        at=stated_at,
        microphone=microphone,
        analysis=analysis,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "device.stated",
        at=at,
        by=by,
        installation=mounting.position.installation,
        position=mounting.position,
        device=mounting.reference,
        stated_at=stated_at,
        microphone=microphone,
        analysis=analysis,
        document=sha(document),
    )
    return row
