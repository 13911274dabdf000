"""The only user of the PDF renderer: from a page whole in itself to a tagged PDF/UA-1. It fetches nothing, ever."""

from functools import cache
from pathlib import Path

STYLESHEET = Path(__file__).parent / "paper.css"


class RendererMissing(RuntimeError):
    """The machine lacks the libraries that lay out text."""


class Fetched(ValueError):
    """A page asked for something outside itself: a template is wrong, and nothing is made."""


@cache
def stylesheet() -> str:
    """Return the paper's stylesheet, read once."""
    return STYLESHEET.read_text(encoding="utf-8")


def pdf(html: str) -> bytes:
    """Return the page as PDF/UA-1. Raises RendererMissing without Pango, Fetched on any address."""
    try:
        # Pango is loaded by the import itself: the site and its tests must start without it.
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415
    except OSError as fault:
        raise RendererMissing(
            "Il manque Pango : installez libpango-1.0-0, libpangoft2-1.0-0 et libharfbuzz-subset0."
        ) from fault
    # No protocol at all, and a page that asks for one stops: what a field holds can neither call out nor read a file.
    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    try:
        written: bytes = HTML(string=html, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as fault:
        raise Fetched(str(fault)) from fault
    return written
