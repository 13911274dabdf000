"""Figures as numbers turned into paths: slats of a duration, plan of a position. Pure; it knows no row and no colour.

Angles are degrees clockwise from north, lengths are metres, the drawing is in SVG units with north up. Every number
leaves as a string, so that no locale writes a comma into a path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import cos, hypot, radians, sin
from typing import Protocol

from compliance.law import add_months

WIDTH, HEIGHT, MARGIN = 720, 520, 64
_EARTH = 111_320.0
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
Point = tuple[float, float]


class View(Protocol):
    """A field of view: where the device stands and what it looks at."""

    @property
    def azimuth(self) -> float: ...
    @property
    def angle(self) -> float: ...
    @property
    def range_m(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of a field, seen from the device: a mask, or what overflows."""

    azimuth: float
    angle: float
    near: float
    far: float


@dataclass(frozen=True, slots=True)
class Slat:
    """One slat of a count: its kind and its place."""

    kind: str
    x: str
    inner_x: str
    inner_width: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A numbered ring on the plan."""

    number: int
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the plan's template draws."""

    authorised: str = ""
    declared: str = ""
    camera: tuple[str, str] = ("0", "0")
    former: tuple[str, str] | None = None
    label: tuple[str, str, str] = ("0", "0", "start")
    rings: Sequence[str] = ()
    masks: Sequence[str] = ()
    over: Sequence[str] = ()
    flags: Sequence[Flag] = ()
    scale: Sequence[tuple[str, str]] = ()
    scale_path: str = ""
    centre: tuple[str, str] = ("0", "0")


def slats(kinds: Sequence[str]) -> tuple[str, str, list[Slat]]:
    """Return the width of the drawing, the width of a slat and the slats; few of them are drawn wider."""
    width, step = (17, 24) if len(kinds) < 24 else (12, 20)
    total = max(step * (len(kinds) - 1) + width, 240)
    drawn = []
    for index, kind in enumerate(kinds):
        x = index * step
        mark = f"M{x} 0h{width}v44h-{width}zM{x + 3} 15v14h{width - 6}v-14z" if kind == "mark" else ""
        thick = 0.7 if kind == "now" else 0.5
        drawn.append(Slat(kind, str(x), f"{x + thick:.1f}", f"{width - 2 * thick:.1f}", mark))
    return str(total), str(width), drawn


def months(starts_on: date, ends_on: date, today: date, *, mark: date | None = None) -> list[str]:
    """Return one kind per calendar month of a permission: past, now, open, or mark on the month of a date to keep."""
    kinds: list[str] = []
    first = starts_on
    while first <= ends_on:
        following = add_months(starts_on, len(kinds) + 1)
        if mark and first <= mark < following and today < first:
            kinds.append("mark")
        elif following <= today:
            kinds.append("past")
        else:
            kinds.append("now" if first <= today else "open")
        first = following
    return kinds


def offset(origin: object, other: object) -> Point:
    """Return how many metres east and north of `origin` the other view stands; (0, 0) when either has no place."""
    places = [(getattr(v, "latitude", None), getattr(v, "longitude", None)) for v in (origin, other)]
    (lat, lon), (other_lat, other_lon) = places
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return (0.0, 0.0)
    north = (float(other_lat) - float(lat)) * _EARTH
    return ((float(other_lon) - float(lon)) * _EARTH * cos(radians(float(lat))), north)


def overflow(authorised: View, declared: View) -> list[Sector]:
    """Return what the declared field shows beyond the authorised one, both seen from the same point."""
    half, legal_half = min(declared.angle, 360) / 2, min(authorised.angle, 360) / 2
    turn = (authorised.azimuth - declared.azimuth + 180) % 360 - 180
    edges = {-half, half}
    if legal_half < 180:
        edges |= {e for s in (-360, 0, 360) for e in (turn - legal_half + s, turn + legal_half + s) if -half < e < half}
    cuts = sorted(edges)
    found = []
    for left, right in pairwise(cuts):
        middle, width = (left + right) / 2, right - left
        inside = legal_half >= 180 or abs((middle - turn + 180) % 360 - 180) <= legal_half
        near = authorised.range_m if inside else 0.0
        if width > 0.5 and declared.range_m - near > 0.5:
            found.append(Sector((declared.azimuth + middle) % 360, width, near, declared.range_m))
    return found


@dataclass
class _Frame:
    """From metres around the device to the drawing."""

    points: list[Point] = field(default_factory=list)
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def fit(self) -> None:
        """Choose the scale that holds every point, and centre it."""
        xs, ys = [p[0] for p in self.points], [p[1] for p in self.points]
        wide, high = max(max(xs) - min(xs), 8.0), max(max(ys) - min(ys), 8.0)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.left = WIDTH / 2 - self.scale * (max(xs) + min(xs)) / 2
        self.top = HEIGHT / 2 + self.scale * (max(ys) + min(ys)) / 2

    def at(self, point: Point) -> Point:
        """Return a point of the drawing."""
        return (self.left + self.scale * point[0], self.top - self.scale * point[1])

    def path(self, points: Iterable[Point]) -> str:
        """Return a closed path through points given in metres."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.at, points)) + "z"


def plan(authorised: View | None, declared: View | None, *, masks: Iterable[Sector] = ()) -> Plan:
    """Draw both fields, the masks (from the declared point, else the authorised one) and what overflows."""
    current = declared or authorised
    if current is None:
        return Plan()
    here: Point = (0.0, 0.0)
    there = offset(current, authorised) if authorised else here
    moved = hypot(*there) >= 0.5
    views = [(v, p) for v, p in ((declared, here), (authorised, there)) if v is not None]
    frame = _Frame([point for view, place in views for point in _field(view, place)])
    frame.fit()
    over = overflow(authorised, declared) if authorised and declared and not moved else []
    far = max(view.range_m for view, _ in views)
    x, y = frame.at(here)
    scale, scale_path = _scale_bar(frame.scale)
    return Plan(
        authorised=frame.path(_field(authorised, there)) if authorised else "",
        declared=frame.path(_field(declared, here)) if declared else "",
        camera=(f"{x:.1f}", f"{y:.1f}"),
        former=_written(frame.at(there)) if moved else None,
        label=_label((x, y), current.azimuth),
        centre=(f"{x:.1f}", f"{y:.1f}"),
        rings=[f"{frame.scale * r:.1f}" for r in _rings(far)],
        masks=[frame.path(_sector(m, here)) for m in masks],
        over=[frame.path(_sector(s, here)) for s in over],
        flags=[_flag(frame, s, number) for number, s in enumerate(over, start=1)],
        scale=scale,
        scale_path=scale_path,
    )


def _polar(place: Point, azimuth: float, length: float) -> Point:
    turn = radians(azimuth)
    return (place[0] + length * sin(turn), place[1] + length * cos(turn))


def _arc(place: Point, azimuth: float, angle: float, length: float) -> list[Point]:
    steps = max(2, round(angle / 3))
    return [_polar(place, azimuth - angle / 2 + angle * i / steps, length) for i in range(steps + 1)]


def _field(view: View, place: Point) -> list[Point]:
    if view.angle >= 360:
        return _arc(place, view.azimuth, 360, view.range_m)[:-1]
    return [place, *_arc(place, view.azimuth, view.angle, view.range_m)]


def _sector(sector: Sector, place: Point) -> list[Point]:
    outer = _arc(place, sector.azimuth, sector.angle, sector.far)
    if sector.near <= 0:
        return [place, *outer]
    return outer + _arc(place, sector.azimuth, sector.angle, sector.near)[::-1]


def _rings(far: float) -> list[int]:
    step = next((s for s in _STEPS if far / s <= 4), _STEPS[-1])
    return [step * i for i in range(1, int(far / step) + 3)]


def _written(point: Point) -> tuple[str, str]:
    return (f"{point[0]:.1f}", f"{point[1]:.1f}")


def _label(camera: Point, azimuth: float) -> tuple[str, str, str]:
    behind_x, behind_y = -sin(radians(azimuth)), cos(radians(azimuth))
    anchor = "middle" if abs(behind_x) < 0.4 else "start" if behind_x > 0 else "end"
    x = min(max(camera[0] + 20 * behind_x, 12), WIDTH - 12)
    return (f"{x:.1f}", f"{camera[1] + 22 * behind_y + 4:.1f}", anchor)


def _flag(frame: _Frame, sector: Sector, number: int) -> Flag:
    x, y = frame.at(_polar((0.0, 0.0), sector.azimuth, (sector.near + sector.far) / 2))
    return Flag(number, f"{x:.1f}", f"{y:.1f}")


def _scale_bar(scale: float) -> tuple[list[tuple[str, str]], str]:
    step = max((s for s in _STEPS if 2 * s * scale <= 190), default=_STEPS[0])
    right, y = WIDTH - 44, HEIGHT - 30
    left, half = right - 2 * step * scale, step * scale
    marks = [(f"{left:.1f}", "0"), (f"{left + half:.1f}", str(step)), (f"{right:.1f}", f"{2 * step}\u00a0m")]
    return marks, f"M{left:.1f} {y}v8H{right:.1f}v-8M{left + half:.1f} {y + 4}v4"
