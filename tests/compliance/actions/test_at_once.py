"""Two acts at the same instant, each in its own transaction: one is written, the other is refused in French."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from compliance import journal, matrix
from compliance.actions import dossier, habilitation, people
from compliance.law.terms import Action
from compliance.matrix import Dossier
from compliance.models import Account, Agreement, Entry, Habilitation
from tests.compliance.built import AT, an_account
from tests.databases import FreshDatabase

LATER = timedelta(days=1)


@pytest.fixture
def made(fresh_database: FreshDatabase) -> Dossier:
    """A complete dossier, in a database that two connections may write."""
    return matrix.build(matrix.Plan(), at=AT)


def at_once(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> list[str]:
    """Do both acts, each waiting, once it has checked all, for the other to have checked too; return the refusals."""
    both, refusals = threading.Barrier(len(acts)), []
    record = journal.record

    def late(event: str, **values: Any) -> Any:
        # Broken when the other one waits for this act to end: that is what is wanted.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return record(event, **values)

    monkeypatch.setattr(journal, "record", late)

    def do(act: Callable[[], object]) -> None:
        try:
            act()
        except ValidationError as error:
            refusals.append(error.messages[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    monkeypatch.undo()
    assert connection.vendor in ("sqlite", "postgresql")
    return refusals


def title(made: Dossier) -> habilitation.Title:
    days = {"signed_on": made.day(0), "starts_on": made.day(0), "ends_on": made.day(90)}
    given = {"category": made.title.category, "signatory": made.title.signatory, "actions": (Action.WATCH,)}
    return habilitation.Title(act="2026-77", service=made.title.service, **days, **given)


def test_the_same_habilitation_is_recorded_once(made: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    def grant() -> object:
        return habilitation.habilitate(made.agent, installation=made.installation, title=title(made), **made.by)

    refusals = at_once(monkeypatch, grant, grant)

    assert refusals == ["Cette habilitation est déjà enregistrée : même acte, mêmes dates, mêmes positions."]
    assert Habilitation.objects.filter(act="2026-77").count() == 1
    assert Entry.objects.filter(event="habilitation.granted").count() == 2, "the dossier's own, and this one"


def test_two_rights_that_nobody_holds_together_are_not_given_together(
    made: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    account: Account = an_account(made.agent, "agent")

    def give(right: str) -> Callable[[], object]:
        return lambda: people.grant_right(made.installation, account=account, right=right, **made.by)

    refusals = at_once(monkeypatch, give("give_opinion"), give("validate"))

    assert [words.startswith("Qui donne l’avis du DPD ne valide pas") for words in refusals] == [True]
    assert len(people.rights_of(account, made.installation) & {"give_opinion", "validate"}) == 1


def test_a_habilitation_is_taken_back_once(made: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Habilitation.objects.get(pk=made.title.pk), Habilitation.objects.get(pk=made.title.pk)

    def take(row: Habilitation, days: int) -> Callable[[], object]:
        since = AT + days * LATER
        return lambda: habilitation.withdraw_habilitation(row, since=since, **made.by)

    refusals = at_once(monkeypatch, take(one, 0), take(two, 1))

    assert refusals == ["Cette habilitation est déjà retirée."]
    assert Entry.objects.filter(event="habilitation.withdrawn").count() == 1


def test_the_same_panel_and_the_same_agreement_are_recorded_once(
    made: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panel() -> object:
        return dossier.place_panel(made.installation, code="P-77", place="Entrée", **made.by)

    def agreement() -> object:
        days = {"signed_on": made.day(0), "starts_on": made.day(0), "ends_on": None}
        return habilitation.record_agreement(
            made.agent, installation=made.installation, number="A-77", **days, **made.by
        )

    assert at_once(monkeypatch, panel, panel) == ["Le panneau P-77 existe déjà."]
    assert at_once(monkeypatch, agreement, agreement) == ["L’agrément A-77 est déjà enregistré pour cette personne."]
    assert Agreement.objects.filter(number="A-77").count() == 1
