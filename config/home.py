"""What must exist under `CLAIREVOIE_HOME` before Django starts."""

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Return the site's signing key, generated once in `keys/django.key` (mode 0600), never in the database."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "django.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
