"""Proofs of the dossier: documents, impact assessments, panels, mask checks, devices, what the engine saw."""

import uuid

from django.db import models
from django.db.models import Q

from compliance.law.terms import Analysis, Microphone, Seen
from compliance.models.dossier import Act, Ended, Installation, Position, choices, corrections


class Document(models.Model):
    """A file under its SHA-256, received as a proof or issued as a paper; never replaced, only followed by another.

    A paper has a version, its subject's code, the instant that it speaks of, and the fingerprint of its context.
    """

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(null=True)
    subject = models.CharField(max_length=40, blank=True)
    spoken_at = models.DateTimeField(null=True)
    complete = models.BooleanField(default=True)
    context_sha256 = models.CharField(max_length=64, blank=True)
    batch = models.ForeignKey("compliance.Batch", models.PROTECT, null=True, related_name="papers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "kind", "subject", "version"], name="a_version_is_issued_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "subject"], condition=Q(batch__isnull=False), name="a_batch_issues_a_paper_once"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True, subject="", context_sha256="", spoken_at__isnull=True)
                | (Q(version__isnull=False, spoken_at__isnull=False) & ~Q(subject="") & ~Q(context_sha256="")),
                name="a_paper_has_its_context",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Papers asked for together. What the worker knows of the job is here: `leased_until` says who works on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    installation = models.ForeignKey(Installation, models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=40)
    subjects = models.JSONField()
    given = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at}"


class Aipd(Act):
    """A signed impact assessment, with the DPO's opinion. Its drafting comes with the DPO's desk."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="aipds")
    version = models.CharField(max_length=20)
    signed_on = models.DateField()
    opinion_on = models.DateField(null=True, blank=True)
    opinion = models.CharField(max_length=20, blank=True)
    opinion_text = models.TextField(blank=True)
    residual_high = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "version"], condition=Q(void_at=None), name="an_aipd_version_is_signed_once"
            )
        ]

    def __str__(self) -> str:
        return self.version


class PriorConsultation(Act):
    """The CNIL's answer on a high residual risk (RGPD 36)."""

    aipd = models.ForeignKey(Aipd, models.PROTECT, related_name="consultations")
    answered_on = models.DateField()
    allows = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.aipd_id} {self.answered_on}"


class Panel(Act):
    """An information panel on the street."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="panels")
    code = models.CharField(max_length=16)
    place = models.CharField(max_length=200)

    history = corrections(
        *("installation", "document", "recorded_by", "recorded_at", "corrects", "void_at", "void_by", "void_reason")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "code"], condition=Q(void_at=None), name="a_panel_code_is_used_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.place}"


class PanelCheck(Act):
    """A panel seen or missing on a day; when present, the photo and the positions that it covers."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="checks")
    positions = models.ManyToManyField(Position, related_name="panel_checks")
    checked_on = models.DateField()
    present = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.panel_id} {self.checked_on}"


class MaskCheck(Act):
    """A human looked at a dated snapshot of a position. `masks` lists polygons in image shares (0 to 1)."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="mask_checks")
    at = models.DateTimeField()
    nothing_seen = models.BooleanField()
    masks = models.JSONField(default=list)
    preset = models.CharField(max_length=40, default="fixe")

    def __str__(self) -> str:
        return f"{self.position_id} {self.at}"


class Mounting(Act, Ended):
    """A device mounted on a position. Its stream address belongs to cameras.Camera; the law needs no secret."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    position = models.ForeignKey(Position, models.PROTECT, related_name="mountings")
    reference = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reference


class DeviceStatement(Act):
    """What was declared of a device: its microphone (R253-1), its analysis functions (CE n° 506370)."""

    mounting = models.ForeignKey(Mounting, models.PROTECT, related_name="statements")
    at = models.DateTimeField()
    microphone = models.CharField(max_length=8, choices=choices(Microphone))
    analysis = models.CharField(max_length=12, choices=choices(Analysis))

    def __str__(self) -> str:
        return f"{self.mounting_id} {self.at}"


class Observation(models.Model):
    """What the engine saw at a position and told the gate: a sound track, a failed erasure, the stream's figures."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="observations")
    kind = models.CharField(max_length=20, choices=choices(Seen))
    at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)
    conforms = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["position", "kind", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Pulse(models.Model):
    """One row, incremented by every act in its own transaction: processes read it once a second."""

    beat = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.beat)
