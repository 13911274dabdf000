"""The moving parts of the simulator's streets, drawn once per aspect; `recording.scenes` says where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin, tau

from PIL import Image, ImageFilter

from recording.brushes import Point, Sheet, lit, upright


@dataclass(frozen=True)
class Part:
    """A moving part in one of its aspects: a kind, a colour, a step of its movement, a size."""

    kind: str
    colour: str = ""
    step: int = 0
    scale: float = 1.0
    mirrored: bool = False
    tilt: float = 0.0


@dataclass(frozen=True)
class Pencil:
    """How a kind is drawn: the function, the size of its sheet and its anchor, in stage units."""

    draw: Callable[[Sheet, Part], None]
    size: tuple[float, float]
    anchor: Point
    blur: float = 0.0


def _car(sheet: Sheet, part: Part) -> None:
    paint = part.colour
    sheet.shadow((60, 50), 52, flat=0.1, alpha=0.42)
    body = [
        (8, 48),
        (6, 33),
        (12, 28),
        (30, 25),
        (42, 12),
        (48, 10),
        (74, 10),
        (80, 13),
        (92, 26),
        (108, 30),
        (114, 35),
        (114, 48),
    ]
    sheet.fade(body, lit(paint, 0.25), lit(paint, -0.2))
    sheet.poly([(8, 48), (7, 42), (114, 42), (114, 48)], lit(paint, -0.35))
    for pane in ([(35, 25), (45, 14), (58, 13.5), (58, 25)], [(62, 25), (62, 13.5), (73, 13.5), (86, 26)]):
        sheet.fade(pane, "#9fb4bb", "#2a3942")
    sheet.stroke([(60, 26), (60, 41)], lit(paint, -0.35), width=0.8)
    sheet.stroke([(9, 31), (30, 27.5), (92, 28.5), (110, 32)], lit(paint, 0.35), width=0.8)
    sheet.disc((112, 35), 2.6, "#f4ecd0")
    sheet.disc((8, 35), 2.2, "#b5413a")
    for x in (30, 92):
        sheet.disc((x, 48), 10, lit(paint, -0.6))
        sheet.disc((x, 48), 9, "#1c2022")
        sheet.disc((x, 48), 4.6, "#a9afae")
        sheet.disc((x, 48), 1.6, "#5a6162")


def _cloud(sheet: Sheet, part: Part) -> None:
    tufts = ((44, 32, 17), (68, 26, 22), (94, 30, 18), (116, 35, 11), (26, 36, 11), (80, 36, 17), (54, 37, 13))
    for index, (x, y, r) in enumerate(tufts):
        wobble = (part.step * 5 + index * 3) % 7 - 3
        sheet.disc((x + wobble * 2, y + wobble * 0.6), r + wobble * 0.5, "#dfe2df", flat=0.62)
    for index, (x, y, r) in enumerate(tufts[:4]):
        sheet.disc((x - 3 + (part.step + index) % 3, y - 4), r * 0.85, "#f8f5ee", flat=0.6)
    shape = sheet.image.getchannel("A").point([round(value * 0.8) for value in range(256)])
    sheet.image.putalpha(shape)


def _bird(sheet: Sheet, part: Part) -> None:
    lift = (-7.0, -3.0, 2.0, 5.0, 2.0, -3.0)[part.step % 6]
    ink = "#39464a"
    for side in (-1, 1):
        sheet.stroke([(12, 10), (12 + side * 4, 10 + lift * 0.6), (12 + side * 9, 10 + lift)], ink, width=1.3)
    sheet.disc((12, 10.3), 2.2, ink, flat=0.55)


def _flag(sheet: Sheet, part: Part) -> None:
    phase = tau * part.step / 12
    width, height = 34.0, 21.0
    bands = part.colour.split()
    for index in range(24):
        u0, u1 = index / 24, (index + 1) / 24
        y0, y1 = (4 + 2.6 * u * sin(phase - u * 7) for u in (u0, u1))
        shade = 0.16 * cos(phase - u0 * 7) * u0
        colour = lit(bands[min(len(bands) - 1, int(u0 * len(bands)))], shade)
        sheet.poly(
            [
                (3 + width * u0, y0),
                (3.4 + width * u1, y1),
                (3.4 + width * u1, y1 + height),
                (3 + width * u0, y0 + height),
            ],
            colour,
        )
    sheet.rect((1.6, 0, 1.8, 62), "#3c4648")
    sheet.disc((2.5, 1.6), 1.8, "#d8b35a")


def _hands(sheet: Sheet, part: Part) -> None:
    for angle, length, width in ((0.35, 0.5, 1.3), (0.9, 0.72, 1.1)):
        sheet.stroke(
            [(20, 20), (20 + 17 * length * sin(tau * angle), 20 - 17 * length * cos(tau * angle))],
            "#22282a",
            width=width * 1.6,
        )
    turn = tau * part.step / 60
    sheet.stroke(
        [(20 - 4 * sin(turn), 20 + 4 * cos(turn)), (20 + 15 * sin(turn), 20 - 15 * cos(turn))], "#b5413a", width=1.1
    )
    sheet.disc((20, 20), 1.6, "#22282a")


def _light(sheet: Sheet, part: Part) -> None:
    for index, (bright, dim) in enumerate((("#ef5b4a", "#4a2a27"), ("#f2b441", "#4a3d22"), ("#58c47a", "#22402c"))):
        on = index == part.step
        if on:
            sheet.tint(_ring((8, 6 + index * 10), 6.4), bright, alpha=0.35, blur=0.8)
        sheet.disc((8, 6 + index * 10), 3.7, bright if on else dim)


def _wheel(sheet: Sheet, part: Part) -> None:
    centre, radius = (50.0, 50.0), 43.0
    wood = "#5c4634"
    turn = tau / 12 * part.step / 8
    for index in range(12):
        a = turn + index * tau / 12
        far, near = radius + 4, radius - 7
        spread = 0.1
        rim = [
            (centre[0] + r * cos(a + d), centre[1] + r * sin(a + d))
            for r, d in ((near, -spread), (far, -spread), (far, spread), (near, spread))
        ]
        sheet.poly(rim, lit(wood, 0.14 if sin(a) < 0 else -0.2))
        sheet.stroke([centre, (centre[0] + near * cos(a), centre[1] + near * sin(a))], lit(wood, 0.1), width=2.6)
    for r, tone in ((radius, -0.15), (radius - 11, 0.05)):
        ring = _ring(centre, r)
        sheet.stroke([*ring, ring[0], ring[1]], lit(wood, tone), width=3)
    sheet.disc(centre, 6.5, lit(wood, -0.3))
    sheet.disc(centre, 3, "#8d8f8c")


def _ring(centre: Point, radius: float) -> list[Point]:
    return [(centre[0] + radius * cos(tau * i / 40), centre[1] + radius * sin(tau * i / 40)) for i in range(40)]


def _glint(sheet: Sheet, part: Part) -> None:
    strength = (0.16, 0.34, 0.5, 0.34, 0.16, 0.06)[part.step % 6]
    sheet.tint([(2, 4), (14, 2.6), (34, 2.8), (46, 4), (34, 5.2), (14, 5.4)], part.colour, alpha=strength, blur=0.35)


def _foam(sheet: Sheet, part: Part) -> None:
    for index in range(26):
        x, fall = 4 + (index * 11) % 36, ((index * 17 + part.step * 6) % 48)
        sheet.tint([(x, fall), (x + 2.2, fall), (x + 2.4, fall + 8), (x - 0.4, fall + 8)], "#f6faf8", alpha=0.5)
    for index in range(12):
        swell = 2.2 + 1.3 * sin(tau * part.step / 8 + index)
        sheet.tint(_ring((4 + index * 3.4, 51 + index % 2 * 2), swell), "#f6faf8", alpha=0.55, blur=0.4)


def _jet(sheet: Sheet, part: Part) -> None:
    for side in (-1, -0.55, -0.2, 0.2, 0.55, 1):
        for index in range(15):
            s = (index + part.step / 6) / 15
            x, y = 45 + side * 36 * s, 14 - 34 * s + 70 * s * s
            sheet.tint(_ring((x, y + 4), 1.0 + 0.6 * s), "#eef5f5", alpha=0.72 - 0.4 * s)


def _leaf(sheet: Sheet, part: Part) -> None:
    a = tau * part.step / 8
    w, h = 3.4 * abs(cos(a)) + 0.9, 2.0 * abs(sin(a)) + 0.9
    sheet.poly([(6 - w, 6), (6, 6 - h), (6 + w, 6), (6, 6 + h)], part.colour)


def _smoke(sheet: Sheet, part: Part) -> None:
    sheet.tint(_ring((20, 20), 5 + part.step * 0.8), "#eef0ee", alpha=0.42 * (1 - part.step / 14), blur=2.4)


def _boat(sheet: Sheet, part: Part) -> None:
    sheet.tint([(4, 36), (96, 36), (84, 42), (14, 42)], "#22303a", alpha=0.3, blur=1.5)
    sheet.fade([(4, 22), (98, 22), (88, 37), (14, 37)], lit(part.colour, 0.25), lit(part.colour, -0.3))
    sheet.stroke([(4, 22), (98, 22)], "#efe6d3", width=1.8)
    sheet.fade(upright((28, 9, 36, 13)), "#efe6d3", "#cfc4ad")
    for x in (32, 44, 55):
        sheet.rect((x, 12, 6, 6), "#46545a")
    sheet.rect((25, 7, 42, 2.4), lit(part.colour, -0.1))


def _duck(sheet: Sheet, part: Part) -> None:
    bob = 0.8 * sin(pi * part.step / 4)
    sheet.tint([(2, 17), (26, 17), (22, 20), (8, 20)], "#22303a", alpha=0.25, blur=0.6)
    sheet.disc((13, 14 + bob), 8, "#6f5f4c", flat=0.52)
    sheet.disc((10, 12.6 + bob), 5.4, "#93836b", flat=0.5)
    sheet.disc((21, 8.6 + bob), 3.4, "#3f5f4c")
    sheet.poly([(23.5, 8 + bob), (28, 9.4 + bob), (23.5, 10.4 + bob)], "#d9a13f")


def _train(sheet: Sheet, part: Part) -> None:
    band = part.colour
    for index in range(3):
        x = 8 + index * 176
        first, last = index == 0, index == 2
        nose, tail = (14 if first else 0), (14 if last else 0)
        shell = [(x, 66), (x, 24), (x + nose, 10), (x + 172 - tail, 10), (x + 172, 24), (x + 172, 66)]
        sheet.tint([(x - 2, 76), (x + 176, 76), (x + 172, 82), (x + 4, 82)], "#1d2628", alpha=0.4, blur=1.6)
        sheet.rect((x + 6, 64, 160, 8), "#33393b")
        for wheel in (24, 44, 128, 148):
            sheet.disc((x + wheel, 72), 6.5, "#22282a")
            sheet.disc((x + wheel, 72), 2.4, "#7c8486")
        sheet.fade(shell, "#f1ede3", "#cfcabd")
        sheet.fade(upright((x, 46, 172, 12)), band, lit(band, -0.2))
        sheet.rect((x, 58, 172, 2), "#d8a94a")
        for pane in range(6):
            sheet.fade(upright((x + 19 + pane * 23.5, 21, 17, 17)), "#8ea6ae", "#33434b")
        for door in (0.33, 0.67):
            sheet.rect((x + 172 * door - 7, 18, 14, 46), "#dcd7c9")
            sheet.fade(upright((x + 172 * door - 5, 21, 10, 22)), "#8ea6ae", "#33434b")
        if first:
            sheet.fade([(x + 1, 40), (x + 1, 25), (x + 12, 14), (x + 17, 14), (x + 17, 40)], "#8ea6ae", "#2a3942")
        if last:
            sheet.fade(
                [(x + 171, 40), (x + 171, 25), (x + 160, 14), (x + 155, 14), (x + 155, 40)], "#8ea6ae", "#2a3942"
            )
        if not last:
            sheet.rect((x + 171, 26, 6, 40), "#3a4244")


def _bunting(sheet: Sheet, part: Part) -> None:
    tones = ("#c8524a", "#e0a33c", "#efe6d3", "#4f7f86", "#7f9a55")
    phase = tau * part.step / 12
    rope: list[Point] = []
    for index in range(41):
        u = index / 40
        rope.append((4 + 412 * u, 6 + 88 * u * (1 - u) + 1.5 * sin(phase + u * 9)))
    for index in range(0, 40, 2):
        (x, y), (x2, y2) = rope[index], rope[index + 1]
        sway = 2.4 * sin(phase + index * 0.7)
        sheet.poly([(x, y), (x2 + 4, y2), ((x + x2) / 2 + 2 + sway, y + 15)], tones[index // 2 % len(tones)])
    sheet.stroke(rope, "#efe6d3", width=0.9)


def _sign(sheet: Sheet, part: Part) -> None:
    swing = 0.14 * sin(tau * part.step / 16)
    sheet.stroke([(4, 8), (40, 8)], "#2f3a3b", width=2)
    sheet.stroke([(4, 20), (24, 8)], "#2f3a3b", width=1.4)

    def hung(x: float, y: float) -> Point:
        return 28 + x * cos(swing) - y * sin(swing), 9 + x * sin(swing) + y * cos(swing)

    for x in (-7.0, 7.0):
        sheet.stroke([hung(x, 0), hung(x, 7)], "#2f3a3b", width=0.9)
    sheet.poly([hung(-11, 6), hung(11, 6), hung(11, 26), hung(0, 32), hung(-11, 26)], "#7a3f38")
    sheet.poly([hung(-9, 8), hung(9, 8), hung(9, 25), hung(0, 29.5), hung(-9, 25)], "#d8b35a")
    sheet.poly([hung(-4, 13), hung(4, 13), hung(6, 20), hung(0, 26), hung(-6, 20)], "#7a3f38")


PENCILS: dict[str, Pencil] = {
    "car": Pencil(_car, (122, 62), (61, 57)),
    "cloud": Pencil(_cloud, (144, 60), (72, 30), blur=2.2),
    "bird": Pencil(_bird, (24, 20), (12, 10)),
    "flag": Pencil(_flag, (42, 62), (2.5, 62)),
    "hands": Pencil(_hands, (40, 40), (20, 20)),
    "light": Pencil(_light, (16, 32), (8, 0)),
    "wheel": Pencil(_wheel, (100, 100), (50, 50)),
    "glint": Pencil(_glint, (48, 8), (24, 4)),
    "foam": Pencil(_foam, (44, 58), (22, 0)),
    "jet": Pencil(_jet, (90, 60), (45, 17)),
    "leaf": Pencil(_leaf, (12, 12), (6, 6)),
    "smoke": Pencil(_smoke, (40, 40), (20, 20)),
    "boat": Pencil(_boat, (102, 46), (51, 38)),
    "duck": Pencil(_duck, (30, 24), (15, 18)),
    "train": Pencil(_train, (544, 84), (272, 80)),
    "bunting": Pencil(_bunting, (424, 52), (212, 6)),
    "sign": Pencil(_sign, (46, 46), (4, 8)),
}


def drawn(part: Part, *, per_unit: float) -> tuple[Image.Image, tuple[int, int]]:
    """The picture (RGBA, even size) of a part at `per_unit` pixels per stage unit, and its anchor in pixels."""
    pencil = PENCILS[part.kind]
    ratio = per_unit * part.scale
    width, height = (max(2, 2 * round(side * ratio / 2)) for side in pencil.size)
    sheet = Sheet((width, height), stage=pencil.size)
    pencil.draw(sheet, part)
    if pencil.blur:
        # Blurred with its transparency multiplied in: else the invisible black around it bleeds in as a dark rim.
        soft = sheet.image.convert("RGBa").filter(ImageFilter.GaussianBlur(pencil.blur * sheet.kx))
        sheet.image = soft.convert("RGBA")
    picture = sheet.finished()
    x, y = pencil.anchor[0] * width / pencil.size[0], pencil.anchor[1] * height / pencil.size[1]
    if part.mirrored:
        picture, x = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), width - x
    if part.tilt:
        picture = picture.rotate(part.tilt, Image.Resampling.BICUBIC, center=(x, y))
    return picture, (round(x), round(y))
