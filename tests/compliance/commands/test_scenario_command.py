"""`scenario`, as a jurist runs it: words, JSON, exit codes, and an installation that it cannot touch."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from compliance.management.commands import scenario
from tests.databases import manage

RIGHT = """\
titre: Une suspension ferme
articles: [CSI R254-2, RGPD art. 35]
partir de: un dossier complet le 1er janvier 2026
actes:
  - {le: 3 février 2026 à 14:30, acte: arrêté suspendu}
questions:
  - {le: 3 février 2026 à 14:29:59, action: voir en direct, personne: l'agent, réponse: permis}
  - {le: 3 février 2026 à 14:30, action: enregistrer, réponse: refusé, par: R-19}
"""


@pytest.fixture
def in_the_test_database(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The empty database of the test stands for the one in memory: migrating takes seconds."""

    @contextmanager
    def already_empty() -> Iterator[None]:
        yield

    monkeypatch.setattr(scenario, "empty_database", already_empty)


def told(tmp_path: Path, *texts: str, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"recit{number}.yaml")
        files[-1].write_text(text)
    out, err = StringIO(), StringIO()
    try:
        call_command("scenario", *map(str, files), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("in_the_test_database")
def test_each_question_is_printed_with_its_verdict_and_its_reason(tmp_path: Path) -> None:
    code, out, _ = told(tmp_path, RIGHT)

    assert code == 0
    assert "recit0.yaml — Une suspension ferme (CSI R254-2, RGPD art. 35, à vérifier)" in out
    assert "✓ 3\u00a0février\u00a02026 à 14:29:59 — voir en direct VAL-01, par l'agent : permis." in out
    assert "✓ 3\u00a0février\u00a02026 à 14:30 — enregistrer VAL-01 : refusé par R-19." in out
    assert "R-19  L’arrêté A-1 est suspendu depuis le 3\u00a0février\u00a02026." in out
    assert "1 récit, 2 questions : tout est conforme." in out


@pytest.mark.usefixtures("in_the_test_database")
def test_a_difference_is_exit_code_1_and_names_its_line(tmp_path: Path) -> None:
    wrong = RIGHT.replace("réponse: refusé, par: R-19", "réponse: permis")
    refused = RIGHT.replace("acte: arrêté suspendu}", "acte: arrêté signé}")

    code, out, _ = told(tmp_path, RIGHT, wrong, refused)
    json_code, answer, _ = told(tmp_path, RIGHT, wrong, refused, options=("--json",))

    assert (code, json_code) == (1, 1)
    assert "✗ 3\u00a0février\u00a02026 à 14:30 — enregistrer VAL-01 : refusé par R-19." in out
    assert "ligne 8, attendu : permis." in out
    assert "✗ ligne 5 : « arrêté signé » est refusé par le logiciel" in out
    assert "recit0" not in out.splitlines()[-1]
    stories = json.loads(answer)["stories"]
    assert [story["ok"] for story in stories] == [True, False, False]
    assert stories[1]["questions"][1]["line"] == 8
    assert stories[1]["questions"][1]["blocking"][0]["code"] == "R-19"
    assert stories[2]["fault"].startswith("ligne 5")


@pytest.mark.usefixtures("in_the_test_database")
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (RIGHT.replace("arrêté suspendu", "arrêté perdu"), 5, "l’acte « arrêté perdu » est inconnu"),
        (RIGHT.replace("action: enregistrer", "action: enregistrer, position: B"), 8, "position « B » n’apparaît"),
    ],
    ids=["an unknown act", "an unknown name"],
)
def test_a_file_not_understood_is_exit_code_2_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    code, out, err = told(tmp_path, RIGHT, text)
    json_code, answer, _ = told(tmp_path, RIGHT, text, options=("--json",))

    assert (code, json_code, out) == (2, 2, "")
    assert f"recit1.yaml, ligne {line} : " in err
    assert words in err
    assert json.loads(answer)["line"] == line


def test_bad_arguments_are_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path)[::2] == (2, "scenario : nommez au moins un récit, par exemple tests/law/*.yaml.\n")
    code, _, err = told(tmp_path, options=(str(tmp_path / "absent.yaml"),))
    assert (code, "absent.yaml, le fichier ne se lit pas" in err) == (2, True)
    assert told(tmp_path, options=("--lent",))[0] == 2
    assert "arguments mal écrits" in capsys.readouterr().err


@pytest.mark.slow
def test_the_installation_is_neither_read_nor_written(tmp_path: Path) -> None:
    file, home = tmp_path / "recit.yaml", tmp_path / "home"
    file.write_text(RIGHT)
    # A database that nobody can open: the command would fail if it asked it anything.
    nowhere = tmp_path / "nowhere" / "at-all.sqlite3"

    answer = manage(
        {**os.environ, "CLAIREVOIE_HOME": str(home), "DATABASE_URL": f"sqlite:///{nowhere}"}, "scenario", str(file)
    )

    assert answer.returncode == 0, answer.stderr
    assert "tout est conforme." in answer.stdout
    assert not nowhere.parent.exists()
    # What the settings themselves lay in any new state folder, and nothing else.
    assert {path.name for path in home.rglob("*") if path.is_file()} == {"django.key"}
