"""The pages in the language that was asked for, French as long as nobody asked."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import DateField, DateTimeField
from django.test import Client
from django.urls import reverse
from django.utils import translation

from compliance import journal
from compliance.actions import position
from compliance.actions.base import SilentAct
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, PLACE_LABELS
from compliance.matrix.dossier import SIGHT
from compliance.models import Installation
from compliance.templatetags import terms
from compliance.views.french import ngettext
from tests.compliance.built import AT, a_dossier

pytestmark = pytest.mark.django_db


def test_a_browser_in_english_reads_french_until_it_asks(client: Client) -> None:
    page = client.get(reverse("account_login"), headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "fr"
    assert '<html lang="fr"' in page.content.decode()


def test_the_button_turns_the_same_page_to_english_and_back(client: Client) -> None:
    here = reverse("account_login")
    assert client.post(reverse("set_language"), {"language": "en", "next": here}).headers["Location"] == here
    page = client.get(here).content.decode()
    assert '<html lang="en"' in page
    assert "Skip to content" in page
    assert '<button class="linklike" type="submit" name="language" value="fr" lang="fr">Français</button>' in page
    client.post(reverse("set_language"), {"language": "fr", "next": here})
    assert "Aller au contenu" in client.get(here).content.decode()


@pytest.mark.parametrize("sent", ["de", "", "../../en", r'"EN\015\012X: y"'])
def test_a_language_that_does_not_exist_is_french(client: Client, sent: str) -> None:
    # As it comes over the wire: since its security updates, Python itself puts no line break in a cookie.
    page = client.get(reverse("account_login"), headers={"cookie": f"langue={sent}"})
    assert '<html lang="fr"' in page.content.decode()


def test_the_language_of_a_request_ends_with_it(client: Client) -> None:
    client.cookies["langue"] = "en"
    client.get(reverse("account_login"))
    assert translation.get_language() == "fr"


def test_the_button_leads_to_no_other_site(client: Client) -> None:
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("language", "words"), [("fr", "0 place libre"), ("en", "0 places libres")])
def test_none_is_a_singular_in_french_and_a_plural_in_english(language: str, words: str) -> None:
    with translation.override(language):
        assert ngettext("{count} place libre", "{count} places libres", 0).format(count=0) == words


def test_an_act_done_in_english_is_written_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    spoken: list[str | None] = []
    monkeypatch.setattr(journal, "record", lambda *_given, **_more: spoken.append(translation.get_language()))
    with translation.override("en"), pytest.raises(SilentAct):
        position.declare(made.installation, code="VAL-30", address="2, rue du Puits", sight=SIGHT, since=AT, **made.by)
    assert spoken == ["fr"]


def test_a_refusal_is_said_in_the_language_of_who_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_dossier()
    code = made.position.code
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        position.declare(made.installation, code=code, address="2, rue du Puits", sight=SIGHT, since=AT, **made.by)
    monkeypatch.setattr(
        "django.utils.translation._trans.gettext", lambda words: f"[{translation.get_language()}] {words}"
    )
    with translation.override("en"):
        assert refused.value.messages == [f"[en] La position {code} existe déjà."]


def test_the_notice_of_the_panels_is_french_whatever_the_cookie(client: Client) -> None:
    a_dossier()
    address = reverse("notice", args=[Installation.objects.earliest("pk").code])
    plain = client.get(address)
    client.cookies["langue"] = "en"
    asked = client.get(address)
    assert asked.headers["Content-Language"] == "fr"
    assert asked.content == plain.content


def test_every_closed_list_of_the_law_is_gathered() -> None:
    named = {*ACTION_LABELS.values(), *CATEGORY_LABELS.values(), *PLACE_LABELS.values()}
    assert set(terms.GATHERED) == named


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_day_is_typed_before_its_month_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert DateField().clean("03/04/2026") == date(2026, 4, 3)
        assert DateTimeField().clean("03/04/2026 14:32").month == 4
        assert DateField().clean("2026-04-03") == date(2026, 4, 3)


@pytest.mark.parametrize(("language", "wrapped"), [("fr", False), ("en", True)])
def test_a_reason_of_the_gate_stays_french_and_says_so(signed_in: Any, language: str, *, wrapped: bool) -> None:
    reader = signed_in("liaison")
    reader.cookies["langue"] = language
    page = reader.get(reverse("positions")).content.decode()
    assert "Aucun panneau couvrant cette position n’a été photographié." in page
    assert ('<span lang="fr">Aucun panneau couvrant' in page) is wrapped
