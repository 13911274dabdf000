"""What is asked before papers are issued: of what, and the few facts that the dossier does not hold."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.actions import paper as acts
from compliance.actions.base import By
from compliance.documents import Kind
from compliance.forms.base import ActForm
from compliance.forms.tick_list import TickList
from compliance.law import legal_day
from compliance.models import Batch


class PaperForm(ActForm):
    """The form of a kind: the subjects it may be about, then its own questions, which become `given`."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Offer what the installation holds."""
        field = self.fields.get("subjects")
        if isinstance(field, forms.ChoiceField):
            field.choices = [(c.code, c.label) for c in self.kind.choices(self.installation, self.at)]

    def subjects(self) -> list[str]:
        """Return what was chosen; the installation itself when there was no choice."""
        chosen = self.cleaned_data.get("subjects", self.installation.code)
        return [chosen] if isinstance(chosen, str) else list(chosen)

    def given(self) -> dict[str, Any]:
        """Return the answers that the context reads, as JSON holds them."""
        asked = {name: v for name, v in self.cleaned_data.items() if name not in ("key", "subjects") and v}
        return {name: v.isoformat() if isinstance(v, date) else v for name, v in asked.items()}

    def issue(self, *, at: datetime, by: By) -> Batch:
        """Ask for the papers. Raises ValidationError on what the act refuses."""
        key: UUID = self.cleaned_data["key"]
        return acts.ask(
            self.installation,
            kind=self.kind,
            subjects=self.subjects(),
            given=self.given(),
            key=key,
            at=at,
            by=by,
        )


class PanelForm(PaperForm):
    """Which panels: all of them unless some are unticked."""

    subjects = forms.MultipleChoiceField(label=_("Panneaux à éditer"), widget=TickList)  # type: ignore[assignment]

    def prepare(self) -> None:
        """Tick them all."""
        super().prepare()
        self.fields["subjects"].initial = [code for code, _ in self.fields["subjects"].choices]  # type: ignore[attr-defined]


class HabilitationForm(PaperForm):
    """Whose act, and what the town hall alone knows of it."""

    subjects = forms.ChoiceField(label=_("La personne"))  # type: ignore[assignment]
    number = forms.CharField(label=_("Numéro de l’arrêté"), max_length=60, required=False)
    registration = forms.CharField(label=_("Matricule"), max_length=40, required=False)
    training = forms.CharField(
        label=_("Formation suivie"), max_length=80, required=False, help_text=_("Par exemple : le 12 janvier 2026.")
    )


class CommissioningForm(PaperForm):
    """Which positions, from when."""

    subjects = forms.ChoiceField(label=_("Positions mises en service"))  # type: ignore[assignment]
    service_on = forms.DateField(
        label=_("Mise en service le"), required=False, help_text=_("La lettre part avant cette date (CSI R252-17).")
    )

    def clean_service_on(self) -> date | None:
        """Refuse a date that no letter could precede."""
        day: date | None = self.cleaned_data["service_on"]
        if day is not None and day <= legal_day(self.at):
            raise ValidationError(_("Au plus tôt demain : la lettre part avant la date qu’elle annonce (CSI R252-17)."))
        return day


class RegisterForm(PaperForm):
    """Over which days."""

    since = forms.DateField(label=_("Du"))
    until = forms.DateField(label=_("Au"), help_text=_("Ce jour compris."))

    def clean(self) -> dict[str, Any]:
        """Refuse reversed days."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error(
                "until", _("La fin ne peut précéder le début : au plus tôt le {day}.").format(day=f"{since:%d/%m/%Y}")
            )
        return answers


class StateForm(PaperForm):
    """On which legal date."""

    on = forms.DateField(
        label=_("À la date du"),
        required=False,
        help_text=_("Passée ou à venir. Sans réponse : maintenant."),
    )


FORMS: Mapping[str, type[PaperForm]] = {
    "panneau": PanelForm,
    "habilitation": HabilitationForm,
    "mise-en-service": CommissioningForm,
    "registre": RegisterForm,
    "etat": StateForm,
}
