"""What may be declared of a position and of what stands on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from compliance.actions import position
from compliance.law.terms import PlaceKind
from compliance.matrix import Dossier
from compliance.matrix.dossier import SIGHT
from compliance.models import Declaration, Position
from tests.compliance.built import AT, a_dossier, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def declare(made: Dossier, **changes: Any) -> Position:
    return position.declare(
        made.installation, code="VAL-77", address="Pont", sight=replace(SIGHT, **changes), since=AT, **made.by
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latitude": 90.1}, "latitude"),
        ({"latitude": -90.1}, "latitude"),
        ({"longitude": 180.1}, "latitude"),
        ({"azimuth": 360.0}, "azimuth"),
        ({"azimuth": -1.0}, "azimuth"),
        ({"angle": 0.0}, "angle"),
        ({"angle": 361.0}, "angle"),
        ({"range_m": 0.0}, "range_m"),
        ({"purposes": (0,)}, "purposes"),
        ({"purposes": (12,)}, "purposes"),
        ({"retention_days": 0}, "retention_days"),
        ({"retention_days": 32}, "retention_days"),
    ],
)
def test_an_impossible_sight_is_not_declared(made: Dossier, changes: dict[str, Any], field: str) -> None:
    before, journal = Position.objects.count(), entries()

    with pytest.raises(ValidationError) as refusal:
        declare(made, **changes)

    assert list(refusal.value.message_dict) == [field]
    assert (Position.objects.count(), entries()) == (before, journal)


@pytest.mark.parametrize(
    "changes",
    [{"azimuth": 0.0}, {"angle": 360.0}, {"retention_days": 1}, {"retention_days": 31}, {"purposes": (1, 11)}],
)
def test_the_limits_are_lawful(made: Dossier, changes: dict[str, Any]) -> None:
    assert declare(made, **changes).declarations.count() == 1


def test_a_code_is_used_once(made: Dossier) -> None:
    declare(made)

    with pytest.raises(ValidationError, match="existe déjà"):
        declare(made)


def test_a_change_leaves_the_former_declaration(made: Dossier) -> None:
    position.change(made.position, sight=replace(SIGHT, kind=PlaceKind.MIXED), since=AT, reason="parvis", **made.by)

    assert list(Declaration.objects.filter(position=made.position).order_by("since").values_list("kind", "reason")) == [
        ("street", ""),
        ("mixed", "parvis"),
    ]


def test_a_change_comes_after_what_it_replaces(made: Dossier) -> None:
    position.change(made.position, sight=SIGHT, since=AT, reason="x", **made.by)

    with pytest.raises(ValidationError, match="postérieur"):
        position.change(made.position, sight=SIGHT, since=AT, reason="x", **made.by)


def test_masks_are_not_checked_in_the_future(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="ne se date pas dans l’avenir"):
        position.check_masks(made.position, checked_at=AT + timedelta(seconds=1), clean=True, masks=[], **made.proved)


def test_a_device_is_taken_down_once_after_it_was_mounted(made: Dossier) -> None:
    with pytest.raises(ValidationError, match="après sa pose"):
        position.remove(made.mounting, until=made.mounting.since - timedelta(seconds=1), **made.by)

    position.remove(made.mounting, until=AT, **made.by)

    with pytest.raises(ValidationError, match="une fois"):
        position.remove(made.mounting, until=AT, **made.by)
