"""The page of a position's devices as machines: give or change a stream address. It shows no image and no secret."""

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cameras import actions
from cameras.forms import AddressForm
from cameras.models import Camera


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def camera(request: HttpRequest, code: str) -> HttpResponse:
    """Show the devices that stand on the position and take a stream address. Needs `manage_cameras`."""
    position = get_object_or_404(
        apps.get_model("compliance", "Position").objects.select_related("installation"), code=code
    )
    if not request.user.has_perm("compliance.manage_cameras", position.installation):
        raise PermissionDenied
    standing = list(position.mountings.filter(until=None).order_by("since"))
    known = {c.mounting_id: c for c in Camera.objects.filter(mounting__in=standing, removed_at=None)}
    form = AddressForm(
        request.POST if request.method == "POST" else None, mountings=[(str(m.pk), m.reference) for m in standing]
    )
    if form.is_valid():
        mounting = next(m for m in standing if str(m.pk) == form.cleaned_data["mounting"])
        address, at = form.cleaned_data["address"].strip(), timezone.now()
        try:
            if mounting.pk in known:
                actions.change_address(known[mounting.pk], address=address, at=at, by=request.user)
            else:
                actions.register(mounting, address=address, at=at, by=request.user)
        except ValidationError as refused:
            form.add_error("address" if not hasattr(refused, "error_dict") else None, refused)
        else:
            messages.success(request, _("L’adresse du flux de {device} est scellée.").format(device=mounting.reference))
            return redirect("camera", code=code)
    return render(
        request,
        "cameras/camera.html",
        {
            "form": form,
            "position": position,
            "devices": [(m, known.get(m.pk)) for m in standing],
            "crumbs": [
                {"label": _("Accueil"), "url": "/"},
                {"label": position.code, "url": f"/positions/{position.code}/"},
            ],
        },
        status=422 if form.is_bound else 200,
    )
