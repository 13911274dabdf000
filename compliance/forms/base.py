"""What the form of every act shares: its words, its proofs, its answers to check. It decides nothing about the law.

A form is bound to an installation and an instant. `perform` does the act; `answers` says what is about to be written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.forms.utils import ErrorDict
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.actions.account import Handed
from compliance.actions.base import By
from compliance.actions.document import media_type, receive
from compliance.forms.tick_list import TickList
from compliance.models import Document, Installation, Person, Position
from compliance.templatetags import wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STALE = _("Ce choix n’est plus proposé : le dossier a changé. Choisissez à nouveau dans la liste.")
MESSAGES: "tuple[tuple[type[forms.Field], dict[str, StrOrPromise]], ...]" = (
    (forms.FileField, {"required": _("Déposez le fichier."), "empty": _("Ce fichier est vide : déposez-en un autre.")}),
    (
        forms.DateTimeField,
        {"required": _("Donnez le jour et l’heure."), "invalid": _("Écrivez le jour et l’heure : 19/11/2026 14:32.")},
    ),
    (forms.DateField, {"required": _("Donnez la date."), "invalid": _("Écrivez la date ainsi : 19/11/2026.")}),
    (forms.IntegerField, {"required": _("Donnez un nombre."), "invalid": _("Écrivez un nombre entier.")}),
    (forms.FloatField, {"required": _("Donnez un nombre."), "invalid": _("Écrivez un nombre, avec un point : 48.67.")}),
    (forms.BooleanField, {"required": _("Cochez pour continuer.")}),
    (forms.ModelMultipleChoiceField, {"required": _("Cochez au moins une réponse."), "invalid_choice": STALE}),
    (forms.ModelChoiceField, {"required": _("Choisissez dans la liste."), "invalid_choice": STALE}),
    (forms.MultipleChoiceField, {"required": _("Cochez au moins une réponse."), "invalid_choice": STALE}),
    (forms.ChoiceField, {"required": _("Choisissez une réponse."), "invalid_choice": STALE}),
    (forms.Field, {"required": _("Répondez ici.")}),
)
# No fact of a dossier is dated outside; at the calendar's own ends, a term of five years cannot be counted.
YEARS = range(1900, 2200)
# A closed list of the law as a choice, in the language of the page: `head(terms.place, kind)`.
head = lazy(lambda say, one: say(one).capitalize(), str)
PERSON = _("La personne")
YES_NO = [("oui", _("Oui")), ("non", _("Non"))]


class Receive(Protocol):
    """How a proof is received: for good, or for a rehearsal that leaves nothing."""

    def __call__(  # noqa: PLR0913 (the signature of compliance.actions.document.receive)
        self, installation: Installation, *, kind: str, name: str, content: bytes, at: datetime, by: By, photo: bool
    ) -> Document: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of the page to check: the field, its label, what was answered."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Fields shown together under a title that folds, such as a line of an annex."""

    title: str
    fields: Sequence[forms.BoundField]
    open: bool = False


class ProofField(forms.FileField):
    """A file kept as a proof: PDF, JPEG or PNG by its bytes, whatever its name says; a picture only when `photo`."""

    def __init__(self, *, photo: bool = False, **kwargs: Any) -> None:
        self.photo = photo
        accept = "image/jpeg,image/png" if photo else "application/pdf,image/jpeg,image/png"
        kwargs.setdefault(
            "help_text", _("JPEG ou PNG, 20 Mo au plus.") if photo else _("PDF, JPEG ou PNG, 20 Mo au plus.")
        )
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), max_length=200, **kwargs)

    def clean(self, value: Any, initial: Any = None) -> Any:
        """Return the file, its bytes checked."""
        file = super().clean(value, initial)
        if isinstance(file, UploadedFile):
            file.seek(0)
            media_type(file.read(), photo=self.photo)
            file.seek(0)
        return file


def yes_no(label: "StrOrPromise", *, help_text: "StrOrPromise" = "") -> forms.TypedChoiceField:
    """Return a question answered by yes or no, neither being ticked beforehand."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "oui",
        empty_value=None,
    )


def positions_field(
    label: "StrOrPromise", *, required: bool = True, help_text: "StrOrPromise" = ""
) -> forms.ModelMultipleChoiceField:
    """Return the tick list of the installation's positions; `prepare` fills it."""
    return forms.ModelMultipleChoiceField(
        label=label,
        help_text=help_text,
        required=required,
        queryset=Position.objects.none(),
        to_field_name="code",
        widget=TickList,
    )


def people_field(label: "StrOrPromise" = PERSON) -> forms.ModelChoiceField:
    """Return the list of the commune's people; `prepare` fills it."""
    return forms.ModelChoiceField(
        label=label, queryset=Person.objects.none(), to_field_name="code", empty_label=_("Choisir une personne")
    )


class ActForm(forms.Form):
    """The form of an act."""

    use_required_attribute = False  # a file already kept must not be asked again by the browser
    asked: str = ""  # the number of that entry
    correcting: Any = None  # the entry that this form corrects (compliance.forms.entry)
    opening: ClassVar[str] = ""  # field whose value ?position=CODE gives

    def __init__(self, *args: Any, installation: Installation, at: datetime, **kwargs: Any) -> None:
        self.installation, self.at = installation, at
        self.receive: Receive = receive
        self.handed: Handed | None = None  # a one-time link that the act made, to be shown once
        super().__init__(*args, **kwargs)
        self.prepare()
        for field in self.fields.values():
            for kind, messages in MESSAGES:
                if isinstance(field, kind):
                    field.error_messages = {**field.error_messages, **messages}
                    break
            if isinstance(field, (forms.DateField, forms.DateTimeField)):
                field.validators.append(within_years)

    def prepare(self) -> None:
        """Fill the lists from the installation, and the answers already known."""
        fill: dict[str, Any] = {
            "positions": self.installation.positions.order_by("code"),
            "position": self.installation.positions.order_by("code"),
            "person": Person.objects.filter(authority=self.installation.authority_id).order_by("code"),
        }
        for name, rows in fill.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Fill the list of a field with the rows that the act may touch."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    @property
    def searching(self) -> bool:
        """True when a button of a long list sent the form: it is shown again as it was typed, and not judged."""
        return any(
            isinstance(field.widget, TickList) and field.widget.asked(self.data, name)
            for name, field in self.fields.items()
        )

    def full_clean(self) -> None:
        """Judge the answers, unless one is still searching."""
        if self.searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        """True when the answers hold, and were sent as answers."""
        return super().is_valid() and not self.searching

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:  # noqa: ARG003
        """Return the first answers of an act opened from a position."""
        known: dict[str, Any] = {k: v for k, v in asked.items() if k in cls.base_fields}
        if position is not None:
            if "position" in cls.base_fields:
                known["position"] = position.code
            if "positions" in cls.base_fields:
                known["positions"] = [position.code]
        return known

    def perform(self, *, at: datetime, by: By) -> Any:
        """Do the act. Raises ValidationError on what the act itself refuses."""
        raise NotImplementedError

    def carry_out(self, *, at: datetime, by: By) -> None:
        """Do what was asked: the act, unless an entry is corrected."""
        self.perform(at=at, by=by)

    def agent(self) -> Person | None:
        """Return the person whose images this act opens or closes; nobody when it touches the cameras themselves."""
        return None

    def proof(self, field: str, *, kind: str, at: datetime, by: By) -> Document | None:
        """Receive the file of a field as a document, or nothing when none was given."""
        file = self.cleaned_data.get(field)
        if not isinstance(file, UploadedFile):
            return None
        file.seek(0)
        asked = self.fields[field]
        photo = isinstance(asked, ProofField) and asked.photo
        return self.receive(
            self.installation, kind=kind, name=str(file.name), content=file.read(), at=at, by=by, photo=photo
        )

    def refuse(self, error: ValidationError) -> None:
        """Show what the act refused beside the field it names, else on top."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(None, error)

    def groups(self) -> list[Group]:
        """Return the fields shown apart."""
        return []

    def early(self) -> Iterator[forms.BoundField]:
        """Yield the fields of the first page, those of a group apart."""
        apart = {field.name for group in self.groups() for field in group.fields}
        return (field for field in self if field.name not in apart and not field.is_hidden)

    def answers(self) -> list[Answer]:
        """Return what was answered, in words, for the page to check."""
        return [
            Answer(name, str(field.label), self.words(name)) for name, field in self.fields.items() if self.told(name)
        ]

    def told(self, name: str) -> bool:
        """True for the fields that have a line on the page to check."""
        return not self[name].is_hidden

    def words(self, name: str) -> str:
        """Return the answer to one question as a person reads it."""
        value = self.cleaned_data.get(name)
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            labels = _labels(field)
            return ", ".join(labels[str(v)] for v in value or ()) or gettext("Aucun")
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            known = value if not isinstance(value, bool) else ("oui" if value else "non")
            return _labels(field).get(str(known), gettext("Sans réponse"))
        if isinstance(field, forms.ModelChoiceField) and isinstance(value, Model):
            # As the list said it: a row's own text is for the console.
            return str(field.label_from_instance(value))
        return in_words(value)


def within_years(day: date) -> None:
    """Refuse a day that no act is dated of: a slip of the keyboard, or worse."""
    if day.year not in YEARS:
        raise ValidationError(_("Donnez une année de {first} à {last}.").format(first=YEARS[0], last=YEARS[-1]))


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    choices: Any = field.choices
    return {str(key): str(label) for key, label in choices}


def in_words(value: Any) -> str:
    """Return a value as a person reads it."""
    match value:
        case None | "":
            return gettext("Sans réponse")
        case bool():
            return gettext("Oui") if value else gettext("Non")
        case datetime():
            return wording.instant(value)
        case date():
            return wording.day_in_full(value)
        case UploadedFile():
            return f"{value.name}, {wording.size(value.size or 0)}"
        case float():
            return f"{value:g}"
        case Model() | str() | int():
            return str(value)
        case Iterable():
            return ", ".join(getattr(v, "code", None) or in_words(v) for v in value) or gettext("Aucune")
    return str(value)
