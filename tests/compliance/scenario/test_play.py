"""Playing sees what it must: an answer that differs, an act that passes or not against the story, an unknown name."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from compliance.models import Installation
from compliance.scenario import Misread, Played, empty_database, memory, play, understand

pytestmark = pytest.mark.django_db
HEAD = """\
titre: Un récit
articles: [CSI L252-1]
partir de: un dossier complet le 1er janvier 2026
"""
ASK = "{le: 2 février 2026 à 10:00, action: enregistrer, "


def told(acts: str, *questions: str) -> Played:
    asked = "".join(f"  - {question}\n" for question in questions)
    return play(understand(f"{HEAD}actes: [{acts}]\nquestions:\n{asked}".encode()))


@pytest.mark.parametrize(
    ("question", "difference"),
    [
        (ASK + "réponse: permis}", ""),
        (ASK + "réponse: refusé, par: R-08}", "attendu : refusé par R-08"),
        (ASK + "réponse: permis, alertes: R-08}", "alertes : aucune ; attendu : R-08"),
        (ASK + "réponse: permis, vaut jusqu'au: 3 février 2026}", "la réponse vaut jusqu’au 2\u00a0février"),
        (ASK + "réponse: permis, effacées le: 3 mars 2026}", "effacées le 2\u00a0mars\u00a02026 à 10:00"),
        ("{le: 2 février 2026, action: remettre, réponse: refusé, par: R-51}", "attendu : refusé par R-51"),
        ("{le: 2 février 2026, action: remettre, réponse: refusé, par: [R-51, R-30]}", ""),
    ],
)
def test_an_answer_that_differs_is_seen(question: str, difference: str) -> None:
    (answer,) = told("", question).answers

    assert answer.difference.startswith(difference)
    assert bool(answer.difference) == bool(difference)


def test_a_verdict_names_all_that_opposes_it_and_nothing_else() -> None:
    played = told(
        "{le: 1er février 2026, acte: arrêté suspendu}, "
        "{le: 1er février 2026, acte: mandat terminé, personne: le maire}",
        ASK + "réponse: refusé, par: R-19}",
        ASK + "réponse: refusé, par: [R-01, R-19]}",
    )

    assert [bool(answer.difference) for answer in played.answers] == [True, False]


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("{le: 3 janvier 2026, acte: mesure levée, refusé: x}", "Misread"),
        ("{le: 3 janvier 2026, acte: arrêté signé}", "ligne 4 : « arrêté signé » est refusé par le logiciel"),
        ("{le: 3 janvier 2026, acte: arrêté signé, refusé: A-1}", ""),
        ("{le: 3 janvier 2026, acte: arrêté signé, refusé: non}", "ligne 4 : « arrêté signé » est refusé pour une"),
        ("{le: 3 janvier 2026, acte: arrêté suspendu, refusé: x}", "ligne 4 : « arrêté suspendu » devait être refusé"),
    ],
)  # fmt: skip
def test_an_act_refused_or_accepted_against_the_story_is_seen(act: str, fault: str) -> None:
    if fault == "Misread":
        with pytest.raises(Misread, match="il n’y a encore aucun élément « mesure sur l'arrêté »"):
            told(act, ASK + "réponse: permis}")
        return

    played = told(act, ASK + "réponse: permis}")

    assert played.fault.startswith(fault)
    assert played.right == (not fault)
    assert bool(played.answers) == (not fault)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("{le: 3 janvier 2026, acte: arrêté suspendu, arrêté: A-7}", "ligne 4 : arrêté « A-7 » n’apparaît nulle part"),
        ("{le: 3 janvier 2026, acte: mandat terminé, personne: X}", "mandat de « X » n’apparaît nulle part plus haut"),
        (
            "{le: 3 janvier 2026, acte: position déclarée, code: B}, {le: 3 janvier 2026, acte: masques vérifiés}",
            "plusieurs éléments « position » : dites lequel",
        ),
        (
            "{le: 3 janvier 2026, acte: panneau contrôlé, saisi le: 1er décembre 2025}",
            "« saisi le » précède l’acte d’avant",
        ),
    ],
)
def test_a_name_never_given_is_a_file_not_understood(act: str, words: str) -> None:
    with pytest.raises(Misread, match=words):
        told(act, ASK + "réponse: permis}")


def test_a_story_leaves_nothing(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    models = [m for m in apps.get_app_config("compliance").get_models() if m.__name__ != "Head"]
    assert told("", ASK + "réponse: permis}").right

    assert [model._default_manager.count() for model in models] == [0] * len(models)
    assert list(tmp_path.iterdir()) == []


def test_in_memory_the_real_database_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    real = connection.settings_dict
    # The command's own test migrates; here, only where the statements go.
    monkeypatch.setattr(memory, "call_command", lambda *_args, **_options: None)

    with empty_database():
        assert (connection.vendor, connection.settings_dict["NAME"]) == ("sqlite", ":memory:")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master")
            assert cursor.fetchone() == (0,)

    assert connection.settings_dict == real
    assert Installation.objects.count() == 0
