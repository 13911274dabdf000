"""Keeps a camera's pictures on the disk, in one-second records and one-minute segments: no clock, index nor key store.

A segment is cut at the first keyframe once its minute is over (each camera has its own second, so that a hundred of
them do not write together), and at the UTC hour in any case: its key serves that hour only. What comes between the hour
and the next keyframe is not lost: it opens a segment that says which one it `continues`: the images it needs are there.
"""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from recording.engine.clock import from_us, to_us
from recording.engine.flusher import Flusher
from recording.engine.fmp4 import Sample, Track, codec_string, fragment, init_segment
from recording.engine.folders import make_folders, sync_folder
from recording.engine.segment import Image, SegmentHeader, SegmentWriter

SECOND_US = 1_000_000
SEGMENT_US = 60 * SECOND_US
HOUR_US = 3600 * SECOND_US
SHORTEST_US = 5 * SECOND_US
KEYFRAMES_APART_US = SECOND_US // 2
ROOM_BYTES = 32 << 20  # a minute of a camera at 4 Mbit/s


class State(StrEnum):
    """How far a segment is: `CUT` is closed without a footer, at its last whole record, by a disk that refused."""

    OPEN = "open"
    CLOSED = "closed"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a camera's segments go, and what it films."""

    root: Path
    camera: UUID
    position: str


@dataclass(frozen=True, slots=True)
class Grant:
    """In whose name images are kept: a reference, when an image of an instant must be gone, and each UTC hour's key."""

    decision: str
    erase_at: Callable[[datetime], datetime]
    key_for: Callable[[datetime], tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSegment:
    """What the index must know of a segment; `path` is relative to the root, instants are microseconds UTC."""

    uuid: UUID
    camera: UUID
    path: str
    since_us: int
    until_us: int
    erase_at_us: int
    key_id: str
    codec: str
    size: int
    records: int
    frames: int
    sha256: str
    state: State


def phase_of(camera: UUID) -> int:
    """Return the microsecond of the minute at which this camera's segments turn."""
    return camera.int % SEGMENT_US


def must_cut(first_us: int, at_us: int, *, keyframe: bool, phase_us: int) -> bool:
    """Say whether an image at `at_us` opens a new segment, the present one having begun at `first_us`."""
    if at_us // HOUR_US != first_us // HOUR_US:
        return True
    turn_us = first_us + SEGMENT_US - (first_us - phase_us) % SEGMENT_US
    if turn_us - first_us < SHORTEST_US:
        turn_us += SEGMENT_US
    return keyframe and at_us >= turn_us


def relative_path(camera: UUID, segment: UUID, *, at: datetime) -> Path:
    """Return where a segment that begins at an instant in UTC is kept, under the root."""
    return Path(str(camera), f"{at:%Y-%m-%d}", f"{at:%H}", f"{at:%M%S}-{segment.hex[:8]}.seg")


@dataclass(frozen=True, slots=True)
class _Capture:
    sample: Sample
    position: int
    at_us: int


class _OpenSegment:
    """One segment being written, and the images of the second that is not sealed yet."""

    def __init__(self, writer: SegmentWriter, descriptor: int, track: Track, position: int) -> None:
        self.writer = writer
        self.descriptor = descriptor
        self.track = track
        self.hour_ends_us = (writer.header.start_us // HOUR_US + 1) * HOUR_US
        self.last_us = writer.header.start_us
        self._origin = position
        self._pending: list[_Capture] = []

    def add(self, capture: _Capture) -> None:
        if self._pending and self._starts_record(capture):
            self.seal()
        self._pending.append(capture)
        self.last_us = capture.at_us
        # Sealed at once when the second is full: what waits is what a crash takes.
        if self._span_us(capture.position + capture.sample.duration) >= SECOND_US:
            self.seal()

    def _span_us(self, position: int) -> int:
        return (position - self._pending[0].position) * SECOND_US // self.track.timescale

    def _starts_record(self, capture: _Capture) -> bool:
        first = self._pending[0]
        span_us = max(self._span_us(capture.position), capture.at_us - first.at_us)
        if capture.sample.keyframe and (not first.sample.keyframe or span_us >= KEYFRAMES_APART_US):
            return True  # so that a reader finds it without opening anything
        return span_us >= SECOND_US

    def seal(self) -> None:
        """Write the images that wait as one record."""
        captures, self._pending = self._pending, []
        if not captures:
            return
        positions = [capture.position for capture in captures]
        ends = [*positions[1:], positions[-1] + captures[-1].sample.duration]
        samples = [
            Sample(capture.sample.payload, end - capture.position, capture.sample.keyframe, capture.sample.offset)
            for capture, end in zip(captures, ends, strict=True)
        ]
        self.writer.append(
            fragment(self.writer.records + 1, positions[0] - self._origin, samples),
            [Image(capture.at_us, capture.sample.keyframe) for capture in captures],
            end_us=self._end_of(captures[-1]),
        )

    def _end_of(self, last: _Capture) -> int:
        duration_us = last.sample.duration * SECOND_US // self.track.timescale
        return min(last.at_us + duration_us, self.hour_ends_us)

    def finish(self, next_us: int | None) -> None:
        """Seal what waits and the footer; the last image lasts until the next one, if one follows in this hour."""
        self.seal()
        end_us = self.writer.end_us
        if next_us is not None and next_us >= self.last_us:
            end_us = min(next_us, self.hour_ends_us)
        self.writer.finish(end_us)


class SegmentedStore:
    """Seals the pictures of one camera. `report` is told of a segment once the disk has it, from the flusher's thread.

    A new `grant` serves from the next segment on. Nothing is written outside a grant's key: `key_for` may raise.
    """

    def __init__(
        self, place: Place, grant: Grant, *, flusher: Flusher, report: Callable[[StoredSegment], None]
    ) -> None:
        self.grant = grant
        self._place, self._flusher, self._report = place, flusher, report
        self._phase_us = phase_of(place.camera)
        self._open: _OpenSegment | None = None
        self._previous: UUID | None = None
        self._decodable: Track | None = None
        self._failure: OSError | None = None
        self.kept_us = 0  # until when what the disk last took lasts: where a refusal's gap begins

    def add(self, track: Track, sample: Sample, *, position: int, captured_us: int) -> None:
        """Keep one picture, at `position` ticks on the stream's time line, captured at an instant (µs UTC).

        What comes before a keyframe of its track is not kept: nothing could show it. Raises OSError when the disk
        refuses; what was sealed is closed, and the next keyframe opens a new segment.
        """
        self._refuse_if_failed()
        if self._open is not None and self._turns(self._open, track, sample, captured_us):
            self._finish(captured_us)
        if self._open is None:
            if not sample.keyframe and track != self._decodable:
                return
            self._open = self._begin(track, sample, position, captured_us)
        self._guarded(partial(self._open.add, _Capture(sample, position, captured_us)))

    def room(self) -> bool:
        """Say whether the disk has room again for what is worth beginning: a segment of a few images is only a loss."""
        try:
            return shutil.disk_usage(self._place.root).free >= ROOM_BYTES
        except OSError:
            return False

    def flush(self) -> None:
        """Seal now what waits for its second to be full."""
        if self._open is not None:
            self._guarded(self._open.seal)

    def close(self) -> None:
        """Close the segment, if one is open, and return once it is on the disk and reported. Raises OSError."""
        self._decodable = None
        try:
            self._finish(None)
        finally:
            self._flusher.wait()
        self._refuse_if_failed()

    def _turns(self, current: _OpenSegment, track: Track, sample: Sample, captured_us: int) -> bool:
        if track is not current.track and track != current.track:
            return True
        first_us = current.writer.header.start_us
        back = captured_us < current.last_us  # the clock was set back: instants only grow inside a segment
        return back or must_cut(first_us, captured_us, keyframe=sample.keyframe, phase_us=self._phase_us)

    def _begin(self, track: Track, sample: Sample, position: int, captured_us: int) -> _OpenSegment:
        self._decodable = None  # until this segment exists: what it misses may be leant on
        at = from_us(captured_us)
        key_id, key = self.grant.key_for(at.replace(minute=0, second=0, microsecond=0))
        header = SegmentHeader(
            segment=uuid4(),
            camera=self._place.camera,
            position=self._place.position,
            start_us=captured_us,
            erase_us=to_us(self.grant.erase_at(at)),
            decision=self.grant.decision,
            key_id=key_id,
            codec=codec_string(track),
            continues=None if sample.keyframe else self._previous,
        )
        path = self._place.root / relative_path(header.camera, header.segment, at=at)
        descriptor, changed = _create(path)
        try:
            writer = SegmentWriter(descriptor, header, hour_key=key, init=init_segment(track))
        except OSError:
            os.close(descriptor)
            path.unlink()
            raise
        opened = self._stored(writer, State.OPEN)
        self._flusher.watch(descriptor, failed=self._failed)
        self._flusher.do(partial(self._opened, changed, opened), failed=self._failed)
        self._previous, self._decodable = header.segment, track
        return _OpenSegment(writer, descriptor, track, position)

    def _opened(self, changed: list[Path], opened: StoredSegment) -> None:
        for folder in changed:
            sync_folder(folder)
        self._report(opened)

    def _finish(self, next_us: int | None) -> None:
        current = self._open
        if current is None:
            return
        self._guarded(partial(current.finish, next_us))
        self._open = None
        self._release(current, State.CLOSED)

    def _release(self, current: _OpenSegment, state: State) -> None:
        stored = self._stored(current.writer, state)
        self.kept_us = stored.until_us
        self._flusher.release(current.descriptor, then=partial(self._report, stored), failed=self._failed)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Write; if the disk refuses, close the segment at its last whole record."""
        try:
            step()
        except OSError:
            self._abandon()
            raise

    def _abandon(self) -> None:
        current, self._open, self._decodable = self._open, None, None
        if current is not None:
            self._release(current, State.CUT)

    def _failed(self, failure: OSError) -> None:
        self._failure = failure

    def _refuse_if_failed(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            self._abandon()
            raise OSError(failure.errno or errno.EIO, "le disque a refusé ce qui était à garder")

    def _stored(self, writer: SegmentWriter, state: State) -> StoredSegment:
        header = writer.header
        return StoredSegment(
            uuid=header.segment,
            camera=header.camera,
            path=relative_path(header.camera, header.segment, at=from_us(header.start_us)).as_posix(),
            since_us=header.start_us,
            until_us=writer.end_us,
            erase_at_us=header.erase_us,
            key_id=header.key_id,
            codec=header.codec,
            size=writer.bytes,
            records=writer.records,
            frames=writer.frames,
            sha256=writer.sha256,
            state=state,
        )


def _create(path: Path) -> tuple[int, list[Path]]:
    """Create a file that must not exist; return its descriptor and the folders to sync.

    The keeper removes empty folders: one that vanishes between its making and its first file is made again.
    """
    changed = make_folders(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError:
        changed += make_folders(path.parent)
        descriptor = os.open(path, flags, 0o600)
    return descriptor, [*changed, path.parent]
