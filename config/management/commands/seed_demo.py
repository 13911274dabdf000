"""Create the demonstration commune by acts, once; say its accounts. Refused outside the demonstration."""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cameras import actions as cameras
from compliance import journal
from compliance.events import System
from compliance.law import legal_day
from compliance.models import Installation
from config import demo_town as town
from config.demo_story import Story, devices
from recording.engine.addresses import address_key

WORDS = ("lavoir", "tilleul", "moulin", "fontaine", "clocher", "verger", "quai", "halle", "sentier", "mirabelle")
DEFAULT_SIMULATOR = "rtsp://127.0.0.1:8554"


class Command(BaseCommand):
    """Seed the demonstration."""

    help = "Crée la commune de démonstration, acte par acte. Sans effet si elle existe."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Tell the story if it was not; keep the cameras' addresses; print the accounts."""
        if not settings.DEMO:
            raise CommandError("Refusé : la démonstration demande CLAIREVOIE_DEMO=1, que `./run demo` donne.")
        now = timezone.now()
        password = _password(settings.HOME / "demo-password")
        if not Installation.objects.filter(code=town.INSTALLATION).exists():
            with transaction.atomic():
                Story(today=legal_day(now), now=now, password=password).tell()
            journal.remember(journal.verify(at=now))
        self.stdout.write(f"Commune de {town.COMMUNE}, fictive. Un mot de passe pour tous : {password}")
        for someone in town.PEOPLE:
            if someone.login:
                self.stdout.write(f"  {someone.login:<10} {someone.function}")
        with transaction.atomic():
            streams = _streams(os.environ.get("CLAIREVOIE_SIMULATOR", DEFAULT_SIMULATOR).rstrip("/"), at=now)
        self.stdout.write(streams)


def _password(path: Path) -> str:
    """Return the demonstration's password: the one kept, else the environment's, else a new one."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    chosen = os.environ.get("CLAIREVOIE_DEMO_PASSWORD") or "-".join(
        [*secrets.SystemRandom().sample(WORDS, 3), str(secrets.randbelow(9000) + 1000)]
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(chosen)
    return chosen


def _streams(simulator: str, *, at: datetime) -> str:
    """Give each device its simulated stream, by an act of the first floor; change it when the simulator moved."""
    address_key(settings.HOME)  # the recorder has not started yet: addresses are sealed to its key
    known = settings.HOME / "demo-simulator"
    before = known.read_text().strip() if known.exists() else ""
    for number, (_, mounting) in enumerate(sorted(devices().items()), start=1):
        address = f"{simulator}/cam{number}"
        camera = getattr(mounting, "camera", None)
        if camera is None:
            cameras.register(mounting, address=address, at=at, by=System.CONSOLE)
        elif before != simulator:
            cameras.change_address(camera, address=address, at=at, by=System.CONSOLE)
    known.write_text(simulator)
    return f"Huit flux simulés : {simulator}/cam1 à cam8."
