"""A received file is what its bytes say, kept once under its fingerprint, and never runs anything."""

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from compliance.actions import document
from compliance.matrix import Dossier, photo
from compliance.models import Document
from config import demo_proofs
from tests.compliance.built import a_dossier, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PDF = demo_proofs.paper("Pièce", "d’essai")


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


def a_pdf(change: Any = None, **saved: Any) -> bytes:
    """Return a PDF of one blank page, changed, written as pikepdf writes it."""
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if change is not None:
            change(pdf)
        pdf.save(content, **saved)
    return content.getvalue()


def action(name: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(name), **more)


def opens_with(name: str, **more: Any) -> Any:
    return lambda pdf: pdf.Root.__setattr__("OpenAction", action(name, **more))


def hides_a_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["secret.txt"] = b"secret"


def runs_at_a_click(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action("/Launch", F="calc.exe")
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])


def scripts_by_name(pdf: pikepdf.Pdf) -> None:
    script = pdf.make_indirect(action("/JavaScript", JS="app.alert(1)"))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))


@pytest.mark.parametrize(
    "change",
    [
        opens_with("/JavaScript", JS="app.alert(1)"),
        opens_with("/SubmitForm", F="http://192.0.2.1/"),
        hides_a_file,
        runs_at_a_click,
        scripts_by_name,
        lambda pdf: pdf.pages[0].__setattr__("AA", pikepdf.Dictionary(O=action("/Named"))),
        lambda pdf: pdf.Root.__setattr__("AcroForm", pikepdf.Dictionary(XFA=pikepdf.Array([]))),
    ],
    ids=["opens with a script", "sends", "attachment", "launches", "named script", "trigger", "xfa"],
)
@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_does_something_is_refused_even_packed(
    made: Dossier, change: Any, packed: pikepdf.ObjectStreamMode
) -> None:
    before, journal = Document.objects.count(), entries()

    with pytest.raises(ValidationError, match="script ou un fichier caché"):
        receive(made, a_pdf(change, object_stream_mode=packed))

    assert (Document.objects.count(), entries()) == (before, journal)


def test_a_pdf_that_opens_at_a_page_is_taken(made: Dossier) -> None:
    """LibreOffice writes it in every document that it exports."""
    destination = lambda pdf: pdf.Root.__setattr__(  # noqa: E731
        "OpenAction", pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.XYZ, 0, 0, 0])
    )

    assert receive(made, a_pdf(destination)).media_type == "application/pdf"


def test_the_bytes_of_an_image_inside_a_pdf_may_spell_anything(made: Dossier) -> None:
    spell = lambda pdf: pdf.Root.__setattr__("Picture", pdf.make_stream(b"\x00/JS /JavaScript \x01"))  # noqa: E731

    assert receive(made, a_pdf(spell, compress_streams=False)).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4 essai", "abîmé"),
        (PDF[:60], "abîmé"),
        (a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "mot de passe"),
        (a_pdf(lambda pdf: pdf.pages.__delitem__(0)), "aucune page"),
    ],
    ids=["nothing inside", "cut", "locked", "no page"],
)
def test_a_pdf_that_cannot_be_read_is_refused_with_what_to_do(made: Dossier, content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        receive(made, content)


def test_a_file_too_large_is_refused(made: Dossier, settings: Any) -> None:
    settings.UPLOAD_LIMIT = len(PDF)
    receive(made, PDF)

    with pytest.raises(ValidationError, match="dépasse"):
        receive(made, PDF + b"\n")


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


def test_the_same_file_sent_twice_at_once_is_kept_once_and_whole(
    made: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sync = tmp_path / "documents" / "aa" / "aa", os.fsync

    def second_request(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        document.write(path, b"whole")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", second_request)
    document.write(path, b"whole")

    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_cut_short_leaves_nothing(made: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        document.write(tmp_path / "documents" / "aa" / "aa", b"whole")

    assert list((tmp_path / "documents" / "aa").iterdir()) == []
