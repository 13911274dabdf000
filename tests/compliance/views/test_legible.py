"""A NUL byte, in an address, a form or a cookie: refused in French at the entrance, whatever the database."""

from typing import Any

import pytest
from django.test import Client

NUL = "\0"
SAID = "contient un caractère nul"
FILTERS = [
    "/positions/?q=%00",
    "/recherche/?q=a%00b",
    "/journal/?texte=%00",
    "/journal/?auteur=%00",
    "/journal/?position=VAL%00",
    "/personnes/?q=%00",
    "/positions/?%00=1",
    "/positions/VAL%00/",
    "/personnes/%00/",
    "/installations/%00/porte/",
]


def refused(answer: Any) -> bool:
    return bool(answer.status_code == 400 and SAID in answer.content.decode())


@pytest.mark.parametrize("address", FILTERS)
def test_an_address_is_refused(signed_in: Any, address: str) -> None:
    assert refused(signed_in("liaison").get(address))


@pytest.mark.parametrize("field", ["person", "act", "brouillon", "autre\0champ"])
def test_the_form_of_an_act_is_refused_and_writes_nothing(signed_in: Any, field: str) -> None:
    assert refused(signed_in("maire").post("/installations/VALCLAIR/actes/habilitation/", {field: f"PM{NUL}"}))


def test_the_door_refuses_it_too(signed_in: Any) -> None:
    given = {"login": f"li{NUL}aison", "password": "x"}

    assert refused(Client().post("/compte/login/", given))
    assert refused(Client(headers={"cookie": r'sessionid="abcdefgh\000abcdefgh"'}).get("/"))


def test_what_holds_none_is_read(signed_in: Any) -> None:
    assert signed_in("liaison").get("/positions/?q=0").status_code == 200
