"""What every page shows: the commune, who is signed in, where one can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from compliance.models import Authority


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the context of base.html."""
    authority = Authority.objects.first()
    return {
        "commune": authority.name if authority else "",
        "demo": settings.DEMO,
        "nav_items": [],
        "law_date": "3 avril 2026",
    }
