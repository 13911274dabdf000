"""An act being written: its answers and its files kept between two pages, under CLAIREVOIE_HOME, behind a signed token.

A draft proves nothing and is not journaled. It is confirmed once: a second confirmation finds the first receipt.
"""

import json
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from compliance.models import Account, Installation

SALT = "compliance.views.drafts"
KEPT_SECONDS = 7 * 24 * 3600
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "brouillon", "vu"})


class Lost(Exception):
    """The draft is too old, of someone else, or its token was altered."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose draft it is, of which act, about what."""

    account: Account
    installation: Installation
    slug: str

    def sealed(self, key: str) -> list[Any]:
        """Return what the token binds together."""
        return [key, self.account.pk, self.installation.pk, self.slug]


class Draft:
    """The folder of one act being written."""

    def __init__(self, key: str, subject: Subject) -> None:
        self.key = key
        self.subject = subject
        self.folder = settings.HOME / "drafts" / key
        # Signed once: the pages of a draft keep one address.
        self.token = signing.dumps(subject.sealed(key), salt=SALT, compress=True)

    @classmethod
    def start(cls, subject: Subject) -> "Draft":
        """Open a new draft; those that nobody finished go."""
        sweep(settings.HOME / "drafts")
        draft = cls(uuid.uuid4().hex, subject)
        draft.folder.mkdir(mode=0o700, parents=True)
        draft._write("answers.json", {"answers": {}, "files": {}})
        return draft

    @classmethod
    def find(cls, token: str, subject: Subject) -> "Draft":
        """Return the draft of a token. Raises Lost."""
        try:
            sealed = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature as fault:
            raise Lost from fault
        draft = cls(str(sealed[0]), subject)
        if sealed != subject.sealed(draft.key) or not draft.folder.is_dir():
            raise Lost
        draft.token = token
        return draft

    @property
    def kept_at(self) -> datetime:
        """Return when its answers were last kept, UTC."""
        return datetime.fromtimestamp((self.folder / "answers.json").stat().st_mtime, tz=UTC)

    def keep(self, answers: QueryDict, files: Mapping[str, UploadedFile]) -> None:
        """Keep the answers of a page and the files just sent; a file sent before stays unless another came."""
        kept = self._read("answers.json")
        kept["answers"] = {k: v for k, v in answers.lists() if k not in NOT_KEPT and not k.startswith("_")}
        for field, file in files.items():
            path = self.folder / f"file-{uuid.uuid4().hex}"
            with path.open("xb") as copy:
                for chunk in file.chunks():
                    copy.write(chunk)
                    if copy.tell() > settings.UPLOAD_LIMIT:
                        break  # enough for the form to refuse it: a draft is read whole, and nothing more is kept
            kept["files"][field] = {"name": Path(str(file.name)).name[:200], "size": file.size, "at": path.name}
        self._write("answers.json", kept)

    def drop(self, field: str) -> None:
        """Forget a file that was refused."""
        kept = self._read("answers.json")
        if held := kept["files"].pop(field, None):
            (self.folder / held["at"]).unlink(missing_ok=True)
            self._write("answers.json", kept)

    def answers(self) -> QueryDict:
        """Return the answers as a browser would send them."""
        found = QueryDict(mutable=True)
        for name, values in self._read("answers.json")["answers"].items():
            found.setlist(name, values)
        return found

    def files(self) -> MultiValueDict[str, UploadedFile]:
        """Return the files as a browser would send them."""
        held = self._read("answers.json")["files"]
        return MultiValueDict(
            {field: [SimpleUploadedFile(f["name"], (self.folder / f["at"]).read_bytes())] for field, f in held.items()}
        )

    def shown_files(self) -> dict[str, dict[str, Any]]:
        """Return the name and size of each file kept, by field."""
        return dict(self._read("answers.json")["files"])

    def claim(self) -> bool:
        """Take the one confirmation of this draft; False when it was already taken."""
        try:
            os.close(os.open(self.folder / "confirmed", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        return True

    def release(self) -> None:
        """Give the confirmation back: nothing was written."""
        (self.folder / "confirmed").unlink(missing_ok=True)

    def close(self, receipt: dict[str, Any]) -> None:
        """Keep what the confirmation page says; the answers and the files go."""
        self._write("receipt.json", receipt)
        for path in self.folder.glob("file-*"):
            path.unlink()
        self._write("answers.json", {"answers": {}, "files": {}})

    def receipt(self) -> dict[str, Any] | None:
        """Return what the confirmation page says, once confirmed."""
        try:
            return self._read("receipt.json")
        except FileNotFoundError:
            return None

    def _read(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / name).read_text())
        return found

    def _write(self, name: str, kept: dict[str, Any]) -> None:
        fresh = self.folder / f"{name}.{uuid.uuid4().hex}"
        fresh.write_text(json.dumps(kept, ensure_ascii=False))
        fresh.chmod(0o600)
        fresh.replace(self.folder / name)


def sweep(folder: Path) -> None:
    """Remove the drafts that are older than their tokens."""
    if not folder.is_dir():
        return
    limit = time.time() - KEPT_SECONDS
    for draft in folder.iterdir():
        if draft.stat().st_mtime < limit:
            shutil.rmtree(draft, ignore_errors=True)
