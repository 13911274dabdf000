"""The recorder's watch on the gate: one query a second, asked again when it must be, deaf databases survived."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from compliance import gate, matrix
from compliance.actions import order
from compliance.events import System
from recording import probes
from recording.engine.keys import KeyStore
from recording.engine.roster import Watch
from tests.databases import FreshDatabase
from tests.recording.engine.clocks import FakeClock

AT = datetime(2026, 6, 18, 12, 30, tzinfo=UTC)


@pytest.fixture
def made(fresh_database: FreshDatabase) -> matrix.Dossier:
    """A complete dossier and its camera."""
    dossier = matrix.build(matrix.Plan(), at=AT)
    Camera.objects.create(
        position=dossier.position, mounting=dossier.mounting, sealed_address=b"sealed", registered_at=AT
    )
    return dossier


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instants at which the gate was asked."""
    instants: list[datetime] = []
    original = gate.decide_many

    def ask(*arguments: Any, at: datetime, **options: Any) -> Any:
        instants.append(at)
        return original(*arguments, at=at, **options)

    monkeypatch.setattr(gate, "decide_many", ask)
    return instants


def watching(database: FreshDatabase, clock: FakeClock, *, lease: float = 900) -> Watch:
    return Watch(keys=KeyStore(database.home), clock=clock, lease=lease)


def test_the_gate_is_asked_once_then_each_minute(
    made: matrix.Dossier, fresh_database: FreshDatabase, asked: list[datetime]
) -> None:
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    for _ in range(121):
        watch.look()
        clock.advance(1)

    assert [at - AT for at in asked] == [timedelta(0), timedelta(seconds=60), timedelta(seconds=120)]


def test_a_quiet_second_costs_one_query(made: matrix.Dossier, fresh_database: FreshDatabase) -> None:
    watch = watching(fresh_database, FakeClock(AT))
    watch.look()

    with CaptureQueriesContext(connection) as captured:
        watch.look()

    assert [q["sql"] for q in captured if q["sql"].startswith("SELECT") and "set_config" not in q["sql"]] == [
        q["sql"] for q in captured if "compliance_pulse" in q["sql"]
    ]


def test_an_act_is_seen_at_the_next_look(
    made: matrix.Dossier, fresh_database: FreshDatabase, asked: list[datetime]
) -> None:
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    watch.look()
    (known,) = watch.roster.values()
    assert known.decision.allowed

    order.withdraw(made.order, since=AT, reference="mesure", at=AT, by=System.CONSOLE)
    clock.advance(1)
    watch.look()

    (known,) = watch.roster.values()
    assert known.codes == ("R-19",)
    assert known.keys == ()
    assert len(asked) == 2


def test_an_expiry_is_asked_about_at_its_instant(
    made: matrix.Dossier, fresh_database: FreshDatabase, asked: list[datetime]
) -> None:
    order.suspend(made.order, since=AT + timedelta(seconds=5), reference="mesure", at=AT, by=System.CONSOLE)
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    for _ in range(6):
        watch.look()
        clock.advance(1)

    assert [at - AT for at in asked] == [timedelta(0), timedelta(seconds=5)]
    assert [known.codes for known in watch.roster.values()] == [("R-19",)]


def test_a_short_lease_is_renewed_before_it_ends(
    made: matrix.Dossier, fresh_database: FreshDatabase, asked: list[datetime]
) -> None:
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock, lease=6)
    for _ in range(7):
        watch.look()
        clock.advance(1)

    assert [(at - AT).seconds for at in asked] == [0, 2, 4, 6]


def test_a_journal_that_cannot_be_written_is_asked_about_each_second(
    made: matrix.Dossier, fresh_database: FreshDatabase, asked: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    from compliance import journal

    monkeypatch.setattr(journal, "can_write", lambda: False)
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    for _ in range(3):
        watch.look()
        clock.advance(1)

    assert len(asked) == 3
    assert [known.codes for known in watch.roster.values()] == [("R-50",)]


def test_the_keys_of_this_hour_and_the_next_are_in_hand(made: matrix.Dossier, fresh_database: FreshDatabase) -> None:
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    watch.look()
    (before,) = watch.roster.values()
    clock.advance(3600)
    watch.look()
    (after,) = watch.roster.values()

    hour = 3_600_000_000
    assert [key.hour_us % hour for key in before.keys] == [0, 0]
    assert before.keys[1].hour_us - before.keys[0].hour_us == hour
    assert after.keys[0] == before.keys[1]


def test_a_database_that_does_not_answer_leaves_the_roster_as_it_was(
    made: matrix.Dossier, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watching(fresh_database, FakeClock(AT))
    watch.attempt()
    before = watch.roster
    assert watch.reachable

    def away() -> int:
        raise OperationalError

    monkeypatch.setattr(gate, "pulse", away)
    watch.attempt()
    assert (watch.reachable, watch.roster) == (False, before)

    def bug() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(gate, "pulse", bug)
    watch.attempt()
    assert watch.roster is before


def test_a_removed_camera_leaves_the_roster(made: matrix.Dossier, fresh_database: FreshDatabase) -> None:
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    watch.look()
    Camera.objects.update(removed_at=AT)
    clock.advance(61)
    watch.look()

    assert watch.roster == {}


def test_a_reception_test_opens_a_camera_that_nothing_else_opens_for_thirty_seconds(
    fresh_database: FreshDatabase,
) -> None:
    made = matrix.build(matrix.Plan(late="R-15"), at=AT + timedelta(days=3))
    camera = Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=AT
    )
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    watch.look()
    assert not watch.roster[camera.pk].opens.allowed

    row = probes.ask(camera, at=AT, by=System.CONSOLE)
    clock.advance(10)
    watch.look()
    known = watch.roster[camera.pk]
    assert (known.opens.allowed, known.only_tests, known.keeps, known.keys) == (True, True, False, ())
    assert known.probe == row.pk
    assert known.opens.until == AT + timedelta(seconds=30)

    clock.advance(20)
    watch.look()
    assert not watch.roster[camera.pk].opens.allowed


@pytest.mark.parametrize("back", [5.0, 29.0, 3600.0])
def test_a_clock_set_back_does_not_make_a_reception_test_longer(fresh_database: FreshDatabase, back: float) -> None:
    made = matrix.build(matrix.Plan(late="R-15"), at=AT + timedelta(days=3))
    camera = Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=AT
    )
    clock = FakeClock(AT)
    watch = watching(fresh_database, clock)
    probes.ask(camera, at=AT, by=System.CONSOLE)
    watch.look()
    closes = clock.monotonic() + probes.LONGEST.total_seconds()

    def deadline() -> float:
        known = watch.roster[camera.pk]
        return known.deadline(lease=900, monotonic=clock.monotonic(), wall=clock.now())

    assert deadline() == closes
    clock.advance(29)
    clock.step(-back)
    assert deadline() == closes
    watch.attempt()
    assert not watch.roster[camera.pk].opens.allowed or deadline() == closes
