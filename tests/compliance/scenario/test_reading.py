"""A file that cannot be understood is refused with its line, in French, and with what should have been written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.scenario import Misread, understand

WHOLE = """\
titre: Un récit
articles: [CSI L252-1]
partir de: un dossier complet le 1er janvier 2026
avec:
  lieu: rue
actes:
  - le: 3 février 2026
    acte: arrêté suspendu
questions:
  - {le: 2 février 2026, action: enregistrer, réponse: permis}
"""


def test_a_whole_story_is_understood() -> None:
    story = understand(WHOLE.encode())

    assert (story.title, story.articles, len(story.questions)) == ("Un récit", ("CSI L252-1",), 1)
    assert story.steps[-1].word.name == "arrêté suspendu"
    assert [story.steps[-1].line, story.questions[0].line] == [7, 10]


def test_the_keyboard_does_not_matter() -> None:
    typed = WHOLE.replace("lieu: rue", "LIEU: Rue").replace("acte: arrêté suspendu", "acte:  Arrêté suspendu")

    assert understand(typed.replace("é", "e\u0301").encode()).steps == understand(WHOLE.encode()).steps


@pytest.mark.parametrize(
    ("former", "written", "line", "words"),
    [
        ("titre: Un récit\n", "", 1, "« récit » demande « titre »"),
        ("titre: Un récit", "titre: Un récit\ntitre: Deux", 2, "« titre » est écrit deux fois"),
        ("titre: Un récit", "titre: Un récit\nauteur: x", 2, "un récit n’a pas de clé « auteur » ; on y écrit : titre"),
        ("titre: Un récit", "titre:", 1, "« titre » est vide"),
        ("titre: Un récit", "titre: [a]", 1, "« titre » attend un texte, pas une liste"),
        ("titre: Un récit", "titre: a: b", 1, "deux points de trop"),
        ("  lieu: rue", "\tlieu: rue", 5, "une tabulation"),
        ("  lieu: rue", "  lieu: gare", 5, "« gare » est inconnu ; on peut écrire « rue »"),
        ("  lieu: rue", "  endroit: rue", 5, "« avec » n’a pas de clé « endroit »"),
        ("  lieu: rue", "  sans: [arrêté égaré]", 5, "ce dossier n’a pas d’acte « arrêté égaré »"),
        ("un dossier complet le 1er", "un dossier le 1er", 3, "s’écrit « un dossier complet le"),
        ("1er janvier 2026", "32 janvier 2026", 3, "n’existe pas au calendrier"),
        ("partir de: un dossier complet le 1er janvier 2026\n", "", 4, "« avec » précise « partir de », qui manque"),
        ("le: 3 février 2026", "le: 3/02/2026", 7, "« le » : « 3/02/2026 » n’est pas une date"),
        ("  - le: 3 février 2026\n    acte", "  - acte", 7, "« arrêté suspendu » demande « le »"),
        ("    acte: arrêté suspendu", "    acte: arrêté annulé", 8, "est inconnu ; vouliez-vous dire « arrêté signé »"),
        ("    acte: arrêté suspendu", "    note: x", 7, "un acte dit lequel"),
        ("    acte: arrêté suspendu", "    acte: arrêté suspendu\n    motif: x", 9, "n’a pas de clé « motif »"),
        ("acte: arrêté suspendu", "acte: mise en service annoncée", 7, "demande « mise en service le »"),
        ("  - le: 3 février 2026\n    acte: arrêté suspendu", "  - suspendu", 7, "chaque élément de « actes »"),
        ("actes:\n  - le: 3 février 2026\n    acte: arrêté suspendu", "actes: aucun", 6, "« actes » est une liste"),
        ("action: enregistrer", "action: filmer", 10, "« filmer » est inconnu"),
        ("réponse: permis", "réponse: oui", 10, "on peut écrire « permis », « refusé »"),
        ("réponse: permis", "réponse: refusé", 10, "un refus dit quelles exigences"),
        ("réponse: permis", "réponse: permis, par: R-08", 10, "ne l’est « par » aucune exigence"),
        ("réponse: permis", "réponse: refusé, par: R-99", 10, "n’est pas une exigence du catalogue"),
        ("réponse: permis", "réponse: permis, quand: x", 10, "« question » n’a pas de clé « quand »"),
        ("action: enregistrer", "action: revoir, séquence du: 3 février 2026", 10, "la séquence finit avant"),
        ("questions:\n  - {le: 2 février 2026, action: enregistrer, réponse: permis}", "", 1, "au moins une question"),
        ("articles: [CSI L252-1]", "articles: [[[[[a]]]]]", 2, "trop de niveaux"),
        ("articles: [CSI L252-1]", "articles: [a", 3, "n’est pas du YAML"),
        ("articles: [CSI L252-1]", "? [a, b]\n: c", 2, "une clé est un mot"),
        ("articles: [CSI L252-1]", "articles: *x", 2, "se met entre guillemets"),
        ("  lieu: rue", "  conservation: beaucoup", 5, "n’est pas un nombre entier"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(former: str, written: str, line: int, words: str) -> None:
    assert former in WHOLE

    with pytest.raises(Misread) as fault:
        understand(WHOLE.replace(former, written, 1).encode())

    assert words in str(fault.value)
    assert fault.value.line == line
    assert str(fault.value).startswith(f"ligne {line} : ")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "le fichier est vide"),
        (b"- un\n", 1, "un récit commence par"),
        (b"titre: x\narticles: \xe9\n", 2, "n’est pas en UTF-8"),
        (b"titre: \x00\n", 1, "n’est pas du texte"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, line: int, words: str) -> None:
    with pytest.raises(Misread, match=words) as fault:
        understand(content)

    assert fault.value.line == line


MARKS = [*":-{}[]\"' \n\t|#é", "&a", "*a", "!!int", "? ", "<<: ", "9999"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 9), st.sampled_from(MARKS)), max_size=3))
def test_whatever_is_typed_is_understood_or_refused_with_a_line(edits: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for place, length, typed in edits:
        text = text[:place] + typed + text[place + length :]

    try:
        line = understand(text.encode()).questions[0].line
    except Misread as fault:
        line = fault.line

    assert 1 <= line <= text.count("\n") + 1
