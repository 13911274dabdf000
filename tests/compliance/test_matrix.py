"""The matrix sees what it must: it agrees with the gate, and a gate or a story that lies is caught."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from compliance import judge, matrix
from compliance.actions import order
from compliance.law.terms import Action
from compliance.matrix import STORIES, Dossier, Plan, Report, Story
from compliance.models import Document, Entry, Position, Pulse
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks
from tests.compliance.built import AT

pytestmark = [pytest.mark.django_db, pytest.mark.database]
R01 = next(s for s in STORIES if s.code == "R-01")


def nothing(_: Dossier) -> None:
    """Undo nothing."""


def suspend(made: Dossier) -> None:
    order.suspend(made.order, since=made.instant(-2), reference="x", **made.by)


def faults(*stories: Story) -> list[str]:
    """Return what differs for these stories, without those that are not told."""
    return [f for f in matrix.run(at=AT, stories=stories).faults if "aucun récit" not in f]


@pytest.mark.slow
def test_the_gate_answers_everywhere_as_the_table_and_nothing_stays(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]

    # Once for both: the whole matrix takes seconds.
    report: Report = matrix.run(at=AT)

    assert report.faults == ()
    assert {row.code for row in report.rows} == {r.code for r in CATALOGUE if r.blocks is not Blocks.NO}
    assert len(report.rows) == report.requirements * len(matrix.QUESTIONS) * len(Action)
    # Each refusal is that of the one proof undone: nothing else hides behind it.
    assert {row.refused_by for row in report.rows if not row.allowed and row.refused_by != (row.code,)} == set()
    assert {row.code for row in report.rows if row.applied} == {row.code for row in report.rows}
    assert [m.objects.count() for m in (Position, Document, Entry, Pulse)] == [0, 0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_every_blocking_requirement_has_its_story() -> None:
    assert [s.code for s in STORIES] == [r.code for r in CATALOGUE if r.blocks is not Blocks.NO]


def test_every_legal_category_of_person_asks_somewhere() -> None:
    assert len({s.plan.category for s in STORIES}) == 7


def test_a_requirement_without_a_story_is_a_fault() -> None:
    report = matrix.run(at=AT, stories=(R01,))

    assert len(report.faults) == report.requirements - 1
    assert "R-02 : aucun récit ne la défait." in report.faults


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (Story("R-01", Plan(), nothing, nothing), "ouvert, la table dit refusé"),
        (
            Story("R-01", Plan(order_ends=-10), R01.undo, R01.restore),
            "déjà fermé avant que la preuve soit défaite, par R-08",
        ),
        (Story("R-01", Plan(), suspend, nothing), "refusé sans nommer l’exigence, mais R-19"),
        (Story("R-10", Plan(), R01.undo, R01.restore), "R-10 : ne s’applique jamais"),
        (Story("R-30", Plan(), R01.undo, R01.restore), "la table dit ouvert"),
    ],
    ids=["undoes nothing", "already closed", "another requirement refuses", "never applies", "refuses too much"],
)
def test_a_story_that_lies_is_caught(story: Story, words: str) -> None:
    assert any(words in fault for fault in faults(story))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda now, then: now.update({Blocks.ALL: now[Blocks.ALL] - {Action.WATCH}}),
        lambda now, then: now.update({Blocks.ALL: now[Blocks.ALL] | {Action.EXPORT}}),
        lambda now, then: then.clear(),
    ],
    ids=["watching is no longer refused", "handing over is refused too", "footage is no longer judged"],
)
def test_a_judge_that_changes_its_mind_is_caught(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[object, object], None]
) -> None:
    now, then = dict(judge.NOW), dict(judge.OVER_FOOTAGE)
    spoil(now, then)
    monkeypatch.setattr(judge, "NOW", now)
    monkeypatch.setattr(judge, "OVER_FOOTAGE", then)
    judge._table.cache_clear()  # what each requirement stops is read once a process

    try:
        assert faults(R01)
    finally:
        judge._table.cache_clear()


def test_the_reception_test_may_lack_what_it_serves_to_prove() -> None:
    story = next(s for s in STORIES if s.code == "R-06")
    report = matrix.run(at=AT, stories=(story,))

    probes = {row.question: row.allowed for row in report.rows if row.action is Action.PROBE}

    assert list(probes.values()) == [True, True, True]


def test_a_journal_that_cannot_be_written_writes_again_afterwards() -> None:
    story = next(s for s in STORIES if s.code == "R-50")

    assert faults(story) == []
    assert faults(R01) == []


# --- the command -----------------------------------------------------------------------------------------------------
def told(monkeypatch: pytest.MonkeyPatch, report: Report, *options: str) -> tuple[int, str]:
    out = StringIO()
    monkeypatch.setattr(matrix, "run", lambda at: report)
    try:
        call_command("gate_matrix", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture(scope="module")
def rows() -> tuple[matrix.Row, ...]:
    return tuple(
        matrix.Row("R-01", "ALL", question, action, action is not Action.WATCH, True, (), True)
        for question in matrix.QUESTIONS
        for action in Action
    )


def test_the_command_says_that_all_is_equal(monkeypatch: pytest.MonkeyPatch, rows: tuple[matrix.Row, ...]) -> None:
    report = Report(AT, tuple(r for r in rows if r.expected), (), 1)

    code, text = told(monkeypatch, report)
    json_code, answer = told(monkeypatch, report, "--json")

    assert (code, json_code) == (0, 0)
    assert "La porte répond partout comme la table." in text
    assert json.loads(answer)["ok"] is True


def test_the_command_fails_on_a_difference(monkeypatch: pytest.MonkeyPatch, rows: tuple[matrix.Row, ...]) -> None:
    report = Report(AT, rows, tuple(r.fault for r in rows if r.fault), 1)

    code, text = told(monkeypatch, report)
    json_code, answer = told(monkeypatch, report, "--json")

    assert (code, json_code) == (1, 1)
    assert "✗" in text
    assert "R-01, dossier complet, watch : ouvert, la table dit refusé." in text
    assert [row["ok"] for row in json.loads(answer)["rows"]].count(False) == 3
    assert json.loads(answer)["questions"] == 15


def test_the_command_says_that_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(at: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(matrix, "run", down)

    with pytest.raises(CommandError, match="La base ne répond pas"):
        call_command("gate_matrix")
