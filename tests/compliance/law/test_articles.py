"""What is cited is declared, with how far it was read."""

import pytest

from compliance.law import LAW_DATE, Article, Tag, article, articles
from compliance.law.articles import _csi

READ = Article("CSI", "L252-1", "autorisation du préfet", Tag.VERIFIED, LAW_DATE)


def test_an_article_is_found_by_its_label() -> None:
    assert article("CSI L252-1") == READ
    assert (READ.label, READ.anchor) == ("CSI L252-1", "csi-l252-1")


def test_several_are_given_in_the_order_of_citation() -> None:
    assert [a.label for a in articles("RGPD art. 35", "CSI L252-1")] == ["RGPD art. 35", "CSI L252-1"]


def test_nothing_is_cited_from_memory() -> None:
    with pytest.raises(KeyError):
        article("CSI L999-9")
    with pytest.raises(KeyError):
        articles("CSI L252-1", "CSI L999-9")


def test_an_article_of_the_code_was_read_word_for_word() -> None:
    assert _csi("L252-1", "autorisation du préfet") == READ


@pytest.mark.parametrize(
    ("label", "to_verify"),
    [
        ("CSI L252-1", False),
        ("Arrêté du 3 août 2007 art. 2", False),
        ("RGPD art. 35", True),
        ("LIL art. 31", True),
        ("CE n° 506370", True),
    ],
)
def test_what_was_not_read_in_a_primary_text_is_to_verify(label: str, to_verify: bool) -> None:
    assert article(label).to_verify is to_verify


def test_an_anchor_holds_neither_space_nor_point_nor_degree() -> None:
    assert article("CE n° 506370").anchor == "ce-n-506370"
    assert article("RGPD art. 35").anchor == "rgpd-art-35"
