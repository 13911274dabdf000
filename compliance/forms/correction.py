"""Forms of what is still a draft: a panel to come, and the words that no act rests on yet."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.actions import correction as acts
from compliance.actions.base import By
from compliance.actions.dossier import place_panel
from compliance.forms.base import ActForm, people_field
from compliance.models import OrderLine, Panel, PanelCheck, Person, Position

REASON = {
    "label": _("Pourquoi"),
    "max_length": 200,
    "help_text": _("« Faute de frappe », « rue renommée » : le journal le garde."),
}


class AddressForm(ActForm):
    """The address of a position that no order names yet."""

    position = forms.ModelChoiceField(
        label=_("Position"),
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("Choisir une position"),
    )
    address = forms.CharField(label=_("Adresse exacte"), max_length=200)
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """List the positions that no order names."""
        super().prepare()
        field = self.fields["position"]
        if isinstance(field, forms.ModelChoiceField):
            named = OrderLine.objects.filter(order__void_at=None).values("position")
            field.queryset = self.installation.positions.exclude(pk__in=named).order_by("code")

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Start from what is written."""
        known = super().prefill(position, asked, at=at)
        return known | ({"address": position.address} if position else {})

    def perform(self, *, at: datetime, by: By) -> None:
        """Correct the address."""
        given = self.cleaned_data
        acts.correct_address(given["position"], address=given["address"], reason=given["reason"], at=at, by=by)


class PlannedPanelForm(ActForm):
    """A panel to print and to fix: no photo proves it yet."""

    code = forms.CharField(label=_("Code du panneau"), max_length=16, help_text=_("Comme P-06."))
    place = forms.CharField(label=_("Où il sera posé"), max_length=200)

    def perform(self, *, at: datetime, by: By) -> None:
        """Record it without its photo."""
        place_panel(self.installation, code=self.cleaned_data["code"], place=self.cleaned_data["place"], at=at, by=by)


class PanelPlaceForm(ActForm):
    """Where a panel that no photo proves is to stand."""

    panel = forms.ModelChoiceField(
        label=_("Le panneau"), queryset=Panel.objects.none(), to_field_name="code", empty_label=_("Choisir un panneau")
    )
    place = forms.CharField(label=_("Où il sera posé"), max_length=200)
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """List the panels that no photo proves."""
        super().prepare()
        field = self.fields["panel"]
        if isinstance(field, forms.ModelChoiceField):
            proved = PanelCheck.objects.filter(panel__installation=self.installation, present=True).values("panel")
            field.queryset = self.installation.panels.exclude(pk__in=proved).order_by("code")

    def perform(self, *, at: datetime, by: By) -> None:
        """Correct the place."""
        given = self.cleaned_data
        acts.correct_place(given["panel"], place=given["place"], reason=given["reason"], at=at, by=by)


class PersonNameForm(ActForm):
    """How a person is named; the code, which their acts and the journal say, stays."""

    person = people_field()
    name = forms.CharField(label=_("Nom"), max_length=120)
    function = forms.CharField(label=_("Fonction"), max_length=120)
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Start from what is written."""
        known = super().prefill(position, asked, at=at)
        person = Person.objects.filter(code=asked.get("person", "")).first()
        return known | ({"name": person.name, "function": person.function} if person else {})

    def perform(self, *, at: datetime, by: By) -> None:
        """Correct the name or the function."""
        given = {name: self.cleaned_data[name] for name in ("name", "function", "reason")}
        acts.correct_person(self.cleaned_data["person"], installation=self.installation, **given, at=at, by=by)


class AuthorityForm(ActForm):
    """How the commune is named, while the CNIL holds no commitment under that name."""

    name = forms.CharField(label=_("Nom de la commune"), max_length=200)
    siret = forms.CharField(label=_("SIRET"), max_length=18, help_text=_("Quatorze chiffres."))
    insee = forms.CharField(
        label=_("Code INSEE"), max_length=5, required=False, help_text=_("Cinq caractères : 57999, 2A004.")
    )
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """Start from what is written."""
        super().prepare()
        for name in ("name", "siret", "insee"):
            self.fields[name].initial = getattr(self.installation.authority, name)

    def clean_siret(self) -> str:
        """Return fourteen digits, however they were spaced."""
        digits = re.sub(r"\s", "", self.cleaned_data["siret"])
        if not re.fullmatch(r"\d{14}", digits):
            raise ValidationError(_("Un SIRET a quatorze chiffres."))
        return digits

    def clean_insee(self) -> str:
        """Return the five characters of the official code, or nothing."""
        code: str = self.cleaned_data["insee"].strip().upper()
        if code and not re.fullmatch(r"\d[\dAB]\d{3}", code):
            raise ValidationError(_("Un code INSEE a cinq caractères : 57999, 2A004."))
        return code

    def perform(self, *, at: datetime, by: By) -> None:
        """Correct the commune's name or numbers."""
        given = {name: self.cleaned_data[name] for name in ("name", "siret", "insee", "reason")}
        acts.correct_authority(self.installation, **given, at=at, by=by)
