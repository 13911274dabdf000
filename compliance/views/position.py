"""The position: its plan, its facts, and every reason why its camera is open or dark, now or at another date."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.facts import Facts
from compliance.law import Article, legal_day
from compliance.law.terms import PLACE_LABELS
from compliance.models import Body, Position
from compliance.requirements.base import Finding, Outcome
from compliance.templatetags import wording
from compliance.templatetags.claire import champ
from compliance.views.changes import changes_of
from compliance.views.clock import now
from compliance.views.french import counted, many, spelled
from compliance.views.installation import asked_day, instant_asked
from compliance.views.law import quoted
from compliance.views.rights import READERS, Standing, demanded, standing_on
from compliance.views.states import State, states
from compliance.views.todo import act_url, page_for

STORY = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and where to remedy it."""

    code: str
    title: str
    outcome: Outcome
    reason: str
    articles: tuple[Article, ...]
    remedy: str
    who: str
    proof: str = ""
    remedy_url: str = ""
    remedy_label: str = ""


@never_cache
@login_required
@require_GET
def position(request: HttpRequest, code: str) -> HttpResponse:
    """Show one position and the gate's answer about it."""
    place = get_object_or_404(Position.objects.select_related("installation__authority"), code=code)
    standing = demanded(standing_on(request, place.installation), *READERS)
    at = now()
    day, day_error = asked_day(request)
    asked_at = instant_asked(day, at=at)
    state = states([place], at=asked_at)[0]
    known = state.facts
    order, held = known.order(asked_at), known.declaration(asked_at)
    shown = [_shown(f, standing, place, known, at=asked_at) for f in state.findings]
    context = {
        "position": place,
        "kind": state.kind,
        "word": _word(state),
        "title": _title(state, day, at=at),
        "lead": _lead(state, shown, day, at=at),
        "findings": shown,
        "authorised": order.view if order else None,
        "declared": held.view if held else None,
        "facts": _facts(place, known, at=asked_at),
        "changes": changes_of(place.installation, position=place)[:STORY],
        "story": _story(place),
        "quote": quoted("L251-3"),
        "le": day,
        "le_text": day.isoformat() if day else "",
        "le_error": day_error,
        "past": day is not None and day < legal_day(at),
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


def _title(state: State, day: date | None, *, at: datetime) -> str:
    if state.live_only:
        # The reason opens no sentence here: « … rien n’est enregistré : l’effacement est en échec ».
        reason = f"{state.reason[:1].lower()}{state.reason[1:]}".rstrip(".")
        when = "" if day is None or day == legal_day(at) else f" le {wording.day_in_full(day)}"
        return f"En direct seulement{when}, rien n’est enregistré : {reason}"
    if day is None or day == legal_day(at):
        return "Cette caméra est ouverte" if state.open else "Pourquoi cette caméra est éteinte"
    answered = "est ouverte" if state.open else "est éteinte"
    return f"Le {wording.day_in_full(day)}, cette caméra {answered}"


def _lead(state: State, shown: list[Shown], day: date | None, *, at: datetime) -> str:
    asked = sum(f.outcome is not Outcome.NOT_CONCERNED for f in shown)
    unmet = sum(f.outcome is Outcome.UNMET for f in shown)
    when = (
        wording.hour(at)
        if day is None or day == legal_day(at)
        else f"la date légale du {wording.day_in_full(day)}, midi"
    )
    were = "ont été" if asked > 1 else "a été"
    examined = f"{spelled(asked, 'exigence').capitalize()} {were} {many(asked, 'examinée')} à {when}."
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


def _shown(finding: Finding, standing: Standing, place: Position, known: Facts, *, at: datetime) -> Shown:
    url, label = "", ""
    page = page_for(finding)
    if finding.outcome in (Outcome.UNMET, Outcome.ALERT) and page is not None and page.opens_to(standing.rights):
        url, label = act_url(place.installation, page, place.code), page.short
        order = known.order(at)
        if finding.code == "R-17" and order is not None and not order.perimeter:
            url += f"&azimuth={order.view.azimuth:g}&angle={order.view.angle:g}&range_m={order.view.range_m:g}"
            label = f"Remettre à {order.view.azimuth:g}°"
    return Shown(
        code=finding.code,
        title=finding.title,
        outcome=finding.outcome,
        reason=finding.reason,
        articles=finding.articles,
        remedy=finding.remedy,
        who=finding.who,
        remedy_url=url,
        remedy_label=label,
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
