"""The table of acts: what the law's remedies point to, what a page says, what it quotes."""

import pytest
from django.urls import reverse

from compliance.forms.act_page import ActPage
from compliance.forms.acts import ACTS
from compliance.law import ARTICLES
from compliance.models import Installation
from compliance.requirements import CATALOGUE
from compliance.views.law import texts

RIGHTS = {code for code, _ in Installation._meta.permissions}
VERBS = (
    "Saisir", "Enregistrer", "Contrôler", "Vérifier", "Déclarer", "Décrire", "Déposer", "Habiliter", "Retirer",
    "Mettre", "Inviter", "Renvoyer", "Annuler", "Fermer", "Rouvrir", "Donner", "Suspendre", "Lever",
    "Corriger", "Préparer",
)  # fmt: skip


def straight(text: str) -> str:
    """Return a text with the apostrophes of the open data."""
    return text.replace("’", "'")


def test_every_remedy_of_the_catalogue_has_its_page() -> None:
    asked = {requirement.act for requirement in CATALOGUE if requirement.act}

    assert asked <= set(ACTS)
    for slug in asked:
        assert reverse("act", args=["VALCLAIR", slug]).endswith(f"/{slug}/")


@pytest.mark.parametrize("page", ACTS.values(), ids=lambda page: page.slug)
def test_a_quotation_is_word_for_word_in_its_article(page: ActPage) -> None:
    assert page.law in ARTICLES
    if page.quote:
        assert straight(page.quote) in " ".join(texts()[page.article.number]), page.slug


@pytest.mark.parametrize("page", ACTS.values(), ids=lambda page: page.slug)
def test_titles_and_buttons_begin_with_a_verb_and_do_not_shout(page: ActPage) -> None:
    for words in (page.title, page.button):
        assert words.split()[0] in VERBS
        assert "!" not in words
    assert set(page.rights) <= RIGHTS
    assert page.changes.endswith(".")


def test_what_closes_or_withdraws_is_confirmed_by_a_sentence() -> None:
    stopping = {slug for slug, page in ACTS.items() if page.stop}

    assert stopping == {
        *("arrete-suspendre", "arrete-retirer", "fin-evenement", "appareil-deposer", "habilitation-retirer"),
        *("agrement-suspendre", "delegation-fin", "emploi-fin", "mandat-fin", "compte-fermer"),
    }


def test_every_cited_article_of_the_code_has_its_text() -> None:
    assert {a.number for a in ARTICLES.values() if a.code == "CSI"} == set(texts())


def test_a_text_written_twice_in_the_code_is_shown_twice() -> None:
    assert len(texts()["L255-1"]) == 2
