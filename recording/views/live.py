"""The live room: choose cameras, give the motive, look. Every page refuses whoever the gate refuses."""

from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cameras.models import Camera
from compliance import journal
from compliance.gate import Decision, Verdict
from recording.consultations import MOTIVES, Listed, NothingToSee, close, listed, open_consultation, take, watchable
from recording.forms import SHOWN, ConsultationForm
from recording.models import Consultation
from recording.views.clock import now
from recording.views.rights import WATCHER, Viewing
from recording.views.stream import OVER, Stream


def _cameras() -> list[Camera]:
    return list(
        Camera.objects.filter(removed_at=None)
        .select_related("position__installation", "mounting")
        .order_by("position__code")
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show what this person may see, ask for the motive, open the consultation."""
    at = now()
    found = listed(request.user, _cameras(), at=at)
    form = ConsultationForm(request.POST if request.method == "POST" else None, listed=found)
    if "chercher" in request.POST:
        form = form.searching(found)
    elif form.is_valid():
        return _open(request, found, form)
    dark = [c for c in found if not c.verdict.allowed]
    context = {
        "form": form,
        "dark": dark[:SHOWN],
        "dark_left": len(dark[SHOWN:]),
        "shown": min(len(form.found), SHOWN),
        "any": any(c.verdict.allowed for c in found),
        "own": _own_right(c.verdict for c in found),
    }
    return render(request, "recording/choose.html", context, status=422 if form.is_bound else 200)


def _own_right(answers: Iterable[Decision | Verdict]) -> Any:
    """Return the finding that says by which title this person may see, or why not."""
    return next((f for answer in answers for f in answer.findings if f.code == "R-30"), None)


def _open(request: HttpRequest, found: list[Listed], form: ConsultationForm) -> HttpResponse:
    cameras = [c.camera for c in found if c.camera.position.code in form.cleaned_data["camera"]]
    try:
        consultation = open_consultation(
            request.user,
            cameras,
            motive=form.cleaned_data["motive"],
            text=form.cleaned_data["motive_text"].strip(),
            at=now(),
        )
    except NothingToSee:
        return redirect("live")
    except journal.Unavailable:
        reason = _("Le journal ne peut pas être écrit : aucune image sans trace (CSI R253-5).")
        return render(request, "503.html", {"reason": reason}, status=503)
    request.session[f"asked-{consultation.number}"] = [c.position.code for c in cameras]
    return redirect("live_room", number=consultation.number)


@never_cache
@login_required
@require_GET
def room(request: HttpRequest, number: str) -> HttpResponse:
    """Show the wall of a consultation. The images come by its one stream; a page without script says so."""
    row = get_object_or_404(Consultation, number=number, account=request.user)
    at = now()
    codes = request.session.get(f"asked-{number}") or list(row.positions.values_list("code", flat=True))
    watched = watchable(request.user, [c for c in _cameras() if c.position.code in codes], at=at)
    person = row.person
    return render(
        request,
        "recording/room.html",
        {
            "row": row,
            "over": row.closed_at is not None or row.first_image_at is not None,
            "watched": watched,
            "size": 1 if len(watched) == 1 else 4 if len(watched) <= 4 else 9,
            "own": _own_right(w.decision for w in watched),
            "person": person,
            "consultation": {
                "number": row.number,
                "agent": person.code,
                "motive": _(MOTIVES[row.motive]) if row.motive in MOTIVES else row.motive,
                "since": row.opened_at,
                "end_url": reverse("live_end", args=[row.number]) if row.closed_at is None else "",
            },
        },
    )


@never_cache
@login_required
@require_POST
def end(request: HttpRequest, number: str) -> HttpResponse:
    """End a consultation: its images go dark and its span is journaled."""
    row = get_object_or_404(Consultation, number=number, account=request.user)
    running = [v for v in WATCHER.viewings if v.consultation.pk == row.pk]
    for viewing in running:
        viewing.cut(OVER)
    if not running:
        close(row, first=None, last=None, reason="Terminée par l’agent.", codes=[], at=now())
    return redirect("live")


async def stream(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send the images of a consultation: the right is asked before the first byte, and at each lease."""
    account = await request.auser()
    if not account.is_authenticated:
        return HttpResponse(_("Connectez-vous."), status=403, content_type="text/plain; charset=utf-8")
    viewing = await sync_to_async(_viewing)(request, account, number)
    if viewing is None:
        raise Http404
    await WATCHER.add(viewing)
    sent = Stream(viewing, settings.HOME, language=get_language() or settings.LANGUAGE_CODE).send()
    response = StreamingHttpResponse(sent, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _viewing(request: HttpRequest, account: Any, number: str) -> Viewing | None:
    row = take(number, account, at=now())
    if row is None:
        return None
    codes = request.session.get(f"asked-{number}") or []
    shown = set(row.positions.values_list("code", flat=True))
    wall = [c for c in _cameras() if c.position.code in codes]
    allowed = {i: c for i, c in enumerate(wall) if c.position.code in shown}
    return Viewing(row, request.session.session_key or "", allowed)


__all__ = ["choose", "end", "room", "stream"]
