"""The dossier: who is responsible, what is installed where, the prefect's acts. Rows say what humans did, and when."""

from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop
from simple_history.models import HistoricalRecords

from compliance.law.terms import MeasureKind, OrderKind, PlaceKind


def choices(kind: type) -> list[tuple[str, str]]:
    """Return the closed list of a StrEnum as choices; the words are in compliance.law.terms."""
    return [(item.value, item.value) for item in kind]  # type: ignore[attr-defined]


def corrections(*excluded: str) -> HistoricalRecords:
    """Keep the field history of what may be corrected before an act freezes it: convenience, the journal is the proof.

    The account is kept as a number: a book of convenience holds no row of the dossier back.
    """
    return HistoricalRecords(
        excluded_fields=list(excluded), history_user_id_field=models.PositiveBigIntegerField(null=True)
    )


M = TypeVar("M", bound=models.Model)


class Counting(models.Manager[M]):
    """The rows that count: an entry made by mistake stays in its table (`ever`), and nothing reads it by chance."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Leave out what a human said was typed by mistake."""
        return super().get_queryset().filter(void_at=None)


class Act(models.Model):
    """What every dated act keeps: when it was entered, by whom, on which document; and when it was said to be wrong.

    An entry is never edited. A wrong one is voided, and the one that `corrects` it is a row of its own.
    """

    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey("compliance.Document", models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    void_at = models.DateTimeField(null=True, blank=True)
    void_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)

    objects = Counting()
    ever = models.Manager()  # noqa: DJ012 (the first manager is the one that related rows use)

    class Meta:
        abstract = True


class Ended(models.Model):
    """What a row keeps of its end: its legal date is the row's own; here, when that end was entered, and by whom."""

    end_recorded_at = models.DateTimeField(null=True, blank=True)
    end_recorded_by = models.ForeignKey("compliance.Account", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Authority(models.Model):
    """The responsible of the system: a commune, in practice."""

    name = models.CharField(max_length=200)
    siret = models.CharField(max_length=14)
    insee = models.CharField(max_length=5, blank=True)
    public = models.BooleanField(default=True)

    history = corrections("public")

    def __str__(self) -> str:
        return self.name


class Contact(Act):
    """How the public and the prefect reach the responsible, from a day: functions, never a private name."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="contacts")
    since = models.DateField()
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    dpo = models.CharField(max_length=200)
    prefecture = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.authority_id} {self.since}"


class Installation(models.Model):
    """One system of vidéoprotection: the unit of the dossier and of the office rights."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="installations")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        permissions = [
            ("draft_aipd", gettext_noop("Rédiger l’AIPD")),
            ("give_opinion", gettext_noop("Donner l’avis du DPD")),
            ("validate", gettext_noop("Valider")),
            ("file", gettext_noop("Écrire à la préfecture et à la CNIL")),
            ("capture_order", gettext_noop("Saisir les actes du préfet")),
            ("habilitate", gettext_noop("Habiliter les personnes")),
            ("manage_cameras", gettext_noop("Tenir les positions et les appareils")),
            ("control", gettext_noop("Contrôler")),
            ("read", gettext_noop("Lire le dossier")),
        ]

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A legal point: what the prefect authorises. The device on it is replaced, the position stays."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="positions")
    code = models.CharField(max_length=16, unique=True)
    address = models.CharField(max_length=200)

    history = corrections("installation")

    class Meta:
        default_permissions = ()
        permissions = [
            ("watch_position", "Voir en direct"),
            ("replay_position", "Revoir"),
            ("export_position", "Remettre"),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.address}"


class ViewFields(models.Model):
    """A place and a cone: WGS 84 degrees, degrees clockwise from north, metres."""

    latitude = models.FloatField()
    longitude = models.FloatField()
    azimuth = models.FloatField()
    angle = models.FloatField()
    range_m = models.FloatField()

    class Meta:
        abstract = True


class Declaration(Act, ViewFields):
    """What the commune declares of a position from an instant: kind, field, purposes. A change is a new row."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="declarations")
    since = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=choices(PlaceKind))
    justification = models.TextField()
    purposes = models.JSONField(default=list)
    premises_purpose = models.BooleanField(default=False)
    necessity = models.TextField(blank=True)
    retention_days = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position", "since"], condition=Q(void_at=None), name="one_declaration_at_an_instant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.since}"


class Order(Act):
    """The prefect's order (arrêté). `ends_on` is its last lawful day, computed at the act when the order is silent."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="orders")
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=choices(OrderKind))
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    published = models.CharField(max_length=120, blank=True)
    purposes = models.JSONField(default=list)
    premises = models.BooleanField(default=False)
    retention_days = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_days = models.PositiveSmallIntegerField(null=True, blank=True)
    services = models.JSONField(default=list)
    clauses = models.TextField(blank=True)
    perimeter = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "number"], condition=Q(void_at=None), name="an_order_is_captured_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_order_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(retention_days__isnull=True) | Q(retention_days__range=(1, 31)),
                name="an_order_keeps_one_month_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(ViewFields):
    """A line of the order's annex: a position, its authorised field, how many devices."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.ForeignKey(Position, models.PROTECT, related_name="lines")
    cameras = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="a_position_is_named_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.position_id}"


class OrderMeasure(Act, Ended):
    """What befalls an order: suspension, withdrawal, stop, end of the event; `until` when a later act lifts it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12, choices=choices(MeasureKind))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"


class Notice(Act):
    """The letter that tells the prefect the commissioning date of positions (R252-17)."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="notices")
    positions = models.ManyToManyField(Position, related_name="notices")
    sent_on = models.DateField()
    service_on = models.DateField()
    proved = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.sent_on} {self.service_on}"


class LocationNotice(Act, ViewFields):
    """The letter that tells the prefect where a camera of a perimeter will stand (R252-17, second sentence)."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="locations")
    sent_on = models.DateField()
    service_on = models.DateField()
    proved = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.sent_on} {self.service_on}"


class CnilCommitment(Act):
    """The commitment of conformity that the responsible sends to the CNIL once (R253-7)."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="commitments")
    sent_on = models.DateField()
    receipt = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.receipt
