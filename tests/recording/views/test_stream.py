"""The one response of a consultation: what it sends, what it refuses to send, and the span that it journals."""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils.translation import get_language

from recording.media import Kind, bindable, pack, run_folder, socket_path
from recording.views import rights
from recording.views import stream as stream_module
from recording.views.rights import End, Viewing
from recording.views.stream import FRAME, Line, Stream

FIRST_US = 1_780_000_000_000_000


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be journaled at the end."""
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(stream_module, "close", lambda consultation, **values: written.append(values))
    monkeypatch.setattr(stream_module.connections, "close_all", lambda: None)
    return written


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def viewing_of(*cameras: UUID, seconds: float = 5.0) -> Viewing:
    shown = {i: SimpleNamespace(uuid=c) for i, c in enumerate(cameras)}
    viewing = Viewing(SimpleNamespace(pk=1), "session", shown)  # type: ignore[arg-type]
    viewing.deadlines = dict.fromkeys(shown, time.monotonic() + seconds)
    return viewing


async def camera_speaks(home: Path, camera: UUID, messages: list[bytes]) -> asyncio.AbstractServer:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for message in messages:
            writer.write(message)
        await writer.drain()
        await asyncio.sleep(30)

    path, _folder = bindable(socket_path(home, camera))
    return await asyncio.start_unix_server(speak, path)


def images(count: int) -> list[bytes]:
    head = [pack(Kind.CODEC, 0, b"avc1.42e01f"), pack(Kind.INIT, 0, b"init")]
    kinds = [Kind.KEY if n % 5 == 0 else Kind.DELTA for n in range(count)]
    return head + [pack(k, FIRST_US + n * 100_000, b"image%d" % n) for n, k in enumerate(kinds)]


def read(message: bytes) -> tuple[int, Kind, bytes]:
    length, camera, kind = FRAME.unpack(message[: FRAME.size])
    assert length == len(message) - FRAME.size
    return camera, Kind(kind), message[FRAME.size :]


async def collect(stream: Stream, *, until: Any) -> list[tuple[int, Kind, bytes]]:
    got: list[tuple[int, Kind, bytes]] = []
    sending = stream.send()
    async for message in sending:
        got.append(read(message))
        if until(got):
            break
    await sending.aclose()
    await asyncio.gather(*list(stream_module._endings))
    return got


def test_images_of_two_cameras_come_in_one_response_in_order(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> list[tuple[int, Kind, bytes]]:
        one, two = uuid4(), uuid4()
        servers = [await camera_speaks(home, c, images(6)) for c in (one, two)]
        stream = Stream(viewing_of(one, two), home)
        got = await collect(stream, until=lambda g: sum(k in (Kind.KEY, Kind.DELTA) for _, k, _ in g) == 12)
        for server in servers:
            server.close()
        return got

    got = asyncio.run(look())

    for camera in (0, 1):
        mine = [(k, p) for c, k, p in got if c == camera]
        assert [k for k, _ in mine[:2]] == [Kind.CODEC, Kind.INIT]
        assert [p for k, p in mine if k in (Kind.KEY, Kind.DELTA)] == [b"image%d" % n for n in range(6)]


def test_the_exact_span_shown_is_journaled_when_the_browser_leaves(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> None:
        camera = uuid4()
        server = await camera_speaks(home, camera, images(4))
        await collect(Stream(viewing_of(camera), home), until=lambda g: g[-1][2] == b"image3")
        server.close()

    asyncio.run(look())

    assert len(closed) == 1
    assert closed[0]["first"] == datetime.fromtimestamp(FIRST_US / 1e6, UTC)
    assert closed[0]["last"] == datetime.fromtimestamp((FIRST_US + 300_000) / 1e6, UTC)


def test_a_right_that_nobody_renews_lapses_although_images_go_on(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> tuple[list[tuple[int, Kind, bytes]], float]:
        camera = uuid4()
        server = await camera_speaks(home, camera, images(3))
        started = time.monotonic()
        got = await collect(Stream(viewing_of(camera, seconds=0.6), home), until=lambda g: False)
        server.close()
        return got, time.monotonic() - started

    got, seconds = asyncio.run(look())

    assert got[-1][1] is Kind.END
    assert 0.6 <= seconds < 1.5


def test_an_image_that_waited_while_the_right_ended_is_not_sent(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> list[bytes]:
        viewing = viewing_of(uuid4())
        stream = Stream(viewing, home)
        viewing.cut(End("Fin", "Arrêté retiré.", ["CSI R254-2"], "Nouvel arrêté.", "R-19"))
        return stream._show(0, Kind.KEY, FIRST_US, b"street")

    sent = asyncio.run(look())

    assert [read(m)[1] for m in sent] == [Kind.END]
    assert not any(b"street" in m for m in sent)


def test_the_end_says_the_reason_and_the_article(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> list[tuple[int, Kind, bytes]]:
        camera = uuid4()
        server = await camera_speaks(home, camera, images(3))
        viewing = viewing_of(camera)
        asyncio.get_running_loop().call_later(
            0.3, viewing.cut, End("Aucune suspension ni retrait", "L’arrêté est retiré.", ["CSI R254-2"], "", "R-19")
        )
        got = await collect(Stream(viewing, home), until=lambda g: False)
        server.close()
        return got

    _, kind, payload = asyncio.run(look())[-1]

    assert kind is Kind.END
    assert json.loads(payload)["articles"] == ["CSI R254-2"]
    assert json.loads(payload)["reason"] == "L’arrêté est retiré."
    assert closed[0]["codes"] == ["R-19"]


@pytest.mark.parametrize(
    ("end", "language", "title", "lang"),
    [
        (stream_module.OVER, "en", "en: La consultation est terminée", ""),
        (stream_module.OVER, "fr", "La consultation est terminée", ""),
        (End("Un arrêté manque", "Ce qui est exigé.", [], "", "R-01", "fr"), "en", "Un arrêté manque", "fr"),
    ],
)
def test_our_words_are_in_the_reader_s_language_and_the_law_s_in_french(
    home: Path,
    closed: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    end: End,
    language: str,
    title: str,
    lang: str,
) -> None:
    monkeypatch.setattr(rights, "_", lambda text: text if get_language() == "fr" else f"{get_language()}: {text}")

    async def story() -> dict[str, str]:
        viewing = viewing_of(uuid4())
        viewing.cut(end)
        got = await collect(Stream(viewing, home, language=language), until=lambda g: False)
        told: dict[str, str] = json.loads(got[-1][2])
        return told

    told = asyncio.run(story())

    assert (told["title"], told["lang"]) == (title, lang)
    assert closed[0]["reason"] == end.title, "the journal is in French"


def test_one_camera_goes_dark_and_the_others_go_on(home: Path, closed: list[dict[str, Any]]) -> None:
    async def look() -> list[tuple[int, Kind, bytes]]:
        one, two = uuid4(), uuid4()
        viewing = viewing_of(one, two)
        viewing.ends[0] = End("Fin", "Habilitation retirée.")
        server = await camera_speaks(home, two, images(3))
        got = await collect(Stream(viewing, home), until=lambda g: g[-1][2] == b"image2")
        server.close()
        return got

    got = asyncio.run(look())

    assert [(c, k) for c, k, _ in got if c == 0] == [(0, Kind.END)]
    assert [p for c, k, p in got if c == 1 and k is not Kind.END][-1] == b"image2"


def test_a_slow_browser_loses_images_up_to_the_next_key_image() -> None:
    async def overflow() -> list[Kind]:
        queue: asyncio.Queue[tuple[int, Kind, int, bytes]] = asyncio.Queue()
        line = Line(0, Path("nowhere"), queue)
        for n in range(stream_module.WAITING + 20):
            line._put(Kind.KEY if n == 0 else Kind.DELTA, n, b"")
        assert queue.qsize() == stream_module.WAITING
        for _ in range(10):
            queue.get_nowait()
        line._put(Kind.DELTA, 0, b"late")
        line._put(Kind.KEY, 1, b"key")
        line._put(Kind.DELTA, 2, b"after")
        return [queue.get_nowait()[1] for _ in range(queue.qsize())][-3:]

    kinds = asyncio.run(overflow())

    assert kinds == [Kind.DELTA, Kind.KEY, Kind.DELTA]


def test_the_sockets_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert run_folder(tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_long_path_is_bound_through_its_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    path, folder = bindable(deep / "camera.sock")

    assert len(path) < 100
    assert folder is not None
