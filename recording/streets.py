"""The still part of the simulator's eight streets of Valclair-sur-Moselle, a town that does not exist.

Each painter draws what is far (sky, hills: clouds pass in front of it) and what is near. No person, no plate, no
lettering: only the frame number is ever written in a picture. Nothing here moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from recording.brushes import (
    Point,
    Sheet,
    arch,
    cypress,
    facade,
    flowers,
    hills,
    house,
    lamp,
    lit,
    paving,
    piece,
    roof,
    tree,
    upright,
    window,
    within,
)

WALLS = ("#d9cbb3", "#cdbb9f", "#e0cdb0", "#c9b3a0", "#d2c2a6", "#bfae98", "#d8c0a8")
SHUTTERS = ("#6d8078", "#8a5a4e", "#5f7486", "#7f8a66", "#97805f")
TILES, SLATE = "#7d5b4f", "#5f686a"
GOLD, OLIVE, RUST = "#a5803c", "#7f7a48", "#a0643c"
ROAD, PAVEMENT, STONE = "#74797a", "#aaa69b", "#b6ab97"
PETALS = ("#c8524a", "#e0a33c", "#e7d9c4", "#a4506e")


@dataclass(frozen=True)
class Street:
    """A painter, the part of the stage where clouds may pass, and the privacy masks burnt over the dwellings."""

    title: str
    paint: Callable[[Sheet, Sheet], None]
    sky_until: float
    masks: tuple[tuple[Point, ...], ...]


def _sky(far: Sheet, *, top: str = "#a9bcc6", bottom: str = "#ece5d6", horizon: float = 190) -> None:
    far.fade([(0, 0), (640, 0), (640, horizon), (0, horizon)], top, bottom)
    far.rect((0, horizon, 640, 360 - horizon), bottom)


def _terrace(
    near: Sheet, left: float, base: float, *, widths: tuple[float, ...], heights: tuple[float, ...], first: int = 0
) -> None:
    for index, (width, height) in enumerate(zip(widths, heights, strict=True), start=first):
        shutters = SHUTTERS[index % len(SHUTTERS)] if index % 3 else None
        house(
            near,
            (left, base - height, width, height),
            WALLS[index % len(WALLS)],
            tiles=TILES if index % 4 else "#6a5a55",
            shutters=shutters,
        )
        left += width + 0.5


def town_hall(far: Sheet, near: Sheet) -> None:
    """A paved square, the town hall with its clock, terraces on both sides, a fountain."""
    _sky(far)
    hills(
        far,
        [(0, 148), (90, 122), (200, 140), (330, 114), (470, 138), (560, 120), (640, 140)],
        base=212,
        colour="#8fa199",
        haze="#c2c8bd",
    )
    near.fade([(0, 236), (150, 221), (500, 221), (640, 234), (640, 360), (0, 360)], "#b9b4a6", "#9c988c")
    paving(near, ((150, 222), (500, 222), (1130, 360), (-500, 360)), rows=13, columns=22)
    roof(near, ((241, 64), (399, 64), (426, 107), (214, 107)), SLATE, rows=8)
    hall = upright((222, 104, 196, 120))
    near.fade(hall, lit("#dccdb2", 0.18), "#d3c3a5")
    near.tint(piece(hall, 0, 0, (1, 0.08)), "#22303a", alpha=0.25)
    for x in (233, 263, 355, 385):
        window(near, upright((x, 122, 17, 29)), wall="#dccdb2")
        arch(near, (x - 2, 180, 22, 43), "#46545a")
    near.fade(upright((296, 70, 48, 154)), lit("#d2c2a6", 0.2), "#cdbc9d")
    near.tint([(344, 108), (356, 108), (356, 224), (344, 224)], "#22303a", alpha=0.16, blur=1.5)
    near.rect((216, 157, 208, 5), lit(STONE, 0.1))
    near.tint([(216, 162), (424, 162), (424, 166), (216, 166)], "#22303a", alpha=0.18)
    roof(near, ((317, 33), (323, 33), (351, 71), (289, 71)), SLATE, rows=8)
    near.rect((319.2, 16, 1.6, 20), "#3c4648")
    near.disc((320, 90), 11.5, "#b6ab97")
    near.disc((320, 90), 10, "#f3ecdb")
    window(near, upright((311, 116, 18, 32)), wall="#d2c2a6")
    arch(near, (307, 174, 26, 50), "#54463a")
    flowers(near, (306, 150, 28, 7), colours=PETALS)
    for quad, shade, shutters in (
        (((0, 52), (196, 117), (196, 233), (0, 290)), 0.02, SHUTTERS[0]),
        (((446, 115), (640, 64), (640, 284), (446, 231)), -0.14, SHUTTERS[2]),
    ):
        facade(near, quad, lit("#d6c19f" if shade > 0 else "#c9b49a", shade), grid=(5, 3), shutters=shutters)
    roof(near, ((0, 6), (190, 95), (198, 118), (0, 54)), TILES, rows=6)
    roof(near, ((452, 92), (640, 20), (640, 66), (444, 116)), lit(TILES, -0.1), rows=6)
    near.tint([(640, 284), (446, 231), (398, 236), (560, 300)], "#1d2628", alpha=0.22, blur=3)
    tree(near, (206, 246), 74, leaves=GOLD, seed=1)
    tree(near, (452, 242), 66, leaves=OLIVE, seed=2)
    tree(near, (524, 268), 108, leaves=GOLD, seed=4)
    lamp(near, (150, 272), 92)
    near.shadow((330, 304), 62, flat=0.2, alpha=0.28)
    near.disc((320, 298), 52, lit(STONE, -0.2), flat=0.24)
    near.disc((320, 294), 52, lit(STONE, 0.2), flat=0.24)
    near.disc((320, 294), 45, "#7f989e", flat=0.22)
    near.fade([(314, 292), (316, 258), (324, 258), (326, 292)], lit(STONE, 0.2), lit(STONE, -0.15))
    near.disc((320, 259), 17, lit(STONE, 0.12), flat=0.26)
    for x in (70, 560):
        flowers(near, (x, 306, 50, 17), colours=PETALS, seed=x)


def bridge(far: Sheet, near: Sheet) -> None:
    """A stone bridge that comes towards the camera over the river, the old quays behind."""
    _sky(far, top="#9fb8c6", horizon=170)
    hills(
        far,
        [(0, 120), (120, 100), (260, 118), (380, 94), (520, 112), (640, 96)],
        base=184,
        colour="#8fa199",
        haze="#c6cbc0",
    )
    _terrace(near, 6, 168, widths=(34, 30, 38, 32, 30, 36, 32, 34, 30), heights=(52, 60, 66, 50, 58, 68, 52, 60, 48))
    near.rect((0, 167, 330, 6), lit(STONE, -0.1))
    near.fade([(0, 172), (640, 166), (640, 360), (0, 360)], "#9fb3b5", "#6f8a91")
    for index in range(9):
        x = 8 + index * 35
        near.tint(
            [(x, 174), (x + 26, 174), (x + 22, 206 + index % 3 * 7), (x + 6, 206 + index % 3 * 7)],
            WALLS[index % 7],
            alpha=0.2,
            blur=2.2,
        )
    for index, x in enumerate((410, 446, 490, 536, 582, 628)):
        tree(near, (x, 178), 62 + index % 3 * 8, leaves=(OLIVE, GOLD, RUST)[index % 3], seed=index)
    near.fade([(392, 176), (640, 172), (640, 236), (520, 210)], "#95a081", "#7f8e6c")
    near.tint([(236, 190), (640, 330), (640, 360), (430, 360)], "#22303a", alpha=0.28, blur=6)
    near.fade([(238, 172), (640, 296), (640, 360), (566, 360), (232, 186)], lit(STONE, 0.16), lit(STONE, -0.18))
    for span in (
        ((268, 199), (277, 178), (303, 190), (315, 225)),
        ((340, 239), (350, 201), (391, 222), (410, 277)),
        ((442, 294), (454, 232), (510, 262), (536, 345)),
    ):
        near.fade(_curve(*span), "#3a474b", "#5f757b")
        near.stroke(_curve(*span), lit(STONE, 0.35), width=1.6)
    near.fade([(246, 165), (300, 162), (640, 222), (640, 308)], "#8b8f8e", "#6d7273")
    near.poly([(246, 165), (256, 164.6), (640, 286), (640, 308)], lit(PAVEMENT, 0.05))
    near.poly([(291, 162.4), (300, 162), (640, 222), (640, 233)], lit(PAVEMENT, -0.06))
    near.dashes((277, 164.5), (640, 256), "#e8e4d6", count=11, width=3.4)
    near.stroke([(246, 164), (640, 305)], lit(STONE, 0.35), width=5)
    near.stroke([(246, 167), (640, 310)], lit(STONE, -0.28), width=1.5)
    near.stroke([(297, 160), (640, 219)], lit(STONE, 0.25), width=4)
    for x, y, h in ((318, 166, 34), (398, 180, 48), (520, 201, 74)):
        lamp(near, (x, y), h)
    flowers(near, (268, 166, 22, 7), colours=PETALS, seed=3)
    flowers(near, (372, 200, 34, 10), colours=PETALS, seed=1)


def _curve(start: Point, one: Point, two: Point, end: Point) -> list[Point]:
    points = []
    for step in range(25):
        t = step / 24
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append(
            (a * start[0] + b * one[0] + c * two[0] + d * end[0], a * start[1] + b * one[1] + c * two[1] + d * end[1])
        )
    return points


def mill(far: Sheet, near: Sheet) -> None:
    """The old mill on the quay: its wheel is a moving part, its weir, willows and a row of houses."""
    _sky(far, top="#a4bbc2", bottom="#efe6d2", horizon=185)
    hills(
        far,
        [(0, 130), (110, 96), (230, 128), (350, 106), (470, 130), (580, 108), (640, 118)],
        base=200,
        colour="#879a8d",
        haze="#c3cab9",
    )
    near.fade([(0, 188), (640, 182), (640, 226), (0, 226)], "#9aa57f", "#83926b")
    _terrace(near, 470, 196, widths=(44, 40, 46, 40), heights=(62, 74, 58, 70), first=2)
    for index, x in enumerate((24, 70, 330, 376, 428)):
        tree(
            near,
            (x, 206 + index % 2 * 3),
            82 - index % 3 * 10,
            leaves=(OLIVE, GOLD, "#8a8c58")[index % 3],
            seed=index + 3,
        )
    near.fade([(0, 222), (640, 216), (640, 360), (0, 360)], "#93abae", "#5f7f88")
    near.tint([(120, 240), (300, 240), (320, 330), (140, 330)], "#d9cbb3", alpha=0.16, blur=6)
    roof(near, ((112, 84), (254, 84), (276, 122), (92, 122)), "#77584c", rows=8)
    facade(near, upright((100, 120, 168, 118)), "#cbb898", grid=(4, 2))
    for x in (100, 156, 212, 264):
        near.rect((x, 120, 4, 118), "#6a5240")
    near.rect((100, 176, 168, 4), "#6a5240")
    near.rect((206, 62, 15, 30), "#8d6a5a")
    near.rect((204, 60, 19, 4), "#6a5240")
    near.fade([(84, 234), (300, 230), (306, 256), (78, 262)], lit(STONE, 0.06), lit(STONE, -0.3))
    near.fade([(330, 226), (640, 214), (640, 238), (322, 256)], lit(STONE, 0.2), lit(STONE, -0.2))
    near.fade([(300, 231), (332, 228), (334, 258), (299, 260)], "#c3d2d3", "#a9bfc2")
    near.fade([(360, 360), (520, 284), (640, 262), (640, 360)], "#8e9a72", "#6f7f5c")
    near.fade([(430, 360), (560, 300), (640, 282), (640, 360)], "#c3b79e", "#a89d86")
    near.stroke([(392, 352), (470, 314), (560, 284), (640, 268)], "#6a5240", width=2)
    for x, y in ((400, 348), (446, 325), (498, 303), (552, 286), (606, 275)):
        near.rect((x, y - 24, 3.4, 26), "#6a5240")
    near.stroke([(398, 330), (470, 297), (560, 266), (640, 252)], "#6a5240", width=2)
    for index in range(34):
        x, y = 4 + (index * 37) % 96, 338 + (index * 11) % 20
        near.stroke([(x, y + 14), (x + 2, y - 16 - index % 9)], lit("#6f7f5c", (index % 5 - 2) / 10), width=1.4)
    lamp(near, (592, 300), 118)


def school(far: Sheet, near: Sheet) -> None:
    """The school's forecourt: its railings, plane trees, a zebra crossing with its traffic light."""
    _sky(far, top="#a5bbc8", horizon=180)
    hills(
        far,
        [(0, 140), (120, 118), (260, 134), (420, 112), (560, 130), (640, 116)],
        base=200,
        colour="#8fa199",
        haze="#c6ccc2",
    )
    for index, x in enumerate((30, 86, 560, 612)):
        tree(near, (x, 198), 92, leaves=OLIVE if index % 2 else GOLD, seed=index)
    roof(near, ((126, 88), (544, 88), (560, 113), (112, 113)), TILES, rows=6)
    wing = upright((132, 111, 408, 92))
    near.fade(wing, lit("#dfcfb4", 0.12), "#d2c2a5")
    near.tint(piece(wing, 0, 0.01, (1, 0.07)), "#22303a", alpha=0.25)
    for x in (146, 186, 226, 402, 442, 482):
        window(near, upright((x, 128, 28, 42)), wall="#dfcfb4")
        flowers(near, (x - 1, 169, 30, 7), colours=PETALS, seed=x)
    near.fade(upright((282, 88, 106, 116)), lit("#d6c6a8", 0.2), "#cbb998")
    roof(near, ((334, 52), (336, 52), (398, 90), (272, 90)), SLATE, rows=7)
    near.disc((335, 78), 7, "#e9e2cf")
    near.rect((302, 100, 66, 13), lit(STONE, 0.2))
    arch(near, (312, 138, 46, 66), "#5d6f73")
    near.stroke([(335, 140), (335, 204)], "#cdbb9f", width=1.6)
    near.rect((132, 197, 408, 6), lit(STONE, -0.15))
    near.fade([(0, 202), (640, 202), (640, 236), (0, 236)], "#b1aca0", "#9f9b90")
    near.fade([(0, 232), (640, 228), (640, 328), (0, 334)], "#868a89", "#6b7071")
    near.fade([(0, 330), (640, 324), (640, 360), (0, 360)], "#b3aea2", "#9b978c")
    near.stroke([(0, 331), (640, 325)], "#d0cabb", width=2.2)
    near.stroke([(0, 233), (640, 229)], "#c9c3b4", width=1.6)
    for index in range(9):
        x = 236 + index * 22
        near.poly([(x, 240), (x + 13, 240), (x - 60 + index * 17 + 26, 320), (x - 60 + index * 17 - 6, 320)], "#e3dfd3")
    for x in range(-4, 640, 15):
        if not 296 <= x <= 366:
            near.rect((x, 178, 3, 32), "#4f5a58")
            near.disc((x + 1.5, 177), 2.2, "#4f5a58")
    for left, right in ((0, 298), (372, 640)):
        near.rect((left, 184, right - left, 2.4), "#4f5a58")
        near.rect((left, 204, right - left, 2.4), "#4f5a58")
    for x in (296, 366):
        near.fade(upright((x, 168, 9, 46)), lit(STONE, 0.25), lit(STONE, -0.1))
        near.rect((x - 1.5, 165, 12, 4), lit(STONE, -0.2))
    tree(near, (150, 236), 104, leaves=GOLD, seed=6)
    lamp(near, (560, 234), 104)
    near.rect((214, 176, 3, 58), "#2f3a3b")
    near.rect((208.500, 160, 14, 32), "#20292a")


def market(far: Sheet, near: Sheet) -> None:
    """The market place: an iron hall, striped awnings, crates, an old well; the stalls are open, the market quiet."""
    _sky(far, top="#adbfc4", bottom="#f0e4cd", horizon=170)
    hills(far, [(0, 118), (160, 104), (320, 120), (480, 100), (640, 116)], base=190, colour="#93a49b", haze="#cbcfc3")
    _terrace(near, -8, 196, widths=(60, 54, 64, 50), heights=(112, 126, 104, 120), first=1)
    _terrace(near, 422, 196, widths=(56, 62, 54, 60), heights=(118, 102, 128, 110), first=4)
    near.fade([(0, 195), (640, 195), (640, 360), (0, 360)], "#bdb5a4", "#9a9386")
    paving(near, ((150, 196), (490, 196), (1060, 360), (-420, 360)), rows=14, columns=20)
    roof(near, ((240, 82), (402, 82), (436, 118), (206, 118)), SLATE, rows=8)
    roof(near, ((284, 62), (358, 62), (372, 84), (270, 84)), lit(SLATE, 0.1), rows=5)
    near.fade([(214, 118), (428, 118), (428, 212), (214, 212)], "#566569", "#7d8885")
    near.tint([(240, 212), (270, 130), (310, 130), (330, 212)], "#e8e4d6", alpha=0.16, blur=5)
    for x in range(214, 430, 30):
        near.rect((x, 116, 4, 97), "#34474a")
        near.stroke([(x + 2, 134), (x + 10, 120), (x + 22, 120), (x + 32, 134)], "#34474a", width=1.6)
    near.rect((208, 113, 226, 6), "#34474a")
    for index, (x, y, size) in enumerate(((26, 232, 1.0), (150, 226, 0.85), (466, 226, 0.85), (548, 236, 1.05))):
        _stall(near, (x, y), size, colour=("#9c4f43", "#4f7268", "#b98a3c", "#5a6f86")[index])
    _stall(near, (40, 318), 1.5, colour="#5f7d5c")
    _stall(near, (470, 322), 1.55, colour="#a65b49")
    near.shadow((330, 268), 34, flat=0.22)
    near.fade(upright((308, 246, 34, 22)), lit(STONE, 0.25), lit(STONE, -0.2))
    near.disc((325, 246), 17, lit(STONE, 0.35), flat=0.25)
    near.disc((325, 246), 13, "#3a474b", flat=0.22)
    near.stroke([(310, 246), (310, 222), (340, 222), (340, 246)], "#3c4648", width=2)
    near.disc((325, 222), 4, "#3c4648")
    tree(near, (404, 246), 84, leaves=GOLD, seed=3)
    lamp(near, (236, 262), 98)


def _stall(near: Sheet, corner: Point, size: float, *, colour: str) -> None:
    x, y = corner
    w, h = 84 * size, 46 * size
    near.shadow((x + w * 0.55, y + 2), w * 0.62, flat=0.14, alpha=0.3)
    for post in (0.04, 0.93):
        near.rect((x + w * post, y - h, 2.4 * size, h), "#6a5240")
    near.rect((x + w * 0.04, y - h * 0.42, w * 0.92, h * 0.36), "#8d7457")
    near.fade(upright((x + w * 0.04, y - h * 0.42, w * 0.92, h * 0.36)), "#9c8160", "#75603f")
    produce = ("#c65b3f", "#e0b04a", "#7f9a55", "#b5495b", "#d98b3a", "#8db07a")
    for row in range(2):
        for index in range(9):
            shade = produce[(index // 3 + row * 2 + round(x)) % len(produce)]
            near.disc(
                (x + w * (0.12 + index * 0.097), y - h * (0.44 + row * 0.06)),
                3.4 * size,
                lit(shade, 0.12 if row else -0.1),
            )
    stripes = 8
    for index in range(stripes):
        a, b = index / stripes, (index + 1) / stripes
        tone = colour if index % 2 else "#efe6d3"
        top = [(x + w * (0.08 + 0.84 * a), y - h * 1.55), (x + w * (0.08 + 0.84 * b), y - h * 1.55)]
        near.fade([*top, (x + w * b, y - h), (x + w * a, y - h)], lit(tone, 0.15), tone)
        near.poly(
            [
                (x + w * a, y - h),
                (x + w * b, y - h),
                (x + w * b, y - h * 0.9),
                (x + w * (a + b) / 2, y - h * 0.83),
                (x + w * a, y - h * 0.9),
            ],
            lit(tone, -0.12),
        )
    near.tint(
        [(x, y - h * 0.88), (x + w, y - h * 0.88), (x + w * 0.96, y - h * 0.6), (x + w * 0.04, y - h * 0.6)],
        "#1d2628",
        alpha=0.3,
        blur=1.5,
    )


def tanners(far: Sheet, near: Sheet) -> None:
    """A narrow street of half-timbered houses that bends downhill towards the church."""
    _sky(far, top="#a8bcc6", bottom="#f0e6d3", horizon=200)
    hills(far, [(180, 150), (280, 128), (360, 136), (460, 122)], base=220, colour="#93a59d", haze="#c9cec4")
    _terrace(near, 262, 214, widths=(34, 30, 36), heights=(62, 74, 58), first=3)
    near.fade(upright((306, 84, 26, 90)), "#cfc2aa", "#bdb098")
    near.fade([(303, 86), (319, 26), (335, 86)], lit(SLATE, 0.15), lit(SLATE, -0.2))
    arch(near, (314, 96, 10, 18), "#46545a")
    near.fade(
        [
            (262, 212),
            (376, 212),
            (432, 228),
            (520, 265),
            (680, 340),
            (680, 360),
            (-40, 360),
            (-40, 340),
            (118, 265),
            (206, 228),
        ],
        "#a8a295",
        "#8d887c",
    )
    paving(near, ((262, 212), (376, 212), (760, 360), (-100, 360)), rows=15, columns=12)
    near.fade([(312, 212), (326, 212), (380, 360), (300, 360)], "#8b867b", "#767267")
    for lean, first in ((1, 0), (-1, 3)):
        _half_timbered(near, side=lean, first=first)
    near.tint([(640, 360), (640, 352), (380, 216), (346, 214), (470, 360)], "#1d2628", alpha=0.3, blur=5)
    lamp(near, (216, 258), 96)
    for x, y, w in ((96, 322, 46), (172, 280, 30), (478, 288, 34)):
        flowers(near, (x, y - 13, w, 15), colours=PETALS, seed=x)
    near.shadow((532, 336), 24)
    near.fade(upright((514, 300, 36, 36)), "#8f6c4e", "#6a4f3a")
    for y in (305, 318, 331):
        near.rect((513, y, 38, 2.6), "#3c4648")
    near.disc((532, 300), 18, "#a5825f", flat=0.24)


def _half_timbered(near: Sheet, *, side: int, first: int) -> None:
    """Three houses along one side of the street, nearest last."""
    spans = ((262, 214, 206, 230, 96, 66), (206, 230, 118, 268, 66, 20), (118, 268, -30, 342, 30, -60))
    for index, (far_x, far_y, near_x, near_y, far_top, near_top) in enumerate(spans):
        tone = WALLS[(first + index * 2) % len(WALLS)] if side > 0 else lit(WALLS[(first + index) % len(WALLS)], -0.2)
        points = [(near_x, near_top), (far_x, far_top), (far_x, far_y), (near_x, near_y)]
        if side < 0:
            points = [(638 - x, y) for x, y in (points[1], points[0], points[3], points[2])]
        quad = points[0], points[1], points[2], points[3]
        facade(near, quad, tone, grid=(2, 3))
        timber = lit("#6a4f3c", 0.0 if side > 0 else -0.15)
        for v in (0.03, 0.34, 0.66):
            near.poly(piece(quad, 0, v - 0.012, (1, 0.024)), timber)
        for u in (0.0, 0.49, 0.975):
            near.poly(piece(quad, u, 0, (0.025, 0.95)), timber)
        for u in (0.0, 0.5):
            near.stroke([within(quad, u + 0.03, 0.64), within(quad, u + 0.11, 0.37)], timber, width=2)
            near.stroke([within(quad, u + 0.47, 0.64), within(quad, u + 0.39, 0.37)], timber, width=2)
        flowers_at = within(quad, 0.3 if side > 0 else 0.56, 0.55)
        flowers(
            near, (flowers_at[0], flowers_at[1], abs(near_x - far_x) * 0.2, 6 + index * 2), colours=PETALS, seed=index
        )


def station(far: Sheet, near: Sheet) -> None:
    """A small railway station: its platform, its clock, its footbridge; the train is a moving part."""
    _sky(far, top="#a3b8c4", bottom="#efe5d4", horizon=190)
    hills(
        far,
        [(0, 150), (140, 112), (280, 142), (430, 108), (560, 136), (640, 118)],
        base=220,
        colour="#8a9d95",
        haze="#c5cbc0",
    )
    for index, x in enumerate((14, 56, 466, 512, 560, 610)):
        tree(near, (x, 216), 72 + index % 3 * 9, leaves=(OLIVE, GOLD, RUST)[index % 3], seed=index)
    house(near, (562, 132, 54, 82), "#cdbb9f", shutters=SHUTTERS[2])
    near.rect((0, 212, 640, 12), "#8e957c")
    roof(near, ((112, 74), (402, 74), (420, 104), (94, 104)), TILES, rows=7)
    facade(near, upright((104, 102, 306, 118)), "#dccab0", grid=(9, 2))
    near.fade(upright((214, 78, 86, 142)), lit("#d4c3a4", 0.2), "#cab894")
    roof(near, ((256, 42), (258, 42), (308, 80), (206, 80)), SLATE, rows=7)
    near.disc((257, 96), 13, "#8d8570")
    near.disc((257, 96), 11.4, "#f5eede")
    for x in (222, 246, 270):
        arch(near, (x, 154, 20, 64), "#4d5c60")
    near.fade([(70, 148), (444, 148), (458, 162), (56, 162)], "#7d8a8a", "#5b6769")
    for x in range(66, 452, 48):
        near.rect((x, 160, 2.6, 62), "#3c4a4c")
    near.tint([(60, 163), (454, 163), (454, 178), (60, 178)], "#1d2628", alpha=0.25, blur=2)
    near.fade([(0, 218), (640, 218), (640, 252), (0, 252)], "#b9b3a5", "#a49e90")
    near.rect((0, 246, 640, 2.6), "#e8dfb8")
    near.rect((0, 252, 640, 9), "#7b766b")
    near.fade([(0, 261), (640, 261), (640, 318), (0, 318)], "#827a6d", "#6f685d")
    for x in range(-20, 660, 17):
        near.poly([(x, 276), (x + 8, 276), (x + 5, 306), (x - 5, 306)], "#5c5147")
    for y in (280, 301):
        near.rect((0, y, 640, 2.2), "#b9bcbb")
        near.rect((0, y + 2.2, 640, 1.6), "#4a4642")
    near.fade([(0, 318), (640, 318), (640, 360), (0, 360)], "#b6b0a2", "#938d80")
    near.rect((0, 322, 640, 3), "#e8dfb8")
    paving(near, ((60, 326), (580, 326), (700, 360), (-60, 360)), rows=4, columns=22)
    for x in (130, 340):
        near.rect((x, 226, 46, 3), "#7c5c42")
        near.rect((x, 219, 46, 3), "#7c5c42")
        near.rect((x + 5, 226, 2.4, 8), "#3c4648")
        near.rect((x + 38, 226, 2.4, 8), "#3c4648")
    for x in (30, 486):
        lamp(near, (x, 236), 86)


def cemetery(far: Sheet, near: Sheet) -> None:
    """The lane along the cemetery wall: cypresses, an iron gate, a meadow, the valley beyond."""
    _sky(far, top="#9db6c4", bottom="#f2e7d4", horizon=200)
    hills(
        far,
        [(0, 152), (120, 118), (240, 150), (380, 104), (520, 146), (640, 120)],
        base=216,
        colour="#86998f",
        haze="#c0c9bc",
    )
    hills(far, [(0, 186), (160, 164), (330, 186), (480, 168), (640, 184)], base=226, colour="#93a283", haze="#a9b28e")
    near.fade([(0, 208), (640, 200), (640, 360), (0, 360)], "#a3aa7c", "#808c5f")
    _terrace(near, 24, 206, widths=(40, 36), heights=(48, 58), first=4)
    near.fade([(322, 202), (350, 202), (540, 360), (120, 360)], "#c3b89f", "#a59a84")
    near.tint([(336, 202), (338, 202), (350, 360), (320, 360)], "#8c9468", alpha=0.55, blur=3)
    for x, height in ((388, 76), (420, 92), (462, 110), (516, 134)):
        cypress(near, (x, 214 + (x - 388) * 0.3), height)
    near.fade([(362, 186), (640, 190), (640, 300), (362, 216)], lit(STONE, 0.16), lit(STONE, -0.24))
    near.poly([(360, 183), (640, 180), (640, 192), (360, 188)], lit(STONE, -0.32))
    for index in range(46):
        u, v = (index * 0.381) % 1, (index * 0.173) % 0.9
        spot = piece(((362, 190), (640, 194), (640, 298), (362, 214)), u * 0.94, v, (0.05, 0.075))
        near.tint(spot, "#5f574a" if index % 2 else "#efe6d2", alpha=0.13)
    for x, top, foot in ((470, 158, 253), (548, 150, 277)):
        near.fade(upright((x, top, 15, foot - top)), lit(STONE, 0.3), lit(STONE, -0.18))
        near.poly([(x - 3, top), (x + 18, top), (x + 7.5, top - 12)], lit(STONE, -0.2))
    near.fade([(485, 176), (548, 174), (548, 274), (485, 258)], "#8f9a78", "#a79f88")
    for index in range(11):
        x = 487 + index * 6
        near.stroke([(x, 166 - (index % 6) * 1.4), (x, 256 + index * 1.8)], "#2c3637", width=1.5)
    near.stroke([(485, 178), (548, 175)], "#2c3637", width=2)
    near.stroke([(485, 250), (548, 266)], "#2c3637", width=2)
    blades = Random(8)
    for _ in range(110):
        x, y = blades.uniform(0, 215), blades.uniform(240, 358)
        if x < 330 - y * 0.6:
            near.stroke([(x, y + 5), (x + 1.5, y - 2)], lit("#808c5f", blades.uniform(-0.25, 0.25)), width=1)
            if blades.random() < 0.3:
                near.disc((x + 5, y), 1.3, blades.choice(("#e7d9c4", "#d8a94a", "#c0776a")))
    for x, y, size in ((246, 224, 66), (206, 240, 84), (132, 272, 118)):
        tree(near, (x, y), size, leaves=RUST if x == 206 else GOLD, seed=x)
    near.shadow((588, 336), 30)
    near.rect((566, 316, 46, 4), "#7c5c42")
    near.rect((566, 304, 46, 4), "#7c5c42")
    near.rect((572, 318, 3, 18), "#3c4648")
    near.rect((602, 318, 3, 18), "#3c4648")


STREETS: tuple[Street, ...] = (
    Street(
        "place de la Mairie",
        town_hall,
        150,
        (((0, 92), (146, 128), (146, 184), (0, 206)), ((640, 100), (560, 116), (560, 188), (640, 202))),
    ),
    Street("rue du Pont", bridge, 150, (((8, 94), (190, 94), (190, 150), (8, 150)),)),
    Street("quai du Moulin", mill, 160, (((474, 132), (636, 132), (636, 176), (474, 176)),)),
    Street("parvis de l’école", school, 160, (((556, 124), (640, 120), (640, 190), (556, 190)),)),
    Street(
        "place du Marché",
        market,
        150,
        (((0, 84), (216, 84), (216, 160), (0, 160)), ((426, 84), (640, 78), (640, 160), (426, 160))),
    ),
    Street(
        "rue des Tanneurs",
        tanners,
        190,
        (((0, 58), (104, 82), (104, 212), (0, 246)), ((640, 40), (536, 76), (536, 214), (640, 250))),
    ),
    Street("gare", station, 170, (((558, 132), (620, 132), (620, 190), (558, 190)),)),
    Street("chemin du cimetière", cemetery, 180, (((22, 146), (104, 146), (104, 196), (22, 196)),)),
)
