"""Every read of segments, gaps, health and heartbeats that more than one place needs. Consultations are elsewhere."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from cameras.models import Camera
from compliance.gate import Seen
from recording.models import Gap, Health, Heartbeat, Segment
from recording.wall import Reading

RECORDER = "recorder"
KEEPER = "keeper"
CLOCK = "clock"
FIRST_YEAR = 2024  # older than the product: not an hour that somebody set


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


def last_reading() -> Reading | None:
    """Return the last reading of the clocks held for right; of an older product, the keeper's last round."""
    kept = heartbeat(CLOCK) or heartbeat(KEEPER)
    return None if kept is None else Reading(kept.at, kept.detail.get("boot", ""), kept.detail.get("up", 0.0))


def doubt_told() -> dict[str, Any] | None:
    """Return the doubt about the clock that the keeper told last, None when it has none."""
    beat = heartbeat(KEEPER)
    return None if beat is None else beat.detail.get("doubt")


def installations() -> list[Any]:
    """Return every installation of this machine."""
    return list(apps.get_model("compliance", "Installation").objects.order_by("code"))


def positions_recorded() -> list[Any]:
    """Return the positions with a camera in place."""
    cameras = Camera.objects.filter(removed_at=None).select_related("position__installation")
    return list({camera.position_id: camera.position for camera in cameras.order_by("position__code")}.values())


def camera_clocks(*, since: datetime) -> list[timedelta]:
    """Return how far each camera's own clock is ahead of this machine's, as told since an instant.

    A camera that was never given the time counts from 1970 or 2000: it says nothing of the hour.
    """
    told = Health.objects.filter(clock_at__gte=since, camera__removed_at=None)
    return [
        health.clock_ahead
        for health in told
        if health.clock_at is not None
        and health.clock_ahead is not None
        and (health.clock_at + health.clock_ahead).year >= FIRST_YEAR
    ]


def born_in_the_future(*, at: datetime) -> QuerySet[Segment]:
    """Return the whole segments dated after an instant, whose term was not brought back yet."""
    return Segment.objects.filter(since__gt=at, shortened_at=None).exclude(
        state__in=(Segment.State.OPEN, Segment.State.GARBAGE)
    )


def last_segment() -> int:
    """Return the key of the last segment indexed, 0 when there is none."""
    return Segment.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def positions_with_a_camera() -> list[Any]:
    """Return the positions that have, or had, a camera: all those of which images may exist."""
    cameras = Camera.objects.select_related("position__installation").order_by("pk")
    return list({camera.position_id: camera.position for camera in cameras}.values())


def lasting(*, at: datetime) -> QuerySet[Segment]:
    """Return the segments whose end is still to come, with their dates alone: there may be a month of them."""
    found = Segment.objects.filter(erase_at__gt=at).exclude(state=Segment.State.GARBAGE)
    return found.only("position", "since", "until", "erase_at", "shortened_at").order_by("since", "pk")


def keys_in_use() -> set[str]:
    """Return the keys that a segment still needs."""
    return set(Segment.objects.order_by().values_list("key_id", flat=True).distinct())


def positions_failing_to_erase(*, at: datetime) -> dict[int, Any]:
    """Return, by key, the positions where the last word on erasure is that it fails.

    What a clock set forward dated after `at` is no word yet, here as for the gate: nothing said now would answer it.
    """
    words = (Seen.ERASURE_FAILED, Seen.ERASURE_RESTORED)
    said = (
        Camera.objects.filter(position__observations__kind__in=words, position__observations__at__lte=at)
        .order_by("position__observations__at", "position__observations__pk")
        .values_list("position_id", "position__observations__kind")
    )
    failing = {pk for pk, kind in dict(said).items() if kind == Seen.ERASURE_FAILED}
    cameras = Camera.objects.filter(position__in=failing).select_related("position__installation")
    return {camera.position_id: camera.position for camera in cameras}
