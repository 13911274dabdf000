"""What makes a write an act: a right, one transaction, one journal entry, one beat of the pulse."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance.events import System
from compliance.models import Account, Act, Document, Ended, Head, Installation, Person, Position, Pulse

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=models.Model)
# Not an office: what an account does to itself, such as choosing its password.
OWN = "own"
WITHOUT = _("Cet acte demande un droit sur l’installation que votre fonction n’a pas.")
ONESELF = _("Nul ne se donne un droit ou un titre à soi-même : un autre compte qui a ce droit enregistre cet acte.")
VOIDED = _("Cette saisie a déjà été corrigée ou annulée.")
# Any number, the same for all: one act at a time.
ACTS_LOCK = 2530
By = Account | System


class SilentAct(RuntimeError):
    """An act that wrote no journal entry: a bug, never a user's mistake."""


def installation_of(subject: Any) -> Installation | None:
    """Return the installation on which the right is asked: the subject itself, or what it belongs to."""
    if isinstance(subject, Installation):
        return subject
    for owner in ("installation", "position", "order", "panel", "mounting", "aipd", "agreement"):
        if hasattr(subject, owner):
            return installation_of(getattr(subject, owner))
    return None


def may(by: By, right: str, installation: Installation | None) -> bool:
    """True when the account holds the office right on the installation. The console installs and configures."""
    if isinstance(by, System):
        return True
    return bool(by.is_active and installation is not None and by.has_perm(f"compliance.{right}", installation))


def act(*rights: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an act: check the right on its subject, open the transaction, demand a journal entry, beat.

    The act's function takes its subject first, then keywords, with `at` (the instant of recording) and `by` last.
    Any of the rights is enough. Raises PermissionDenied without one, and whatever ValidationError the act raises, with
    nothing written. Inside, the language is French whoever reads the page: what is written is in French, and a refusal
    is a lazy text, said later in the reader's language.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by: Any = kwargs["by"]
            subject = kwargs.get("installation") or (args[0] if args else None)
            if not _allowed(by, subject, rights):
                raise PermissionDenied(WITHOUT)
            with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
                _one_at_a_time()
                _afresh(args[0] if args else None)
                before = _written()
                result = function(*args, **kwargs)
                if _written() == before:
                    raise SilentAct(function.__qualname__)
                beat()
            return result

        run.rights = rights  # type: ignore[attr-defined]
        return run

    return decorate


def _one_at_a_time() -> None:
    """Wait for the act that another transaction is writing: what this one checks must still hold when it writes.

    SQLite's IMMEDIATE transactions are alone to write. The journal's head is not held: the recorder writes meanwhile.
    """
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACTS_LOCK])


def _afresh(subject: Any) -> None:
    """Read an entry again, since it was read before the wait. Raises when it was voided meanwhile."""
    if isinstance(subject, (Act, Ended)) and subject.pk:
        subject.refresh_from_db()
        if getattr(subject, "void_at", None) is not None:
            raise ValidationError(VOIDED)


def demand(by: By, rights: Iterable[str], installation: Installation) -> None:
    """Raise without any of the rights: for an act whose right depends on what it is done to."""
    if not any(may(by, right, installation) for right in rights):
        raise PermissionDenied(WITHOUT)


def _allowed(by: By, subject: Any, rights: tuple[str, ...]) -> bool:
    own = OWN in rights and isinstance(by, Account) and by.is_active and getattr(subject, "account", subject) == by
    return own or any(may(by, right, installation_of(subject)) for right in rights if right != OWN)


def _written() -> int:
    return Head.objects.values_list("seq", flat=True).get()


def beat() -> None:
    """Increment the pulse inside the current transaction: recorder and web ask the gate again when it moves."""
    if not Pulse.objects.filter(pk=1).update(beat=F("beat") + 1):
        Pulse.objects.create(pk=1, beat=1)


def end(row: Ended, *, at: datetime, by: By, **ends: date | datetime) -> None:
    """Write the end of a row: its legal date, and when and by whom that end was entered."""
    for name, value in ends.items():
        setattr(row, name, value)
    row.end_recorded_at, row.end_recorded_by = at, who(by)
    row.save(update_fields=[*ends, "end_recorded_at", "end_recorded_by"])


def sooner(written: date | None, ends_on: date) -> None:
    """Raise when an act of end would prolong: whoever may end a title, their own included, may not lengthen it."""
    if written is not None and ends_on > written:
        raise ValidationError(
            {
                "ends_on": format_lazy(
                    _("La fin est déjà écrite, le {day:%d/%m/%Y} : un acte de fin ne prolonge rien."),
                    day=written,
                )
            }
        )


def who(by: By) -> Account | None:
    """Return the account to keep on the row; the journal also names a process."""
    return by if isinstance(by, Account) else None


def written(row: Row, *, at: datetime, by: By, reason: str = "") -> Row:
    """Save a row whose fields' history is kept, at the act's instant and by its author: the library reads no clock."""
    row._history_date, row._history_user, row._change_reason = at, who(by), reason[:100]  # type: ignore[attr-defined]
    row.save()
    return row


def sha(document: Document | None) -> str | None:
    """Return the fingerprint that the journal keeps of a proof."""
    return document.sha256 if document else None


def belong(positions: Iterable[Position], installation: Installation) -> None:
    """Raise when a position is of another installation: a right on one gives nothing on the other."""
    if any(p.installation_id != installation.pk for p in positions):
        raise ValidationError({"positions": _("Une position n’est pas de cette installation.")})


def not_oneself(by: By, person: Person, *, field: str = "person") -> None:
    """Raise when somebody would give themselves a right, an office or a title: nobody validates what they wrote."""
    if isinstance(by, Account) and by.person_id == person.pk:
        raise ValidationError({field: ONESELF})


def ordered(starts_on: date, ends_on: date | None) -> None:
    """Raise when a last day comes before the first one."""
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError(
            {
                "ends_on": format_lazy(
                    _("La fin ne peut précéder le début : au plus tôt le {starts_on:%d/%m/%Y}."), starts_on=starts_on
                )
            }
        )
