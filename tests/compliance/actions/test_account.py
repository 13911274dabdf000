"""Logins: opened by the person alone, through a link that serves once and is kept nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from guardian.shortcuts import assign_perm

from compliance.actions import account, people
from compliance.actions.account import LASTS, Handed
from compliance.actions.roles import ROLES, clash
from compliance.events import System
from compliance.matrix import Dossier
from compliance.models import Account, Body, Installation, Invitation
from tests.compliance.actions.acts import somebody
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PASSWORD = "les marronniers du parvis"


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def invite(made: Dossier, login: str = "nouveau") -> Handed:
    return account.invite(somebody(made), installation=made.installation, username=login, **made.by)


def choose(handed: Handed, *, password: str = PASSWORD, at: Any = AT) -> Account:
    return account.choose_password(handed.invitation, password=password, at=at, by=handed.invitation.account)


def a_session(holder: Account) -> str:
    """Return the key of a session that carries this account, open for a day after AT."""
    store = SessionStore()
    store["_auth_user_id"] = str(holder.pk)
    store.save()
    Session.objects.filter(pk=store.session_key).update(expire_date=AT + timedelta(days=1))
    return str(store.session_key)


def test_an_invited_account_opens_nothing_until_its_person_chooses_a_password(made: Dossier) -> None:
    handed = invite(made)
    assert not handed.invitation.account.has_usable_password()

    opened = choose(handed)

    assert opened.check_password(PASSWORD)
    assert not opened.is_superuser


def test_neither_the_link_nor_the_password_is_written_anywhere(made: Dossier) -> None:
    handed = invite(made)
    opened = choose(handed)

    kept = [str(value) for row in Invitation.objects.values() for value in row.values()]
    kept += [body.payload for body in Body.objects.all()]
    assert not any(handed.token in text or PASSWORD in text or opened.password in text for text in kept)
    assert account.find_kept(account.fingerprint(handed.token)) == handed.invitation


def test_a_link_serves_once(made: Dossier) -> None:
    handed = invite(made)
    choose(handed)

    with pytest.raises(ValidationError, match="Ce lien ne sert plus"):
        choose(handed, password="un autre mot de passe, long")

    assert Account.objects.get(username="nouveau").check_password(PASSWORD)


def test_a_link_dies_at_its_last_instant(made: Dossier) -> None:
    handed = invite(made)

    with pytest.raises(ValidationError, match="Ce lien ne sert plus"):
        choose(handed, at=AT + LASTS)

    assert choose(handed, at=AT + LASTS - timedelta(microseconds=1))


def test_a_link_cancelled_or_replaced_opens_nothing(made: Dossier) -> None:
    cancelled, first = invite(made, "annulé"), invite(made, "remplacé")
    account.cancel_invitation(cancelled.invitation, **made.by)
    second = account.renew_link(first.invitation.account, installation=made.installation, **made.by)

    for dead in (cancelled, first):
        with pytest.raises(ValidationError, match="Ce lien ne sert plus"):
            choose(dead)
    with pytest.raises(ValidationError, match="déjà annulé"):
        account.cancel_invitation(Invitation.objects.get(pk=first.invitation.pk), **made.by)
    assert choose(second)


def test_each_dead_link_says_why(made: Dossier) -> None:
    used, cancelled, old, closed = (invite(made, login) for login in ("a", "b", "c", "d"))
    choose(used)
    account.cancel_invitation(cancelled.invitation, **made.by)
    Account.objects.filter(username="d").update(is_active=False)

    said = [
        account.refusal(Invitation.objects.get(pk=handed.invitation.pk), at=at)
        for handed, at in ((used, AT), (cancelled, AT), (old, AT + LASTS), (closed, AT), (old, AT))
    ]

    assert said == [
        "Il a déjà servi.",
        "Il a été annulé ou remplacé.",
        "Il est trop ancien : un lien vaut 72 heures.",
        "Le compte est fermé.",
        "",
    ]


@pytest.mark.parametrize("password", ["court", "nouveau-nouveau", "123456789012"])
def test_a_weak_password_leaves_the_link_alive(made: Dossier, password: str) -> None:
    handed = invite(made, "nouveau-nouveau")

    with pytest.raises(ValidationError):
        choose(handed, password=password)

    assert choose(handed)


def test_nobody_else_chooses_the_password(made: Dossier) -> None:
    handed = invite(made)
    mayor = an_account(made.mandate.person, "maire")
    for right, _ in Installation._meta.permissions:
        assign_perm(f"compliance.{right}", mayor, made.installation)

    for somebody_else in (mayor, System.DOOR):
        with pytest.raises(PermissionDenied):
            account.choose_password(handed.invitation, password=PASSWORD, at=AT, by=somebody_else)  # type: ignore[arg-type]


def test_a_login_is_used_once(made: Dossier) -> None:
    invite(made)

    with pytest.raises(ValidationError) as refusal:
        invite(made)

    assert "username" in refusal.value.message_dict


def test_a_new_password_ends_the_sessions_of_the_old_one(made: Dossier) -> None:
    handed, other = invite(made), an_account(somebody(made), "autre")
    choose(handed)
    mine, theirs = a_session(handed.invitation.account), a_session(other)

    choose(account.renew_link(handed.invitation.account, installation=made.installation, **made.by))

    assert list(Session.objects.values_list("pk", flat=True)) == [theirs] != [mine]
    assert list(Body.objects.order_by("-entry").values_list("entry__event", flat=True)[:2]) == [
        "account.password_chosen",
        "account.link_renewed",
    ]


def test_closing_an_account_ends_its_sessions_and_its_links(made: Dossier) -> None:
    handed = invite(made)
    a_session(handed.invitation.account)

    closed = account.disable_account(handed.invitation.account, installation=made.installation, **made.by)

    assert (closed.is_active, closed.person) == (False, handed.invitation.account.person)
    assert not Session.objects.exists()
    assert Invitation.objects.get().cancelled_at == AT
    with pytest.raises(ValidationError, match="rouvrez-le d’abord"):
        account.renew_link(closed, installation=made.installation, **made.by)


def test_a_reopened_account_has_its_rights_and_no_session(made: Dossier) -> None:
    held = an_account(made.agent, "agent")
    people.grant_right(made.installation, account=held, right="read", **made.by)
    a_session(held)
    account.disable_account(held, installation=made.installation, **made.by)

    account.reopen_account(held, installation=made.installation, **made.by)

    again = Account.objects.get(pk=held.pk)
    assert again.is_active
    assert again.has_perm("compliance.read", made.installation)
    assert not Session.objects.exists()


# --- nobody validates what they wrote, and somebody always can ---
def test_the_last_who_validates_cannot_be_shut_out(made: Dossier) -> None:
    first, second = an_account(made.mandate.person, "maire"), an_account(somebody(made), "adjoint")
    people.grant_right(made.installation, account=first, right="validate", **made.by)

    with pytest.raises(ValidationError, match="personne pour valider"):
        account.disable_account(first, installation=made.installation, **made.by)
    with pytest.raises(ValidationError, match="personne pour valider"):
        people.revoke_right(made.installation, account=first, right="validate", **made.by)

    people.grant_right(made.installation, account=second, right="validate", **made.by)
    second.set_password(PASSWORD)
    second.save()
    people.revoke_right(made.installation, account=first, right="validate", at=AT, by=second)
    assert people.rights_of(first, made.installation) == set()


def test_an_account_that_nobody_opened_validates_nothing(made: Dossier) -> None:
    mayor, invited = an_account(made.mandate.person, "maire"), invite(made)
    for holder in (mayor, invited.invitation.account):
        people.grant_right(made.installation, account=holder, right="validate", **made.by)

    with pytest.raises(ValidationError, match="personne pour valider"):
        people.revoke_right(made.installation, account=mayor, right="validate", **made.by)

    choose(invited)
    people.revoke_right(made.installation, account=mayor, right="validate", **made.by)


def elsewhere(made: Dossier) -> Installation:
    return people.open_installation(made.authority, code="AUTRE", name="Autre", **made.by)


def test_the_last_who_validates_another_installation_stays(made: Dossier) -> None:
    mayor, other = an_account(made.mandate.person, "maire"), an_account(somebody(made), "adjoint")
    people.grant_right(made.installation, account=mayor, right="validate", **made.by)
    people.grant_right(elsewhere(made), account=other, right="validate", **made.by)

    with pytest.raises(ValidationError, match="personne pour valider"):
        account.disable_account(other, installation=made.installation, at=AT, by=mayor)


def test_a_link_is_handed_by_who_validates_wherever_the_account_has_something(made: Dossier) -> None:
    mayor, other = an_account(made.mandate.person, "maire"), an_account(somebody(made), "adjoint")
    place, hers = elsewhere(made), {"installation": made.installation, "at": AT, "by": mayor}
    people.grant_right(made.installation, account=mayor, right="validate", **made.by)
    account.renew_link(other, **hers)
    people.grant_right(place, account=other, right="read", **made.by)

    for attempt in (account.renew_link, account.reopen_account):
        with pytest.raises(ValidationError, match="une autre installation"):
            attempt(other, **hers)

    people.grant_right(place, account=mayor, right="validate", **made.by)
    account.renew_link(other, installation=made.installation, at=AT, by=Account.objects.get(pk=mayor.pk))


def test_the_logins_of_another_commune_are_out_of_reach(made: Dossier) -> None:
    neighbour = a_dossier()
    theirs = an_account(neighbour.agent, "voisin")
    here: dict[str, Any] = {"installation": made.installation, **made.by}

    for attempt in (account.disable_account, account.renew_link, account.reopen_account):
        with pytest.raises(PermissionDenied):
            attempt(theirs, **here)
    with pytest.raises(PermissionDenied):
        account.invite(somebody(neighbour), username="x", **here)


def test_nobody_gives_themselves_a_right(made: Dossier) -> None:
    mayor = an_account(made.mandate.person, "maire")
    people.grant_right(made.installation, account=mayor, right="validate", **made.by)

    with pytest.raises(ValidationError, match="à soi-même"):
        people.grant_right(made.installation, account=mayor, right="file", at=AT, by=mayor)


def test_the_opinion_and_the_validation_are_never_of_one_account(made: Dossier) -> None:
    for first, second in (("give_opinion", "validate"), ("validate", "give_opinion")):
        held = an_account(somebody(made), first)
        people.grant_right(made.installation, account=held, right=first, **made.by)

        with pytest.raises(ValidationError, match="ne valide pas"):
            people.grant_right(made.installation, account=held, right=second, **made.by)


def test_every_role_can_be_held_and_names_rights_that_exist() -> None:
    known = {code for code, _ in Installation._meta.permissions}

    for role in ROLES.values():
        assert set(role.rights) <= known
        assert not any(clash(set(role.rights), right) for right in role.rights)
