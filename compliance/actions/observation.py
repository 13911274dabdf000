"""What the engine saw, told to compliance: not a human act, journaled like one."""

from datetime import datetime

from django.db import transaction

from compliance import journal
from compliance.actions.base import beat
from compliance.events import System
from compliance.law.terms import Seen
from compliance.models import Observation, Position


def observe(  # noqa: PLR0913 (an observation is its fields)
    position: Position, *, kind: Seen, at: datetime, by: System, detail: str = "", conforms: bool = True
) -> Observation:
    """Record what the engine saw at a position; the gate's next answers take it into account."""
    with transaction.atomic():
        row = Observation.objects.create(position=position, kind=kind, at=at, detail=detail, conforms=conforms)
        journal.record(
            "observation.recorded",
            at=at,
            by=by,
            installation=position.installation,
            position=position,
            kind=kind,
            detail=detail,
            conforms=conforms,
        )
        beat()
    return row
