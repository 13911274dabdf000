"""The simulator's eight drawn street scenes: where each moving part is at each instant; no camera, no network.

A scene is a pure function of its number and of the frame number. Its still part is drawn once, then only the moving
parts are laid over it. Movements repeat within two minutes so that a looped clip shows no jump. The frame number is
written twice: as a bar code for machines (`recording.barcode`), in words for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import sin, tau
from random import Random

from PIL import Image, ImageDraw, ImageFont

from recording.barcode import STRIP_HEIGHT, stamp
from recording.brushes import STAGE, Sheet, grain, with_grain
from recording.moving import Part, drawn
from recording.planes import Planes, Sprite
from recording.streets import STREETS
from recording.streets.parts import GOLD, RUST

SIZE = (1280, 720)
SCENES = len(STREETS)

Placed = tuple[Part, float, float]
TRICOLOUR = "#33507f #efe9dc #b5413a"
VALCLAIR = "#3f7083 #d8a94a"


def draw(scene: int, frame: int, fps: int, *, size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture of a scene (1…8) at a frame; `size` is 16:9 with even sides, `ValueError` for an unknown scene."""
    return frame_planes(scene, frame, fps, size=size).picture()


def frame_planes(scene: int, frame: int, fps: int, *, size: tuple[int, int] = SIZE) -> Planes:
    """The same picture as the planes an encoder wants."""
    return _painter(scene, size).frame(frame, fps)


def title(scene: int) -> str:
    """What the scene shows, in words for people."""
    return STREETS[_index(scene)].title


def _index(scene: int) -> int:
    if not 1 <= scene <= SCENES:
        raise ValueError(f"les scènes vont de 1 à {SCENES}")
    return scene - 1


@lru_cache(maxsize=SCENES)
def _painter(scene: int, size: tuple[int, int]) -> _Painter:
    return _Painter(_index(scene), size)


class _Painter:
    """Holds the still layers and the sprites of one scene at one size."""

    def __init__(self, index: int, size: tuple[int, int]) -> None:
        if size[0] % 2 or size[1] % 2:
            raise ValueError("les côtés de l’image doivent être pairs")
        street = STREETS[index]
        self.per_unit = size[0] / STAGE[0]
        self.index = index
        self._sprites: dict[Part, tuple[Sprite, tuple[int, int]]] = {}
        self._glyphs: dict[str, tuple[Image.Image, float]] = {}
        self._font = ImageFont.load_default(size=max(6, round(size[0] * 0.0172)))
        far, near = Sheet(size), Sheet(size)
        street.paint(far, near)
        self._still(far.finished(), near.finished(), seed=index)
        sky = 2 * round(street.sky_until * self.per_unit / 2)
        self._far_sky, near_top = self._far.top(sky), near.finished().crop((0, 0, size[0], sky))
        self._near_sky = Sprite.of(near_top)
        self._masks = [self._mask(points, size) for points in street.masks]
        self._sky: tuple[tuple[int, ...], Planes] | None = None

    def _still(self, far: Image.Image, near: Image.Image, *, seed: int) -> None:
        self._grain = grain(far.size, seed)
        self._far = Planes.of(far)
        far.alpha_composite(near)
        whole = Planes.of(far)
        self._base = Planes(with_grain(whole.light, self._grain), whole.blue, whole.red)

    def _mask(self, points: tuple[tuple[float, float], ...], size: tuple[int, int]) -> tuple[Sprite, tuple[int, int]]:
        sheet = Sheet(size)
        sheet.hatch(points)
        whole = sheet.finished()
        left, upper, right, lower = whole.getbbox() or (0, 0, 2, 2)
        left, upper = left - left % 2, upper - upper % 2
        return Sprite.of(whole.crop((left, upper, right + right % 2, lower + lower % 2))), (left, upper)

    def frame(self, number: int, fps: int) -> Planes:
        t = number / fps
        planes = self._base.copy()
        planes.put(self._clouded(t))
        for placed in MOVEMENTS[self.index](t):
            self._lay(planes, placed)
        for mask, at in self._masks:
            planes.lay(mask, at)
        self._write(planes, number, t)
        return planes

    def _clouded(self, t: float) -> Planes:
        """The sky band with its clouds, behind roofs and trees; kept until a cloud has moved by two pixels."""
        placed = list(_clouds(t, seed=self.index))
        key = tuple(round(x * self.per_unit / 2) for _, x, _ in placed)
        if self._sky is None or self._sky[0] != key:
            band = self._far_sky.copy()
            for (part, _, y), step in zip(placed, key, strict=True):
                self._lay(band, (part, step * 2 / self.per_unit, y))
            band.lay(self._near_sky, (0, 0))
            noise = self._grain.crop((0, 0, *band.light.size))
            self._sky = key, Planes(with_grain(band.light, noise), band.blue, band.red)
        return self._sky[1]

    def _lay(self, planes: Planes, placed: Placed) -> None:
        part, x, y = placed
        if part not in self._sprites:
            picture, anchor = drawn(part, per_unit=self.per_unit)
            self._sprites[part] = Sprite.of(picture), anchor
        sprite, (ax, ay) = self._sprites[part]
        planes.lay(sprite, (round(x * self.per_unit) - ax, round(y * self.per_unit) - ay))

    def _write(self, planes: Planes, number: int, t: float) -> None:
        stamp(planes.light, number)
        width = planes.light.width
        strip, line, length = (round(share * width) for share in (STRIP_HEIGHT, 0.0265, 0.224))
        for plane, unit in ((planes.blue, 2), (planes.red, 2)):
            plane.paste(128, (0, 0, width // unit, strip // unit))
            plane.paste(128, (0, strip // unit, length // unit, (strip + line) // unit))
        pen = ImageDraw.Draw(planes.light)
        pen.rectangle((0, strip, length - 1, strip + line - 1), fill=32)
        seconds = f"{t:.1f}".replace(".", ",")
        x = width * 0.008
        for character in f"image {number} · {seconds} s":
            glyph, advance = self._glyph(character, line)
            planes.light.paste(226, (round(x), strip), glyph)
            x += advance

    def _glyph(self, character: str, height: int) -> tuple[Image.Image, float]:
        """A character as a mask, and how far it moves the next one; drawn once, text being slow to draw."""
        if character not in self._glyphs:
            advance = self._font.getlength(character)
            mask = Image.new("L", (round(advance) + 2, height), 0)
            ImageDraw.Draw(mask).text((0, height / 2), character, fill=255, font=self._font, anchor="lm")
            self._glyphs[character] = mask, advance
        return self._glyphs[character]


def _clouds(t: float, *, seed: int) -> Iterator[Placed]:
    # Two clouds, each twice, half a turn apart: after half a turn (two minutes) the sky is again as it was.
    rng = Random(seed)
    span = STAGE[0] + 220
    for index in range(2):
        scale, height, offset = round(rng.uniform(0.85, 1.45), 2), rng.uniform(44, 76), rng.uniform(0, 60)
        for twin in range(2):
            x = (span * (index / 4 + twin / 2 + t / 240) + offset) % span - 110
            yield Part("cloud", step=index + seed, scale=scale), x, height


def _share(t: float, *, period: float, start: float, lasts: float) -> float | None:
    """How far (0…1) a recurring passage has gone, None between two passages."""
    gone = (t - start) % period / lasts
    return gone if gone < 1 else None


def _birds(t: float, *, start: float, height: float, count: int = 3) -> Iterator[Placed]:
    gone = _share(t, period=40, start=start, lasts=13)
    if gone is None:
        return
    for index in range(count):
        x = -30 + 700 * gone - index * 17
        y = height - 26 * sin(gone * 3.1) + index * 7 * (1 if index % 2 else -0.6) + 3 * sin(t * 1.3 + index)
        yield Part("bird", step=int(t * 10 + index * 2) % 6, scale=0.8 + 0.15 * (index % 2)), x, y


def _drive(t: float, car: Part, *, lane: tuple[float, float], when: tuple[float, float, float]) -> Iterator[Placed]:
    """A car that crosses the whole stage on a lane (height at left, at right)."""
    period, start, lasts = when
    gone = _share(t, period=period, start=start, lasts=lasts)
    if gone is not None:
        gone = 1 - gone if car.mirrored else gone
        x = -70 * car.scale + (STAGE[0] + 140 * car.scale) * gone
        yield car, x, lane[0] + (lane[1] - lane[0]) * gone


def _glints(t: float, *, box: tuple[float, float, float, float], count: int, seed: int) -> Iterator[Placed]:
    rng = Random(seed)
    left, top, right, bottom = box
    for _ in range(count):
        depth = rng.random()
        x, pace, phase = rng.uniform(0, right - left), rng.choice((1, 2)) * (right - left) / 120, rng.randrange(6)
        part = Part("glint", colour="#e4eef0", step=int(t * 3 + phase) % 6, scale=round(0.35 + 0.8 * depth, 1))
        yield part, left + (x + pace * t) % (right - left), top + (bottom - top) * depth


def _leaves(t: float, *, trees: tuple[tuple[float, float, float], ...], colour: str) -> Iterator[Placed]:
    """Leaves that fall now and then from each tree (x, crown height, ground height), drift and lie a while."""
    for index, (x, crown, ground) in enumerate(trees):
        for turn in range(3):
            gone = _share(t, period=(12, 15, 20)[turn], start=index * 3.3 + turn * 2.1, lasts=7.5)
            if gone is None:
                continue
            fall = min(1.0, gone * 1.5)
            at_x = x + (turn - 1) * 14 + 26 * fall + 7 * sin(fall * 11 + index)
            step = int(t * 6 + index + turn) % 8 if fall < 1 else 1
            yield Part("leaf", colour=colour, step=step, scale=1.15), at_x, crown + (ground - crown) * fall


def _flag(t: float, x: float, y: float, *, colour: str = TRICOLOUR, scale: float = 1.0) -> Placed:
    return Part("flag", colour=colour, step=int(t * 10) % 12, scale=scale), x, y


def _smoke(t: float, x: float, y: float) -> Iterator[Placed]:
    for index in range(7):
        age = (t / 7 * 1.4 + index / 7) % 1
        yield Part("smoke", step=int(age * 14), scale=0.7), x + 24 * age + 3 * sin(age * 5), y - 40 * age


def _town_hall(t: float) -> Iterator[Placed]:
    yield Part("hands", step=int(t) % 60, scale=0.55), 320, 90
    yield _flag(t, 292, 158, scale=0.72)
    yield _flag(t, 340, 158, colour=VALCLAIR, scale=0.72)
    yield Part("jet", step=int(t * 9) % 6, scale=0.95), 320, 252
    yield from _leaves(t, trees=((206, 200, 256), (524, 200, 282), (452, 202, 250)), colour=GOLD)
    yield from _birds(t, start=5, height=62)
    yield from _birds(t, start=24, height=40, count=4)


def _bridge(t: float) -> Iterator[Placed]:
    yield from _glints(t, box=(0, 182, 234, 205), count=10, seed=5)
    yield from _glints(t, box=(-30, 214, 330, 352), count=26, seed=2)
    sail = _share(t, period=60, start=6, lasts=44)
    if sail is not None:
        yield Part("boat", colour="#8c4038", scale=0.85, mirrored=True), 190 - 260 * sail, 226 + 20 * sail
    passing = []
    for colour, period, start, lasts, nearing in (
        ("#8c3b34", 20, 1, 8, True),
        ("#d9d7cf", 24, 9, 9, True),
        ("#41647a", 30, 4, 10, False),
        ("#7d8a6a", 40, 18, 9, False),
    ):
        gone = _share(t, period=period, start=start, lasts=lasts)
        if gone is not None:
            depth = (gone if nearing else 1 - gone) ** 2.1
            passing.append((depth, colour, nearing))
    for depth, colour, nearing in sorted(passing):
        lane = 26 if nearing else -14
        x, y = 282 + 440 * depth, 166 + 110 * depth + lane * depth
        car = Part("car", colour=colour, scale=round(0.1 + 0.95 * depth, 2), mirrored=not nearing, tilt=-7)
        yield car, x, y
    yield from _birds(t, start=12, height=70)


def _mill(t: float) -> Iterator[Placed]:
    yield from _glints(t, box=(0, 262, 400, 352), count=26, seed=7)
    yield from _glints(t, box=(360, 246, 640, 262), count=9, seed=3)
    yield Part("foam", step=int(t * 12) % 8, scale=0.74), 316, 228
    yield Part("wheel", step=int(t * 6) % 8), 284, 212
    for index, (y, start) in enumerate(((296, 0.0), (301, 0.05), (294, 0.09))):
        gone = (t / 60 + start) % 1
        x = 60 + 240 * (gone * 2 if gone < 0.5 else 2 - gone * 2)
        yield (
            Part("duck", step=int(t * 5 + index) % 8, scale=0.7 + index * 0.05, mirrored=gone >= 0.5),
            x,
            y + 4 * sin(tau * gone),
        )
    yield from _smoke(t, 213, 58)
    yield from _leaves(t, trees=((376, 150, 205), (70, 150, 205)), colour=GOLD)
    yield from _birds(t, start=9, height=80)


def _school(t: float) -> Iterator[Placed]:
    # Thirty seconds of traffic light: cars pass while it is green, and only then.
    clock = t % 30
    yield Part("light", step=2 if clock < 15 else 1 if clock < 18 else 0), 215.5, 160
    yield _flag(t, 335, 54, scale=0.62)
    yield from _leaves(t, trees=((150, 165, 240), (86, 140, 214)), colour=GOLD)
    yield from _drive(t, Part("car", colour="#41647a", scale=0.8, mirrored=True), lane=(266, 262), when=(30, 1, 6))
    yield from _drive(t, Part("car", colour="#d9d7cf", scale=0.82, mirrored=True), lane=(266, 262), when=(60, 7.5, 6))
    yield from _drive(t, Part("car", colour="#8c3b34", scale=1.05), lane=(308, 302), when=(30, 4, 6.5))
    yield from _drive(t, Part("car", colour="#6f7f5c", scale=1.08), lane=(308, 302), when=(60, 38.5, 6))
    yield from _birds(t, start=17, height=64)


def _market(t: float) -> Iterator[Placed]:
    step = int(t * 8) % 12
    yield Part("bunting", step=step, scale=0.98), 322, 128
    yield Part("bunting", step=(step + 5) % 12, scale=0.98, mirrored=True), 322, 172
    yield _flag(t, 321, 64, colour=VALCLAIR, scale=0.8)
    yield from _leaves(t, trees=((404, 190, 252),), colour=GOLD)
    yield from _birds(t, start=3, height=60, count=4)
    yield from _birds(t, start=22, height=96)


def _tanners(t: float) -> Iterator[Placed]:
    yield Part("sign", step=int(t * 6) % 16, scale=0.95), 206, 112
    yield Part("sign", step=(int(t * 6) + 7) % 16, scale=0.95, mirrored=True), 432, 112
    yield _flag(t, 262, 178, scale=0.5)
    yield from _smoke(t, 289, 118)
    yield from _leaves(t, trees=((300, 120, 300), (360, 90, 320), (250, 60, 340)), colour=RUST)
    yield from _birds(t, start=8, height=74, count=4)
    yield from _birds(t, start=29, height=58)


def _station(t: float) -> Iterator[Placed]:
    yield Part("hands", step=int(t) % 60, scale=0.62), 257, 96
    yield _flag(t, 404, 104, scale=0.72)
    yield from _leaves(t, trees=((466, 160, 224), (56, 160, 224), (512, 150, 226)), colour=RUST)
    yield from _birds(t, start=26, height=60)
    gone = _share(t, period=60, start=8, lasts=30)
    if gone is not None:
        clock = gone * 30
        if clock < 9:
            x = 320 + 620 * (1 - clock / 9) ** 2
        elif clock < 20:
            x = 320
        else:
            x = 320 - 640 * ((clock - 20) / 10) ** 2
        yield Part("train", colour="#3f7083"), x, 303


def _cemetery(t: float) -> Iterator[Placed]:
    yield from _smoke(t, 57, 128)
    yield from _leaves(t, trees=((132, 190, 276), (206, 180, 248), (246, 180, 230)), colour=RUST)
    yield from _birds(t, start=2, height=76, count=5)
    yield from _birds(t, start=21, height=110)


MOVEMENTS: tuple[Callable[[float], Iterator[Placed]], ...] = (
    _town_hall,
    _bridge,
    _mill,
    _school,
    _market,
    _tanners,
    _station,
    _cemetery,
)
