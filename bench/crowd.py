"""A department's worth of complete dossiers, for benches: one per installation by acts, its positions copied as rows.

The copies are rows, not acts: ten thousand dossiers by acts would take an hour and measure nothing more. What the law
reads of a position is copied (declaration, line of the order, letter, mask check, device and its statement, panel of
five, figures of the stream), each at its own place and instant, so that no two positions hold equal facts.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from compliance.law.terms import Seen
from compliance.matrix import Dossier, Plan, build
from compliance.models import (
    Declaration,
    DeviceStatement,
    Habilitation,
    MaskCheck,
    Mounting,
    Notice,
    Observation,
    OrderLine,
    Panel,
    PanelCheck,
    Person,
    Position,
)

COVERED = 5
BATCH = 500


@dataclass(frozen=True, slots=True)
class Crowd:
    """The dossiers built by acts, and every position, copies included."""

    dossiers: list[Dossier]
    positions: list[Position]


def crowd(*, installations: int, each: int, at: datetime, people: int = 0) -> Crowd:
    """Build so many installations of so many positions each, every one complete at `at`, with `people` more persons
    habilitated in the first."""
    dossiers = []
    with transaction.atomic():
        for _ in range(installations):
            made = build(Plan(), at=at)
            dossiers.append(made)
            _multiply(made, each - 1)
            _figures(made, at=at)
        _people(dossiers[0], people)
    return Crowd(dossiers, list(Position.objects.select_related("installation").order_by("pk")))


def _copies(row: Model, count: int, **changes: Any) -> Iterator[Any]:
    for number in range(count):
        other = copy(row)
        other._state = copy(row._state)
        other.pk, other._state.adding = None, True
        for name, value in changes.items():
            setattr(other, name, value[number])
        yield other


def _kept(model: Any, rows: Iterator[Any]) -> list[Any]:
    return list(model.objects.bulk_create(list(rows), batch_size=BATCH))


def _multiply(made: Dossier, count: int) -> None:
    code = made.position.code
    codes = [f"{code}-{n:04}" for n in range(count)]
    places = _kept(
        Position, _copies(made.position, count, code=codes, address=[f"{n}, rue Haute" for n in range(count)])
    )
    north = [49.0 + n / 10_000 for n in range(count)]
    minutes = [timedelta(minutes=n) for n in range(count)]
    held, line = Declaration.objects.get(position=made.position), OrderLine.objects.get(position=made.position)
    _kept(
        Declaration,
        _copies(held, count, position=places, latitude=north, since=[held.since + m for m in minutes]),
    )
    _kept(OrderLine, _copies(line, count, position=places, latitude=north))
    seen = MaskCheck.objects.get(position=made.position)
    _kept(MaskCheck, _copies(seen, count, position=places, at=[seen.at + m + timedelta(days=1) for m in minutes]))
    _letter(made, places)
    _devices(made, places, minutes)
    _panels(made, places)


def _letter(made: Dossier, places: list[Position]) -> None:
    letter, through = Notice.objects.get(positions=made.position), Notice.positions.through
    _kept(through, (through(notice=letter, position=place) for place in places))


def _devices(made: Dossier, places: list[Position], minutes: list[timedelta]) -> None:
    from uuid import uuid4

    count, said = len(places), made.mounting.statements.get()
    devices = _kept(
        Mounting,
        _copies(
            made.mounting,
            count,
            uuid=[uuid4() for _ in places],
            position=places,
            reference=[f"Appareil {place.code}" for place in places],
            since=[made.mounting.since + m for m in minutes],
        ),
    )
    at = [device.since for device in devices]
    _kept(DeviceStatement, _copies(said, count, mounting=devices, at=at))


def _panels(made: Dossier, places: list[Position]) -> None:
    panel, through = made.installation.panels.get(), PanelCheck.positions.through
    check = PanelCheck.objects.get(panel=panel)
    count = -(-len(places) // COVERED)
    panels = _kept(Panel, _copies(panel, count, code=[f"P-{n:04}" for n in range(count)]))
    checks = _kept(PanelCheck, _copies(check, count, panel=panels))
    _kept(through, (through(panelcheck=checks[n // COVERED], position=place) for n, place in enumerate(places)))


def _figures(made: Dossier, *, at: datetime) -> None:
    seen = at - timedelta(days=1)
    places = made.installation.positions.order_by("pk")
    figures = "1920 × 1080, 25 images/s"
    _kept(
        Observation,
        (
            Observation(position=place, kind=Seen.STREAM, at=seen + timedelta(seconds=n), detail=figures)
            for n, place in enumerate(places)
        ),
    )


def _people(made: Dossier, count: int) -> None:
    codes = [f"AG-{n:04}" for n in range(count)]
    people = _kept(Person, _copies(made.agent, count, code=codes, name=[f"Agent {n}" for n in range(count)]))
    _kept(type(made.employment), _copies(made.employment, count, person=people))
    _kept(Habilitation, _copies(made.title, count, person=people))
