"""Every act, whatever it says: refused without its right, journaled once, or as if it never was."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Value
from guardian.shortcuts import assign_perm

from compliance import actions, events, journal
from compliance.actions.base import SilentAct, installation_of
from compliance.actions.roles import ROLES
from compliance.events import System
from compliance.matrix import Dossier, Plan
from compliance.models import Account, Body, Entry
from compliance.queries import pulse
from tests.compliance.actions.acts import CASES, RIGHTS, Case, somebody
from tests.compliance.built import AT, a_dossier, an_account, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def made() -> Dossier:
    return a_dossier(Plan(risk=True))


@contextmanager
def undone() -> Iterator[None]:
    """Do something and take it back, so that the next act starts from the same dossier."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def do(case: Case, made: Dossier, by: Account | System) -> Any:
    subject, given = case.given(made)
    if case.own and isinstance(by, System):
        by = subject.account
    return case.act(subject, **given, at=AT, by=by)


def account_with(made: Dossier, *rights: str) -> Account:
    person = somebody(made)
    account = an_account(person, person.code)
    for right in rights:
        assign_perm(f"compliance.{right}", account, made.installation)
    return account


def who_may(case: Case, subject: Any, given: dict[str, Any], accounts: dict[str, Account]) -> set[str]:
    """Return the names of the accounts to which the act opens; what it does is taken back each time."""
    opened = set()
    for name, account in accounts.items():
        with undone():
            try:
                # A row that its act ended in memory is not what the next account finds.
                case.act(copy(subject), **given, at=AT, by=account)
            except PermissionDenied:
                continue
            opened.add(name)
    return opened


def rows() -> dict[str, int]:
    """Return how many rows each table has, in one query: it is asked twice for each act."""
    first, *others = (
        model._default_manager.order_by()
        .values(of=Value(model.__name__))
        .annotate(rows=Count("*"))
        .values_list("of", "rows")
        for model in apps.get_app_config("compliance").get_models()
    )
    return dict(first.union(*others, all=True))


def test_no_act_is_forgotten_here() -> None:
    found = {
        name
        for module in iter_modules(actions.__path__)
        for name, function in inspect.getmembers(import_module(f"compliance.actions.{module.name}"))
        if inspect.isfunction(function) and hasattr(function, "rights")
    }

    assert found == set(CASES)


def test_each_act_is_open_to_its_right_alone(made: Dossier) -> None:
    accounts = {right: account_with(made, right) for right in RIGHTS}
    opened: dict[str, set[str]] = {name: set() for name in CASES}

    for name, case in CASES.items():
        with undone():
            subject, given = case.given(made)
            opened[name] = who_may(case, subject, given, accounts)

    assert opened == {name: set() if case.founding else set(case.rights) for name, case in CASES.items()}


def test_each_act_is_open_to_the_roles_that_the_guide_says_and_to_no_other(made: Dossier) -> None:
    accounts = {role: account_with(made, *held.rights) for role, held in ROLES.items()}
    opened: dict[str, set[str]] = {}

    for name, case in CASES.items():
        with undone():
            subject, given = case.given(made)
            opened[name] = who_may(case, subject, given, accounts)

    assert opened == {
        name: set() if case.founding else {role for role, held in ROLES.items() if case.rights & set(held.rights)}
        for name, case in CASES.items()
    }


def test_every_other_right_together_is_not_enough(made: Dossier) -> None:
    for right in RIGHTS:
        account = account_with(made, *(r for r in RIGHTS if r != right))
        before = rows()
        for case in (c for c in CASES.values() if c.right == right):
            with undone():
                subject, given = case.given(made)
                prepared, beats = rows(), pulse()
                with pytest.raises(PermissionDenied, match="un droit"):
                    case.act(subject, **given, at=AT, by=account)
                assert rows() == prepared
                assert pulse() == beats
        assert rows() == before


def test_a_right_on_another_installation_is_none_here(made: Dossier) -> None:
    neighbour = a_dossier()
    account = an_account(neighbour.agent, "voisin")
    for right in RIGHTS:
        assign_perm(f"compliance.{right}", account, neighbour.installation)

    for case in CASES.values():
        with undone(), pytest.raises(PermissionDenied):
            do(case, made, account)


def test_a_closed_account_does_nothing(made: Dossier) -> None:
    account = account_with(made, *RIGHTS)
    account.is_active = False
    account.save()

    for case in CASES.values():
        with undone(), pytest.raises(PermissionDenied):
            do(case, made, account)


def test_each_act_writes_its_entry_once_and_moves_the_pulse_by_one(made: Dossier) -> None:
    for case in CASES.values():
        with undone():
            subject, given = case.given(made)
            account = case.actor(subject, lambda right: account_with(made, right))
            before, beats = entries(), pulse()

            case.act(subject, **given, at=AT, by=account)

            assert entries() == [*before, case.event]
            assert pulse() == beats + 1
            last = Body.objects.select_related("entry").latest("entry")
            assert last.entry.at == AT
            assert last.actor == (None if case.founding else account), case.event
            assert case.founding or last.installation == made.installation
            assert "…" not in last.sentence or None in last.values.values()


def test_an_act_that_cannot_be_journaled_is_as_if_it_never_was(made: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise journal.Unavailable("compliance")

    for case in CASES.values():
        with undone():
            subject, given = case.given(made)
            before, beats = rows(), pulse()
            with monkeypatch.context() as patched:
                patched.setattr(journal, "record", refuse)
                with pytest.raises(journal.Unavailable):
                    case.act(subject, **given, at=AT, by=subject.account if case.own else System.CONSOLE)
            assert rows() == before
            assert pulse() == beats


def test_an_act_that_says_nothing_is_a_bug_and_leaves_nothing(made: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    before, beats = rows(), pulse()
    monkeypatch.setattr(journal, "record", lambda *_, **__: None)

    with pytest.raises(SilentAct, match="withdraw"):
        do(CASES["withdraw"], made, System.CONSOLE)

    assert rows() == before
    assert pulse() == beats


def test_the_events_of_the_acts_are_declared_and_read_in_french(made: Dossier) -> None:
    for case in CASES.values():
        with undone():
            do(case, made, System.CONSOLE)

            last = Entry.objects.select_related("body").latest("seq")

            assert events.get(last.event).kind is events.Operation.ACTE
            assert last.body.sentence


def test_the_journal_stays_whole(made: Dossier) -> None:
    for case in (c for c in CASES.values() if c.event != "account.opened"):
        with undone():
            do(case, made, System.CONSOLE)

    assert journal.verify(at=AT).intact


@pytest.mark.parametrize(
    "subject",
    [
        lambda d: d.installation,
        lambda d: d.position,
        lambda d: d.order,
        lambda d: d.mounting,
        lambda d: d.aipd,
        lambda d: d.title,
        lambda d: d.installation.panels.get(),
    ],
)
def test_the_right_is_asked_on_the_installation_of_the_subject(
    made: Dossier, subject: Callable[[Dossier], object]
) -> None:
    assert installation_of(subject(made)) == made.installation


def test_what_is_of_no_installation_gives_no_right(made: Dossier) -> None:
    assert installation_of(made.authority) is None
    assert installation_of(None) is None
