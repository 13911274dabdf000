"""Turns what happens to cameras into writes for the bookkeeper: runs, segments, gaps, health.

Every second of a camera-day is a segment or a named gap: whatever ends a run opens a gap at its last image.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cameras.models import Camera
from recording import actions, probes
from recording.actions import DISK_FULL, NO_PERMIT, RECORDER_DOWN, Figures, Run, Written
from recording.engine.bookkeeping import Bookkeeper
from recording.engine.clock import Clock, from_us
from recording.engine.ingest import protocol
from recording.engine.ingest.protocol import Report
from recording.engine.recovery import recover_run
from recording.engine.roster import Known
from recording.models import Segment

IMAGE_EVERY: Final = timedelta(seconds=2)


@dataclass
class Page:
    """What is known of one camera, so as to write only what changes."""

    camera: Camera
    answer: tuple[bool, tuple[str, ...]] | None = None
    gap: str = ""
    run: Run | None = None
    last_image: datetime | None = None
    told_image: datetime | None = None
    figures: Figures | None = None
    sound: str = ""
    probe: int = 0
    refused: bool = False  # by the disk, and journaled: once, until it takes images again


class Ledger:
    """One page a camera; every method only queues."""

    def __init__(self, bookkeeper: Bookkeeper, *, home: Path, clock: Clock) -> None:
        self._put = bookkeeper.put
        self._home, self._clock = home, clock
        self._pages: dict[int, Page] = {}

    def runs(self) -> dict[str, dict[str, Any]]:
        """Return the runs that last, as the heartbeat keeps them: a recorder that dies leaves them to the next one."""
        return {
            str(page.camera.pk): {
                "run": str(page.run.run),
                "since": page.run.since.isoformat(),
                "keeps": page.run.keeps,
                "probe": page.run.probe,
            }
            for page in list(self._pages.values())
            if page.run is not None
        }

    def resume(self, camera: Camera) -> None:
        """A camera met for the first time: nothing was recorded since its last image."""
        self._pages[camera.pk] = Page(camera, gap=RECORDER_DOWN)
        self._put(partial(actions.resume, camera, at=self._clock.now()))

    def answered(self, known: Known) -> None:
        """The gate answered: keep and journal it if it changed, and name the darkness of a camera that it refuses."""
        if known.camera.pk not in self._pages:
            self.resume(known.camera)
        page = self._pages[known.camera.pk]
        page.camera = known.camera
        page.probe = known.probe
        if page.probe and page.figures is not None:
            self._tested(page, probes.DONE, figures=page.figures)
        answer = (known.decision.allowed, known.codes)
        if answer == page.answer:
            return
        page.answer = answer
        self._put(partial(actions.note_answer, known.camera, decision=known.decision))
        if not known.decision.allowed and page.run is None:
            self._dark(page, NO_PERMIT, since=known.decision.at)
            self._put(partial(actions.note_trouble, known.camera, trouble="", at=known.decision.at))

    def announce(self, known: Known, *, run: UUID, done: Callable[[], object]) -> None:
        """A run is about to start: `done` is called once its entry is committed."""
        page = self._pages[known.camera.pk]
        probe = known.probe if known.only_tests else 0
        page.run = Run(run, known.camera, self._clock.now(), keeps=known.keeps, probe=probe)
        page.last_image = None
        if probe:
            self._put(partial(probes.begin, probe, decision=known.opens, at=page.run.since), done=done)
            return
        self._put(partial(actions.start_run, page.run, decision=known.decision), done=done)

    def ended(self, camera: int, *, reason: str, permitted: bool) -> None:
        """The run is over: close what it left open, journal its stop, name the gap that begins.

        One that kept nothing leaves the gap « no_permit » as it is: nothing is recorded before, during nor after it.
        """
        page = self._pages[camera]
        run, page.run = page.run, None
        if run is None:
            return
        at = self._clock.now()
        page.figures, page.sound = None, ""
        if run.probe:
            self._tested(page, probes.NO_ANSWER, probe=run.probe)
            self._put(partial(actions.note_trouble, page.camera, trouble="", at=at))
            return
        if run.keeps:
            self._put(partial(recover_run, run, home=self._home, at=at))
        self._put(partial(actions.stop_run, run, reason=reason, at=at))
        if run.keeps and (not page.gap or not permitted):
            since = at if page.gap else page.last_image or at
            self._dark(page, RECORDER_DOWN if permitted else NO_PERMIT, since=since)
        self._put(partial(actions.note_trouble, page.camera, trouble="", at=at))

    def removed(self, camera: int) -> None:
        """The camera is no longer in place: its last gap ends with it."""
        page = self._pages.pop(camera)
        self._put(partial(actions.close_gap, page.camera, at=self._clock.now()))

    def heard(self, camera: int, report: Report) -> None:
        """Write what an ingest says."""
        page = self._pages[camera]
        if page.run is None:
            return
        at = from_us(report.at_us) if report.at_us else self._clock.now()
        match report.kind:
            case protocol.ALIVE if report.at_us:
                self._image(page, at)
            case protocol.CONNECTED:
                figures = Figures(report.codec, report.width, report.height, report.rate)
                self._put(partial(actions.note_stream, page.camera, figures=figures, at=at))
                page.figures = figures
                if page.probe:
                    self._tested(page, probes.DONE, figures=figures)
            case protocol.GAP if report.reason == DISK_FULL:
                # A run that keeps is the only one that has a disk; its camera goes on streaming.
                told, page.refused = page.refused, True
                self._put(partial(actions.note_disk_refused, page.run, at=at, told=told))
                self._dark(page, DISK_FULL, since=at)
            case protocol.GAP:
                page.figures = None
                if page.run.probe:
                    self._tested(page, report.reason, probe=page.run.probe)
                if page.run.keeps:
                    self._dark(page, report.reason, since=at)
                self._put(partial(actions.note_trouble, page.camera, trouble=report.reason, at=at))
            case protocol.OPENED:
                self._put(partial(actions.open_segment, page.run, written=written(report.segment)))
                if page.refused:
                    page.refused = False
                    self._put(partial(actions.note_disk_restored, page.run, at=at))
                self._light(page, at)
            case protocol.CLOSED:
                page.last_image = at
                state = Segment.State.CLOSED if report.segment["state"] == "closed" else Segment.State.RECOVERED
                self._put(partial(actions.close_segment, page.run, written=written(report.segment), state=state))
            case protocol.AUDIO:
                page.sound = report.codec
                self._put(partial(actions.note_audio, page.run, codec=report.codec, at=at))
            case protocol.CLOCK:
                ahead = timedelta(microseconds=report.number)
                self._put(partial(actions.note_clock, page.camera, ahead=ahead, at=at))
            case protocol.LOST if page.run.keeps and not page.refused:
                until = at + timedelta(microseconds=report.number)
                self._put(partial(actions.note_loss, page.camera, since=at, until=until))

    def _tested(self, page: Page, outcome: str, *, figures: Figures | None = None, probe: int = 0) -> None:
        """Answer a reception test. It is answered once, whatever is said of it later."""
        told, page.probe = probe or page.probe, 0
        at = self._clock.now()
        self._put(partial(probes.end, told, outcome=outcome, at=at, figures=figures, sound=page.sound))

    def _image(self, page: Page, at: datetime) -> None:
        page.last_image = at
        if page.told_image is None or at - page.told_image >= IMAGE_EVERY:
            page.told_image = at
            self._put(partial(actions.note_image, page.camera, at=at))

    def _dark(self, page: Page, reason: str, *, since: datetime) -> None:
        if page.gap != reason:
            page.gap = reason
            self._put(partial(actions.open_gap, page.camera, reason=reason, since=since))

    def _light(self, page: Page, at: datetime) -> None:
        page.gap = ""
        self._put(partial(actions.close_gap, page.camera, at=at))


def written(segment: dict[str, Any]) -> Written:
    """Read a segment as an ingest tells it."""
    told: dict[str, Any] = {
        name: segment[name] for name in ("path", "key_id", "codec", "size", "records", "frames", "sha256")
    }
    told |= {name: from_us(segment[f"{name}_us"]) for name in ("since", "until", "erase_at")}
    return Written(uuid=UUID(segment["uuid"]), **told)
