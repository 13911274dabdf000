"""The form of an act whose entry may be corrected: the same questions, first answered as they were typed.

`?corrige=NUMBER` opens it on a row. The first entry is voided and kept; what replaces it is an act like any other.
"""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from compliance.actions import mistake
from compliance.actions.base import By
from compliance.actions.mistake import entries_of
from compliance.forms.base import ActForm
from compliance.law import legal_day
from compliance.models import Document, Person, Position
from compliance.models.dossier import Act

AGAIN, NEVER, END = "corriger", "annuler", "fin"
GONE = _("Cette saisie a déjà été corrigée ou annulée : elle ne se corrige plus.")


class EntryForm(ActForm):
    """An act that writes one row, which the same questions correct."""

    model: ClassVar[type[Act]]
    named: ClassVar[dict[str, str]] = {}  # a field whose name is not that of the row's column
    about: ClassVar[str] = ""  # what the entry is about: an act may make a new one, a correction may not
    only: ClassVar[dict[str, Any]] = {}  # which rows of the model these questions write

    def prepare(self) -> None:
        """Find the row to correct, and ask what is wrong with it."""
        given = self.data.get("corrige") if self.is_bound else self.initial.get("corrige")
        self.asked = str(given) if str(given or "").isascii() and str(given).isdigit() else ""
        rows = entries_of(self.model, self.installation).filter(**self.only)
        row = rows.filter(pk=self.asked).first() if self.asked else None
        self.correcting = row
        super().prepare()
        if row is None:
            return
        self.fields = {**_questions(row), **self.fields}
        if self.about:
            self.fields[self.about].required = True
        for field in self.fields.values():
            if isinstance(field, forms.FileField):
                field.required = False
                field.help_text = _("Sans nouveau fichier, la pièce déjà reçue reste.")
        self.initial = {**self.initial, **self.entered(row), "corrige": row.pk}

    def entered(self, row: Any) -> dict[str, Any]:
        """Return the answers that a row was made from."""
        known = {}
        for name, field in self.fields.items():
            value = getattr(row, self.named.get(name, name), None)
            if value is not None and not isinstance(field, forms.FileField):
                known[name] = _answer(field, value)
        return known

    def clean(self) -> dict[str, Any]:
        """Refuse to correct twice."""
        if self.asked and self.correcting is None:
            raise ValidationError(GONE)
        return super().clean() or self.cleaned_data

    def proof(self, field: str, *, kind: str, at: datetime, by: By) -> Document | None:
        """Receive the file, or keep the piece of the entry that is corrected."""
        found = super().proof(field, kind=kind, at=at, by=by)
        return found or (self.correcting.document if self.correcting else None)

    def words(self, name: str) -> str:
        """Say that a piece stays."""
        if self.correcting is not None and name == "document" and not self.cleaned_data.get(name):
            return gettext("La pièce déjà reçue")
        return super().words(name)

    def carry_out(self, *, at: datetime, by: By) -> None:
        """Do the act; or correct the entry, or void it, or void its end."""
        if self.correcting is None:
            self.perform(at=at, by=by)
            return
        here: dict[str, Any] = {"installation": self.installation, "reason": self.cleaned_data["why"]}
        how = self.cleaned_data["correction"]
        if how == NEVER:
            mistake.void(self.correcting, **here, at=at, by=by)
        elif how == END:
            mistake.void_end(self.correcting, **here, at=at, by=by)
        else:
            anew = partial(self.perform, at=at, by=by)
            with override(settings.LANGUAGE_CODE):  # the journal keeps these words
                words = self.told_by()
            mistake.replace(self.correcting, anew=anew, words=words, **here, at=at, by=by)

    @classmethod
    def told_by(cls) -> mistake.Words:
        """Return what the form calls each column of its row, and each of its closed values."""
        names = {name: cls.named.get(name, name) for name in cls.base_fields}
        closed: dict[str, Any] = {
            names[name]: field.choices
            for name, field in cls.base_fields.items()
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
        }
        return mistake.Words(
            {names[name]: str(field.label) for name, field in cls.base_fields.items()},
            {name: {str(value): str(words) for value, words in choices} for name, choices in closed.items()},
        )


def _questions(row: Any) -> dict[str, forms.Field]:
    choices = [
        (AGAIN, _("Une réponse est fausse : celles-ci la remplacent")),
        (NEVER, _("Cette saisie n’aurait pas dû être")),
    ]
    if any(getattr(row, name, None) is not None for name in mistake.ENDS):
        choices.append((END, _("Seule sa fin (retrait ou levée) est une erreur : elle s’annule")))
    return {
        "corrige": forms.CharField(widget=forms.HiddenInput),
        "correction": forms.ChoiceField(
            label=_("Ce qui est à corriger"), choices=choices, widget=forms.RadioSelect, initial=AGAIN
        ),
        "why": forms.CharField(
            label=_("Pourquoi"),
            max_length=200,
            help_text=_("« Date mal lue », « mauvais arrêté ». La première saisie reste ; le journal garde les deux."),
        ),
    }


def _answer(field: forms.Field, value: Any) -> Any:
    """Return a column's value as its field takes it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [row.code for row in value.all()]
    if isinstance(field, forms.ModelChoiceField):
        return getattr(value, field.to_field_name or "pk")
    if isinstance(field, forms.MultipleChoiceField):
        return [str(item) for item in value]
    if isinstance(field, forms.ChoiceField) and isinstance(value, bool):
        return "oui" if value else "non"
    return value


class DatedForm(EntryForm):
    """An act with a first and a last day."""

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose that it starts today."""
        first = {"starts_on": legal_day(at)} if "starts_on" in cls.base_fields else {}
        return {**first, **super().prefill(position, asked, at=at)}

    def agent(self) -> Person | None:
        """The person of the act."""
        return self.cleaned_data.get("person")
