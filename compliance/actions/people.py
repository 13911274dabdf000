"""Acts about the responsible and about people: who exists, who holds office and rights, who works for whom."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from compliance import journal
from compliance.actions.account import alone
from compliance.actions.base import By, act, end, not_oneself, ordered, sha, sooner, who, written
from compliance.actions.roles import clash
from compliance.models import (
    Account,
    Authority,
    Contact,
    Delegation,
    Document,
    Employment,
    Installation,
    InstallationUserPermission,
    Mandate,
    Person,
)


@act("validate")
def found_authority(_: None, *, name: str, siret: str, insee: str, at: datetime, by: By) -> Authority:
    """Record the commune that is responsible for the system (R251-1)."""
    authority = written(Authority(name=name, siret=siret, insee=insee), at=at, by=by)
    journal.record("authority.founded", at=at, by=by, name=name, siret=siret, insee=insee)
    return authority


@act("file")
def tell_contact(  # noqa: PLR0913 (an act is its fields)
    installation: Installation,
    *,
    since: date,
    address: str,
    phone: str,
    email: str,
    dpo: str,
    prefecture: str,
    at: datetime,
    by: By,
) -> Contact:
    """Record how the responsible and its DPO are reached: functions and lines, never a private name (R253-6)."""
    row = Contact.objects.create(
        authority=installation.authority,
        since=since,
        address=address,
        phone=phone,
        email=email,
        dpo=dpo,
        prefecture=prefecture,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "contact.told",
        at=at,
        by=by,
        installation=installation,
        since=since,
        address=address,
        phone=phone,
        email=email,
        dpo=dpo,
        prefecture=prefecture,
    )
    return row


@act("validate")
def open_installation(authority: Authority, *, code: str, name: str, at: datetime, by: By) -> Installation:
    """Open the dossier of one system."""
    installation = Installation.objects.create(authority=authority, code=code, name=name)
    journal.record("installation.opened", at=at, by=by, installation=installation, code=code, name=name)
    return installation


@act("validate")
def register_person(  # noqa: PLR0913 (an identity has these fields)
    authority: Authority,
    *,
    code: str,
    name: str,
    function: str,
    at: datetime,
    by: By,
    installation: Installation | None = None,
) -> Person:
    """Record someone whom the law names; a person is never deleted."""
    person = Person.objects.create(authority=authority, code=code, name=name, function=function)
    journal.record("person.registered", at=at, by=by, installation=installation, person=code, function=function)
    return person


def rights_of(account: Account, installation: Installation) -> set[str]:
    """Return the office rights that an account holds on an installation."""
    held = InstallationUserPermission.objects.filter(user=account, content_object=installation)
    return set(held.values_list("permission__codename", flat=True))


@act("validate")
def grant_right(installation: Installation, *, account: Account, right: str, at: datetime, by: By) -> None:
    """Give an office right on the installation. It opens no image: only a habilitation does.

    Raises ValidationError for oneself, and on two rights that one account may not hold together.
    """
    not_oneself(by, account.person, field="account")
    held = rights_of(account, installation)
    if right in held:
        raise ValidationError({"right": _("Ce compte a déjà ce droit.")})
    if why := clash(held, right):
        raise ValidationError({"right": why})
    assign_perm(f"compliance.{right}", account, installation)
    journal.record("right.granted", at=at, by=by, installation=installation, person=account.person.code, right=right)


@act("validate")
def revoke_right(installation: Installation, *, account: Account, right: str, at: datetime, by: By) -> None:
    """Take an office right back. Raises ValidationError when nobody could validate any more."""
    if right == "validate":
        alone(account, installation)
    remove_perm(f"compliance.{right}", account, installation)
    journal.record("right.revoked", at=at, by=by, installation=installation, person=account.person.code, right=right)


@act("validate", "file")
def start_mandate(  # noqa: PLR0913 (an act is its fields)
    authority: Authority,
    *,
    person: Person,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
    by: By,
    installation: Installation | None = None,
) -> Mandate:
    """Record that a mayor takes office. The mayor's own account does not: whoever writes to the prefect may."""
    not_oneself(by, person)
    ordered(starts_on, ends_on)
    mandate = Mandate.objects.create(
        authority=authority, person=person, starts_on=starts_on, ends_on=ends_on, recorded_at=at, recorded_by=who(by)
    )
    journal.record(
        "mandate.started",
        at=at,
        by=by,
        installation=installation,
        person=person.code,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return mandate


@act("validate", "file")
def end_mandate(
    mandate: Mandate, *, ends_on: date, at: datetime, by: By, installation: Installation | None = None
) -> Mandate:
    """Record the last day of a mandate."""
    ordered(mandate.starts_on, ends_on)
    sooner(mandate.ends_on, ends_on)
    end(mandate, ends_on=ends_on, at=at, by=by)
    journal.record(
        "mandate.ended", at=at, by=by, installation=installation, person=mandate.person.code, ends_on=ends_on
    )
    return mandate


@act("habilitate")
def record_employment(  # noqa: PLR0913 (an act is its fields)
    person: Person,
    *,
    installation: Installation,
    employer: str,
    public: bool,
    territory: list[Authority],
    starts_on: date,
    ends_on: date | None,
    at: datetime,
    by: By,
) -> Employment:
    """Record who a person works for and the communes of competence (R253-3 II 2°)."""
    not_oneself(by, person)
    ordered(starts_on, ends_on)
    employment = Employment.objects.create(
        person=person,
        employer=employer,
        public=public,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=who(by),
    )
    employment.territory.set(territory)
    journal.record(
        "employment.recorded",
        at=at,
        by=by,
        installation=installation,
        person=person.code,
        employer=employer,
        public=public,
        territory=[a.name for a in territory],
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return employment


@act("habilitate")
def end_employment(
    employment: Employment, *, installation: Installation, ends_on: date, at: datetime, by: By
) -> Employment:
    """Record the last day of an employment."""
    ordered(employment.starts_on, ends_on)
    sooner(employment.ends_on, ends_on)
    end(employment, ends_on=ends_on, at=at, by=by)
    journal.record(
        "employment.ended", at=at, by=by, installation=installation, person=employment.person.code, ends_on=ends_on
    )
    return employment


@act("habilitate")
def delegate(  # noqa: PLR0913 (an act is its fields)
    person: Person,
    *,
    installation: Installation,
    number: str,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
    by: By,
    document: Document | None = None,
) -> Delegation:
    """Record a delegation of police functions to an elected member (R253-3 II 2° a)."""
    not_oneself(by, person)
    ordered(starts_on, ends_on)
    delegation = Delegation.objects.create(
        person=person,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        document=document,
        recorded_at=at,
        recorded_by=who(by),
    )
    journal.record(
        "delegation.recorded",
        at=at,
        by=by,
        installation=installation,
        person=person.code,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        document=sha(document),
    )
    return delegation


@act("habilitate")
def end_delegation(
    delegation: Delegation, *, installation: Installation, ends_on: date, at: datetime, by: By
) -> Delegation:
    """Record the last day of a delegation."""
    ordered(delegation.starts_on, ends_on)
    sooner(delegation.ends_on, ends_on)
    end(delegation, ends_on=ends_on, at=at, by=by)
    journal.record(
        "delegation.ended",
        at=at,
        by=by,
        installation=installation,
        person=delegation.person.code,
        number=delegation.number,
        ends_on=ends_on,
    )
    return delegation
