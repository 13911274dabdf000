"""What every kind of paper shares: what it is about, what it lacks, how its context becomes a page and its fingerprint.

It reads no clock: a paper speaks of an instant that it is given. It writes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from compliance.documents import render
from compliance.facts import Order
from compliance.law import Article, article
from compliance.models import Contact, Installation
from compliance.templatetags import wording

Context = dict[str, Any]
READ = ("control", "read")


class Unwritable(ValueError):
    """The paper cannot be written, and why, in French: an expected refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a paper is about: a code inside an installation, what was answered when it was asked, and its version."""

    installation: Installation
    code: str
    version: int
    issued_at: datetime
    given: Mapping[str, Any]
    # What the papers of one batch read once for all: they speak of the same instant.
    shelf: dict[str, Any] = field(default_factory=dict, compare=False)

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """Return what was read under this name in the batch, or read it."""
        if name not in self.shelf:
            self.shelf[name] = read()
        return self.shelf[name]

    def day(self, name: str) -> date | None:
        """Return a day that was given, or None."""
        written = self.given.get(name)
        return date.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of the installation that a paper of this kind may be about."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of paper: who may ask for it, of what, and how it is written."""

    slug: str
    title: str
    verb: str
    about: str
    articles: tuple[Article, ...]
    any_right: tuple[str, ...]
    template: str
    choices: Callable[[Installation, datetime], Sequence[Choice]]
    context: Callable[..., Context]
    spoken_at: Callable[[Subject], datetime] = lambda subject: subject.issued_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper made: its bytes and the context that they show, ready to be kept."""

    kind: Kind
    subject: Subject
    title: str
    complete: bool
    spoken_at: datetime
    content: bytes
    context: bytes

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.kind.slug}-{self.subject.code}-v{self.subject.version}.pdf"


class Holes:
    """What a paper lacks, collected while its context is written: each hole is shown, and keeps the paper a draft."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def need(self, value: Any, what: str) -> Any:
        """Return the value; note what is missing when there is none."""
        if not value and what not in self.found:
            self.found.append(what)
        return value or ""


def make(kind: Kind, subject: Subject) -> Paper:
    """Write a paper, in French whoever asks. The same context gives the same bytes.

    Raises Unwritable, or RendererMissing without Pango.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _written(kind, subject)


def _written(kind: Kind, subject: Subject) -> Paper:
    at = kind.spoken_at(subject)
    context = cleaned(kind.context(subject, at=at))
    return Paper(
        kind=kind,
        subject=subject,
        title=context["title"],
        complete=not context["lacking"],
        spoken_at=at,
        content=render.pdf(html(kind, context)),
        context=canonical(context),
    )


def html(kind: Kind, context: Context) -> str:
    """Return the page of a context, whole in itself: it asks for no other file."""
    return render_to_string(kind.template, {**context, "stylesheet": render.stylesheet()})


def canonical(context: Context) -> bytes:
    """Return the context as it is kept and hashed."""
    return json.dumps(context, ensure_ascii=False, sort_keys=True, indent=1).encode()


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def cleaned(value: Any) -> Any:
    """Return the same values without the characters that no page may hold, whoever typed them."""
    match value:
        case str():
            return "".join(c for c in value if c.isprintable() or c in "\n\u00a0\u202f\u00ad")
        case Mapping():
            return {key: cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [cleaned(item) for item in value]
    return value


# ---------------------------------------------------------------------------------------- what several kinds say alike
def heading(subject: Subject, title: str, holes: Holes, **more: Any) -> Context:
    """Return what every paper shows around its text. Call it last: it tells what was found missing."""
    place = subject.installation
    issued = wording.day_in_full(subject.issued_at)
    state = (
        f"Brouillon du {issued}, non scellé" if holes.found else f"Version {subject.version} du {issued}, non scellé"
    )
    return {
        "title": title,
        "commune": place.authority.name,
        "installation": place.name,
        "code": place.code,
        "subject": subject.code,
        "version": subject.version,
        "issued": issued,
        "state": state,
        "lacking": holes.found,
        **more,
    }


def cited(*labels: str | Article) -> list[Context]:
    """Return articles as a paper cites them, « à vérifier » where nobody read them word for word."""
    found = [article(label) if isinstance(label, str) else label for label in labels]
    return [{"label": a.label, "number": a.number, "to_verify": a.to_verify} for a in found]


def contact_of(installation: Installation, day: date) -> Contact | None:
    """Return the contact details of the responsible on a day."""
    held = Contact.objects.filter(authority=installation.authority_id, since__lte=day)
    return held.order_by("since", "pk").last()


def named(order: Order) -> str:
    """« n° 2024-VP-0142 du 15 mars 2024 »."""
    return f"n° {order.number} du {wording.day_in_full(order.signed_on)}"


def all_named(orders: Sequence[Order]) -> str:
    """« Arrêté préfectoral n° 2024-VP-0142 du 15 mars 2024 », several of them, or nothing."""
    numbers = " et ".join(map(named, orders))
    return numbers and f"{'Arrêté préfectoral' if len(orders) == 1 else 'Arrêtés préfectoraux'} {numbers}"
