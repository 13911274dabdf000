"""People and logins: nobody is all-powerful, a password is never written, dates do not go backwards."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.actions import people
from compliance.law.terms import Category
from compliance.matrix import Dossier, Plan
from compliance.models import Account, Body
from tests.compliance.actions.acts import somebody
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PASSWORD = "les marronniers du parvis"


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def open_account(made: Dossier, **changes: Any) -> Account:
    given = {"installation": made.installation, "username": "nouveau", "password": PASSWORD, **made.by, **changes}
    return people.open_account(somebody(made), **given)


def test_an_account_opens_with_a_password_that_is_written_nowhere(made: Dossier) -> None:
    account = open_account(made)

    assert account.check_password(PASSWORD)
    assert account.is_active
    assert not account.is_superuser
    assert PASSWORD not in account.password
    assert not any(PASSWORD in body.payload or account.password in body.payload for body in Body.objects.all())


@pytest.mark.parametrize("password", ["court", "nouveau-nouveau"])
def test_a_weak_password_opens_nothing(made: Dossier, password: str) -> None:
    before = Account.objects.count()

    with pytest.raises(ValidationError):
        open_account(made, password=password, username="nouveau-nouveau")

    assert Account.objects.count() == before


def test_a_login_is_used_once(made: Dossier) -> None:
    open_account(made)

    with pytest.raises(ValidationError) as refusal:
        open_account(made)

    assert "username" in refusal.value.message_dict


def test_nobody_has_every_right(made: Dossier) -> None:
    account = an_account(made.agent, "agent")
    account.is_superuser = True

    with pytest.raises(IntegrityError), transaction.atomic():
        account.save()
    with pytest.raises(PermissionError, match="un droit vient d’un acte"):
        Account.objects.create_superuser("chef", password="x")


def test_a_closed_account_keeps_its_person(made: Dossier) -> None:
    account = an_account(made.agent, "agent")

    people.disable_account(account, installation=made.installation, **made.by)

    account.refresh_from_db()
    assert (account.is_active, account.person) == (False, made.agent)


def test_a_right_is_given_and_taken_back(made: Dossier) -> None:
    account = an_account(made.agent, "agent")

    people.grant_right(made.installation, account=account, right="file", **made.by)
    held = Account.objects.get(pk=account.pk).has_perm("compliance.file", made.installation)
    people.revoke_right(made.installation, account=account, right="file", **made.by)

    assert held
    assert not Account.objects.get(pk=account.pk).has_perm("compliance.file", made.installation)


def test_dates_do_not_go_backwards(made: Dossier) -> None:
    here: dict[str, Any] = {"installation": made.installation, **made.by}
    backwards: dict[str, Any] = {"starts_on": made.day(0), "ends_on": made.day(-1), **here}
    attempts = [
        lambda: people.start_mandate(made.authority, person=made.agent, **backwards),
        lambda: people.end_mandate(made.mandate, ends_on=made.day(-100), **here),
        lambda: people.record_employment(made.agent, employer="x", public=True, territory=[], **backwards),
        lambda: people.end_employment(made.employment, ends_on=made.day(-100), **here),
        lambda: people.delegate(made.agent, number="x", **backwards),
    ]

    for attempt in attempts:
        with pytest.raises(ValidationError, match="ne peut précéder le début"):
            attempt()


def test_a_delegation_ends_after_it_starts(made: Dossier) -> None:
    delegate = a_dossier(Plan(category=Category.DELEGATE))

    with pytest.raises(ValidationError, match="ne peut précéder le début"):
        people.end_delegation(
            delegate.delegation, installation=delegate.installation, ends_on=delegate.day(-100), **delegate.by
        )


def test_what_an_account_does_bears_its_name(made: Dossier) -> None:
    account = an_account(made.agent, "agent")
    people.grant_right(made.installation, account=account, right="habilitate", **made.by)

    row = people.record_employment(
        made.agent,
        installation=made.installation,
        employer="Commune",
        public=True,
        territory=[made.authority],
        starts_on=made.day(0),
        ends_on=None,
        at=AT,
        by=account,
    )

    assert row.recorded_by == account
    assert made.employment.recorded_by is None
    assert Body.objects.latest("entry").actor == account
