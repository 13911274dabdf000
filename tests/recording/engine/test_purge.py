"""Erasure at term: files, rows, keys, entries; what fails is said, told to the gate, and tried again."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from cameras.models import Camera
from compliance import matrix
from compliance.models import Entry
from recording import actions, queries
from recording.actions import Run, Written
from recording.engine import check, purge
from recording.engine.keys import KeyStore, NoSuchKey
from recording.engine.purge import Keeper
from recording.models import Heartbeat, Segment
from tests.databases import FreshDatabase, manage

NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
BORN = NOW - timedelta(days=30)
DAY = timedelta(days=1)


@pytest.fixture
def camera(fresh_database: FreshDatabase) -> Camera:
    """A camera on a complete dossier, in a state folder of its own."""
    made = matrix.build(matrix.Plan(), at=NOW)
    return Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=BORN - DAY
    )


def recorded(home: Path, camera: Camera, *, since: datetime, erase_at: datetime, keep: bool = True) -> Segment:
    """Put a segment on the disk and in the index."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    key = KeyStore(home).hour_key(camera.uuid, hour)
    uuid = uuid4()
    path = Path(str(camera.uuid), f"{since:%Y-%m-%d}", f"{since:%H}", f"{since:%M%S}-{uuid.hex[:8]}.seg")
    file = queries.recordings_folder(home) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if keep:
        file.write_bytes(b"sealed bytes")
    digest = "a0c2ae2ef9ce2a1e1a3f6a4dca1d7b6f1d8c7f2e0d3d2a3e9d2b1d6f3a5b7c8d"
    actions.close_segment(
        Run(uuid4(), camera, since),
        written=Written(uuid, path.as_posix(), since, since, erase_at, key.key_id, size=12, sha256=digest),
    )
    return Segment.objects.get(uuid=uuid)


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [c for c in codes if c.startswith(("recording.", "observation."))]


def test_what_is_due_is_gone_with_its_file_its_row_and_its_key(camera: Camera, fresh_database: FreshDatabase) -> None:
    home = fresh_database.home
    old = recorded(home, camera, since=BORN, erase_at=NOW)
    young = recorded(home, camera, since=BORN + DAY, erase_at=NOW + DAY)

    done = Keeper(home=home).round(at=NOW)

    folder = queries.recordings_folder(home)
    assert list(Segment.objects.all()) == [young]
    assert not (folder / old.path).parent.exists()
    assert (folder / young.path).exists()
    with pytest.raises(NoSuchKey):
        KeyStore(home).read_hour_key(old.key_id)
    assert KeyStore(home).read_hour_key(young.key_id)
    assert (done.segments, done.bytes, done.failures, done.keys) == (1, 12, 0, 1)
    assert events() == ["recording.erased"]
    assert Heartbeat.objects.get(pk="keeper").at == NOW


def test_nothing_goes_before_its_time(camera: Camera, fresh_database: FreshDatabase) -> None:
    recorded(fresh_database.home, camera, since=BORN, erase_at=NOW)

    done = Keeper(home=fresh_database.home).round(at=NOW - timedelta(microseconds=1))

    assert done.segments == 0
    assert Segment.objects.count() == 1
    assert events() == []


def test_a_round_writes_one_entry_a_camera(camera: Camera, fresh_database: FreshDatabase) -> None:
    for minute in range(5):
        recorded(fresh_database.home, camera, since=BORN + timedelta(minutes=minute), erase_at=NOW)

    Keeper(home=fresh_database.home).round(at=NOW)

    payload = Entry.objects.order_by("seq").last().body.payload  # type: ignore[union-attr]
    assert events() == ["recording.erased"]
    assert json.loads(payload)["values"]["segments"] == 5


def test_a_withdrawn_order_does_not_stop_erasure(camera: Camera, fresh_database: FreshDatabase) -> None:
    from compliance.actions import order
    from compliance.events import System
    from compliance.models import Order

    recorded(fresh_database.home, camera, since=BORN, erase_at=NOW)
    order.withdraw(Order.objects.get(), since=NOW - DAY, reference="mesure", at=NOW, by=System.CONSOLE)

    assert Keeper(home=fresh_database.home).round(at=NOW).segments == 1


def test_an_erasure_cut_short_is_finished_at_the_next_round(camera: Camera, fresh_database: FreshDatabase) -> None:
    row = recorded(fresh_database.home, camera, since=BORN, erase_at=NOW, keep=False)
    actions.condemn([row])

    assert Keeper(home=fresh_database.home).round(at=NOW).segments == 1
    assert not Segment.objects.exists()


def test_a_file_that_resists_is_told_once_and_once_more_when_it_goes(
    camera: Camera, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = fresh_database.home
    row = recorded(home, camera, since=BORN, erase_at=NOW)
    unlink = Path.unlink

    def refuse(path: Path, *arguments: Any, **options: Any) -> None:
        if path.suffix == ".seg":
            raise PermissionError
        unlink(path, *arguments, **options)

    monkeypatch.setattr(Path, "unlink", refuse)
    keeper = Keeper(home=home)
    assert [keeper.round(at=NOW + timedelta(seconds=n)).failures for n in range(3)] == [1, 1, 1]
    assert events() == ["observation.recorded", "recording.erasure.failed"]
    assert Segment.objects.get().state == Segment.State.GARBAGE
    assert (queries.recordings_folder(home) / row.path).exists()

    monkeypatch.undo()
    assert keeper.round(at=NOW + timedelta(minutes=1)).segments == 1
    assert events()[2:] == ["recording.erased", "observation.recorded"]
    assert queries.positions_failing_to_erase(at=NOW + timedelta(minutes=1)) == {}


def test_a_failure_told_under_a_clock_set_forward_is_answered_once_when_its_hour_comes(
    camera: Camera, fresh_database: FreshDatabase
) -> None:
    row = recorded(fresh_database.home, camera, since=BORN, erase_at=NOW)
    with transaction.atomic():
        actions.note_erasure_failed([row], reason="x", at=NOW + DAY)
    keeper = Keeper(home=fresh_database.home)

    def restored() -> int:
        return camera.position.observations.filter(kind="erasure_restored").count()

    for seconds in (0, 10, 20):
        keeper.round(at=NOW + timedelta(seconds=seconds))
    assert restored() == 0
    for seconds in (0, 10):
        keeper.round(at=NOW + DAY + timedelta(seconds=seconds))
    assert restored() == 1


def test_a_folder_that_cannot_be_synced_is_a_failure(
    camera: Camera, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(fresh_database.home, camera, since=BORN, erase_at=NOW)

    def refuse(_: Path) -> None:
        raise OSError

    monkeypatch.setattr(purge, "sync_folder", refuse)

    assert Keeper(home=fresh_database.home).round(at=NOW).failures == 1
    assert Segment.objects.get().state == Segment.State.GARBAGE


def test_the_key_of_an_hour_whose_files_wait_for_their_rows_is_kept(
    camera: Camera, fresh_database: FreshDatabase
) -> None:
    home = fresh_database.home
    row = recorded(home, camera, since=BORN, erase_at=NOW + DAY)
    Segment.objects.all().delete()

    Keeper(home=home).round(at=NOW)

    assert KeyStore(home).read_hour_key(row.key_id)


def test_the_key_of_the_present_hour_is_never_destroyed(camera: Camera, fresh_database: FreshDatabase) -> None:
    store = KeyStore(fresh_database.home)
    keys = [store.hour_key(camera.uuid, NOW.replace(minute=0) + timedelta(hours=step)) for step in (-1, 0, 1)]

    Keeper(home=fresh_database.home).round(at=NOW)

    assert all(store.read_hour_key(key.key_id) for key in keys)


# --- the three invariants ---


def broken(home: Path) -> list[tuple[int, str]]:
    return [(fault.invariant, fault.words) for fault in check.faults(home, at=NOW, round_seconds=10)]


def test_a_row_needs_its_file_with_its_size_and_fingerprint(camera: Camera, fresh_database: FreshDatabase) -> None:
    home = fresh_database.home
    recorded(home, camera, since=BORN, erase_at=NOW + DAY, keep=False)
    assert broken(home) == [(1, "le fichier manque")]

    path = queries.recordings_folder(home) / Segment.objects.get().path
    path.write_bytes(b"short")
    assert broken(home) == [(1, "le fichier fait 5 octets, 12 sont inscrits")]
    path.write_bytes(b"sealed bytes")
    assert broken(home) == [(1, "l’empreinte a changé")]


def test_a_file_needs_its_row(camera: Camera, fresh_database: FreshDatabase) -> None:
    folder = queries.recordings_folder(fresh_database.home) / str(camera.uuid) / "2026-01-01" / "10"
    folder.mkdir(parents=True)
    (folder / "0000-aaaaaaaa.seg").write_bytes(b"")
    os.utime(folder / "0000-aaaaaaaa.seg", (NOW.timestamp(), NOW.timestamp()))
    assert broken(fresh_database.home) == [], "newer than the last index"

    os.utime(folder / "0000-aaaaaaaa.seg", (0, 0))
    assert [invariant for invariant, _ in broken(fresh_database.home)] == [2]


def test_nothing_outlives_its_end_by_more_than_a_round(camera: Camera, fresh_database: FreshDatabase) -> None:
    row = recorded(fresh_database.home, camera, since=BORN, erase_at=NOW - timedelta(seconds=10))
    actions.condemn([row])
    assert broken(fresh_database.home) == []

    Segment.objects.update(erase_at=NOW - timedelta(seconds=11))
    assert [invariant for invariant, _ in broken(fresh_database.home)] == [3]


def test_the_commands_erase_and_check(camera: Camera, fresh_database: FreshDatabase) -> None:
    recorded(fresh_database.home, camera, since=BORN, erase_at=NOW - DAY)

    before = manage(fresh_database.env, "check_recordings", "--json")
    erased = manage(fresh_database.env, "keeper", "--once")
    after = manage(fresh_database.env, "check_recordings", "--json")

    assert (before.returncode, {f["invariant"] for f in json.loads(before.stdout)["faults"]}) == (1, {1, 3})
    assert erased.returncode == 0
    assert (after.returncode, json.loads(after.stdout)) == (0, {"intact": True, "faults": []})
