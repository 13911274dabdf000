"""Where views read the clock, so that tests may stop it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present instant, UTC."""
    return timezone.now()
