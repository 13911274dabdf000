"""A clip as the simulated camera sends it: RTP packets (RFC 6184, RFC 7798), a description (SDP); opens no socket.

The clip is mapped, not loaded: a frame is cut into packets at the moment it leaves, once for all the clients.
"""

from __future__ import annotations

import mmap
import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from math import sin, tau
from pathlib import Path
from typing import BinaryIO

import av

VIDEO_TYPE, SOUND_TYPE = 96, 8
VIDEO_RATE, SOUND_RATE = 90_000, 8_000
CHUNK = 1400

_NTP_EPOCH = 2_208_988_800
_HEADER = struct.Struct(">cBHBBHII")  # "$", channel, length, then the RTP header
_WORD = 0xFFFF_FFFF


@dataclass(frozen=True)
class Cut:
    """One frame cut into RTP payloads, the last of which closes the frame."""

    payloads: tuple[bytes, ...]
    keyframe: bool


@dataclass
class Track:
    """The numbering of one client's track: its interleaved channel, source, sequence and first timestamp."""

    channel: int
    source: int
    sequence: int
    first_timestamp: int
    packets: int = 0
    octets: int = 0

    def timestamp(self, ticks: int) -> int:
        """The RTP timestamp, `ticks` of the media's rate after the first."""
        return (self.first_timestamp + ticks) & _WORD

    def packed(self, payloads: tuple[bytes, ...], *, kind: int, ticks: int) -> bytes:
        """Interleaved RTP packets holding the payloads, the marker on the last."""
        stamp, last = self.timestamp(ticks), len(payloads) - 1
        pieces = []
        for index, payload in enumerate(payloads):
            mark = 0x80 if index == last else 0
            pieces.append(
                _HEADER.pack(
                    b"$", self.channel, len(payload) + 12, 0x80, kind | mark, self.sequence, stamp, self.source
                )
            )
            pieces.append(payload)
            self.sequence = (self.sequence + 1) & 0xFFFF
            self.octets += len(payload)
        self.packets += len(payloads)
        return b"".join(pieces)

    def report(self, *, wall: float, ticks: int) -> bytes:
        """An interleaved RTCP sender report: the wall clock (UTC, seconds since 1970) of a timestamp."""
        seconds = int(wall) + _NTP_EPOCH
        body = struct.pack(
            ">BBHIIIIII",
            0x80,
            200,
            6,
            self.source,
            seconds & _WORD,
            int(wall % 1 * (1 << 32)),
            self.timestamp(ticks),
            self.packets & _WORD,
            self.octets & _WORD,
        )
        return struct.pack(">cBH", b"$", self.channel + 1, len(body)) + body


class Feed:
    """A clip ready to be sent in a loop; to be closed when it is no longer."""

    def __init__(self, path: Path, *, fps: int) -> None:
        self.fps = fps
        self._index: list[tuple[int, int, bool]] = []
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            self.hevc = context.name == "hevc"
            self.size = context.width, context.height
            self.parameter_sets = _parameter_sets(bytes(context.extradata or b""), hevc=self.hevc)
            for packet in container.demux(stream):
                if packet.size and packet.pos is not None:
                    self._index.append((packet.pos, packet.size, packet.is_keyframe))
        self._file: BinaryIO = path.open("rb")
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    @property
    def frames(self) -> int:
        """How many frames the loop has."""
        return len(self._index)

    def close(self) -> None:
        """Let go of the clip."""
        self._bytes.close()
        self._file.close()

    def next_keyframe(self, number: int) -> int:
        """The first frame, at or after this one (unrolled), with which a decoder can start."""
        while not self._index[number % self.frames][2]:
            number += 1
        return number

    def cut(self, number: int) -> Cut:
        """A frame (unrolled number) in RTP payloads, its parameter sets first when it is a keyframe."""
        position, size, keyframe = self._index[number % self.frames]
        units = list(_units(self._bytes[position : position + size]))
        if keyframe:
            units = [*self.parameter_sets, *(unit for unit in units if not self._is_parameter_set(unit))]
        return Cut(tuple(payload for unit in units for payload in self._payloads(unit)), keyframe)

    def description(self) -> list[str]:
        """The SDP lines of the picture track."""
        sets = [b64encode(unit).decode() for unit in self.parameter_sets]
        if self.hevc:
            form = f"sprop-vps={sets[0]}; sprop-sps={sets[1]}; sprop-pps={sets[2]}"
        else:
            profile = self.parameter_sets[0][1:4].hex().upper()
            form = f"packetization-mode=1; profile-level-id={profile}; sprop-parameter-sets={','.join(sets)}"
        return [
            f"m=video 0 RTP/AVP {VIDEO_TYPE}",
            f"a=rtpmap:{VIDEO_TYPE} {'H265' if self.hevc else 'H264'}/{VIDEO_RATE}",
            f"a=fmtp:{VIDEO_TYPE} {form}",
            f"a=framerate:{self.fps}",
            "a=control:trackID=1",
        ]

    def _is_parameter_set(self, unit: bytes) -> bool:
        return unit[0] >> 1 & 0x3F in (32, 33, 34) if self.hevc else unit[0] & 0x1F in (7, 8)

    def _payloads(self, unit: bytes) -> Iterator[bytes]:
        if len(unit) <= CHUNK:
            yield unit
            return
        if self.hevc:
            kind, prefix, start = unit[0] >> 1 & 0x3F, bytes((unit[0] & 0x81 | 49 << 1, unit[1])), 2
        else:
            kind, prefix, start = unit[0] & 0x1F, bytes((unit[0] & 0x60 | 28,)), 1
        room = CHUNK - len(prefix) - 1
        for offset in range(start, len(unit), room):
            edge = (0x80 if offset == start else 0) | (0x40 if offset + room >= len(unit) else 0)
            yield prefix + bytes((kind | edge,)) + unit[offset : offset + room]


def _units(sample: bytes) -> Iterator[bytes]:
    """The NAL units of a sample of an MP4, each preceded by its length on four bytes."""
    offset = 0
    while offset + 4 <= len(sample):
        length = int.from_bytes(sample[offset : offset + 4], "big")
        yield sample[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _parameter_sets(extradata: bytes, *, hevc: bool) -> tuple[bytes, ...]:
    """The parameter sets of an `avcC` or `hvcC` box, in its order (SPS, PPS; VPS, SPS, PPS)."""
    found = []
    if hevc:
        offset = 23
        for _ in range(extradata[22]):
            kind, count = extradata[offset] & 0x3F, int.from_bytes(extradata[offset + 1 : offset + 3], "big")
            offset += 3
            for _ in range(count):
                unit, offset = _prefixed(extradata, offset)
                if kind in (32, 33, 34):
                    found.append(unit)
        return tuple(found)
    unit, offset = _prefixed(extradata, 6)
    found.append(unit)
    found.append(_prefixed(extradata, offset + 1)[0])
    return tuple(found)


def _prefixed(content: bytes, offset: int) -> tuple[bytes, int]:
    length = int.from_bytes(content[offset : offset + 2], "big")
    return content[offset + 2 : offset + 2 + length], offset + 2 + length


SOUND_DESCRIPTION = [
    f"m=audio 0 RTP/AVP {SOUND_TYPE}",
    f"a=rtpmap:{SOUND_TYPE} PCMA/{SOUND_RATE}/1",
    "a=control:trackID=2",
]


def sound_between(start: int, end: int) -> bytes:
    """A soft 440 Hz tone as G.711 A-law samples, from sample `start` to `end` (excluded)."""
    return bytes(_TONE[sample % len(_TONE)] for sample in range(start, end))


def _a_law(sample: int) -> int:
    """One 16-bit sample in A-law (ITU-T G.711)."""
    sign, size = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    size >>= 3
    exponent = max(0, size.bit_length() - 5)
    mantissa = size >> max(1, exponent) & 0x0F
    return (sign | exponent << 4 | mantissa) ^ 0x55


# 440 Hz comes back every 200 samples at 8 kHz.
_TONE = bytes(_a_law(round(6000 * sin(tau * 440 * sample / SOUND_RATE))) for sample in range(200))
