"""`backup FOLDER`: a copy of the base and the documents, taken while the product runs. Neither keys nor recordings."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from compliance.actions.document import PART


class Command(BaseCommand):
    """Copy what a restored installation needs, but for its keys, which are kept apart."""

    help = "Copie la base et les documents dans un dossier. Ni les clés, gardées à part, ni les images."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder, made if it is not there."""
        parser.add_argument("folder", type=Path, help="dossier de la copie ; ce qui y était d’avant est remplacé")

    def handle(self, *_: object, **options: Any) -> None:
        """Copy the base, then the documents: a file is there before the row that names it, so none is missing."""
        if connection.vendor != "sqlite":
            raise CommandError("La base est sur PostgreSQL : copiez-la par pg_dump, et le dossier documents/ à part.")
        os.umask(0o077)
        target: Path = options["folder"].resolve()
        try:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            pages = _copy_base(Path(connection.settings_dict["NAME"]), target / "claire-voie.sqlite3")
            count = _copy_documents(settings.HOME / "documents", target / "documents")
        except OSError as fault:
            raise CommandError(f"La copie n’a pas pu être faite dans {target} ({fault.strerror}).") from None
        self.stdout.write(f"Copie faite dans {target} : la base ({pages} pages) et {count} documents.")
        self.stdout.write("Les clés (keys/) ne sont pas dans cette copie : gardez-les ailleurs.")


def _copy_base(source: Path, target: Path) -> int:
    """Copy a consistent state of the base, written beside the former copy until it is whole; return its pages."""
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    with closing(reading) as live, closing(sqlite3.connect(fresh)) as copy:
        live.backup(copy)
        pages = int(copy.execute("PRAGMA page_count").fetchone()[0])
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
    return pages


def _copy_documents(source: Path, target: Path) -> int:
    """Copy the documents not there yet (a name is a hash: it never changes); return how many there are."""
    count = 0
    for path in sorted(source.glob("*/*")):
        if path.suffix == PART:
            continue  # being written: no row names it yet
        kept = target / path.relative_to(source)
        if not kept.exists():
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, kept.with_name(f"{kept.name}.new"))
            kept.with_name(f"{kept.name}.new").replace(kept)
        count += 1
    return count
