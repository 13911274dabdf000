"""Reads the units of cameras' H.264 and H.265 streams; it neither decodes a picture nor writes a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

START_CODE = b"\x00\x00\x01"
LENGTH_BYTES = 4
_HIGH_PROFILES = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})


class BadStream(ValueError):
    """The camera sent something that is not the stream it announced."""


class Codec(StrEnum):
    H264 = "h264"
    H265 = "h265"


class NalKind(StrEnum):
    VPS = "vps"
    SPS = "sps"
    PPS = "pps"
    KEY = "key"
    OTHER = "other"
    EMPTY = "empty"  # delimiters and filler: no picture in them, not stored


_H264_KINDS = {5: NalKind.KEY, 7: NalKind.SPS, 8: NalKind.PPS, 9: NalKind.EMPTY, 12: NalKind.EMPTY}
_H265_KINDS = {
    **dict.fromkeys(range(16, 22), NalKind.KEY),
    32: NalKind.VPS,
    33: NalKind.SPS,
    34: NalKind.PPS,
    35: NalKind.EMPTY,
    38: NalKind.EMPTY,
}


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a decoder must know before the first picture; H.264 has no `vps`."""

    vps: tuple[bytes, ...] = ()
    sps: tuple[bytes, ...] = ()
    pps: tuple[bytes, ...] = ()

    def complete_for(self, codec: Codec) -> bool:
        return bool(self.sps and self.pps and (self.vps or codec is Codec.H264))

    def __bool__(self) -> bool:
        return bool(self.vps or self.sps or self.pps)

    def __iter__(self) -> Iterator[bytes]:
        yield from (*self.vps, *self.sps, *self.pps)


@dataclass(frozen=True, slots=True)
class Geometry:
    """Size in pixels after cropping, sampling and depth of the pictures that an SPS announces."""

    width: int
    height: int
    chroma: int
    luma_bits: int
    chroma_bits: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The general profile, tier and level of an H.265 SPS: the 12 bytes as sent, and its temporal layers."""

    general: bytes
    layers: int
    nested: bool


def split_annexb(stream: bytes) -> list[bytes]:
    """Return the NAL units of a byte stream, without start codes nor padding; bytes before the first are ignored."""
    units: list[bytes] = []
    start = stream.find(START_CODE)
    while start >= 0:
        start += len(START_CODE)
        end = stream.find(START_CODE, start)
        unit = stream[start : end if end >= 0 else len(stream)].rstrip(b"\x00")
        if unit:
            units.append(unit)
        start = end
    return units


def split_lengths(packet: bytes, length_bytes: int = LENGTH_BYTES) -> list[bytes]:
    """Return the NAL units of a length-prefixed packet; raise `BadStream` if a length runs past its end."""
    units: list[bytes] = []
    position = 0
    while position < len(packet):
        start = position + length_bytes
        position = start + int.from_bytes(packet[position:start], "big")
        if position > len(packet) or start > len(packet):
            raise BadStream("une longueur dépasse la fin du paquet")
        if position > start:
            units.append(packet[start:position])
    return units


def join_lengths(units: list[bytes]) -> bytes:
    """Return the units in the form that MP4 stores: four bytes of length, then the unit."""
    return b"".join(part for unit in units for part in (len(unit).to_bytes(LENGTH_BYTES, "big"), unit))


def annexb_to_avcc(stream: bytes) -> bytes:
    """Turn start codes into lengths, keeping every unit."""
    return join_lengths(split_annexb(stream))


def nal_kind(codec: Codec, unit: bytes) -> NalKind:
    """Say what a unit is for; `OTHER` holds a picture or a message."""
    if codec is Codec.H264:
        return _H264_KINDS.get(unit[0] & 0x1F, NalKind.OTHER)
    return _H265_KINDS.get(unit[0] >> 1 & 0x3F, NalKind.OTHER)


def sets_among(codec: Codec, units: list[bytes]) -> ParameterSets:
    """Gather the parameter sets among some units, in their order."""
    found: dict[NalKind, list[bytes]] = {NalKind.VPS: [], NalKind.SPS: [], NalKind.PPS: []}
    for unit in units:
        found.get(nal_kind(codec, unit), []).append(unit)
    return ParameterSets(tuple(found[NalKind.VPS]), tuple(found[NalKind.SPS]), tuple(found[NalKind.PPS]))


def length_bytes_of(codec: Codec, extradata: bytes) -> int:
    """Return how many bytes precede each unit of the stream's packets; 0 means a byte stream with start codes."""
    if extradata[:1] != b"\x01":
        return 0
    position = 4 if codec is Codec.H264 else 21
    if len(extradata) <= position:
        raise BadStream("la description du flux est tronquée")
    return (extradata[position] & 3) + 1


def parameter_sets(codec: Codec, extradata: bytes) -> ParameterSets:
    """Read the sets of a stream's description: Annex B, avcC or hvcC."""
    if not length_bytes_of(codec, extradata):
        return sets_among(codec, split_annexb(extradata))
    try:
        return sets_among(codec, list(_avcc_units(extradata) if codec is Codec.H264 else _hvcc_units(extradata)))
    except IndexError:
        raise BadStream("la description du flux est tronquée") from None


def _avcc_units(record: bytes) -> Iterator[bytes]:
    position = 5
    for mask in (0x1F, 0xFF):
        count = record[position] & mask
        position += 1
        for _ in range(count):
            unit, position = _sized(record, position)
            yield unit


def _hvcc_units(record: bytes) -> Iterator[bytes]:
    position = 23
    for _ in range(record[22]):
        count = record[position + 1] << 8 | record[position + 2]
        position += 3
        for _ in range(count):
            unit, position = _sized(record, position)
            yield unit


def _sized(record: bytes, position: int) -> tuple[bytes, int]:
    end = position + 2 + (record[position] << 8 | record[position + 1])
    if end > len(record) or end == position + 2:
        raise IndexError
    return record[position + 2 : end], end


class Bits:
    """Reads a unit bit by bit, its emulation-prevention bytes removed."""

    def __init__(self, unit: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in unit.replace(b"\x00\x00\x03", b"\x00\x00"))
        self._at = 0

    def take(self, count: int) -> int:
        """Return the next `count` bits; raise `BadStream` past the end."""
        bits = self._bits[self._at : self._at + count]
        if len(bits) < count:
            raise BadStream("un jeu de paramètres est tronqué")
        self._at += count
        return int(bits or "0", 2)

    def golomb(self) -> int:
        """Return the next unsigned Exp-Golomb number."""
        one = self._bits.find("1", self._at)
        if one < 0:
            raise BadStream("un jeu de paramètres est tronqué")
        zeros, self._at = one - self._at, one
        return self.take(zeros + 1) - 1

    def signed_golomb(self) -> int:
        """Return the next signed Exp-Golomb number."""
        number = self.golomb()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def geometry(codec: Codec, sps: bytes) -> Geometry:
    """Read the size, sampling and depth in an SPS; raise `BadStream` when it is cut short."""
    return _h264_geometry(Bits(sps[1:])) if codec is Codec.H264 else _h265_geometry(Bits(sps[2:]))


def _h264_geometry(bits: Bits) -> Geometry:
    profile = bits.take(8)
    bits.take(16)
    bits.golomb()
    chroma, separate, luma_bits, chroma_bits = 1, 0, 8, 8
    if profile in _HIGH_PROFILES:
        chroma = bits.golomb()
        separate = bits.take(1) if chroma == 3 else 0
        luma_bits, chroma_bits = 8 + bits.golomb(), 8 + bits.golomb()
        bits.take(1)
        if bits.take(1):
            _skip_scaling_lists(bits, 12 if chroma == 3 else 8)
    bits.golomb()
    _skip_picture_order(bits)
    bits.golomb()
    bits.take(1)
    columns, rows = bits.golomb() + 1, bits.golomb() + 1
    progressive = bits.take(1)
    bits.take(1 if progressive else 2)
    left, right, top, bottom = _window(bits)
    across = 2 if chroma in (1, 2) else 1
    down = (2 if chroma == 1 else 1) * (2 - progressive)
    return Geometry(
        width=columns * 16 - across * (left + right),
        height=rows * 16 * (2 - progressive) - down * (top + bottom),
        chroma=0 if separate else chroma,
        luma_bits=luma_bits,
        chroma_bits=chroma_bits,
    )


def _skip_scaling_lists(bits: Bits, count: int) -> None:
    for index in range(count):
        if not bits.take(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.signed_golomb()) % 256
            last = following or last


def _skip_picture_order(bits: Bits) -> None:
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    elif kind == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(bits.golomb()):
            bits.golomb()


def _window(bits: Bits) -> tuple[int, int, int, int]:
    if not bits.take(1):
        return 0, 0, 0, 0
    return bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()


def _h265_geometry(bits: Bits) -> Geometry:
    _h265_profile(bits)
    bits.golomb()
    chroma = bits.golomb()
    separate = bits.take(1) if chroma == 3 else 0
    width, height = bits.golomb(), bits.golomb()
    left, right, top, bottom = _window(bits)
    across, down = 2 if chroma in (1, 2) else 1, 2 if chroma == 1 else 1
    return Geometry(
        width=width - across * (left + right),
        height=height - down * (top + bottom),
        chroma=0 if separate else chroma,
        luma_bits=8 + bits.golomb(),
        chroma_bits=8 + bits.golomb(),
    )


def h265_profile(sps: bytes) -> Profile:
    """Read the profile, tier, level and temporal layers of an H.265 SPS."""
    return _h265_profile(Bits(sps[2:]))


def _h265_profile(bits: Bits) -> Profile:
    bits.take(4)
    layers = bits.take(3)
    nested = bool(bits.take(1))
    general = bits.take(96).to_bytes(12, "big")
    if layers:
        present = [(bits.take(1), bits.take(1)) for _ in range(8)][:layers]
        for profile, level in present:
            bits.take(88 * profile + 8 * level)
    return Profile(general, layers + 1, nested)


def _set_id(codec: Codec, kind: NalKind, unit: bytes) -> int:
    bits = Bits(unit[1:] if codec is Codec.H264 else unit[2:])
    if kind is NalKind.VPS:
        return bits.take(4)
    if kind is NalKind.SPS and codec is Codec.H264:
        bits.take(24)
    elif kind is NalKind.SPS:
        _h265_profile(bits)
    return bits.golomb()


def merge_sets(codec: Codec, known: ParameterSets, seen: ParameterSets) -> ParameterSets:
    """Return the known sets with those just seen put in the place of the ones that bear the same number."""
    if set(seen) <= set(known):
        return known

    def merged(kind: NalKind, old: tuple[bytes, ...], new: tuple[bytes, ...]) -> tuple[bytes, ...]:
        by_id = {_set_id(codec, kind, unit): unit for unit in (*old, *new)}
        return tuple(by_id[number] for number in sorted(by_id))

    return ParameterSets(
        merged(NalKind.VPS, known.vps, seen.vps),
        merged(NalKind.SPS, known.sps, seen.sps),
        merged(NalKind.PPS, known.pps, seen.pps),
    )
