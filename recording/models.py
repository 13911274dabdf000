"""What the engine knows: sealed segments, named gaps, health, heartbeats, open consultations."""

import uuid

from django.db import models
from django.db.models import F, Q


class Segment(models.Model):
    """A sealed file of one minute at most. Its end is fixed at birth: it may be shortened, never extended.

    `shortened_at` says when the keeper brought back the term of one that a false clock dated in the future.
    """

    class State(models.TextChoices):
        """Where the segment is between its first byte and its erasure."""

        OPEN = "open", "en cours"
        CLOSED = "closed", "close"
        RECOVERED = "recovered", "reprise"
        GARBAGE = "garbage", "en effacement"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    camera = models.ForeignKey("cameras.Camera", models.PROTECT, related_name="segments")
    position = models.ForeignKey("compliance.Position", models.PROTECT, related_name="segments")
    run = models.UUIDField()
    path = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    erase_at = models.DateTimeField()
    shortened_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=0)
    codec = models.CharField(max_length=32)
    key_id = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["camera", "since"]),
            models.Index(fields=["state", "erase_at"]),
            models.Index(fields=["key_id"]),
        ]
        constraints = [
            # Nothing is said of `erase_at`: what a clock set forward dated in the future goes before the date it bears.
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_segment_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.path


class Gap(models.Model):
    """A stretch without images, and its cause: nothing is lost silently."""

    camera = models.ForeignKey("cameras.Camera", models.PROTECT, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=24)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["camera", "since"])]

    def __str__(self) -> str:
        return f"{self.since} {self.reason}"


class Health(models.Model):
    """What the recorder last said of a camera: the gate's answer it acts on, the stream's figures, the last image.

    `allowed` is about recording, `live` about opening the stream at all; `clock_ahead` is by how much the camera's own
    clock was ahead of this machine's at `clock_at`.
    """

    camera = models.OneToOneField("cameras.Camera", models.PROTECT, related_name="health")
    allowed = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    codes = models.JSONField(default=list)
    streaming = models.BooleanField(default=False)
    trouble = models.CharField(max_length=24, blank=True)
    since = models.DateTimeField()
    codec = models.CharField(max_length=32, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    rate = models.FloatField(default=0)
    last_image_at = models.DateTimeField(null=True, blank=True)
    clock_ahead = models.DurationField(null=True, blank=True)
    clock_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.camera_id} {'open' if self.allowed else 'shut'}"


class Heartbeat(models.Model):
    """One row per process: when it was last alive, and what it says of itself. One for the clock: when it was right."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.process


class Probe(models.Model):
    """A reception test of a device: asked, done by the recorder, its figures. It has no image."""

    camera = models.ForeignKey("cameras.Camera", models.PROTECT, related_name="probes")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    codec = models.CharField(max_length=32, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    rate = models.FloatField(default=0)
    audio = models.CharField(max_length=32, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["camera", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.asked_at}"


class Consultation(models.Model):
    """A viewing in progress or over: what the web needs to renew and cut it. Who saw what is in the journal."""

    number = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("compliance.Person", models.PROTECT, related_name="+")
    account = models.ForeignKey("compliance.Account", models.PROTECT, related_name="+")
    positions = models.ManyToManyField("compliance.Position", related_name="+")
    opened_at = models.DateTimeField()
    motive = models.CharField(max_length=40)
    first_image_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.number
