"""The journal's rows: entries that stay for ever, bodies that go at their term, the head, past verifications.

Written by `compliance.journal` only; triggers refuse everything else (compliance/journal/triggers.py).
"""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property

from compliance import events


class RowNumber(models.BigIntegerField):
    """A key that we number ourselves, and that on SQLite *is* the hidden row identifier.

    A `bigint` key would leave a second unique column there, `rowid`, by which INSERT OR REPLACE could remove an entry
    without any trigger seeing it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the column's type: `integer` is what makes the key an alias of `rowid`."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Entry(models.Model):
    """One link of the chain. Holds nothing personal; never changed nor deleted; `seq` goes 1, 2, 3 without a hole."""

    seq = RowNumber(primary_key=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    event = models.CharField(max_length=64)
    term = models.DateTimeField()
    commitment = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["event", "seq"], name="journal_by_event"),
            models.Index(fields=["at"], name="journal_by_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"

    @property
    def declared(self) -> events.Event:
        """Return what the event's declaration says: sentence, operation, personal keys."""
        return events.get(self.event)


class Body(models.Model):
    """What the entry says and who did it. Never changed; erased at the entry's term, with its salt.

    The columns beside `payload` repeat it, for the indexes only: verification compares them with it.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField(max_length=16)
    payload = models.TextField()
    actor = models.ForeignKey("compliance.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=120)
    installation = models.ForeignKey(
        "compliance.Installation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    position = models.ForeignKey("compliance.Position", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "bodies"
        indexes = [
            models.Index(fields=["actor", "entry"], name="journal_by_actor"),
            models.Index(fields=["installation", "entry"], name="journal_by_installation"),
            models.Index(fields=["position", "entry"], name="journal_by_position"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @cached_property
    def values(self) -> dict[str, Any]:
        """Return the values given when the entry was written, as JSON says them."""
        values: dict[str, Any] = json.loads(self.payload)["values"]
        return values

    @property
    def sentence(self) -> str:
        """Return the entry in words."""
        return self.entry.declared.say(self.values)


class Head(models.Model):
    """The last entry's number and hash: one row, locked to append, that only moves forward by one."""

    id = RowNumber(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class Verification(models.Model):
    """What a verification of the whole journal found; kept so that a page can say when the last one was."""

    at = models.DateTimeField()
    entries = models.BigIntegerField()
    intact = models.BooleanField()
    first_bad = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32, blank=True)

    class Meta:
        default_permissions = ()
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self.at} {'intact' if self.intact else self.kind}"
