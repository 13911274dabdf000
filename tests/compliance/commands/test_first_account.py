"""The first account of a new installation: one link, no password in an argument, and only once."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from compliance.models import Account, Authority, Installation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COMMUNE = {"name": "Valclair-sur-Moselle", "siret": "00000000000018", "insee": "57999"}
MAYOR = {"person": "Personne fictive", "login": "maire"}
PASSWORD = "tilleul-quai-moulin-77"


def run(**given: Any) -> str:
    said = StringIO()
    call_command("first_account", stdout=said, **given)
    return said.getvalue()


def link_in(said: str) -> str:
    found = re.search(r"https://vp\.valclair\.example(/invitation/[\w-]{40,}/)", said)
    assert found, said
    return found.group(1)


def test_a_new_installation_gets_its_first_account_by_a_link() -> None:
    said = run(**COMMUNE, **MAYOR, address="https://vp.valclair.example")
    browser = Client()

    browser.get(link_in(said))
    end = browser.post("/invitation/", {"password": PASSWORD, "again": PASSWORD})

    assert end["Location"] == "/"
    place = Installation.objects.get()
    held = Account.objects.get()
    assert (place.code, place.authority) == ("VP-57999", Authority.objects.get(siret=COMMUNE["siret"]))
    assert [held.has_perm(f"compliance.{right}", place) for right in ("validate", "habilitate", "read", "file")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert browser.get("/").status_code == 200


def test_a_second_first_account_is_refused() -> None:
    run(**COMMUNE, **MAYOR)

    with pytest.raises(CommandError, match="un compte existe déjà"):
        run(person="Autre", login="autre")

    assert Account.objects.count() == 1


def test_a_link_lost_before_it_served_is_made_again_and_then_never() -> None:
    first = link_in(run(**COMMUNE, **MAYOR, address="https://vp.valclair.example"))
    second = link_in(run(again=True, address="https://vp.valclair.example"))
    browser = Client()

    assert browser.get(first, follow=True).status_code == 410
    browser.get(second)
    browser.post("/invitation/", {"password": PASSWORD, "again": PASSWORD})

    with pytest.raises(CommandError, match="--again ne vaut que"):
        run(again=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"siret": ""}, "Il manque : --siret"),
        ({"login": " "}, "Il manque : --login"),
        ({"siret": "123"}, "14 chiffres"),
        ({"insee": "ABCDE9"}, "5 caractères"),
        ({"right": ["danser"]}, "Droit inconnu"),
        ({"right": ["give_opinion"]}, "ne valide pas"),
    ],
)
def test_what_is_missing_or_impossible_is_said_and_nothing_is_made(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(**{**COMMUNE, **MAYOR, **changes})

    assert not Account.objects.exists()
    assert not Authority.objects.exists()


def test_at_a_terminal_what_is_missing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def typed(question: str) -> str:
        asked.append(question)
        return {"Nom de la personne : ": "Personne fictive", "Identifiant de la personne : ": "maire"}[question]

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", typed)

    run(**COMMUNE)

    assert (len(asked), Account.objects.get().username) == (2, "maire")


def test_a_mayor_without_an_agent_takes_the_rights_that_nobody_else_has() -> None:
    run(**COMMUNE, **MAYOR, right=["capture_order", "file", "manage_cameras"])

    assert Account.objects.get().has_perm("compliance.capture_order", Installation.objects.get())
