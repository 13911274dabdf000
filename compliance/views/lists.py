"""A long list as a page shows it: what is searched for, fifty lines at a time, and how many there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest

PER_PAGE = 50
LONGEST = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """The lines shown: `first` to `last` of the `count` that answer to what is searched, of `total` in all."""

    shown: list[T]
    searched: str
    total: int
    count: int
    first: int
    last: int
    before: str
    after: str

    @property
    def long(self) -> bool:
        """True where a field to search is of use."""
        return self.total > PER_PAGE


def listing(request: HttpRequest, found: Sequence[T], *, text: Callable[[T], str], page: str = "page") -> Listing[T]:
    """Return the page asked of a list, searched by `?q=` in what `text` says of a line; `page` names its parameter."""
    searched = request.GET.get("q", "").strip()[:LONGEST]
    words = searched.casefold().split()
    kept = [line for line in found if all(word in text(line).casefold() for word in words)] if words else found
    shown = Paginator(kept, PER_PAGE).get_page(request.GET.get(page))

    def address(number: int) -> str:
        asked = request.GET.copy()
        asked[page] = str(number)
        return f"?{asked.urlencode()}"

    return Listing(
        shown=list(shown),
        searched=searched,
        total=len(found),
        count=len(kept),
        first=shown.start_index(),
        last=shown.end_index(),
        before=address(shown.previous_page_number()) if shown.has_previous() else "",
        after=address(shown.next_page_number()) if shown.has_next() else "",
    )
