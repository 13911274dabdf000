"""The keeper: erases what must no longer exist, round after round, whatever else runs or not."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from compliance import journal
from recording import hours
from recording.engine.clock import Clock
from recording.engine.purge import Keeper
from recording.wall import in_words

log = logging.getLogger(__name__)
ROUND_SECONDS = 10.0


class Command(BaseCommand):
    """`manage keeper [--once] [--round-seconds S]`."""

    help = "Efface les séquences arrivées à leur terme, puis les clés qui ne servent plus."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="un seul tour, puis s’arrêter")
        parser.add_argument("--round-seconds", type=float, default=ROUND_SECONDS, help="durée d’un tour, en secondes")

    def handle(self, *_: object, **options: Any) -> None:
        """Erase until asked to stop; a database that is away is waited for."""
        journal.assert_guarded()
        keeper, clock = Keeper(home=settings.HOME), Clock()
        if options["once"]:
            done = keeper.turn(now=clock.reading(), synchronised=clock.synchronised())
            if found := hours.told():
                self.stdout.write(f"Heure de la machine en doute, {in_words(found)} : rien n’est effacé.")
            self.stdout.write(
                f"{done.segments} séquences effacées, {done.failures} en échec, {done.keys} clés détruites."
            )
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.stdout.write("Gardien : prêt.")
        while not stopping.is_set():
            close_old_connections()
            try:
                keeper.turn(now=clock.reading(), synchronised=clock.synchronised())
            except (OperationalError, InterfaceError, journal.Unavailable) as fault:
                log.warning("base injoignable (%s) : l’effacement attend", type(fault).__name__)
                connection.close()
            stopping.wait(options["round_seconds"])
