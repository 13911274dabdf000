"""Metres, degrees and polygons, on figures that a pencil can check."""

from math import cos, radians

import pytest

from compliance.facts import FieldOfView
from compliance.requirements.geometry import METRES_PER_DEGREE, distance_m, excess_angle, inside, same_place, turn

ORIGIN = FieldOfView(49.12, 6.18, 90.0, 60.0, 40.0)
TRIANGLE = ((0.0, 0.0), (0.0, 10.0), (10.0, 0.0))
DIAMOND = ((0.0, 5.0), (5.0, 10.0), (10.0, 5.0), (5.0, 0.0))
HORSESHOE = ((0.0, 0.0), (9.0, 0.0), (9.0, 3.0), (3.0, 3.0), (3.0, 6.0), (9.0, 6.0), (9.0, 9.0), (0.0, 9.0))


def at(latitude: float, longitude: float) -> FieldOfView:
    return FieldOfView(latitude, longitude, 0.0, 60.0, 40.0)


def looking(azimuth: float, angle: float) -> FieldOfView:
    return FieldOfView(49.12, 6.18, azimuth, angle, 40.0)


def test_a_thousandth_of_a_degree_is_longer_to_the_north_than_to_the_east() -> None:
    width = METRES_PER_DEGREE * cos(radians(49.12)) / 1000

    assert distance_m(ORIGIN, at(49.121, 6.18)) == pytest.approx(111.32, abs=0.01)
    assert distance_m(ORIGIN, at(49.12, 6.181)) == pytest.approx(width, abs=0.01)
    assert width == pytest.approx(72.85, abs=0.1)
    assert distance_m(ORIGIN, at(49.121, 6.181)) == pytest.approx((111.32**2 + width**2) ** 0.5, abs=0.01)


def test_five_metres_are_within_reach_of_a_hand_held_measure() -> None:
    assert same_place(ORIGIN, at(49.12 + 4.99 / METRES_PER_DEGREE, 6.18))
    assert not same_place(ORIGIN, at(49.12 + 5.01 / METRES_PER_DEGREE, 6.18))


@pytest.mark.parametrize(
    ("one", "other", "angle"), [(90, 90, 0), (10, 350, 20), (350, 10, 20), (0, 180, 180), (359, 0, 1), (45, 100, 55)]
)
def test_one_turns_by_the_shorter_way(one: float, other: float, angle: float) -> None:
    assert turn(one, other) == angle


@pytest.mark.parametrize(
    ("declared", "allowed", "excess"),
    [
        (looking(90, 60), looking(90, 60), 0),
        (looking(100, 40), looking(90, 60), 0),
        (looking(95, 60), looking(90, 60), 5),
        (looking(90, 70), looking(90, 60), 5),
        (looking(350, 20), looking(10, 20), 20),
        (looking(270, 360), looking(90, 360), 0),
        (looking(270, 90), looking(90, 359), 45.5),
    ],
)
def test_a_cone_leaves_another_by_its_aim_and_its_width(
    declared: FieldOfView, allowed: FieldOfView, excess: float
) -> None:
    assert excess_angle(declared, allowed) == excess


@pytest.mark.parametrize(
    ("polygon", "place", "within"),
    [
        (TRIANGLE, at(2, 2), True),
        (TRIANGLE, at(2, 7.9), True),
        (TRIANGLE, at(2, 8.1), False),
        (TRIANGLE, at(6, 6), False),
        (TRIANGLE, at(2, -1), False),
        (TRIANGLE, at(-1, 2), False),
        (TRIANGLE, at(11, 0.5), False),
        (DIAMOND, at(5, 5), True),
        (DIAMOND, at(5, -1), False),
        (DIAMOND, at(5, 11), False),
        (DIAMOND, at(2, 4), True),
        (DIAMOND, at(2, 2), False),
        (DIAMOND, at(8, 4), True),
        (DIAMOND, at(8, 2), False),
        (DIAMOND, at(10, 4), False),
        (HORSESHOE, at(6, 4.5), False),
        (HORSESHOE, at(6, 1), True),
        (HORSESHOE, at(6, 7), True),
        (HORSESHOE, at(1, 4.5), True),
        (HORSESHOE, at(3, 4.5), False),
    ],
)
def test_a_place_is_in_a_polygon_or_out_of_it(
    polygon: tuple[tuple[float, float], ...], place: FieldOfView, within: bool
) -> None:
    assert inside(place, polygon) is within
