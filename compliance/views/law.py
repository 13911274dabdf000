"""The texts applied, word for word where the open record holds them, each with how far it was checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from compliance import law
from compliance.law import ARTICLES, Article, Tag

TEXTS = Path(law.__file__).parent / "texts.md"
HOW = {
    Tag.VERIFIED: gettext_lazy("lu mot pour mot"),
    Tag.ORDER_2007: gettext_lazy("lu dans l’arrêté d’origine"),
    Tag.SECONDARY: gettext_lazy("connu par une source secondaire"),
    Tag.MEMORY: gettext_lazy("cité de mémoire"),
    Tag.INTERPRETATION: gettext_lazy("lecture du logiciel"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An article on the page: its anchor, its text when it is known, how far it was checked."""

    article: Article
    paragraphs: Sequence[str]
    how: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation and its article."""

    text: str
    article: Article


@cache
def texts() -> dict[str, tuple[str, ...]]:
    """Return the paragraphs of each article of the code, by number, in all the versions that the code carries."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"## Article (\S+)", line)
        if heading:
            number = heading.group(1)
            found.setdefault(number, [])
        elif line.strip() and number:
            found[number].append(line.strip())
    return {key: tuple(lines) for key, lines in found.items()}


def quoted(number: str) -> Quote:
    """Return the first paragraph of an article of the code, between guillemets."""
    return Quote(f"« {texts()[number][0]} »", ARTICLES[f"CSI {number}"])


@require_GET
def texts_applied(request: HttpRequest) -> HttpResponse:
    """Show every article that the product cites. Open to all: the law is public."""
    found = texts()
    shown = [
        Shown(a, found.get(a.number, ()) if a.code == "CSI" else (), str(HOW[a.tag]))
        for a in sorted(ARTICLES.values(), key=_order)
    ]
    context = {"shown": shown}
    return render(request, "compliance/law.html", context)


def _order(article: Article) -> tuple[int, str, list[int]]:
    """The code first, laws before decrees, by number."""
    numbers = [int(n) for n in re.findall(r"\d+", article.number)]
    return (0 if article.code == "CSI" else 1, f"{article.code} {article.number[:1]}", numbers)
