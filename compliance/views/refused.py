"""The status of a form shown again because an answer was refused: 422, as acts answer. Status only; no text, no row."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse


def status(form: forms.BaseForm) -> int:
    """Return the status of a page that shows a form: 422 when what was sent is refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a page of allauth's say that it refused: it shows its form again with the status of a success."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == HTTPStatus.OK and isinstance(form, forms.BaseForm):
            response.status_code = status(form)
        return response

    return answer
