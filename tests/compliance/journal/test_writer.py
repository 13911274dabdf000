"""Nothing is journaled by halves: the entry, its body and the head, with the act or not at all."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import events, journal
from compliance.journal import chain, writer
from compliance.models.dossier import Installation
from compliance.models.journal import Body, Entry, Head
from tests.databases import FreshDatabase

AT = datetime(2026, 11, 19, 13, 32, 5, 123456, tzinfo=UTC)
Start = Callable[[FreshDatabase, str], "subprocess.Popen[str]"]
APPEND = """
from datetime import UTC, datetime
for number in range({times}):
    with transaction.atomic():
        journal.record("recording.audio.dropped", at=datetime(2026, 1, 1, tzinfo=UTC),
                       by=events.System.RECORDER, camera="{name}", packets=number)
"""
PROBE = "print(journal.can_write())"


@pytest.fixture
def refusing(db: None) -> Any:
    """A rule of the database that refuses every entry, as a full disk or a hostile owner would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER refusing BEFORE INSERT ON compliance_body BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        else:
            cursor.execute("ALTER TABLE compliance_body ADD CONSTRAINT refusing CHECK (false) NOT VALID")


def test_an_entry_tells_who_what_when_and_about_what(town: Any) -> None:
    with transaction.atomic():
        entry = journal.record("recording.audio.dropped", at=AT, by=town.account, position=town.position, camera="C-7")

    entry = Entry.objects.select_related("body").get(pk=entry.pk)
    assert (entry.seq, entry.previous, entry.event, entry.at) == (1, chain.GENESIS, "recording.audio.dropped", AT)
    assert entry.term == AT.replace(year=2029)
    assert (entry.body.actor, entry.body.actor_name) == (town.account, "Agent de police")
    assert (entry.body.installation, entry.body.position) == (town.installation, town.position)
    assert entry.body.sentence == "Son reçu de la caméra C-7, écarté sans être enregistré"
    assert entry.body.values == {"camera": "C-7"}
    told = json.loads(entry.body.payload)
    assert (told["actor_login"], told["installation_code"], told["position_code"]) == ("agent", "VALCLAIR", "VAL-01")
    assert str(entry) == "1 recording.audio.dropped"
    assert str(entry.body) == entry.body.sentence


def test_each_entry_holds_the_one_before(six_entries: list[Entry]) -> None:
    for before, after in pairwise(six_entries):
        assert after.seq == before.seq + 1
        assert after.previous == before.hash
    head = Head.objects.get()
    assert (head.seq, head.hash) == (6, six_entries[-1].hash)
    assert str(head) == f"6 {head.hash}"


def test_two_entries_that_say_the_same_do_not_look_the_same(town: Any) -> None:
    with transaction.atomic():
        one, two = (journal.record("account.signed_in", at=AT, by=town.account) for _ in range(2))

    assert one.commitment != two.commitment


def test_a_machine_signs_by_its_name(town: Any) -> None:
    with transaction.atomic():
        entry = journal.record(
            "recording.audio.dropped", at=AT, by=events.System.RECORDER, installation=town.installation, camera="C-1"
        )

    assert (entry.body.actor, entry.body.actor_name, entry.body.position) == (None, "Enregistreur", None)
    assert entry.body.installation == town.installation


def test_what_is_not_declared_is_not_written(town: Any) -> None:
    for wrong in ({"login": "agent", "password": "secret"}, {}):
        with pytest.raises((events.UndeclaredKey, events.MissingKey)), transaction.atomic():
            journal.record("account.sign_in_failed", at=AT, by=town.account, **wrong)  # type: ignore[arg-type]
    with pytest.raises(events.UnknownEvent), transaction.atomic():
        journal.record("order.invented", at=AT, by=town.account)
    with pytest.raises(journal.Unwritable), transaction.atomic():
        journal.record("account.sign_in_failed", at=AT, by=town.account, login=b"agent")

    assert not Entry.objects.exists()


def test_an_entry_is_never_written_apart_from_its_act(fresh_database: FreshDatabase) -> None:
    with pytest.raises(journal.OutsideTransaction, match="signed_in"):
        journal.record("account.signed_in", at=AT, by=events.System.DOOR)

    assert not Entry.objects.exists()


def test_an_act_that_fails_leaves_no_entry(town: Any) -> None:
    def act() -> None:
        with transaction.atomic():
            journal.record("account.signed_in", at=AT, by=town.account)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        act()

    assert not Entry.objects.exists()
    assert not Body.objects.exists()
    assert Head.objects.get().seq == 0


def test_a_refusal_of_the_database_undoes_the_act(town: Any, refusing: None) -> None:
    def act() -> None:
        with transaction.atomic():
            Installation.objects.update(name="Changée")
            journal.record("account.signed_in", at=AT, by=town.account)

    with pytest.raises(journal.Unavailable, match="signed_in") as refusal:
        act()

    assert isinstance(refusal.value.__cause__, DatabaseError)
    assert Installation.objects.get().name == "Centre-bourg"
    assert not Entry.objects.exists()


def test_a_journal_without_its_head_takes_no_entry(town: Any, unguarded: Any) -> None:
    with unguarded() as cursor:
        cursor.execute("DELETE FROM compliance_head")

        with pytest.raises(journal.Unavailable), transaction.atomic():
            journal.record("account.signed_in", at=AT, by=town.account)
        assert not journal.can_write()


def test_trying_to_write_leaves_no_trace(six_entries: list[Entry]) -> None:
    before = list(Entry.objects.values()), list(Head.objects.values()), Body.objects.count()

    assert journal.can_write()

    assert (list(Entry.objects.values()), list(Head.objects.values()), Body.objects.count()) == before
    assert journal.verify(at=AT).intact


def test_a_journal_that_refuses_says_so_and_lets_the_act_go_on(town: Any, refusing: None) -> None:
    with transaction.atomic():
        Installation.objects.update(name="Avant")
        assert not journal.can_write()
        Installation.objects.filter(name="Avant").update(name="Après")

    assert Installation.objects.get().name == "Après"
    assert not Entry.objects.exists()


def test_outside_a_transaction_the_question_leaves_no_trace_either(fresh_database: FreshDatabase) -> None:
    assert not connection.in_atomic_block

    assert journal.can_write()

    assert not connection.in_atomic_block
    assert (Entry.objects.count(), Head.objects.get().seq) == (0, 0)


def test_a_database_that_does_not_answer_cannot_be_written(fresh_database: FreshDatabase, start: Start) -> None:
    if connection.vendor == "sqlite":
        url = f"sqlite:///{fresh_database.home}/absent/claire-voie.sqlite3"
    else:
        url = fresh_database.url.rsplit("/", 1)[0] + "/absent"

    process = start(FreshDatabase(home=fresh_database.home, url=url), PROBE)

    assert process.communicate(timeout=60)[0].strip() == "False"


def test_the_question_does_not_wait_for_ever_behind_a_long_act(fresh_database: FreshDatabase, start: Start) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite n’a pas de verrou de ligne : l’attente est celle de la connexion (CLAIREVOIE_DB_TIMEOUT).")
    with transaction.atomic():
        Head.objects.select_for_update().get(pk=writer.HEAD)

        process = start(fresh_database, PROBE)

        assert process.communicate(timeout=30)[0].strip() == "False"
    assert journal.can_write()


def test_four_processes_leave_no_hole_and_no_double(fresh_database: FreshDatabase, start: Start) -> None:
    processes = [start(fresh_database, APPEND.format(times=50, name=name)) for name in "ABCD"]

    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0, 0]

    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 201))
    report = journal.verify(at=AT)
    assert (report.intact, report.entries) == (True, 200)
    for name in "ABCD":
        mine = [b.values["packets"] for b in Body.objects.order_by("entry") if b.values["camera"] == name]
        assert mine == list(range(50))


def test_a_killed_writer_leaves_a_journal_that_goes_on(fresh_database: FreshDatabase, start: Start) -> None:
    for _ in range(2):
        seen = Entry.objects.count()
        process = start(fresh_database, APPEND.format(times=100_000, name="K"))
        while Entry.objects.count() < seen + 20:
            assert process.poll() is None
        process.kill()
        process.communicate()

    with transaction.atomic():
        journal.record("account.signed_out", at=AT, by=events.System.DOOR)
    report = journal.verify(at=AT)
    assert report.intact
    assert report.entries == Head.objects.get().seq > 40


def test_the_clock_may_go_back_but_the_order_stays(town: Any) -> None:
    with transaction.atomic():
        journal.record("account.signed_in", at=AT, by=town.account)
        journal.record("account.signed_out", at=AT - timedelta(hours=1), by=town.account)

    assert list(Entry.objects.order_by("seq").values_list("event", flat=True)) == [
        "account.signed_in",
        "account.signed_out",
    ]
    assert journal.verify(at=AT).intact
