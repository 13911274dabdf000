"""The reads of devices that more than one place needs."""

from django.db.models import QuerySet

from cameras.models import Camera


def in_place() -> QuerySet[Camera]:
    """Return the cameras that were not removed, with what the gate and the journal ask of their position."""
    return Camera.objects.filter(removed_at=None).select_related("position__installation", "mounting").order_by("pk")
