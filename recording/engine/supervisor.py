"""The recorder: one ingest a camera, started and stopped as `plan` says. It sees no image and reads no database.

Its main thread only ticks: children are started there, because the death signal follows the thread, and are spoken to
from there. What may be held by a database lives in two other threads (roster, bookkeeping).
"""

import contextlib
import logging
import os
import signal
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cameras import credentials
from compliance import gate
from recording import actions, queries
from recording.engine import plan
from recording.engine.bookkeeping import Bookkeeper
from recording.engine.child import Child
from recording.engine.clock import Clock, to_us
from recording.engine.ingest import protocol
from recording.engine.ingest.protocol import Config, Lease, Report
from recording.engine.ledger import Ledger
from recording.engine.plan import Ingest, Limits, Phase
from recording.engine.roster import Known, Roster, Watch

log = logging.getLogger(__name__)
TICK_SECONDS: Final = 0.1
RENEW_SECONDS: Final = 0.5
LAST_WORDS_SECONDS: Final = 5.0
# The ingest itself said that its time was over: that is no failure.
OWN_END: Final = frozenset({"lease", "stop"})


@dataclass
class Post:
    """A camera as the recorder holds it: the plan's state, the run, the process."""

    ingest: Ingest = field(default_factory=Ingest)
    known: Known | None = None
    run: uuid.UUID | None = None
    child: Child | None = None
    reason: str = ""
    bye: str = ""
    renewed: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation may change of a recorder: the lease in seconds, the plan's limits, the stall's length."""

    home: Path
    lease: float
    limits: Limits = field(default_factory=Limits)
    silence: float = protocol.SILENCE
    stall: float = protocol.STALL


class Supervisor:
    """Holds every camera in place. `run` returns once `stop` was called and every camera is closed."""

    def __init__(self, settings: Settings, *, private_key: bytes, watch: Watch, clock: Clock) -> None:
        self._settings, self._clock, self._watch = settings, clock, watch
        self._private_key = private_key
        self._posts: dict[int, Post] = {}
        self._roster: Roster = {}
        self._ready: deque[tuple[int, uuid.UUID]] = deque()
        self._stopping = threading.Event()
        self._bookkeeper = Bookkeeper(last=self._beat)
        self._ledger = Ledger(self._bookkeeper, home=settings.home, clock=clock)

    def stop(self, *_: object) -> None:
        """Ask the recorder to end; a signal handler may call it."""
        self._stopping.set()

    def run(self, *, alive: Callable[[], None] = lambda: None) -> None:
        """Tick until asked to stop, then close every camera and write what is left; `alive` is called at each tick."""
        self._watch.start()
        self._bookkeeper.start()
        while not self._stopping.wait(TICK_SECONDS):
            self.tick()
            alive()
        self._watch.close()
        self._close_everything()
        if not self._bookkeeper.close(seconds=LAST_WORDS_SECONDS):
            log.error("arrêt : des écritures n’ont pas pu être faites")

    def tick(self) -> None:
        """Listen to every ingest, bury the dead, do what the plan says."""
        for camera, post in self._posts.items():
            self._listen(camera, post)
        while self._ready:
            camera, run = self._ready.popleft()
            told = self._posts.get(camera)
            if told is not None and told.run == run and told.ingest.phase is Phase.ANNOUNCED:
                told.ingest = plan.ready(told.ingest, now=self._clock.monotonic())
        self._read_roster()
        now = self._clock.monotonic()
        ingests = {camera: post.ingest for camera, post in self._posts.items()}
        for command in plan.plan(ingests, self._answers(now), now, self._settings.limits):
            self._do(command, now)
        self._bury_removed()

    def _read_roster(self) -> None:
        if self._watch.roster is self._roster:
            return
        self._roster = self._watch.roster
        for camera, known in self._roster.items():
            self._posts.setdefault(camera, Post()).known = known
            if known.codes != (plan.JOURNAL,):
                self._ledger.answered(known)

    def _answers(self, now: float) -> dict[int, plan.Answer]:
        wall = self._clock.now()
        return {
            camera: plan.Answer(
                allowed=known.opens.allowed,
                deadline=known.deadline(lease=self._settings.lease, monotonic=now, wall=wall),
                device=known.device,
                codes=known.codes,
                keeps=known.keeps,
            )
            for camera, known in self._roster.items()
        }

    def _do(self, command: plan.Command, now: float) -> None:
        post = self._posts.setdefault(command.camera, Post())
        match command:
            case plan.Announce():
                self._announce(command.camera, post, now)
            case plan.Start():
                self._start(command, post, now)
            case plan.Forget():
                self._end(command.camera, post, reason=command.reason, ingest=plan.darkened(post.ingest))
            case plan.Renew():
                self._renew(command, post, now)
            case plan.Stop():
                post.reason = command.reason
                post.ingest = plan.closing(post.ingest, now=now)
                self._tell_to_stop(post)
            case plan.Kill():
                post.reason = post.reason or command.reason
                if post.child is not None:
                    post.child.kill()

    def _announce(self, camera: int, post: Post, now: float) -> None:
        assert post.known is not None  # noqa: S101 (an announced camera was answered)
        run = post.run = uuid.uuid4()
        post.reason = post.bye = ""
        post.ingest = plan.announced(post.ingest, now=now, device=post.known.device, keeps=post.known.keeps)
        self._ledger.announce(post.known, run=run, done=lambda: self._ready.append((camera, run)))

    def _start(self, command: plan.Start, post: Post, now: float) -> None:
        assert post.known is not None  # noqa: S101
        try:
            post.child = Child(self._config(post, command.deadline))
        except (credentials.Unopened, gate.Refused, OSError) as fault:
            reason = type(fault).__name__
            log.error("caméra %s : pas d’ingestion (%s)", post.known.camera.uuid, reason)
            failed = plan.failed(
                plan.started(post.ingest, now=now, deadline=now), now=now, limits=self._settings.limits
            )
            self._end(command.camera, post, reason=reason, ingest=failed)
            return
        post.renewed = now
        post.ingest = plan.started(post.ingest, now=now, deadline=command.deadline)

    def _config(self, post: Post, deadline: float) -> Config:
        known = post.known
        assert known is not None  # noqa: S101
        sealed = bytes(known.camera.sealed_address)
        return Config(
            address=credentials.open_address(known.opens, sealed, self._private_key, now=self._clock.now()),
            camera=str(known.camera.uuid),
            position=known.camera.position.code,
            run=str(post.run),
            home=str(self._settings.home),
            parent=os.getpid(),
            keeps=known.keeps,
            lease=self._lease(known, deadline),
            silence=self._settings.silence,
            stall=self._settings.stall,
        )

    def _lease(self, known: Known, deadline: float, *, stop: bool = False) -> Lease:
        now, days = self._clock.now(), known.opens.retention_days or 0
        return Lease(
            deadline=deadline,
            until_us=to_us(known.opens.until),
            retention_days=days,
            erase_us=to_us(gate.erase_at(now, days)),
            keys=known.keys,
            stop=stop,
        )

    def _renew(self, command: plan.Renew, post: Post, now: float) -> None:
        if post.child is None or post.known is None:
            return
        sooner = command.deadline < post.ingest.deadline - RENEW_SECONDS
        if now - post.renewed < RENEW_SECONDS and not sooner:
            return
        post.renewed = now
        post.ingest = plan.renewed(post.ingest, deadline=command.deadline)
        post.child.send(self._lease(post.known, command.deadline))

    def _tell_to_stop(self, post: Post) -> None:
        if post.child is not None and post.known is not None:
            post.child.send(self._lease(post.known, 0.0, stop=True))

    def _listen(self, camera: int, post: Post) -> None:
        child = post.child
        if child is None:
            return
        ended = child.ended()  # looked at first: what it said before it died is then all there
        try:
            for report in child.reports():
                self._hear(camera, post, report)
        except (KeyError, TypeError, ValueError) as fault:
            # One ingest that speaks badly must not take the others with it.
            log.error("caméra %s : propos illisibles (%s)", post.run, type(fault).__name__)
            post.reason = "unreadable"
            child.kill()
        if ended:
            self._bury(camera, post, child)

    def _hear(self, camera: int, post: Post, report: Report) -> None:
        post.ingest = plan.heard(post.ingest, now=self._clock.monotonic())
        if report.kind == protocol.BYE:
            post.bye = report.reason
        if report.error:
            log.warning("caméra %s : %s %s %s", post.run, report.reason, report.error, report.number)
        self._ledger.heard(camera, report)

    def _bury(self, camera: int, post: Post, child: Child) -> None:
        child.close()
        post.child = None
        now = self._clock.monotonic()
        if post.ingest.phase is Phase.CLOSING or post.bye in OWN_END:
            ingest = plan.darkened(post.ingest)
        else:
            ingest = plan.failed(post.ingest, now=now, limits=self._settings.limits)
        reason = post.reason or post.bye or f"exit {child.code()}"
        self._end(camera, post, reason=reason, ingest=ingest)

    def _end(self, camera: int, post: Post, *, reason: str, ingest: Ingest) -> None:
        post.ingest, post.run = ingest, None
        known = self._roster.get(camera)
        permitted = known is not None and known.decision.allowed and reason not in OWN_END
        self._ledger.ended(camera, reason=reason, permitted=permitted)

    def _bury_removed(self) -> None:
        for camera, post in list(self._posts.items()):
            if camera not in self._roster and post.child is None and post.ingest.phase is Phase.DARK:
                del self._posts[camera]
                self._ledger.removed(camera)

    def _close_everything(self) -> None:
        for post in self._posts.values():
            post.reason = "recorder_stopped"
            self._tell_to_stop(post)
        deadline = self._clock.monotonic() + self._settings.limits.linger
        while any(post.child for post in self._posts.values()):
            for camera, post in self._posts.items():
                self._listen(camera, post)
                if post.child is not None and self._clock.monotonic() >= deadline:
                    post.child.kill()
            threading.Event().wait(0.02)
        for camera, post in self._posts.items():
            if post.run is not None:
                self._end(camera, post, reason="recorder_stopped", ingest=Ingest())

    def _beat(self) -> None:
        detail: dict[str, Any] = {
            "pid": os.getpid(),
            "cameras": len(self._roster),
            "open": sum(post.child is not None for post in list(self._posts.values())),
            "waiting": self._bookkeeper.waiting,
            "runs": self._ledger.runs(),
        }
        actions.beat(queries.RECORDER, at=self._clock.now(), detail=detail)


def on_signals(stop: Callable[..., object]) -> None:
    """Call `stop` when the process is asked to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError):
            signal.signal(number, stop)
