"""The journal as a person reads it: is it intact, its entries, one entry, verify now. It writes no entry itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from compliance import events, journal
from compliance.journal import Kind
from compliance.law import YEARS, midnight
from compliance.models import Body, Entry, Position, Verification
from compliance.templatetags import wording
from compliance.templatetags.claire import quoted
from compliance.views.asked import day_of
from compliance.views.clock import now
from compliance.views.journal_words import WORDS, shown
from compliance.views.rights import Standing, reading

SHOWN = 50
# Some seconds of a request. Beyond, a page that reads all would hold its worker.
READ_AT_ONCE = 50_000
ASKED_WORKER, ASKED_SECONDS = "journal.verification.asked", 300
HEAD = [
    gettext_lazy("Entrée"),
    gettext_lazy("Heure"),
    gettext_lazy("Opération"),
    gettext_lazy("Auteur"),
    gettext_lazy("Ce qui s’est passé"),
    gettext_lazy("Position"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader filters by; a filter that cannot be read is ignored, and said."""

    since: date | None
    until: date | None
    operation: str
    author: str
    position: str
    text: str
    before: int | None
    error: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Read the address."""
        since, until = _day(request.GET.get("du", "")), _day(request.GET.get("au", ""))
        wrong = any(request.GET.get(name) and found is None for name, found in (("du", since), ("au", until)))
        before = request.GET.get("avant", "")
        return cls(
            since=since,
            until=until,
            operation=request.GET.get("operation", ""),
            author=request.GET.get("auteur", ""),
            position=request.GET.get("position", ""),
            text=request.GET.get("texte", "").strip()[:80],
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            error=_("Écrivez les dates ainsi : 19/11/2026.") if wrong else "",
        )

    def filter(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """Keep the entries asked for."""
        if self.since:
            rows = rows.filter(at__gte=midnight(self.since))
        if self.until:
            rows = rows.filter(at__lt=midnight(self.until + timedelta(days=1)))
        if self.operation:
            rows = rows.filter(event__in=[e.code for e in events.EVENTS.values() if e.kind == self.operation])
        if self.author:
            rows = rows.filter(body__actor_name=self.author)
        if self.position:
            rows = rows.filter(body__position__code=self.position)
        if self.text:
            told = [e.code for e in events.EVENTS.values() if self.text.casefold() in e.sentence.casefold()]
            rows = rows.filter(Q(body__payload__icontains=self.text) | Q(event__in=told))
        return rows


def _day(written: str) -> date | None:
    found = day_of(written)
    return found if found is not None and found.year in YEARS else None


def _seen(held: list[Standing]) -> QuerySet[Entry]:
    """Return the entries of the installations read, and those of no installation: sign-ins, the commune's people."""
    mine = Q(body__installation__in=[s.installation for s in held]) | Q(body__installation=None)
    return Entry.objects.filter(mine).select_related("body__position", "body__actor")


@never_cache
@login_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Say whether the journal is intact, and list its entries."""
    held = reading(request)
    at = now()
    asked = Asked.of(request)
    seen = _seen(held)
    found = asked.filter(seen)
    if asked.before:
        found = found.filter(seq__lt=asked.before)
    lines = list(found.order_by("-seq")[: SHOWN + 1])
    shown, more = lines[:SHOWN], len(lines) > SHOWN
    address, newest = request.GET.copy(), request.GET.copy()
    newest.pop("avant", None)
    if more:
        address["avant"] = str(shown[-1].seq)
    context = {
        **_statement(at=at),
        "items": _ends(),
        "asked": asked,
        "operations": [kind.value for kind in events.Operation],
        "authors": list(
            Body.objects.filter(Q(installation__in=[s.installation for s in held]) | Q(installation=None))
            .order_by("actor_name")
            .values_list("actor_name", flat=True)
            .distinct()
        ),
        "codes": list(
            Position.objects.filter(installation__in=[s.installation for s in held])
            .order_by("code")
            .values_list("code", flat=True)
        ),
        "head": HEAD,
        "rows": [_row(entry) for entry in shown],
        "older": f"?{address.urlencode()}" if more else "",
        "newest": f"?{newest.urlencode()}" if asked.before else "",
    }
    return render(request, "compliance/journal.html", context)


def _statement(*, at: datetime) -> dict[str, str]:
    last = Verification.objects.order_by("-at").first()
    if last is None:
        return {
            "title": _("Le journal n’a pas encore été vérifié."),
            "lead": _("Vérifiez-le maintenant : chaque entrée est relue."),
            "tone": "",
        }
    when = wording.distance(last.at, at)
    if last.intact:
        return {
            "title": _("Le journal est intact."),
            "lead": _(
                "{count} entrées vérifiées {when}. Aucune n’a été changée, retirée ni ajoutée après coup."
            ).format(count=wording.grouped(last.entries), when=when),
            "tone": "ok",
        }
    return {
        "title": _("Le journal a été altéré."),
        "lead": _(
            "Vérifié {when} : {words}, à partir de l’entrée {number}. "
            "Ne touchez à rien et prévenez le DPD et le référent technique."
        ).format(when=when, words=_(Kind(last.kind).words), number=last.first_bad),
        "tone": "stop",
    }


def _ends() -> list[dict[str, Any]]:
    first, last = Entry.objects.order_by("seq").first(), Entry.objects.order_by("seq").last()
    lines = [(_("Première entrée"), first), (_("Dernière entrée"), last)]
    found: list[dict[str, Any]] = [
        {
            "label": label,
            "text": wording.instant(e.at) if e else _("Aucune"),
            "note": quoted(e.declared.kind.value) if e else "",
        }
        for label, e in lines
    ]
    found.append(
        {"label": _("Entrées"), "text": wording.grouped(last.seq if last else 0), "note": _("Numérotées sans trou")}
    )
    found.append({"label": _("Conservation"), "text": _("3 ans au plus"), "note": _("Le sceau reste (CSI R253-5)")})
    return [{**line, "kind": "", "url": "", "url_label": ""} for line in found]


def _row(entry: Entry) -> dict[str, Any]:
    body = getattr(entry, "body", None)
    place = body.position.code if body and body.position else ""
    return {
        "cells": [
            _link(entry),
            wording.second(entry.at),
            quoted(entry.declared.kind.value),
            quoted(body.actor_name) if body else _("Effacé"),
            quoted(body.sentence) if body else _("Contenu effacé à son terme"),
            place,
        ],
        "current": False,
    }


def _link(entry: Entry) -> SafeString:
    url = reverse("journal_entry", args=[entry.seq])
    return mark_safe(f'<a href="{url}">{wording.grouped(entry.seq)}</a>')  # noqa: S308 (an address and a number)


@never_cache
@login_required
@require_GET
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one entry: who, when, what, and its seal."""
    held = reading(request)
    seen = _seen(held)
    found = seen.filter(seq=seq).first()
    if found is None:
        raise Http404(_("Aucune entrée n’a ce numéro."))
    body = getattr(found, "body", None)
    context = {
        "entry": found,
        "body": body,
        "title": quoted(body.sentence) if body else _("Contenu effacé à son terme"),
        "facts": _facts(found, body),
        "seal": _seal(found),
        "checked": _checked(found),
        "previous": _number(seen.filter(seq__lt=seq).order_by("-seq")),
        "following": _number(seen.filter(seq__gt=seq).order_by("seq")),
        "crumbs": [
            {"label": _("Journal"), "url": reverse("journal")},
            {"label": _("Entrée {number}").format(number=wording.grouped(found.seq)), "url": ""},
        ],
    }
    return render(request, "compliance/journal_entry.html", context)


def _number(rows: QuerySet[Entry]) -> int | None:
    return rows.values_list("seq", flat=True).first()


def _checked(found: Entry) -> dict[str, str]:
    """Return whether the last verification of the whole journal read this entry, and what it found."""
    last = Verification.objects.order_by("-at").first()
    if last is None or (found.seq > last.entries and last.intact):
        return {
            "kind": "due",
            "word": _("À contrôler"),
            "note": _("Écrite depuis la dernière vérification du journal."),
        }
    if last.first_bad is not None and found.seq >= last.first_bad:
        return {
            "kind": "stop",
            "word": _("Altéré"),
            "note": _("Le journal est altéré à partir de l’entrée {number}.").format(number=last.first_bad),
        }
    return {
        "kind": "ok",
        "word": _("Intact"),
        "note": _("Relue avec tout le journal le {day}.").format(day=wording.instant(last.at)),
    }


def _facts(found: Entry, body: Body | None) -> list[dict[str, Any]]:
    lines = [(_("Opération"), quoted(found.declared.kind.value)), (_("Instant"), wording.second(found.at))]
    if body is not None:
        lines.append((_("Auteur"), _author(body)))
        if body.position:
            lines.append((_("Position"), str(body.position)))
        lines += [(str(WORDS.get(name, name)), shown(value)) for name, value in sorted(body.values.items())]
    return [{"label": label, "value": value, **_NOTHING} for label, value in lines]


def _author(body: Body) -> str:
    if body.actor is None:
        return quoted(body.actor_name)
    return _("{name}, compte {login}").format(name=body.actor_name, login=body.actor.username)


def _seal(found: Entry) -> list[dict[str, Any]]:
    lines = [
        (_("Texte"), _("Contenu gardé trois ans au plus"), ["CSI R253-5"]),
        (_("Contenu effacé à partir du"), _("{day} ; le sceau reste").format(day=wording.day_in_full(found.term)), []),
        (_("Empreinte"), _spaced(found.hash), []),
        (_("Précédente"), _spaced(found.previous), []),
    ]
    return [{**_NOTHING, "label": label, "value": value, "articles": articles} for label, value, articles in lines]


_NOTHING: dict[str, Any] = {"articles": [], "source": "", "kind": "", "url": "", "what": ""}


def _spaced(digest: str) -> str:
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@never_cache
@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Read the whole journal again, and say what was found; a long one is read by the worker, asked once at a time."""
    reading(request)
    count = Entry.objects.order_by("seq").values_list("seq", flat=True).last() or 0
    if count > READ_AT_ONCE:
        if cache.add(ASKED_WORKER, now().isoformat(), ASKED_SECONDS):
            current_app.send_task("compliance.tasks.verify_journal")
        messages.info(
            request,
            _("{count} entrées sont à relire : la vérification est demandée. Cette page en dira le résultat.").format(
                count=wording.grouped(count)
            ),
        )
        return redirect("journal")
    report = journal.verify(at=now())
    journal.remember(report)
    if report.intact:
        messages.success(
            request,
            _("{count} entrées relues : le journal est intact.").format(count=wording.grouped(report.entries)),
        )
    else:
        words = _(report.kind.words) if report.kind else ""
        messages.error(
            request,
            _("Le journal est altéré à partir de l’entrée {number} : {words}.").format(
                number=report.first_bad, words=words
            ),
        )
    return redirect("journal")
