"""The first page: what is in force until when, what to do, health, dates; or one's own right and no dossier."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law import legal_day
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, Action, Category, MeasureKind
from compliance.models import Account, Head, Installation, Mandate, Order, OrderMeasure, Verification
from compliance.templatetags import wording
from compliance.views.clock import now
from compliance.views.deadlines import deadlines, due, renewal_of
from compliance.views.french import counted, spelled
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
        why = (
            "L’arrêté du préfet est suspendu, retiré ou échu." if struck else "Aucun arrêté du préfet n’est en vigueur."
        )
        return {
            "now": at,
            "title": "Votre vidéoprotection n’est pas autorisée.",
            "lead": f"{why} Aucune image n’est captée.",
            "articles": ["CSI L252-1"],
            **dict.fromkeys(("starts_on", "ends_on", "today", "mark"), None),
            "mark_label": "",
        }
    left = (order.ends_on - legal_day(at)).days
    renewal = renewal_of(order)
    return {
        "now": at,
        "title": f"Votre vidéoprotection est autorisée jusqu’au {wording.day_in_full(order.ends_on)}.",
        "lead": (
            f"Il reste {counted(left, 'jour')}. Arrêté préfectoral n° {order.number} "
            f"du {wording.day_in_full(order.signed_on)},"
        ),
        "articles": ["CSI L252-1", "CSI L252-4"],
        "starts_on": order.starts_on,
        "ends_on": order.ends_on,
        "today": legal_day(at),
        "mark": renewal,
        "mark_label": f"renouvellement à déposer, selon l’usage, avant le {wording.day_in_full(renewal)}",
    }


def _todo_title(count: int) -> str:
    if count == 0:
        return "Rien à faire aujourd’hui"
    return f"{spelled(count, 'chose').capitalize()} à faire"


def _others(todo: list[Todo]) -> str:
    closing = [t for t in todo if t.closes] or todo
    if not closing:
        return ""
    count = wording.in_words(len(closing)).capitalize()
    verb = "actes attendent" if len(closing) > 1 else "acte attend"
    lines = ", ".join(
        f"{t.title[0].lower()}{t.title[1:]} ({t.who.lower() if t.who != 'DPD' else t.who})" for t in closing
    )
    return f"{count} {verb} quelqu’un d’autre : {lines}."


def _cameras(found: list[State]) -> dict[str, Any]:
    dark = [s for s in found if not s.open]
    live = [s for s in found if s.live_only]
    opened, total = len(found) - len(dark), len(found)
    word = f"{counted(opened, 'ouverte')} sur {total}"
    notes = []
    if dark:
        notes.append(f"{_codes(dark)} {'sont éteintes' if len(dark) > 1 else 'est éteinte'}.")
    if live:
        notes.append(f"{_codes(live)} en direct seulement : rien n’y est enregistré.")
    told = dark or live
    url = reverse("position", args=[told[0].position.code]) if len(told) == 1 else reverse("positions")
    return {
        "label": "Caméras",
        "kind": "shut" if dark else "review" if live else "open",
        "word": word,
        "text": "",
        "note": " ".join(notes) or "Toutes les positions du dossier.",
        "url": url,
        "url_label": "Pourquoi ?" if told else "Les voir",
    }


def _codes(states: list[State]) -> str:
    return ", ".join(s.position.code for s in states[:4]) + ("…" if len(states) > 4 else "")


def journal_line(*, at: datetime) -> dict[str, Any]:
    """Return the journal's health: intact or not, when it was last verified, how long it is."""
    last = Verification.objects.order_by("-at").first()
    count = Head.objects.values_list("seq", flat=True).first() or 0
    if last is None:
        kind, word, note = "todo", "À vérifier", "Jamais vérifié."
    elif last.intact:
        kind, word, note = "ok", "Intact", f"Vérifié {wording.distance(last.at, at)}."
    else:
        kind, word, note = "stop", "Altéré", f"À partir de l’entrée {last.first_bad}."
    return {
        "label": "Journal",
        "kind": kind,
        "word": word,
        "text": "",
        "note": note,
        "url": reverse("journal"),
        "url_label": f"{wording.grouped(count)} entrées",
    }


def held_titles(account: Account, *, at: datetime) -> list[str]:
    """Return by which titles the account's person may see, in words: mandate first, then habilitations in force."""
    today = legal_day(at)
    found = [
        f"Maire, de droit, depuis le {wording.day_in_full(m.starts_on)} (CSI R253-3 II 2° a)."
        for m in Mandate.objects.filter(person=account.person_id, starts_on__lte=today).order_by("starts_on")
        if m.ends_on is None or today <= m.ends_on
    ]
    for held in account.person.habilitations.order_by("starts_on").prefetch_related("positions"):
        begun = held.starts_on <= today and (held.ends_on is None or today <= held.ends_on)
        if not begun or (held.withdrawn_at is not None and held.withdrawn_at <= at):
            continue
        actions = ", ".join(ACTION_LABELS[Action(a)] for a in held.actions)
        where = ", ".join(p.code for p in held.positions.all()) or "toute l’installation"
        until = f", jusqu’au {wording.day_in_full(held.ends_on)}" if held.ends_on else ""
        category = CATEGORY_LABELS[Category(held.category)].capitalize()
        found.append(f"{category}, {held.act} : {actions} ; {where}{until}.")
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
