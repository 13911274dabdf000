"""The simulated cameras and their clock: which frame leaves when, to whom; speaks no RTSP."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path
from secrets import randbits
from typing import Any, Protocol

from recording.clips import Recipe, ensure_clip
from recording.faults import Address, Credentials
from recording.packets import SOUND_RATE, SOUND_TYPE, VIDEO_RATE, VIDEO_TYPE, Cut, Feed, Track, sound_between

# About ten seconds of a stream: a client that is later than that does not read any more.
MOST_WAITING = 2_500_000
REPORT_EVERY = 5.0
H265_LOOP = 10


class Line(Protocol):
    """What a camera needs of a client's connection."""

    def send(self, content: bytes) -> int:
        """Send, and say how many bytes are waiting."""

    def cut_off(self) -> None:
        """Close at once, without sending what is waiting."""


class Player:
    """One client being sent one camera, from a keyframe on."""

    def __init__(self, line: Line, address: Address, feeds: tuple[Feed, Feed | None]) -> None:
        self.line, self.address = line, address
        self.feed, self.small_feed = feeds
        self.tracks: dict[int, Track] = {}
        self.first = 0
        self._held: list[bytes] = []

    def set_up(self, track: int, *, channel: int) -> None:
        """Number a track from chance beginnings, as cameras do."""
        self.tracks[track] = Track(channel, randbits(32), randbits(16), randbits(32))

    def take(self, number: int, wall: float, cut_of: Callable[[Feed, int], Cut]) -> None:
        """Send the frame that leaves now; `wall` is its time (seconds since 1970 UTC)."""
        if number < self.first:
            return
        since = number - self.first
        fps = self.feed.fps
        if self._changes_size(since) and self.small_feed is not None and cut_of(self.small_feed, number).keyframe:
            self.feed, self.small_feed = self.small_feed, None
        content = self._packets(number, cut_of(self.feed, number))
        if since % round(REPORT_EVERY * fps) == 0:
            content = self._reports(number, wall) + content
        if self.address.burst is not None:
            self._held.append(content)
            if (since + 1) % max(1, round(self.address.burst * fps)):
                return
            content = b"".join(self._held)
            self._held.clear()
        if self.line.send(content) > MOST_WAITING:
            self.line.cut_off()

    def _changes_size(self, since: int) -> bool:
        return self.address.resize is not None and since >= self.address.resize * self.feed.fps

    def _packets(self, number: int, cut: Cut) -> bytes:
        content, fps = b"", self.feed.fps
        if (picture := self.tracks.get(1)) is not None:
            content += picture.packed(cut.payloads, kind=VIDEO_TYPE, ticks=number * VIDEO_RATE // fps)
        if (sound := self.tracks.get(2)) is not None:
            start, end = (n * SOUND_RATE // fps for n in (number, number + 1))
            content += sound.packed((sound_between(start, end),), kind=SOUND_TYPE, ticks=start)
        return content

    def _reports(self, number: int, wall: float) -> bytes:
        return b"".join(
            track.report(wall=wall, ticks=number * (VIDEO_RATE if index == 1 else SOUND_RATE) // self.feed.fps)
            for index, track in self.tracks.items()
        )


class Camera:
    """One camera: its clip, its clients, and the task that sends each frame at its time while there are any."""

    def __init__(self, hall: Hall, recipe: Recipe, *, phase: float) -> None:
        self.phase, self.fps = phase, recipe.fps
        self._hall, self._recipe = hall, recipe
        self._feeds: dict[Recipe, Feed] = {}
        self._players: dict[Player, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._drawing = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether its clip has been drawn."""
        return (self._hall.folder / self._recipe.filename).exists()

    async def feeds(self, address: Address) -> tuple[Feed, Feed | None]:
        """The clip that this address plays, and the one it changes to; drawn now if it never was."""
        recipe = self._recipe_of(address)
        small = replace(recipe, width=recipe.width // 4 * 2, height=recipe.height // 4 * 2)
        return await self._feed(recipe), await self._feed(small) if address.resize is not None else None

    def loop_frames(self, address: Address) -> int:
        """How many frames the loop of this address has."""
        return self._recipe_of(address).frames

    def next_number(self) -> int:
        """The number, never brought back to zero, of the first frame that has not left yet."""
        return max(0, ceil((asyncio.get_running_loop().time() - self._hall.started - self.phase) * self.fps))

    def join(self, player: Player) -> None:
        """Send to this client from the next keyframe on."""
        player.first = player.feed.next_keyframe(self.next_number())
        self._players[player] = None
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._send_in_time())

    def leave(self, player: Player) -> None:
        """Send nothing more to this client."""
        self._players.pop(player, None)

    async def close(self) -> None:
        """Stop sending and let go of the clips."""
        self._players.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for feed in self._feeds.values():
            feed.close()

    def _recipe_of(self, address: Address) -> Recipe:
        if address.h265:
            return replace(self._recipe, codec="hevc", seconds=min(H265_LOOP, self._recipe.seconds))
        return self._recipe

    async def _feed(self, recipe: Recipe) -> Feed:
        async with self._drawing:
            if recipe not in self._feeds:
                draw = partial(ensure_clip, self._hall.folder, recipe, at_each_frame=self._hall.still_open)
                path = await asyncio.to_thread(draw)
                self._feeds[recipe] = Feed(path, fps=recipe.fps)
            return self._feeds[recipe]

    async def _send_in_time(self) -> None:
        clock = asyncio.get_running_loop().time
        number = self.next_number()
        while self._players:
            await asyncio.sleep(max(0.0, self._hall.started + self.phase + number / self.fps - clock()))
            self._send(number)
            number += 1
        self._task = None

    def _send(self, number: int) -> None:
        cuts: dict[Feed, Cut] = {}

        def cut_of(feed: Feed, wanted: int) -> Cut:
            if feed not in cuts:
                cuts[feed] = feed.cut(wanted)
            return cuts[feed]

        wall = self._hall.started_wall + self.phase + number / self.fps
        for player in list(self._players):
            player.take(number, wall, cut_of)


class Hall:
    """All the cameras of a simulator, their common zero and the connections they have; lives in one event loop."""

    def __init__(self, folder: Path, recipes: list[Recipe], *, credentials: Credentials | None = None) -> None:
        self.folder, self.recipes, self.credentials = folder, recipes, credentials
        self.started = self.started_wall = 0.0
        self.lines: dict[Line, str] = {}
        self._closing = False
        self.closed: deque[dict[str, Any]] = deque(maxlen=1000)
        # Phases spread the keyframes, the heavy ones, over the second.
        self.cameras = {
            f"cam{index + 1}": Camera(self, recipe, phase=round(index / max(1, len(recipes)), 6))
            for index, recipe in enumerate(recipes)
        }

    def open(self) -> None:
        """Set the clock's zero to now."""
        self.started, self.started_wall = asyncio.get_running_loop().time(), time.time()

    def still_open(self) -> None:
        """`RuntimeError` once the cameras are being closed: nothing more is to be drawn."""
        if self._closing:
            raise RuntimeError("le simulateur s’arrête")

    async def close(self) -> None:
        """Close every connection, then the cameras."""
        self._closing = True
        for line in list(self.lines):
            line.cut_off()
        await asyncio.sleep(0)
        for camera in self.cameras.values():
            await camera.close()

    def connections(self) -> dict[str, int]:
        """The addresses that have open connections, and how many."""
        counts: dict[str, int] = {}
        for path in list(self.lines.values()):
            if path:
                counts[path] = counts.get(path, 0) + 1
        return counts

    def clock(self, path: str) -> dict[str, float]:
        """The clock of an address; `KeyError` when there is no such camera."""
        address = Address.of(path)
        if address is None:
            raise KeyError(path)
        camera = self.cameras[address.camera]
        return {
            "t0_wall": self.started_wall,
            "phase": camera.phase,
            "fps": camera.fps,
            "loop_frames": camera.loop_frames(address),
            "now": time.time(),
        }
