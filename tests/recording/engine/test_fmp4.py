"""Fragmented MP4 and the byte streams it is made of, checked by libav and by properties."""

import io

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.engine.fmp4 import (
    BadStream,
    Bitstream,
    Codec,
    ParameterSets,
    Sample,
    Track,
    annexb_to_avcc,
    codec_string,
    fragment,
    init_segment,
    parameter_sets,
    split_annexb,
)
from recording.engine.nal import Bits, Geometry, geometry, h265_profile, join_lengths, merge_sets, split_lengths
from tests.recording.engine.clips import FPS, TICK, clip, presented, samples

CODECS = [Codec.H264, Codec.H265]


def reader(codec: Codec, **traits: object) -> Bitstream:
    """A stream whose parameter sets are known from its first packet."""
    stream = Bitstream(codec)
    stream.read(clip(codec, **traits)[0].payload)  # type: ignore[arg-type]
    return stream


def track_of(stream: Bitstream) -> Track:
    assert stream.track is not None
    return stream.track


def escaped(raw: bytes) -> bytes:
    """A unit's bytes as an encoder writes them: no start code inside, no zero at the end."""
    out = bytearray()
    for byte in raw:
        if byte <= 3 and out[-2:] == b"\x00\x00":
            out.append(3)
        out.append(byte)
    return bytes(out) + b"\x80"


class Writer:
    """Writes a parameter set bit by bit: the other side of `Bits`."""

    def __init__(self) -> None:
        self.bits = ""

    def put(self, value: int, count: int) -> None:
        self.bits += f"{value:0{count}b}" if count else ""

    def golomb(self, *values: int) -> None:
        for value in values:
            code = f"{value + 1:b}"
            self.bits += "0" * (len(code) - 1) + code

    def signed(self, value: int) -> None:
        self.golomb(2 * value - 1 if value > 0 else -2 * value)

    def unit(self, header: bytes) -> bytes:
        bits = self.bits + "1"
        bits += "0" * (-len(bits) % 8)
        raw = bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8))
        return header + escaped(raw)


# --- the byte stream ------------------------------------------------------------------------------------------------
units_of_a_stream = st.lists(st.binary(max_size=60).map(lambda raw: b"\x41" + escaped(raw)), max_size=8)


@given(units=units_of_a_stream, long_codes=st.lists(st.integers(0, 3), min_size=8, max_size=8), junk=st.booleans())
def test_a_byte_stream_is_cut_into_exactly_its_units(units: list[bytes], long_codes: list[int], junk: bool) -> None:
    stream = b"".join(b"\x00" * zeros + b"\x00\x00\x01" + unit for unit, zeros in zip(units, long_codes, strict=False))

    assert split_annexb((b"\x07\x08" if junk else b"") + stream + b"\x00\x00") == units


@given(units=units_of_a_stream)
def test_lengths_hold_the_same_units_as_start_codes(units: list[bytes]) -> None:
    stream = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)

    assert split_lengths(annexb_to_avcc(stream)) == units


@given(stream=st.binary(max_size=200))
def test_no_byte_stream_breaks_the_splitter(stream: bytes) -> None:
    units = split_annexb(stream)

    assert all(units)
    assert all(unit in stream and b"\x00\x00\x01" not in unit for unit in units)


@pytest.mark.parametrize("packet", [b"\x00", b"\x00\x00\x00\x05ab", b"\x00\x00\x00\x01a\x00\x00"])
def test_a_length_past_the_end_of_its_packet_is_refused(packet: bytes) -> None:
    with pytest.raises(BadStream):
        split_lengths(packet)


def test_an_empty_unit_is_not_a_unit() -> None:
    assert split_lengths(b"\x00\x00\x00\x00\x00\x00\x00\x01A") == [b"A"]
    assert split_annexb(b"\x00\x00\x01\x00\x00\x01A") == [b"A"]


# --- parameter sets -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("codec", CODECS)
def test_the_written_description_is_read_back_as_the_same_sets(codec: Codec) -> None:
    track = track_of(reader(codec))
    init = init_segment(track)
    box = init.index(b"avcC" if codec is Codec.H264 else b"hvcC")
    record = init[box + 4 : box - 4 + int.from_bytes(init[box - 4 : box], "big")]

    assert parameter_sets(codec, record) == track.sets
    for end in range(6 if codec is Codec.H264 else 23, len(record)):
        if codec is Codec.H265 or end < 8 + len(track.sets.sps[0]) + 3:
            with pytest.raises(BadStream):
                parameter_sets(codec, record[:end])


@pytest.mark.parametrize("codec", CODECS)
def test_a_description_cut_before_its_length_size_is_refused(codec: Codec) -> None:
    with pytest.raises(BadStream):
        Bitstream(codec, b"\x01\x64")


@pytest.mark.parametrize("codec", CODECS)
def test_a_length_prefixed_stream_gives_the_same_units_as_a_byte_stream(codec: Codec) -> None:
    packets = clip(codec)
    annexb = reader(codec)
    init = init_segment(track_of(annexb))
    box = init.index(b"avcC" if codec is Codec.H264 else b"hvcC")
    prefixed = Bitstream(codec, init[box + 4 : box - 4 + int.from_bytes(init[box - 4 : box], "big")])

    for packet in packets:
        assert prefixed.read(annexb_to_avcc(packet.payload)) == annexb.read(packet.payload)


@pytest.mark.parametrize("codec", CODECS)
def test_no_picture_comes_out_before_the_parameter_sets_are_known(codec: Codec) -> None:
    packets = clip(codec)
    stream = Bitstream(codec)

    assert stream.read(packets[1].payload) is None
    assert stream.track is None
    first = stream.read(packets[0].payload)
    assert first is not None
    assert first.keyframe
    assert stream.read(b"\x00\x00\x01\x09\xf0" if codec is Codec.H264 else b"\x00\x00\x01\x46\x01\x50") is None


def test_a_change_of_resolution_is_a_new_track() -> None:
    stream = reader(Codec.H264)
    before = track_of(stream)

    same = stream.read(clip(Codec.H264)[20].payload)
    changed = stream.read(clip(Codec.H264, size=(320, 192))[0].payload)

    assert same is not None
    assert changed is not None
    assert same.track is before
    assert (before.width, before.height) == (160, 96)
    assert (changed.track.width, changed.track.height) == (320, 192)


def test_a_set_repeated_alone_does_not_forget_the_others() -> None:
    one, two = b"\x68\xc0\x80", b"\x68\x60\x80"  # picture sets numbered 0 and 1
    known = ParameterSets(sps=(b"\x67abcd",), pps=(one, two))

    assert merge_sets(Codec.H264, known, ParameterSets(pps=(two,))) is known
    assert merge_sets(Codec.H264, known, ParameterSets(pps=(b"\x68\x70\x80",))).pps == (one, b"\x68\x70\x80")


def test_a_video_set_of_h265_is_known_by_its_number() -> None:
    sets = track_of(reader(Codec.H265)).sets
    again = sets.vps[0] + b"\x01"

    merged = merge_sets(Codec.H265, sets, ParameterSets((again,), sets.sps, sets.pps))

    assert merged.vps == (again,)
    assert merged.sps == sets.sps


def test_a_track_without_all_its_sets_is_refused() -> None:
    with pytest.raises(BadStream):
        init_segment(Track(Codec.H264, 160, 96, extradata=b"\x00\x00\x01\x67\x42\x00\x0a"))


# --- what an SPS says -----------------------------------------------------------------------------------------------
@given(
    profile=st.sampled_from([66, 77, 100, 110, 122, 244]),
    chroma=st.integers(0, 3),
    separate=st.integers(0, 1),
    lists=st.none() | st.lists(st.none() | st.integers(-9, 9), min_size=12, max_size=12),
    order=st.sampled_from(["count", "cycle", "output"]),
    macroblocks=st.tuples(st.integers(1, 120), st.integers(1, 70)),
    progressive=st.booleans(),
    crop=st.none() | st.tuples(*[st.integers(0, 3)] * 4),
)
def test_the_size_in_an_h264_sps_is_read_whatever_comes_before_it(
    profile: int,
    chroma: int,
    separate: int,
    lists: list[int | None] | None,
    order: str,
    macroblocks: tuple[int, int],
    progressive: bool,
    crop: tuple[int, int, int, int] | None,
) -> None:
    high = profile in (100, 110, 122, 244)
    sps = Writer()
    sps.put(profile, 8)
    sps.put(0x0028, 16)
    sps.golomb(0)
    if high:
        sps.golomb(chroma)
        if chroma == 3:
            sps.put(separate, 1)
        sps.golomb(2, 1)
        sps.put(0, 1)
        sps.put(lists is not None, 1)
        for index, delta in enumerate((lists or [])[: 12 if chroma == 3 else 8]):
            sps.put(delta is not None, 1)
            write_scaling_list(sps, delta, 16 if index < 6 else 64)
    sps.golomb(4)
    write_picture_order(sps, order)
    sps.golomb(3)
    sps.put(0, 1)
    sps.golomb(macroblocks[0] - 1, macroblocks[1] - 1)
    sps.put(progressive, 1)
    sps.put(0, 1 if progressive else 2)
    sps.put(crop is not None, 1)
    sps.golomb(*(crop or ()))
    sampling = chroma if high else 1
    fields = 1 if progressive else 2
    across = 2 if sampling in (1, 2) else 1
    down = (2 if sampling == 1 else 1) * fields
    left, right, top, bottom = crop or (0, 0, 0, 0)

    assert geometry(Codec.H264, sps.unit(b"\x67")) == Geometry(
        macroblocks[0] * 16 - across * (left + right),
        macroblocks[1] * 16 * fields - down * (top + bottom),
        0 if high and chroma == 3 and separate else sampling,
        10 if high else 8,
        9 if high else 8,
    )


def write_scaling_list(sps: Writer, delta: int | None, size: int) -> None:
    """One scaling list: a first step of `delta`, then either an early end or small steps to its length."""
    if delta is None:
        return
    if delta < 0:
        sps.signed(-8)  # following becomes 0: the list ends here
        return
    for step in range(size):
        sps.signed(delta if step == 0 else (-1) ** step)


def write_picture_order(sps: Writer, order: str) -> None:
    """The three ways to number pictures."""
    if order == "count":
        sps.golomb(0, 4)
    elif order == "cycle":
        sps.golomb(1)
        sps.put(0, 1)
        sps.signed(-2)
        sps.signed(1)
        sps.golomb(2)
        sps.signed(3)
        sps.signed(-3)
    else:
        sps.golomb(2)


@given(
    layers=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=6),
    chroma=st.integers(0, 3),
    separate=st.integers(0, 1),
    size=st.tuples(st.integers(64, 4096), st.integers(64, 2304)),
    crop=st.none() | st.tuples(*[st.integers(0, 3)] * 4),
)
def test_the_size_in_an_h265_sps_is_read_whatever_its_temporal_layers(
    layers: list[tuple[int, int]],
    chroma: int,
    separate: int,
    size: tuple[int, int],
    crop: tuple[int, int, int, int] | None,
) -> None:
    general = bytes.fromhex("016000000300b000000300 5a".replace("000003", "0000")) + b"\x00" * 2
    sps = Writer()
    sps.put(0, 4)
    sps.put(len(layers), 3)
    sps.put(1, 1)
    sps.put(int.from_bytes(general[:12].ljust(12, b"\x01"), "big"), 96)
    if layers:
        for profile, level in [*layers, *[(0, 0)] * (8 - len(layers))]:
            sps.put(profile, 1)
            sps.put(level, 1)
        for profile, level in layers:
            sps.put(0, 88 * profile + 8 * level)
    sps.golomb(0, chroma)
    if chroma == 3:
        sps.put(separate, 1)
    sps.golomb(*size)
    sps.put(crop is not None, 1)
    sps.golomb(*(crop or ()))
    sps.golomb(2, 0)
    left, right, top, bottom = crop or (0, 0, 0, 0)
    unit = sps.unit(b"\x42\x01")

    assert geometry(Codec.H265, unit) == Geometry(
        size[0] - (2 if chroma in (1, 2) else 1) * (left + right),
        size[1] - (2 if chroma == 1 else 1) * (top + bottom),
        0 if chroma == 3 and separate else chroma,
        10,
        8,
    )
    assert h265_profile(unit).layers == len(layers) + 1


def test_a_set_cut_short_is_refused() -> None:
    with pytest.raises(BadStream):
        geometry(Codec.H264, b"\x67\x64\x00")
    with pytest.raises(BadStream):
        Bits(b"\x00\x00").golomb()


# --- the file -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("per_fragment", [1, FPS])
def test_every_picture_of_a_fragmented_file_is_decoded_at_its_time(
    codec: Codec, bframes: int, per_fragment: int
) -> None:
    packets = clip(codec, bframes=bframes)
    stream = reader(codec, bframes=bframes)
    coded = samples(packets, stream)

    movie = init_segment(track_of(stream)) + b"".join(
        fragment(number // per_fragment + 1, number * TICK, coded[number : number + per_fragment])
        for number in range(0, len(coded), per_fragment)
    )

    times = presented(movie)
    assert len(times) == len(packets)
    assert [time - times[0] for time in times] == [number * TICK for number in range(len(packets))]
    with av.open(io.BytesIO(movie)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (160, 96)
        keys = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
    assert keys == [sample.keyframe for sample in coded]
    assert (bframes > 0) == any(sample.offset for sample in coded if sample.offset != coded[0].offset)


@pytest.mark.parametrize("pixels", ["yuv422p", "yuv444p"])
@pytest.mark.parametrize("codec", CODECS)
def test_a_stream_with_richer_colours_is_described_as_it_is(codec: Codec, pixels: str) -> None:
    packets = clip(codec, frames=4, pixels=pixels)
    stream = reader(codec, frames=4, pixels=pixels)

    movie = init_segment(track_of(stream)) + fragment(1, 0, samples(packets, stream))

    with av.open(io.BytesIO(movie)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == pixels
    assert len(presented(movie)) == 4


def test_a_stored_sample_holds_neither_parameter_sets_nor_delimiters() -> None:
    packet = clip(Codec.H264)[0].payload
    stream = Bitstream(Codec.H264)
    with_delimiter = b"\x00\x00\x00\x01\x09\xf0" + packet

    unit = stream.read(with_delimiter)

    assert unit is not None
    kinds = {stored[0] & 0x1F for stored in split_lengths(unit.payload)}
    assert kinds <= {1, 5, 6}
    assert unit.payload == join_lengths([nal for nal in split_annexb(packet) if nal[0] & 0x1F not in (7, 8, 9)])


# --- the codec's name -----------------------------------------------------------------------------------------------
def test_an_h264_track_is_named_by_its_profile_and_level() -> None:
    extradata = b"\x00\x00\x01\x67\x4d\x40\x28\x80\x00\x00\x01\x68\xce\x3c\x80"

    assert codec_string(Track(Codec.H264, 1920, 1080, extradata=extradata)) == "avc1.4d4028"


@pytest.mark.parametrize(
    ("general", "name"),
    [
        ("01600000 0090 0000 0000 0078", "hvc1.1.6.L120.90"),
        ("21600000 00b0 0000 0000 007b", "hvc1.1.6.H123.b0"),
        ("42200000 0000 0000 0000 005d", "hvc1.A2.4.L93"),
        ("01600000 0090 0008 0000 0078", "hvc1.1.6.L120.90.0.8"),
    ],
)
def test_an_h265_track_is_named_as_browsers_ask(general: str, name: str) -> None:
    sps = Writer()
    sps.put(1, 8)
    sps.put(int.from_bytes(bytes.fromhex(general.replace(" ", "")), "big"), 96)
    sps.golomb(0, 1, 160, 96)
    sps.put(0, 1)
    sps.golomb(0, 0)
    sets = [b"\x40\x01\x0c\x80", sps.unit(b"\x42\x01"), b"\x44\x01\xc0\x80"]
    extradata = b"".join(b"\x00\x00\x01" + unit for unit in sets)

    assert codec_string(Track(Codec.H265, 160, 96, extradata=extradata)) == name


def test_two_equal_samples_make_the_same_bytes() -> None:
    sample = Sample(b"\x00\x00\x00\x01A", TICK, True)

    assert fragment(3, 90, [sample]) == fragment(3, 90, [Sample(sample.payload, TICK, True, 0)])
    assert fragment(3, 90, [sample]) != fragment(3, 91, [sample])
