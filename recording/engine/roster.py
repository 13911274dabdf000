"""What the gate answers on every camera, asked in a thread of its own: all of the recorder's database reads.

The pulse is read each second, one query whatever the number of cameras; the gate is asked again when it moved, before
a lease runs out, and every minute. A database that does not answer leaves the last roster as it is: leases run out.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from cameras import queries
from cameras.models import Camera
from compliance import gate
from compliance.gate import Action, Decision
from recording import probes
from recording.engine.clock import Clock, to_us
from recording.engine.ingest.protocol import HourKey
from recording.engine.keys import HOUR, KeyStore
from recording.engine.plan import JOURNAL, deadline_of

log = logging.getLogger(__name__)
PULSE_SECONDS: Final = 1.0
ASK_AGAIN_SECONDS: Final = 60.0
# The database must answer before the next pulse: who waits for a lock cannot see a withdrawal.
LOCK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """A camera, the gate's answer on it, the monotonic instant of the question, and its keys of this hour and next.

    A stream that a reception test alone opens was « asked » when that test was first seen: no later answer prolongs it.
    `decision` is the answer on recording; `opens` is the one under which the stream may be opened: the same, or what is
    left of it for live images alone. Without the right to keep, no key is in hand.
    """

    camera: Camera
    decision: Decision
    opens: Decision
    asked: float
    keys: tuple[HourKey, ...]
    device: str = field(default="")
    probe: int = 0  # the reception test asked for, if one lasts

    @property
    def only_tests(self) -> bool:
        """True when a reception test alone opens the stream."""
        return self.opens.action is Action.PROBE

    @property
    def keeps(self) -> bool:
        """True when what is seen is kept."""
        return self.opens.retention_days is not None

    def deadline(self, *, lease: float, monotonic: float, wall: datetime) -> float:
        """Return until when, by the monotonic clock, to go on without hearing anything."""
        most = min(lease, probes.LONGEST.total_seconds()) if self.only_tests else lease
        return deadline_of(self.opens.until, lease=most, heard=self.asked, monotonic=monotonic, wall=wall)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return what refuses to record."""
        return tuple(finding.code for finding in self.decision.blocking)


Roster = Mapping[int, Known]


class Watch(threading.Thread):
    """Keeps `roster` as fresh as the database allows; `reachable` says whether it answered last time."""

    def __init__(self, *, keys: KeyStore, clock: Clock, lease: float) -> None:
        super().__init__(name="watch", daemon=True)
        self.roster: Roster = {}
        self.asked_once = threading.Event()
        self.reachable = False
        self._keys, self._clock = keys, clock
        self._again = min(ASK_AGAIN_SECONDS, lease / 3)
        self._closing = threading.Event()
        self._beat: int | None = None
        self._ask_at = 0.0
        self._expires: datetime | None = None
        self._tests: dict[int, float] = {}  # when each reception test was first seen
        self._hour_keys: dict[tuple[int, datetime], HourKey] = {}

    def close(self) -> None:
        """End the thread at its next round."""
        self._closing.set()

    def run(self) -> None:
        """Look once a second, and at the very instant an answer expires."""
        while not self._closing.is_set():
            started = self._clock.monotonic()
            self.attempt()
            self._closing.wait(self._pause(started))
        connection.close()

    def look(self) -> None:
        """Read the pulse and ask the gate if it must be. Raises the database's errors."""
        close_old_connections()
        self._be_impatient()
        beat = gate.pulse()
        now, monotonic = self._clock.now(), self._clock.monotonic()
        expired = self._expires is not None and now >= self._expires
        if beat != self._beat or monotonic >= self._ask_at or expired:
            self.ask(now=now, monotonic=monotonic)
            self._beat = beat
        self.reachable = True

    def ask(self, *, now: datetime, monotonic: float) -> None:
        """Ask the gate about every camera in place, and publish the answers."""
        cameras = list(queries.in_place())
        decisions = gate.decide_many(Action.RECORD, [camera.position for camera in cameras], at=now)
        roster = {
            camera.pk: Known(
                camera=camera,
                decision=(decision := decisions[camera.position_id]),
                opens=decision if decision.keeps else decision.keeping_nothing(),
                asked=monotonic,
                keys=self._keys_of(camera, now) if decision.allowed else (),
                device=sha256(bytes(camera.sealed_address)).hexdigest()[:16],
            )
            for camera in cameras
        }
        tested = _tested(roster, at=now)
        self._tests = {known.probe: self._tests.get(known.probe, monotonic) for known in tested.values()}
        for camera, known in tested.items():
            roster[camera] = replace(known, asked=self._tests[known.probe]) if known.only_tests else known
        self._expires = min(
            (until for known in roster.values() for until in (known.decision.until, known.opens.until)), default=None
        )
        # Without the journal nothing starts: ask again soon, since no act will tell that it writes again.
        mute = any(JOURNAL in known.codes for known in roster.values())
        self._ask_at = monotonic + (PULSE_SECONDS if mute else self._again)
        self.roster = roster
        self.asked_once.set()

    def _keys_of(self, camera: Camera, now: datetime) -> tuple[HourKey, ...]:
        """Return the camera's keys for this UTC hour and the next: the hour may turn while the database is away."""
        this = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        wanted = [(camera.pk, hour) for hour in (this, this + HOUR)]
        for place in wanted:
            if place not in self._hour_keys:
                opened = self._keys.hour_key(camera.uuid, place[1])
                self._hour_keys[place] = HourKey(to_us(place[1]), opened.key_id, opened.key)
        for place in [place for place in self._hour_keys if place[1] < this]:
            del self._hour_keys[place]
        return tuple(self._hour_keys[place] for place in wanted)

    def attempt(self) -> None:
        """Look, and survive: what cannot be read leaves the roster as it is."""
        try:
            self.look()
        except (OperationalError, InterfaceError) as fault:
            if self.reachable:
                log.warning("base injoignable (%s) : les baux courent jusqu’à leur terme", type(fault).__name__)
            self.reachable = False
            connection.close()
        except Exception:
            # A bug here must not leave cameras open on old answers for ever: their leases run out.
            log.exception("la porte n’a pas pu être interrogée")
            connection.close()

    def _pause(self, started: float) -> float:
        """Return how long to sleep: to the next second of the rhythm, or to the instant an answer expires."""
        pause = max(0.05, started + PULSE_SECONDS - self._clock.monotonic())
        if self._expires is None:
            return pause
        left = (self._expires - self._clock.now()) / timedelta(seconds=1)
        return min(pause, left) if left > 0 else pause

    def _be_impatient(self) -> None:
        milliseconds = round(LOCK_SECONDS * 1000)
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
            else:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{4 * milliseconds}ms"])


def _tested(roster: Roster, *, at: datetime) -> dict[int, Known]:
    """Return the cameras whose reception test is asked for. One that nothing else opens is opened for it, briefly.

    One that is open already is not opened again: its stream answers.
    """
    asked = {probe.camera_id: probe for probe in probes.pending(at=at).order_by("pk") if probe.camera_id in roster}
    if not asked:
        return {}
    answers = gate.decide_many(Action.PROBE, [roster[camera].camera.position for camera in asked], at=at)
    found = {}
    for camera, probe in asked.items():
        known = roster[camera]
        opens = known.opens
        if not opens.allowed:
            answer = answers[known.camera.position_id]
            opens = replace(answer, retention_days=None, until=min(answer.until, probe.asked_at + probes.LONGEST))
        found[camera] = replace(known, opens=opens, probe=probe.pk)
    return found
