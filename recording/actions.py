"""The engine's writes: runs, segments, gaps, health, heartbeats, erasure, each inside the caller's transaction.

These are not human acts: no right is asked, no pulse beats but where the gate must know. What R253-5 wants of the
*collecte* and of the *effacement* is journaled here and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Least

from cameras.models import Camera
from compliance import gate, journal
from compliance.events import System
from compliance.gate import Action, Decision, Seen
from recording import queries
from recording.models import Gap, Health, Heartbeat, Segment

BATCH = 500
NO_PERMIT = "no_permit"
RECORDER_DOWN = "recorder_down"
DISK_FULL = "disk_full"
PACKET_LOSS = "packet_loss"

# What a narrow view must keep to identify persons (order of 3 August 2007, article 2): the wide views ask less.
NORM_WIDTH, NORM_HEIGHT, NORM_RATE = 704, 576, 12


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch during which one ingest holds one camera, under one decision; without `keeps`, live images only.

    `probe` is the reception test that it serves, when it serves nothing else.
    """

    run: UUID
    camera: Camera
    since: datetime
    keeps: bool = True
    probe: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A segment as its file is: the instants, sizes and references that its row repeats. `path` is relative."""

    uuid: UUID
    path: str
    since: datetime
    until: datetime
    erase_at: datetime
    key_id: str
    codec: str = ""
    size: int = 0
    records: int = 0
    frames: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a stream says of itself."""

    codec: str = ""
    width: int = 0
    height: int = 0
    rate: float = 0.0


# --- runs and the gate's answers
def start_run(run: Run, *, decision: Decision) -> None:
    """Journal that a recording starts, with the decision that allows it. Committed before anything is opened.

    A run that keeps nothing has an entry of its own, with what forbids to record: none claims a recording there.
    """
    told: dict[str, Any] = {
        "at": run.since,
        "by": System.RECORDER,
        "position": run.camera.position,
        "camera": run.camera.mounting.reference,
        "run": str(run.run),
        "decision": {finding.code: finding.outcome.value for finding in decision.findings},
        "until": decision.until,
    }
    if run.keeps:
        journal.record("recording.run.started", **told, retention_days=decision.retention_days)
    else:
        reasons = [finding.reason for finding in decision.blocking]
        journal.record("recording.live.started", **told, codes=[f.code for f in decision.blocking], reasons=reasons)


def stop_run(run: Run, *, reason: str, at: datetime) -> None:
    """Journal that a run stops, why, and what it left."""
    told: dict[str, Any] = {
        "at": at,
        "by": System.RECORDER,
        "position": run.camera.position,
        "camera": run.camera.mounting.reference,
        "run": str(run.run),
        "reason": reason,
        "seconds": max(0, round((at - run.since).total_seconds())),
    }
    if not run.keeps:
        journal.record("recording.live.stopped", **told)
        return
    written = Segment.objects.filter(run=run.run)
    first, last = written.order_by("since").first(), written.order_by("until").last()
    journal.record(
        "recording.run.stopped",
        **told,
        segments=written.count(),
        first=first.since if first else None,
        last=last.until if last else None,
    )


def note_answer(camera: Camera, *, decision: Decision) -> bool:
    """Keep the gate's answer on a camera and journal it if it changed; return whether it did."""
    codes = [finding.code for finding in decision.blocking]
    live = decision.keeping_nothing().allowed
    known = Health.objects.filter(camera=camera).first()
    if known is not None and (known.allowed, known.live, known.codes) == (decision.allowed, live, codes):
        return False
    Health.objects.update_or_create(
        camera=camera, defaults={"allowed": decision.allowed, "live": live, "codes": codes, "since": decision.at}
    )
    journal.record(
        "gate.changed",
        at=decision.at,
        by=System.RECORDER,
        position=camera.position,
        camera=camera.mounting.reference,
        action=Action.RECORD,
        allowed=decision.allowed,
        codes=codes,
        reasons=[finding.reason for finding in decision.blocking],
        until=decision.until,
        retention_days=decision.retention_days,
        findings={finding.code: finding.outcome.value for finding in decision.findings},
    )
    return True


def note_audio(run: Run, *, codec: str, at: datetime) -> None:
    """Journal that a camera sends sound, of which nothing is kept, and tell the gate (R253-1)."""
    journal.record(
        "recording.audio.dropped",
        at=at,
        by=System.RECORDER,
        position=run.camera.position,
        camera=run.camera.mounting.reference,
        run=str(run.run),
        codec=codec,
    )
    gate.observe(run.camera.position, kind=Seen.AUDIO, at=at, by=System.RECORDER, detail=codec, conforms=False)


def note_disk_refused(run: Run, *, at: datetime, told: bool) -> None:
    """Keep that the disk takes no more of a camera that goes on streaming; journal it unless it was told already."""
    _note(run.camera, at=at, trouble=DISK_FULL)
    if not told:
        _of_disk("recording.disk.refused", run, at=at)


def note_disk_restored(run: Run, *, at: datetime) -> None:
    """Journal that the disk takes a camera's images again."""
    _note(run.camera, at=at, trouble="")
    _of_disk("recording.disk.restored", run, at=at)


def _of_disk(event: str, run: Run, *, at: datetime) -> None:
    journal.record(
        event,
        at=at,
        by=System.RECORDER,
        position=run.camera.position,
        camera=run.camera.mounting.reference,
        run=str(run.run),
    )


# --- segments and gaps
def open_segment(run: Run, *, written: Written) -> None:
    """Index a segment whose file has just been created and synced. Telling it twice changes nothing."""
    Segment.objects.get_or_create(
        uuid=written.uuid,
        defaults={
            "camera": run.camera,
            "position": run.camera.position,
            "run": run.run,
            **_fields(written),
        },
    )


def close_segment(run: Run, *, written: Written, state: str = Segment.State.CLOSED) -> None:
    """Index a segment as it now is for good: size, fingerprint, last image. It may never have been told open.

    Its file keeps the end that it was born with: one brought back meanwhile stays as the row says.
    """
    open_segment(run, written=written)
    Segment.objects.filter(uuid=written.uuid).exclude(state=Segment.State.GARBAGE).update(
        state=state, **{**_fields(written), "erase_at": Least("erase_at", Value(written.erase_at, DateTimeField()))}
    )


def _fields(written: Written) -> dict[str, Any]:
    return {
        "path": written.path,
        "since": written.since,
        "until": written.until,
        "erase_at": written.erase_at,
        "size": written.size,
        "records": written.records,
        "frames": written.frames,
        "codec": written.codec,
        "key_id": written.key_id,
        "sha256": written.sha256,
    }


def open_gap(camera: Camera, *, reason: str, since: datetime) -> None:
    """Name a stretch without images that lasts: it takes over from another reason, and never starts before it."""
    lasting = queries.open_gap(camera.pk)
    if lasting is not None and lasting.reason == reason:
        return
    if lasting is not None:
        since = max(since, lasting.since)
        close_gap(camera, at=since)
    Gap.objects.create(camera=camera, reason=reason, since=since)


def close_gap(camera: Camera, *, at: datetime) -> None:
    """End the camera's gap: images are back. A gap of no length leaves no row."""
    Gap.objects.filter(camera=camera, until=None, since__gte=at).delete()
    Gap.objects.filter(camera=camera, until=None).update(until=at)


def note_loss(camera: Camera, *, since: datetime, until: datetime) -> None:
    """Name images that the network lost inside a segment."""
    Gap.objects.create(camera=camera, reason=PACKET_LOSS, since=since, until=until)


def resume(camera: Camera, *, at: datetime) -> None:
    """Name the stretch during which no recorder ran, from the camera's last image on."""
    if queries.open_gap(camera.pk) is None:
        since = queries.last_image_at(camera.pk) or camera.registered_at
        Gap.objects.create(camera=camera, reason=RECORDER_DOWN, since=min(since, at))


# --- health and heartbeats
def note_stream(camera: Camera, *, figures: Figures, at: datetime) -> None:
    """Keep that a camera streams, and its figures."""
    _note(
        camera,
        at=at,
        streaming=True,
        trouble="",
        codec=figures.codec,
        width=figures.width,
        height=figures.height,
        rate=figures.rate,
    )
    _tell_norms(camera, figures, at=at)


def _tell_norms(camera: Camera, figures: Figures, *, at: datetime) -> None:
    """Tell the gate what the stream is beside the norms, when that changed (order of 3 August 2007, article 2)."""
    size = f"{figures.width} × {figures.height}"
    conforms = figures.width >= NORM_WIDTH and figures.height >= NORM_HEIGHT and round(figures.rate) >= NORM_RATE
    known = camera.position.observations.filter(kind=Seen.STREAM).order_by("pk").last()
    if known is None or known.conforms != conforms or not known.detail.startswith(f"{size},"):
        detail = f"{size}, {figures.rate:.0f} images par seconde"
        gate.observe(camera.position, kind=Seen.STREAM, at=at, by=System.RECORDER, detail=detail, conforms=conforms)


def note_trouble(camera: Camera, *, trouble: str, at: datetime) -> None:
    """Keep that a camera gives no image, and why; `trouble` is empty when it is not even asked."""
    _note(camera, at=at, streaming=False, trouble=trouble)


def note_clock(camera: Camera, *, ahead: timedelta, at: datetime) -> None:
    """Keep how far the camera's own clock is ahead of this machine's."""
    Health.objects.filter(camera=camera).update(clock_ahead=ahead, clock_at=at)


def note_image(camera: Camera, *, at: datetime) -> None:
    """Keep the instant of the camera's last image."""
    Health.objects.filter(camera=camera).update(last_image_at=at)


def _note(camera: Camera, *, at: datetime, **values: object) -> None:
    if not Health.objects.filter(camera=camera).update(**values):
        Health.objects.create(camera=camera, since=at, **values)


def beat(process: str, *, at: datetime, detail: dict[str, Any]) -> None:
    """Say that a process is alive, and what it says of itself."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at, "detail": detail})


# --- erasure
def condemn(segments: list[Segment]) -> None:
    """Mark segments as being erased: nothing reads them any more, and the next round finishes what is cut short."""
    Segment.objects.filter(pk__in=[segment.pk for segment in segments]).update(state=Segment.State.GARBAGE)


def note_erased(segments: list[Segment], *, reason: str, at: datetime, hours: int = 0) -> None:
    """Remove the rows of segments whose files are gone, and journal the erasure: one camera, one entry."""
    camera, position = segments[0].camera, segments[0].position
    Segment.objects.filter(pk__in=[segment.pk for segment in segments]).delete()
    journal.record(
        "recording.erased",
        at=at,
        by=System.KEEPER,
        position=position,
        camera=camera.mounting.reference,
        first=min(segment.since for segment in segments),
        last=max(segment.until for segment in segments),
        segments=len(segments),
        bytes=sum(segment.size for segment in segments),
        reason=reason,
        hours=hours,
    )


def shorten(segments: list[Segment], *, days: int, at: datetime) -> None:
    """Journal that segments of one position go sooner, then write their ends batch by batch: the recorder writes too.

    A batch that is cut short is found again, and told again, at the next start.
    """
    for start in range(0, len(segments), BATCH):
        with transaction.atomic():
            if not start:
                journal.record(
                    "recording.terms.shortened",
                    at=at,
                    by=System.KEEPER,
                    position=segments[0].position,
                    segments=len(segments),
                    first=min(segment.since for segment in segments),
                    last=max(segment.until for segment in segments),
                    retention_days=days,
                )
            Segment.objects.bulk_update(segments[start : start + BATCH], ["erase_at"])


def note_erasure_failed(segments: list[Segment], *, reason: str, at: datetime) -> None:
    """Journal that segments past their end could not be erased, and tell the gate: nothing more is recorded there."""
    camera, position = segments[0].camera, segments[0].position
    gate.observe(position, kind=Seen.ERASURE_FAILED, at=at, by=System.KEEPER, detail=reason, conforms=False)
    journal.record(
        "recording.erasure.failed",
        at=at,
        by=System.KEEPER,
        position=position,
        camera=camera.mounting.reference,
        reason=reason,
        first=min(segment.since for segment in segments),
        last=max(segment.until for segment in segments),
        segments=len(segments),
        bytes=sum(segment.size for segment in segments),
        due=min(segment.erase_at for segment in segments),
    )


def note_erasure_restored(position: Any, *, at: datetime) -> None:
    """Tell the gate that erasure works again at a position."""
    gate.observe(position, kind=Seen.ERASURE_RESTORED, at=at, by=System.KEEPER)
