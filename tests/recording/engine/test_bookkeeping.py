"""The recorder's writer: in order, all or nothing, kept while the database is away; one faulty write costs itself."""

import time
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError

from compliance import journal
from recording.engine.bookkeeping import Bookkeeper
from recording.models import Heartbeat
from tests.databases import FreshDatabase

pytestmark = pytest.mark.usefixtures("fresh_database")


def nothing() -> None:
    """The last write of a batch: none."""


def beat(name: str, at: str = "2026-01-01T00:00:00Z") -> Callable[[], object]:
    return lambda: Heartbeat.objects.create(process=name, at=at)


def names() -> list[str]:
    return sorted(Heartbeat.objects.values_list("process", flat=True))


def test_what_waits_is_written_in_order_and_told_once_committed(fresh_database: FreshDatabase) -> None:
    keeper, told = Bookkeeper(last=nothing), list[int]()
    keeper.put(beat("a"), done=lambda: told.append(Heartbeat.objects.count()))
    keeper.put(beat("b"))
    keeper.put(lambda: Heartbeat.objects.filter(process="b").delete(), done=lambda: told.append(-1))

    assert keeper.write_batch()

    assert names() == ["a"]
    assert told == [1, -1]
    assert keeper.waiting == 0


@pytest.mark.parametrize("fault", [OperationalError, journal.Unavailable])
def test_a_database_that_is_away_keeps_everything_for_later(fault: type[Exception]) -> None:
    away = [True]

    def write() -> None:
        if away:
            raise fault

    keeper = Bookkeeper(last=nothing)
    keeper.put(beat("a"))
    keeper.put(write)
    assert not keeper.write_batch()
    assert (names(), keeper.waiting) == ([], 2)

    away.clear()
    assert keeper.write_batch()
    assert (names(), keeper.waiting) == (["a"], 0)


@pytest.mark.parametrize("fault", [IntegrityError, DatabaseError, KeyError])
def test_a_faulty_write_costs_itself_and_nobody_else(fault: type[Exception]) -> None:
    told = list[str]()

    def write() -> None:
        raise fault

    keeper = Bookkeeper(last=nothing)
    keeper.put(beat("a"), done=lambda: told.append("a"))
    keeper.put(write, done=lambda: told.append("faulty"))
    keeper.put(beat("b"), done=lambda: told.append("b"))

    assert keeper.write_batch()

    assert names() == ["a", "b"]
    assert told == ["a", "b"], "what was not written is not told"


def test_one_by_one_stops_where_the_database_goes_away() -> None:
    def faulty() -> None:
        raise KeyError

    def away() -> None:
        raise OperationalError

    keeper = Bookkeeper(last=nothing)
    for write in (faulty, beat("a"), away, beat("b")):
        keeper.put(write)

    assert not keeper.write_batch()
    assert (names(), keeper.waiting) == (["a"], 2)


def test_what_something_waits_for_does_not_wait_for_the_round() -> None:
    keeper, told = Bookkeeper(last=nothing), list[float]()
    keeper.start()
    time.sleep(0.3)
    asked = time.monotonic()
    keeper.put(beat("a"), done=lambda: told.append(time.monotonic()))

    assert keeper.close(seconds=10)
    assert told[0] - asked < 0.9


def test_closing_writes_what_is_left_and_says_when_it_could_not() -> None:
    def away() -> None:
        raise OperationalError

    keeper = Bookkeeper(last=nothing)
    keeper.start()
    for number in range(3):
        keeper.put(beat(str(number)))
    assert keeper.close(seconds=10)
    assert names() == ["0", "1", "2"]

    deaf = Bookkeeper(last=nothing)
    deaf.start()
    deaf.put(away)
    assert not deaf.close(seconds=5)
