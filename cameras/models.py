"""The devices as machines: a stream address, sealed. What the law knows of them is compliance.Mounting."""

import uuid

from django.db import models
from django.db.models import Q


class Camera(models.Model):
    """The machine that stands for a mounting: where its stream is, and nothing that opens it without a Decision."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    position = models.ForeignKey("compliance.Position", models.PROTECT, related_name="cameras")
    mounting = models.OneToOneField("compliance.Mounting", models.PROTECT, related_name="camera")
    sealed_address = models.BinaryField()
    registered_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=models.F("registered_at")),
                name="a_camera_is_removed_after_it_is_registered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position.code} {self.mounting.reference}"
