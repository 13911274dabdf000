"""The position: its plan, its facts, every reason why its camera is open or dark now. `instants` asks at a date."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.facts import Facts
from compliance.judge import as_read
from compliance.law import legal_day
from compliance.law.terms import PLACE_LABELS, Action
from compliance.models import Body, Position
from compliance.requirements.base import Outcome
from compliance.templatetags import wording
from compliance.templatetags.claire import champ
from compliance.views.asked import Asked
from compliance.views.changes import changes_of
from compliance.views.clock import now
from compliance.views.french import counted, many, spelled
from compliance.views.law import quoted
from compliance.views.rights import READERS, demanded, standing_on
from compliance.views.shown import Shown, shown
from compliance.views.states import State, examined

STORY = 8


@never_cache
@login_required
@require_GET
def position(request: HttpRequest, code: str) -> HttpResponse:
    """Show one position and the gate's answer about it."""
    place = get_object_or_404(Position.objects.select_related("installation__authority"), code=code)
    standing = demanded(standing_on(request, place.installation), *READERS)
    at = now()
    state, facts = examined(place, at=at)
    known = as_read(Action.RECORD, facts, at)
    order, held = known.order(at), known.declaration(at)
    found = [shown(f, standing, place, known, at=at) for f in state.findings]
    context = {
        "position": place,
        "kind": state.kind,
        "word": _word(state),
        "title": _title(state),
        "lead": _lead(state, found, at=at),
        "findings": found,
        "authorised": order.view if order else None,
        "declared": held.view if held else None,
        "facts": _facts(place, known, at=at),
        "changes": changes_of(place.installation, position=place)[:STORY],
        "story": _story(place),
        "quote": quoted("L251-3"),
        "asked": Asked.of(request, at=at),
        "crumbs": [
            {"label": "Accueil", "url": reverse("home")},
            {"label": place.installation.name, "url": reverse("installation", args=[place.installation.code])},
            {"label": place.code, "url": ""},
        ],
    }
    return render(request, "compliance/position.html", context)


def _word(state: State) -> str:
    if state.open:
        return state.word or "Ouverte"
    return f"Éteinte depuis le {wording.instant(state.since)}" if state.since else "Éteinte, jamais ouverte"


def _title(state: State) -> str:
    if state.live_only:
        # The reason opens no sentence here: « … rien n’est enregistré : l’effacement est en échec ».
        reason = f"{state.reason[:1].lower()}{state.reason[1:]}".rstrip(".")
        return f"En direct seulement, rien n’est enregistré : {reason}"
    return "Cette caméra est ouverte" if state.open else "Pourquoi cette caméra est éteinte"


def _lead(state: State, found: list[Shown], *, at: datetime) -> str:
    asked = sum(f.outcome is not Outcome.NOT_CONCERNED for f in found)
    unmet = sum(f.outcome is Outcome.UNMET for f in found)
    were = "ont été" if asked > 1 else "a été"
    examined = f"{spelled(asked, 'exigence').capitalize()} {were} {many(asked, 'examinée')} à {wording.hour(at)}."
    if state.open and not state.live_only:
        return f"{examined} Toutes sont satisfaites : la porte laisse passer l’image."
    words = wording.in_words(unmet, feminine=True).capitalize()
    several = unmet > 1
    if state.live_only:
        articles = ", ".join(dict.fromkeys(article.label for f in state.unmet for article in f.articles))
        return (
            f"{examined} {words} {'ne sont pas satisfaites' if several else 'n’est pas satisfaite'} ({articles}) : "
            "aucune image n’est conservée. Qui en a le droit voit toujours en direct."
        )
    return (
        f"{examined} {words} {'ne sont pas satisfaites' if several else 'n’est pas satisfaite'} : tant "
        f"{'qu’elles ne le sont pas' if several else 'qu’elle ne l’est pas'}, aucune image n’est captée."
    )


def _facts(place: Position, known: Facts, *, at: datetime) -> list[dict[str, Any]]:
    order, held = known.order(at), known.declaration(at)
    masks = [c for c in known.masks if c.at <= at]
    panels = sorted({c.panel for c in known.panels if c.checked_on <= legal_day(at)})
    lines: list[tuple[str, str, list[str], str]] = [("Adresse", place.address, [], "")]
    if held is not None:
        aims = ", ".join(f"{n}°" for n in sorted(held.purposes)) or "aucune"
        lines += [
            ("Lieu", PLACE_LABELS[held.kind].capitalize(), [], ""),
            ("Finalités", aims, ["CSI L251-2"], ""),
            ("Champ déclaré", champ(held.view), [], f"déclaré le {wording.instant(held.since)}"),
        ]
    if order is not None:
        devices = f", {counted(order.cameras, 'appareil')}"
        lines.append(("Champ autorisé", champ(order.view) + devices, [], f"annexe de l’arrêté {order.number}"))
    if masks:
        last = masks[-1]
        verdict = counted(last.masks, "masque") if last.clean else "Logement visible"
        lines.append(("Masques", f"{verdict}, vérifiés le {wording.instant(last.at)}", [], ""))
    else:
        lines.append(("Masques", "Jamais vérifiés", [], ""))
    devices_text = ", ".join(f"{m.reference}, posé le {wording.day_in_full(m.since)}" for m in known.standing(at))
    lines.append(("Appareil", devices_text or "Aucun", [], ""))
    lines.append(("Panneau", ", ".join(panels) or "Aucun", [], ""))
    return [
        {"label": label, "value": value, "articles": articles, "source": source, "kind": "", "url": "", "what": ""}
        for label, value, articles, source in lines
    ]


def _story(place: Position) -> list[dict[str, Any]]:
    rows = Body.objects.filter(position=place).select_related("entry").order_by("-entry")[:STORY]
    return [
        {
            "at": body.entry.at,
            "text": f"{body.sentence}.",
            "url": reverse("journal_entry", args=[body.entry.seq]),
            "url_label": f"Entrée {wording.grouped(body.entry.seq)}",
        }
        for body in rows
    ]
