"""The engine's clock, and instants as microseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.engine.clock import Clock, from_us, to_us


@given(at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-3))])))
def test_an_instant_survives_its_way_through_microseconds(at: datetime) -> None:
    assert from_us(to_us(at)) == at
    assert from_us(to_us(at)).tzinfo is UTC


def test_a_time_without_a_zone_is_not_an_instant() -> None:
    with pytest.raises(TypeError):
        to_us(datetime(2026, 3, 1, 12))


def test_the_machines_clock_is_aware_and_never_goes_back() -> None:
    clock = Clock()

    before = datetime.now(UTC)
    ticks = [clock.monotonic() for _ in range(3)]

    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC
    assert ticks == sorted(ticks)


def test_a_reading_sets_the_wall_clock_beside_what_the_kernel_counts() -> None:
    first, second = Clock().reading(), Clock().reading()

    assert first.boot == second.boot != ""
    assert second.up >= first.up > 0
    assert isinstance(Clock().synchronised(), bool)
