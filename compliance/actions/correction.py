"""Acts that correct what was typed, while nothing rests on it yet: a position's address, a panel's place, the commune.

Once an act rests on the words (an order, a photo, a letter to the CNIL), they stay: what changed is then declared anew.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import WITHOUT, By, act, written
from compliance.models import Authority, CnilCommitment, Installation, OrderLine, Panel, PanelCheck, Person, Position

LABELS = {
    "address": _("adresse"),
    "place": _("emplacement"),
    "name": _("nom"),
    "siret": "SIRET",
    "insee": _("code INSEE"),
    "function": _("fonction"),
}


@act("manage_cameras")
def correct_address(position: Position, *, address: str, reason: str, at: datetime, by: By) -> Position:
    """Correct the address of a position that no order names. Raises ValidationError once one does."""
    line = OrderLine.objects.filter(position=position, order__void_at=None).select_related("order").first()
    if line is not None:
        raise ValidationError(
            {
                "address": format_lazy(
                    _("L’arrêté {number} nomme cette position : déclarez ce qui a changé."), number=line.order.number
                )
            }
        )
    _correct(position, f"Position {position.code}", {"address": address}, reason=reason, at=at, by=by)
    return position


@act("manage_cameras")
def correct_place(panel: Panel, *, place: str, reason: str, at: datetime, by: By) -> Panel:
    """Correct where a panel is to stand. Raises ValidationError once a photo has proved it somewhere."""
    seen = PanelCheck.objects.filter(panel=panel, present=True).order_by("checked_on").first()
    if seen is not None:
        raise ValidationError(
            {
                "place": format_lazy(
                    _("Une photo du {checked_on:%d/%m/%Y} prouve ce panneau à cet endroit : posez-en un autre."),
                    checked_on=seen.checked_on,
                )
            }
        )
    _correct(panel, f"Panneau {panel.code}", {"place": place}, reason=reason, at=at, by=by)
    return panel


@act("validate")
def correct_authority(  # noqa: PLR0913 (an act is its fields)
    installation: Installation, *, name: str, siret: str, insee: str, reason: str, at: datetime, by: By
) -> Authority:
    """Correct how the commune is named. Raises ValidationError once the CNIL holds its commitment under that name."""
    authority = installation.authority
    sent = CnilCommitment.objects.filter(authority=authority).order_by("sent_on").first()
    if sent is not None:
        raise ValidationError(
            format_lazy(
                _("L’engagement du {sent_on:%d/%m/%Y} a été envoyé à la CNIL sous ce nom : il ne se corrige plus."),
                sent_on=sent.sent_on,
            )
        )
    values = {"name": name, "siret": siret, "insee": insee}
    _correct(authority, "Commune", values, reason=reason, at=at, by=by, installation=installation)
    return authority


@act("validate")
def correct_person(  # noqa: PLR0913 (an act is its fields)
    person: Person, *, installation: Installation, name: str, function: str, reason: str, at: datetime, by: By
) -> Person:
    """Correct how a person is named, at any time: their acts name the code, which never changes."""
    if person.authority_id != installation.authority_id:
        raise PermissionDenied(WITHOUT)
    values = {"name": name, "function": function}
    _correct(person, f"Personne {person.code}", values, reason=reason, at=at, by=by, installation=installation)
    return person


def _correct(  # noqa: PLR0913 (one correction, told whole)
    row: Any,
    what: str,
    values: dict[str, str],
    *,
    reason: str,
    at: datetime,
    by: By,
    installation: Installation | None = None,
) -> None:
    """Write the fields that differ, their history and one entry of the journal."""
    changed = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        raise ValidationError({next(iter(values)): _("C’est déjà ce qui est écrit.")})
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    row.clean_fields(exclude={field.name for field in row._meta.fields} - set(changed))
    written(row, at=at, by=by, reason=reason)
    journal.record(
        "draft.corrected",
        at=at,
        by=by,
        installation=installation or row.installation,
        position=row if isinstance(row, Position) else None,
        what=what,
        fields=[str(LABELS[name]) for name in changed],
        before=[before for before, _after in changed.values()],
        after=[after for _before, after in changed.values()],
        reason=reason,
    )
