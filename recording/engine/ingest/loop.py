"""The ingest's main thread: connects with a lease in hand, gives each picture to the disk and to the live readers.

Whatever the camera does, it reports one named gap and tries again, longer each time. It ends when the lease does.
A disk that refuses stops what is kept and nothing else: the camera stays open, live images go on (decision 8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from recording.engine.clock import Clock, to_us
from recording.engine.fmp4 import AccessUnit, BadStream, Bitstream, Sample, Track, codec_string
from recording.engine.ingest.live import FanOut
from recording.engine.ingest.protocol import AUDIO, CLOCK, CONNECTED, GAP, LOST, Report
from recording.engine.ingest.source import Packet, Source, SourceFault, Trouble
from recording.engine.ingest.timeline import Moment, Timeline
from recording.engine.ingest.watchdog import Watchdog

BACK_OFF: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
SOUND_SECONDS: Final = 30.0
DISK_SECONDS: Final = 2.0
TICKS_US: Final = 100 / 9  # a tick of 90 kHz, in microseconds


class Store(Protocol):
    """Where pictures are sealed. It reports the files that it opens and closes; up to `kept_us`, it has all."""

    kept_us: int

    def add(self, track: Track, sample: Sample, *, position: int, captured_us: int) -> None:
        """Seal a picture. Raises OSError when the disk refuses."""

    def room(self) -> bool:
        """Say whether a disk that refused may be asked again."""

    def close(self) -> None:
        """Close the current segment, whole."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What the loop works with."""

    connect: Callable[[], Source]
    store: Store
    live: FanOut
    watchdog: Watchdog
    say: Callable[[Report], None]
    clock: Clock


class Loop:
    """Runs until the lease is over. `last_us` is the capture of the last picture stored, 0 before it."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._say, self._clock, self._watchdog = hands.say, hands.clock, hands.watchdog
        self.last_us = 0
        self._began_us = 0
        self._track: Track | None = None
        self._told_audio = False
        self._trouble = ""
        self._disk_due: float | None = None  # when to ask again a disk that refused; None while it takes everything

    def run(self) -> None:
        """Connect, record, and again, until the lease is over. The last segment is closed on the way out."""
        failures = 0
        while self._watchdog.holds():
            connected = self._clock.monotonic()
            try:
                self._record()
            except SourceFault as fault:
                self._dark(fault)
            except BadStream:
                self._dark(SourceFault(Trouble.CAMERA_DOWN, error="BadStream"))
            except OSError as fault:
                self._dark(SourceFault(Trouble.CAMERA_DOWN, error=type(fault).__name__, number=fault.errno or 0))
            sound = self._clock.monotonic() - connected >= SOUND_SECONDS
            failures = 1 if sound else failures + 1
            self._watchdog.over.wait(BACK_OFF[min(failures, len(BACK_OFF)) - 1])
        self._close_segment()

    def _record(self) -> None:
        """Record one connection, to its end or the lease's."""
        with self._watchdog.waiting():
            source = self._hands.connect()
        try:
            if source.audio and not self._told_audio:
                self._told_audio = True
                self._say(Report(AUDIO, at_us=self._now_us(), codec=source.audio))
            self._read(source)
        finally:
            self._close_segment()
            source.close()

    def _read(self, source: Source) -> None:
        stream, timeline = Bitstream(source.codec, source.extradata), Timeline(rate=source.rate)
        started_us, keyed, told_clock = self._now_us(), False, False
        self._disk_due = None  # a camera that comes back hears of the disk again
        for packet in self._watchdog.watched(source.packets()):
            if not self._watchdog.holds():
                return
            moment = timeline.place(dts=packet.dts, pts=packet.pts)
            told_clock = told_clock or self._tell_clock(source, packet)
            unit = stream.read(packet.payload)
            if unit is None:
                continue
            if not keyed and unit.keyframe:
                keyed = True
                self._connected(unit.track, source)
            if keyed:
                self._keep(unit, moment, started_us=started_us)

    def _tell_clock(self, source: Source, packet: Packet) -> bool:
        """Say once a connection how far the camera's own clock is from this machine's; return whether it was said."""
        began_us, ticks = source.began_us(), packet.pts
        if not began_us or ticks is None:
            return False
        now_us = self._now_us()
        self._say(Report(CLOCK, at_us=now_us, number=began_us + round(ticks * TICKS_US) - now_us))
        return True

    def _keep(self, unit: AccessUnit, moment: Moment, *, started_us: int) -> None:
        """Store and show one picture. Its capture is the wall clock at receipt."""
        now_us = self._now_us()
        if unit.track != self._track:
            self._track = unit.track
            self._hands.live.begin(unit.track, wall_us=now_us)
        if moment.lost:
            lost_us = round(moment.lost * TICKS_US)
            self._say(Report(LOST, at_us=now_us - lost_us, number=lost_us))
        sample = Sample(unit.payload, moment.duration, unit.keyframe, moment.offset)
        self._began_us = self._began_us or started_us
        # One time line for every connection of this process: a player must never see time go back.
        base = moment.position + round((started_us - self._began_us) / TICKS_US)
        self._hands.live.publish(sample, base_time=base, wall_us=now_us)
        if not self._disk_takes(unit):
            return
        try:
            self._hands.store.add(unit.track, sample, position=moment.position, captured_us=now_us)
        except OSError as fault:
            self._refused(fault)
            return
        self.last_us = now_us
        self._trouble, self._disk_due = "", None

    def _disk_takes(self, unit: AccessUnit) -> bool:
        """Say whether to give this picture to the disk: one that refused is asked now and then, from a keyframe on."""
        if self._disk_due is None:
            return True
        now = self._clock.monotonic()
        if now < self._disk_due or not unit.keyframe:
            return False
        self._disk_due = now + DISK_SECONDS
        return self._hands.store.room()

    def _refused(self, fault: OSError) -> None:
        """Name the gap of a disk that refused, from the last picture that it has: what waited to be sealed is lost."""
        self._disk_due = self._clock.monotonic() + DISK_SECONDS
        refusal = SourceFault(Trouble.DISK_FULL, error=type(fault).__name__, number=fault.errno or 0)
        self._dark(refusal, since_us=self._hands.store.kept_us)

    def _connected(self, track: Track, source: Source) -> None:
        self._say(
            Report(
                CONNECTED,
                at_us=self._now_us(),
                codec=codec_string(track),
                width=track.width,
                height=track.height,
                rate=round(source.rate, 2),
            )
        )

    def _dark(self, fault: SourceFault, *, since_us: int = 0) -> None:
        """Name the gap once, from the last picture on; each failure after it says no more than its class and number."""
        if not self._watchdog.holds():
            return
        trouble = Trouble.STALLED if self._watchdog.stalled else fault.trouble
        since_us = since_us or self.last_us if not self._trouble and self.last_us else self._now_us()
        if trouble != self._trouble:
            self._trouble = trouble
            self._say(Report(GAP, at_us=since_us, reason=trouble, error=fault.error, number=fault.number))

    def _close_segment(self) -> None:
        try:
            self._hands.store.close()
        except OSError as fault:
            self._refused(fault)

    def _now_us(self) -> int:
        return to_us(self._clock.now())


__all__ = ["Hands", "Loop", "Packet", "Store"]
