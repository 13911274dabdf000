"""The still part of four streets of the centre: town hall, bridge, mill, school."""

from __future__ import annotations

from recording.brushes import (
    Point,
    Sheet,
    arch,
    facade,
    flowers,
    hills,
    lamp,
    lit,
    paving,
    piece,
    roof,
    tree,
    upright,
    window,
)
from recording.streets.parts import (
    GOLD,
    OLIVE,
    PAVEMENT,
    PETALS,
    RUST,
    SHUTTERS,
    SLATE,
    STONE,
    TILES,
    WALLS,
    sky,
    terrace,
)


def town_hall(far: Sheet, near: Sheet) -> None:
    """A paved square, the town hall with its clock, terraces on both sides, a fountain."""
    sky(far)
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
    sky(far, top="#9fb8c6", horizon=170)
    hills(
        far,
        [(0, 120), (120, 100), (260, 118), (380, 94), (520, 112), (640, 96)],
        base=184,
        colour="#8fa199",
        haze="#c6cbc0",
    )
    terrace(near, (6, 168), widths=(34, 30, 38, 32, 30, 36, 32, 34, 30), heights=(52, 60, 66, 50, 58, 68, 52, 60, 48))
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
    sky(far, top="#a4bbc2", bottom="#efe6d2", horizon=185)
    hills(
        far,
        [(0, 130), (110, 96), (230, 128), (350, 106), (470, 130), (580, 108), (640, 118)],
        base=200,
        colour="#879a8d",
        haze="#c3cab9",
    )
    near.fade([(0, 188), (640, 182), (640, 226), (0, 226)], "#9aa57f", "#83926b")
    terrace(near, (470, 196), widths=(44, 40, 46, 40), heights=(62, 74, 58, 70), first=2)
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
    sky(far, top="#a5bbc8", horizon=180)
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
