"""`restore FOLDER`: puts back what `backup` wrote, once it is known to be whole. One renaming makes it the state.

Everything is prepared and verified beside the present base: a power cut before the renaming leaves the present state,
one after it leaves the copy's. Neither the keys nor the recordings are touched.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from compliance import journal
from compliance.models import Entry
from config import startup
from config.home import alone

BASE: Final = "claire-voie.sqlite3"
REFUSED, UNSOUND = 1, 2
RUNNING: Final = "Claire-voie tourne sur cet état (CLAIREVOIE_HOME) : arrêtez d’abord ses processus."


class Command(BaseCommand):
    """Restore the base and the documents of a copy. Exit code 1 when refused, 2 when the copy is not whole."""

    help = "Remet la base et les documents d’une copie faite par « backup ». Tout doit être arrêté."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the copy, and the word without which nothing that exists is replaced."""
        parser.add_argument("folder", type=Path, help="dossier de la copie")
        parser.add_argument("--replace", action="store_true", help="remplace la base présente, gardée à côté")

    def handle(self, *_: object, **options: Any) -> None:
        """Refuse, verify, prepare beside, then rename."""
        if connection.vendor != "sqlite":
            raise CommandError("La base est sur PostgreSQL : restaurez-la par pg_restore, comme le dit le guide (5).")
        os.umask(0o077)
        copy, home, base = options["folder"].resolve(), settings.HOME, Path(connection.settings_dict["NAME"])
        if not (copy / BASE).is_file():
            raise CommandError(f"Il n’y a pas de copie dans {copy} : {BASE} y manque.", returncode=REFUSED)
        connection.close()
        with _nobody_else(home):
            if base.exists() and not options["replace"] and not _is_empty(base):
                raise CommandError(
                    "La base présente n’est pas vide. Pour la remplacer par la copie : --replace.", returncode=REFUSED
                )
            try:
                count = self._restore(copy, home, base)
            except OSError as fault:
                raise CommandError(
                    f"La restauration n’a pas pu être faite ({fault.strerror}) : rien n’est changé.", returncode=REFUSED
                ) from None
        self.stdout.write(f"Documents : {count}. Les clés et les images n’ont pas été touchées.")
        self.stdout.write("Ce qui a été fait depuis la copie n’y est plus : dites-le au DPD. Chacun se reconnecte.")
        self.stdout.write("Relancez l’installation : sudo ./run install --prod")

    def _restore(self, copy: Path, home: Path, base: Path) -> int:
        beside, former = home / "restauration", home / "avant-restauration"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        try:
            fresh = _prepared(copy / BASE, beside / BASE)
            said = _verified(fresh)
            documents = _sound_documents(copy / "documents")
            count = _add_documents(documents, home / "documents")  # a document is there before the row that names it
            if base.exists():
                _set_aside(base, former)
            os.replace(fresh, base)
            _sync(base.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        _set_strangers_aside(home / "documents", {path.name for path in documents}, former / "documents")
        self.stdout.write(said)
        if former.exists():
            self.stdout.write(
                f"L’état d’avant est gardé dans {former} : il contient des noms, effacez-le dès que possible."
            )
        return count


@contextmanager
def _nobody_else(home: Path) -> Iterator[None]:
    try:
        with alone(home):
            yield
    except BlockingIOError:
        raise CommandError(RUNNING, returncode=REFUSED) from None


def _is_empty(base: Path) -> bool:
    """Say whether a base holds no entry and no installation; one that cannot be read may hold some."""
    try:
        with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as present:
            names = {row[0] for row in present.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            held = [name for name in ("compliance_entry", "compliance_installation") if name in names]
            return not any(present.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in held)  # noqa: S608
    except sqlite3.Error:
        return False


def _unsound(why: str) -> CommandError:
    return CommandError(f"La copie n’est pas saine : {why}. Rien n’est changé.", returncode=UNSOUND)


def _prepared(source: Path, fresh: Path) -> Path:
    """Copy the base beside the present one and check it as SQLite does; no session of the copy comes back to life."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as kept,
            closing(sqlite3.connect(fresh)) as new,
        ):
            kept.backup(new)
            if new.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise _unsound("sa base est abîmée")
            if new.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise _unsound("il manque des lignes à sa base")
            new.execute("DELETE FROM django_session")
            new.commit()
    except sqlite3.Error:
        raise _unsound("sa base ne peut pas être lue") from None
    return fresh


def _verified(fresh: Path) -> str:
    """Read the copy as the product does: its version, its guards, its journal; return what it is, in words."""
    present = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(fresh)
    try:
        _, unknown = startup.unapplied()
        if unknown:
            raise _unsound(f"elle vient d’une version plus récente ({unknown[0]})")
        journal.assert_guarded()
        report = journal.verify(at=timezone.now())
        if not report.intact:
            raise _unsound(f"son journal a été altéré à l’entrée {report.first_bad}")
        last = Entry.objects.order_by("seq").last()
    except journal.Unguarded:
        raise _unsound("son journal n’a plus ses gardes") from None
    except DatabaseError:
        raise _unsound("sa base n’est pas celle du produit") from None
    finally:
        connection.close()
        connection.settings_dict["NAME"] = present
    with closing(sqlite3.connect(fresh)) as whole:
        whole.execute("ANALYZE")  # without it the planner would guess, until somebody asked
        whole.commit()
        whole.execute("PRAGMA journal_mode=DELETE")  # one file, and no log of what was just read
    _sync(fresh)
    until = f", la dernière du {timezone.localtime(last.at):%d/%m/%Y à %H:%M}" if last else ""
    return f"Base restaurée, journal intact : {report.entries} entrées{until}."


def _sound_documents(folder: Path) -> list[Path]:
    """Return the copy's documents, each of which is what its name says."""
    found = sorted(path for path in folder.glob("*/*") if path.is_file())
    for path in found:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == path.stem
        if not same:
            raise _unsound(f"le document {path.name[:12]}… a changé")
    return found


def _add_documents(documents: list[Path], target: Path) -> int:
    for path in documents:
        kept = target / path.parent.name / path.name
        if not kept.exists():
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, kept.with_name(f"{kept.name}.new"))
            _sync(kept.with_name(f"{kept.name}.new"))
            kept.with_name(f"{kept.name}.new").replace(kept)
    return len(documents)


def _set_aside(base: Path, former: Path) -> None:
    """Keep the present base under another name, whole in one file; it stays in place until it is replaced."""
    shutil.rmtree(former, ignore_errors=True)
    former.mkdir(mode=0o700)
    try:
        with closing(sqlite3.connect(base, timeout=1)) as present:
            present.execute("PRAGMA journal_mode=DELETE")  # refused while anybody has it open
    except sqlite3.DatabaseError as fault:
        if "locked" in str(fault):
            raise CommandError(RUNNING, returncode=REFUSED) from None
        for log in base.parent.glob(f"{base.name}-*"):  # a base that cannot be read: its log must not follow the copy
            log.replace(former / log.name)
    os.link(base, former / base.name)


def _set_strangers_aside(folder: Path, known: set[str], former: Path) -> None:
    """Take away the documents that the copy does not have: no row names them any more."""
    for path in [path for path in folder.glob("*/*") if path.name not in known]:
        kept = former / path.parent.name / path.name
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(kept)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
