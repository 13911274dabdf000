"""The act of receiving a file: checked, written and synced first, then its row, then the journal."""

import hashlib
import os
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from compliance import journal
from compliance.actions.base import By, act, who
from compliance.actions.pdf import refuse_active
from compliance.models import Document, Installation

PART = ".part"
PHOTOS = {"JPEG": "image/jpeg", "PNG": "image/png"}


def media_type(content: bytes, *, photo: bool) -> str:
    """Return what the bytes are, whatever the name says. Raises ValidationError on anything but PDF, JPEG or PNG."""
    if len(content) > settings.UPLOAD_LIMIT:
        raise ValidationError(
            format_lazy(_("Le fichier dépasse {size} Mo."), size=settings.UPLOAD_LIMIT // 1024 // 1024)
        )
    if content.startswith(b"%PDF-") and not photo:
        refuse_active(content)
        return "application/pdf"
    try:
        with Image.open(BytesIO(content)) as image:
            image.verify()
            if image.format in PHOTOS:
                return PHOTOS[image.format]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass
    if photo:
        raise ValidationError(_("Ce fichier n’est pas une photo JPEG ou PNG."))
    raise ValidationError(_("Ce fichier n’est pas un PDF, une photo JPEG ou PNG."))


def path_of(document: Document) -> Path:
    """Return where the file is kept: by its fingerprint, so that it is never replaced."""
    return place_of(document.sha256)


def context_path_of(document: Document) -> Path:
    """Return where the context of a paper is kept, beside it."""
    return place_of(document.context_sha256).with_suffix(".json")


def place_of(fingerprint: str) -> Path:
    """Return the place of a content in the store."""
    return settings.HOME / "documents" / fingerprint[:2] / fingerprint


# A proof is received with the act that it serves: whoever may do one of them may bring its piece.
BEARERS = tuple(right for right, _ in Installation._meta.permissions)


@act(*BEARERS)
def receive(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    kind: str,
    name: str,
    content: bytes,
    at: datetime,
    by: By,
    photo: bool = False,
) -> Document:
    """Receive a file as a proof. Raises ValidationError on a wrong type, a script in a PDF, or more than 20 MB."""
    document = _described(
        installation, kind=kind, name=name, content=content, photo=photo, recorded_at=at, recorded_by=who(by)
    )
    write(path_of(document), content)
    return _entered(document, at=at, by=by)


@act(*BEARERS)
def rehearse(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    kind: str,
    name: str,
    content: bytes,
    at: datetime,
    by: By,
    photo: bool = False,
) -> Document:
    """Receive a file without keeping it: for an act tried in a transaction that its caller takes back."""
    document = _described(
        installation, kind=kind, name=name, content=content, photo=photo, recorded_at=at, recorded_by=who(by)
    )
    return _entered(document, at=at, by=by)


def _described(installation: Installation, *, content: bytes, name: str, photo: bool, **given: Any) -> Document:
    return Document(
        installation=installation,
        name=Path(name).name[:200],
        media_type=media_type(content, photo=photo),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **given,
    )


def _entered(document: Document, *, at: datetime, by: By) -> Document:
    document.save()
    journal.record(
        "document.received",
        at=at,
        by=by,
        installation=document.installation,
        kind=document.kind,
        name=document.name,
        size=document.size,
        document=document.sha256,
    )
    return document


def write(path: Path, content: bytes) -> None:
    """Write and sync the file and its folder; the same content is written once."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own: two requests that bring the same content at once each write theirs whole. It is made 0600.
    descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=PART)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).rename(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
