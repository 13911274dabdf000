"""The time line given to a camera's pictures: stamps absent, repeated, jumping or going back."""

import pytest

from recording.engine.ingest.timeline import Moment, Timeline

STEP = 4500


def positions(*stamps: int | None, rate: float = 20.0) -> list[int]:
    line = Timeline(rate=rate)
    return [line.place(dts=stamp, pts=stamp).position for stamp in stamps]


def test_pictures_are_placed_exactly_where_the_camera_says() -> None:
    assert positions(9000, 13500, 18000, 22501) == [0, 4500, 9000, 13501]


def test_a_first_picture_without_a_stamp_comes_one_step_before_the_second() -> None:
    assert positions(None, 4500, 9000) == [0, 4500, 9000]


def test_a_camera_that_gives_no_stamp_keeps_its_announced_rate() -> None:
    assert positions(None, None, None) == [0, 4500, 9000]
    assert positions(None, None, rate=0) == [0, 6000]
    assert positions(None, None, rate=100_000) == [0, 6000]


def test_time_never_goes_back_nor_jumps() -> None:
    assert positions(90_000, 94_500, 1000, 5500) == [0, 4500, 9000, 13_500]
    assert positions(0, 4500, 90_000_000, 90_004_500) == [0, 4500, 9000, 13_500]
    assert positions(0, 4500, 4500, 9000) == [0, 4500, 9000, 13_500]


def test_what_the_network_lost_is_counted_and_keeps_its_place() -> None:
    line = Timeline(rate=20)
    line.place(dts=0, pts=0)
    line.place(dts=STEP, pts=STEP)

    assert line.place(dts=5 * 90_000, pts=5 * 90_000) == Moment(5 * 90_000, STEP, 0, 5 * 90_000 - 2 * STEP)


@pytest.mark.parametrize(("dts", "pts", "offset"), [(0, 9000, 9000), (None, 9000, 0), (9000, None, 0)])
def test_a_picture_may_be_shown_after_it_is_decoded(dts: int | None, pts: int | None, offset: int) -> None:
    assert Timeline(rate=20).place(dts=dts, pts=pts).offset == offset


def test_a_picture_lasts_as_long_as_the_one_before() -> None:
    line = Timeline(rate=20)

    assert [line.place(dts=stamp, pts=stamp).duration for stamp in (0, 6000, 12_000)] == [4500, 6000, 6000]
