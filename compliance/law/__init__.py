"""The law as values: articles with how far each was checked, and the Paris calendar. No Django, no clock."""

from compliance.law.articles import ARTICLES, LAW_DATE, Article, Tag, article, articles
from compliance.law.calendar import (
    PARIS,
    YEARS,
    add_months,
    day_after,
    erase_at,
    instant_of,
    last_day,
    legal_day,
    midnight,
)
from compliance.law.instants import changes

__all__ = [
    "ARTICLES",
    "LAW_DATE",
    "PARIS",
    "YEARS",
    "Article",
    "Tag",
    "add_months",
    "article",
    "articles",
    "changes",
    "day_after",
    "erase_at",
    "instant_of",
    "last_day",
    "legal_day",
    "midnight",
]
