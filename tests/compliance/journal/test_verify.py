"""Whatever the owner of the database does to the journal, verification says so and says where."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from compliance import events, journal, tasks
from compliance.journal import Kind, chain
from compliance.models.journal import Body, Entry, Head, Verification

# The door's `verify` is the function; this is its module.
verifying = import_module("compliance.journal.verify")
AT = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
AFTER_TERM = datetime(2029, 11, 20, tzinfo=UTC)
LAST = 6
SQLITE_ONLY = "PostgreSQL refuse lui-même une valeur d’un autre type : ce mal n’existe que dans SQLite."


def _flip(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


def _entry(seq: int, **changed: Any) -> None:
    assert Entry.objects.filter(seq=seq).update(**changed) == 1


def _body(seq: int, **changed: Any) -> None:
    assert Body.objects.filter(entry=seq).update(**changed) == 1


def _seal(seq: int) -> None:
    """Give the entry the hash that it should have, as somebody who knows the format would."""
    entry = Entry.objects.get(seq=seq)
    leaf = chain.leaf(seq, at=entry.at, event=entry.event, term=entry.term, commitment=entry.commitment)
    _entry(seq, hash=chain.entry_hash(entry.previous, leaf))


def _remove(*numbers: int) -> None:
    Body.objects.filter(entry__in=numbers).delete()
    assert Entry.objects.filter(seq__in=numbers)._raw_delete("default") == len(numbers)  # type: ignore[attr-defined]


def _copy(seq: int, to: int, **changed: Any) -> None:
    entry = Entry.objects.get(seq=seq)
    for name, value in {"seq": to, **changed}.items():
        setattr(entry, name, value)
    entry.save(force_insert=True)


def _swap_entries(k: int, other: int) -> None:
    one, two = Entry.objects.filter(seq=k).values().get(), Entry.objects.filter(seq=other).values().get()
    for target, source in ((k, two), (other, one)):
        source.pop("seq")
        _entry(target, **source)


def _swap_bodies(k: int, other: int) -> None:
    columns = ("salt", "payload", "actor_name", "actor", "position", "installation")
    one, two = (Body.objects.filter(entry=seq).values(*columns).get() for seq in (k, other))
    _body(k, **two)
    _body(other, **one)


def _rewrite(seq: int) -> None:
    """Change what an entry says, with its salt, commitment and hash all in order."""
    payload = Body.objects.get(entry=seq).payload.replace("{", '{"added":1,', 1)
    _body(seq, payload=payload, salt=b"s" * 16)
    _entry(seq, commitment=chain.commitment(b"s" * 16, payload))
    _seal(seq)


def _salt(k: int) -> None:
    salt = bytearray(bytes(Body.objects.get(entry=k).salt))
    salt[0] ^= 1
    _body(k, salt=bytes(salt))


def _forge_tail(cursor: Any) -> None:
    head = Head.objects.get()
    _copy(LAST, LAST + 1, previous=head.hash)
    _seal(LAST + 1)
    body = Body.objects.get(entry=LAST)
    body.entry_id = LAST + 1
    body.save(force_insert=True)


def _misnumber(k: int) -> None:
    Body.objects.filter(entry=k).delete()
    assert Entry.objects.filter(seq=k).update(seq=100 + k) == 1


# Each: what is done to entry k, the first bad entry that must be told, the kind that must be told.
COLUMNS: dict[str, tuple[Callable[[int], Any], Kind]] = {
    "flip the previous hash": (
        lambda k: _entry(k, previous=_flip(Entry.objects.get(seq=k).previous)),
        Kind.BROKEN_CHAIN,
    ),
    "flip the hash": (lambda k: _entry(k, hash=_flip(Entry.objects.get(seq=k).hash)), Kind.ALTERED_ENTRY),
    "upper the hash": (lambda k: _entry(k, hash=Entry.objects.get(seq=k).hash.upper()), Kind.ALTERED_ENTRY),
    "re-time by a microsecond": (
        lambda k: _entry(k, at=Entry.objects.get(seq=k).at + timedelta(microseconds=1)),
        Kind.ALTERED_ENTRY,
    ),
    "rename the event": (lambda k: _entry(k, event="account.signed_out"), Kind.ALTERED_ENTRY),
    "bring the term closer": (lambda k: _entry(k, term=AT - timedelta(days=1)), Kind.ALTERED_ENTRY),
    "flip the commitment": (
        lambda k: _entry(k, commitment=_flip(Entry.objects.get(seq=k).commitment)),
        Kind.ALTERED_ENTRY,
    ),
    "spoil the commitment": (lambda k: _entry(k, commitment="not a hash"), Kind.ALTERED_ENTRY),
    "flip the salt": (_salt, Kind.ALTERED_BODY),
    "empty the body": (lambda k: _body(k, payload="{}"), Kind.ALTERED_BODY),
    "space the body": (lambda k: _body(k, payload=Body.objects.get(entry=k).payload + " "), Kind.ALTERED_BODY),
    "rename the author": (lambda k: _body(k, actor_name="Maire"), Kind.ALTERED_BODY),
    "erase the body before its term": (lambda k: Body.objects.filter(entry=k).delete(), Kind.MISSING_BODY),
}


@pytest.mark.parametrize("k", range(1, LAST + 1))
@pytest.mark.parametrize("name", COLUMNS)
def test_a_changed_column_is_found_at_its_entry(name: str, k: int, six_entries: list[Entry], unguarded: Any) -> None:
    change, kind = COLUMNS[name]
    with unguarded():
        change(k)

        report = journal.verify(at=AT)

    assert (report.intact, report.first_bad, report.kind, report.entries) == (False, k, kind, k - 1)
    assert journal.verify(at=AT).intact


STORIES: dict[str, tuple[Callable[[Any], Any], int, Kind]] = {
    "give the entry to nobody": (lambda _: _body(1, actor=None), 1, Kind.ALTERED_BODY),
    "move the entry to no position": (lambda _: _body(3, position=None), 3, Kind.ALTERED_BODY),
    "move the entry to no installation": (lambda _: _body(5, installation=None), 5, Kind.ALTERED_BODY),
    "remove the first": (lambda _: _remove(1), 1, Kind.GAP),
    "remove one of the middle": (lambda _: _remove(4), 4, Kind.GAP),
    "remove one in two": (lambda _: _remove(2, 4, 6), 2, Kind.GAP),
    "cut the tail": (lambda _: _remove(5, 6), 5, Kind.HEAD_MISMATCH),
    "remove everything": (lambda _: _remove(*range(1, 7)), 1, Kind.HEAD_MISMATCH),
    "misnumber": (lambda _: _misnumber(3), 3, Kind.GAP),
    "add before the first": (lambda _: _copy(1, 0), 0, Kind.DUPLICATE),
    "add a number below zero": (lambda _: _copy(6, -1), -1, Kind.DUPLICATE),
    "swap two entries": (lambda _: _swap_entries(3, 4), 3, Kind.BROKEN_CHAIN),
    "swap two bodies": (lambda _: _swap_bodies(2, 4), 2, Kind.ALTERED_BODY),
    "rewrite and reseal one": (lambda _: _rewrite(3), 4, Kind.BROKEN_CHAIN),
    "rewrite and reseal the last": (lambda _: _rewrite(6), 6, Kind.HEAD_MISMATCH),
    "forge a tail": (_forge_tail, 7, Kind.HEAD_MISMATCH),
    "forge a tail and jump it": (
        lambda cursor: (_forge_tail(cursor), Head.objects.update(seq=8)),
        8,
        Kind.HEAD_MISMATCH,
    ),
    "remove the head": (lambda _: Head.objects.all().delete(), 7, Kind.HEAD_MISMATCH),
    "move the head back": (lambda _: Head.objects.update(seq=4), 4, Kind.HEAD_MISMATCH),
    "move the head back in order": (
        lambda _: Head.objects.update(seq=4, hash=Entry.objects.get(seq=4).hash),
        5,
        Kind.HEAD_MISMATCH,
    ),
    "spoil the head's hash": (lambda _: Head.objects.update(hash="0" * 64), 6, Kind.HEAD_MISMATCH),
    "add a body to nothing": (
        lambda _: Body.objects.create(entry_id=9, salt=b"", payload="{}", actor_name=""),
        9,
        Kind.STRAY_BODY,
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_an_attack_is_found_and_located(name: str, six_entries: list[Entry], unguarded: Any) -> None:
    attack, first_bad, kind = STORIES[name]
    with unguarded() as cursor:
        attack(cursor)

        report = journal.verify(at=AT)

    assert (report.intact, report.first_bad, report.kind) == (False, first_bad, kind)
    assert journal.verify(at=AT).intact


def test_a_body_that_is_not_ours_is_found_even_well_sealed(six_entries: list[Entry], unguarded: Any) -> None:
    for payload in ("not JSON", '{"values":{}}', "[1]"):
        with unguarded():
            _body(6, payload=payload, salt=b"s" * 16)
            _entry(6, commitment=chain.commitment(b"s" * 16, payload))
            _seal(6)
            Head.objects.update(hash=Entry.objects.get(seq=6).hash)

            report = journal.verify(at=AT)

        assert (report.first_bad, report.kind) == (6, Kind.ALTERED_BODY)


def test_an_entry_written_twice_is_found_when_the_key_is_gone(six_entries: list[Entry], unguarded: Any) -> None:
    with unguarded() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ALTER TABLE compliance_entry RENAME TO old_entry")
            cursor.execute("CREATE TABLE compliance_entry AS SELECT * FROM old_entry")
        else:
            cursor.execute("ALTER TABLE compliance_entry DROP CONSTRAINT compliance_entry_pkey CASCADE")
        cursor.execute("INSERT INTO compliance_entry SELECT * FROM compliance_entry WHERE seq = 4")

        report = journal.verify(at=AT)

    assert (report.first_bad, report.kind, report.entries) == (4, Kind.DUPLICATE, 4)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-13-45 99:00:00"),
        ("at", "yesterday"),
        ("at", 7),
        ("term", "0000-00-00 00:00:00"),
        ("event", b"\xff"),
    ],
    ids=str,
)
def test_a_column_that_cannot_be_read_is_found(
    column: str, value: object, six_entries: list[Entry], unguarded: Any
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(SQLITE_ONLY)
    with unguarded() as cursor:
        cursor.execute(f"UPDATE compliance_entry SET {column} = %s WHERE seq = 4", [value])

        report = journal.verify(at=AT)

    assert (report.first_bad, report.kind, report.entries) == (4, Kind.ALTERED_ENTRY, 3)


def test_reading_goes_on_to_the_entry_that_cannot_be_read_and_stops(six_entries: list[Entry], unguarded: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(SQLITE_ONLY)
    with unguarded() as cursor:
        cursor.execute("UPDATE compliance_entry SET at = '2026-13-45 99:00:00' WHERE seq = 4")
        _entry(2, event="account.signed_out")

        read = [row if isinstance(row, int) else (row.seq,) for row in verifying._rows()]
        report = journal.verify(at=AT)

    assert read == [(1,), (2,), (3,), 4]
    assert report.first_bad == 2


@pytest.mark.parametrize("column", ["salt", "payload", "actor_name"])
def test_a_body_that_cannot_be_read_is_found(column: str, six_entries: list[Entry], unguarded: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(SQLITE_ONLY)
    with unguarded() as cursor:
        cursor.execute(
            f"UPDATE compliance_body SET {column} = %s WHERE entry_id = 4", [b"\xff\xfe" if column != "salt" else "x"]
        )

        report = journal.verify(at=AT)

    assert (report.first_bad, report.kind) == (4, Kind.ALTERED_BODY)


def test_a_head_that_cannot_be_read_is_found(six_entries: list[Entry], unguarded: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(SQLITE_ONLY)
    with unguarded() as cursor:
        cursor.execute("UPDATE compliance_head SET seq = 'six'")

        report = journal.verify(at=AT)

    assert (report.first_bad, report.kind) == (7, Kind.HEAD_MISMATCH)


def test_a_database_that_stops_answering_is_not_called_an_alteration(
    six_entries: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(QuerySet, "iterator", gone)

    with pytest.raises(OperationalError, match="gone"):
        journal.verify(at=AT)


# --- what is not an attack --------------------------------------------------------------------------------------------
def test_an_empty_journal_is_intact(db: None) -> None:
    report = journal.verify(at=AT)

    assert (report.intact, report.entries, report.first_bad, report.kind) == (True, 0, None, None)


def test_a_whole_journal_is_intact(six_entries: list[Entry]) -> None:
    assert journal.verify(at=AT) == journal.Report(AT, 6)


def test_a_body_may_be_gone_once_its_term_has_come(six_entries: list[Entry], unguarded: Any) -> None:
    with unguarded():
        Body.objects.all().delete()

        assert journal.verify(at=AFTER_TERM).intact
        assert journal.verify(at=AT).kind is Kind.MISSING_BODY
        assert journal.verify(at=six_entries[0].term).first_bad == 3


def test_entries_added_during_a_verification_are_not_an_attack(
    six_entries: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = verifying._rows

    @contextmanager
    def act() -> Iterator[None]:
        with transaction.atomic():
            yield

    def busy() -> Iterator[Any]:
        with act():
            journal.record("account.signed_out", at=AT, by=events.System.DOOR)
        yield from rows()
        with act():
            journal.record("account.signed_out", at=AT, by=events.System.DOOR)

    monkeypatch.setattr(verifying, "_rows", busy)

    assert journal.verify(at=AT) == journal.Report(AT, 7)


def test_a_verification_asks_the_same_number_of_questions_whatever_its_length(
    six_entries: list[Entry], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        journal.verify(at=AT)


def test_a_verifier_without_the_product_agrees(six_entries: list[Entry]) -> None:
    previous = sha256(b"claire-voie journal, format 1").digest()
    for entry in Entry.objects.order_by("seq").select_related("body"):
        commitment = sha256(bytes(entry.body.salt) + entry.body.payload.encode()).digest()
        assert entry.body.payload == json.dumps(
            json.loads(entry.body.payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        fields = [
            entry.seq.to_bytes(8, "big"),
            entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(),
            entry.event.encode(),
            entry.term.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(),
            commitment,
        ]
        leaf = sha256(b"\0" + b"".join(len(each).to_bytes(4, "big") + each for each in fields)).digest()
        previous = sha256(previous + leaf).digest()
        assert entry.hash == previous.hex()


# --- the command, the task --------------------------------------------------------------------------------------------
@dataclass
class Answer:
    code: int
    text: str


def _command(capsys: pytest.CaptureFixture[str], *arguments: str) -> Answer:
    try:
        call_command("verify_journal", *arguments)
    except SystemExit as end:
        return Answer(int(end.code or 0), capsys.readouterr().out)
    return Answer(0, capsys.readouterr().out)


def test_the_command_says_intact(six_entries: list[Entry], capsys: pytest.CaptureFixture[str]) -> None:
    words, told = _command(capsys), _command(capsys, "--json")

    assert (words.code, told.code) == (0, 0)
    assert words.text.strip() == "Le journal est intact. Entrées vérifiées : 6."
    answer = json.loads(told.text)
    assert {key: answer[key] for key in ("intact", "entries", "first_bad", "kind")} == {
        "intact": True,
        "entries": 6,
        "first_bad": None,
        "kind": None,
    }
    assert datetime.fromisoformat(answer["at"]).tzinfo is not None


def test_the_command_says_where_and_what(
    six_entries: list[Entry], unguarded: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with unguarded():
        _entry(3, event="account.signed_out")

        words, told = _command(capsys), _command(capsys, "--json")

    assert (words.code, told.code) == (1, 1)
    assert "à l’entrée 3 : entrée changée" in words.text
    answer = json.loads(told.text)
    assert (answer["intact"], answer["first_bad"], answer["kind"]) == (False, 3, "altered_entry")


def test_a_journal_that_cannot_be_read_is_not_called_intact(six_entries: list[Entry], unguarded: Any) -> None:
    with unguarded() as cursor:
        cursor.execute("ALTER TABLE compliance_head RENAME TO gone")

        with pytest.raises(CommandError, match="ne peut pas être lu") as refusal, transaction.atomic():
            call_command("verify_journal")

    assert refusal.value.returncode == 3


def test_every_kind_has_words() -> None:
    assert all(kind.words for kind in Kind)


def test_the_worker_keeps_what_it_found(
    six_entries: list[Entry], unguarded: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert tasks.verify_journal()
    kept = Verification.objects.latest()
    assert (kept.intact, kept.entries, kept.first_bad, kept.kind) == (True, 6, None, "")
    assert str(kept).endswith("intact")

    with unguarded():
        _entry(2, event="account.signed_out")

        assert not tasks.verify_journal()
        kept = Verification.objects.latest()

    assert (kept.intact, kept.entries, kept.first_bad, kept.kind) == (False, 1, 2, "altered_entry")
    assert str(kept).endswith("altered_entry")
    assert "journal altered: entry 2, altered_entry" in caplog.text


def test_old_reports_go(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "KEPT", 3)

    for minute in range(5):
        journal.remember(journal.Report(AT + timedelta(minutes=minute), minute))

    assert list(Verification.objects.order_by("at").values_list("entries", flat=True)) == [2, 3, 4]
