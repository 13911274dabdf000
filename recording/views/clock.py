"""Where views read the clock, so that tests may stop it."""

import time
from datetime import datetime

from django.utils import timezone

from recording.wall import BOOT_ID, Reading


def now() -> datetime:
    """Return the present instant, UTC."""
    return timezone.now()


def reading() -> Reading:
    """Return the wall clock beside the time that the kernel counts, as the keeper reads them on the same machine."""
    boot = BOOT_ID.read_text(encoding="ascii").strip()
    return Reading(now(), boot, time.clock_gettime(time.CLOCK_BOOTTIME))
