"""A received file is what its bytes say, kept once under its fingerprint, and never runs anything."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from compliance.actions import document
from compliance.matrix import Dossier, photo
from compliance.models import Document
from tests.compliance.built import a_dossier, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Dossier:
    settings.HOME = tmp_path
    return a_dossier()


def receive(made: Dossier, content: bytes, *, name: str = "piece.pdf", photo: bool = False) -> Document:
    return document.receive(made.installation, kind="preuve", name=name, content=content, photo=photo, **made.by)


def picture(kind: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [(PDF, "application/pdf"), (picture("JPEG"), "image/jpeg"), (picture("PNG"), "image/png")],
    ids=["pdf", "jpeg", "png"],
)
def test_a_file_is_what_its_bytes_say(made: Dossier, content: bytes, media: str) -> None:
    row = receive(made, content, name="n'importe.exe")

    assert (row.media_type, row.size) == (media, len(content))
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert document.path_of(row).read_bytes() == content


@pytest.mark.parametrize(
    ("content", "photo"),
    [
        (b"", False),
        (b"<html>", False),
        (picture("GIF"), False),
        (picture("PNG")[:20], False),
        (PDF, True),
        (b"MZ\x90", True),
    ],
    ids=["empty", "html", "gif", "cut picture", "a PDF instead of a photo", "program"],
)
def test_anything_else_is_refused(made: Dossier, content: bytes, photo: bool) -> None:
    before, journal = Document.objects.count(), entries()

    with pytest.raises(ValidationError, match="Ce fichier n’est pas"):
        receive(made, content, photo=photo)

    assert (Document.objects.count(), entries()) == (before, journal)


@pytest.mark.parametrize(
    "mark", [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/EmbeddedFiles", b"/OpenAction"]
)
def test_a_pdf_that_does_something_is_refused(made: Dossier, mark: bytes) -> None:
    with pytest.raises(ValidationError, match="script ou un fichier caché"):
        receive(made, PDF.replace(b"/Catalog", b"/Catalog " + mark + b" 2 0 R"))


def test_the_bytes_of_an_image_inside_a_pdf_may_spell_anything(made: Dossier) -> None:
    content = PDF.replace(b"%%EOF", b"2 0 obj\nstream\n\x00/JS \x01\nendstream\nendobj\n%%EOF")

    assert receive(made, content).media_type == "application/pdf"


def test_a_file_too_large_is_refused(made: Dossier, settings: Any) -> None:
    settings.UPLOAD_LIMIT = len(PDF)
    receive(made, PDF)

    with pytest.raises(ValidationError, match="dépasse"):
        receive(made, PDF + b" ")


def test_the_same_content_is_written_once(made: Dossier) -> None:
    content = photo()
    first = receive(made, content)
    written = document.path_of(first).stat()

    second = receive(made, content)

    assert first.pk != second.pk
    assert document.path_of(second).stat() == written
    assert written.st_mode & 0o077 == 0
    assert list(document.path_of(first).parent.iterdir()) == [document.path_of(first)]


def test_a_name_never_leads_elsewhere(made: Dossier) -> None:
    row = receive(made, PDF, name="../../etc/passwd" + "x" * 300)

    assert row.name == ("passwd" + "x" * 300)[:200]
    assert document.path_of(row).is_relative_to(document.path_of(row).parents[2])


def test_a_rehearsed_file_leaves_no_file(made: Dossier) -> None:
    row = document.rehearse(made.installation, kind="preuve", name="a.pdf", content=PDF, **made.by)

    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert not document.path_of(row).exists()
