"""The key store: who may read it, what it gives, and what destroying a key leaves behind."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from recording.engine import keys
from recording.engine.keys import (
    KeysAreUnsafe,
    KeyStaysInLog,
    KeyStore,
    NoSuchKey,
    OpenKey,
    SealBroken,
    secret_key_id,
)

CAMERA = UUID("6f1c7a52-0d0e-4a43-9d7e-2f2d2c6c1a01")
NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
BASE = Path(keys.__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


def wrapped(home: Path, key_id: str) -> bytes:
    """The wrapped key as the store keeps it."""
    with sqlite3.connect(home / "keys" / "keys.db") as connection:
        row = connection.execute("SELECT wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
    connection.close()
    return bytes(row[0])


def on_disk(home: Path) -> bytes:
    """Every byte of the store's files, its log and its index included."""
    return b"".join(path.read_bytes() for path in sorted((home / "keys").glob("keys.db*")))


# --- one key per camera and hour ------------------------------------------------------------------------------------
def test_an_hour_has_one_key_per_camera(store: KeyStore, tmp_path: Path) -> None:
    first = store.hour_key(CAMERA, NOON)

    assert store.hour_key(CAMERA, NOON) == first
    assert KeyStore(tmp_path).hour_key(CAMERA, NOON) == first
    assert store.read_hour_key(first.key_id) == first.key
    others = [store.hour_key(CAMERA, NOON + timedelta(hours=1)), store.hour_key(uuid4(), NOON)]
    assert len({first.key, *(other.key for other in others)}) == 3
    assert len({first.key_id, *(other.key_id for other in others)}) == 3
    assert len(first.key) == 32


@pytest.mark.parametrize(
    "hour",
    [
        NOON + timedelta(minutes=1),
        NOON + timedelta(microseconds=1),
        NOON.replace(tzinfo=None),
        NOON.astimezone(timezone(timedelta(hours=1))),
    ],
)
def test_a_key_serves_a_whole_utc_hour_and_nothing_else(store: KeyStore, hour: datetime) -> None:
    with pytest.raises(ValueError, match="heure UTC"):
        store.hour_key(CAMERA, hour)


def test_two_processes_that_ask_together_get_the_same_key(tmp_path: Path) -> None:
    script = (
        "import sys, hashlib; from datetime import datetime, UTC; from pathlib import Path; from uuid import UUID\n"
        "from recording.engine.keys import KeyStore\n"
        "sys.stdin.readline()\n"
        "store = KeyStore(Path(sys.argv[1]))\n"
        "for hour in range(24):\n"
        f"    key_id, key = store.hour_key(UUID('{CAMERA}'), datetime(2026, 3, 12, hour, tzinfo=UTC))\n"
        "    print(key_id, hashlib.sha256(key).hexdigest())\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            cwd=BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()

    answers = {child.communicate(timeout=30)[0] for child in children}

    assert [child.returncode for child in children] == [0] * 4
    assert len(answers) == 1
    assert len(set(answers.pop().splitlines())) == 24
    assert not [path for path in (tmp_path / "keys").iterdir() if path.name.startswith(".wrapping")]


def test_threads_share_the_store(store: KeyStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = set(pool.map(lambda _: store.hour_key(CAMERA, NOON), range(32)))

    assert len(given) == 1


def test_only_hours_wholly_over_are_listed_oldest_first(store: KeyStore) -> None:
    other = uuid4()
    late = store.hour_key(CAMERA, NOON + timedelta(hours=1))
    early = store.hour_key(other, NOON - timedelta(hours=3))
    noon = store.hour_key(CAMERA, NOON)
    store.seal("camera", b"secret")

    listed = store.hours_before(NOON + timedelta(hours=1))

    assert [(key.key_id, key.camera, key.hour) for key in listed] == [
        (early.key_id, other, NOON - timedelta(hours=3)),
        (noon.key_id, CAMERA, NOON),
    ]
    paris = timezone(timedelta(hours=1))
    assert store.hours_before((NOON + timedelta(minutes=59)).astimezone(paris)) == listed[:1]
    assert late.key_id in {key.key_id for key in store.hours_before(NOON + timedelta(hours=2))}


# --- destruction ----------------------------------------------------------------------------------------------------
def test_a_destroyed_key_is_nowhere_in_the_files_even_beside_an_idle_reader(store: KeyStore, tmp_path: Path) -> None:
    idle = sqlite3.connect(tmp_path / "keys" / "keys.db")
    idle.execute("SELECT count(*) FROM key").fetchone()
    doomed, kept = store.hour_key(CAMERA, NOON), store.hour_key(CAMERA, NOON + timedelta(hours=1))
    blob = wrapped(tmp_path, doomed.key_id)
    assert blob in on_disk(tmp_path)
    assert (tmp_path / "keys" / "keys.db-wal").exists()

    store.destroy(doomed.key_id)

    assert blob not in on_disk(tmp_path)
    assert blob[12:44] not in on_disk(tmp_path)
    assert doomed.key_id.encode() not in on_disk(tmp_path)
    with pytest.raises(NoSuchKey):
        store.read_hour_key(doomed.key_id)
    assert store.read_hour_key(kept.key_id) == kept.key
    idle.close()


def test_keys_destroyed_among_many_leave_no_copy_in_any_page(store: KeyStore, tmp_path: Path) -> None:
    chance = random.Random(4)
    given = [store.hour_key(UUID(int=number % 7), NOON + timedelta(hours=number)) for number in range(150)]
    blobs = {key.key_id: wrapped(tmp_path, key.key_id) for key in given}
    chance.shuffle(given)
    gone: set[str] = set()

    while given:
        batch, given = given[:25], given[25:]
        store.destroy_all(key.key_id for key in batch)
        gone |= {key.key_id for key in batch}

        content = on_disk(tmp_path)
        assert {key_id for key_id, blob in blobs.items() if blob[12:44] in content} == set(blobs) - gone


def test_a_key_that_a_reader_holds_in_the_log_is_said_to_be_there(
    store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_LOCK_SECONDS", 0.01)
    monkeypatch.setattr(keys, "_LOG_SECONDS", 0.1)
    doomed = store.hour_key(CAMERA, NOON)
    blob = wrapped(tmp_path, doomed.key_id)
    reader = sqlite3.connect(tmp_path / "keys" / "keys.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM key").fetchone()

    with pytest.raises(KeyStaysInLog):
        store.destroy(doomed.key_id)
    reader.close()
    store.destroy(doomed.key_id)

    assert blob not in on_disk(tmp_path)


def test_a_destruction_waits_for_a_reader_to_finish(
    store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_LOCK_SECONDS", 0.01)
    doomed = store.hour_key(CAMERA, NOON)
    blob = wrapped(tmp_path, doomed.key_id)
    reader = sqlite3.connect(tmp_path / "keys" / "keys.db", isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM key").fetchone()
    leaving = threading.Timer(0.2, reader.close)
    leaving.start()

    store.destroy(doomed.key_id)

    leaving.join()
    assert blob not in on_disk(tmp_path)


def test_a_destruction_cut_short_is_finished_at_the_next_start(store: KeyStore, tmp_path: Path) -> None:
    doomed = store.hour_key(CAMERA, NOON)
    blob = wrapped(tmp_path, doomed.key_id)
    killed = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA secure_delete = ON'); c.execute('DELETE FROM key'); os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", killed, str(tmp_path / "keys" / "keys.db")], check=False)
    assert blob in on_disk(tmp_path)

    KeyStore(tmp_path)

    assert blob not in on_disk(tmp_path)


def test_a_destruction_that_fails_midway_destroys_nothing(store: KeyStore) -> None:
    kept = store.hour_key(CAMERA, NOON)

    def broken_list() -> Iterator[str]:
        yield kept.key_id
        raise OSError

    with pytest.raises(OSError):
        store.destroy_all(broken_list())

    assert store.read_hour_key(kept.key_id) == kept.key


# --- sealed addresses -----------------------------------------------------------------------------------------------
def test_a_sealed_secret_opens_until_its_key_is_destroyed(store: KeyStore, tmp_path: Path) -> None:
    sealed = store.seal("camera-1", b"rtsp://planted:password@203.0.113.9/")

    assert b"password" not in sealed + on_disk(tmp_path)
    assert store.open(sealed) == KeyStore(tmp_path).open(sealed, name="camera-1")
    assert store.open(sealed) == b"rtsp://planted:password@203.0.113.9/"
    assert store.seal("camera-1", b"x") != store.seal("camera-1", b"x")
    store.destroy(secret_key_id(sealed))
    with pytest.raises(NoSuchKey):
        store.open(sealed)


def test_a_secret_sealed_for_one_camera_does_not_open_for_another(store: KeyStore) -> None:
    with pytest.raises(SealBroken):
        store.open(store.seal("camera-1", b"address"), name="camera-2")


def test_an_altered_seal_is_refused_at_every_byte(store: KeyStore) -> None:
    sealed = store.seal("camera-1", b"address")

    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises((SealBroken, NoSuchKey)):
            store.open(bytes(altered))
    with pytest.raises(SealBroken):
        store.open(sealed[:30])


def test_a_key_given_the_place_of_another_is_refused(store: KeyStore, tmp_path: Path) -> None:
    one, two = store.hour_key(CAMERA, NOON), store.hour_key(CAMERA, NOON + timedelta(hours=1))
    with sqlite3.connect(tmp_path / "keys" / "keys.db") as connection:
        connection.execute("UPDATE key SET wrapped = ? WHERE id = ?", (wrapped(tmp_path, two.key_id), one.key_id))
    connection.close()

    with pytest.raises(KeysAreUnsafe, match=one.key_id):
        store.read_hour_key(one.key_id)


# --- who may read it ------------------------------------------------------------------------------------------------
def test_the_store_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = KeyStore(tmp_path / "home")
        idle = sqlite3.connect(tmp_path / "home" / "keys" / "keys.db")
        idle.execute("SELECT count(*) FROM key").fetchone()
        store.hour_key(CAMERA, NOON)
    finally:
        os.umask(before)

    folder = tmp_path / "home" / "keys"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir()} >= {"wrapping.key", "keys.db", "keys.db-wal"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len((folder / "wrapping.key").read_bytes()) == 32
    idle.close()


@pytest.mark.parametrize(("name", "mode"), [("", 0o750), ("wrapping.key", 0o640), ("keys.db", 0o604)])
def test_a_store_that_others_may_read_is_refused_in_words(
    store: KeyStore, tmp_path: Path, name: str, mode: int
) -> None:
    (tmp_path / "keys" / name).chmod(mode)

    with pytest.raises(KeysAreUnsafe, match=f"{mode:04o}.*chmod"):
        KeyStore(tmp_path)
    with pytest.raises(KeysAreUnsafe):
        store.hour_key(CAMERA, NOON)


def test_keys_without_their_wrapping_key_are_not_replaced_in_silence(store: KeyStore, tmp_path: Path) -> None:
    store.hour_key(CAMERA, NOON)
    (tmp_path / "keys" / "wrapping.key").unlink()

    with pytest.raises(KeysAreUnsafe, match="a disparu"):
        KeyStore(tmp_path)
    assert not (tmp_path / "keys" / "wrapping.key").exists()


def test_a_wrapping_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    KeyStore(tmp_path)
    (tmp_path / "keys" / "wrapping.key").write_bytes(b"short")

    with pytest.raises(KeysAreUnsafe, match="32 octets"):
        KeyStore(tmp_path)


def test_the_wrapping_key_made_first_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "wrapping.key"

    keys._write_once(path, b"first")
    keys._write_once(path, b"second")

    assert path.read_bytes() == b"first"
    assert [child.name for child in tmp_path.iterdir()] == ["wrapping.key"]


def test_no_key_is_ever_printed(store: KeyStore, tmp_path: Path) -> None:
    given = store.hour_key(CAMERA, NOON)
    said = [repr(given), str(given), repr(store), f"{given}", str(vars(store))]
    broken = OpenKey(given.key_id, given.key)
    wrapping = (tmp_path / "keys" / "wrapping.key").read_bytes()
    with sqlite3.connect(tmp_path / "keys" / "keys.db") as connection:
        connection.execute("UPDATE key SET wrapped = zeroblob(60)")
    connection.close()
    try:
        store.read_hour_key(broken.key_id)
    except KeysAreUnsafe as refusal:
        said.append("".join(traceback.format_exception(refusal)))

    assert len(said) == 6
    for text in said:
        for secret in (given.key, wrapping):
            assert secret.hex() not in text
            assert repr(secret) not in text
