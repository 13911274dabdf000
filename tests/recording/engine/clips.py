"""Short coded clips for the engine's tests: encoded once a session by libx264 and libx265, read back by PyAV."""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
from PIL import Image, ImageDraw

from recording.engine.fmp4 import Bitstream, Sample
from recording.engine.nal import Codec

FPS = 20
TICK = 90_000 // FPS
FRAME_US = 1_000_000 // FPS
_ENCODERS = {Codec.H264: "libx264", Codec.H265: "libx265"}


@dataclass(frozen=True)
class Packet:
    """A coded picture as a camera sends it, its times in ticks of 90 kHz."""

    payload: bytes
    dts: int
    pts: int


@cache
def clip(
    codec: Codec = Codec.H264,
    *,
    frames: int = 60,
    gop: int = 20,
    size: tuple[int, int] = (160, 96),
    bframes: int = 0,
    pixels: str = "yuv420p",
) -> tuple[Packet, ...]:
    """Encode a moving bar as a byte stream, parameter sets before each keyframe."""
    encoder = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = pixels
    encoder.time_base = Fraction(1, FPS)
    encoder.framerate = Fraction(FPS)
    parameters = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={bframes}:repeat-headers=1"
    encoder.options = {"preset": "ultrafast", f"x{_ENCODERS[codec][-3:]}-params": f"{parameters}:log-level=none"}
    packets = []
    for number in range(frames):
        picture = Image.new("RGB", size, (40, 60, 90))
        ImageDraw.Draw(picture).rectangle((number % size[0], 0, number % size[0] + 12, size[1]), fill=(230, 200, 60))
        frame = av.VideoFrame.from_image(picture).reformat(format=pixels)
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return tuple(Packet(bytes(packet), packet.dts * TICK, packet.pts * TICK) for packet in packets)


def samples(packets: tuple[Packet, ...], stream: Bitstream) -> list[Sample]:
    """Turn a clip into samples, as an ingest does."""
    units = [stream.read(packet.payload) for packet in packets]
    return [
        Sample(unit.payload, TICK, unit.keyframe, packet.pts - packet.dts)
        for unit, packet in zip(units, packets, strict=True)
        if unit is not None
    ]


def presented(movie: bytes) -> list[int]:
    """Decode a whole file; return the presentation times of its pictures, in ticks of its track."""
    with av.open(io.BytesIO(movie)) as container:
        return [frame.pts for frame in container.decode(video=0) if frame.pts is not None]
