"""The first page: what is in force until when, what to do, health, dates; or one's own right and no dossier."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.law.terms import Action, Category, MeasureKind
from compliance.models import Account, Head, Installation, Mandate, Order, OrderMeasure, Verification
from compliance.templatetags import terms, wording
from compliance.views.clock import now
from compliance.views.deadlines import deadlines, due, renewal_of
from compliance.views.french import ngettext, opening
from compliance.views.rights import Standing, account_of, standings
from compliance.views.states import State, states_of
from compliance.views.todo import Todo, todos

AT_MOST = 3


def optional(name: str) -> str:
    """Return the address of a page that another floor may provide, else nothing."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@never_cache
@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Answer first: what is in force until when."""
    at = now()
    account = account_of(request)
    standing = next((s for s in standings(request) if s.reads), None)
    if standing is None:
        return render(request, "compliance/home_own.html", _own(account, standings(request), at=at))
    installation = standing.installation
    found = states_of(installation, at=at)
    todo = todos(installation, found, rights=standing.rights, at=at)
    mine = [*(t for t in todo if t.mine), *due(installation, rights=standing.rights, at=at)]
    context = {
        **_statement(installation, at=at),
        "installation": installation,
        "todos": mine[:AT_MOST],
        "todo_title": _todo_title(len(mine[:AT_MOST])),
        "others": _others([t for t in todo if not t.mine]),
        "items": [_cameras(found), journal_line(at=at)],
        "dates": deadlines(installation, rights=standing.rights, at=at),
        "health_url": optional("health"),
        "titles": held_titles(account, at=at),
        "live_url": optional("live"),
    }
    return render(request, "compliance/home.html", context)


def running_order(installation: Installation, *, at: datetime) -> Order | None:
    """Return the order in force that lasts longest, if any."""
    today = legal_day(at)
    rows = installation.orders.filter(starts_on__lte=today, ends_on__gte=today).prefetch_related("measures")
    for order in rows.select_related("document").order_by("-ends_on"):
        if not any(m.since <= at and (m.until is None or at < m.until) for m in order.measures.all()):
            return order
    return None


def _statement(installation: Installation, *, at: datetime) -> dict[str, Any]:
    order = running_order(installation, at=at)
    if order is None:
        kinds = [MeasureKind.SUSPENSION, MeasureKind.WITHDRAWAL]
        struck = OrderMeasure.objects.filter(order__in=installation.orders.all(), kind__in=kinds).exists()
        why = _("Aucun arrêté du préfet n’est en vigueur.")
        if struck:
            why = _("L’arrêté du préfet est suspendu, retiré ou échu.")
        dark = _("Aucune image n’est captée.")
        return {
            "now": at,
            "title": _("Votre vidéoprotection n’est pas autorisée."),
            "lead": f"{why} {dark}",
            "articles": ["CSI L252-1"],
            **dict.fromkeys(("starts_on", "ends_on", "today", "mark"), None),
            "mark_label": "",
        }
    left = (order.ends_on - legal_day(at)).days
    renewal = renewal_of(order)
    lead = ngettext(
        "Il reste {count} jour. Arrêté préfectoral n° {number} du {day},",
        "Il reste {count} jours. Arrêté préfectoral n° {number} du {day},",
        left,
    )
    title = _("Votre vidéoprotection est autorisée jusqu’au {day}.")
    mark = _("renouvellement à déposer, selon l’usage, avant le {day}")
    signed = wording.day_in_full(order.signed_on)
    return {
        "now": at,
        "title": title.format(day=wording.day_in_full(order.ends_on)),
        "lead": lead.format(count=wording.grouped(left), number=order.number, day=signed),
        "articles": ["CSI L252-1", "CSI L252-4"],
        "starts_on": order.starts_on,
        "ends_on": order.ends_on,
        "today": legal_day(at),
        "mark": renewal,
        "mark_label": mark.format(day=wording.day_in_full(renewal)),
    }


def _todo_title(count: int) -> str:
    if count == 0:
        return _("Rien à faire aujourd’hui")
    words = ngettext("{count} chose à faire", "{count} choses à faire", count)
    return opening(words.format(count=wording.in_words(count, feminine=True)))


def _others(todo: list[Todo]) -> str:
    closing = [t for t in todo if t.closes] or todo
    if not closing:
        return ""
    count = wording.in_words(len(closing))
    words = ngettext(
        "{count} acte attend quelqu’un d’autre : {lines}.",
        "{count} actes attendent quelqu’un d’autre : {lines}.",
        len(closing),
    )
    lines = ", ".join(
        f"{t.title[0].lower()}{t.title[1:]} ({t.who if t.who.isupper() else t.who.lower()})" for t in closing
    )
    return opening(words.format(count=count, lines=lines))


def _cameras(found: list[State]) -> dict[str, Any]:
    dark = [s for s in found if not s.open]
    live = [s for s in found if s.live_only]
    opened, total = len(found) - len(dark), len(found)
    word = ngettext("{count} ouverte sur {total}", "{count} ouvertes sur {total}", opened)
    notes = []
    if dark:
        notes.append(ngettext("{codes} est éteinte.", "{codes} sont éteintes.", len(dark)).format(codes=_codes(dark)))
    if live:
        notes.append(_("{codes} en direct seulement : rien n’y est enregistré.").format(codes=_codes(live)))
    told = dark or live
    url = reverse("position", args=[told[0].position.code]) if len(told) == 1 else reverse("positions")
    return {
        "label": _("Caméras"),
        "kind": "shut" if dark else "review" if live else "open",
        "word": word.format(count=wording.grouped(opened), total=total),
        "text": "",
        "note": " ".join(notes) or _("Toutes les positions du dossier."),
        "url": url,
        "url_label": _("Pourquoi ?") if told else _("Les voir"),
    }


def _codes(states: list[State]) -> str:
    return ", ".join(s.position.code for s in states[:4]) + ("…" if len(states) > 4 else "")


def journal_line(*, at: datetime) -> dict[str, Any]:
    """Return the journal's health: intact or not, when it was last verified, how long it is."""
    last = Verification.objects.order_by("-at").first()
    count = Head.objects.values_list("seq", flat=True).first() or 0
    if last is None:
        kind, word, note = "todo", _("À vérifier"), _("Jamais vérifié.")
    elif last.intact:
        kind, word = "ok", _("Intact")
        note = _("Vérifié {distance}.").format(distance=wording.distance(last.at, at))
    else:
        kind, word = "stop", _("Altéré")
        note = _("À partir de l’entrée {number}.").format(number=last.first_bad)
    return {
        "label": _("Journal"),
        "kind": kind,
        "word": word,
        "text": "",
        "note": note,
        "url": reverse("journal"),
        "url_label": _("{count} entrées").format(count=wording.grouped(count)),
    }


def held_titles(account: Account, *, at: datetime) -> list[str]:
    """Return by which titles the account's person may see, in words: mandate first, then habilitations in force."""
    today = legal_day(at)
    mayor = _("Maire, de droit, depuis le {day} (CSI R253-3 II 2° a).")
    found = [
        mayor.format(day=wording.day_in_full(m.starts_on))
        for m in Mandate.objects.filter(person=account.person_id, starts_on__lte=today).order_by("starts_on")
        if m.ends_on is None or today <= m.ends_on
    ]
    for held in account.person.habilitations.order_by("starts_on").prefetch_related("positions"):
        begun = held.starts_on <= today and (held.ends_on is None or today <= held.ends_on)
        if not begun or (held.withdrawn_at is not None and held.withdrawn_at <= at):
            continue
        words = _("{category}, {act} : {actions} ; {where}.")
        if held.ends_on:
            words = _("{category}, {act} : {actions} ; {where}, jusqu’au {day}.")
        said = words.format(
            category=terms.category(Category(held.category)).capitalize(),
            act=held.act,
            actions=", ".join(terms.action(Action(a)) for a in held.actions),
            where=", ".join(p.code for p in held.positions.all()) or _("toute l’installation"),
            day=wording.day_in_full(held.ends_on) if held.ends_on else "",
        )
        found.append(said)
    return found


def _own(account: Account, held: list[Standing], *, at: datetime) -> dict[str, Any]:
    """Return what an account without the dossier sees: its own right, and the acts of its office."""
    return {
        "account": account,
        "titles": held_titles(account, at=at),
        "live_url": optional("live"),
        "health_url": optional("health") if any("manage_cameras" in s.rights for s in held) else "",
        "offices": [
            {
                "installation": s.installation,
                "acts": [page for page in ACTS.values() if page.opens_to(s.rights)],
            }
            for s in held
        ],
    }
