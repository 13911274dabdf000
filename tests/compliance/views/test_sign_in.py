"""The door: every passage, failure and lock-out is journaled, and without a journal nobody comes in."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from compliance import journal
from compliance.models import Account, Body, Installation
from tests.compliance.views.conftest import PASSWORD

DOOR = "/compte/login/"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def events_of(event: str) -> list[Body]:
    """Return what the journal kept of one kind of passage."""
    return list(Body.objects.filter(entry__event=event).select_related("entry").order_by("entry"))


def knock(client: Client, login: str, password: str) -> Any:
    """Try the door."""
    return client.post(DOOR, {"login": login, "password": password})


def test_coming_in_and_going_out_are_journaled(place: Installation) -> None:
    client = Client()

    came = knock(client, "liaison", PASSWORD)
    went = client.post(reverse("account_logout"))

    assert came["Location"] == "/"
    assert went.status_code == 302
    (entered,), (left,) = events_of("account.signed_in"), events_of("account.signed_out")
    assert entered.actor == left.actor == Account.objects.get(username="liaison")
    assert client.get("/").status_code == 302


def test_a_failure_keeps_the_login_and_the_address_never_the_password(place: Installation) -> None:
    knock(Client(), "liaison", "mot-de-passe-essayé")

    (failed,) = events_of("account.sign_in_failed")
    assert failed.values["login"] == "liaison"
    assert failed.values["address"] == "127.0.0.1"
    assert "mot-de-passe-essayé" not in failed.payload
    assert failed.actor is None


def test_the_fifth_failure_locks_the_login_and_is_journaled_once(place: Installation) -> None:
    client = Client()

    for _ in range(8):
        knock(client, "liaison", "faux-mot-de-passe")
    right = knock(client, "liaison", PASSWORD)

    assert right.status_code == 422
    assert "_auth_user_id" not in client.session
    assert len(events_of("account.sign_in_failed")) == 5
    (locked,) = events_of("account.locked_out")
    assert locked.values["login"] == "liaison"


def test_what_is_typed_as_a_login_is_cut_before_the_journal(place: Installation) -> None:
    knock(Client(), "x" * 60 + "\x00\x1b", "faux-mot-de-passe")
    knock(Client(), "y" * 5000, "faux-mot-de-passe")

    assert all(len(body.values["login"]) <= 64 for body in events_of("account.sign_in_failed"))


def test_a_closed_account_does_not_come_in(place: Installation) -> None:
    Account.objects.filter(username="dpo").update(is_active=False)
    client = Client()

    knock(client, "dpo", PASSWORD)

    assert "_auth_user_id" not in client.session
    assert [body.values["reason"] for body in events_of("account.sign_in_failed")] == ["compte fermé"]


def test_without_a_journal_nobody_comes_in(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(event: str, **_: Any) -> None:
        raise journal.Unavailable(event)

    client = Client()
    monkeypatch.setattr(journal, "record", unavailable)

    answer = knock(client, "liaison", PASSWORD)

    assert answer.status_code == 503
    assert "_auth_user_id" not in client.session


def test_a_broken_journal_keeps_nobody_inside(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(event: str, **_: Any) -> None:
        raise journal.Unavailable(event)

    browser = signed_in("liaison")
    monkeypatch.setattr(journal, "record", unavailable)

    browser.post(reverse("account_logout"))

    assert browser.get("/").status_code == 302


def test_nobody_signs_up(place: Installation) -> None:
    answer = Client().get("/compte/signup/")

    assert answer.status_code in {200, 404}
    assert b"password1" not in answer.content
