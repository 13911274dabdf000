"""Works through a batch: one worker at a time by a lease, each paper once, whatever stops it on the way.

The facts of the job are rows. A worker killed in the middle leaves a lease that ends; another one goes on from there.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import F, Max, Q

from compliance.actions import paper as acts
from compliance.documents.base import Subject, Unwritable, make
from compliance.documents.render import RendererMissing
from compliance.events import System
from compliance.models import Batch, Document

LEASE = timedelta(seconds=60)
ON_ITS_WAY = timedelta(seconds=20)
TRIES = 5
Clock = Callable[[], datetime]


class Lost(RuntimeError):
    """Somebody else took the batch over while this worker was slow."""


def waiting(now: datetime) -> Iterator[UUID]:
    """Yield the batches that nobody works on, those just asked for excepted: their message is on its way."""
    free = Q(leased_until__isnull=True, asked_at__lte=now - ON_ITS_WAY) | Q(leased_until__lte=now)
    yield from Batch.objects.filter(free, finished_at=None).order_by("asked_at").values_list("pk", flat=True)


def work(pk: UUID, *, clock: Clock) -> bool:
    """Issue what a batch still lacks. Return False when another worker has it, or when nothing is left to do."""
    claimed = _claim(pk, clock())
    if claimed is None:
        return False
    batch, lease = claimed
    try:
        shelf: dict[str, Any] = {}
        for code in _left(batch):
            _issue(batch, code, shelf, clock)
            lease = _renew(batch, lease, clock())
    except (Unwritable, ValidationError, PermissionDenied, RendererMissing) as refusal:
        if not Batch.objects.filter(pk=pk, leased_until=lease).exists():
            return False  # taken over meanwhile: it is for the other worker to say how it ends
        acts.give_up(batch, reason=_said(refusal), at=clock(), by=System.WORKER)
    except Lost:
        return False
    else:
        Batch.objects.filter(pk=pk, leased_until=lease).update(finished_at=clock(), leased_until=None)
    return True


def _claim(pk: UUID, now: datetime) -> tuple[Batch, datetime] | None:
    """Take the lease, in one statement: two workers never hold it. Give up on a batch that broke too many of them."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = Batch.objects.filter(free, pk=pk, finished_at=None)
    lease = now + LEASE
    if not rows.update(leased_until=lease, attempts=F("attempts") + 1):
        return None
    batch = Batch.objects.select_related("installation__authority", "asked_by__person").get(pk=pk)
    if batch.attempts > TRIES:
        reason = f"Arrêté après {TRIES} essais sans un document de plus. Prévenez le référent technique."
        acts.give_up(batch, reason=reason, at=now, by=System.WORKER)
        return None
    return batch, lease


def _renew(batch: Batch, held: datetime, now: datetime) -> datetime:
    """Hold the batch a little longer; a paper issued means that the worker is not stuck."""
    lease = now + LEASE
    if not Batch.objects.filter(pk=batch.pk, leased_until=held).update(leased_until=lease, attempts=1):
        raise Lost(batch.pk)
    return lease


def _left(batch: Batch) -> list[str]:
    done = set(Document.objects.filter(batch=batch).values_list("subject", flat=True))
    return [code for code in batch.subjects if code not in done]


def _issue(batch: Batch, code: str, shelf: dict[str, Any], clock: Clock) -> None:
    """Write one paper outside any transaction, then issue it; again when another batch took its version meanwhile."""
    kind, by = acts.kind_of(batch), batch.asked_by or System.CONSOLE
    for _ in range(TRIES):
        subject = Subject(
            installation=batch.installation,
            code=code,
            version=_next_version(batch, code),
            issued_at=batch.asked_at,
            given=batch.given,
            shelf=shelf,
        )
        paper = make(kind, subject)
        try:
            acts.issue(batch.installation, paper=paper, batch=batch, at=clock(), by=by)
        except IntegrityError:
            if Document.objects.filter(batch=batch, subject=code).exists():
                return
            continue
        return
    raise Unwritable(f"Trop d’éditions de {code} en même temps : recommencez.")


def _next_version(batch: Batch, code: str) -> int:
    held = Document.objects.filter(installation=batch.installation, kind=batch.kind, subject=code)
    return (held.aggregate(last=Max("version"))["last"] or 0) + 1


def _said(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
