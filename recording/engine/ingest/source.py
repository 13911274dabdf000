"""What an ingest asks of a camera, whatever speaks to it: pictures as they come, or a named trouble."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from recording.engine.fmp4 import Codec


class Trouble(StrEnum):
    """Why there is no image: the reasons of a gap, as they are stored."""

    CAMERA_DOWN = "camera_down"
    AUTH = "auth"
    STALLED = "stalled"
    DISK_FULL = "disk_full"


class SourceFault(Exception):
    """The camera gives nothing: the trouble, the error's class and its number, and never its words, which may quote
    the address.
    """

    def __init__(self, trouble: Trouble, *, error: str = "", number: int = 0) -> None:
        super().__init__(f"{trouble} {error} {number}")
        self.trouble, self.error, self.number = trouble, error, number


@dataclass(frozen=True, slots=True)
class Packet:
    """A coded picture as it came. Times in ticks of 90 kHz, None where the camera gives none."""

    payload: bytes
    dts: int | None
    pts: int | None


class Source(Protocol):
    """One open stream. `rate` is what it announces in images a second, 0 when it says nothing."""

    codec: Codec
    extradata: bytes
    rate: float
    audio: str  # the codec of the sound track that the camera sends; empty when there is none

    def packets(self) -> Iterator[Packet]:
        """Yield the video packets. Raises SourceFault at the end: a camera's stream has none."""

    def began_us(self) -> int:
        """Return when tick 0 was, by the camera's own clock (RTCP), in microseconds UTC; 0 while it has not said."""

    def close(self) -> None:
        """Leave the camera."""
