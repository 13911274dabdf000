"""The live line between an ingest and the web: where its socket is, and how its messages are cut. No Django, no engine.

An ingest listens on `<home>/run/<camera uuid>.sock` (folder 0700, socket 0600, same user only: SO_PEERCRED). A reader
connects and says nothing; it gets the codec, the init segment, the images since the last key image, then each image as
it comes. A message is a header (payload length, kind, capture instant in microseconds UTC) and a payload.

A Unix socket's path is limited to 107 bytes: both sides go through `/proc/self/fd/<folder>` when it is longer.
"""

import os
import struct
from enum import IntEnum
from pathlib import Path
from uuid import UUID

HEADER = struct.Struct("!IBQ")
LONGEST_PATH = 100


class Kind(IntEnum):
    """What a message holds."""

    CODEC = 1
    INIT = 2
    KEY = 3
    DELTA = 4
    END = 5
    RIGHT = 6


def run_folder(home: Path) -> Path:
    """Return the folder of sockets, created 0700."""
    folder = home / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def socket_path(home: Path, camera: UUID) -> Path:
    """Return the path of a camera's socket; it may be too long to bind: see `bindable`."""
    return run_folder(home) / f"{camera}.sock"


def bindable(path: Path) -> tuple[str, int | None]:
    """Return a path short enough for bind or connect, and the folder's descriptor to close afterwards, if any."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        return str(path), None
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    return f"/proc/self/fd/{folder}/{path.name}", folder


def pack(kind: Kind, wall_us: int, payload: bytes) -> bytes:
    """Return one message."""
    return HEADER.pack(len(payload), kind, wall_us) + payload
