"""Check the recordings' invariants: rows and files agree, nothing outlives its end."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recording.engine.check import faults
from recording.management.commands.keeper import ROUND_SECONDS


class Command(BaseCommand):
    """`manage check_recordings [--json]`: exit 0 when all hold, 1 when one is broken."""

    help = "Vérifie que les séquences et leurs fichiers concordent, et qu’aucune ne dépasse son terme."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="répondre en JSON")
        parser.add_argument("--round-seconds", type=float, default=ROUND_SECONDS, help="durée d’un tour du gardien")

    def handle(self, *_: object, **options: Any) -> None:
        """Print what is broken."""
        broken = list(faults(settings.HOME, at=timezone.now(), round_seconds=options["round_seconds"]))
        if options["json"]:
            answer = {"intact": not broken, "faults": [asdict(fault) for fault in broken]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for fault in broken:
                self.stdout.write(f"invariant {fault.invariant} : {fault.path} : {fault.words}")
            self.stdout.write(f"{len(broken)} écart(s)." if broken else "Tout concorde.")
        if broken:
            sys.exit(1)
