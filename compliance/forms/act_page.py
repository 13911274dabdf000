"""What the page of an act says: its form, its right, the law beside it, its words. A value; the tables hold them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from compliance.forms.base import ActForm
from compliance.law import Article, article

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a verb is followed by before a code, in either language.
LINKS = (" de", " pour", " of", " for")
BY_POSITION = _("Détail, position par position")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """What the page of an act says; `todo` is its verb before a position's code (« Vérifier les masques de »)."""

    slug: str
    form: type[ActForm]
    title: "StrOrPromise"
    right: str
    also: tuple[str, ...] = ()
    law: str
    quote: str
    changes: "StrOrPromise"
    button: "StrOrPromise"
    todo: "StrOrPromise" = ""
    stop: "StrOrPromise" = ""
    groups: "StrOrPromise" = BY_POSITION

    @property
    def rights(self) -> tuple[str, ...]:
        """Any of them opens the page."""
        return (self.right, *self.also)

    def opens_to(self, held: Iterable[str]) -> bool:
        """True when one of the rights held opens the page."""
        return not set(self.rights).isdisjoint(held)

    @property
    def short(self) -> str:
        """The button that leads here: « Vérifier les masques »."""
        words = str(self.todo)
        for link in LINKS:
            words = words.removesuffix(link)
        return words or str(self.title)

    @property
    def quoted(self) -> str:
        """The quotation between guillemets; the article's subject when nothing is quoted."""
        return f"« {self.quote} »" if self.quote else f"{self.article.about.capitalize()}."

    @property
    def article(self) -> Article:
        """The article quoted beside the form."""
        return article(self.law)


DARK = _("Je confirme : les caméras que cet acte frappe s’éteignent, et leurs images ne sont plus vues.")
BLIND = _("Je confirme : cette personne ne voit plus aucune image par cet acte.")
