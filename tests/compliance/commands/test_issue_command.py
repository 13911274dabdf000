"""`./run manage issue`: a paper, its copy, its entry; what is mistyped is said and nothing is made."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.documents import press, render
from compliance.matrix import Dossier
from compliance.models import Document
from tests.compliance.built import a_dossier, an_account, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


@pytest.fixture(autouse=True)
def _blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "pdf", lambda text: f"%PDF-1.7 {text}".encode())


def run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("issue", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def misused(*arguments: str) -> str:
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("issue", *arguments, stdout=said, stderr=said)
    assert left.value.code == 2
    return said.getvalue()


def test_a_paper_is_issued_journaled_and_copied(made: Dossier, tmp_path: Path) -> None:
    out = tmp_path / "etat.pdf"

    said = run("etat", "--installation", made.installation.code, "--out", str(out))

    document = Document.objects.get(kind="etat")
    assert document.sha256 in said
    assert entries()[-2:] == ["paper.asked", "paper.issued"]
    assert document.recorded_by is None
    assert out.read_bytes().startswith(b"%PDF-1.7")
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("kind", "options", "subject"),
    [
        ("panneau", ["--position", "{position}"], "{position}"),
        ("panneau", ["--panel", "{panel}"], "{panel}"),
        ("habilitation", ["--person", "agent"], "{agent}"),
        ("habilitation", ["--person", "{agent}"], "{agent}"),
        ("mise-en-service", ["--position", "{position}", "--on", "2030-01-02"], "{position}"),
        ("registre", ["--since", "2026-01-01", "--until", "2026-01-31"], "{installation}"),
    ],
)
def test_each_kind_is_named_by_what_it_is_about(
    made: Dossier, tmp_path: Path, kind: str, options: list[str], subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_account(made.agent, "agent")
    made.installation.panels.get().checks.all()[0].positions.clear()
    names = {
        "position": made.position.code,
        "panel": made.installation.panels.get().code,
        "agent": made.agent.code,
        "installation": made.installation.code,
    }

    run(
        kind,
        "--installation",
        made.installation.code,
        *(o.format(**names) for o in options),
        "--out",
        str(tmp_path / "x"),
    )

    assert Document.objects.get(kind=kind).subject == subject.format(**names)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["affiche"], "il manque --out"),
        (["affiche", "--out", "{out}"], "le document « affiche » n’existe pas : panneau, habilitation"),
        (["etat", "--out", "{out}"], "il manque --installation"),
        (["etat", "--installation", "NULLE", "--out", "{out}"], "l’installation « NULLE » n’existe pas"),
        (
            ["panneau", "--installation", "{code}", "--position", "XX", "--out", "{out}"],
            "Inconnu de cette installation",
        ),
        (["etat", "--installation", "{code}", "--on", "demain", "--out", "{out}"], "--on s’écrit AAAA-MM-JJ"),
        (
            ["etat", "--installation", "{code}", "--on", "9999-12-31", "--out", "{out}"],
            "--on : donnez une année de 1995",
        ),
        (["etat", "--installation", "{code}", "--out", "{kept}"], "existe déjà : il est gardé tel quel"),
        (["etat", "--installation", "{code}", "--out", "{out}/nulle/part.pdf"], "n’existe pas"),
    ],
)
def test_what_is_mistyped_is_said_and_nothing_is_made(
    made: Dossier, tmp_path: Path, arguments: list[str], words: str
) -> None:
    kept = tmp_path / "kept.pdf"
    kept.write_text("gardé")
    names = {"code": made.installation.code, "out": str(tmp_path / "out.pdf"), "kept": str(kept)}

    said = misused(*(a.format(**names) for a in arguments))

    assert words in said
    assert kept.read_text() == "gardé"
    assert not Document.objects.filter(version__isnull=False).exists()


def test_a_paper_that_cannot_be_made_says_why(made: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> Any:
        raise render.RendererMissing("Il manque Pango.")

    monkeypatch.setattr(press, "make", missing)

    with pytest.raises(CommandError, match="Il manque Pango"):
        run("etat", "--installation", made.installation.code, "--out", str(tmp_path / "x.pdf"))
    assert entries()[-1] == "paper.failed"
