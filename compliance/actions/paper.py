"""Acts about the papers that the product issues: asked for together, issued one by one, each with its own entry."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import By, act, may, who
from compliance.actions.document import context_path_of, path_of, write
from compliance.documents import ASKERS, KINDS, Kind, Paper
from compliance.documents.base import fingerprint
from compliance.models import Batch, Document, Installation

MOST = 1000


@act(*ASKERS)
def ask(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    kind: Kind,
    subjects: Sequence[str],
    at: datetime,
    by: By,
    given: Mapping[str, Any] | None = None,
    key: uuid.UUID | None = None,
) -> Batch:
    """Ask for papers of one kind; the worker issues them. `key` names the request: the same one is never made twice.

    Raises PermissionDenied without the right of the kind, ValidationError on a subject that does not exist.
    """
    allowed(by, kind, installation)
    known = {choice.code for choice in kind.choices(installation, at)}
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        raise ValidationError({"subjects": _("Dites de quoi le document parle.")})
    if len(wanted) > MOST:
        raise ValidationError({"subjects": format_lazy(_("{most} documents au plus à la fois."), most=MOST)})
    if strangers := sorted(set(wanted) - known):
        raise ValidationError(
            {"subjects": format_lazy(_("Inconnu de cette installation : {strangers}."), strangers=", ".join(strangers))}
        )
    batch = Batch.objects.create(
        id=key or uuid.uuid4(),
        installation=installation,
        kind=kind.slug,
        subjects=wanted,
        given=dict(given or {}),
        asked_at=at,
        asked_by=who(by),
    )
    journal.record(
        "paper.asked",
        at=at,
        by=by,
        installation=installation,
        kind=kind.title,
        count=len(wanted),
        subjects=wanted,
        batch=str(batch.pk),
    )
    # A broker that does not answer loses nothing: the sweep finds the batch.
    transaction.on_commit(lambda: current_app.send_task("compliance.tasks.issue_papers", [str(batch.pk)]), robust=True)
    return batch


@act(*ASKERS)
def issue(installation: Installation, *, paper: Paper, batch: Batch, at: datetime, by: By) -> Document:
    """Issue a paper: its file and its context written and synced, then its row, then its entry."""
    allowed(by, paper.kind, installation)
    document = Document(
        installation=installation,
        kind=paper.kind.slug,
        name=paper.name,
        media_type="application/pdf",
        size=len(paper.content),
        sha256=fingerprint(paper.content),
        recorded_at=at,
        recorded_by=who(by),
        version=paper.subject.version,
        subject=paper.subject.code,
        spoken_at=paper.spoken_at,
        complete=paper.complete,
        context_sha256=fingerprint(paper.context),
        batch=batch,
    )
    write(path_of(document), paper.content)
    write(context_path_of(document), paper.context)
    document.save(force_insert=True)
    journal.record(
        "paper.issued",
        at=at,
        by=by,
        installation=installation,
        kind=paper.kind.slug,
        subject=document.subject,
        title=paper.title,
        version=document.version,
        spoken_at=document.spoken_at,
        complete=document.complete,
        document=document.sha256,
        context=document.context_sha256,
    )
    return document


@act(*ASKERS)
def give_up(batch: Batch, *, reason: str, at: datetime, by: By) -> Batch:
    """Stop a batch that cannot go on, and say why; what it issued stays."""
    Batch.objects.filter(pk=batch.pk).update(finished_at=at, leased_until=None, failure=reason[:300])
    batch.refresh_from_db()
    journal.record(
        "paper.failed",
        at=at,
        by=by,
        installation=batch.installation,
        kind=batch.kind,
        batch=str(batch.pk),
        reason=reason,
    )
    return batch


def allowed(by: By, kind: Kind, installation: Installation) -> None:
    """Raise PermissionDenied unless the account holds a right that this kind asks."""
    if not any(may(by, right, installation) for right in kind.any_right):
        raise PermissionDenied(_("Ce document demande un droit sur l’installation que votre fonction n’a pas."))


def kind_of(batch: Batch) -> Kind:
    """Return the kind of a batch."""
    return KINDS[batch.kind]
