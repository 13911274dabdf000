"""The compatible source: libav, through PyAV, speaks to the camera. RTSP over TCP; sound is never read.

PyAV's exceptions quote the address: they stop here, replaced by a class name and a number. libav's own log is silenced.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, TypeVar

import av
import av.error
import av.logging
from av.container import InputContainer

from recording.engine.fmp4 import TIMESCALE, Codec
from recording.engine.ingest.source import Packet, SourceFault, Trouble

OPEN_SECONDS: Final = 8.0
CODECS: Final = {"h264": Codec.H264, "hevc": Codec.H265}
_OPTIONS: Final = {
    "rtsp_transport": "tcp",
    "flags": "low_delay",
    # No "nobuffer": it throws away what is read to learn the stream, the first key image first of all. What the
    # description (SDP) says is enough: libav would otherwise hold the stream for seconds to guess at it.
    "probesize": "32",
    "analyzeduration": "0",
    "fpsprobesize": "0",
    "reorder_queue_size": "0",
}
_AUTH: Final = (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError)
R = TypeVar("R")


class PyAVSource:
    """A stream opened by libav."""

    def __init__(self, address: str, *, stall: float) -> None:
        self._container = _guarded(lambda: _open(address, stall), Trouble.CAMERA_DOWN)
        video = next(iter(self._container.streams.video), None)
        codec = CODECS.get(video.codec_context.name) if video is not None else None
        if video is None or codec is None:
            self.close()
            raise SourceFault(Trouble.CAMERA_DOWN, error="NoVideo")
        self._video = video
        self.codec = codec
        self.extradata = bytes(video.codec_context.extradata or b"")
        self.rate = float(video.average_rate or video.guessed_rate or 0)
        sound = next(iter(self._container.streams.audio), None)
        self.audio = sound.codec_context.name if sound is not None else ""

    def packets(self) -> Iterator[Packet]:
        """Yield the video packets; those of a sound track are dropped by libav's own discard, unread."""
        base = self._video.time_base or Fraction(1, TIMESCALE)
        demuxed = self._container.demux(self._video)
        while True:
            packet = _guarded(lambda: next(demuxed, None), Trouble.STALLED)
            if packet is None or not packet.size:
                raise SourceFault(Trouble.CAMERA_DOWN, error="EOFError")
            yield Packet(bytes(packet), _ticks(packet.dts, base), _ticks(packet.pts, base))

    def began_us(self) -> int:
        """Return when tick 0 was by the camera's clock: libav reads it in the first sender report."""
        return self._container.start_time_realtime or 0

    def close(self) -> None:
        """Leave the camera."""
        self._container.close()


def _open(address: str, stall: float) -> InputContainer:
    av.logging.set_level(None)
    return av.open(address, format="rtsp", timeout=(OPEN_SECONDS, 2 * stall), options=dict(_OPTIONS))


def _guarded(step: Callable[[], R], late: Trouble) -> R:
    """Run a step of libav; `late` names the trouble when its own time-out, a second guard, ends it."""
    fault: SourceFault
    try:
        return step()
    except av.error.FFmpegError as failed:
        trouble = Trouble.AUTH if isinstance(failed, _AUTH) else Trouble.CAMERA_DOWN
        if isinstance(failed, av.error.ExitError | av.error.TimeoutError):
            trouble = late
        fault = SourceFault(trouble, error=type(failed).__name__, number=failed.errno or 0)
    except (ValueError, OSError, UnicodeError) as failed:
        fault = SourceFault(Trouble.CAMERA_DOWN, error=type(failed).__name__)
    # Raised out of the handler: an exception would keep the one that it replaces, and its words, as its context.
    raise fault


def _ticks(stamp: int | None, base: Fraction) -> int | None:
    return None if stamp is None else round(stamp * base * TIMESCALE)
