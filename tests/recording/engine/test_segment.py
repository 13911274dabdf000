"""The sealed segment: what it says, what it refuses, and what a crash leaves of it."""

import errno
import hashlib
import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording.engine import segment as segment_module
from recording.engine.fmp4 import Bitstream, Codec, fragment, init_segment
from recording.engine.segment import (
    Altered,
    Headerless,
    Image,
    Kind,
    Record,
    Row,
    SegmentHeader,
    SegmentWriter,
    Torn,
    WriterFailed,
    iter_records,
    read_footer,
    read_header,
    recover,
    verify,
)
from tests.recording.engine.clips import FPS, FRAME_US, TICK, clip, presented, samples

START = 1_773_316_800_000_000  # 12 March 2026, 12:00 UTC
HOUR_KEY = bytes(range(32))
HEADER = SegmentHeader(
    segment=UUID("0b6f7c0e-6f0d-4bd1-a5bb-5d0f5b0e7a10"),
    camera=UUID("6f1c7a52-0d0e-4a43-9d7e-2f2d2c6c1a01"),
    position="VAL-01",
    start_us=START,
    erase_us=START + 30 * 86_400_000_000,
    decision="3f2a",
    key_id="d0b1e9c4-26ab-4a44-a1f5-4b8f9a3d8f51",
    codec="avc1.42c00a",
)


def write(path: Path, *, header: SegmentHeader = HEADER, records: int = 3, finished: bool = True) -> SegmentWriter:
    """A segment of `records` seconds of real H.264."""
    packets = clip(Codec.H264)
    stream = Bitstream(Codec.H264)
    coded = samples(packets, stream)
    assert stream.track is not None
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        writer = SegmentWriter(descriptor, header, hour_key=HOUR_KEY, init=init_segment(stream.track))
        for number in range(records):
            first = number * FPS
            images = [
                Image(START + (first + index) * FRAME_US, sample.keyframe)
                for index, sample in enumerate(coded[first : first + FPS])
            ]
            payload = fragment(number + 1, first * TICK, coded[first : first + FPS])
            writer.append(payload, images, end_us=START + (number + 1) * 1_000_000)
        if finished:
            writer.finish(writer.end_us)
    finally:
        os.close(descriptor)
    return writer


def small(path: Path, *, finished: bool = True) -> bytes:
    """A segment of a few bytes, to alter each of them."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    writer = SegmentWriter(descriptor, HEADER, hour_key=HOUR_KEY, init=b"init")
    for number in range(2):
        at = START + number * 1_000_000
        writer.append(b"media %d" % number, [Image(at, number == 0)], end_us=at + 1_000_000)
    if finished:
        writer.finish(writer.end_us)
    os.close(descriptor)
    return path.read_bytes()


def opened(path: Path) -> list[Record]:
    return list(iter_records(path, HOUR_KEY))


# --- what it says ---------------------------------------------------------------------------------------------------
def test_the_records_end_to_end_are_a_file_that_plays(tmp_path: Path) -> None:
    writer = write(tmp_path / "one.seg")

    records = opened(tmp_path / "one.seg")

    movie = b"".join(record.payload for record in records if record.kind is not Kind.FOOTER)
    assert len(presented(movie)) == writer.frames == 3 * FPS
    assert [record.kind for record in records] == [Kind.INIT, Kind.MEDIA, Kind.MEDIA, Kind.MEDIA, Kind.FOOTER]
    assert [record.keyframe for record in records[1:-1]] == [True] * 3
    assert [(record.start_us, record.end_us) for record in records[1:-1]] == [
        (START + second * 1_000_000, START + (second + 1) * 1_000_000) for second in range(3)
    ]


def test_the_header_is_readable_without_any_key(tmp_path: Path) -> None:
    header = replace(HEADER, position="Échauguette « Nord »", continues=UUID(int=7))
    write(tmp_path / "one.seg", header=header)

    assert read_header(tmp_path / "one.seg") == header


def test_the_footer_counts_and_dates_every_image(tmp_path: Path) -> None:
    writer = write(tmp_path / "one.seg")
    content = (tmp_path / "one.seg").read_bytes()

    footer_record = opened(tmp_path / "one.seg")[-1]
    footer = read_footer(HEADER, footer_record)

    keys = {0, FPS, 2 * FPS}
    assert footer.table == tuple(
        Row(1 + number // FPS, START + number * FRAME_US, number in keys) for number in range(3 * FPS)
    )
    assert (footer.records, footer.end_us) == (3, START + 3_000_000)
    footer_size = 28 + len(footer_record.payload) + 16
    assert footer.sha256 == hashlib.sha256(content[:-footer_size]).digest()
    assert writer.sha256 == hashlib.sha256(content).hexdigest()
    assert writer.bytes == len(content)


def test_a_whole_segment_is_verified_with_its_figures(tmp_path: Path) -> None:
    writer = write(tmp_path / "one.seg")

    verified = verify(tmp_path / "one.seg", HOUR_KEY)

    assert verified.header == HEADER
    assert (verified.records, verified.frames, verified.end_us) == (3, 60, START + 3_000_000)
    assert verified.complete
    assert verified.sha256 == writer.sha256


def test_nothing_of_the_picture_is_on_the_disk_in_clear(tmp_path: Path) -> None:
    write(tmp_path / "one.seg")
    on_disk = (tmp_path / "one.seg").read_bytes()
    media = [record.payload for record in opened(tmp_path / "one.seg") if record.kind is Kind.MEDIA]
    pictures = b"".join(payload[payload.index(b"mdat") + 4 :] for payload in media)

    pieces = {pictures[start : start + 8] for start in range(len(pictures) - 8)} - {bytes(8)}
    assert len(pieces) > 1000
    assert not [piece for piece in pieces if piece in on_disk]
    assert not [box for box in (b"ftyp", b"moov", b"moof", b"mdat", b"avcC") if box in on_disk]


# --- what it refuses ------------------------------------------------------------------------------------------------
def test_any_altered_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.seg"
    content = small(path)

    for position in range(len(content)):
        altered = bytearray(content)
        altered[position] ^= 1 << position % 8
        path.write_bytes(altered)
        with pytest.raises(Altered):
            opened(path)
        with pytest.raises(Altered):
            verify(path, HOUR_KEY)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.randoms(use_true_random=False))
def test_any_byte_added_or_removed_or_replaced_is_refused(tmp_path: Path, choice: object) -> None:
    path = tmp_path / "one.seg"
    path.unlink(missing_ok=True)
    content = small(path)
    start = choice.randrange(len(content))  # type: ignore[attr-defined]
    end = choice.randrange(start, min(len(content), start + 60))  # type: ignore[attr-defined]
    altered = content[:start] + choice.randbytes(choice.randrange(1, 40)) + content[end:]  # type: ignore[attr-defined]

    path.write_bytes(altered)

    if altered != content:
        with pytest.raises(Altered):
            opened(path)


@pytest.mark.parametrize(
    "change",
    [{"erase_us": HEADER.erase_us + 1}, {"camera": UUID(int=1)}, {"position": "VAL-02"}, {"decision": "other"}],
)
def test_neither_the_end_of_life_nor_the_camera_can_be_rewritten(tmp_path: Path, change: dict[str, object]) -> None:
    content = small(tmp_path / "one.seg")
    rewritten = replace(HEADER, **change).to_bytes()  # type: ignore[arg-type]

    (tmp_path / "one.seg").write_bytes(rewritten + content[len(HEADER.to_bytes()) :])

    assert read_header(tmp_path / "one.seg") != HEADER
    with pytest.raises(Altered):
        opened(tmp_path / "one.seg")


def test_another_hours_key_opens_nothing(tmp_path: Path) -> None:
    small(tmp_path / "one.seg")

    with pytest.raises(Altered, match="clé"):
        list(iter_records(tmp_path / "one.seg", bytes(32)))


def test_a_record_taken_away_or_swapped_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.seg"
    content = small(path)
    size = 28 + len(b"media 0") + 16
    init_end = len(HEADER.to_bytes()) + 28 + len(b"init") + 16
    first, second = content[init_end : init_end + size], content[init_end + size : init_end + 2 * size]
    footer = content[init_end + 2 * size :]

    for rest in (first + footer, second + footer, second + first + footer, first + second + footer + footer):
        path.write_bytes(content[:init_end] + rest)
        with pytest.raises(Altered):
            opened(path)


def test_a_segment_cut_after_a_whole_record_is_authentic_but_not_complete(tmp_path: Path) -> None:
    small(tmp_path / "one.seg", finished=False)

    verified = verify(tmp_path / "one.seg", HOUR_KEY)

    assert (verified.records, verified.complete) == (2, False)
    assert verified.end_us == START + 2_000_000


@pytest.mark.parametrize(
    "text",
    [b"{}", b"[]", b"null", b'{"segment": 3, "camera": null, "continues": null}', b"\xff", b"{" * 40],
)
def test_a_header_that_is_not_one_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "one.seg").write_bytes(b"CSEG0001" + len(text).to_bytes(4, "big") + text)

    with pytest.raises(Altered):
        read_header(tmp_path / "one.seg")


def test_a_header_written_otherwise_is_refused(tmp_path: Path) -> None:
    text = HEADER.to_bytes()[12:].replace(b",", b", ")
    (tmp_path / "one.seg").write_bytes(b"CSEG0001" + len(text).to_bytes(4, "big") + text)

    with pytest.raises(Altered):
        read_header(tmp_path / "one.seg")


@pytest.mark.parametrize("payload", [b"short", b"\x00" * 48 + b"odd", b"\x00\x00\x00\x00\x00\x00\x00\x09" + bytes(40)])
def test_a_footer_that_does_not_hold_together_is_refused(payload: bytes) -> None:
    with pytest.raises(Altered):
        read_footer(HEADER, Record(Kind.FOOTER, False, 0, 3, START, 0, payload))


def test_a_footer_that_miscounts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = os.open(tmp_path / "one.seg", os.O_WRONLY | os.O_CREAT, 0o600)
    writer = SegmentWriter(descriptor, HEADER, hour_key=HOUR_KEY, init=b"init")
    writer.records = 4
    writer.finish(START)
    os.close(descriptor)

    assert [record.kind for record in opened(tmp_path / "one.seg")] == [Kind.INIT, Kind.FOOTER]
    with pytest.raises(Altered, match="pied"):
        verify(tmp_path / "one.seg", HOUR_KEY)


# --- a write that fails ---------------------------------------------------------------------------------------------
def test_a_finished_segment_takes_nothing_more(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "one.seg", os.O_WRONLY | os.O_CREAT, 0o600)
    writer = SegmentWriter(descriptor, HEADER, hour_key=HOUR_KEY, init=b"init")
    writer.finish(START)

    with pytest.raises(WriterFailed):
        writer.append(b"late", [Image(START, True)], end_us=START + 1)
    os.close(descriptor)


def test_a_full_disk_leaves_whole_records_and_seals_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.seg"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    writer = SegmentWriter(descriptor, HEADER, hour_key=HOUR_KEY, init=b"init")
    writer.append(b"kept", [Image(START, True)], end_us=START + 1)
    before = path.read_bytes()
    real_write = os.write
    left = [10]

    def nearly_full(file: int, content: bytes) -> int:
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(file, bytes(content)[: left.pop()])

    monkeypatch.setattr(segment_module.os, "write", nearly_full)
    with pytest.raises(WriterFailed) as failure:
        writer.append(b"lost" * 100, [Image(START + 1, False)], end_us=START + 2)
    monkeypatch.undo()

    assert failure.value.errno == errno.ENOSPC
    assert path.read_bytes() == before
    assert writer.sha256 == hashlib.sha256(before).hexdigest()
    with pytest.raises(WriterFailed):
        writer.finish(START + 1)
    os.close(descriptor)


# --- what a crash leaves --------------------------------------------------------------------------------------------
def test_recovery_cuts_a_torn_end_at_the_last_whole_record_without_any_key(tmp_path: Path) -> None:
    path = tmp_path / "one.seg"
    content = small(path, finished=False)
    size = 28 + len(b"media 0") + 16
    init_end = len(content) - 2 * size

    for cut in range(init_end, len(content) + 1):
        path.write_bytes(content[:cut])
        whole = (cut - init_end) // size

        recovered = recover(path)

        assert recovered.records == recovered.frames == whole
        assert recovered.bytes == path.stat().st_size == init_end + whole * size
        assert recovered.torn == cut - recovered.bytes
        assert recovered.end_us == START + whole * 1_000_000
        assert recovered.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert not recovered.complete
        assert [record.payload for record in opened(path)][1:] == [b"media 0", b"media 1"][:whole]


def test_recovery_of_a_closed_segment_changes_nothing(tmp_path: Path) -> None:
    writer = write(tmp_path / "one.seg")
    before = (tmp_path / "one.seg").read_bytes()

    recovered = recover(tmp_path / "one.seg")

    assert (tmp_path / "one.seg").read_bytes() == before
    assert (recovered.torn, recovered.complete, recovered.records, recovered.frames) == (0, True, 3, 60)
    assert (recovered.sha256, recovered.end_us, recovered.header) == (writer.sha256, START + 3_000_000, HEADER)


def test_recovery_cuts_the_zeros_that_a_power_cut_leaves(tmp_path: Path) -> None:
    content = small(tmp_path / "one.seg", finished=False)
    (tmp_path / "one.seg").write_bytes(content + bytes(500))

    recovered = recover(tmp_path / "one.seg")

    assert (recovered.torn, recovered.records) == (500, 2)
    assert (tmp_path / "one.seg").read_bytes() == content


def test_a_mark_met_by_chance_in_a_torn_record_does_not_stop_recovery(tmp_path: Path) -> None:
    content = small(tmp_path / "one.seg", finished=False)
    torn = segment_module._HEAD.pack(b"CREC", Kind.MEDIA, 0, 1, 3, START, 1, 9000) + b"..CREC" + b"x" * 40 + b"CREC"
    (tmp_path / "one.seg").write_bytes(content + torn)

    assert recover(tmp_path / "one.seg").torn == len(torn)
    assert (tmp_path / "one.seg").read_bytes() == content


# Offsets in a record's head: its mark, its kind, its number, its length.
@pytest.mark.parametrize("offset", [0, 3, 4, 8, 11, 24, 26])
def test_recovery_cuts_nothing_when_the_damage_is_not_at_the_end(tmp_path: Path, offset: int) -> None:
    path = tmp_path / "one.seg"
    altered = bytearray(small(path))
    first_media = len(HEADER.to_bytes()) + 28 + len(b"init") + 16
    altered[first_media + offset] ^= 0x40
    path.write_bytes(altered)

    with pytest.raises(Altered, match="rien n'y est coupé"):
        recover(path)

    assert path.read_bytes() == altered


def test_recovery_refuses_what_was_added_after_a_footer(tmp_path: Path) -> None:
    content = small(tmp_path / "one.seg")
    (tmp_path / "one.seg").write_bytes(content + b"something longer than the head of a record")

    with pytest.raises(Altered):
        recover(tmp_path / "one.seg")


@pytest.mark.parametrize("keep", [0, 1, 8, 11, 12, 40])
def test_a_file_that_stops_in_its_header_never_held_an_image(tmp_path: Path, keep: int) -> None:
    (tmp_path / "one.seg").write_bytes(HEADER.to_bytes()[:keep])

    with pytest.raises(Headerless):
        recover(tmp_path / "one.seg")
    with pytest.raises(Headerless):
        opened(tmp_path / "one.seg")


def test_a_file_of_zeros_never_held_an_image(tmp_path: Path) -> None:
    (tmp_path / "one.seg").write_bytes(bytes(4096))

    with pytest.raises(Headerless):
        recover(tmp_path / "one.seg")


def test_a_file_that_is_not_a_segment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.seg").write_bytes(b"RIFF" * 20)

    with pytest.raises(Altered) as refusal:
        recover(tmp_path / "one.seg")
    assert not isinstance(refusal.value, Headerless)


def test_reading_a_segment_being_written_stops_at_its_last_whole_record(tmp_path: Path) -> None:
    content = small(tmp_path / "one.seg", finished=False)
    (tmp_path / "one.seg").write_bytes(content[:-3])
    records = []

    with pytest.raises(Torn):
        records.extend(iter_records(tmp_path / "one.seg", HOUR_KEY))
    with pytest.raises(Torn):
        records.extend(record for record in iter_records(tmp_path / "one.seg", HOUR_KEY))

    assert [record.payload for record in records] == [b"init", b"media 0"] * 2
