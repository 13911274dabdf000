"""The press: each paper once, whoever dies on the way; what stops a batch is said and journaled."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from compliance import tasks
from compliance.actions import document, dossier, paper
from compliance.documents import KINDS, press, render
from compliance.events import System
from compliance.matrix import Dossier
from compliance.models import Account, Batch, Document, Entry, Installation
from tests.compliance.built import AT, a_dossier, an_account, entries
from tests.databases import BASE, FreshDatabase

CONSOLE = System.CONSOLE
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay nothing out: what is proved here is the work, not the page."""
    monkeypatch.setattr(render, "pdf", lambda text: b"%PDF-1.7 " + hashlib.sha256(text.encode()).digest())


def dossier_with(panels: int) -> Dossier:
    made = a_dossier()
    with transaction.atomic():
        for number in range(2, panels + 1):
            dossier.place_panel(made.installation, code=f"P-{number}", place="rue", at=AT, by=CONSOLE)
    return made


def asked(installation: Installation, *, by: Any = CONSOLE, kind: str = "panneau") -> Batch:
    chosen = [c.code for c in KINDS[kind].choices(installation, AT)]
    return paper.ask(installation, kind=KINDS[kind], subjects=chosen, at=AT, by=by)


def at(instant: datetime = AT) -> press.Clock:
    return lambda: instant


def issued(batch: Batch) -> list[str]:
    return list(Document.objects.filter(batch=batch).order_by("pk").values_list("subject", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("blank")
class TestWork:
    def test_each_paper_has_its_file_its_context_its_row_and_its_entry(self) -> None:
        batch = asked(dossier_with(3).installation)

        assert press.work(batch.pk, clock=at())

        batch.refresh_from_db()
        assert batch.finished_at == AT
        assert batch.leased_until is None
        assert issued(batch) == batch.subjects
        assert entries()[-4:] == ["paper.asked", *["paper.issued"] * 3]
        for kept in Document.objects.filter(batch=batch):
            assert hashlib.sha256(document.path_of(kept).read_bytes()).hexdigest() == kept.sha256
            assert hashlib.sha256(document.context_path_of(kept).read_bytes()).hexdigest() == kept.context_sha256

    def test_a_new_edition_is_a_new_version_and_the_former_stays(self) -> None:
        place = dossier_with(1).installation
        for _ in range(2):
            press.work(asked(place).pk, clock=at())

        assert list(Document.objects.filter(kind="panneau").order_by("pk").values_list("version", flat=True)) == [1, 2]

    def test_a_batch_at_work_is_left_to_its_worker_until_the_lease_ends(self) -> None:
        batch = asked(dossier_with(1).installation)
        Batch.objects.filter(pk=batch.pk).update(leased_until=AT + press.LEASE)

        assert not press.work(batch.pk, clock=at())
        assert list(press.waiting(AT)) == []
        assert list(press.waiting(AT + press.LEASE)) == [batch.pk]
        assert press.work(batch.pk, clock=at(AT + press.LEASE))

    def test_the_sweep_sends_again_what_nobody_works_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = asked(dossier_with(1).installation)
        sent: list[str] = []
        monkeypatch.setattr(tasks.issue_papers, "delay", sent.append)

        assert list(press.waiting(AT)) == []
        assert tasks.sweep_papers() == 1
        assert sent == [str(batch.pk)]
        assert tasks.issue_papers(sent[0])
        assert tasks.sweep_papers() == 0

    def test_a_slow_worker_does_not_give_up_on_what_another_finished(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = asked(dossier_with(1).installation)

        def slow(*_: Any) -> Any:
            Batch.objects.filter(pk=batch.pk).update(finished_at=AT, leased_until=None)
            raise press.Unwritable("trop tard")

        monkeypatch.setattr(press, "make", slow)

        assert not press.work(batch.pk, clock=at())
        batch.refresh_from_db()
        assert batch.failure == ""
        assert "paper.failed" not in entries()

    def test_a_batch_taken_up_again_does_only_what_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = asked(dossier_with(4).installation)
        real, made = press.make, []

        def dies_at_the_third(*args: Any) -> Any:
            made.append(args)
            if len(made) == 3:
                raise SystemExit
            return real(*args)

        monkeypatch.setattr(press, "make", dies_at_the_third)
        with pytest.raises(SystemExit):
            press.work(batch.pk, clock=at())
        assert len(issued(batch)) == 2

        press.work(batch.pk, clock=at(LATER))

        assert issued(batch) == batch.subjects
        assert len(made) == 5

    def test_a_worker_that_was_slow_stops_when_another_took_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = asked(dossier_with(3).installation)
        real = press.make

        def overtaken(*args: Any) -> Any:
            Batch.objects.filter(pk=batch.pk).update(leased_until=LATER)
            return real(*args)

        monkeypatch.setattr(press, "make", overtaken)

        assert not press.work(batch.pk, clock=at())

        batch.refresh_from_db()
        assert batch.leased_until == LATER
        assert batch.finished_at is None
        assert len(issued(batch)) == 1

    def test_two_batches_after_the_same_version_both_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        place = dossier_with(1).installation
        first, second = asked(place), asked(place)
        real, raced = press.make, []

        def race(*args: Any) -> Any:
            made = real(*args)
            if not raced:
                raced.append(1)
                press.work(second.pk, clock=at())
            return made

        monkeypatch.setattr(press, "make", race)
        press.work(first.pk, clock=at())

        assert sorted(Document.objects.filter(kind="panneau").values_list("version", flat=True)) == [1, 2]

    def test_a_batch_that_breaks_every_worker_is_given_up_and_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = asked(dossier_with(1).installation)
        now = AT

        def breaks(*_: Any) -> Any:
            raise MemoryError

        monkeypatch.setattr(press, "make", breaks)
        for _ in range(press.TRIES):
            with pytest.raises(MemoryError):
                press.work(batch.pk, clock=at(now))
            now += press.LEASE

        assert not press.work(batch.pk, clock=at(now))

        batch.refresh_from_db()
        assert batch.failure == "Arrêté après 5 essais sans un document de plus. Prévenez le référent technique."
        assert entries()[-1] == "paper.failed"

    def test_a_right_taken_back_stops_the_batch(self) -> None:
        made = dossier_with(2)
        account = an_account(made.agent, "commis")
        batch = Batch.objects.create(
            installation=made.installation, kind="panneau", subjects=["P-2"], asked_at=AT, asked_by=account
        )

        press.work(batch.pk, clock=at())

        batch.refresh_from_db()
        assert "votre fonction n’a pas" in batch.failure
        assert issued(batch) == []

    def test_what_cannot_be_written_is_said(self) -> None:
        batch = asked(dossier_with(1).installation, kind="registre")
        Batch.objects.filter(pk=batch.pk).update(given={"since": "2026-06-02", "until": "2026-06-01"})

        press.work(batch.pk, clock=at())

        batch.refresh_from_db()
        assert batch.failure == "La période finit avant de commencer."
        assert Account.objects.count() == 0


@pytest.mark.django_db
class TestAsk:
    def test_a_subject_of_elsewhere_or_none_is_refused(self) -> None:
        made, other = dossier_with(1), a_dossier()

        for subjects, words in (([], "De quoi|de quoi"), ([other.position.code], "Inconnu")):
            with pytest.raises(Exception, match=words):
                paper.ask(made.installation, kind=KINDS["panneau"], subjects=subjects, at=AT, by=CONSOLE)

    def test_a_broker_that_does_not_answer_loses_nothing(
        self, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = dossier_with(1)

        def silent(*_: Any) -> None:
            raise ConnectionError

        monkeypatch.setattr(paper.current_app, "send_task", silent)
        with django_capture_on_commit_callbacks() as callbacks:
            batch = asked(made.installation)
        for callback in callbacks:
            with pytest.raises(ConnectionError):
                callback()

        assert list(press.waiting(LATER)) == [batch.pk]


WORKER = """
import sys, django
django.setup()
from django.utils import timezone
from compliance import tasks
tasks.issue_papers(sys.argv[1])
"""


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(fresh_database: FreshDatabase) -> None:
    batch = asked(dossier_with(6).installation)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(batch.pk)], cwd=BASE, env=fresh_database.env)
    deadline = time.monotonic() + 60
    while len(issued(batch)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    before = issued(batch)
    assert 2 <= len(before) < 6

    batch.refresh_from_db()
    assert batch.finished_at is None
    assert batch.leased_until is not None
    ended = batch.leased_until
    assert press.work(batch.pk, clock=at(ended))

    assert issued(batch) == batch.subjects
    assert issued(batch)[: len(before)] == before
    assert Entry.objects.filter(event="paper.issued").count() == 6
    rows = Document.objects.filter(batch=batch)
    assert all(hashlib.sha256(document.path_of(d).read_bytes()).hexdigest() == d.sha256 for d in rows)
    assert not list(Path(fresh_database.home, "documents").rglob("*.part"))
