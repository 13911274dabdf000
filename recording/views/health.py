"""What the engine says of itself: processes alive, cameras that stream, disk, keeper. Figures, never an image."""

import shutil
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cameras.models import Camera
from recording import hours, queries, troubles
from recording.models import Heartbeat
from recording.views.clock import now
from recording.wall import in_words

ALIVE_WITHIN = timedelta(seconds=30)
DISK_WARNING = 0.9
PER_PAGE = 50
RIGHTS = ("read", "control", "manage_cameras")
PROCESSES = {"recorder": gettext_noop("Enregistreur"), "keeper": gettext_noop("Gardien")}
STOPPED = {
    "recorder": gettext_noop("Rien n’est enregistré ni montré : relancez-le."),
    "keeper": gettext_noop("Rien n’est effacé à son terme : relancez-le."),
}


@never_cache
@login_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Show the health line, alone for htmx or as a page. Refused without a right on an installation."""
    mine = _installations(request)
    if not mine:
        raise PermissionDenied
    page = Paginator(_cameras(mine), PER_PAGE).get_page(request.GET.get("page"))
    context = {"items": _items(), "cameras": [_line(c) for c in page], "list": _pages(page), "at": now()}
    template = "recording/health_line.html" if request.htmx else "recording/health.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _installations(request: HttpRequest) -> set[int]:
    """Return the keys of the installations where the account holds one of the rights, in one query."""
    held = request.user.installationuserpermission_set.filter(permission__codename__in=RIGHTS)  # type: ignore[union-attr]
    return set(held.values_list("content_object_id", flat=True))


def _cameras(installations: set[int]) -> QuerySet[Camera]:
    rows = Camera.objects.filter(removed_at=None, position__installation__in=installations)
    return rows.select_related("position__installation", "mounting", "health").order_by("position__code", "pk")


def _pages(page: Page[Camera]) -> dict[str, Any]:
    return {
        "first": page.start_index(),
        "last": page.end_index(),
        "count": page.paginator.count,
        "before": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "after": f"?page={page.next_page_number()}" if page.has_next() else "",
    }


def _items() -> list[dict[str, str]]:
    at, beats = now(), {b.process: b for b in Heartbeat.objects.all()}
    items = []
    for process, label in PROCESSES.items():
        beat = beats.get(process)
        alive = beat is not None and at - beat.at < ALIVE_WITHIN
        note = _("Vu à {hour}.").format(hour=timezone_hour(beat.at)) if beat else _("Jamais vu.")
        note += "" if alive else f" {_(STOPPED[process])}"
        item = {
            "label": _(label),
            "kind": "ok" if alive else "stop",
            "word": _("En marche") if alive else _("Arrêté"),
            "note": note,
        }
        if process == queries.KEEPER and (doubted := hours.told()) is not None:
            item |= {
                "kind": "stop",
                "word": _("À corriger"),
                "note": _("L’heure de la machine est {gap} : rien n’est effacé ni enregistré.").format(
                    gap=in_words(doubted, _)
                ),
                "url": reverse("hour"),
                "url_label": _("Confirmer l’heure"),
            }
        items.append(item)
    disk = shutil.disk_usage(settings.HOME)
    share = disk.used / disk.total
    free = f"{disk.free / 1e9:.0f}\u00a0" + _("Go")
    items.append(
        {
            "label": _("Disque"),
            "kind": "due" if share > DISK_WARNING else "ok",
            "word": _("{share} occupés").format(share=_percent(share)),
            "note": _("{size} libres.").format(size=free),
        }
    )
    return items


def timezone_hour(at: Any) -> str:
    """« 14 h 32 », Paris time."""
    local = timezone.localtime(at)
    if get_language() == "en":
        return f"{local:%H:%M}"
    return f"{local.hour}\u00a0h\u00a0{local:%M}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if get_language() == "en" else f"{share:.0%}".replace("%", "\u00a0%")


def _line(camera: Camera) -> dict[str, Any]:
    said = getattr(camera, "health", None)
    sentence = ""
    if said is None:
        kind, word = "todo", _("Pas encore vue")
    elif not said.live:
        kind, word = "shut", _("Éteinte")
    elif said.streaming and not said.trouble:
        kind, word = "open", _("Ouverte") if said.allowed else _("Ouverte, en direct seulement")
    else:
        trouble = troubles.of(said.trouble)
        kind, word, sentence = "due", _(trouble.word), f"{_(trouble.sentence)} {_(trouble.remedy)}"
        word = f"{word[:1].upper()}{word[1:]}"
    figures = (
        _("{width} × {height}, {rate} images/s").format(width=said.width, height=said.height, rate=f"{said.rate:.0f}")
        if said and said.width
        else "–"
    )
    return {"camera": camera, "kind": kind, "word": word, "sentence": sentence, "figures": figures, "said": said}


@never_cache
@login_required
@require_GET
def position(request: HttpRequest, code: str) -> HttpResponse:
    """Say how the streams of a position are, for its page. Refused without a right; another's position says nothing."""
    mine = _installations(request)
    if not mine:
        raise PermissionDenied
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("health")
    cameras = [_line(c) for c in _cameras(mine).filter(position__code=code)]
    return render(request, "recording/health_position.html", {"cameras": cameras})
