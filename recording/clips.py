"""The simulator's looped clips: drawn and encoded once, then kept; what is sent on the network is `recording.packets`'s work.

A clip is an MP4 of H.264 (or H.265) without B-frames, a closed group of pictures each second, at about 2 Mbit/s at most,
so that any decoder starts within a second. It is written under a temporary name then renamed: a clip that exists is whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from recording.barcode import CAPACITY
from recording.scenes import frame_planes, title

Codec = Literal["h264", "hevc"]

_ENCODERS = {"h264": "libx264", "hevc": "libx265"}
_DRAWING_VERSION = 1


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


def ensure_clip(folder: Path, recipe: Recipe) -> Path:
    """The clip's path in `folder`, drawn and encoded first if it is not there; `ValueError` when the loop is too long."""
    path = folder / recipe.filename
    if path.exists():
        return path
    if recipe.frames > CAPACITY:
        raise ValueError(f"une boucle compte au plus {CAPACITY} images")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{recipe.filename}.{os.getpid()}.part"
    try:
        _encode(unfinished, recipe)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def ensure_clips(
    folder: Path, recipes: Iterable[Recipe], *, processes: int = 2, say: Callable[[str], None] = print
) -> list[Path]:
    """The clips' paths in order, the missing ones drawn by up to `processes` processes, with a word on each."""
    wanted = list(recipes)
    missing = [recipe for recipe in dict.fromkeys(wanted) if not (folder / recipe.filename).exists()]
    if missing:
        say(f"Caméras simulées : {len(missing)} scène(s) à dessiner, une seule fois.")
        for done, recipe in enumerate(_drawn(folder, missing, processes=processes), start=1):
            say(f"  {done}/{len(missing)} {title(recipe.scene)}")
    return [folder / recipe.filename for recipe in wanted]


def _drawn(folder: Path, missing: list[Recipe], *, processes: int) -> Iterable[Recipe]:
    if len(missing) == 1 or processes < 2:
        for recipe in missing:
            ensure_clip(folder, recipe)
            yield recipe
        return
    # Fresh processes, not forks: the caller may have threads and sockets that a child must not inherit.
    with ProcessPoolExecutor(min(processes, len(missing)), mp_context=get_context("spawn")) as pool:
        works = {pool.submit(ensure_clip, folder, recipe): recipe for recipe in missing}
        try:
            for work in as_completed(works):
                work.result()
                yield works[work]
        finally:
            pool.shutdown(cancel_futures=True)


def _encode(path: Path, recipe: Recipe) -> None:
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream(_ENCODERS[recipe.codec], rate=recipe.fps, options=_options(recipe))
        if not isinstance(stream, VideoStream):
            raise TypeError("l’encodeur n’est pas un encodeur d’images")
        stream.width, stream.height = recipe.width, recipe.height
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        for number in range(recipe.frames):
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
    # The ceiling keeps 720p near 2 Mbit/s and follows the surface for the small clips of the tests.
    ceiling = max(300, round(2200 * recipe.width * recipe.height / (1280 * 720)))
    if recipe.codec == "hevc":
        parameters = (
            f"keyint={recipe.fps}:min-keyint={recipe.fps}:scenecut=0:bframes=0:open-gop=0:pools=1:log-level=none"
        )
        return {"preset": "ultrafast", "crf": "26", "x265-params": parameters}
    return {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "profile": "baseline",
        "crf": "25",
        "maxrate": f"{ceiling}k",
        "bufsize": f"{ceiling}k",
        "g": str(recipe.fps),
        "x264-params": f"keyint={recipe.fps}:min-keyint={recipe.fps}:scenecut=0:sliced-threads=0:colormatrix=bt470bg",
    }
