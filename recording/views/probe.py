"""The page of the reception test: ask for it, wait for it, read its figures. It never shows an image."""

from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cameras.models import Camera
from compliance import gate, journal
from compliance.gate import Action
from recording import probes, troubles
from recording.actions import NORM_HEIGHT, NORM_RATE, NORM_WIDTH
from recording.models import Probe
from recording.views.clock import now

# What an outcome that is no trouble of the camera asks of the person who reads it.
REMEDIES = {
    probes.NO_ANSWER: gettext_noop(
        "L’appareil n’a rien envoyé en trente secondes. Vérifiez l’adresse du flux et le réseau."
    ),
    probes.NO_RECORDER: gettext_noop(
        "L’enregistreur n’a pas pris l’essai. Regardez s’il est en marche, puis recommencez."
    ),
}


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def probe(request: HttpRequest, code: str) -> HttpResponse:
    """Show the last test of the position's device, and ask for one. Needs `manage_cameras`."""
    position = get_object_or_404(
        apps.get_model("compliance", "Position").objects.select_related("installation"), code=code
    )
    if not request.user.has_perm(probes.RIGHT, position.installation):
        raise PermissionDenied
    camera = (
        Camera.objects.filter(position=position, removed_at=None)
        .select_related("position__installation", "mounting")
        .order_by("-pk")
        .first()
    )
    if camera is None:
        raise Http404(_("Aucun appareil n’a d’adresse de flux ici : donnez-la d’abord."))
    at = now()
    if request.method == "POST":
        try:
            probes.ask(camera, at=at, by=request.user)
        except gate.Refused:
            pass  # the page says why
        except journal.Unavailable:
            reason = _("Le journal ne peut pas être écrit : l’essai n’est pas lancé.")
            return render(request, "503.html", {"reason": reason}, status=503)
        else:
            return redirect("probe", code=code)
    decision = gate.decide(Action.PROBE, position, at=at)
    last = Probe.objects.filter(camera=camera).select_related("asked_by__person").order_by("-pk").first()
    running = last is not None and last.ended_at is None and last.asked_at > at - probes.LONGEST
    context: dict[str, Any] = {
        "position": position,
        "camera": camera,
        "allowed": decision.allowed,
        "findings": [f for f in decision.findings if f.stops],
        "last": last,
        "running": running,
        "result": _result(last) if last is not None and not running else None,
        "crumbs": [
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": position.code, "url": reverse("position", args=[code])},
            {"label": _("Appareil"), "url": reverse("camera", args=[code])},
            {"label": _("Essai de réception"), "url": ""},
        ],
    }
    return render(request, "recording/probe.html", context, status=409 if request.method == "POST" else 200)


def _result(row: Probe) -> dict[str, Any]:
    """Return what the test found, in words, and what to do."""
    if row.outcome == probes.DONE:
        below = row.width < NORM_WIDTH or row.height < NORM_HEIGHT or round(row.rate) < NORM_RATE
        facts = [
            (_("Codec"), row.codec),
            (_("Taille"), f"{row.width} × {row.height}"),
            (_("Cadence annoncée"), _("{rate} images par seconde").format(rate=f"{row.rate:.0f}")),
            (
                _("Son"),
                _("Une piste ({codec}), écartée : coupez le microphone").format(codec=row.audio)
                if row.audio
                else _("Aucune piste"),
            ),
        ]
        return {
            "kind": "ok",
            "title": _("Le flux arrive."),
            "facts": [_fact(label, value) for label, value in facts],
            "norms": (
                _(
                    "Sous {width} × {height} et {rate} images par seconde, un plan étroit n’est pas "
                    "conforme aux normes (arrêté du 3 août 2007, art. 2)."
                ).format(width=NORM_WIDTH, height=NORM_HEIGHT, rate=NORM_RATE)
                if below
                else ""
            ),
            "remedy": "",
        }
    outcome = row.outcome or (probes.NO_ANSWER if row.started_at else probes.NO_RECORDER)
    trouble = troubles.TROUBLES.get(outcome)
    words = _(trouble.word) if trouble else _("n’a pas donné d’image")
    remedy = _(trouble.remedy) if trouble else _(REMEDIES[outcome]) if outcome in REMEDIES else ""
    title = (
        _("L’essai n’a pas commencé.")
        if outcome == probes.NO_RECORDER
        else _("L’appareil {words}.").format(words=words)
    )
    return {"kind": "todo", "title": title, "facts": [], "norms": "", "remedy": remedy}


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value, "articles": [], **dict.fromkeys(("source", "kind", "url", "what"), "")}
