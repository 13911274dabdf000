"""The frame number a simulated camera writes into its own picture; not a general bar code.

A black strip runs along the top edge. On it, thirty-eight black or white modules: an opening guard, the number on
sixteen bits, its CRC-16, a closing guard. The checksum makes a wrong reading improbable: a reader answers the right
number or nothing. The reader is given a screenshot of any size, with or without margins around the picture.
"""

from __future__ import annotations

from binascii import crc_hqx
from bisect import bisect
from collections.abc import Iterator
from itertools import pairwise

from PIL import Image, ImageDraw

NUMBER_BITS = 16
CAPACITY = 1 << NUMBER_BITS
GUARD = (1, 0, 1)
MODULES = 2 * len(GUARD) + 2 * NUMBER_BITS
STRIP_HEIGHT = 40 / 1280
MODULE_WIDTH = 24 / 1280

_QUIET = 4 / 1280
_SEARCHED_SHARE = 0.4
_LEAST_CONTRAST = 60
_LEAST_MODULE = 1.6
_TOLERANCE = 0.25
# A row of the strip has at most nineteen white runs; what has many more is a texture.
_MOST_RISES = 48
# How far from grey every module must be, as a share of the contrast: noise is grey on average.
_CLEAR = 0.2


def modules_of(number: int) -> tuple[int, ...]:
    """The thirty-eight modules of a number, 1 for white; `ValueError` outside 0…65535."""
    if not 0 <= number < CAPACITY:
        raise ValueError(f"le numéro d’image doit tenir sur {NUMBER_BITS} bits")
    word = number << NUMBER_BITS | _checksum(number)
    bits = tuple(word >> shift & 1 for shift in range(2 * NUMBER_BITS - 1, -1, -1))
    return (*GUARD, *bits, *GUARD)


def stamp(image: Image.Image, number: int) -> None:
    """Write the number along the top edge of a grey or colour image, in place."""
    width = image.width
    height = max(4, round(STRIP_HEIGHT * width))
    quiet = round(_QUIET * width)
    module = max(2, round(MODULE_WIDTH * width))
    left = (width - module * MODULES) // 2
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width - 1, height - 1), fill="black")
    for index, bit in enumerate(modules_of(number)):
        if bit:
            draw.rectangle(
                (left + index * module, quiet, left + (index + 1) * module - 1, height - 1 - quiet), fill="white"
            )


def read(image: Image.Image) -> int | None:
    """The number written in a picture or in a screenshot of it, or None when no row of pixels holds a valid one."""
    grey = image.convert("L")
    width = grey.width
    if width < MODULES * 2:
        return None
    searched = max(1, round(grey.height * _SEARCHED_SHARE))
    pixels = grey.crop((0, 0, width, searched)).tobytes()
    for row in range(searched):
        number = _read_row(pixels[row * width : (row + 1) * width])
        if number is not None:
            return number
    return None


def _checksum(number: int) -> int:
    return crc_hqx(number.to_bytes(2, "big"), 0xFFFF)


def _read_row(row: bytes) -> int | None:
    darkest, lightest = min(row), max(row)
    if lightest - darkest < _LEAST_CONTRAST:
        return None
    for rises, falls in _edges_at_levels(row, darkest, lightest):
        if len(rises) > _MOST_RISES:
            continue
        for start, end in _spans(rises, falls):
            number = _sample(row, start, end)
            if number is not None:
                return number
    return None


def _edges_at_levels(row: bytes, darkest: int, lightest: int) -> Iterator[tuple[list[float], list[float]]]:
    """Dark-to-light and light-to-dark crossings, to a fraction of a pixel, at half then at other levels."""
    for share in (0.5, 0.62, 0.38):
        level = darkest + (lightest - darkest) * share
        rises: list[float] = []
        falls: list[float] = []
        if row[0] > level:
            rises.append(0.0)
        for x in range(1, len(row)):
            before, after = row[x - 1], row[x]
            if (before <= level) != (after <= level):
                # Pixel x covers [x, x + 1): its value stands at x + 0.5.
                (rises if after > before else falls).append(x - 0.5 + (level - before) / (after - before))
        if row[-1] > level:
            falls.append(float(len(row)))
        yield rises, falls


def _spans(rises: list[float], falls: list[float]) -> Iterator[tuple[float, float]]:
    """Pairs of outer edges whose two guards measure one module each, as the distance between them says."""
    for start, second in pairwise(rises):
        guess = (second - start) / 2
        first_fall = bisect(falls, start)
        if guess < _LEAST_MODULE or abs(falls[first_fall] - start - guess) > _TOLERANCE * guess + 0.5:
            continue
        reach = MODULES * guess
        low, high = (bisect(falls, start + reach * share) for share in (1 - _TOLERANCE, 1 + _TOLERANCE))
        for end in falls[low:high]:
            module = (end - start) / MODULES
            if abs(rises[bisect(rises, end) - 1] - (end - module)) <= _TOLERANCE * module + 0.5:
                yield start, end


def _sample(row: bytes, start: float, end: float) -> int | None:
    module = (end - start) / MODULES
    half = max(0, int(module * 0.25))
    tones = []
    for index in range(MODULES):
        centre = int(start + (index + 0.5) * module)
        window = row[max(0, centre - half) : centre + half + 1]
        tones.append(sum(window) / len(window))
    level = (min(tones) + max(tones)) / 2
    if min(abs(tone - level) for tone in tones) < _CLEAR * (max(tones) - min(tones)):
        return None
    bits = [int(tone > level) for tone in tones]
    length = len(GUARD)
    if tuple(bits[:length]) != GUARD or tuple(bits[-length:]) != GUARD:
        return None
    word = int("".join(map(str, bits[length:-length])), 2)
    number, checksum = word >> NUMBER_BITS, word & (CAPACITY - 1)
    return number if checksum == _checksum(number) else None
