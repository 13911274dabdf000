"""An order corrected brings back the ends of what was recorded under it: sooner, never later, once, told once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cameras.models import Camera
from compliance import gate, matrix
from compliance.actions import mistake, order, position
from compliance.actions.mistake import Words
from compliance.law import erase_at
from compliance.matrix import Dossier
from compliance.models import Body, Order
from recording import actions, terms
from recording.actions import Run, Written
from recording.engine.purge import Keeper
from recording.models import Segment
from tests.compliance.actions.acts import text
from tests.compliance.strategies import instants
from tests.databases import FreshDatabase
from tests.recording.engine.test_purge import BORN, DAY, NOW, recorded

MINUTE = timedelta(minutes=1)
TOLD = "recording.terms.shortened"


@pytest.fixture
def made(fresh_database: FreshDatabase) -> Dossier:
    """A complete dossier, its order keeping thirty days."""
    return matrix.build(matrix.Plan(), at=NOW)


@pytest.fixture
def camera(made: Dossier) -> Camera:
    """A camera recorded under it for a month."""
    return Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=BORN - DAY
    )


@pytest.fixture
def keeper(fresh_database: FreshDatabase) -> Keeper:
    return Keeper(home=fresh_database.home)


def correct(made: Dossier, days: int) -> None:
    """Do the order again with another retention, as its page does."""
    before = Order.objects.get()
    whole = {"purposes": (1, 5), "premises": True, "signed_on": before.signed_on, "ends_on": before.ends_on}
    again = text(made, number=before.number, **whole, retention_days=days)
    anew = partial(order.capture, made.installation, text=again, **made.by)
    here: dict[str, Any] = {"installation": made.installation, "reason": "durée mal lue", **made.by}
    mistake.replace(before, anew=anew, words=Words(), **here)


def born(fresh: FreshDatabase, camera: Camera, *ages: int) -> list[Segment]:
    """Record segments of so many days ago, with the thirty days of the first order."""
    sinces = [NOW - age * DAY for age in ages]
    return [recorded(fresh.home, camera, since=since, erase_at=erase_at(since, 30)) for since in sinces]


def ends(*segments: Segment) -> list[Any]:
    return [Segment.objects.get(pk=segment.pk).erase_at for segment in segments]


def told() -> list[dict[str, Any]]:
    return [body.values for body in Body.objects.filter(entry__event=TOLD).order_by("entry__seq")]


def test_an_order_corrected_erases_what_is_due_and_brings_back_the_rest(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    old, young, today = born(fresh_database, camera, 20, 5, 0)
    assert keeper.round(at=NOW).segments == 0

    correct(made, 15)
    done = keeper.round(at=NOW)

    assert done.segments == 1
    assert not Segment.objects.filter(pk=old.pk).exists()
    assert ends(young, today) == [young.since + 15 * DAY, today.since + 15 * DAY]
    (entry,) = told()
    assert (entry["segments"], entry["retention_days"]) == (3, 15)


def test_ends_are_brought_back_once_and_told_once(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    born(fresh_database, camera, 5)
    correct(made, 15)
    for minutes in (0, 1, 2):
        keeper.round(at=NOW + minutes * MINUTE)
    Keeper(home=fresh_database.home).round(at=NOW + 3 * MINUTE)

    assert len(told()) == 1


def test_a_longer_retention_lengthens_nothing(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    correct(made, 15)
    kept = recorded(fresh_database.home, camera, since=NOW - 5 * DAY, erase_at=NOW + 10 * DAY)

    correct(made, 31)
    keeper.round(at=NOW)

    assert ends(kept) == [NOW + 10 * DAY]
    assert told() == []


def test_a_declaration_that_asks_less_shortens_what_was_taken_since(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    before, after = born(fresh_database, camera, 5, 1)
    less = replace(made.sight, retention_days=10)
    position.change(made.position, sight=less, since=NOW - 3 * DAY, reason="moins longtemps", **made.by)

    keeper.round(at=NOW)

    assert ends(before, after) == [erase_at(before.since, 30), after.since + 10 * DAY]


def test_an_order_voided_leaves_the_end_that_images_were_born_with_and_shows_none(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    (kept,) = born(fresh_database, camera, 5)
    mistake.void(Order.objects.get(), installation=made.installation, reason="autre commune", **made.by)

    keeper.round(at=NOW)

    assert ends(kept) == [erase_at(kept.since, 30)]
    footage = gate.Span(kept.since, kept.since + MINUTE)
    assert not gate.decide(gate.Action.REPLAY, made.position, at=NOW, agent=made.agent, footage=footage).allowed


def test_what_is_indexed_late_is_brought_back_too(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    correct(made, 15)
    keeper.round(at=NOW)

    (late,) = born(fresh_database, camera, 5)
    keeper.round(at=NOW + MINUTE)

    assert ends(late) == [late.since + 15 * DAY]


def test_a_segment_that_closes_keeps_the_end_brought_back(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    (row,) = born(fresh_database, camera, 0)
    Segment.objects.update(state=Segment.State.OPEN)
    correct(made, 15)
    keeper.round(at=NOW)
    first = erase_at(row.since, 30)
    written = Written(row.uuid, row.path, row.since, row.since + MINUTE, first, row.key_id, size=12, sha256=row.sha256)

    actions.close_segment(Run(row.run, camera, row.since), written=written)

    assert ends(row) == [row.since + 15 * DAY]
    assert Segment.objects.get().state == Segment.State.CLOSED


def test_what_a_false_clock_dated_counts_from_when_it_was_brought_back(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase
) -> None:
    row = recorded(fresh_database.home, camera, since=NOW + 3 * DAY, erase_at=NOW + 33 * DAY)
    keeper.round(at=NOW)
    assert ends(row) == [NOW + 30 * DAY]

    correct(made, 15)
    keeper.round(at=NOW + MINUTE)

    assert ends(row) == [NOW + 15 * DAY]


def test_a_long_look_is_shared_between_rounds(
    made: Dossier, camera: Camera, keeper: Keeper, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MOST", 1)
    monkeypatch.setattr(actions, "BATCH", 2)
    segments = born(fresh_database, camera, 1, 2, 3)
    correct(made, 15)

    keeper.round(at=NOW)

    assert ends(*segments) == [segment.since + 15 * DAY for segment in segments]
    assert [entry["segments"] for entry in told()] == [3]


def test_a_round_that_nothing_moved_asks_two_questions(
    made: Dossier, camera: Camera, fresh_database: FreshDatabase, django_assert_num_queries: Any
) -> None:
    born(fresh_database, camera, 1, 2)
    known = terms.Terms()
    known.bring_back(at=NOW)

    with django_assert_num_queries(2):
        assert known.bring_back(at=NOW + MINUTE) == 0


@given(kept=st.lists(st.tuples(instants, st.none() | st.integers(1, 31)), max_size=5), at=instants)
def test_an_end_is_the_one_of_the_retention_that_held(kept: list[Any], at: Any) -> None:
    held = tuple(sorted(kept, key=lambda item: item[0]))
    days = next((days for since, days in reversed(held) if since <= at), None)

    assert terms.allowed(held, at) == ((erase_at(at, days), days) if days is not None else (None, None))
