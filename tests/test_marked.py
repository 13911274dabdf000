"""Every text of a template is marked for translation, or said to be French: a forgotten one would stay French."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# French whoever reads: the papers, and the notice of the panels (decision 11).
FRENCH = ("compliance/documents/", "compliance/notice.html")
SHOWN = {"aria-label", "aria-description", "title", "alt", "placeholder", "data-label", "label"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNREAD = {"script", "style"}
# The same in every language: names, formats.
NAMED = re.compile(r"\b(Claire-voie|PDF|CSI|SHA-256|dark)\b")
TAG = re.compile(r"\{%\s*(\w+)(.*?)%\}|\{\{(.*?)\}\}", re.DOTALL)
ASIDE = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
MARKED = re.compile(r"\{%\s*blocktrans(late)?\b.*?\{%\s*endblocktrans(late)?\s*%\}", re.DOTALL)
CONSTANT = re.compile(r"""(_\(\s*)?("[^"]*"|'[^']*')""")
# Tags and filters whose constants name something to the code, and show nothing.
NAMING = {"art", "block", "cycle", "extends", "elif", "for", "icon", "if", "ifchanged", "load", "now", "static", "url"}
NAMING_FILTER = re.compile(r"\|(date|time|join|default_if_none|cut|add|outcome|element):\s*(\"[^\"]*\"|'[^']*')")
WORD = re.compile(r"[^\W\d_]{2,}")


def templates() -> list[str]:
    found = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    return [name for name in found if not name.startswith(FRENCH)]


class Reader(HTMLParser):
    """Gathers the texts and the shown attributes that stand outside the elements whose language is written."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        aside = given.get("lang") in {"fr", "en"} or tag in UNREAD or self._aside()
        if not aside:
            self.found += [value for name, value in attrs if name in SHOWN and value]
        if tag not in VOID:
            self.open.append((tag, aside))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        # A tag opened in one branch of an {% if %} may be closed twice: only what is open closes.
        if any(name == tag for name, _aside in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._aside():
            self.found.append(data)

    def _aside(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def unmarked(source: str) -> list[str]:
    """Return the words that a template shows without having marked them."""
    source = MARKED.sub("", ASIDE.sub("", source))
    reader = Reader()
    reader.feed(TAG.sub(" ", source))
    reader.close()
    return [*_said(reader.found), *_said(_constants(source))]


def _said(texts: list[str] | Iterator[str]) -> Iterator[str]:
    for text in texts:
        plain = " ".join(text.split())
        if WORD.search(NAMED.sub("", plain)):
            yield plain


def _constants(source: str) -> Iterator[str]:
    """Yield the constants that look like words, given to a tag or a filter that shows them."""
    for name, inside, variable in TAG.findall(source):
        if name in NAMING or name in {"translate", "trans"}:
            continue
        given = NAMING_FILTER.sub("", inside or variable)
        given = re.sub(r"^\s*(\"[^\"]*\"|'[^']*')", "", given) if name in {"include", "state"} else given
        for mark, quoted in CONSTANT.findall(given):
            text = quoted[1:-1]
            if not mark and (
                " " in text.strip() or (re.match(r"[^\W\d_]", text) and not text.islower()) or not text.isascii()
            ):
                yield text


@pytest.mark.parametrize("name", templates())
def test_every_text_is_marked_or_said_to_be_french(name: str) -> None:
    assert unmarked((TEMPLATES / name).read_text(encoding="utf-8")) == [], f"templates/{name}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Aucune caméra</p>", ["Aucune caméra"]),
        ('<p aria-label="Fermer">{{ name }}</p>', ["Fermer"]),
        ('{% include "x.html" with title="Rien ici" url="" %}', ["Rien ici"]),
        ('{% state "ok" "Prêt" %}', ["Prêt"]),
        ('{{ "Aucune"|phrase }}', ["Aucune"]),
        ('<p>{% translate "Aucune caméra" %} {# Aucune #}</p>', []),
        ("<p>{% blocktranslate trimmed with n=1 %}Une <b>caméra</b>{% endblocktranslate %}</p>", []),
        ('<p lang="fr">Aucune <b>caméra</b></p><p>Autre</p>', ["Autre"]),
        ('{% include "x.html" with title=_("Rien ici") %}', []),
        ('{{ day|date:"Y-m-d" }} {% art "CSI L252-1" %} {% url "home" as home_url %}', []),
        ("<script>if (a) { b(); }</script><p>·</p>", []),
    ],
)
def test_a_forgotten_text_would_be_found(source: str, found: list[str]) -> None:
    assert unmarked(source) == found
