"""Sentences of a page: the number of a count, lists of codes, what stays French. Pure words; no row, no clock."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from compliance.templatetags import wording

FOLDED, FIRST = 12, 6


def as_written(text: str) -> str:
    """Return a sentence of the law, said to be French to who reads in English: it is not translated."""
    return wording.quoted(wording.sentence(text))


def sentences(parts: Sequence[str]) -> SafeString:
    """Return whole sentences one after the other, some of which are markup already."""
    return format_html_join(" ", "{}", ((wording.sentence(part),) for part in parts))


def filled(words: str, **values: str) -> SafeString:
    """Return a sentence filled with values, some of which are markup already."""
    return format_html(wording.sentence(words), **{name: wording.sentence(value) for name, value in values.items()})


def ngettext(one: str, several: str, count: int) -> str:
    """Return the words of a count, to be filled: none is a singular in French, a plural in English."""
    singular = count == 0 and not wording.in_english()
    return translation.ngettext(one, several, 1 if singular else count)


def listed(codes: Sequence[str]) -> str:
    """« VAL-01, VAL-02 et VAL-03 »; of a long list the first ones, then « et 994 autres »."""
    if len(codes) < 2:
        return "".join(codes)
    if len(codes) > FOLDED:
        count = len(codes) - FIRST
        words = ngettext("{codes} et {count} autre", "{codes} et {count} autres", count)
        return words.format(codes=", ".join(codes[:FIRST]), count=wording.grouped(count))
    return _("{codes} et {last}").format(codes=", ".join(codes[:-1]), last=codes[-1])


def opening(sentence: str) -> str:
    """Return a sentence with its capital, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]
