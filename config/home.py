"""What must exist under `CLAIREVOIE_HOME` before Django starts."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHORTEST_KEY = 50
IN_USE = "in-use.lock"


class NotReady(SystemExit):
    """A process that cannot start: it ends with one French line, whoever imported it, and no trace."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"claire-voie : {sentence}")


def prepared(home: Path) -> Path:
    """Return the state folder, made 0700 if it was not there; refuse one that cannot be written."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as fault:
        message = (
            f"le dossier d’état {home} ne peut pas être écrit ({fault.strerror}). "
            "Vérifiez CLAIREVOIE_HOME, son propriétaire et la place du disque."
        )
        raise NotReady(message) from None
    return home


def hold(home: Path) -> int:
    """Say that a process lives on this state, until it ends; a restoration holds it back meanwhile."""
    descriptor = os.open(home / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise NotReady("une restauration est en cours sur cet état : attendez sa fin.") from None
    return descriptor


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Keep every process of the product away from this state. Raises BlockingIOError while one lives on it."""
    descriptor = os.open(home / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def secret_key(home: Path) -> str:
    """Return the site's signing key, generated once in `keys/django.key` (mode 0600), never in the database."""
    path = home / "keys" / "django.key"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        key = path.read_text()
    except OSError as fault:
        message = f"la clé du site {path} ne peut pas être lue ou écrite ({fault.strerror})."
        raise NotReady(message) from None
    if len(key) < SHORTEST_KEY:
        message = (
            f"la clé du site {path} est vide ou trop courte. Restaurez-la, ou effacez ce fichier : une autre sera "
            "faite, et chacun devra se reconnecter."
        )
        raise NotReady(message)
    return key


def _write_once(path: Path, text: str) -> None:
    """Write a file whole or not at all; of several processes that start together, the first wins."""
    descriptor, fresh = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        Path(fresh).unlink()
