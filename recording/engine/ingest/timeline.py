"""Gives a camera's pictures a time line without holes nor returns: pure, in ticks of 90 kHz from the first picture on.

A camera's stamps may be absent, wrap, jump or go back; a picture's duration is that of its predecessor, since it is
shown and stored before the next one comes.
"""

from dataclasses import dataclass
from typing import Final

from recording.engine.fmp4 import TIMESCALE

GUESSED_RATE: Final = 15.0
# Up to one second apart, pictures follow each other; up to ten, some were lost; beyond, the camera's clock jumped.
FOLLOWS: Final = TIMESCALE
LOST: Final = 10 * TIMESCALE


@dataclass(frozen=True, slots=True)
class Moment:
    """When a picture is decoded, how long it lasts, how much later it is shown, how much was lost just before it."""

    position: int
    duration: int
    offset: int = 0
    lost: int = 0


class Timeline:
    """One connection's time line."""

    def __init__(self, *, rate: float) -> None:
        self._step = round(TIMESCALE / (rate if 1 <= rate <= 240 else GUESSED_RATE))
        self._position = 0
        self._stamp: int | None = None
        self._begun = False

    def place(self, *, dts: int | None, pts: int | None) -> Moment:
        """Return the moment of the next picture."""
        stamp = pts if dts is None else dts
        lost = 0
        if self._begun:
            advance, lost = self._advance(stamp)
            self._position += advance
        self._begun = True
        self._stamp = stamp
        offset = pts - dts if pts is not None and dts is not None else 0
        return Moment(self._position, self._step, offset, lost)

    def _advance(self, stamp: int | None) -> tuple[int, int]:
        if stamp is None or self._stamp is None:
            return self._step, 0
        advance = stamp - self._stamp
        if 0 < advance <= FOLLOWS:
            self._step = advance
            return advance, 0
        if FOLLOWS < advance <= LOST:
            return advance, advance - self._step
        return self._step, 0
