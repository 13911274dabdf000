"""What was entered, kind by kind, and the story of one entry: by whom, corrected or ended when, and how to undo it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.actions import mistake
from compliance.actions.mistake import entries_of
from compliance.forms.acts import ACTS
from compliance.forms.entry import EntryForm
from compliance.forms.undo import FINAL, KINDS, UNDONE_BY, Kind, ended
from compliance.models import Entry, Installation
from compliance.templatetags import wording
from compliance.templatetags.claire import quoted
from compliance.views.french import ngettext, opening
from compliance.views.rights import READERS, Standing, opened

SHOWN = 50
HEAD = [gettext_lazy("Saisie"), gettext_lazy("Enregistrée le"), gettext_lazy("Par"), gettext_lazy("Où elle en est")]
# How the law dates a row's end; beside it the page says when that end was entered.
LEGAL_ENDS = (
    ("withdrawn_at", gettext_lazy("Retirée le")),
    ("until", gettext_lazy("Levée le")),
    ("ends_on", gettext_lazy("Dernier jour")),
)
NOTHING: dict[str, Any] = {"articles": [], "source": "", "kind": "", "url": "", "what": ""}


@never_cache
@login_required
@require_GET
def entries(request: HttpRequest, code: str) -> HttpResponse:
    """List the last entries of a kind, those voided too."""
    place = opened(request, code, *READERS).installation
    slug = request.GET.get("quoi", "")
    slug = slug if slug in KINDS else next(iter(KINDS))
    kind = KINDS[slug]
    rows = list(_rows(kind, place).order_by("-recorded_at", "-pk")[:SHOWN])
    context = {
        "installation": place,
        "title": _title(kind, len(rows)),
        "kinds": [{"slug": key, "words": known.words, "current": key == slug} for key, known in KINDS.items()],
        "head": HEAD,
        "rows": [{"cells": _cells(row, slug, place), "current": False} for row in rows],
        "crumbs": _crumbs(place),
    }
    return render(request, "compliance/entries.html", context)


def _title(kind: Kind, count: int) -> str:
    if not count:
        return _("{kind} : aucune saisie.").format(kind=kind.words)
    words = ngettext("{kind} : {count} saisie.", "{kind} : {count} saisies.", count)
    return words.format(kind=kind.words, count=wording.grouped(count))


def _rows(kind: Kind, place: Installation) -> Any:
    return entries_of(kind.model, place, voided=True).select_related("recorded_by__person", *kind.related)


def _cells(row: Any, slug: str, place: Installation) -> list[Any]:
    url = reverse("entry", args=[place.code, slug, row.pk])
    name = format_html('<a href="{}">{}</a>', url, opening(mistake.named(row)))
    return [name, wording.instant(row.recorded_at), _author(row.recorded_by), _where(row)]


def _author(account: Any) -> str:
    return str(account) if account else _("La console")


def _where(row: Any) -> str:
    if row.void_at is not None:
        return _("Annulée le {day} : {reason}").format(day=wording.instant(row.void_at), reason=row.void_reason)
    return next((f"{words} {_day(value)}" for words, value in _ends(row)), _("Vaut"))


def _ends(row: Any) -> list[tuple[str, Any]]:
    found = [(str(words), getattr(row, name, None)) for name, words in LEGAL_ENDS]
    return [(words, value) for words, value in found if value is not None] if ended(row) else []


def _day(value: Any) -> str:
    return wording.instant(value) if hasattr(value, "hour") else wording.day_in_full(value)


def _crumbs(place: Installation, *more: str) -> list[dict[str, str]]:
    listing = reverse("entries", args=[place.code])
    return [
        {"label": _("Accueil"), "url": reverse("home")},
        {"label": place.name, "url": reverse("installation", args=[place.code])},
        {"label": _("Saisies"), "url": listing if more else ""},
        *({"label": label, "url": ""} for label in more),
    ]


@never_cache
@login_required
@require_GET
def entry(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """Show one entry, its two dates, its story, and the act that undoes or corrects it."""
    standing = opened(request, code, *READERS)
    place = standing.installation
    kind = KINDS.get(slug)
    row = _rows(kind, place).select_related("void_by__person").filter(pk=pk).first() if kind else None
    if kind is None or row is None:
        raise Http404(_("Aucune saisie n’a ce numéro."))
    page = ACTS[kind.act(row)]
    form = page.form
    words = form.told_by() if issubclass(form, EntryForm) else mistake.Words()
    known = {str(label) for label in words.labels.values()}
    name = opening(mistake.named(row))
    context = {
        "row": row,
        "title": f"{name}.",
        "void": row.void_at is not None,
        "void_words": _where(row) if row.void_at else "",
        "facts": [
            {**NOTHING, "label": opening(label), "value": opening(said)}
            for label, said in mistake.said(row, words)
            if said != mistake.NOTHING and (label in known or label.startswith(str(mistake.ANNEX)))
        ],
        "dates": _dates(row),
        "others": _others(row, slug, place),
        "story": _story(row, place),
        "acts": _acts(kind, row, standing) if row.void_at is None else [],
        "final": FINAL.get(page.slug, ""),
        "page": page,
        "crumbs": _crumbs(place, _("Cette saisie")),
    }
    return render(request, "compliance/entry.html", context)


def _dates(row: Any) -> list[dict[str, Any]]:
    lines = [(_("Enregistrée le"), wording.instant(row.recorded_at)), (_("Par"), _author(row.recorded_by))]
    lines += [(words, _day(value)) for words, value in _ends(row)]
    if ended(row):
        lines.append((_("Cette fin, enregistrée le"), wording.instant(row.end_recorded_at)))
        lines.append((_("Par"), _author(row.end_recorded_by)))
    return [{**NOTHING, "label": label, "value": value} for label, value in lines]


def _others(row: Any, slug: str, place: Installation) -> list[dict[str, str]]:
    """Return the entry that this one corrects, and the one that corrects it."""
    after = type(row).ever.filter(corrects=row).first()
    pairs = [(_("La saisie qu’elle corrige"), row.corrects), (_("La saisie qui la corrige"), after)]
    return [
        {"label": label, "url": reverse("entry", args=[place.code, slug, other.pk])} for label, other in pairs if other
    ]


def _story(row: Any, place: Installation) -> list[dict[str, Any]]:
    """Return the journal's entries of the instants at which the row was written: acts, never readings."""
    instants = {row.recorded_at, row.void_at, getattr(row, "end_recorded_at", None)} - {None}
    mine = Q(body__installation=place) | Q(body__installation=None)
    found = Entry.objects.filter(mine, at__in=instants, body__isnull=False).select_related("body").order_by("-seq")
    return [
        {
            "at": one.at,
            "text": quoted(one.body.sentence),
            "url": reverse("journal_entry", args=[one.seq]),
            "url_label": _("entrée {number}").format(number=wording.grouped(one.seq)),
        }
        for one in found[:SHOWN]
        if one.event not in {"document.received", "account.signed_in"}
    ]


def _acts(kind: Kind, row: Any, standing: Standing) -> list[dict[str, str]]:
    """Return the act that undoes the entry, and its correction, where the account may do them."""
    slug = kind.act(row)
    found = []
    undo = UNDONE_BY.get(slug)
    if undo and kind.field and not ended(row) and ACTS[undo].opens_to(standing.rights):
        url = reverse("act", args=[standing.installation.code, undo])
        found.append({"label": str(ACTS[undo].title), "url": f"{url}?{kind.field}={row.pk}"})
    if ACTS[slug].opens_to(standing.rights):
        url = reverse("act", args=[standing.installation.code, slug])
        found.append({"label": _("Corriger une erreur de saisie"), "url": f"{url}?corrige={row.pk}"})
    return found
