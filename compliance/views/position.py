"""The position: its plan, its facts, every reason why its camera is open or dark now. `instants` asks at a date."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.facts import Facts, MaskCheck
from compliance.judge import as_read
from compliance.law import legal_day
from compliance.law.terms import Action
from compliance.models import Body, Position
from compliance.requirements.base import Outcome
from compliance.templatetags import terms, wording
from compliance.templatetags.claire import champ
from compliance.views.asked import Asked
from compliance.views.changes import changes_of
from compliance.views.clock import now
from compliance.views.french import as_written, filled, ngettext, opening
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
            {"label": _("Accueil"), "url": reverse("home")},
            {"label": place.installation.name, "url": reverse("installation", args=[place.installation.code])},
            {"label": place.code, "url": ""},
        ],
    }
    return render(request, "compliance/position.html", context)


def _word(state: State) -> str:
    if state.open:
        return state.word or _("Ouverte")
    if state.since:
        return _("Éteinte depuis le {day}").format(day=wording.instant(state.since))
    return _("Éteinte, jamais ouverte")


def _title(state: State) -> str:
    if state.live_only:
        # The reason opens no sentence here: « … rien n’est enregistré : l’effacement est en échec ».
        reason = f"{state.reason[:1].lower()}{state.reason[1:]}".rstrip(".")
        return filled(_("En direct seulement, rien n’est enregistré : {reason}"), reason=as_written(reason))
    return _("Cette caméra est ouverte") if state.open else _("Pourquoi cette caméra est éteinte")


def _lead(state: State, found: list[Shown], *, at: datetime) -> str:
    asked = sum(f.outcome is not Outcome.NOT_CONCERNED for f in found)
    unmet = sum(f.outcome is Outcome.UNMET for f in found)
    words = ngettext(
        "{count} exigence a été examinée à {hour}.", "{count} exigences ont été examinées à {hour}.", asked
    )
    examined = opening(words.format(count=wording.in_words(asked, feminine=True), hour=wording.hour(at)))
    if state.open and not state.live_only:
        passing = _("Toutes sont satisfaites : la porte laisse passer l’image.")
        return f"{examined} {passing}"
    articles = ", ".join(dict.fromkeys(article.label for f in state.unmet for article in f.articles))
    if state.live_only:
        words = ngettext(
            "{count} n’est pas satisfaite ({articles}) : aucune image n’est conservée. "
            "Qui en a le droit voit toujours en direct.",
            "{count} ne sont pas satisfaites ({articles}) : aucune image n’est conservée. "
            "Qui en a le droit voit toujours en direct.",
            unmet,
        )
    else:
        words = ngettext(
            "{count} n’est pas satisfaite : tant qu’elle ne l’est pas, aucune image n’est captée.",
            "{count} ne sont pas satisfaites : tant qu’elles ne le sont pas, aucune image n’est captée.",
            unmet,
        )
    return f"{examined} {opening(words.format(count=wording.in_words(unmet, feminine=True), articles=articles))}"


def _facts(place: Position, known: Facts, *, at: datetime) -> list[dict[str, Any]]:
    order, held = known.order(at), known.declaration(at)
    masks = [c for c in known.masks if c.at <= at]
    panels = sorted({c.panel for c in known.panels if c.checked_on <= legal_day(at)})
    lines: list[tuple[str, str, list[str], str]] = [(_("Adresse"), place.address, [], "")]
    if held is not None:
        aims = ", ".join(f"{n}°" for n in sorted(held.purposes)) or _("aucune")
        since = _("déclaré le {day}").format(day=wording.instant(held.since))
        lines += [
            (_("Lieu"), terms.place(held.kind).capitalize(), [], ""),
            (_("Finalités"), aims, ["CSI L251-2"], ""),
            (_("Champ déclaré"), champ(held.view), [], since),
        ]
    if order is not None:
        words = ngettext("{field}, {count} appareil", "{field}, {count} appareils", order.cameras)
        field = words.format(field=champ(order.view), count=wording.grouped(order.cameras))
        lines.append((_("Champ autorisé"), field, [], _("annexe de l’arrêté {number}").format(number=order.number)))
    lines.append((_("Masques"), _masks(masks[-1]) if masks else _("Jamais vérifiés"), [], ""))
    posed = _("{device}, posé le {day}")
    devices = [posed.format(device=m.reference, day=wording.day_in_full(m.since)) for m in known.standing(at)]
    lines.append((_("Appareil"), ", ".join(devices) or _("Aucun"), [], ""))
    lines.append((_("Panneau"), ", ".join(panels) or _("Aucun"), [], ""))
    return [
        {"label": label, "value": value, "articles": articles, "source": source, "kind": "", "url": "", "what": ""}
        for label, value, articles, source in lines
    ]


def _masks(last: MaskCheck) -> str:
    checked = wording.instant(last.at)
    if not last.clean:
        return _("Logement visible, vérifiés le {day}").format(day=checked)
    words = ngettext("{count} masque, vérifiés le {day}", "{count} masques, vérifiés le {day}", last.masks)
    return words.format(count=wording.grouped(last.masks), day=checked)


def _story(place: Position) -> list[dict[str, Any]]:
    rows = Body.objects.filter(position=place).select_related("entry").order_by("-entry")[:STORY]
    return [
        {
            "at": body.entry.at,
            "text": as_written(f"{body.sentence}."),
            "url": reverse("journal_entry", args=[body.entry.seq]),
            "url_label": _("Entrée {number}").format(number=wording.grouped(body.entry.seq)),
        }
        for body in rows
    ]
