"""`verify_journal`: says whether the journal is intact. Exit code 0 intact, 1 altered, 3 unreadable. Writes nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from compliance import journal


class Command(BaseCommand):
    """Read the whole journal again and report the first entry that is missing or wrong."""

    help = "Vérifie que le journal est intact (code de sortie 0) ou dit la première entrée fautive (1)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="répond en JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Verify as of now, print, and exit with the code that says it."""
        try:
            report = journal.verify(at=timezone.now())
        except Error as fault:
            raise CommandError("Le journal ne peut pas être lu : base absente ou injoignable.", returncode=3) from fault
        self.stdout.write(_as_json(report) if options["json"] else _in_words(report))
        if not report.intact:
            raise SystemExit(1)


def _as_json(report: journal.Report) -> str:
    return json.dumps(
        {
            "intact": report.intact,
            "entries": report.entries,
            "first_bad": report.first_bad,
            "kind": report.kind,
            "at": report.at.isoformat(),
        }
    )


def _in_words(report: journal.Report) -> str:
    entries = f"{report.entries:,}".replace(",", "\u202f")
    if report.kind is None:
        return f"Le journal est intact. Entrées vérifiées : {entries}."
    where = f"à l’entrée {report.first_bad} : {report.kind.words}"
    return f"Le journal a été altéré {where}. Entrées intactes avant elle : {entries}."
