"""The papers of an installation: those issued, those to ask for, and how far a batch has come."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from compliance.documents import ASKERS, KINDS
from compliance.forms.papers import FORMS
from compliance.models import Batch, Document
from compliance.templatetags import wording
from compliance.templatetags.claire import quoted, state
from compliance.views import refused
from compliance.views.clock import now
from compliance.views.french import ngettext
from compliance.views.rights import READERS, Standing, account_of, demanded, opened

SHOWN = 50
HEAD = [
    gettext_lazy("Document"),
    gettext_lazy("Version"),
    gettext_lazy("État"),
    gettext_lazy("Édité"),
    "PDF",
    gettext_lazy("Empreinte"),
]


@never_cache
@login_required
@require_GET
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """List what was issued, and what the account may ask for."""
    standing = opened(request, code, *READERS, *ASKERS)
    place, seen = standing.installation, visible(standing)
    issued = Document.objects.filter(installation=place, kind__in=seen, version__isnull=False).order_by("-pk")
    page = Paginator(issued.select_related("recorded_by__person"), SHOWN).get_page(request.GET.get("page"))
    running = Batch.objects.filter(installation=place, kind__in=seen, finished_at=None).order_by("asked_at")
    context = {
        "installation": place,
        "title": _title(page.paginator.count),
        "kinds": [
            {"title": KINDS[slug].verb, "about": KINDS[slug].about, "articles": KINDS[slug].articles, "slug": slug}
            for slug in seen
            if standing.rights.intersection(KINDS[slug].any_right)
        ],
        "running": [progress(batch) for batch in running],
        "head": HEAD,
        "rows": rows(list(page)),
        "page": page,
        "crumbs": _crumbs(standing),
    }
    return render(request, "compliance/papers.html", context)


def visible(standing: Standing) -> list[str]:
    """Return the kinds that the account sees: every one for a reader, else those that it may ask for."""
    return [slug for slug, kind in KINDS.items() if standing.reads or standing.rights.intersection(kind.any_right)]


def rows(issued: list[Document]) -> list[dict[str, Any]]:
    """Return the lines of the table of papers."""
    return [{"cells": _cells(document), "current": False} for document in issued]


def _cells(document: Document) -> list[Any]:
    link = format_html(
        '<a href="{}">{} <span class="code">{}</span></a>',
        reverse("document", args=[document.pk]),
        quoted(KINDS[document.kind].title),
        document.subject,
    )
    mark = state("ok", _("Prêt")) if document.complete else state("todo", _("À compléter"))
    by = document.recorded_by or _("Console")
    when = f"{wording.instant(document.recorded_at)}, {by}"
    print_ = format_html('<span class="hash" title="{}">{}…</span>', document.sha256, document.sha256[:16])
    return [link, str(document.version), mark, when, wording.size(document.size), print_]


def _title(count: int) -> str:
    words = ngettext("{count} document édité", "{count} documents édités", count)
    return words.format(count=wording.in_words(count)).capitalize()


def _crumbs(standing: Standing, *more: str) -> list[dict[str, str]]:
    place = standing.installation
    found = [{"label": _("Accueil"), "url": reverse("home")}]
    if standing.reads:
        found.append({"label": place.name, "url": reverse("installation", args=[place.code])})
    found.append({"label": _("Documents"), "url": reverse("papers", args=[place.code]) if more else ""})
    return found + [{"label": label, "url": ""} for label in more]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Ask what the papers need; ask for them, once however often the form is sent."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404(_("Ce document n’existe pas."))
    standing, at = opened(request, code, *kind.any_right), now()
    place = standing.installation
    first = {"key": uuid.uuid4(), **_first(request)}
    sent = request.POST if request.method == "POST" else None
    form = FORMS[slug](sent, kind=kind, installation=place, at=at, initial=first)
    if form.is_valid():
        known = Batch.objects.filter(pk=form.cleaned_data["key"], installation=place, kind=slug).first()
        try:
            asked = known or form.issue(at=at, by=account_of(request))
        except ValidationError as refusal:
            form.refuse(refusal)
        except IntegrityError:  # the same request at the same instant, or a key of somebody else's
            return redirect("paper_batch", place.code, form.cleaned_data["key"])
        else:
            return redirect("paper_batch", place.code, asked.pk)
    context = {"kind": kind, "installation": place, "form": form, "crumbs": _crumbs(standing, kind.title)}
    return render(request, "compliance/paper_ask.html", context, status=refused.status(form))


def _first(request: HttpRequest) -> dict[str, str]:
    """Return the first answers that an address may give: of what, on which day."""
    names = {"sujet": "subjects", "le": "on", "du": "since", "au": "until"}
    return {field: request.GET[name] for name, field in names.items() if name in request.GET}


@never_cache
@login_required
@require_GET
def batch(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """Say how far a batch has come: the page may be left, reloaded, or opened elsewhere."""
    standing = opened(request, code, *READERS, *ASKERS)
    found = get_object_or_404(Batch, pk=pk, installation=standing.installation)
    kind = KINDS[found.kind]
    demanded(standing, *READERS, *kind.any_right)
    context = {
        "installation": standing.installation,
        "kind": kind,
        "progress": progress(found),
        "head": HEAD,
        "rows": rows(list(found.papers.select_related("recorded_by__person").order_by("pk"))),
        "crumbs": _crumbs(standing, kind.title),
    }
    return render(request, "compliance/paper_batch.html", context)


def progress(found: Batch) -> dict[str, Any]:
    """Return how far a batch has come, in figures and in words."""
    done, total = found.papers.count(), len(found.subjects)
    return {
        "pk": found.pk,
        "kind": KINDS[found.kind].title,
        "done": done,
        "total": total,
        "over": found.finished_at is not None,
        "failure": found.failure,
        "title": _told(found, done, total),
    }


def _told(found: Batch, done: int, total: int) -> str:
    if found.failure:
        return _("L’édition s’est arrêtée.")
    if found.finished_at is not None:
        words = ngettext("Votre document est prêt.", "Vos {total} documents sont prêts.", total)
    elif not done or total == 1:
        words = ngettext("Votre document se prépare.", "Vos {total} documents se préparent.", total)
    else:
        words = ngettext("{done} document prêt sur {total}.", "{done} documents prêts sur {total}.", done)
    return words.format(done=wording.grouped(done), total=wording.grouped(total))
