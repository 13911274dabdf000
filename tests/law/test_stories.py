"""Every story of this folder is the law as a jurist wrote it: played through the real acts and the real gate."""

from pathlib import Path

import pytest

from compliance.law.articles import ARTICLES
from compliance.requirements.base import Outcome
from compliance.scenario import Played, play, understand
from compliance.scenario.clocks import CLOCKS

FOLDER = Path(__file__).parent
STORIES = sorted(FOLDER.glob("*.yaml"))
TOLD = [clock for clock in CLOCKS if clock.story]


def told(path: Path) -> Played:
    return play(understand(path.read_bytes()))


def differences(played: Played) -> list[str]:
    return [played.fault] * bool(played.fault) + [
        f"ligne {a.question.line} : {a.asked} : {a.difference} ; "
        + " ".join(f"{f.code} {f.reason}" for f in a.decision.findings if f.outcome is Outcome.UNMET)
        for a in played.answers
        if a.difference
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_gate_answers_as_the_jurist_expects(path: Path) -> None:
    assert differences(told(path)) == []


def test_there_are_forty_stories_at_least_and_no_two_have_the_same_title() -> None:
    titles = [understand(path.read_bytes()).title for path in STORIES]

    assert len(titles) >= 40
    assert len(set(titles)) == len(titles)


def test_a_story_cites_the_articles_that_the_product_declares() -> None:
    cited = {label for path in STORIES for label in understand(path.read_bytes()).articles}

    assert cited - set(ARTICLES) == set()


def test_every_clock_is_told_or_said_to_be_absent() -> None:
    assert [clock.name for clock in CLOCKS if bool(clock.story) == bool(clock.absent)] == []


@pytest.mark.parametrize("clock", TOLD, ids=lambda clock: clock.story)
def test_a_clock_is_told_on_both_sides_of_its_day(clock: object) -> None:
    questions = understand((FOLDER / f"{clock.story}.yaml").read_bytes()).questions  # type: ignore[attr-defined]

    # What alerts, or erases, closes nothing: the answer is the alert, or the instant.
    sides = {(q.allowed, q.alerts, q.erased) for q in questions}
    assert len(questions) >= 4
    assert len(sides) >= 2
