"""The hour of the machine: held for right, or in doubt and waiting for a human, without whom nothing is erased."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from recording import hours, queries
from recording.forms import HourForm
from recording.views.clock import reading
from recording.views.health import RIGHTS
from recording.wall import in_words


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def hour(request: HttpRequest) -> HttpResponse:
    """Show the doubt about the clock, and take a human's word. Read by the offices; confirmed with `manage_cameras`."""
    places = queries.installations()
    if not any(request.user.has_perm(f"compliance.{right}", place) for place in places for right in RIGHTS):
        raise PermissionDenied
    found, now = hours.told(), reading()
    form = HourForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not found:
        return redirect("hour")
    if form.is_valid():
        hours.confirm(now, by=request.user)
        messages.success(
            request, _("L’heure est confirmée et inscrite au journal. L’effacement reprend dans dix secondes.")
        )
        return redirect("health")
    last = queries.last_reading()
    context: dict[str, Any] = {
        "now": now.at,
        "last": last.at if last else None,
        "gap": in_words(found, _) if found else "",
        "due": queries.due(at=now.at).aggregate(first=Min("since"), last=Max("since")),
        "count": queries.due(at=now.at).count(),
        "form": form,
        "may": all(request.user.has_perm(hours.RIGHT, place) for place in places),
        "crumbs": [
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": _("Santé de l’enregistrement"), "url": reverse("health")},
            {"label": _("Heure"), "url": ""},
        ],
    }
    return render(request, "recording/hour.html", context, status=422 if form.is_bound else 200)
