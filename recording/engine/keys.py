"""Keeps the keys of recordings and of cameras' addresses, and destroys them for good; it never sees an image.

Everything is under `<home>/keys/` (0700), outside the database and outside its backup: `wrapping.key` (0600) wraps the
random keys of `keys.db` (0600). A key is destroyed by deleting its row with `secure_delete`, then emptying the
write-ahead log: no page of either file keeps a copy. What a disk keeps below its file system is out of reach here.

Only the recorder's supervisor and the keeper open it; an ingest is handed the keys that it needs.
"""

import fcntl
import os
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recording.engine.clock import from_us, to_us
from recording.engine.folders import sync_folder

KEY_BYTES = 32
NONCE_BYTES = 12
HOUR = timedelta(hours=1)
_SEALED = b"CSEAL001"
_LOCK_SECONDS = 5.0
_LOG_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS key (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    hour_us INTEGER,
    wrapped BLOB NOT NULL,
    UNIQUE (subject, hour_us)
) WITHOUT ROWID
"""


class KeysAreUnsafe(RuntimeError):
    """The key folder cannot be trusted: too widely readable, or its wrapping key is gone."""


class NoSuchKey(LookupError):
    """The key never existed or was destroyed: what it sealed is unreadable for good."""


class SealBroken(ValueError):
    """A sealed secret was altered, or belongs to someone else."""


class KeyStaysInLog(RuntimeError):
    """The key is deleted, but another process held the log: destroy it again to be sure."""


class OpenKey(NamedTuple):
    """A key and its reference; only the reference is ever printed."""

    key_id: str
    key: bytes

    def __repr__(self) -> str:
        return f"OpenKey(key_id={self.key_id!r})"


class HourKey(NamedTuple):
    """Which camera and which UTC hour a key serves."""

    key_id: str
    camera: UUID
    hour: datetime


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time open the store for the first time."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


class KeyStore:
    """The keys of one installation. Safe to share between threads and processes: it holds no connection."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "keys"
        self._path = self._folder / "keys.db"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._refuse_wide_permissions()
        self._wrapping = AESGCM(self._wrapping_key())
        _create_private(self._path)
        # Turning a new store to WAL does not wait for whoever does the same: SQLite says « locked » at once.
        with _alone(self._folder), self._connection() as connection:
            connection.execute(_SCHEMA)
            _empty_log(connection)  # a destruction cut short by a crash ends here; if busy, the next one ends it

    def __repr__(self) -> str:
        return "KeyStore()"

    def hour_key(self, camera: UUID, hour: datetime) -> OpenKey:
        """Return the key of a camera for the UTC hour that starts at `hour`, made on first use."""
        if hour.utcoffset() != timedelta(0) or hour.replace(minute=0, second=0, microsecond=0) != hour:
            raise ValueError("une clé vaut pour une heure UTC ronde")
        subject, hour_us = f"camera:{camera}", to_us(hour)
        with self._connection() as connection, _transaction(connection):
            row = connection.execute(
                "SELECT id, wrapped FROM key WHERE subject = ? AND hour_us = ?", (subject, hour_us)
            ).fetchone()
            if row is None:
                return self._add(connection, subject, hour_us)
        return OpenKey(row[0], self._unwrap(row[0], subject, row[1]))

    def read_hour_key(self, key_id: str) -> bytes:
        """Return a key by its reference; raise `NoSuchKey` when it was destroyed."""
        return self._read(key_id)[1]

    def hours_before(self, instant: datetime) -> list[HourKey]:
        """List the keys whose whole hour is over at `instant`, oldest first."""
        latest = to_us(instant.astimezone(UTC) - HOUR)
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, subject, hour_us FROM key WHERE hour_us <= ? ORDER BY hour_us, subject", (latest,)
            ).fetchall()
        return [HourKey(row[0], UUID(row[1].removeprefix("camera:")), from_us(row[2])) for row in rows]

    def destroy(self, key_id: str) -> None:
        """Destroy one key for good. Doing it again, or to an unknown key, is harmless and finishes the work."""
        self.destroy_all([key_id])

    def destroy_all(self, key_ids: Iterable[str]) -> None:
        """Destroy some keys for good, at the cost of one; raise `KeyStaysInLog` if the log could not be emptied."""
        with self._connection() as connection:
            with _transaction(connection):
                connection.executemany("DELETE FROM key WHERE id = ?", [(key_id,) for key_id in key_ids])
            if not _empty_log(connection):
                raise KeyStaysInLog("la clé est retirée, mais un autre processus retient son journal")

    def seal(self, name: str, plaintext: bytes) -> bytes:
        """Seal a secret under a key of its own; the result may be kept anywhere, and dies with `destroy`.

        Sealing the same name again makes a new key: destroy the old one (`secret_key_id`) once it is replaced.
        """
        with self._connection() as connection, _transaction(connection):
            key_id, key = self._add(connection, f"secret:{name}", None)
        head = _SEALED + UUID(key_id).bytes + secrets.token_bytes(NONCE_BYTES)
        return head + AESGCM(key).encrypt(head[-NONCE_BYTES:], plaintext, head + name.encode())

    def open(self, sealed: bytes, *, name: str | None = None) -> bytes:
        """Return a sealed secret; with `name`, refuse one that was sealed for somebody else.

        Raise `SealBroken` if a byte changed, `NoSuchKey` if its key was destroyed.
        """
        subject, key = self._read(secret_key_id(sealed))
        sealed_for = subject.removeprefix("secret:")
        if name not in (None, sealed_for):
            raise SealBroken("ce secret a été scellé pour un autre")
        head = sealed[: len(_SEALED) + 16 + NONCE_BYTES]
        try:
            return AESGCM(key).decrypt(head[-NONCE_BYTES:], sealed[len(head) :], head + sealed_for.encode())
        except InvalidTag:
            raise SealBroken("le secret scellé a été altéré") from None

    def _add(self, connection: sqlite3.Connection, subject: str, hour_us: int | None) -> OpenKey:
        key_id, key, nonce = str(uuid.uuid4()), secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._wrapping.encrypt(nonce, key, f"{key_id} {subject}".encode())
        connection.execute("INSERT INTO key VALUES (?, ?, ?, ?)", (key_id, subject, hour_us, wrapped))
        return OpenKey(key_id, key)

    def _read(self, key_id: str) -> tuple[str, bytes]:
        with self._connection() as connection:
            row = connection.execute("SELECT subject, wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
        if row is None:
            message = f"la clé {key_id} n'existe pas ou a été détruite"
            raise NoSuchKey(message)
        return row[0], self._unwrap(key_id, row[0], row[1])

    def _unwrap(self, key_id: str, subject: str, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], f"{key_id} {subject}".encode())
        except InvalidTag:
            message = f"la clé {key_id} n'a pas été enveloppée par cette clé d'enveloppe, ou a été altérée"
            raise KeysAreUnsafe(message) from None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Open the store for one act. Short connections keep the log short, and no reader holds it open."""
        self._refuse_wide_permissions()
        connection = sqlite3.connect(self._path, timeout=_LOCK_SECONDS, isolation_level=None)
        try:
            for pragma in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL", "journal_mode = WAL"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
        finally:
            connection.close()

    def _refuse_wide_permissions(self) -> None:
        names = ("wrapping.key", "keys.db", "keys.db-wal", "keys.db-shm")
        for path, widest in [(self._folder, 0o700), *((self._folder / name, 0o600) for name in names)]:
            try:
                mode = path.stat().st_mode & 0o777
            except FileNotFoundError:
                continue  # not made yet, or the log, which SQLite removes
            if mode & ~widest:
                message = (
                    f"Les clés ne sont pas protégées : keys/{path.name if widest == 0o600 else ''} a les droits "
                    f"{mode:04o}, il faut {widest:04o} au plus (chmod {widest:o}). Claire-voie refuse de s'en servir."
                )
                raise KeysAreUnsafe(message)

    def _wrapping_key(self) -> bytes:
        path = self._folder / "wrapping.key"
        had_keys = self._path.exists()  # looked at first: whoever makes keys.db has made the wrapping key before
        if not path.exists():
            if had_keys:
                raise KeysAreUnsafe(
                    "La clé d'enveloppe (keys/wrapping.key) a disparu alors que keys/keys.db existe : rien de ce qui a "
                    "été enregistré ne se relit sans elle. Remettez-la, ou mettez keys.db de côté pour repartir à neuf."
                )
            _write_once(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            message = f"La clé d'enveloppe (keys/wrapping.key) doit faire {KEY_BYTES} octets, elle en fait {len(key)}."
            raise KeysAreUnsafe(message)
        return key


def secret_key_id(sealed: bytes) -> str:
    """Return the reference of the key that seals a secret: destroying it destroys the secret."""
    if not sealed.startswith(_SEALED) or len(sealed) < len(_SEALED) + 16 + NONCE_BYTES:
        raise SealBroken("ceci n'est pas un secret scellé")
    return str(UUID(bytes=sealed[len(_SEALED) : len(_SEALED) + 16]))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write alone: two processes that ask for the same hour's key get the same key."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Copy the log into the file and cut it to nothing; False if another process held it all along."""
    deadline = time.monotonic() + _LOG_SECONDS
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)  # SQLite waits for readers, not for another process that empties the log
    return True


def _create_private(path: Path) -> None:
    """Create an empty file 0600 if there is none: SQLite gives its log the mode of its file."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    sync_folder(path.parent)


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and keep the one that another process made first."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    sync_folder(path.parent)
