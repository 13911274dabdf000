"""Writes fragmented MP4 for the player and for the sealed records: bytes in, bytes out; no file, no clock, no key."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from struct import pack

from recording.engine.nal import (
    BadStream,
    Codec,
    NalKind,
    ParameterSets,
    annexb_to_avcc,
    geometry,
    h265_profile,
    join_lengths,
    length_bytes_of,
    merge_sets,
    nal_kind,
    parameter_sets,
    sets_among,
    split_annexb,
    split_lengths,
)

__all__ = [
    "AccessUnit",
    "BadStream",
    "Bitstream",
    "Codec",
    "ParameterSets",
    "Sample",
    "Track",
    "annexb_to_avcc",
    "codec_string",
    "fragment",
    "init_segment",
    "parameter_sets",
    "split_annexb",
]

TIMESCALE = 90_000
_TRACK_ID = 1
_UNITY = pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SYNC_SAMPLE = 0x02000000
_OTHER_SAMPLE = 0x01010000
_TRUN_FIELDS = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800  # offset; duration, size, flags, composition
_DEFAULT_BASE_IS_MOOF = 0x020000


@dataclass(frozen=True)
class Track:
    """A video track; `extradata` is its description as the demuxer gives it (Annex B, avcC or hvcC)."""

    codec: Codec
    width: int
    height: int
    timescale: int = TIMESCALE
    extradata: bytes = b""

    @cached_property
    def sets(self) -> ParameterSets:
        """The parameter sets of the description; raise `BadStream` when one is missing."""
        sets = parameter_sets(self.codec, self.extradata)
        if not sets.complete_for(self.codec):
            raise BadStream("le flux n'annonce pas tous ses jeux de paramètres")
        return sets


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture: units behind four-byte lengths; times in ticks of the track's timescale."""

    payload: bytes
    duration: int
    keyframe: bool
    offset: int = 0  # presentation minus decoding time: not zero where pictures are reordered (B-frames)


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded picture of a camera, the parameter sets taken out, with the track that it belongs to."""

    track: Track
    payload: bytes
    keyframe: bool


class Bitstream:
    """Follows one camera's stream: turns its packets into access units, and its track when the parameter sets change.

    Sizes come from the SPS itself: a camera may change its resolution while it streams.
    """

    def __init__(self, codec: Codec, extradata: bytes = b"", *, timescale: int = TIMESCALE) -> None:
        self._codec = codec
        self._timescale = timescale
        self._length_bytes = length_bytes_of(codec, extradata)
        self._sets = parameter_sets(codec, extradata)
        self.track = self._track()

    def _track(self) -> Track | None:
        if not self._sets.complete_for(self._codec):
            return None
        size = geometry(self._codec, self._sets.sps[0])
        description = b"".join(b"\x00\x00\x00\x01" + unit for unit in self._sets)
        return Track(self._codec, size.width, size.height, self._timescale, description)

    def read(self, packet: bytes) -> AccessUnit | None:
        """Return the picture of a packet; None when it holds none, or before the parameter sets are known."""
        units = split_lengths(packet, self._length_bytes) if self._length_bytes else split_annexb(packet)
        kinds = [nal_kind(self._codec, unit) for unit in units]
        if seen := sets_among(self._codec, units):
            sets = merge_sets(self._codec, self._sets, seen)
            if sets != self._sets:
                self._sets = sets
                self.track = self._track()
        pictures = [unit for unit, kind in zip(units, kinds, strict=True) if kind in (NalKind.KEY, NalKind.OTHER)]
        if self.track is None or not pictures:
            return None
        return AccessUnit(self.track, join_lengths(pictures), NalKind.KEY in kinds)


def codec_string(track: Track) -> str:
    """Name the codec as browsers ask for it (RFC 6381), such as avc1.4d4028 or hvc1.1.6.L120.90."""
    sps = track.sets.sps[0]
    if track.codec is Codec.H264:
        return f"avc1.{sps[1:4].hex()}"
    general = h265_profile(sps).general
    space = ("", "A", "B", "C")[general[0] >> 6]
    tier = "H" if general[0] & 0x20 else "L"
    compatibility = int(f"{int.from_bytes(general[1:5], 'big'):032b}"[::-1], 2)
    constraints = "".join(f".{byte:x}" for byte in general[5:11].rstrip(b"\x00"))
    return f"hvc1.{space}{general[0] & 0x1F}.{compatibility:x}.{tier}{general[11]}{constraints}"


def init_segment(track: Track) -> bytes:
    """Return ftyp and moov: what a player needs once, before any fragment."""
    return _box(b"ftyp", b"iso5", pack(">I", 512), b"iso5iso6mp41") + _box(
        b"moov",
        _full(b"mvhd", pack(">4I", 0, 0, 1000, 0), pack(">iH10x", 0x10000, 0x100), _UNITY, bytes(24), pack(">I", 2)),
        _trak(track),
        _box(b"mvex", _full(b"trex", pack(">5I", _TRACK_ID, 1, 0, 0, 0))),
    )


def fragment(sequence: int, base_time: int, samples: Sequence[Sample]) -> bytes:
    """Return moof and mdat for some consecutive samples; `base_time` is the first one's decoding time in ticks."""
    rows = b"".join(
        pack(
            ">3Ii",
            sample.duration,
            len(sample.payload),
            _SYNC_SAMPLE if sample.keyframe else _OTHER_SAMPLE,
            sample.offset,
        )
        for sample in samples
    )
    head = _full(b"mfhd", pack(">I", sequence))
    tfhd = _full(b"tfhd", pack(">I", _TRACK_ID), flags=_DEFAULT_BASE_IS_MOOF)
    tfdt = _full(b"tfdt", pack(">Q", base_time), version=1)
    trun_size = 12 + 8 + len(rows)
    moof_size = 8 + len(head) + 8 + len(tfhd) + len(tfdt) + trun_size
    trun = _full(b"trun", pack(">Ii", len(samples), moof_size + 8), rows, version=1, flags=_TRUN_FIELDS)
    moof = _box(b"moof", head, _box(b"traf", tfhd, tfdt, trun))
    return b"".join((moof, _header(b"mdat", samples), *(sample.payload for sample in samples)))


def _header(kind: bytes, samples: Sequence[Sample]) -> bytes:
    return pack(">I4s", 8 + sum(len(sample.payload) for sample in samples), kind)


def _box(kind: bytes, *parts: bytes) -> bytes:
    return b"".join((pack(">I4s", 8 + sum(map(len, parts)), kind), *parts))


def _full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, pack(">I", version << 24 | flags), *parts)


def _trak(track: Track) -> bytes:
    tkhd = _full(
        b"tkhd",
        pack(">5I", 0, 0, _TRACK_ID, 0, 0),
        bytes(16),
        _UNITY,
        pack(">2I", track.width << 16, track.height << 16),
        flags=3,
    )
    undetermined = 0x55C4  # « und », packed as ISO 14496-12 packs a language
    mdia = _box(
        b"mdia",
        _full(b"mdhd", pack(">4I", 0, 0, track.timescale, 0), pack(">2H", undetermined, 0)),
        _full(b"hdlr", pack(">I4s12x", 0, b"vide"), b"\x00"),
        _box(
            b"minf",
            _full(b"vmhd", bytes(8), flags=1),
            _box(b"dinf", _full(b"dref", pack(">I", 1), _full(b"url ", flags=1))),
            _stbl(track),
        ),
    )
    return _box(b"trak", tkhd, mdia)


def _stbl(track: Track) -> bytes:
    entry, configuration = (
        (b"avc1", _box(b"avcC", _avcc(track.sets)))
        if track.codec is Codec.H264
        else (b"hvc1", _box(b"hvcC", _hvcc(track.sets)))
    )
    resolution = 0x00480000  # 72 points per inch: the format asks for a figure, no player reads it
    sample_entry = _box(
        entry,
        pack(">6xH16x2H", 1, track.width, track.height),
        pack(">3IH", resolution, resolution, 0, 1),
        bytes(32),
        pack(">Hh", 0x18, -1),
        configuration,
    )
    return _box(
        b"stbl",
        _full(b"stsd", pack(">I", 1), sample_entry),
        _full(b"stts", bytes(4)),
        _full(b"stsc", bytes(4)),
        _full(b"stsz", bytes(8)),
        _full(b"stco", bytes(4)),
    )


def _listed(units: tuple[bytes, ...]) -> bytes:
    return b"".join(pack(">H", len(unit)) + unit for unit in units)


def _avcc(sets: ParameterSets) -> bytes:
    sps = sets.sps[0]
    record = b"".join(
        (
            b"\x01",
            sps[1:4],
            bytes((0xFF, 0xE0 | len(sets.sps))),
            _listed(sets.sps),
            bytes((len(sets.pps),)),
            _listed(sets.pps),
        )
    )
    if sps[1] in (66, 77, 88):
        return record
    picture = geometry(Codec.H264, sps)
    depths = bytes((0xFC | picture.chroma, 0xF8 | picture.luma_bits - 8, 0xF8 | picture.chroma_bits - 8, 0))
    return record + depths


def _hvcc(sets: ParameterSets) -> bytes:
    profile = h265_profile(sets.sps[0])
    picture = geometry(Codec.H265, sets.sps[0])
    arrays = ((32, sets.vps), (33, sets.sps), (34, sets.pps))
    return b"".join(
        (
            b"\x01",
            profile.general,
            pack(">HB", 0xF000, 0xFC),
            bytes((0xFC | picture.chroma, 0xF8 | picture.luma_bits - 8, 0xF8 | picture.chroma_bits - 8)),
            pack(">HBB", 0, profile.layers << 3 | profile.nested << 2 | 3, len(arrays)),
            *(pack(">BH", 0x80 | kind, len(units)) + _listed(units) for kind, units in arrays),
        )
    )
