"""Dossiers in the database, built by acts as the product builds them, at a fixed instant."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.test import Client
from guardian.shortcuts import assign_perm

from compliance.facts import Span
from compliance.matrix import Dossier, Plan, build
from compliance.models import Account, Entry, Person

AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
LAST_HOUR = Span(AT - timedelta(hours=1), AT)


def a_dossier(plan: Plan | None = None, *, at: datetime = AT) -> Dossier:
    """Return a dossier complete at `at`."""
    with transaction.atomic():
        return build(plan or Plan(), at=at)


def an_account(person: Person, login: str) -> Account:
    """Return a login that nobody can open, without any right."""
    account = Account(username=login, person=person, date_joined=AT)
    account.set_unusable_password()
    account.save()
    return account


def a_browser(made: Dossier, *rights: str) -> Client:
    """Return the browser of the dossier's agent, signed in with these rights on the installation."""
    account = an_account(made.agent, "quelqu-un")
    for right in rights:
        assign_perm(f"compliance.{right}", account, made.installation)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def entries() -> list[str]:
    """Return the events of the journal, oldest first."""
    return list(Entry.objects.order_by("seq").values_list("event", flat=True))
