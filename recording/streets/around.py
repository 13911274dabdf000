"""The still part of four streets around the centre: market, tanners, station, cemetery."""

from __future__ import annotations

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
    within,
)
from recording.streets.parts import GOLD, OLIVE, PETALS, RUST, SHUTTERS, SLATE, STONE, TILES, WALLS, sky, terrace


def market(far: Sheet, near: Sheet) -> None:
    """The market place: an iron hall, striped awnings, crates, an old well; the stalls are open, the market quiet."""
    sky(far, top="#adbfc4", bottom="#f0e4cd", horizon=170)
    hills(far, [(0, 118), (160, 104), (320, 120), (480, 100), (640, 116)], base=190, colour="#93a49b", haze="#cbcfc3")
    terrace(near, (-8, 196), widths=(60, 54, 64, 50), heights=(112, 126, 104, 120), first=1)
    terrace(near, (422, 196), widths=(56, 62, 54, 60), heights=(118, 102, 128, 110), first=4)
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
    sky(far, top="#a8bcc6", bottom="#f0e6d3", horizon=200)
    hills(far, [(180, 150), (280, 128), (360, 136), (460, 122)], base=220, colour="#93a59d", haze="#c9cec4")
    terrace(near, (262, 214), widths=(34, 30, 36), heights=(62, 74, 58), first=3)
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
    sky(far, top="#a3b8c4", bottom="#efe5d4", horizon=190)
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
    sky(far, top="#9db6c4", bottom="#f2e7d4", horizon=200)
    hills(
        far,
        [(0, 152), (120, 118), (240, 150), (380, 104), (520, 146), (640, 120)],
        base=216,
        colour="#86998f",
        haze="#c0c9bc",
    )
    hills(far, [(0, 186), (160, 164), (330, 186), (480, 168), (640, 184)], base=226, colour="#93a283", haze="#a9b28e")
    near.fade([(0, 208), (640, 200), (640, 360), (0, 360)], "#a3aa7c", "#808c5f")
    terrace(near, (24, 206), widths=(40, 36), heights=(48, 58), first=4)
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
    for index in range(110):
        # Multiples of irrational numbers: scattered, yet always the same.
        left, down, chance = 215 * (index * 0.618034 % 1), 240 + 118 * (index * 0.754878 % 1), index * 0.569840 % 1
        if left < 330 - down * 0.6:
            near.stroke([(left, down + 5), (left + 1.5, down - 2)], lit("#808c5f", (chance - 0.5) / 2), width=1)
            if chance < 0.3:
                near.disc((left + 5, down), 1.3, ("#e7d9c4", "#d8a94a", "#c0776a")[index % 3])
    for spot_x, spot_y, size in ((246, 224, 66), (206, 240, 84), (132, 272, 118)):
        tree(near, (spot_x, spot_y), size, leaves=RUST if spot_x == 206 else GOLD, seed=spot_x)
    near.shadow((588, 336), 30)
    near.rect((566, 316, 46, 4), "#7c5c42")
    near.rect((566, 304, 46, 4), "#7c5c42")
    near.rect((572, 318, 3, 18), "#3c4648")
    near.rect((602, 318, 3, 18), "#3c4648")
