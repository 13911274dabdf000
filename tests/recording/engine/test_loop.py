"""The ingest's loop before a disk that refuses: what is shown, what is said, when the disk is asked again."""

import contextlib
import errno
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from recording.engine.ingest.loop import Hands, Loop, Packet
from recording.engine.ingest.protocol import GAP, Report
from recording.engine.nal import Codec
from tests.recording.engine.clips import FRAME_US, TICK, clip

FRAMES, GOP = 400, 20


class Scene:
    """A camera, its clock, a disk that takes nothing between two pictures and has no room until a third."""

    codec, extradata, rate, audio, stalled = Codec.H264, b"", 20.0, "", False

    def __init__(self, *, full: range, room_from: int) -> None:
        self.full, self.room_from = full, room_from
        self.number = self.kept_us = 0
        self.kept: list[int] = []
        self.asked: list[int] = []
        self.shown = self.connections = 0
        self.said: list[Report] = []
        self.over = threading.Event()
        self.over.set()

    def loop(self) -> Loop:
        return Loop(Hands(self._connect, self, self, self, self.said.append, self))  # type: ignore[arg-type]

    def _connect(self) -> "Scene":
        self.connections += 1
        return self

    def packets(self) -> Iterator[Packet]:
        pictures = clip(frames=GOP, gop=GOP)
        for self.number in range(FRAMES):
            yield Packet(pictures[self.number % GOP].payload, self.number * TICK, self.number * TICK)
        self.number = FRAMES

    def began_us(self) -> int:
        return 0

    def now(self) -> datetime:
        return datetime(2026, 6, 18, tzinfo=UTC) + timedelta(microseconds=self.number * FRAME_US)

    def monotonic(self) -> float:
        return self.number * FRAME_US / 1e6

    def holds(self) -> bool:
        return self.number < FRAMES

    def waiting(self) -> Any:
        return contextlib.nullcontext()

    def watched(self, packets: Iterator[Packet]) -> Iterator[Packet]:
        return packets

    def begin(self, *_: object, **__: object) -> None: ...

    def publish(self, *_: object, **__: object) -> None:
        self.shown += 1

    def add(self, _track: object, _sample: object, *, captured_us: int, **__: object) -> None:
        self.asked.append(self.number)
        if self.number in self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.kept.append(self.number)
        self.kept_us = captured_us

    def room(self) -> bool:
        return self.number >= self.room_from

    def close(self) -> None: ...


def test_a_disk_that_refuses_is_asked_again_from_a_keyframe_while_every_picture_is_shown() -> None:
    scene = Scene(full=range(105, 200), room_from=0)

    scene.loop().run()

    assert (scene.connections, scene.shown) == (1, FRAMES)
    assert scene.kept == [*range(105), *range(200, FRAMES)]
    assert [number for number in scene.asked if number in scene.full] == [105, 160], "two seconds, then a keyframe"
    (gap,) = [report for report in scene.said if report.kind == GAP]
    assert (gap.reason, gap.error, gap.number) == ("disk_full", "OSError", errno.ENOSPC)
    assert scene.now() - timedelta(microseconds=(FRAMES - 104) * FRAME_US) == datetime.fromtimestamp(
        gap.at_us / 1e6, UTC
    )


def test_a_disk_without_room_is_not_asked() -> None:
    scene = Scene(full=range(105, 106), room_from=300)

    scene.loop().run()

    assert scene.kept == [*range(105), *range(320, FRAMES)], "asked every two seconds, from a keyframe on"
    assert (scene.connections, scene.shown) == (1, FRAMES)
