"""Plane geometry good enough for a town: distances in metres, angles in degrees. Tolerances are our choices [I]."""

from math import cos, hypot, radians

from compliance.facts import FieldOfView

METRES_PER_DEGREE = 111_320.0
PLACE_TOLERANCE_M = 5.0
ANGLE_TOLERANCE = 2.0
RANGE_TOLERANCE_M = 5.0


def distance_m(one: FieldOfView, other: FieldOfView) -> float:
    """Return the distance between two places, in metres."""
    north = (one.latitude - other.latitude) * METRES_PER_DEGREE
    east = (one.longitude - other.longitude) * METRES_PER_DEGREE * cos(radians(one.latitude))
    return hypot(north, east)


def same_place(one: FieldOfView, other: FieldOfView) -> bool:
    """True within the tolerance of a hand-held measure."""
    return distance_m(one, other) <= PLACE_TOLERANCE_M


def turn(one: float, other: float) -> float:
    """Return the smallest angle between two azimuths, 0 to 180 degrees."""
    return abs((one - other + 180.0) % 360.0 - 180.0)


def excess_angle(declared: FieldOfView, allowed: FieldOfView) -> float:
    """Return by how many degrees the declared cone leaves the allowed one; 0 or less when it stays inside."""
    if allowed.angle >= 360.0:
        return 0.0
    return turn(declared.azimuth, allowed.azimuth) + declared.angle / 2 - allowed.angle / 2


def inside(place: FieldOfView, polygon: tuple[tuple[float, float], ...]) -> bool:
    """True when a place lies in a polygon of (latitude, longitude) corners (ray casting)."""
    within = False
    corners = zip(polygon, (*polygon[1:], polygon[0]), strict=True)
    for (lat1, lon1), (lat2, lon2) in corners:
        if (lat1 > place.latitude) != (lat2 > place.latitude):
            crossing = lon1 + (place.latitude - lat1) / (lat2 - lat1) * (lon2 - lon1)
            within ^= place.longitude < crossing
    return within
