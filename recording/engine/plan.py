"""What the recorder does next with each camera, from the gate's answers: pure, it reads no clock and starts nothing.

Every instant here is a reading of the machine's monotonic clock, in seconds: an ingest lives on the same machine, so a
deadline means the same on both sides of the pipe. Closed by default: what is not answered is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

JOURNAL: Final = "R-50"
BACK_OFF: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
REMOVED: Final = "removed"
CHANGED: Final = "changed"
RESTORED: Final = "restored"


class Phase(StrEnum):
    """Where a camera's ingest is."""

    DARK = "dark"
    ANNOUNCED = "announced"  # the run's journal entry is asked for
    READY = "ready"  # the entry is committed: the ingest may be started
    RUNNING = "running"
    CLOSING = "closing"  # asked to close: killed if it lingers


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, in seconds, an ingest may take to say its first word, be silent, linger once asked to close, and live
    before it counts as sound. Before its first word it has opened nothing: a busy machine only starts it slowly.
    """

    start: float = 20.0
    silence: float = 3.0
    linger: float = 0.4
    sound: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The gate's answer on one camera: whether its stream may be opened, and whether its images are kept.

    `device` changes with the address that an ingest is started with; `codes` is what refuses to record.
    """

    allowed: bool
    deadline: float
    device: str
    codes: tuple[str, ...] = ()
    keeps: bool = True

    @property
    def waits_for_the_journal(self) -> bool:
        """True when only R-50 stops it: a recording then runs to the end of its lease, and none starts."""
        return not self.allowed and self.codes == (JOURNAL,)


@dataclass(frozen=True, slots=True)
class Ingest:
    """What the recorder knows of a camera's ingest. `since`: when the phase began; `heard`: its last word."""

    phase: Phase = Phase.DARK
    since: float = 0.0
    device: str = ""
    deadline: float = 0.0
    heard: float = 0.0
    keeps: bool = True
    failures: int = 0
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Announce:
    """Write that a run starts; nothing is opened before this entry is committed."""

    camera: int


@dataclass(frozen=True, slots=True)
class Start:
    """Start the ingest, its lease in hand."""

    camera: int
    deadline: float


@dataclass(frozen=True, slots=True)
class Forget:
    """Write that the announced run did not take place."""

    camera: int
    reason: str


@dataclass(frozen=True, slots=True)
class Renew:
    """Tell the ingest that the recorder lives, and until when it may go on."""

    camera: int
    deadline: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Ask the ingest to close its camera at once."""

    camera: int
    reason: str


@dataclass(frozen=True, slots=True)
class Kill:
    """End the ingest's process: it is hung, or lingers."""

    camera: int
    reason: str


Command = Announce | Start | Forget | Renew | Stop | Kill


def deadline_of(until: datetime, *, lease: float, heard: float, monotonic: float, wall: datetime) -> float:
    """Return until when to go on without hearing anything: `lease` seconds after the database last confirmed the
    answer (`heard`), and never past the answer's own `until`, which bites at the exact second of the wall clock.
    """
    return min(heard + lease, monotonic + (until - wall).total_seconds())


def plan(
    ingests: Mapping[int, Ingest], answers: Mapping[int, Answer], now: float, limits: Limits
) -> tuple[Command, ...]:
    """Return what to do now, camera by camera. A camera without an answer was removed: its ingest closes."""
    return tuple(
        command
        for camera in sorted({*ingests, *answers})
        for command in _one(camera, ingests.get(camera, Ingest()), answers.get(camera), now, limits)
    )


def _one(camera: int, ingest: Ingest, answer: Answer | None, now: float, limits: Limits) -> Iterator[Command]:
    opens = answer is not None and answer.allowed and answer.deadline > now
    match ingest.phase:
        case Phase.DARK:
            if opens and now >= ingest.not_before:
                yield Announce(camera)
        case Phase.READY:
            if answer is not None and opens and _same(answer, ingest):
                yield Start(camera, answer.deadline)
            else:
                yield Forget(camera, why(answer, ingest))
        case Phase.RUNNING:
            yield _running(camera, ingest, answer, now, limits)
        case Phase.CLOSING:
            if now - ingest.since > limits.linger:
                yield Kill(camera, "lingers")


def _running(camera: int, ingest: Ingest, answer: Answer | None, now: float, limits: Limits) -> Command:
    patience = limits.silence if ingest.heard > ingest.since else limits.start
    if now - ingest.heard > patience:
        return Kill(camera, "hung")
    if answer is None or not _same(answer, ingest):
        return Stop(camera, why(answer, ingest))
    # Without the journal the lease is not renewed, and not shortened either, except by what the answer itself allows.
    deadline = min(ingest.deadline, answer.deadline) if answer.waits_for_the_journal else answer.deadline
    if deadline <= now or not (answer.allowed or answer.waits_for_the_journal):
        return Stop(camera, why(answer, ingest))
    return Renew(camera, deadline)


def _same(answer: Answer, ingest: Ingest) -> bool:
    """True when the ingest is what the answer asks for: another address or another keeping is another run."""
    return (answer.device, answer.keeps) == (ingest.device, ingest.keeps)


def why(answer: Answer | None, ingest: Ingest) -> str:
    """Return in one word why an ingest closes: the codes that refuse, or what befell its lease."""
    if answer is None:
        return REMOVED
    if not answer.allowed and not answer.waits_for_the_journal:
        return " ".join(answer.codes)
    if answer.device != ingest.device:
        return CHANGED
    if answer.keeps != ingest.keeps:
        return " ".join(answer.codes) or RESTORED
    return "lease"


def announced(ingest: Ingest, *, now: float, device: str, keeps: bool = True) -> Ingest:
    """The run's entry is asked for, with the device and the keeping that it will be started with."""
    return replace(ingest, phase=Phase.ANNOUNCED, since=now, device=device, keeps=keeps)


def ready(ingest: Ingest, *, now: float) -> Ingest:
    """The run's entry is committed."""
    return replace(ingest, phase=Phase.READY, since=now)


def started(ingest: Ingest, *, now: float, deadline: float) -> Ingest:
    """The ingest was started: it is heard from this instant on."""
    return replace(ingest, phase=Phase.RUNNING, since=now, heard=now, deadline=deadline)


def renewed(ingest: Ingest, *, deadline: float) -> Ingest:
    """The ingest was told until when it may go on."""
    return replace(ingest, deadline=deadline)


def heard(ingest: Ingest, *, now: float) -> Ingest:
    """The ingest said something."""
    return replace(ingest, heard=now)


def closing(ingest: Ingest, *, now: float) -> Ingest:
    """The ingest was asked to close."""
    return replace(ingest, phase=Phase.CLOSING, since=now)


def darkened(ingest: Ingest) -> Ingest:
    """The ingest is over because the recorder ended it: it may start again as soon as the gate says so."""
    return Ingest(failures=ingest.failures, not_before=ingest.not_before)


def failed(ingest: Ingest, *, now: float, limits: Limits) -> Ingest:
    """The ingest ended by itself: the next one waits, longer each time unless it had run soundly."""
    failures = 1 if now - ingest.since >= limits.sound else ingest.failures + 1
    return Ingest(failures=failures, not_before=now + BACK_OFF[min(failures, len(BACK_OFF)) - 1])
