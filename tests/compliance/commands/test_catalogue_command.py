"""docs/catalogue.md is what the requirements say, and a change of either is seen."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from compliance.management.commands.catalogue import written
from compliance.requirements import CATALOGUE


def test_the_catalogue_of_the_repository_is_current() -> None:
    call_command("catalogue", "--check")

    assert (Path(django_settings.BASE_DIR) / "docs" / "catalogue.md").read_text() == written()


def test_a_catalogue_that_differs_or_is_missing_fails(settings: object, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match=r"Lancez : \./run manage catalogue"):
        call_command("catalogue", "--check")
    out = StringIO()

    call_command("catalogue", stdout=out)

    assert out.getvalue() == "docs/catalogue.md écrit : 30 lignes.\n"
    call_command("catalogue", "--check")
    (tmp_path / "docs" / "catalogue.md").write_text(written().replace("R-19", "R-20"))
    with pytest.raises(CommandError, match="n’est plus celui"):
        call_command("catalogue", "--check")


def test_a_jurist_reads_what_each_line_asks_and_closes() -> None:
    text = written()
    sections = dict(zip([r.code for r in CATALOGUE], text.split('<a id="')[1:], strict=True))

    assert "| Juge aussi | R-09 |" in sections["R-08"]
    assert "revoir, remettre : selon chaque instant de la séquence (ALL)" in sections["R-08"]
    assert "RGPD art. 35, analyse d’impact (**à vérifier**)" in sections["R-22"]
    assert "| Sauf | essayer : " in sections["R-05"]
    assert "essayer, enregistrer : selon l’instant de la demande (REC)" in sections["R-47"]
    assert "voir en direct, revoir, remettre : selon l’instant de la demande (USER)" in sections["R-30"]
    assert "rien : alerte seulement (NO)" in sections["R-53"]
    assert "lu dans sa rédaction de 2007" in sections["R-53"]
    assert "| Lecture du produit | oui |" in sections["R-63"]
    assert "| Lecture du produit |" not in sections["R-08"]
    assert all(r.title in sections[r.code] and r.remedy in sections[r.code] for r in CATALOGUE)
