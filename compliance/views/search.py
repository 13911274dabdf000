"""Search: a camera, a person, an order, a document, a text of law, a page or an act, by a few letters of its name.

It shows nothing that the reader's office does not open already. The journal is searched on its own page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from compliance.forms.acts import ACTS
from compliance.law import ARTICLES
from compliance.models import Document, Order, Person, Position
from compliance.templatetags import wording
from compliance.templatetags.wording import folded
from compliance.views.french import ngettext, opening
from compliance.views.guide import GUIDE
from compliance.views.rights import Standing, may_hold_images, standings

SHORTEST = 2
SHOWN = 12
PAGES_FOR_READERS = ("positions", "people", "journal")


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the answer: what it is called, what more is known, where it is."""

    name: str
    more: str
    url: str


@never_cache
@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Look for every word in every kind of thing that the reader may open."""
    asked = request.GET.get("q", "").strip()[:80]
    words = folded(asked).split()
    short = bool(asked) and max(map(len, words), default=0) < SHORTEST
    held = standings(request)
    groups = [] if not words or short else list(_groups(request, held, words))
    count = sum(group["count"] for group in groups)
    context = {
        "asked": asked,
        "short": short,
        "title": _title(asked, count) if words and not short else _("Rechercher"),
        "groups": groups,
    }
    return render(request, "compliance/search.html", context)


def _title(asked: str, count: int) -> str:
    words = ngettext("{count} réponse pour « {asked} »", "{count} réponses pour « {asked} »", count)
    return opening(words.format(count=wording.in_words(count, feminine=True), asked=asked))


def _groups(request: HttpRequest, held: list[Standing], words: list[str]) -> Iterator[dict[str, Any]]:
    reads = [s.installation for s in held if s.reads]
    kinds: list[tuple[str, Iterable[Found]]] = [
        (_("Caméras"), _positions(reads)),
        (_("Actes"), _acts(held)),
        (_("Pages"), _pages(request, reads)),
        (_("Arrêtés"), _orders(reads)),
        (_("Personnes"), _people(reads)),
        (_("Pièces"), _documents(reads)),
        (_("Textes"), _texts()),
    ]
    for label, everything in kinds:
        found = [f for f in everything if all(w in folded(f"{f.name} {f.more}") for w in words)]
        if found:
            yield {"label": label, "count": len(found), "found": found[:SHOWN], "hidden": max(0, len(found) - SHOWN)}


def _positions(reads: list[Any]) -> Iterator[Found]:
    rows = Position.objects.filter(installation__in=reads).order_by("code").values_list("code", "address")
    for code, address in rows:
        yield Found(code, address, reverse("position", args=[code]))


def _acts(held: list[Standing]) -> Iterator[Found]:
    for standing in held:
        for page in ACTS.values():
            if page.opens_to(standing.rights):
                yield Found(
                    str(page.title), str(page.changes), reverse("act", args=[standing.installation.code, page.slug])
                )


def _pages(request: HttpRequest, reads: list[Any]) -> Iterator[Found]:
    yield Found(GUIDE["home"].name, GUIDE["home"].use, reverse("home"))
    yield Found(GUIDE["law"].name, GUIDE["law"].use, reverse("law"))
    if may_hold_images(request):
        yield from _page("live")
    if reads:
        for name in (*PAGES_FOR_READERS, "health"):
            yield from _page(name)
    for place in reads:
        for name in ("installation", "installation_instant", "changes"):
            told = GUIDE[name]
            yield Found(f"{told.name} ({place.name})", told.use, reverse(name, args=[place.code]))


def _page(name: str) -> Iterator[Found]:
    try:
        yield Found(GUIDE[name].name, GUIDE[name].use, reverse(name))
    except NoReverseMatch:
        return  # a page of another floor, absent here


def _orders(reads: list[Any]) -> Iterator[Found]:
    rows = Order.objects.filter(installation__in=reads).select_related("installation").order_by("-signed_on")
    for order in rows:
        first, last = wording.day_in_full(order.starts_on), wording.day_in_full(order.ends_on)
        days = _("du {first} au {last}").format(first=first, last=last)
        url = (
            reverse("document", args=[order.document_id])
            if order.document_id
            else reverse("installation", args=[order.installation.code])
        )
        yield Found(_("Arrêté {number}").format(number=order.number), days, url)


def _people(reads: list[Any]) -> Iterator[Found]:
    authorities = [place.authority_id for place in reads]
    rows = Person.objects.filter(authority__in=authorities).order_by("code").values_list("code", "name", "function")
    for code, name, function in rows:
        yield Found(code, f"{name}, {function}", f"{reverse('people')}#{code}")


def _documents(reads: list[Any]) -> Iterator[Found]:
    rows = Document.objects.filter(installation__in=reads).order_by("-pk").values_list("pk", "name", "kind")
    for pk, name, kind in rows:
        yield Found(name, kind, reverse("document", args=[pk]))


def _texts() -> Iterator[Found]:
    for article in ARTICLES.values():
        yield Found(article.label, article.about, f"{reverse('law')}#{article.anchor}")
