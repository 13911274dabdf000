"""The recorder's half of the address key: made once, sealed in the key store, its public half published for the web."""

import os
import uuid
from pathlib import Path
from typing import Final

from cameras import credentials
from recording.engine.keys import KeyStore

NAME: Final = "addresses"


def address_key(home: Path) -> bytes:
    """Return the private key that opens addresses, made at first use, and see that its public half is published.

    Safe to call from several processes at once: they agree on one key.
    """
    store = KeyStore(home)
    path = home / "keys" / "addresses.sealed"
    if not path.exists():
        _keep_first(path, store.seal(NAME, credentials.new_private_key()))
    key = store.open(path.read_bytes(), name=NAME)
    credentials.publish(key, home=home)
    return key


def _keep_first(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and keep the one that another process wrote first."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
