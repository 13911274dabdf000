"""What a person reads when the database is locked, gone or refuses the journal: 503, and what they typed to send again.

The acts are one transaction each: what raised wrote nothing. Only a connection lost during the commit itself leaves a
doubt, and an act sent twice is told from the first by its draft.
"""

import logging
import re
from typing import Any, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from compliance import journal

log = logging.getLogger(__name__)
UNREACHABLE: Final = (OperationalError, InterfaceError, journal.Unavailable)
RETRY_SECONDS: Final = 30
WITH_PASSWORD: Final = re.compile(r"//[^/\s]*@")


class UnreachableDatabase(MiddlewareMixin):
    """Answers for every view whose reading or act the database did not take in time."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page, for the faults of the database alone; any other one stays a fault."""
        if not isinstance(exception, UNREACHABLE):
            return None
        # The class alone: the message of a driver may quote the address and its password.
        log.error("base injoignable (%s) : %s %s sans effet", type(exception).__name__, request.method, request.path)
        # Without the request: what the pages have in common is read from the database.
        page = render_to_string("unreachable.html", {"demo": settings.DEMO, **_told(request)})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})


def _told(request: HttpRequest) -> dict[str, Any]:
    """Return what the page says: whether something was sent, and the answers to send again. A password never is, a
    camera's within its address neither."""
    sent = request.method == "POST"
    answers = [(name, value) for name, values in request.POST.lists() for value in values]
    if any("password" in name or WITH_PASSWORD.search(value) for name, value in answers):
        answers = []
    return {"sent": sent, "answers": answers, "files": bool(request.FILES), "path": request.get_full_path()}
