"""Every form of the product that refuses what was sent answers 422: in words, with what was typed still there."""

import html
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from compliance.actions import account
from compliance.events import System
from compliance.models import Account, Installation, Mounting, Person
from compliance.views.clock import now
from recording import actions, queries
from tests.compliance.views.conftest import PASSWORD
from tests.compliance.views.test_lists import stand

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


@dataclass(frozen=True)
class Case:
    """A page with a form: whose, at which address, what it is sent, what it answers, what it keeps."""

    login: str
    url: str
    sent: dict[str, Any]
    said: str
    kept: str = ""
    prepare: Callable[[Client, Installation], None] = field(default=lambda browser, place: None)


def invited(browser: Client, place: Installation) -> None:
    made = account.invite(
        Person.objects.get(code="PM-02"), installation=place, username="pm-02", at=now(), by=System.CONSOLE
    )
    browser.get(reverse("invitation", args=[made.token]))


def standing(browser: Client, place: Installation) -> None:
    stand(Mounting.objects.filter(position__installation=place, until=None))


def doubted(browser: Client, place: Installation) -> None:
    doubt = {"against": "last", "ahead": 7200, "since": now().isoformat()}
    actions.beat(queries.KEEPER, at=now(), detail={"pid": 1, "doubt": doubt})


# The template of each form, and one answer that it refuses.
REFUSED = {
    "compliance/act.html": Case(
        "maire",
        "/installations/VALCLAIR/actes/personne/",
        {"code": "PM-09", "name": ""},
        "Répondez ici.",
        'value="PM-09"',
    ),
    "compliance/paper_ask.html": Case(
        "dpo",
        "/installations/VALCLAIR/documents/editer/registre/",
        {"key": str(uuid.uuid4()), "since": "2026-02-03", "until": "hier"},
        "Écrivez la date ainsi : 19/11/2026.",
        'value="2026-02-03"',
    ),
    "cameras/camera.html": Case(
        "technique", "/positions/VAL-01/appareil/", {"mounting": "", "address": ""}, "Donnez l’adresse du flux."
    ),
    "recording/choose.html": Case(
        "agent",
        "/direct/",
        {"camera": "VAL-01", "motive": "autre", "motive_text": ""},
        "Précisez le motif en quelques mots.",
        'value="autre" selected',
        standing,
    ),
    "recording/hour.html": Case("technique", "/sante/heure/", {}, "Cochez la phrase pour confirmer", prepare=doubted),
    "account/login.html": Case(
        "", "/compte/login/", {"login": "liaison", "password": "faux"}, "incorrects", 'value="liaison"'
    ),
    "account/invitation.html": Case(
        "",
        "/invitation/",
        {"password": PASSWORD, "again": "autre"},
        "Les deux mots de passe diffèrent.",
        prepare=invited,
    ),
    "account/password_change.html": Case(
        "liaison", "/compte/mot-de-passe/", {"oldpassword": "faux"}, "mot de passe actuel"
    ),
    "account/reauthenticate.html": Case(
        "liaison", "/compte/confirmer/", {"password": "faux"}, "Mot de passe incorrect"
    ),
}
# Nothing is typed there: what refuses a button, or the page that confirms, is in the tests of each.
BUTTONS = {
    "account/logout.html",
    "components/consult.html",
    "components/language.html",
    "components/signout.html",
    "compliance/act_check.html",
    "compliance/journal.html",
    "recording/probe.html",
    "unreachable.html",
}


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def plain(text: str) -> str:
    """Return a page's words, with ordinary spaces."""
    return re.sub(r"\s+", " ", html.unescape(text).replace("\u00a0", " ").replace("\u202f", " "))


def test_every_form_of_the_product_is_here() -> None:
    found = {str(p.relative_to(TEMPLATES)) for p in TEMPLATES.rglob("*.html") if 'method="post"' in p.read_text()}

    assert found == REFUSED.keys() | BUTTONS


@pytest.mark.parametrize("template", REFUSED)
@pytest.mark.parametrize("empty", [False, True], ids=["wrong", "empty"])
def test_a_form_that_refuses_does_not_answer_that_all_is_well(
    place: Installation, signed_in: Any, template: str, empty: bool
) -> None:
    case = REFUSED[template]
    browser = signed_in(case.login) if case.login else Client()
    case.prepare(browser, place)

    answer = browser.post(case.url, {} if empty else case.sent)

    assert template in {t.name for t in answer.templates}
    assert answer.status_code == 422
    assert empty or case.said in plain(answer.content.decode())
    assert empty or case.kept in plain(answer.content.decode())


def test_a_page_of_the_door_that_is_only_opened_answers_that_all_is_well(signed_in: Any) -> None:
    browser = signed_in("liaison")

    assert Client().get("/compte/login/").status_code == 200
    assert browser.get("/compte/mot-de-passe/").status_code == 200
    assert browser.get("/compte/confirmer/").status_code == 200


def test_a_password_changed_sends_to_another_page(signed_in: Any, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    new = "tilleul-quai-moulin-77"

    answer = signed_in("liaison").post(
        "/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert answer.status_code == 302
    assert Account.objects.get(username="liaison").check_password(new)
