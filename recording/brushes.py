"""Pencils for the simulator's drawn streets, in units of a 640 × 360 stage; knows no street and no camera."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, tau
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Box = tuple[float, float, float, float]

STAGE = (640, 360)
OVERSAMPLE = 2
GLASS = "#46545a"
TRUNK = "#54463a"


def blend(one: str, other: str, share: float) -> str:
    """The colour at `share` (0…1) of the way from one to the other."""
    a, b = ImageColor.getrgb(one), ImageColor.getrgb(other)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a[:3], b[:3], strict=True))


def lit(colour: str, share: float) -> str:
    """The colour in the sun (positive share) or in the shade (negative)."""
    return blend(colour, "#fff6e2", share) if share >= 0 else blend(colour, "#22303a", -share)


def within(quad: Quad, u: float, v: float) -> Point:
    """The point at u (left to right) and v (top to bottom) of a wall seen in perspective."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    top, bottom = (ax + (bx - ax) * u, ay + (by - ay) * u), (dx + (cx - dx) * u, dy + (cy - dy) * u)
    return top[0] + (bottom[0] - top[0]) * v, top[1] + (bottom[1] - top[1]) * v


def piece(quad: Quad, u0: float, v0: float, size: tuple[float, float]) -> Quad:
    """The part of a wall that starts at (u0, v0), `size` being shares of its width and height."""
    u1, v1 = u0 + size[0], v0 + size[1]
    return within(quad, u0, v0), within(quad, u1, v0), within(quad, u1, v1), within(quad, u0, v1)


def upright(box: Box) -> Quad:
    """A wall seen from the front: x, y, width, height."""
    x, y, w, h = box
    return (x, y), (x + w, y), (x + w, y + h), (x, y + h)


class Sheet:
    """A transparent sheet of the stage, drawn twice as large and reduced at the end so that edges are smooth."""

    def __init__(self, size: tuple[int, int], *, stage: tuple[float, float] = STAGE) -> None:
        self.size = size
        self.kx, self.ky = size[0] * OVERSAMPLE / stage[0], size[1] * OVERSAMPLE / stage[1]
        self.image = Image.new("RGBA", (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE), (0, 0, 0, 0))
        self._pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The sheet at its asked size, with its transparency."""
        return self.image.resize(self.size, Image.Resampling.LANCZOS)

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.kx, y * self.ky) for x, y in points]

    def poly(self, points: Sequence[Point], fill: str) -> None:
        """An opaque polygon."""
        self._pen.polygon(self._scaled(points), fill=fill)

    def rect(self, box: Box, fill: str) -> None:
        """An opaque rectangle: x, y, width, height."""
        self.poly(upright(box), fill)

    def disc(self, centre: Point, radius: float, fill: str, *, flat: float = 1.0) -> None:
        """An opaque disc, or an ellipse when flattened."""
        x, y = centre
        self._pen.ellipse(
            (
                (x - radius) * self.kx,
                (y - radius * flat) * self.ky,
                (x + radius) * self.kx,
                (y + radius * flat) * self.ky,
            ),
            fill=fill,
        )

    def stroke(self, points: Sequence[Point], fill: str, *, width: float = 1.0) -> None:
        """An opaque line."""
        self._pen.line(self._scaled(points), fill=fill, width=max(1, round(width * self.kx)), joint="curve")

    def dashes(self, start: Point, end: Point, fill: str, *, count: int, width: float) -> None:
        """A road line: dashes that grow as they come nearer (perspective)."""
        for index in range(count):
            a, b = (index / count) ** 1.6, ((index + 0.55) / count) ** 1.6
            self.stroke(
                [
                    (start[0] + (end[0] - start[0]) * a, start[1] + (end[1] - start[1]) * a),
                    (start[0] + (end[0] - start[0]) * b, start[1] + (end[1] - start[1]) * b),
                ],
                fill,
                width=width * (0.4 + b),
            )

    def fade(self, points: Sequence[Point], top: str, bottom: str) -> None:
        """A polygon whose colour goes from top to bottom."""
        shape, box = self._shape(points)
        if shape is None:
            return
        ramp = Image.linear_gradient("L").resize(shape.size)
        colour = Image.composite(Image.new("RGBA", shape.size, bottom), Image.new("RGBA", shape.size, top), ramp)
        self.image.paste(colour, box[:2], shape)

    def tint(self, points: Sequence[Point], fill: str, *, alpha: float, blur: float = 0.0) -> None:
        """A translucent, possibly soft-edged polygon over what is already drawn: shadows, light, glare."""
        reach = blur * 2.5
        shape, box = self._shape(points, reach=reach)
        if shape is None:
            return
        if blur:
            shape = shape.filter(ImageFilter.GaussianBlur(blur * self.kx))
        layer = Image.new("RGBA", shape.size, fill)
        layer.putalpha(shape.point([round(value * alpha) for value in range(256)]))
        self.image.alpha_composite(layer, box[:2])

    def _shape(
        self, points: Sequence[Point], *, reach: float = 0.0
    ) -> tuple[Image.Image | None, tuple[int, int, int, int]]:
        """The polygon as a mask of its bounding box, and that box in pixels."""
        scaled = self._scaled(points)
        margin = int(reach * self.kx) + 1
        left = max(0, int(min(x for x, _ in scaled)) - margin)
        upper = max(0, int(min(y for _, y in scaled)) - margin)
        right = min(self.image.width, int(max(x for x, _ in scaled)) + margin + 1)
        lower = min(self.image.height, int(max(y for _, y in scaled)) + margin + 1)
        box = left, upper, right, lower
        if right <= left or lower <= upper:
            return None, box
        shape = Image.new("L", (right - left, lower - upper), 0)
        ImageDraw.Draw(shape).polygon([(x - left, y - upper) for x, y in scaled], fill=255)
        return shape, box

    def shadow(self, centre: Point, radius: float, *, flat: float = 0.2, alpha: float = 0.3) -> None:
        """A soft shadow on the ground, under a thing."""
        x, y = centre
        ring = [(x + radius * cos(tau * i / 24), y + radius * flat * sin(tau * i / 24)) for i in range(24)]
        self.tint(ring, "#1d2628", alpha=alpha, blur=radius * flat * 0.35)

    def hatch(self, points: Sequence[Point]) -> None:
        """A privacy mask: opaque, hatched, as the camera itself would burn it in."""
        shape, box = self._shape(points)
        if shape is None:
            return
        fill = Image.new("RGBA", shape.size, "#1b2321")
        pen = ImageDraw.Draw(fill)
        step = max(4, round(7 * self.kx))
        for x in range(-shape.height, shape.width, step):
            pen.line((x, shape.height, x + shape.height, 0), fill="#57645f", width=max(1, round(1.3 * self.kx)))
        self.image.paste(fill, box[:2], shape)
        self.stroke([*points, points[0]], "#6d7b77", width=1)


def hills(sheet: Sheet, crest: Sequence[Point], *, base: float, colour: str, haze: str) -> None:
    """A line of hills that melts into the haze at its foot."""
    sheet.fade([(crest[0][0], base), *crest, (crest[-1][0], base)], colour, haze)


def window(sheet: Sheet, quad: Quad, *, wall: str, shutters: str | None = None) -> None:
    """A window: frame, panes, the sky's glare in a corner, a sill; shutters folded back on the wall if any."""
    if shutters:
        for u in (-0.52, 1.06):
            leaf = piece(quad, u, 0.0, (0.46, 1.0))
            sheet.poly(leaf, shutters)
            sheet.stroke([leaf[0], leaf[1]], lit(shutters, -0.3), width=0.5)
    sheet.poly(piece(quad, -0.09, -0.06, (1.18, 1.12)), lit(wall, 0.35))
    sheet.fade(quad, lit(GLASS, -0.25), lit(GLASS, 0.12))
    b = quad[1]
    sheet.tint(
        [within(quad, 0.45, 0), b, within(quad, 1, 0.45), within(quad, 0.1, 1), within(quad, 0, 0.75)],
        "#dfe8ea",
        alpha=0.16,
    )
    bar = lit(wall, 0.3)
    sheet.stroke([within(quad, 0.5, 0), within(quad, 0.5, 1)], bar, width=0.7)
    sheet.stroke([within(quad, 0, 0.42), within(quad, 1, 0.42)], bar, width=0.5)
    sheet.poly(
        [within(quad, -0.16, 1.0), within(quad, 1.16, 1.0), within(quad, 1.16, 1.1), within(quad, -0.16, 1.1)],
        lit(wall, -0.2),
    )


def facade(sheet: Sheet, quad: Quad, colour: str, *, grid: tuple[int, int], shutters: str | None = None) -> None:
    """A rendered wall with columns × rows of windows, lighter above, a plinth below and a cornice."""
    sheet.fade(quad, lit(colour, 0.1), lit(colour, -0.08))
    columns, rows = grid
    du, dv = 1 / columns, 1 / rows
    wide, high = (du * 0.3, dv * 0.5) if shutters else (du * 0.42, dv * 0.52)
    for row in range(rows):
        for column in range(columns):
            spot = piece(quad, (column + 0.5) * du - wide / 2, (row + 0.24) * dv, (wide, high))
            window(sheet, spot, wall=colour, shutters=shutters)
    sheet.poly(piece(quad, 0, 0.94, (1, 0.06)), lit(colour, -0.22))
    sheet.poly(piece(quad, 0, -0.02, (1, 0.035)), lit(colour, 0.3))
    sheet.tint(piece(quad, 0, 0.015, (1, 0.06)), "#22303a", alpha=0.22)


def roof(sheet: Sheet, quad: Quad, colour: str, *, rows: int = 7) -> None:
    """A tiled roof: rows of tiles, lighter towards the ridge."""
    sheet.fade(quad, lit(colour, 0.16), lit(colour, -0.06))
    for row in range(1, rows):
        v = row / rows
        sheet.stroke([within(quad, 0, v), within(quad, 1, v)], lit(colour, -0.14 if row % 2 else 0.06), width=0.6)
    sheet.stroke([quad[3], quad[2]], lit(colour, -0.4), width=1.4)


def house(sheet: Sheet, box: Box, colour: str, *, tiles: str = "#7d5b4f", shutters: str | None = None) -> None:
    """A terraced house seen from the front, its roof, its chimney and its door."""
    x, y, w, h = box
    rise = min(22.0, h * 0.3)
    sheet.rect((x + w * 0.7, y - rise - 7, w * 0.1 + 2, rise), lit(tiles, -0.15))
    roof(sheet, ((x + 1, y - rise), (x + w - 1, y - rise), (x + w + 2, y), (x - 2, y)), tiles, rows=5)
    facade(sheet, upright((x, y, w, h)), colour, grid=(max(2, round(w / 17)), max(2, round(h / 24))), shutters=shutters)


def arch(sheet: Sheet, box: Box, fill: str) -> None:
    """A round-headed opening: x, y, width, height."""
    x, y, w, h = box
    r = w / 2
    crown = [(x + r + r * cos(radians(a)), y + r + r * sin(radians(a))) for a in range(180, 361, 12)]
    sheet.poly(
        [(x - 1.6, y + h), *[(px + (px - x - r) * 0.14, py - 1.4) for px, py in crown], (x + w + 1.6, y + h)],
        lit("#d9cbb3", 0.25),
    )
    sheet.poly([(x, y + h), *crown, (x + w, y + h)], fill)


def tree(sheet: Sheet, foot: Point, height: float, *, leaves: str = "#9a7f45", seed: int = 0) -> None:
    """A round tree lit from the upper left, and its shadow."""
    x, y = foot
    r = height * 0.27
    sheet.shadow((x + r * 0.7, y), r * 1.25, flat=0.16, alpha=0.3)
    sheet.poly(
        [(x - r * 0.13, y - height * 0.5), (x + r * 0.13, y - height * 0.5), (x + r * 0.2, y), (x - r * 0.2, y)], TRUNK
    )
    sheet.tint(
        [(x + r * 0.02, y - height * 0.5), (x + r * 0.13, y - height * 0.5), (x + r * 0.2, y), (x + r * 0.04, y)],
        "#000000",
        alpha=0.25,
    )
    top = y - height * 0.66
    tufts = [
        (0.0, -0.32, 0.9),
        (-0.52, 0.1, 0.72),
        (0.55, 0.12, 0.74),
        (0.05, 0.36, 0.82),
        (-0.3, -0.3, 0.6),
        (0.36, -0.26, 0.6),
    ]
    for tone, dx, dy, share in (
        (-0.24, 0.09, 0.12, 1.0),
        (0.0, 0.0, 0.0, 0.93),
        (0.15, -0.16, -0.17, 0.62),
        (0.3, -0.25, -0.27, 0.3),
    ):
        for index, (u, v, size) in enumerate(tufts):
            wobble = ((seed * 7 + index * 13) % 9 - 4) / 60
            sheet.disc((x + (u + dx + wobble) * r, top + (v + dy - wobble) * r), r * size * share, lit(leaves, tone))


def cypress(sheet: Sheet, foot: Point, height: float, *, leaves: str = "#47604a") -> None:
    """A tall narrow tree and its shadow."""
    x, y = foot
    w = height * 0.13
    sheet.shadow((x + w * 1.2, y), w * 2.1, flat=0.2)
    sheet.rect((x - w * 0.15, y - height * 0.1, w * 0.3, height * 0.1), TRUNK)
    for tone, offset, share in ((-0.22, 0.12, 1.0), (0.0, -0.06, 0.86), (0.14, -0.3, 0.42)):
        side = [
            (
                x + w * (offset + share * sin(tau * i / 40)),
                y - height * 0.53 - height * 0.47 * share * cos(tau * i / 40),
            )
            for i in range(40)
        ]
        sheet.poly(side, lit(leaves, tone))


def lamp(sheet: Sheet, foot: Point, height: float) -> None:
    """A street lamp, unlit, and its thin shadow."""
    x, y = foot
    iron = "#2f3a3b"
    w = max(1.4, height * 0.022)
    sheet.tint(
        [(x, y - w), (x + height * 0.5, y + height * 0.03), (x + height * 0.5, y + height * 0.03 + w), (x, y + w)],
        "#1d2628",
        alpha=0.22,
        blur=0.6,
    )
    sheet.rect((x - w / 2, y - height, w, height), iron)
    sheet.rect((x - w, y - height * 0.12, w * 2, height * 0.12), iron)
    head = height * 0.075
    sheet.poly(
        [
            (x - head * 0.6, y - height),
            (x + head * 0.6, y - height),
            (x + head, y - height - head * 1.7),
            (x - head, y - height - head * 1.7),
        ],
        "#e9e2c9",
    )
    sheet.poly(
        [
            (x - head * 1.2, y - height - head * 1.6),
            (x + head * 1.2, y - height - head * 1.6),
            (x, y - height - head * 2.6),
        ],
        iron,
    )


def flowers(sheet: Sheet, box: Box, *, colours: Sequence[str], seed: int = 0) -> None:
    """A window box or a flower bed."""
    x, y, w, h = box
    sheet.rect((x, y + h * 0.45, w, h * 0.55), "#6b5a48")
    count = max(4, round(w / 2.2))
    for index in range(count):
        spot = x + (index + 0.5) * w / count
        sheet.disc((spot, y + h * 0.42), h * 0.36, "#5d7050")
        sheet.disc(
            (spot + 0.5, y + h * (0.15 + 0.07 * ((index * 5 + seed) % 4))),
            h * 0.22,
            colours[(index * 3 + seed) % len(colours)],
        )


def paving(sheet: Sheet, quad: Quad, *, rows: int, columns: int) -> None:
    """Joints of a paved ground, closer together in the distance."""
    for row in range(1, rows):
        v = (row / rows) ** 1.7
        sheet.tint(_band(within(quad, 0, v), within(quad, 1, v), 0.35 + v * 0.5), "#2b2a26", alpha=0.13)
    for column in range(columns + 1):
        u = column / columns
        sheet.tint(_band(within(quad, u, 0), within(quad, u, 1), 0.7, vertical=True), "#2b2a26", alpha=0.1)


def _band(start: Point, end: Point, width: float, *, vertical: bool = False) -> list[Point]:
    dx, dy = (width / 2, 0.0) if vertical else (0.0, width / 2)
    return [
        (start[0] - dx, start[1] - dy),
        (end[0] - dx, end[1] - dy),
        (end[0] + dx, end[1] + dy),
        (start[0] + dx, start[1] + dy),
    ]


def grain(size: tuple[int, int], seed: int) -> Image.Image:
    """The faint grain of a sensor, centred on 128, the same for every picture of a scene."""

    noise = Image.frombytes("L", size, Random(seed).randbytes(size[0] * size[1]))
    return noise.point([round(128 + (value - 127.5) * 5 / 255) for value in range(256)])


def with_grain(plane: Image.Image, noise: Image.Image) -> Image.Image:
    """A plane of light with the grain added."""
    return ImageChops.add(plane, noise, scale=1.0, offset=-128)
