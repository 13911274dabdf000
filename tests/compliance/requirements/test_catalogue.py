"""The catalogue as a whole: nothing cited from memory, nothing untested, no two lines with one code."""

import re
from datetime import date
from pathlib import Path

import pytest

from compliance.law import ARTICLES, Article, Tag, article
from compliance.requirements import CATALOGUE, MODULES
from compliance.requirements.base import Blocks, Requirement, french

HERE = Path(__file__).parent
ASKED = {
    *("R-01", "R-02", "R-03", "R-03 bis", "R-04", "R-05", "R-06", "R-08", "R-09", "R-10", "R-15", "R-16", "R-17"),
    *("R-18", "R-19", "R-21", "R-22", "R-23", "R-27", "R-30", "R-30 bis", "R-31", "R-32", "R-33", "R-34", "R-35"),
    *("R-36", "R-47", "R-50", "R-51", "R-53", "R-63"),
}


def test_the_lines_of_the_law_are_all_judged() -> None:
    judged = [code for r in CATALOGUE for code in (r.code, *r.covers)]

    assert set(judged) == ASKED
    assert len(judged) == len(set(judged))


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rsplit(".", 1)[1])
def test_each_requirement_has_its_day_table(module: object) -> None:
    name = module.__name__.rsplit(".", 1)[1]  # type: ignore[attr-defined]

    assert "@day_table" in (HERE / f"test_{name}.py").read_text()


@pytest.mark.parametrize("requirement", CATALOGUE, ids=lambda r: r.code)
def test_each_line_is_complete_and_cites_declared_articles(requirement: Requirement) -> None:
    words = (requirement.title, requirement.when, requirement.proof, requirement.validity, requirement.remedy)

    assert re.fullmatch(r"R-\d\d( bis)?", requirement.code)
    assert all(words)
    assert requirement.who
    assert requirement.remedy.endswith(".")
    assert requirement.articles
    assert all(ARTICLES[a.label] is a for a in requirement.articles)


@pytest.mark.parametrize("requirement", CATALOGUE, ids=lambda r: r.code)
def test_no_blocking_line_rests_on_an_unread_article_alone(requirement: Requirement) -> None:
    if requirement.blocks is Blocks.NO:
        assert not requirement.except_for
    elif all(a.to_verify for a in requirement.articles):
        # RGPD 36 and LIL 90 were not read again: law.md C asks the block, and the page says « à vérifier ».
        assert requirement.code == "R-23"


def test_an_undeclared_article_is_an_error() -> None:
    with pytest.raises(KeyError):
        article("CSI L999-9")


@pytest.mark.parametrize(
    ("tag", "to_verify"),
    [(Tag.VERIFIED, False), (Tag.ORDER_2007, False), (Tag.SECONDARY, True), (Tag.MEMORY, True)],
)
def test_only_what_was_read_word_for_word_is_verified(tag: Tag, to_verify: bool) -> None:
    assert Article("CSI", "L252-1", "autorisation", tag).to_verify is to_verify


def test_an_article_has_a_label_and_an_anchor() -> None:
    assert article("CSI L252-1").label == "CSI L252-1"
    assert article("Arrêté du 3 août 2007 art. 2").anchor == "arrêté-du-3-août-2007-art-2"


def test_a_day_is_written_in_french() -> None:
    assert french(date(2029, 3, 1)) == "1er\u00a0mars\u00a02029"
    assert french(date(2029, 12, 11)) == "11\u00a0décembre\u00a02029"
