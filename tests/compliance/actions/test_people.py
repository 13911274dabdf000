"""People and logins: nobody is all-powerful, a password is never written, dates do not go backwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.actions import habilitation, people
from compliance.law.terms import Category
from compliance.matrix import Dossier, Plan
from compliance.models import Account, Body, Mandate
from tests.compliance.actions.acts import somebody, title
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


def test_nobody_has_every_right(made: Dossier) -> None:
    account = an_account(made.agent, "agent")
    account.is_superuser = True

    with pytest.raises(IntegrityError), transaction.atomic():
        account.save()
    with pytest.raises(PermissionError, match="un droit vient d’un acte"):
        Account.objects.create_superuser("chef", password="x")


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


def test_an_act_of_end_never_prolongs_a_title() -> None:
    made, elected = a_dossier(), a_dossier(Plan(category=Category.DELEGATE))
    titles: list[tuple[Any, Any]] = [
        (people.end_mandate, made.mandate),
        (people.end_employment, made.employment),
        (people.end_delegation, elected.delegation),
    ]

    for end, row in titles:
        end(row, installation=made.installation, ends_on=made.day(10), **made.by)
        with pytest.raises(ValidationError, match="ne prolonge rien"):
            end(row, installation=made.installation, ends_on=made.day(11), **made.by)
        end(row, installation=made.installation, ends_on=made.day(9), **made.by)
        row.refresh_from_db()
        assert row.ends_on == made.day(9)


def test_what_an_account_does_bears_its_name(made: Dossier) -> None:
    account = an_account(somebody(made), "agent")
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


# --- nobody gives themselves a title, each for every way to one ---
ONESELF = {
    "habilitate": lambda d, me, by: habilitation.habilitate(
        me.person, installation=d.installation, title=title(d), **by
    ),
    "agreement": lambda d, me, by: habilitation.record_agreement(
        me.person, installation=d.installation, number="A", signed_on=d.day(0), starts_on=d.day(0), ends_on=None, **by
    ),
    "employment": lambda d, me, by: people.record_employment(
        me.person,
        installation=d.installation,
        employer="Commune",
        public=True,
        territory=[d.authority],
        starts_on=d.day(0),
        ends_on=None,
        **by,
    ),
    "delegation": lambda d, me, by: people.delegate(
        me.person, installation=d.installation, number="D", starts_on=d.day(0), ends_on=None, **by
    ),
    "mandate": lambda d, me, by: people.start_mandate(
        d.authority, person=me.person, installation=d.installation, starts_on=d.day(0), ends_on=None, **by
    ),
}


@pytest.mark.parametrize("way", ONESELF)
def test_nobody_gives_themselves_a_title(made: Dossier, way: str) -> None:
    me = an_account(somebody(made), "moi")
    for right in ("validate", "habilitate", "file"):
        people.grant_right(made.installation, account=me, right=right, **made.by)
    colleague = an_account(somebody(made), "collègue")
    for right in ("validate", "habilitate"):
        people.grant_right(made.installation, account=colleague, right=right, **made.by)
    before = Body.objects.count()

    with pytest.raises(ValidationError, match="à soi-même"):
        ONESELF[way](made, me, {"at": AT, "by": me})

    assert Body.objects.count() == before
    ONESELF[way](made, me, {"at": AT, "by": colleague})


def test_nobody_lifts_the_suspension_of_their_own_agreement(made: Dossier) -> None:
    me = an_account(somebody(made), "moi")
    people.grant_right(made.installation, account=me, right="habilitate", **made.by)
    here: dict[str, Any] = {"installation": made.installation, **made.by}
    held = habilitation.record_agreement(
        me.person, number="A", signed_on=made.day(0), starts_on=made.day(0), ends_on=None, **here
    )
    struck = habilitation.suspend_agreement(held, since=AT, **here)

    with pytest.raises(ValidationError, match="à soi-même"):
        habilitation.lift_agreement(struck, installation=made.installation, until=AT, at=AT, by=me)
    with pytest.raises(ValidationError, match="ne peut précéder la suspension"):
        habilitation.lift_agreement(struck, until=made.instant(-1), **here)


def test_the_end_of_a_row_keeps_when_and_by_whom_it_was_entered(made: Dossier) -> None:
    clerk = an_account(somebody(made), "secrétaire")
    people.grant_right(made.installation, account=clerk, right="file", **made.by)
    later = AT + timedelta(days=3)

    people.end_mandate(made.mandate, ends_on=made.day(1), installation=made.installation, at=later, by=clerk)

    row = Mandate.objects.get()
    assert (row.ends_on, row.end_recorded_at, row.end_recorded_by) == (made.day(1), later, clerk)
    assert row.recorded_at == AT
