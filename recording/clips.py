"""The simulator's looped clips: drawn and encoded once, then kept; `recording.packets` makes what is sent of them.

A clip is an MP4 of H.264 (or H.265) without B-frames, a closed group of pictures each second, about 1 Mbit/s,
so that any decoder starts within a second. It is written under a temporary name then renamed: a clip that exists is
whole.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Literal, cast

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from recording.barcode import CAPACITY
from recording.scenes import frame_planes

Codec = Literal["h264", "hevc"]

_ENCODERS = {"h264": "libx264", "hevc": "libx265"}
_DRAWING_VERSION = 2


@dataclass(frozen=True)
class Recipe:
    """Everything a clip depends on: change one figure and another clip is drawn."""

    scene: int = 1
    seconds: int = 120
    fps: int = 15
    width: int = 1280
    height: int = 720
    codec: Codec = "h264"

    @property
    def frames(self) -> int:
        """How many pictures the loop has."""
        return self.seconds * self.fps

    @property
    def filename(self) -> str:
        """The name under which the clip is kept."""
        return (
            f"scene{self.scene}-{self.width}x{self.height}-{self.seconds}s-{self.fps}ips"
            f"-{self.codec}-v{_DRAWING_VERSION}.mp4"
        )


def _go_on() -> None:
    """What is done between two frames when nobody may interrupt."""


def ensure_clip(folder: Path, recipe: Recipe, *, at_each_frame: Callable[[], None] = _go_on) -> Path:
    """The clip's path in `folder`, drawn and encoded first if it is not there; `ValueError` for too long a loop."""
    path = folder / recipe.filename
    if path.exists():
        return path
    if recipe.frames > CAPACITY:
        raise ValueError(f"une boucle compte au plus {CAPACITY} images")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{recipe.filename}.{os.getpid()}.part"
    try:
        _encode(unfinished, recipe, at_each_frame)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def missing_clips(folder: Path, recipes: Iterable[Recipe]) -> list[Recipe]:
    """The recipes, each once, whose clip is still to be drawn."""
    return [recipe for recipe in dict.fromkeys(recipes) if not (folder / recipe.filename).exists()]


def draw_clips(
    folder: Path, recipes: Sequence[Recipe], *, processes: int = 2, go_on: Callable[[], bool] = lambda: True
) -> Iterator[Recipe]:
    """Draw these clips, each told when it is whole; `go_on` is asked five times a second, False stops everything."""
    if not recipes:
        return
    lanes = min(processes, len(recipes))
    # Fresh processes, not forks: the caller may have threads and sockets that a child must not inherit.
    context = get_context("spawn")
    workers: dict[Connection, SpawnProcess] = {}
    try:
        for lane in range(lanes):
            told, tell = context.Pipe(duplex=False)
            worker = context.Process(target=_draw_all, args=(folder, recipes[lane::lanes], tell), daemon=True)
            worker.start()
            tell.close()
            workers[told] = worker
        yield from _told(list(workers), go_on)
        if go_on() and missing_clips(folder, recipes):
            raise RuntimeError("une scène n’a pas pu être dessinée : un processus s’est arrêté")
    finally:
        for told, worker in workers.items():
            told.close()
            worker.terminate()
            worker.join()


def _told(lines: list[Connection], go_on: Callable[[], bool]) -> Iterator[Recipe]:
    """What the workers say they have drawn, until each has closed its line; `RuntimeError` if one could not."""
    while lines and go_on():
        for line in cast("list[Connection]", wait(lines, timeout=0.2)):
            try:
                recipe = line.recv()
            except EOFError:
                lines.remove(line)
                continue
            if recipe is None:
                raise RuntimeError("une scène n’a pas pu être dessinée")
            yield recipe


def _draw_all(folder: Path, recipes: Sequence[Recipe], tell: Connection) -> None:
    """A worker's life: it ends cleanly when told to, and by itself when its parent has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parent = os.getppid()

    def wanted() -> None:
        if os.getppid() != parent:
            sys.exit(1)

    try:
        for recipe in recipes:
            ensure_clip(folder, recipe, at_each_frame=wanted)
            tell.send(recipe)
    except Exception:
        tell.send(None)
        raise
    finally:
        # From here nothing is left to tidy: a signal may end the process as it leaves, without a word.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        tell.close()


def _encode(path: Path, recipe: Recipe, at_each_frame: Callable[[], None]) -> None:
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream(_ENCODERS[recipe.codec], rate=recipe.fps, options=_options(recipe))
        if not isinstance(stream, VideoStream):
            raise TypeError("l’encodeur n’est pas un encodeur d’images")
        stream.width, stream.height = recipe.width, recipe.height
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        for number in range(recipe.frames):
            at_each_frame()
            output.mux(stream.encode(_frame(recipe, number)))
        output.mux(stream.encode(None))


def _frame(recipe: Recipe, number: int) -> VideoFrame:
    size = recipe.width, recipe.height
    frame = VideoFrame(*size, "yuv420p")
    frame.pts = number
    planes = frame_planes(recipe.scene, number, recipe.fps, size=size)
    for plane, content in zip(frame.planes, planes.rows([plane.line_size for plane in frame.planes]), strict=True):
        plane.update(content)
    return frame


def _options(recipe: Recipe) -> dict[str, str]:
    keyframes = f"keyint={recipe.fps}:min-keyint={recipe.fps}:scenecut=0"
    if recipe.codec == "hevc":
        parameters = f"{keyframes}:bframes=0:open-gop=0:pools=1:log-level=none"
        return {"preset": "ultrafast", "crf": "26", "x265-params": parameters}
    return {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "profile": "baseline",
        # A constant quantiser: measured a quarter faster than a constant quality on these drawings, at 1 Mbit/s.
        "qp": "23",
        "g": str(recipe.fps),
        "x264-params": f"{keyframes}:sliced-threads=0:aq-mode=0:weightp=0:no-psy=1:colormatrix=bt470bg",
    }
