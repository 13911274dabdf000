"""Says whether the machine's hour is in doubt, and confirms it from the console when no page can be reached."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from compliance.events import System
from recording import hours
from recording.engine.clock import Clock
from recording.wall import in_words


class Command(BaseCommand):
    """`manage confirm_clock [--yes]`: exit 1 while the hour is in doubt and not confirmed."""

    help = "Dit si l’heure de la machine est en doute ; avec --yes, la confirme : ce qui est dû s’efface aussitôt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--yes", action="store_true", help="confirmer que l’heure de la machine est juste")

    def handle(self, *_: object, **options: Any) -> None:
        """Say, and confirm when asked."""
        found = hours.told()
        if found is None:
            self.stdout.write("L’heure de la machine est tenue pour juste.")
            return
        self.stdout.write(f"Heure de la machine en doute, {in_words(found)} : rien n’est effacé ni enregistré.")
        if not options["yes"]:
            self.stdout.write("Remettez l’horloge à l’heure, ou confirmez-la : --yes.")
            sys.exit(1)
        hours.confirm(Clock().reading(), by=System.CONSOLE)
        self.stdout.write(
            "Heure confirmée et inscrite au journal : ce qui est dû s’efface au prochain tour du gardien."
        )
