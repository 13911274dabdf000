"""`issue`: makes a paper now, journals it like any other, and copies it where it is asked."""

import os
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from compliance.actions import paper as acts
from compliance.actions.document import path_of
from compliance.documents import KINDS, press
from compliance.events import System
from compliance.management.spoken import BadArgument, FrenchCommand, within_years
from compliance.models import Account, Document, Installation


class Command(FrenchCommand):
    """Issue one paper."""

    help = "Édite un document, l’inscrit au journal et en écrit une copie."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what the paper is about and where its copy goes."""
        parser.add_argument("kind", metavar="DOCUMENT", help=", ".join(KINDS))
        parser.add_argument("--installation", metavar="CODE", help="code de l’installation")
        parser.add_argument("--position", metavar="CODE", help="panneau ou lettre pour cette position")
        parser.add_argument("--panel", metavar="CODE", help="panneau du registre des panneaux")
        parser.add_argument("--person", metavar="IDENTIFIANT", help="compte, ou code, de la personne habilitée")
        parser.add_argument("--on", metavar="AAAA-MM-JJ", help="état : date légale ; lettre : date de mise en service")
        parser.add_argument("--since", metavar="AAAA-MM-JJ", help="registre : premier jour")
        parser.add_argument("--until", metavar="AAAA-MM-JJ", help="registre : dernier jour")
        parser.add_argument("--out", metavar="FICHIER", help="où écrire la copie ; un fichier qui existe est gardé")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Issue the paper and copy it. Exit 2 on bad arguments, 1 when it cannot be made."""
        try:
            out = _place(_given(options, "out"))
            document = _issued(options)
            _copied(path_of(document), out)
        except BadArgument as fault:
            self.misused(str(fault))
        except Error as fault:
            raise CommandError("La base ne répond pas, ou n’est pas installée (./run manage migrate).") from fault
        state = "complet" if document.complete else "brouillon : il reste à compléter"
        self.stdout.write(f"{document.name}, version {document.version}, {state}.\nSHA-256 {document.sha256}")


def _issued(options: dict[str, Any]) -> Document:
    kind = KINDS.get(options["kind"])
    if kind is None:
        raise BadArgument(f"le document « {options['kind']} » n’existe pas : {', '.join(KINDS)}.")
    installation = _installation(_given(options, "installation"))
    at = timezone.now()
    try:
        batch = acts.ask(
            installation,
            kind=kind,
            subjects=[_subject(options, installation)],
            given=_answers(options, kind.slug),
            at=at,
            by=System.CONSOLE,
        )
    except ValidationError as refusal:
        raise BadArgument(" ".join(refusal.messages)) from None
    press.work(batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    if batch.failure:
        raise CommandError(batch.failure)
    return Document.objects.get(batch=batch)


def _given(options: dict[str, Any], name: str) -> str:
    if not options[name]:
        raise BadArgument(f"il manque --{name}.")
    return str(options[name])


def _installation(code: str) -> Installation:
    try:
        return Installation.objects.select_related("authority").get(code=code)
    except Installation.DoesNotExist:
        raise BadArgument(f"l’installation « {code} » n’existe pas.") from None


def _subject(options: dict[str, Any], installation: Installation) -> str:
    """Return what the paper is about: who or what was named, else the installation."""
    login = options["person"]
    if login:
        account = Account.objects.filter(username=login).select_related("person").first()
        return account.person.code if account else str(login)
    return str(options["panel"] or options["position"] or installation.code)


def _answers(options: dict[str, Any], kind: str) -> dict[str, str]:
    names = {"on": "service_on" if kind == "mise-en-service" else "on", "since": "since", "until": "until"}
    found = {}
    for option, name in names.items():
        if options[option]:
            try:
                day = date.fromisoformat(options[option])
            except ValueError:
                raise BadArgument(f"--{option} s’écrit AAAA-MM-JJ, par exemple 2026-03-15.") from None
            within_years(day, f"--{option}")
            found[name] = day.isoformat()
    return found


def _place(out: str) -> Path:
    """Return where the copy goes, before anything is written."""
    path = Path(out)
    if path.exists():
        raise BadArgument(f"le fichier {out} existe déjà : il est gardé tel quel.")
    if not path.parent.is_dir():
        raise BadArgument(f"le dossier de {out} n’existe pas.")
    return path


def _copied(kept: Path, out: Path) -> None:
    """Copy the paper where nothing was, readable by its owner alone."""
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise CommandError(f"Le document est édité ; sa copie {out} ne peut être écrite ({fault.strerror}).") from fault
    with os.fdopen(descriptor, "wb") as file:
        file.write(kept.read_bytes())
