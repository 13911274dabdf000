"""A page's text without its English is told by the check, and so is what the gathering would miss."""

import shutil
from pathlib import Path

import pytest

from config import messages

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(folder: Path, text: str) -> Path:
    path = folder / "django.po"
    path.write_text(HEAD + text)
    return path


def test_a_field_that_the_translation_lost_is_refused(tmp_path: Path) -> None:
    lost = catalogue(tmp_path, '#, python-brace-format\nmsgid "Entrée {number}"\nmsgstr "Entry {nombre}"\n')
    kept = '#, python-brace-format\nmsgid "Entrée {number}"\nmsgstr "Entry {number}"\n'

    assert any("nombre" in line for line in messages.refused(lost))
    assert messages.refused(catalogue(tmp_path, kept)) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('msgid "Accueil"\nmsgstr ""\n', ['sans traduction : "Accueil"']),
        ('#, fuzzy\nmsgid "Accueil"\nmsgstr "Welcome"\n', ['à relire : "Accueil"']),
        ('msgid "Accueil"\nmsgstr "Home"\n', []),
    ],
)
def test_a_text_without_its_english_is_told(tmp_path: Path, given: str, told: list[str]) -> None:
    assert messages.untranslated(catalogue(tmp_path, given)) == told


def test_a_mark_within_an_f_string_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in messages.SEARCHED:
        (tmp_path / name).mkdir()
    (tmp_path / "compliance" / "page.py").write_text("seen = _('Vu')\nhidden = f\"{seen} {_('Caché')}\"\n")
    monkeypatch.setattr(messages, "BASE", tmp_path)

    assert [line.split(" : ")[0] for line in messages.hidden()] == [
        "compliance/page.py:2: texte marqué dans une f-string, que le relevé ne voit pas"
    ]


def test_a_text_newly_marked_is_told_and_the_tree_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in messages.SEARCHED:
        (tmp_path / name).mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% load i18n %}<h1>{% translate "Un titre nouveau" %}</h1>')
    (tmp_path / "locale" / messages.CATALOGUE).parent.mkdir(parents=True)
    shutil.copy(messages.BASE / "locale" / messages.CATALOGUE, tmp_path / "locale" / messages.CATALOGUE)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(messages, "BASE", tmp_path)

    assert messages.faults() == [f'locale/{messages.CATALOGUE}: sans traduction : "Un titre nouveau"']
    assert sorted(tmp_path.rglob("*")) == before
