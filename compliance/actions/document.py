"""The act of receiving a file: checked, written and synced first, then its row, then the journal."""

import hashlib
import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

from compliance import journal
from compliance.actions.base import By, act, who
from compliance.models import Document, Installation

PHOTOS = {"JPEG": "image/jpeg", "PNG": "image/png"}
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction")


def media_type(content: bytes, *, photo: bool) -> str:
    """Return what the bytes are, whatever the name says. Raises ValidationError on anything but PDF, JPEG or PNG."""
    if len(content) > settings.UPLOAD_LIMIT:
        raise ValidationError(f"Le fichier dépasse {settings.UPLOAD_LIMIT // 1024 // 1024}\u00a0Mo.")
    if content.startswith(b"%PDF-") and not photo:
        if any(mark in content for mark in ACTIVE):
            raise ValidationError(
                "Ce PDF contient un script ou un fichier caché. Réimprimez-le en PDF, puis déposez-le."
            )
        return "application/pdf"
    try:
        with Image.open(BytesIO(content)) as image:
            image.verify()
            if image.format in PHOTOS:
                return PHOTOS[image.format]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass
    wanted = "une photo JPEG ou PNG" if photo else "un PDF, une photo JPEG ou PNG"
    raise ValidationError(f"Ce fichier n’est pas {wanted}.")


def path_of(document: Document) -> Path:
    """Return where the file is kept: by its fingerprint, so that it is never replaced."""
    return settings.HOME / "documents" / document.sha256[:2] / document.sha256


@act("read")
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
    kept = media_type(content, photo=photo)
    document = Document(
        installation=installation,
        kind=kind,
        name=Path(name).name[:200],
        media_type=kept,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        recorded_at=at,
        recorded_by=who(by),
    )
    _write(path_of(document), content)
    document.save()
    journal.record(
        "document.received",
        at=at,
        by=by,
        installation=installation,
        kind=kind,
        name=document.name,
        size=document.size,
        document=document.sha256,
    )
    return document


def _write(path: Path, content: bytes) -> None:
    """Write and sync the file and its folder; the same content is written once."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
