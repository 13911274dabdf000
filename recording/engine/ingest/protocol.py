"""What recorder and ingest say to each other: one JSON object a line, down its stdin, up its stdout.

Down go the address and the keys, which are in no other place; up goes nothing that could hold an address. Deadlines are
readings of the machine's monotonic clock, the same for both; instants are microseconds since 1970, UTC.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final

SILENCE: Final = 3.0
STALL: Final = 10.0


@dataclass(frozen=True, slots=True)
class HourKey:
    """A camera's key for one UTC hour; only its reference is ever printed."""

    hour_us: int
    key_id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when to go on: `deadline` on the monotonic clock, `until_us` on the wall clock, whichever comes first.

    `erase_us` is when an image of this very instant must be gone; `stop` asks to close now.
    """

    deadline: float
    until_us: int
    retention_days: int
    erase_us: int
    keys: tuple[HourKey, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """What an ingest is started with: everything it will ever know but its renewals."""

    address: str = field(repr=False)
    camera: str
    position: str
    run: str
    home: str
    parent: int
    lease: Lease
    keeps: bool = True  # False: live images only, and nothing may be written
    silence: float = SILENCE
    stall: float = STALL


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest says. `kind` is one of the names below; the other fields are what that kind needs."""

    kind: str
    at_us: int = 0
    reason: str = ""
    error: str = ""
    number: int = 0
    segment: dict[str, Any] = field(default_factory=dict)
    codec: str = ""
    width: int = 0
    height: int = 0
    rate: float = 0.0


ALIVE: Final = "alive"  # twice a second, from a thread that no camera can hold; at_us is the last image
CONNECTED: Final = "connected"  # the stream is open; its figures
GAP: Final = "gap"  # no image since at_us, for this reason
OPENED: Final = "opened"  # a segment file exists, with its first image
CLOSED: Final = "closed"  # the segment is whole, with its size and fingerprint
AUDIO: Final = "audio"  # the stream has a sound track; nothing of it is kept
LOST: Final = "lost"  # images are missing inside a segment, from at_us, for `number` microseconds
CLOCK: Final = "clock"  # by how many microseconds (`number`) the camera's own clock is ahead of this machine's
BYE: Final = "bye"  # the ingest closes by itself, for this reason


def _plain(value: object) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
    return value


def encode(message: Config | Lease | Report) -> bytes:
    """Return one line."""
    return json.dumps(_plain(message), separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _lease(raw: dict[str, Any]) -> Lease:
    keys = tuple(HourKey(k["hour_us"], k["key_id"], base64.b64decode(k["key"])) for k in raw.pop("keys"))
    return Lease(**raw, keys=keys)


def decode_config(line: bytes) -> Config:
    """Read the first line. An unreadable one is a KeyError, TypeError or ValueError that repeats nothing of it."""
    raw = json.loads(line)
    return Config(**{**raw, "lease": _lease(raw["lease"])})


def decode_lease(line: bytes) -> Lease:
    """Read a renewal."""
    return _lease(json.loads(line))


def decode_report(line: bytes) -> Report:
    """Read what an ingest says."""
    return Report(**json.loads(line))


class Lines:
    """Cuts what a pipe gives into lines; an incomplete one waits for its end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the lines that are now complete."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        yield from whole
