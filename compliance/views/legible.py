"""Refuses a request that holds a NUL byte: no keyboard types one, and PostgreSQL keeps none in a text.

Looked for once, at the entrance, in all that a page may ask the database with: it reads nothing of what it refuses.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NUL = "\0"


class Legible:
    """Answer 400 in French to a NUL in an address, a cookie or a form, before any page reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what is read before the view: the session's cookie asks the database too."""
        given = [request.path, *_said(request.GET.lists()), *request.COOKIES.values()]
        return _refuse(request) if any(NUL in text for text in given) else self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Look at the form, once the token that guards it was checked: a stranger's form is not read for this."""
        if request.method in ("GET", "HEAD"):
            return None
        return _refuse(request) if any(NUL in text for text in _said(request.POST.lists())) else None


def _said(answers: Iterable[tuple[Any, Iterable[Any]]]) -> Iterable[str]:
    for name, values in answers:
        yield str(name)
        yield from map(str, values)


def _refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)
