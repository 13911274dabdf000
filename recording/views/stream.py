"""The one response of a consultation: every camera's images, message by message, while the right runs.

What the browser gets is a sequence of `length u32, camera u8, kind u8, payload` (big endian), whatever the number of
cameras: a browser opens six connections per host over HTTP/1.1, then answers nothing else.
"""

import asyncio
import json
import logging
import os
import struct
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_noop

from recording.consultations import close
from recording.media import HEADER, Kind, bindable, socket_path
from recording.views import rights
from recording.views.clock import now
from recording.views.rights import WATCHER, End, Viewing, instant

log = logging.getLogger(__name__)
FRAME = struct.Struct("!IBB")
WAITING = 240  # messages held for a slow browser, all cameras together: some seconds
RETRY_S = 0.5
SAY_RIGHT_EVERY_S = 2.0
OVER = End(rights.OVER, gettext_noop("Vous l’avez terminée."), code="ended")


def frame(camera: int, kind: Kind, payload: bytes) -> bytes:
    """Return one message for the browser."""
    return FRAME.pack(len(payload), camera, kind) + payload


class Line:
    """One camera's media socket, read into the viewing's queue; a slow browser loses images to the next key image."""

    def __init__(self, index: int, path: Path, queue: "asyncio.Queue[tuple[int, Kind, int, bytes]]") -> None:
        self.index, self.path, self.queue = index, path, queue
        self.waiting_for_key = False

    async def read(self) -> None:
        """Read for ever; a socket that is absent or closed is tried again: the camera may come back."""
        while True:
            try:
                await self._read_once()
            except (OSError, asyncio.IncompleteReadError):
                self.waiting_for_key = True
            await asyncio.sleep(RETRY_S)

    async def _read_once(self) -> None:
        path, folder = bindable(self.path)
        try:
            reader, writer = await asyncio.open_unix_connection(path, limit=4 * 1024 * 1024)
        finally:
            if folder is not None:
                os.close(folder)
        try:
            while True:
                length, kind, wall_us = HEADER.unpack(await reader.readexactly(HEADER.size))
                self._put(Kind(kind), wall_us, await reader.readexactly(length))
        finally:
            writer.close()

    def _put(self, kind: Kind, wall_us: int, payload: bytes) -> None:
        if kind is Kind.DELTA and (self.waiting_for_key or self.queue.qsize() >= WAITING):
            self.waiting_for_key = True
            return
        if kind is Kind.KEY:
            if self.queue.qsize() >= WAITING:
                self.waiting_for_key = True
                return
            self.waiting_for_key = False
        if kind is Kind.INIT:
            self.waiting_for_key = False
        self.queue.put_nowait((self.index, kind, wall_us, payload))


class Stream:
    """Sends a viewing and, whatever ends it, journals the exact span shown."""

    def __init__(self, viewing: Viewing, home: Path, *, language: str = settings.LANGUAGE_CODE) -> None:
        self.viewing, self.language = viewing, language
        self.queue: asyncio.Queue[tuple[int, Kind, int, bytes]] = asyncio.Queue()
        self.lines = [Line(i, socket_path(home, c.uuid), self.queue) for i, c in viewing.cameras.items()]
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.dark: dict[int, End] = {}
        self.said = 0.0

    async def send(self) -> AsyncIterator[bytes]:
        """Yield messages until every camera is dark or the browser leaves. The right is checked before each image."""
        tasks = [asyncio.ensure_future(line.read()) for line in self.lines]
        reason = "interrupted"
        try:
            while len(self.dark) < len(self.viewing.cameras):
                for message in self._darken():
                    yield message
                item = await self._next()
                if item is not None and item[0] not in self.dark:
                    for message in self._show(*item):
                        yield message
                if time.monotonic() - self.said > SAY_RIGHT_EVERY_S and len(self.dark) < len(self.viewing.cameras):
                    self.said = time.monotonic()
                    yield frame(255, Kind.RIGHT, b"{}")
            reason = next(iter(self.dark.values())).title
        finally:
            for task in tasks:
                task.cancel()
            WATCHER.remove(self.viewing)
            _finish(self._close(reason))

    async def _next(self) -> tuple[int, Kind, int, bytes] | None:
        """Wait for an image, for news of the right, or a quarter of a second: the deadline is never overslept."""
        if not self.queue.empty():
            return self.queue.get_nowait()
        self.viewing.moved.clear()
        image = asyncio.ensure_future(self.queue.get())
        news = asyncio.ensure_future(self.viewing.moved.wait())
        try:
            await asyncio.wait({image, news}, timeout=0.25, return_when=asyncio.FIRST_COMPLETED)
            return image.result() if image.done() else None
        finally:
            image.cancel()
            news.cancel()

    def _darken(self) -> list[bytes]:
        """Return the end of each camera whose right no longer runs."""
        messages = []
        for index in self.viewing.cameras:
            end = self.viewing.right(index) if index not in self.dark else None
            if end is not None:
                self.dark[index] = end
                told = json.dumps(asdict(end.told(self.language)), ensure_ascii=False).encode()
                messages.append(frame(index, Kind.END, told))
        return messages

    def _show(self, index: int, kind: Kind, wall_us: int, payload: bytes) -> list[bytes]:
        """Return the image, unless the right ended while it waited."""
        ended = self._darken()
        if index in self.dark or kind is Kind.END:
            return ended
        if kind in (Kind.KEY, Kind.DELTA):
            seen = instant(wall_us)
            self.first = min(self.first or seen, seen)
            self.last = max(self.last or seen, seen)
        return [*ended, frame(index, kind, payload)]

    async def _close(self, reason: str) -> None:
        codes = sorted({end.code for end in self.dark.values() if end.code})
        await sync_to_async(_write_end, thread_sensitive=False)(self, reason, codes)


def _write_end(stream: Stream, reason: str, codes: list[str]) -> None:
    words = "La page a été fermée ou la connexion coupée." if reason == "interrupted" else reason
    try:
        close(stream.viewing.consultation, first=stream.first, last=stream.last, reason=words, codes=codes, at=now())
    finally:
        connections.close_all()


_endings: set["asyncio.Task[None]"] = set()


def _finish(work) -> None:  # type: ignore[no-untyped-def]
    """Let the journal be written although the response is being cancelled."""
    task = asyncio.get_running_loop().create_task(work)
    _endings.add(task)
    task.add_done_callback(_ended)


def _ended(task: "asyncio.Task[None]") -> None:
    _endings.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log.error("end of consultation not journaled: %s", type(task.exception()).__name__)
