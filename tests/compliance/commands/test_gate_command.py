"""`gate` answers in JSON and in French, for the past and the future, and says what is wrong with a question."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from compliance import gate
from compliance.actions import order
from compliance.law import PARIS, legal_day
from compliance.law.terms import Category
from compliance.matrix import Dossier, Plan
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("gate", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def ask(made: Dossier, action: str, *more: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = run("--position", made.position.code, "--action", action, "--json", *more)
    return code, json.loads(out)


@pytest.fixture
def made() -> Dossier:
    dossier = a_dossier()
    an_account(dossier.agent, "agent")
    return dossier


def test_it_answers_as_the_gate(made: Dossier) -> None:
    code, answer = ask(made, "watch", "--agent", "agent", "--at", AT.isoformat())
    decision = gate.decide(gate.Action.WATCH, made.position, at=AT, agent=made.agent)

    assert code == 0
    assert answer["allowed"] is True
    assert datetime.fromisoformat(answer["until"]) == decision.until
    assert answer["retention_days"] == 30
    assert [f["code"] for f in answer["findings"]] == [f.code for f in decision.findings]


def test_a_finding_has_its_words(made: Dossier) -> None:
    _, answer = ask(made, "record", "--at", AT.isoformat())

    finding = next(f for f in answer["findings"] if f["code"] == "R-08")

    assert {"code", "title", "outcome", "blocks", "reason", "articles", "remedy"} <= set(finding)
    assert (finding["outcome"], finding["blocks"]) == ("met", "ALL")
    assert finding["articles"] == ["CSI L252-1", "CSI L252-4"]


@pytest.mark.parametrize("action", ["watch", "replay", "export"])
def test_nobody_sees_without_a_name(made: Dossier, action: str) -> None:
    code, answer = ask(made, action, "--at", AT.isoformat(), "--ground", "requisition")

    assert code == 3
    assert [f["code"] for f in answer["findings"] if f["stops"]] == ["R-30"]


def test_it_answers_for_the_future_and_for_the_past() -> None:
    made = a_dossier(Plan(order_ends=10))
    midnight = datetime.combine(legal_day(AT) + timedelta(days=11), datetime.min.time(), PARIS)

    answers = {
        "before the order": ask(made, "record", "--at", (AT - timedelta(days=66)).isoformat()),
        "its last second": ask(made, "record", "--at", (midnight - timedelta(seconds=1)).isoformat()),
        "00:00:00 the day after": ask(made, "record", "--at", midnight.isoformat()),
    }

    assert [code for code, _ in answers.values()] == [3, 0, 3]
    assert datetime.fromisoformat(answers["its last second"][1]["until"]) == midnight


def test_an_instant_without_a_zone_is_in_paris(made: Dossier) -> None:
    _, answer = ask(made, "record", "--at", "2026-06-18T14:00:00")

    assert datetime.fromisoformat(answer["at"]) == AT


def test_without_an_instant_it_is_now() -> None:
    made = a_dossier(at=timezone.now())

    code, answer = ask(made, "record")

    assert code == 0
    assert abs(datetime.fromisoformat(answer["at"]) - timezone.now()) < timedelta(minutes=1)


def test_the_footage_is_the_hour_before_unless_told(made: Dossier) -> None:
    suspended = order.suspend(made.order, since=AT - timedelta(minutes=70), reference="x", **made.by)
    order.lift(suspended, until=AT - timedelta(minutes=65), **made.by)
    common = ("--agent", "agent", "--at", AT.isoformat(), "--ground", "procedure")

    assert ask(made, "export", *common)[0] == 0
    assert ask(made, "export", *common, "--footage", "2026-06-18T12:40/2026-06-18T13:00")[0] == 3
    assert ask(made, "replay", *common, "--footage", "2026-06-18T12:45/2026-06-18T12:51")[0] == 3
    assert ask(made, "replay", *common, "--footage", "2026-06-18T12:00/2026-06-18T12:30")[0] == 0


def test_a_hand_over_without_ground_is_refused(made: Dossier) -> None:
    code, answer = ask(made, "export", "--agent", "agent", "--at", AT.isoformat())

    assert code == 3
    assert [f["code"] for f in answer["findings"] if f["stops"]] == ["R-51"]


# --- in words --------------------------------------------------------------------------------------------------------
def test_a_refusal_is_told_in_french(made: Dossier) -> None:
    order.withdraw(made.order, since=AT, reference="x", **made.by)

    code, out, _ = run("--position", made.position.code, "--action", "record", "--at", AT.isoformat())

    assert code == 3
    assert "enregistrer : refusé." in out
    assert "18\u00a0juin\u00a02026 à 14:00:00 (heure de Paris)" in out
    assert "R-19  Aucune suspension ni retrait" in out
    assert "CSI R254-2, CSI L253-1" in out
    assert "À faire (Préfecture) : Seul un nouvel acte" in out
    assert "R-53  Le flux n’a pas encore été mesuré." in out


def test_what_was_not_read_word_for_word_is_to_verify() -> None:
    made = a_dossier(Plan(late="R-22", category=Category.MAYOR))

    _, out, _ = run("--position", made.position.code, "--action", "record", "--at", made.instant(-3, 12).isoformat())

    assert "RGPD art. 35 (à vérifier)" in out


def test_a_permission_is_told_in_french(made: Dossier) -> None:
    code, out, _ = run("--position", made.position.code, "--action", "record", "--at", AT.isoformat())

    assert code == 0
    assert "enregistrer : permis." in out
    assert "Conservation : 30 jours." in out
    assert "Cette réponse vaut jusqu’au 18\u00a0juin\u00a02026 à 14:15:00" in out


def test_without_an_order_nothing_is_kept(made: Dossier) -> None:
    _, out, _ = run("--position", made.position.code, "--action", "record", "--at", "2026-01-01")

    assert "Conservation" not in out


# --- bad questions ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "dites de quelle position"),
        (("--position", "VAL-99", "--action", "record"), "la position « VAL-99 » n’existe pas"),
        (("--position", "{code}"), "--action manque : probe, record, watch, replay, export."),
        (("--position", "{code}", "--action", "fly"), "--action ne peut être « fly » : probe, record"),
        (("--position", "{code}", "--action", "watch", "--agent", "x"), "aucun compte n’a l’identifiant « x »"),
        (("--position", "{code}", "--action", "record", "--at", "hier"), "« hier » n’est pas une date ISO 8601"),
        (("--position", "{code}", "--action", "replay", "--footage", "2026-06-18"), "s’écrit DE/À"),
        (("--position", "{code}", "--action", "replay", "--footage", "a/b"), "« a » n’est pas une date"),
        (
            ("--position", "{code}", "--action", "record", "--at", "9999-12-31T23:59:59-12:00"),
            "--at : donnez une année de 1995 à 2100.",
        ),
        (("--position", "{code}", "--action", "record", "--at", "0001-01-01"), "--at : donnez une année"),
        (
            ("--position", "{code}", "--action", "replay", "--footage", "2026-06-18/9999-12-31"),
            "--footage : donnez une année",
        ),
        (
            ("--position", "{code}", "--action", "replay", "--footage", "2026-06-18T12:00/2026-06-18T12:00"),
            "finit avant d’avoir commencé",
        ),
        (("--position", "{code}", "--action", "export", "--ground", "curiosity"), "requisition, procedure, access"),
    ],
)
def test_a_bad_question_is_said_on_the_error_output(made: Dossier, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run(*(a.replace("{code}", made.position.code) for a in arguments))

    assert code == 2
    assert out == ""
    assert err.startswith("gate : ")
    assert words in err


def test_an_argument_that_does_not_exist_is_said_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run("--position", "VAL-01", "--action", "record", "--spin")

    assert code == 2
    assert capsys.readouterr().err.startswith("gate : arguments mal écrits (")


def test_a_database_that_is_down_is_said(monkeypatch: pytest.MonkeyPatch, made: Dossier) -> None:
    def down(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(gate, "decide", down)

    with pytest.raises(CommandError, match="La base ne répond pas"):
        run("--position", made.position.code, "--action", "record")
