"""Every read of segments, gaps, health and heartbeats that more than one place needs. Consultations are elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from cameras.models import Camera
from compliance.gate import Seen
from recording.models import Gap, Health, Heartbeat, Segment

RECORDER = "recorder"
KEEPER = "keeper"


def recordings_folder(home: Path) -> Path:
    """Return where sealed segments are; a segment's `path` is relative to it."""
    return home / "recordings"


def due(*, at: datetime) -> QuerySet[Segment]:
    """Return the segments whose end has come, and those whose erasure was cut short, camera by camera, oldest first."""
    return (
        Segment.objects.filter(Q(erase_at__lte=at) | Q(state=Segment.State.GARBAGE))
        .select_related("camera__mounting", "position__installation")
        .order_by("camera_id", "since", "pk")
    )


def segments_between(*, since: datetime, until: datetime) -> QuerySet[Segment]:
    """Return the readable segments that hold an image of the span, oldest first."""
    readable = Segment.objects.exclude(state=Segment.State.GARBAGE)
    return readable.filter(since__lt=until, until__gt=since).order_by("since", "pk")


def open_segments() -> QuerySet[Segment]:
    """Return the segments that were being written when their ingest was last heard of."""
    return Segment.objects.filter(state=Segment.State.OPEN).select_related("camera").order_by("pk")


def open_gap(camera: int) -> Gap | None:
    """Return the camera's gap that still lasts."""
    return Gap.objects.filter(camera=camera, until=None).order_by("since").last()


def last_image_at(camera: int) -> datetime | None:
    """Return the end of the camera's last segment."""
    return Segment.objects.filter(camera=camera).order_by("until").values_list("until", flat=True).last()


def health_by_camera() -> dict[int, Health]:
    """Return what the recorder last said of each camera."""
    return {health.camera_id: health for health in Health.objects.all()}


def heartbeat(process: str) -> Heartbeat | None:
    """Return what a process last said of itself."""
    return Heartbeat.objects.filter(pk=process).first()


def keys_in_use() -> set[str]:
    """Return the keys that a segment still needs."""
    return set(Segment.objects.order_by().values_list("key_id", flat=True).distinct())


def positions_failing_to_erase() -> dict[int, Any]:
    """Return, by key, the positions where the last word on erasure is that it fails."""
    said = (
        Camera.objects.filter(position__observations__kind__in=(Seen.ERASURE_FAILED, Seen.ERASURE_RESTORED))
        .order_by("position__observations__at", "position__observations__pk")
        .values_list("position_id", "position__observations__kind")
    )
    failing = {pk for pk, kind in dict(said).items() if kind == Seen.ERASURE_FAILED}
    cameras = Camera.objects.filter(position__in=failing).select_related("position__installation")
    return {camera.position_id: camera.position for camera in cameras}
