"""What papers write and pages do not: a hole where a fact is missing."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from compliance.templatetags import wording

register = template.Library()
HOLE = mark_safe('<span class="hole">[À COMPLÉTER]</span>')


@register.filter
def filled(value: object) -> SafeString:
    """Write a fact as a plain sentence, or the hole that it leaves."""
    return wording.sentence(value) if value else HOLE


@register.filter
def cite(article: dict[str, object], name: str = "label") -> SafeString:
    """« CSI R253-3 », or its `number` alone, with « à vérifier » where nobody read the text word for word."""
    label = wording.sentence(article[name])
    return mark_safe(f'{label} <span class="tag">à vérifier</span>') if article["to_verify"] else label  # noqa: S308
