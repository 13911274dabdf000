"""The people and one person: what each sees and by which act, what is missing and who does it, at a constant cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.actions import account, habilitation, people
from compliance.events import System
from compliance.law import legal_day
from compliance.law.terms import Action, Category
from compliance.models import Employment, Habilitation, Installation, Person
from compliance.views.clock import now
from tests.compliance.views.conftest import LOGINS

READERS = set(LOGINS) - {"technique"}


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def by() -> dict[str, Any]:
    return {"at": now(), "by": System.CONSOLE}


def register(place: Installation, code: str) -> Person:
    return people.register_person(
        place.authority, installation=place, code=code, name=f"Personne {code}", function="ASVP", **by()
    )


def habilitate(place: Installation, person: Person, category: Category, *, signatory: str = "mayor") -> Habilitation:
    today = legal_day(now())
    title = habilitation.Title(
        category=category,
        act="arrêté 12",
        signatory=signatory,
        signed_on=today,
        starts_on=today,
        ends_on=None,
        actions=(Action.WATCH,),
    )
    return habilitation.habilitate(person, installation=place, title=title, **by())


def page_of(browser: Client, code: str) -> str:
    answer = browser.get(reverse("person", args=[code]))
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.parametrize("login", LOGINS)
def test_a_person_s_page_opens_to_readers_only(place: Installation, signed_in: Any, login: str) -> None:
    assert signed_in(login).get(reverse("person", args=["PM-01"])).status_code == (200 if login in READERS else 403)


def test_a_code_that_nobody_bears_is_not_found(place: Installation, signed_in: Any) -> None:
    assert signed_in("maire").get(reverse("person", args=["PM-99"])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ({"montre": "titre"}, {"MAI", "PM-01"}, {"DPD", "SEC"}),
        ({"montre": "sans-titre"}, {"DPD", "SEC"}, {"MAI", "PM-01"}),
        ({"montre": "compte"}, {"SEC", "PM-01"}, {"PM-02"}),
        ({"montre": "sans-compte"}, {"PM-02"}, {"SEC"}),
        ({"q": "contrôle"}, {"CDV"}, {"MAI"}),
        ({"montre": "danser"}, {"MAI", "SEC"}, set()),
    ],
)
def test_the_list_is_filtered(
    place: Installation, signed_in: Any, asked: dict[str, str], shown: set[str], hidden: set[str]
) -> None:
    text = text_of(signed_in("controle").get(reverse("people"), asked))

    def listed(code: str) -> bool:
        return f'href="{reverse("person", args=[code])}"' in text

    assert all(map(listed, shown))
    assert not any(map(listed, hidden))


def test_a_filter_that_keeps_nobody_says_so(place: Installation, signed_in: Any) -> None:
    assert "Aucune personne ne répond à cette recherche." in text_of(
        signed_in("maire").get(reverse("people"), {"q": "zzz"})
    )


def test_the_list_costs_as_much_for_two_hundred_people(place: Installation, signed_in: Any) -> None:
    browser = signed_in("maire")
    browser.get(reverse("people"))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("people"))
    crowd = Person.objects.bulk_create(
        Person(authority=place.authority, code=f"ZZ-{n}", name="x", function="Agent") for n in range(200)
    )
    today = legal_day(now())
    Habilitation.objects.bulk_create(
        Habilitation(
            installation=place,
            person=person,
            category="municipal_police",
            act="a",
            signatory="mayor",
            actions=["watch"],
            signed_on=today,
            starts_on=today,
            recorded_at=now(),
        )
        for person in crowd
    )

    with CaptureQueriesContext(connection) as many:
        answer = browser.get(reverse("people"))

    assert "208 personnes" in text_of(answer)
    assert len(many) == len(few) <= 15


def test_who_sees_is_said_first_with_the_act_and_its_entry(place: Installation, signed_in: Any) -> None:
    row = Habilitation.objects.get(person__code="PM-01")

    text = page_of(signed_in("dpo"), "PM-01")

    assert "<h1>Le titre de PM-01 vaut pour 8 positions.</h1>" in text.replace(
        '<span class="code">PM-01</span>', "PM-01"
    )
    assert reverse("entry", args=[place.code, "habilitation", row.pk]) in text
    assert "Ce qui manque" not in text
    assert "Vos actes" not in text


def test_a_communal_agent_without_agreement_is_told_what_is_missing_and_who_does_it(
    place: Installation, signed_in: Any
) -> None:
    person = register(place, "AC-01")
    habilitate(place, person, Category.COMMUNAL_AGENT)

    text = page_of(signed_in("maire"), "AC-01")

    assert "ne voit aucune image." in text
    assert "Ce qui manque" in text
    assert "agrément" in text
    assert "/actes/agrement/?person=AC-01" in text


def test_the_chain_is_complete_once_each_act_is_done(place: Installation, signed_in: Any) -> None:
    person, today = register(place, "AC-01"), legal_day(now())
    habilitate(place, person, Category.COMMUNAL_AGENT)
    here: dict[str, Any] = {"installation": place, "starts_on": today, "ends_on": None, **by()}
    habilitation.record_agreement(person, number="AG-9", signed_on=today, **here)
    people.record_employment(person, employer="Commune", public=True, territory=[place.authority], **here)

    text = page_of(signed_in("maire"), "AC-01")

    assert "Ce qui manque" not in text
    assert "Agrément AG-9" in text


def test_an_employment_that_ended_is_said_missing(place: Installation, signed_in: Any) -> None:
    job = Employment.objects.get(person__code="PM-01")
    people.end_employment(job, installation=place, ends_on=legal_day(now()) - timedelta(days=1), **by())

    text = page_of(signed_in("maire"), "PM-01")

    assert "Ce qui manque" in text
    assert "/actes/emploi/?person=PM-01" in text
    assert "Ne vaut plus" in text


def test_a_person_without_any_title_is_shown_the_way_to_one(place: Installation, signed_in: Any) -> None:
    register(place, "AC-02")

    text = page_of(signed_in("maire"), "AC-02")

    assert "n’a aucun titre de voir." in text
    assert "Ce qui manque" not in text
    assert "/actes/inviter/?person=AC-02" in text


def test_the_links_of_an_account_are_told_with_what_they_are_worth(place: Installation, signed_in: Any) -> None:
    person = register(place, "AC-03")
    first = account.invite(
        person, installation=place, username="ac-03", at=now() - timedelta(hours=80), by=System.CONSOLE
    )
    browser = signed_in("maire")
    assert "Trop ancien depuis le" in page_of(browser, "AC-03")

    account.renew_link(first.invitation.account, installation=place, **by())

    text = page_of(browser, "AC-03")
    assert "Annulé le" in text
    assert "Vaut jusqu’au" in text
    assert "ac-03, invité" in text
    assert first.token not in text
