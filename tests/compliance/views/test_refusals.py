"""Every page and every act, for every profile: opened by its right, refused without it."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from compliance.actions import account, dossier, order, people, position
from compliance.actions.roles import ROLES
from compliance.forms.acts import ACTS
from compliance.models import Account, Document, Installation, MaskCheck, Order, Position
from compliance.views.clock import now
from tests.compliance.views.conftest import LOGINS, status_of

# The logins of the demonstration bear the names of their roles: docs/guide/droits.md is this table.
RIGHTS = {role: set(held.rights) for role, held in ROLES.items()}
READERS = {login for login, rights in RIGHTS.items() if rights & {"read", "control"}}
PAGES = {
    "installation": ["VALCLAIR"],
    "positions": [],
    "position": ["VAL-01"],
    "people": [],
    "person": ["PM-01"],
    "entries": ["VALCLAIR"],
    "journal": [],
    "journal_entry": ["1"],
}


@pytest.mark.parametrize("login", LOGINS)
def test_each_page_of_the_dossier_opens_to_those_who_read_it_and_to_them_only(signed_in: Any, login: str) -> None:
    browser = signed_in(login)

    answers = {name: browser.get(reverse(name, args=args)).status_code for name, args in PAGES.items()}

    assert answers == dict.fromkeys(PAGES, 200 if login in READERS else 403)


@pytest.mark.parametrize("login", LOGINS)
def test_each_act_opens_to_its_right_and_to_it_only(signed_in: Any, login: str) -> None:
    browser = signed_in(login)

    opened = {slug for slug in ACTS if browser.get(reverse("act", args=["VALCLAIR", slug])).status_code == 200}
    posted = {slug for slug in ACTS if browser.post(reverse("act", args=["VALCLAIR", slug])).status_code != 403}

    assert opened == posted == {slug for slug, page in ACTS.items() if page.opens_to(RIGHTS[login])}


@pytest.mark.parametrize("login", LOGINS)
def test_every_profile_has_a_first_page_and_the_texts(signed_in: Any, login: str) -> None:
    browser = signed_in(login)

    assert browser.get(reverse("home")).status_code == 200
    assert browser.get(reverse("law")).status_code == 200


@pytest.mark.parametrize("login", LOGINS)
def test_only_a_person_the_law_admits_gets_a_camera_s_snapshot(signed_in: Any, login: str) -> None:
    snapshot = Document.objects.filter(kind="image datée").first()

    answer = signed_in(login).get(reverse("document", args=[snapshot.pk]))

    assert status_of(answer) == (200 if login in {"maire", "agent"} else 403)


def test_a_check_said_to_be_wrong_leaves_its_snapshot_closed(signed_in: Any) -> None:
    snapshot = Document.objects.filter(kind="image datée").first()
    MaskCheck.ever.filter(document=snapshot).update(void_at=now())

    answers = {login: status_of(signed_in(login).get(reverse("document", args=[snapshot.pk]))) for login in LOGINS}

    assert answers == {login: 200 if login in {"maire", "agent"} else 403 for login in LOGINS}


@pytest.mark.parametrize("login", LOGINS)
def test_a_paper_of_the_dossier_goes_to_its_readers(signed_in: Any, login: str) -> None:
    paper = Document.objects.filter(kind="arrêté").first()

    answer = signed_in(login).get(reverse("document", args=[paper.pk]))

    assert status_of(answer) == (200 if login in READERS else 403)


def test_a_visitor_is_led_to_the_door(place: Installation) -> None:
    visitor = Client()

    for name, args in [*PAGES.items(), ("home", []), ("act", ["VALCLAIR", "arrete"])]:
        answer = visitor.get(reverse(name, args=args))

        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_login")), name


def test_a_closed_account_is_led_to_the_door(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")

    account.disable_account(
        Account.objects.get(username="liaison"), installation=place, at=now(), by=Account.objects.get(username="maire")
    )

    assert browser.get(reverse("home")).status_code == 302


def test_a_right_taken_back_closes_the_next_page(place: Installation, signed_in: Any) -> None:
    browser, mayor = signed_in("dpo"), Account.objects.get(username="maire")

    people.revoke_right(place, account=Account.objects.get(username="dpo"), right="read", at=now(), by=mayor)

    assert browser.get(reverse("installation", args=["VALCLAIR"])).status_code == 403


def test_the_refusal_is_said_in_french_with_the_right_that_is_missing(signed_in: Any) -> None:
    answer = signed_in("dpo").get(reverse("act", args=["VALCLAIR", "arrete"]))

    assert "Saisir les actes du préfet" in answer.content.decode()


def test_what_does_not_exist_is_not_a_refusal(signed_in: Any) -> None:
    browser = signed_in("liaison")

    for url in (
        "/installations/AUTRE/",
        "/positions/AUT-01/",
        "/installations/VALCLAIR/actes/danser/",
        "/journal/999999/",
    ):
        assert browser.get(url).status_code == 404, url


def test_the_acts_refuse_by_themselves_whoever_calls_them(place: Installation) -> None:
    stranger, at = Account.objects.get(username="dpo"), now()
    struck = Order.objects.first()

    with pytest.raises(PermissionDenied):
        order.withdraw(struck, since=at, reference="1", at=at, by=stranger)
    with pytest.raises(PermissionDenied):
        dossier.place_panel(place, code="P-99", place="ici", at=at, by=stranger)
    with pytest.raises(PermissionDenied):
        position.check_masks(
            Position.objects.first(), checked_at=at, clean=True, masks=[], document=None, at=at, by=stranger
        )


def test_an_anonymous_user_holds_no_right() -> None:
    assert not AnonymousUser().is_active
