"""The recorder: holds every camera that the gate opens, and no other."""

import fcntl
import logging
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from compliance import journal
from recording.engine.addresses import address_key
from recording.engine.clock import Clock
from recording.engine.ingest import protocol
from recording.engine.keys import KeyStore
from recording.engine.plan import Limits
from recording.engine.recovery import recover_everything
from recording.engine.roster import Watch
from recording.engine.supervisor import Settings, Supervisor, on_signals
from recording.engine.systemd import Unit
from recording.media import run_folder

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """`manage recorder`: runs until it is asked to stop."""

    help = "Enregistre les caméras que la porte ouvre, scelle les images, sert le direct."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options: how long an ingest may hear nothing, and a camera give nothing."""
        parser.add_argument("--silence", type=float, default=protocol.SILENCE, help="silence toléré, en secondes")
        parser.add_argument("--stall", type=float, default=protocol.STALL, help="flux figé toléré, en secondes")

    def handle(self, *_: object, **options: Any) -> None:
        """Recover what a former recorder left, then hold the cameras."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        journal.assert_guarded()
        clock = Clock()
        unit = Unit(os.environ, monotonic=clock.monotonic)
        with only_one(settings.HOME):
            private_key = address_key(settings.HOME)
            recover_everything(settings.HOME, at=clock.now())
            connection.close()
            lease = settings.RECORD_LEASE_SECONDS
            watch = Watch(keys=KeyStore(settings.HOME), clock=clock, lease=lease)
            limits = Limits(silence=options["silence"])
            held = Settings(settings.HOME, lease, limits, silence=options["silence"], stall=options["stall"])
            supervisor = Supervisor(held, private_key=private_key, watch=watch, clock=clock)
            on_signals(supervisor.stop)
            self.stdout.write("Enregistreur : prêt.")
            sys.stdout.flush()
            unit.ready()
            supervisor.run(alive=unit.alive)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the recorder's lock: two recorders would open each camera twice. The lock goes with the process."""
    descriptor = os.open(run_folder(home) / "recorder.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise CommandError("Un enregistreur tourne déjà sur cet état (CLAIREVOIE_HOME).") from None
    try:
        yield
    finally:
        os.close(descriptor)
