"""A page read by its elements, for the tests that look at what a template writes."""

from html.parser import HTMLParser

Attributes = dict[str, str]


class Page(HTMLParser):
    """The elements of a page, in order, with their attributes; an attribute without a value is empty."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each element as it opens."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[Attributes]:
        """Return the attributes of every element of that name."""
        return [attrs for name, attrs in self.elements if name == tag]

    def one(self, identifier: str) -> Attributes:
        """Return the attributes of the only element that bears this id."""
        (found,) = [attrs for _, attrs in self.elements if attrs.get("id") == identifier]
        return found

    def ids(self) -> list[str]:
        """Return every id, in order, repeated if the page repeats it."""
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    def place(self, identifier: str) -> int:
        """Return the rank of an element in the page, to say what comes before what."""
        return next(rank for rank, (_, attrs) in enumerate(self.elements) if attrs.get("id") == identifier)
