"""Live images: the cached group on joining, slow readers, a new track, the end; only this user may listen."""

import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recording.engine.fmp4 import Bitstream, Sample, Track
from recording.engine.ingest import live
from recording.engine.ingest.live import FanOut, Reader
from recording.engine.nal import Codec
from recording.media import HEADER, Kind
from tests.recording.engine.clips import TICK, clip, samples

STREAM = Bitstream(Codec.H264)
PICTURES: list[Sample] = samples(clip(), STREAM)
GOP = 20


def track() -> Track:
    assert STREAM.track is not None
    return STREAM.track


@pytest.fixture
def fan(tmp_path: Path) -> Iterator[FanOut]:
    """A camera's socket, its track announced."""
    opened = FanOut(tmp_path / "camera.sock")
    opened.start()
    opened.begin(track(), wall_us=1)
    yield opened
    opened.close()
    opened.join(5)


def show(fan: FanOut, *numbers: int) -> None:
    for number in numbers:
        fan.publish(PICTURES[number], base_time=number * TICK, wall_us=1000 + number)


JOINED: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _lines_are_closed() -> Iterator[None]:
    yield
    while JOINED:
        JOINED.pop().close()


def join(tmp_path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    JOINED.append(line)
    line.settimeout(5)
    line.connect(str(tmp_path / "camera.sock"))
    return line


def exactly(line: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        chunk = line.recv(length - len(content))
        if not chunk:
            raise EOFError
        content += chunk
    return content


def read(line: socket.socket) -> tuple[str, int, bytes]:
    length, kind, wall_us = HEADER.unpack(exactly(line, HEADER.size))
    return Kind(kind).name, wall_us, exactly(line, length)


def kinds(line: socket.socket, count: int) -> list[tuple[str, int]]:
    return [read(line)[:2] for _ in range(count)]


def test_who_joins_gets_the_images_since_the_last_key_image_then_each_as_it_comes(fan: FanOut, tmp_path: Path) -> None:
    show(fan, 0, 1, GOP, GOP + 1)

    line = join(tmp_path)

    assert kinds(line, 4) == [("CODEC", 1), ("INIT", 1), ("KEY", 1000 + GOP), ("DELTA", 1001 + GOP)]
    show(fan, GOP + 2)
    assert read(line)[:2] == ("DELTA", 1002 + GOP)


def test_who_joins_before_any_image_waits_for_a_key_image(fan: FanOut, tmp_path: Path) -> None:
    line = join(tmp_path)
    assert kinds(line, 2) == [("CODEC", 1), ("INIT", 1)]

    show(fan, 1, 2, GOP, GOP + 1)

    assert kinds(line, 2) == [("KEY", 1000 + GOP), ("DELTA", 1001 + GOP)]


def test_what_is_sent_plays(fan: FanOut, tmp_path: Path) -> None:
    import av

    line = join(tmp_path)
    head = [read(line), read(line)]
    show(fan, *range(2 * GOP))
    messages = [*head, *(read(line) for _ in range(2 * GOP))]

    assert messages[0][2].startswith(b"avc1.")
    movie = tmp_path / "live.mp4"
    movie.write_bytes(b"".join(payload for kind, _, payload in messages if kind != "CODEC"))
    with av.open(str(movie)) as container:
        assert [frame.pts for frame in container.decode(video=0)] == [number * TICK for number in range(2 * GOP)]


def test_a_new_track_is_announced_before_its_images(fan: FanOut, tmp_path: Path) -> None:
    line = join(tmp_path)
    show(fan, 0)
    kinds(line, 3)

    fan.begin(track(), wall_us=2)
    show(fan, 1, GOP)

    assert kinds(line, 3) == [("CODEC", 2), ("INIT", 2), ("KEY", 1000 + GOP)]


def test_a_slow_reader_loses_images_up_to_a_key_image_and_holds_nobody(
    fan: FanOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUEUE_BYTES", 50_000)
    slow, quick = join(tmp_path), join(tmp_path)
    show(fan, 0)
    assert len(kinds(quick, 3)) == 3
    big = Sample(bytes(20_000), TICK, keyframe=False)

    began = time.monotonic()
    for number in range(60):
        fan.publish(big, base_time=number, wall_us=5000 + number)
        assert read(quick)[1] == 5000 + number
    show(fan, GOP, GOP + 1)
    took = time.monotonic() - began

    received = []
    while not received or received[-1] != ("DELTA", 1001 + GOP):
        received.append(read(slow)[:2])
    assert took < 5
    assert received[:3] == [("CODEC", 1), ("INIT", 1), ("KEY", 1000)]
    assert received[-2:] == [("KEY", 1000 + GOP), ("DELTA", 1001 + GOP)]
    assert 0 < sum(wall_us >= 5000 for _, wall_us in received) < 60


def test_a_dropped_queue_keeps_what_is_not_an_image() -> None:
    JOINED.extend(socket.socketpair())
    reader = Reader(JOINED[-1])
    reader.put([b"head"], key=False, picture=False)
    reader.put([bytes(live.QUEUE_BYTES + 1)], key=True, picture=True)

    reader.put([b"delta"], key=False, picture=True)

    assert [message for message, _ in reader.waiting] == [b"head"]
    assert (reader.size, reader.needs_key) == (4, True)
    reader.put([b"key"], key=True, picture=True)
    assert [message for message, _ in reader.waiting] == [b"head", b"key"]


def test_the_end_is_told_and_the_socket_goes(fan: FanOut, tmp_path: Path) -> None:
    line = join(tmp_path)
    kinds(line, 2)

    fan.close()

    assert read(line)[0] == "END"
    with pytest.raises(EOFError):
        read(line)
    assert not (tmp_path / "camera.sock").exists()


def test_a_reader_that_leaves_is_forgotten(fan: FanOut, tmp_path: Path) -> None:
    join(tmp_path).close()
    other = join(tmp_path)
    kinds(other, 2)

    show(fan, 0, 1)

    assert kinds(other, 2) == [("KEY", 1000), ("DELTA", 1001)]


def test_the_socket_is_this_user_s_alone(fan: FanOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stat.S_IMODE((tmp_path / "camera.sock").stat().st_mode) == 0o600
    monkeypatch.setattr(os, "getuid", lambda: 65_000)

    with pytest.raises((EOFError, ConnectionResetError)):
        read(join(tmp_path))


def test_a_path_too_long_for_a_socket_is_bound_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()

    fan = FanOut(folder / "camera.sock")
    fan.start()
    fan.close()
    fan.join(5)

    assert not fan.is_alive()


def test_a_socket_left_by_a_killed_ingest_is_taken_over(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "camera.sock"))
    left.close()

    fan = FanOut(tmp_path / "camera.sock")
    fan.start()
    line = join(tmp_path)
    fan.begin(track(), wall_us=1)
    assert read(line)[0] == "CODEC"
    fan.close()
    fan.join(5)
