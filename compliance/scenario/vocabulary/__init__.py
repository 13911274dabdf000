"""The words of a story: every act of the product, as a jurist names it. One table, and the guide is written from it."""

from compliance.scenario.reading import plain
from compliance.scenario.vocabulary import accounts, mistakes, orders, papers, people, places, seen, titles
from compliance.scenario.vocabulary.base import Field, Word, read_fields

CHAPTERS: tuple[tuple[str, tuple[Word, ...]], ...] = (
    ("La commune et les personnes", people.WORDS),
    ("Les positions et les appareils", places.WORDS),
    ("Les arrêtés du préfet", orders.WORDS),
    ("Les pièces du dossier", papers.WORDS),
    ("Qui peut voir", titles.WORDS),
    ("Ce que les machines ont vu", seen.WORDS),
    ("Ce qui a été saisi par erreur", mistakes.WORDS),
    ("Les comptes et les droits de bureau", accounts.WORDS),
)
WORDS: dict[str, Word] = {plain(word.name).lower(): word for _, words in CHAPTERS for word in words}

__all__ = ["CHAPTERS", "WORDS", "Field", "Word", "read_fields"]
