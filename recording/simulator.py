"""Simulated cameras, for the demonstration and the tests: RTSP over TCP on 127.0.0.1; it is not part of the recorder.

`rtsp://127.0.0.1:PORT/cam1` … plays scene 1 …, in a loop, to any number of clients. Frame n, never brought back to
zero, leaves at `t0 + phase + n / fps`; the bar code in the picture counts modulo the loop. A client that joins starts
at the next keyframe. A client that does not read fast enough is disconnected; the others do not wait for it. A camera
whose scene is not drawn yet answers 503.

Words added to the address ask for a fault; several may follow one another (`/cam1/digest/stall=2`):

    /hang-describe   never answers DESCRIBE, keeps the connection open
    /hang-play       never answers PLAY, keeps the connection open
    /stall=S         S seconds after PLAY sends nothing more, not even an answer, keeps the connection open
    /drop=S          S seconds after PLAY closes the connection
    /digest          asks for Digest authentication; Basic, a wrong user or password get 401
    /burst=S         sends S seconds of frames at once, every S seconds
    /sound           also has a G.711 A-law sound track, trackID=2
    /resize=S        S seconds after PLAY, at the next keyframe, the picture becomes half as wide and half as high
    /h265            H.265 instead of H.264 (a loop of ten seconds at most)

The figure may be left out: 3 seconds, 1 for bursts. The same port answers HTTP in JSON: `GET /clock` (all cameras),
`GET /clock?camera=cam1` (`t0_wall`, `phase`, `fps`, `loop_frames`, `now`; seconds since 1970 UTC), `GET /connections`
(addresses and how many connections each has open) and `GET /closed` (the last thousand connections to have ended).

    python -m recording.simulator --port 8554 --folder DIR --cameras 8 [--credentials FILE]

`--credentials` names a file of two lines, user and password (`-`: standard input): never an argument.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recording.clips import Recipe, draw_clips, ensure_clip, missing_clips
from recording.faults import Credentials
from recording.scenes import SCENES, title
from recording.simulator_cameras import Hall
from recording.simulator_rtsp import Connection

LOOPBACK = "127.0.0.1"
STOP_WITHIN = 5.0


class Simulator:
    """Simulated cameras in a thread of their own: `with Simulator(folder, cameras=2) as simulator: …`."""

    def __init__(
        self,
        folder: Path,
        *,
        cameras: int = SCENES,
        port: int = 0,
        recipe: Recipe | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.port = port
        self._folder, self._cameras, self._credentials = folder, cameras, credentials
        self._recipe = recipe or Recipe()
        self._hall: Hall | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Draw the clips that are missing, then listen; returns when the cameras answer."""
        if self._thread is not None:
            raise RuntimeError("le simulateur tourne déjà")
        self._ready.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            self._thread = None
            raise self._failure
        return self

    def stop(self) -> None:
        """Close every connection and the port; the thread has ended when this returns."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(STOP_WITHIN)
        if self._thread.is_alive():
            raise TimeoutError("le simulateur ne s’arrête pas")
        self._thread = None

    def url(self, path: str) -> str:
        """The address of a camera, faults included: `url("cam1/stall=2")`."""
        return f"rtsp://{LOOPBACK}:{self.port}/{path}"

    def connections(self, path: str) -> int:
        """How many connections are open now to this address and those under it (`cam1` counts `cam1/stall=2`)."""
        return sum(
            count
            for known, count in self._started().connections().items()
            if known == path or known.startswith(f"{path}/")
        )

    def clock(self, camera: str) -> dict[str, float]:
        """`t0_wall`, `phase`, `fps`, `loop_frames`, `now` of a camera; times in seconds since 1970 UTC."""
        return self._started().clock(camera)

    def closed(self) -> list[dict[str, Any]]:
        """The last connections to have ended: `path`, `opened`, `closed` (seconds since 1970 UTC)."""
        return list(self._started().closed)

    def _started(self) -> Hall:
        if self._hall is None:
            raise RuntimeError("le simulateur n’est pas démarré")
        return self._hall

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as failure:  # noqa: BLE001 - it is raised again in the caller's thread
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        recipes = recipes_for(self._cameras, self._recipe)
        for recipe in missing_clips(self._folder, recipes):
            await asyncio.to_thread(ensure_clip, self._folder, recipe)
        hall = Hall(self._folder, recipes, credentials=self._credentials)
        async with serving(hall, port=self.port) as port:
            self.port, self._hall = port, hall
            self._ready.set()
            await self._stopping.wait()


@asynccontextmanager
async def serving(hall: Hall, *, host: str = LOOPBACK, port: int) -> AsyncIterator[int]:
    """The listening port, for the time of a block; every connection is closed at its end."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(hall), host, port)
    hall.open()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await hall.close()
        await server.wait_closed()


def recipes_for(cameras: int, recipe: Recipe) -> list[Recipe]:
    """One recipe per camera; scenes come again beyond the eighth."""
    return [replace(recipe, scene=index % SCENES + 1) for index in range(cameras)]


def main(arguments: list[str] | None = None) -> int:
    """The command; returns 0 when stopped by a signal."""
    options = _options().parse_args(arguments)
    credentials = None
    if options.credentials is not None:
        text = sys.stdin.read() if options.credentials == "-" else Path(options.credentials).read_text(encoding="utf-8")
        credentials = Credentials.read(text)
    recipe = Recipe(seconds=options.seconds, fps=options.fps, width=options.width, height=options.width * 9 // 16)
    recipes = recipes_for(options.cameras, recipe)
    hall = Hall(options.folder, recipes, credentials=credentials)
    asyncio.run(_until_signalled(hall, host=options.host, port=options.port))
    return 0


def say(line: str) -> None:
    """Tell whoever started the command, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _until_signalled(hall: Hall, *, host: str, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with serving(hall, host=host, port=port) as open_port:
        drawing = asyncio.create_task(asyncio.to_thread(_draw, hall, lambda: not stopping.is_set()))
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait((drawing, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not stopped.done():
            drawing.result()
            say(f"Caméras simulées prêtes : rtsp://{host}:{open_port}/cam1 à cam{len(hall.cameras)}")
        await stopped
        await drawing
    say("Caméras simulées arrêtées.")


def _draw(hall: Hall, go_on: Callable[[], bool]) -> None:
    """Draw what is missing; each camera answers as soon as its scene is drawn, the others say « not yet » (503)."""
    missing, started = missing_clips(hall.folder, hall.recipes), time.monotonic()
    if not missing:
        return
    say(f"Caméras simulées : {len(missing)} scène(s) à dessiner, une seule fois.")
    for done, recipe in enumerate(draw_clips(hall.folder, missing, go_on=go_on), start=1):
        say(f"  {done}/{len(missing)} {title(recipe.scene)}, {time.monotonic() - started:.0f} s")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="recording.simulator", description="Caméras simulées (RTSP sur TCP).")
    parser.add_argument("--host", default=LOOPBACK, help="adresse d’écoute (dans un conteneur : 0.0.0.0)")
    parser.add_argument("--port", type=int, default=8554, help="port d’écoute (0 : un port libre)")
    parser.add_argument("--folder", type=Path, required=True, help="dossier où garder les scènes dessinées")
    parser.add_argument("--cameras", type=int, default=SCENES, help="nombre de caméras")
    parser.add_argument("--seconds", type=int, default=120, help="durée de la boucle")
    parser.add_argument("--fps", type=int, default=15, help="images par seconde")
    parser.add_argument("--width", type=int, default=1280, help="largeur de l’image (16:9)")
    parser.add_argument("--credentials", help="fichier : utilisateur, puis mot de passe (« - » : entrée standard)")
    return parser


__all__ = ["Credentials", "Recipe", "Simulator", "main"]

if __name__ == "__main__":
    sys.exit(main())
