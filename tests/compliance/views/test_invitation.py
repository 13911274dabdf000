"""The one-time link, from the mayor's page to the person's own: shown once, followed once, told in French."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from compliance import journal
from compliance.actions import account
from compliance.actions.account import Handed
from compliance.events import System
from compliance.models import Account, Body, Installation, Invitation, Person
from compliance.views import invitation
from compliance.views.acts import last_act
from compliance.views.clock import now
from tests.compliance.views.conftest import FAST

PASSWORD = "tilleul-quai-moulin-77"
CHOICE = {"password": PASSWORD, "again": PASSWORD}
GIVEN = {"person": "PM-02", "username": "pm-02", "email": "pm@valclair.example", "role": "agent"}


@pytest.fixture(autouse=True)
def _quiet(db: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = FAST
    cache.clear()


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("&nbsp;", " ").replace("\u00a0", " ").replace("\u202f", " ")


def confirmed(browser: Client, place: Installation, slug: str, given: dict[str, str]) -> Any:
    """Do an act by its pages, and return the answer to its confirmation."""
    asked = browser.post(reverse("act", args=[place.code, slug]), given)
    return browser.post(asked["Location"], {"vu": str(last_act(place)), "confirme": "oui"})


def link_in(answer: Any) -> str:
    found = re.search(r">http://testserver(/invitation/[\w-]{40,}/)<", answer.content.decode())
    assert found, text_of(answer)
    return found.group(1)


def handed(place: Installation, login: str = "pm-02", *, ago: timedelta = timedelta()) -> Handed:
    person = Person.objects.get(code="PM-02")
    return account.invite(person, installation=place, username=login, at=now() - ago, by=System.CONSOLE)


def followed(made: Handed, browser: Client | None = None) -> tuple[Client, Any]:
    browser = browser or Client()
    return browser, browser.get(reverse("invitation", args=[made.token]), follow=True)


def test_the_mayor_invites_and_the_person_alone_opens_the_account(
    place: Installation, signed_in: Any, settings: Any
) -> None:
    answer = confirmed(signed_in("maire"), place, "inviter", GIVEN)
    person = Client()

    page = person.get(link_in(answer), follow=True)
    assert "Votre identifiant : <strong>pm-02</strong>" in text_of(page)
    end = person.post(reverse("invitation_choose"), CHOICE)

    assert end["Location"] == reverse("home")
    assert person.get(reverse("home")).status_code == 200
    opened = Account.objects.get(username="pm-02")
    assert opened.check_password(PASSWORD)
    assert opened.has_perm("compliance.read", place)
    assert list(Body.objects.order_by("-entry").values_list("entry__event", flat=True)[:4]) == [
        "account.signed_in",
        "account.opened",
        "right.granted",
        "account.invited",
    ]


def test_the_link_is_shown_once_and_kept_nowhere(place: Installation, signed_in: Any, settings: Any) -> None:
    browser = signed_in("maire")
    asked = browser.post(reverse("act", args=[place.code, "inviter"]), GIVEN)
    checking = browser.get(asked["Location"])
    assert "/invitation/" not in text_of(checking)

    answer = browser.post(asked["Location"], {"vu": str(last_act(place))})
    token = link_in(answer).split("/")[2]
    again = browser.post(asked["Location"], {"vu": str(last_act(place))}, follow=True)

    assert "L’acte est enregistré." in text_of(again)
    assert token not in again.content.decode()
    drafts = Path(settings.HOME) / "drafts"
    assert not any(token in path.read_text(errors="replace") for path in drafts.rglob("*") if path.is_file())
    assert Invitation.objects.count() > Invitation.objects.filter(used_at=None).count() == 1


def test_the_token_leaves_the_address_at_once(place: Installation) -> None:
    made = handed(place)

    answer = Client().get(reverse("invitation", args=[made.token]))

    assert answer["Location"] == reverse("invitation_choose")
    assert "no-store" in answer["Cache-Control"]


def test_a_lost_password_is_chosen_again_by_a_link(place: Installation, signed_in: Any) -> None:
    answer = confirmed(signed_in("maire"), place, "lien-renvoyer", {"account": "agent"})
    person = Client()
    person.get(link_in(answer))

    end = person.post(reverse("invitation_choose"), CHOICE)

    assert end["Location"] == reverse("home")
    assert Account.objects.get(username="agent").check_password(PASSWORD)
    assert Body.objects.filter(entry__event="account.password_chosen").count() == 1


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Choisissez un mot de passe."),
        ("court", "court", "trop court"),
        (PASSWORD, "autre-chose-de-long", "Les deux mots de passe diffèrent."),
    ],
)
def test_a_password_that_will_not_do_is_said_and_the_link_lives(
    place: Installation, password: str, again: str, said: str
) -> None:
    browser, _ = followed(handed(place))

    refused = browser.post(reverse("invitation_choose"), {"password": password, "again": again})

    assert refused.status_code == 422
    assert said in text_of(refused)
    assert browser.post(reverse("invitation_choose"), CHOICE).status_code == 302


def test_a_dead_link_says_why_and_whom_to_ask(place: Installation) -> None:
    old, cancelled = handed(place, ago=timedelta(hours=73)), None
    _, expired = followed(old)
    cancelled = account.renew_link(old.invitation.account, installation=place, at=now(), by=System.CONSOLE)
    account.cancel_invitation(cancelled.invitation, at=now(), by=System.CONSOLE)
    used = account.renew_link(old.invitation.account, installation=place, at=now(), by=System.CONSOLE)
    browser, _ = followed(used)
    browser.post(reverse("invitation_choose"), CHOICE)

    answers = {
        "trop ancien": expired,
        "annulé ou remplacé": followed(cancelled)[1],
        "déjà servi": followed(used)[1],
        "jamais été remis": Client().get(reverse("invitation", args=["x" * 43]), follow=True),
        "n’est pas complet": Client().get(reverse("invitation_choose")),
    }

    for said, answer in answers.items():
        assert answer.status_code == 410, said
        assert said in text_of(answer)
        assert "Demandez-en un autre" in text_of(answer)
        assert 'type="password"' not in text_of(answer)


def test_a_dead_link_is_journaled_once_in_a_while(place: Installation) -> None:
    old = handed(place, ago=timedelta(hours=73))

    for _ in range(3):
        followed(old)
    Client().get(reverse("invitation", args=["y" * 43]), follow=True)

    (refused,) = Body.objects.filter(entry__event="account.link_refused")
    assert refused.values["login"] == "pm-02"
    assert refused.actor is None


def test_a_link_waits_while_another_account_is_open_in_the_browser(place: Installation, signed_in: Any) -> None:
    browser = signed_in("maire")

    _, answer = followed(handed(place), browser)

    assert answer.status_code == 409
    assert "Déconnectez-vous" in text_of(answer)
    assert browser.post(reverse("invitation_choose"), CHOICE).status_code == 409
    assert not Account.objects.get(username="pm-02").has_usable_password()


def test_without_a_journal_no_account_opens(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, _ = followed(handed(place))

    def unavailable(event: str, **_: Any) -> None:
        raise journal.Unavailable(event)

    monkeypatch.setattr(journal, "record", unavailable)
    answer = browser.post(reverse("invitation_choose"), CHOICE)

    assert answer.status_code == 503
    assert not Account.objects.get(username="pm-02").has_usable_password()


def test_the_link_is_mailed_where_there_is_a_server_and_an_address(
    place: Installation, signed_in: Any, settings: Any
) -> None:
    settings.EMAIL_HOST = "smtp.valclair.example"

    answer = confirmed(signed_in("maire"), place, "inviter", GIVEN)

    (sent,) = mail.outbox
    assert sent.to == ["pm@valclair.example"]
    assert link_in(answer) in sent.body
    assert "aussi parti à pm@valclair.example" in text_of(answer)


def test_a_mail_that_fails_is_said_and_the_invitation_stands(
    place: Installation, signed_in: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("no route to smtp")

    settings.EMAIL_HOST = "smtp.valclair.example"
    monkeypatch.setattr(invitation, "send_mail", broken)

    answer = confirmed(signed_in("maire"), place, "inviter", GIVEN)

    assert "n’est pas parti" in text_of(answer)
    assert link_in(answer).split("/")[2] not in caplog.text
    assert Invitation.objects.filter(account__username="pm-02", used_at=None).count() == 1


def test_without_a_server_nothing_is_mailed(place: Installation, signed_in: Any) -> None:
    answer = confirmed(signed_in("maire"), place, "inviter", GIVEN)

    assert "n’envoie pas de courrier" in text_of(answer)
    assert mail.outbox == []


def test_a_closed_account_leaves_at_once(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    assert browser.get(reverse("home")).status_code == 200

    confirmed(signed_in("maire"), place, "compte-fermer", {"account": "liaison"})

    assert browser.get(reverse("home"))["Location"].startswith(reverse("account_login"))


def test_a_link_that_was_never_handed_leaves_no_session(place: Installation) -> None:
    visitor = Client()
    before = Session.objects.count()

    visitor.get(reverse("invitation", args=["x" * 43]))

    assert Session.objects.count() == before
