"""The reception test (PROBE): a device opened for thirty seconds at most, nothing recorded, nothing shown, its figures.

Asked by whoever keeps the cameras, allowed by the gate alone, done by the recorder, journaled at each step. The web
opens no camera: it leaves a row, and the pulse tells the recorder. No picture is kept: a still is an image, and asks
WATCH.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cameras.models import Camera
from compliance import gate, journal
from compliance.events import System
from compliance.gate import Action
from recording.actions import Figures
from recording.models import Probe

By = AbstractBaseUser | AnonymousUser | System
RIGHT: Final = "compliance.manage_cameras"
LONGEST: Final = timedelta(seconds=30)
# After that, a recorder that has not begun is not running: the test is over, and the page says so.
BEGINS_WITHIN: Final = timedelta(seconds=15)
NO_ANSWER, NO_RECORDER, DONE = "no_answer", "no_recorder", "ok"


def ask(camera: Camera, *, at: datetime, by: By) -> Probe:
    """Ask for a reception test. Raises PermissionDenied, or gate.Refused with what the law still misses.

    A test asked while another one lasts is that other one.
    """
    if not isinstance(by, System) and not (by.is_active and by.has_perm(RIGHT, camera.position.installation)):  # type: ignore[attr-defined]
        raise PermissionDenied(_("Cet acte demande le droit « manage_cameras » sur l’installation."))
    with transaction.atomic():
        lasting = pending(at=at).filter(camera=camera).first()
        if lasting is not None:
            return lasting
        gate.decide(Action.PROBE, camera.position, at=at).require()
        row = Probe.objects.create(camera=camera, asked_at=at, asked_by=None if isinstance(by, System) else by)  # type: ignore[misc]
        _tell("camera.probe.asked", camera, at=at, by=by)
        gate.beat()
    return row


def pending(*, at: datetime) -> Any:
    """Return the tests that the recorder may still do at `at`."""
    return Probe.objects.filter(ended_at=None, asked_at__gt=at - LONGEST, asked_at__lte=at)


def begin(probe: int, *, decision: gate.Decision, at: datetime) -> None:
    """Journal that the device is about to be opened. Committed before anything is."""
    row = Probe.objects.select_related("camera__position", "camera__mounting").get(pk=probe)
    row.started_at = at
    row.save(update_fields=["started_at"])
    findings = {finding.code: finding.outcome.value for finding in decision.findings}
    _tell("camera.probe.started", row.camera, at=at, by=System.RECORDER, decision=findings, until=decision.until)


def end(probe: int, *, outcome: str, at: datetime, figures: Figures | None = None, sound: str = "") -> None:
    """Keep what the test found, journal it, and let the recorder close the device. The first word is the last.

    `sound` is the codec of a track that the stream has, and of which nothing is kept (R253-1).
    """
    row = Probe.objects.select_related("camera__position", "camera__mounting").filter(pk=probe, ended_at=None).first()
    if row is None:
        return
    seen = figures or Figures()
    row.outcome, row.ended_at, row.audio = outcome, at, sound
    row.codec, row.width, row.height, row.rate = seen.codec, seen.width, seen.height, seen.rate
    row.save(update_fields=["outcome", "ended_at", "audio", "codec", "width", "height", "rate"])
    size = f"{seen.width} × {seen.height}, {seen.rate:.0f} images par seconde" if figures else ""
    _tell("camera.probe.ended", row.camera, at=at, by=System.RECORDER, outcome=outcome, figures=size, sound=sound)
    gate.beat()


def _tell(event: str, camera: Camera, *, at: datetime, by: Any, **values: Any) -> None:
    journal.record(event, at=at, by=by, position=camera.position, device=camera.mounting.reference, **values)
