"""The segmented store: where it cuts, what it reports, what a full disk or a kill leaves."""

import errno
import os
import random
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.engine import flusher as flusher_module
from recording.engine import segment as segment_module
from recording.engine import store as store_module
from recording.engine.clock import from_us, to_us
from recording.engine.flusher import Flusher
from recording.engine.fmp4 import Bitstream, Codec, Sample, Track
from recording.engine.folders import make_folders
from recording.engine.segment import Headerless, Kind, Record, iter_records, read_header, recover, verify
from recording.engine.store import (
    Grant,
    Place,
    SegmentedStore,
    State,
    StoredSegment,
    must_cut,
    phase_of,
    relative_path,
)
from tests.recording.engine import killed_writer
from tests.recording.engine.clips import FPS, FRAME_US, TICK, clip, presented, samples

CAMERA = UUID("6f1c7a52-0d0e-4a43-9d7e-2f2d2c6c1a01")
NOON_US = to_us(datetime(2026, 3, 12, 12, tzinfo=UTC))
HOUR = timedelta(hours=1)
BASE = Path(store_module.__file__).parents[2]


def key_of(hour: datetime) -> tuple[str, bytes]:
    """A key that only this hour has."""
    return f"key-{hour:%H}", sha256(f"{hour:%d%H}".encode()).digest()


def erased_after_30_days(at: datetime) -> datetime:
    return at + timedelta(days=30)


class Recorder:
    """A camera's store under test, fed with real H.264 at 20 images a second."""

    def __init__(self, root: Path, *, every: float = 60.0) -> None:
        self.root = root
        self.flusher = Flusher(every=every)
        self.reports: list[StoredSegment] = []
        self.grant = Grant("run-1", erased_after_30_days, key_of)
        self.store = SegmentedStore(
            Place(root, CAMERA, "VAL-01"), self.grant, flusher=self.flusher, report=self.reports.append
        )
        self.number = 0

    def film(
        self, seconds: float, *, since_us: int, gop: int = FPS, size: tuple[int, int] = (160, 96), bframes: int = 0
    ) -> None:
        """Give consecutive pictures, the first one captured at `since_us`."""
        packets = clip(Codec.H264, frames=3 * gop, gop=gop, size=size, bframes=bframes)
        stream = Bitstream(Codec.H264)
        coded = samples(packets, stream)
        assert stream.track is not None
        for index in range(round(seconds * FPS)):
            self.picture(stream.track, coded[index % len(coded)], at_us=since_us + index * FRAME_US)

    def picture(self, track: Track, sample: Sample, *, at_us: int) -> None:
        self.store.add(track, sample, position=self.number * TICK, captured_us=at_us)
        self.number += 1

    @property
    def closed(self) -> list[StoredSegment]:
        return [report for report in self.reports if report.state is State.CLOSED]

    def records(self, segment: StoredSegment) -> list[Record]:
        hour = from_us(segment.since_us).replace(minute=0, second=0, microsecond=0)
        return list(iter_records(self.root / segment.path, key_of(hour)[1]))

    def movie(self, segment: StoredSegment) -> bytes:
        return b"".join(record.payload for record in self.records(segment) if record.kind is not Kind.FOOTER)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path / "recordings")
    yield recorder
    recorder.flusher.close()


def aligned(seconds: float = 0.0) -> int:
    """An instant of that hour at which this camera's segments turn, plus some seconds."""
    return NOON_US + 600_000_000 + phase_of(CAMERA) + round(seconds * 1_000_000)


# --- where it cuts --------------------------------------------------------------------------------------------------
@given(
    first=st.integers(NOON_US, NOON_US + 3_599_000_000),
    later=st.integers(0, 90_000_000),
    phase=st.integers(0, 59_999_999),
)
def test_a_segment_turns_once_a_minute_at_its_cameras_second(first: int, later: int, phase: int) -> None:
    at = first + later
    same_hour = at // 3_600_000_000 == first // 3_600_000_000
    turns = (first // 60_000_000 * 60_000_000 + phase + minute * 60_000_000 for minute in range(-1, 4))
    due = next(turn for turn in turns if turn - first >= 5_000_000)

    assert due - first <= 65_000_000
    assert must_cut(first, at, keyframe=True, phase_us=phase) == (not same_hour or at >= due)
    assert must_cut(first, at, keyframe=False, phase_us=phase) == (not same_hour)


def test_cameras_do_not_turn_together() -> None:
    seconds = {phase_of(uuid4()) // 1_000_000 for _ in range(200)}

    assert len(seconds) > 30


def test_segments_are_cut_at_a_keyframe_after_their_minute(recorder: Recorder) -> None:
    start = aligned(0.5)

    recorder.film(130, since_us=start, gop=30)
    recorder.store.close()

    first, second, third = recorder.closed
    assert (first.since_us, third.until_us) == (start, start + 130_000_000)
    assert (first.until_us, second.until_us) == (second.since_us, third.since_us)
    assert 59_500_000 <= first.until_us - first.since_us < 61_500_000
    assert 58_500_000 <= second.until_us - second.since_us < 61_500_000
    for segment in recorder.closed:
        assert recorder.records(segment)[1].keyframe
        assert read_header(recorder.root / segment.path).continues is None
        assert len(presented(recorder.movie(segment))) == segment.frames
    assert sum(segment.frames for segment in recorder.closed) == 130 * FPS


def test_a_segment_never_spans_two_hours_and_nothing_is_lost_between_them(recorder: Recorder) -> None:
    one_pm = NOON_US + 3_600_000_000
    start = one_pm - 3_020_000  # the hour falls between two images, and between two keyframes

    recorder.film(8, since_us=start, gop=40)
    recorder.store.close()

    before, after = recorder.closed
    assert (before.key_id, after.key_id) == ("key-12", "key-13")
    assert before.until_us == one_pm
    assert after.since_us == one_pm + 30_000
    assert before.frames + after.frames == 8 * FPS
    assert before.path.split("/")[2] == "12"
    assert after.path.split("/")[2:] == ["13", f"0000-{after.uuid.hex[:8]}.seg"]
    assert all(record.end_us <= one_pm for record in recorder.records(before))
    assert all(record.start_us >= one_pm for record in recorder.records(after)[1:])
    assert read_header(recorder.root / after.path).continues == before.uuid
    assert [record.keyframe for record in recorder.records(after)[1:3]] == [False, True]


def test_the_images_after_the_hour_decode_with_those_before_it(recorder: Recorder) -> None:
    one_pm = NOON_US + 3_600_000_000
    recorder.film(4, since_us=one_pm - 1_000_000, gop=60)
    recorder.store.close()
    before, after = recorder.closed

    both = recorder.movie(before) + b"".join(
        record.payload for record in recorder.records(after) if record.kind is Kind.MEDIA
    )

    assert before.frames + after.frames == 4 * FPS
    assert len(presented(recorder.movie(before))) == before.frames
    assert len(presented(both)) >= before.frames + 40  # all but the stamps that the two files have in common


def test_a_change_of_parameter_sets_opens_a_new_segment(recorder: Recorder) -> None:
    recorder.film(2, since_us=aligned(1))
    recorder.film(2, since_us=aligned(3), size=(320, 192))
    recorder.store.close()

    small, large = recorder.closed
    assert (small.until_us, large.since_us) == (aligned(3), aligned(3))
    assert small.codec != large.codec
    assert (small.frames, large.frames) == (40, 40)
    assert len(presented(recorder.movie(large))) == 40


def test_nothing_is_kept_before_the_first_keyframe_of_a_track(recorder: Recorder) -> None:
    stream = Bitstream(Codec.H264)
    coded = samples(clip(Codec.H264), stream)
    assert stream.track is not None
    for index, sample in enumerate(coded[5:30]):
        recorder.picture(stream.track, sample, at_us=aligned(1) + index * FRAME_US)
    recorder.store.close()
    recorder.picture(stream.track, coded[31], at_us=aligned(5))
    recorder.store.close()

    (segment,) = recorder.closed
    assert segment.since_us == aligned(1) + 15 * FRAME_US
    assert segment.frames == 10


def test_a_clock_set_back_opens_a_new_segment_so_that_instants_only_grow(recorder: Recorder) -> None:
    recorder.film(1.5, since_us=aligned(10))
    stream = Bitstream(Codec.H264)
    coded = samples(clip(Codec.H264), stream)
    assert stream.track is not None
    for index in range(10):
        recorder.picture(stream.track, coded[1 + index], at_us=aligned(9) + index * FRAME_US)
    recorder.store.close()

    first, second = recorder.closed
    assert first.until_us == aligned(11.5)
    assert (second.since_us, second.frames) == (aligned(9), 10)
    assert read_header(recorder.root / second.path).continues == first.uuid


def test_images_received_at_the_same_instant_are_all_kept(recorder: Recorder) -> None:
    stream = Bitstream(Codec.H264)
    coded = samples(clip(Codec.H264), stream)
    assert stream.track is not None
    for sample in coded:
        recorder.picture(stream.track, sample, at_us=aligned(2))
    recorder.store.close()

    (segment,) = recorder.closed
    assert (segment.frames, segment.records) == (60, 3)
    assert presented(recorder.movie(segment)) == [number * TICK for number in range(60)]


# --- records --------------------------------------------------------------------------------------------------------
def media(recorder: Recorder) -> list[Record]:
    (segment,) = recorder.closed
    return [record for record in recorder.records(segment) if record.kind is Kind.MEDIA]


def test_a_record_holds_one_second_and_is_written_when_it_is_full(recorder: Recorder) -> None:
    recorder.film(2.95, since_us=aligned(1))
    recorder.flusher.wait()
    (opened,) = recorder.reports
    torn_free = recover(recorder.root / opened.path)

    assert opened.state is State.OPEN
    assert (torn_free.records, torn_free.frames) == (2, 40)
    recorder.store.flush()
    recorder.store.flush()
    assert recover(recorder.root / opened.path).frames == 59
    recorder.store.close()
    assert [record.images for record in media(recorder)] == [20, 20, 19]


def test_every_keyframe_begins_a_record_when_they_are_half_a_second_apart(recorder: Recorder) -> None:
    recorder.film(6.6, since_us=aligned(1), gop=22)
    recorder.store.close()

    records = media(recorder)
    assert [record.images for record in records] == [20, 2] * 6
    assert [record.keyframe for record in records] == [True, False] * 6


def test_keyframes_on_every_image_do_not_make_a_record_each(recorder: Recorder) -> None:
    recorder.film(3, since_us=aligned(1), gop=1)
    recorder.store.close()

    assert [record.images for record in media(recorder)] == [10] * 6


def test_images_that_come_late_close_the_record_that_waits(recorder: Recorder) -> None:
    stream = Bitstream(Codec.H264)
    coded = samples(clip(Codec.H264), stream)
    assert stream.track is not None
    for index, sample in enumerate(coded[:5]):
        recorder.picture(stream.track, sample, at_us=aligned(1) + index * 400_000)
    recorder.store.close()

    records = media(recorder)
    assert [record.images for record in records] == [3, 2]
    assert [record.start_us for record in records] == [aligned(1), aligned(2.2)]


def test_reordered_pictures_are_shown_in_their_order(recorder: Recorder) -> None:
    recorder.film(3, since_us=aligned(1), bframes=2)
    recorder.store.close()

    (segment,) = recorder.closed
    times = presented(recorder.movie(segment))
    assert [time - times[0] for time in times] == [number * TICK for number in range(60)]


# --- what it reports ------------------------------------------------------------------------------------------------
def test_a_segment_is_reported_open_then_closed_with_its_figures(recorder: Recorder) -> None:
    start = aligned(1)
    recorder.film(2, since_us=start)
    recorder.store.close()

    opened, closed = recorder.reports
    path = recorder.root / closed.path
    content = path.read_bytes()
    at = from_us(start)
    assert closed.path == f"{CAMERA}/2026-03-12/{at:%H}/{at:%M%S}-{closed.uuid.hex[:8]}.seg"
    assert (opened.state, opened.frames, opened.path, opened.uuid) == (State.OPEN, 0, closed.path, closed.uuid)
    assert 0 < opened.size < closed.size == len(content)
    assert closed.sha256 == sha256(content).hexdigest()
    assert (closed.records, closed.frames, closed.camera) == (2, 40, CAMERA)
    assert (closed.since_us, closed.until_us) == (start, start + 2_000_000)
    assert closed.erase_at_us == start + 30 * 86_400_000_000
    assert (closed.key_id, closed.codec) == ("key-12", "avc1.42c00a")
    verified = verify(path, key_of(at.replace(minute=0, second=0, microsecond=0))[1])
    assert (verified.complete, verified.sha256, verified.header.decision) == (True, closed.sha256, "run-1")
    assert verified.header.position == "VAL-01"


def test_a_new_grant_serves_from_the_next_segment_on(recorder: Recorder) -> None:
    recorder.film(1, since_us=aligned(-1))
    recorder.store.grant = Grant("run-2", lambda at: at + timedelta(days=10), key_of)
    recorder.film(62, since_us=aligned(0))
    recorder.store.close()

    headers = [read_header(recorder.root / segment.path) for segment in recorder.closed]
    assert [header.decision for header in headers][:2] == ["run-1", "run-2"]
    assert [(header.erase_us - header.start_us) // 86_400_000_000 for header in headers][:2] == [30, 10]


def test_files_and_folders_are_private_whatever_the_umask(recorder: Recorder) -> None:
    before = os.umask(0)
    try:
        recorder.film(1, since_us=aligned(1))
        recorder.store.close()
    finally:
        os.umask(before)

    (segment,) = recorder.closed
    path = recorder.root / segment.path
    assert path.stat().st_mode & 0o777 == 0o600
    assert {parent.stat().st_mode & 0o777 for parent in path.parents[:4]} == {0o700}
    assert path.parents[3] == recorder.root


def test_closing_twice_or_before_any_image_reports_nothing(recorder: Recorder) -> None:
    recorder.store.flush()
    recorder.store.close()
    recorder.film(1, since_us=aligned(1))
    recorder.store.close()
    recorder.store.close()

    assert [report.state for report in recorder.reports] == [State.OPEN, State.CLOSED]


# --- what goes wrong ------------------------------------------------------------------------------------------------
def test_without_the_hours_key_nothing_is_written(recorder: Recorder) -> None:
    def no_key(hour: datetime) -> tuple[str, bytes]:
        raise LookupError(hour)

    recorder.store.grant = Grant("run-1", erased_after_30_days, no_key)

    with pytest.raises(LookupError):
        recorder.film(1, since_us=aligned(1))

    recorder.store.close()
    assert recorder.reports == []
    assert not recorder.root.exists()


def test_a_missing_key_at_the_hour_closes_what_was_recorded_and_waits_for_a_keyframe(recorder: Recorder) -> None:
    one_pm = NOON_US + 3_600_000_000
    recorder.film(1.5, since_us=one_pm - 1_500_000)

    def late(hour: datetime) -> tuple[str, bytes]:
        raise LookupError(hour)

    recorder.store.grant = Grant("run-1", erased_after_30_days, late)
    stream = Bitstream(Codec.H264)
    coded = samples(clip(Codec.H264), stream)
    assert stream.track is not None
    with pytest.raises(LookupError):
        recorder.picture(stream.track, coded[10], at_us=one_pm + 1)
    recorder.store.grant = recorder.grant
    recorder.picture(stream.track, coded[11], at_us=one_pm + FRAME_US)
    recorder.picture(stream.track, coded[20], at_us=one_pm + 10 * FRAME_US)
    recorder.store.close()

    before, after = recorder.closed
    assert (before.frames, before.until_us) == (30, one_pm)
    assert (after.frames, after.since_us) == (1, one_pm + 10 * FRAME_US)


def test_a_disk_that_fills_leaves_a_readable_segment_and_recording_comes_back(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.film(2.5, since_us=aligned(1))
    real_write = os.write

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(segment_module.os, "write", full)
    with pytest.raises(OSError) as refusal:
        recorder.film(1, since_us=aligned(3.5))
    with pytest.raises(OSError):
        recorder.film(1, since_us=aligned(5))
    monkeypatch.setattr(segment_module.os, "write", real_write)
    recorder.film(1, since_us=aligned(6))
    recorder.store.close()

    assert refusal.value.errno == errno.ENOSPC
    cut = next(report for report in recorder.reports if report.state is State.CUT)
    assert (cut.records, cut.frames) == (2, 40)
    assert sha256((recorder.root / cut.path).read_bytes()).hexdigest() == cut.sha256
    assert len(presented(recorder.movie(cut))) == 40
    assert [report.since_us for report in recorder.closed] == [aligned(6)]
    assert len(list(recorder.root.rglob("*.seg"))) == 2  # the file that could not even begin is gone


def test_a_disk_full_at_the_close_is_said(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder.film(1, since_us=aligned(1))

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(segment_module.os, "write", full)
    with pytest.raises(OSError):
        recorder.store.close()

    assert [report.state for report in recorder.reports] == [State.OPEN, State.CUT]


def test_a_sync_that_fails_stops_the_segment_and_is_said(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder.film(1, since_us=aligned(1))
    recorder.flusher.wait()

    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(flusher_module.os, "fdatasync", broken)
    with pytest.raises(OSError, match="le disque a refusé") as refusal:
        recorder.store.close()

    assert refusal.value.errno == errno.EIO
    assert [report.state for report in recorder.reports] == [State.OPEN]  # never said closed: it may not be whole


def test_a_sync_that_fails_in_the_middle_is_said_at_the_next_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path, every=0.01)
    failures = []

    def broken_once(descriptor: int) -> None:
        if not failures:
            failures.append(descriptor)
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(flusher_module.os, "fdatasync", broken_once)
    recorder.film(1, since_us=aligned(1))
    deadline = time.monotonic() + 5
    while not failures and time.monotonic() < deadline:
        time.sleep(0.01)
    recorder.flusher.wait()

    with pytest.raises(OSError):
        recorder.film(1, since_us=aligned(2))
    recorder.film(1, since_us=aligned(3))
    recorder.store.close()
    recorder.flusher.close()

    assert [report.state for report in recorder.reports] == [State.OPEN, State.CUT, State.OPEN, State.CLOSED]


def test_an_open_file_is_synced_without_waiting_for_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[float] = []
    monkeypatch.setattr(flusher_module.os, "fdatasync", lambda _: synced.append(time.monotonic()))
    recorder = Recorder(tmp_path, every=0.02)

    recorder.film(1, since_us=aligned(1))
    deadline = time.monotonic() + 5
    while len(synced) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)

    assert len(synced) >= 3
    assert [report.state for report in recorder.reports] == [State.OPEN]
    recorder.store.close()
    recorder.flusher.close()


def test_an_hours_folder_that_the_keeper_removes_meanwhile_is_made_again(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = []

    def made_then_removed(folder: Path) -> list[Path]:
        changed = make_folders(folder)
        if not removed:
            removed.append(folder)
            folder.rmdir()
        return changed

    monkeypatch.setattr(store_module, "make_folders", made_then_removed)
    recorder.film(1, since_us=aligned(1))
    recorder.store.close()

    assert removed
    assert [report.state for report in recorder.reports] == [State.OPEN, State.CLOSED]


def test_a_file_that_exists_is_never_written_over(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = uuid4()
    monkeypatch.setattr(store_module, "uuid4", lambda: segment)
    path = recorder.root / relative_path(CAMERA, segment, at=from_us(aligned(1)))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"evidence")

    with pytest.raises(FileExistsError):
        recorder.film(1, since_us=aligned(1))

    assert path.read_bytes() == b"evidence"


# --- a kill ---------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_killed_recorder_loses_one_record_at_most_and_leaves_no_unreadable_file(tmp_path: Path) -> None:
    clip_file = tmp_path / "clip"
    clip_file.write_bytes(b"\n--\n".join(packet.payload for packet in clip(Codec.H264)))
    chance = random.Random(20260312)
    lost: list[int] = []

    for number in range(20):
        root = tmp_path / str(number)
        said_us = kill_after(chance.randrange(30, 600), root, clip_file)
        segments = sorted(root.rglob("*.seg"))
        if not begun(segments[-1]):
            segments.pop()  # killed between the file and its header, which the recovery then removes
        for segment in segments[:-1]:
            assert verify(segment, killed_writer.HOUR_KEY).complete
        recovered = recover(segments[-1])
        records = list(iter_records(segments[-1], killed_writer.HOUR_KEY))
        movie = b"".join(record.payload for record in records if record.kind is not Kind.FOOTER)
        assert len(presented(movie)) == recovered.frames
        lost.append(said_us - recovered.end_us)

    assert max(lost) <= 1_100_000, lost
    assert sum(lost) > 0  # they were killed at random moments, not between two records


def begun(segment: Path) -> bool:
    """Tell whether a file has its header; without one, no image was ever in it."""
    try:
        recover(segment)
    except Headerless:
        return False
    return True


def kill_after(pictures: int, root: Path, clip_file: Path) -> int:
    """Kill -9 a writing process once it has stored so many pictures; return the end of the last one, in µs."""
    script = Path(killed_writer.__file__)
    environment = {**os.environ, "PYTHONPATH": str(BASE)}
    writer = subprocess.Popen(
        [sys.executable, str(script), str(root), str(clip_file)], stdout=subprocess.PIPE, env=environment
    )
    assert writer.stdout is not None
    said = writer.stdout.read(8 * pictures)
    writer.kill()
    said += writer.stdout.read()
    writer.wait()
    return int(struct.unpack(">q", said[len(said) // 8 * 8 - 8 : len(said) // 8 * 8])[0])
