"""Reads the structure of a received PDF: does it do something by itself, or hide a file? It keeps and changes nothing.

Objects inside compressed streams are read too, which a search of the bytes would miss; the bytes of an image are not.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What an action may not be (ISO 32000-2, 12.6.4): it runs, sends, plays, or leads to another file.
ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"}
    | {"/RichMediaExecute", "/GoTo3DView"}
)
# Triggers, scripts, and files carried along.
KEYS: Final = frozenset({"/AA", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
DEEPEST: Final = 50
ACTIVE: Final = _("Ce PDF contient un script ou un fichier caché. Réimprimez-le en PDF, puis déposez-le.")


def refuse_active(content: bytes) -> None:
    """Raise ValidationError on a PDF that is active, locked by a password, or too damaged to be read."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if any(_acts(value) for value in _everything(pdf)):
                raise ValidationError(ACTIVE)
            # A document without any page shows nothing to whoever opens it.
            if not len(pdf.pages):
                raise ValidationError(_("Ce PDF n’a aucune page. Réimprimez-le en PDF, puis déposez-le."))
    except pikepdf.PasswordError:
        raise ValidationError(
            _("Ce PDF est protégé par un mot de passe. Déposez-en une copie sans mot de passe.")
        ) from None
    except (pikepdf.PdfError, RecursionError, ValueError):
        raise ValidationError(_("Ce PDF est abîmé. Réimprimez-le en PDF, puis déposez-le.")) from None


def _everything(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary of the document, those of streams included."""
    yield from _within(pdf.trailer, depth=0)
    for value in pdf.objects:
        yield from _within(value, depth=0)


def _within(value: Any, *, depth: int) -> Iterator[Any]:
    """Yield a value's dictionaries; another object that it only refers to is read by itself."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, pikepdf.Stream):
        value = value.stream_dict
    if isinstance(value, pikepdf.Dictionary):
        yield value
        children = [child for _, child in value.items()]
    elif isinstance(value, pikepdf.Array):
        children = list(value)  # type: ignore[call-overload]
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _within(child, depth=depth + 1)


def _acts(value: Any) -> bool:
    """True for a dictionary that runs something, sends something, or carries a file."""
    keys = set(value.keys())
    return bool(keys & KEYS) or ("/S" in keys and str(value["/S"]) in ACTIONS)
