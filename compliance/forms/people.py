"""Forms of the acts about people: who they are, who they work for, the mandate they hold."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.actions import people as acts
from compliance.actions.base import By
from compliance.forms.account import Pick
from compliance.forms.base import ActForm, people_field, yes_no
from compliance.forms.entry import DatedForm
from compliance.law import legal_day
from compliance.models import Employment, Mandate, Person, Position


class ContactForm(ActForm):
    """How the responsible and its DPO are reached: what panels, letters and the public page carry."""

    address = forms.CharField(
        label=_("Adresse de la mairie"), max_length=200, help_text=_("Rue, code postal, commune, sur une ligne.")
    )
    phone = forms.CharField(label=_("Téléphone de la mairie"), max_length=40, help_text=_("Un numéro de service."))
    email = forms.EmailField(label=_("Courriel de la mairie"), required=False)
    dpo = forms.CharField(
        label=_("Comment joindre le délégué à la protection des données"),
        max_length=200,
        help_text=_("Une adresse de fonction, jamais un nom : elle est affichée dans la rue."),
    )
    prefecture = forms.CharField(
        label=_("Préfecture"), max_length=120, help_text=_("Par exemple : préfecture de la Moselle.")
    )
    since = forms.DateField(label=_("À partir du"))

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose today."""
        return {"since": legal_day(at), **super().prefill(position, asked, at=at)}

    def perform(self, *, at: datetime, by: By) -> None:
        """Record them."""
        acts.tell_contact(self.installation, **self.cleaned_data, at=at, by=by)


class EmploymentForm(DatedForm):
    """Who a person works for, and whether it is a public body competent here."""

    model = Employment
    named = {"competent": "territory"}

    person = people_field()
    employer = forms.CharField(label=_("Employeur"), max_length=200)
    public = yes_no(
        _("Est-ce un employeur public ?"), help_text=_("Un opérateur privé ne voit pas la rue (CSI R253-3 II).")
    )
    competent = yes_no(
        _("La personne est-elle compétente sur le territoire de la commune ?"), help_text=_("CSI R253-3 II 2°.")
    )
    starts_on = forms.DateField(label=_("Depuis le"))
    ends_on = forms.DateField(label=_("Jusqu’au"), required=False)

    def entered(self, row: Employment) -> dict[str, Any]:
        """Competent here: the commune is in the territory."""
        here = row.territory.filter(pk=self.installation.authority_id).exists()
        return super().entered(row) | {"competent": "oui" if here else "non"}

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the employment."""
        given = self.cleaned_data
        return acts.record_employment(
            given["person"],
            installation=self.installation,
            employer=given["employer"],
            public=given["public"],
            territory=[self.installation.authority] if given["competent"] else [],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            at=at,
            by=by,
        )


class MandateForm(DatedForm):
    """A mayor takes office."""

    model = Mandate

    person = people_field(_("Le maire"))
    starts_on = forms.DateField(label=_("Élu le"))
    ends_on = forms.DateField(
        label=_("Mandat jusqu’au"), required=False, help_text=_("Sans réponse, jusqu’à l’acte suivant.")
    )

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the mandate."""
        given = self.cleaned_data
        return acts.start_mandate(
            self.installation.authority,
            installation=self.installation,
            person=given["person"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            at=at,
            by=by,
        )


class PersonForm(ActForm):
    """Someone whom the law names."""

    code = forms.CharField(label=_("Code"), max_length=24, help_text=_("Ce que le journal écrit : PM-04, EL-02."))
    name = forms.CharField(label=_("Nom"), max_length=120)
    function = forms.CharField(label=_("Fonction"), max_length=120)

    def clean_code(self) -> str:
        """A code is used once."""
        code: str = self.cleaned_data["code"]
        if Person.objects.filter(code=code).exists():
            raise ValidationError(_("Le code {code} est déjà pris : choisissez-en un autre.").format(code=code))
        return code

    def perform(self, *, at: datetime, by: By) -> None:
        """Register the person."""
        given = self.cleaned_data
        acts.register_person(
            self.installation.authority,
            installation=self.installation,
            code=given["code"],
            name=given["name"],
            function=given["function"],
            at=at,
            by=by,
        )


class MandateEndForm(ActForm):
    """The last day of a mandate."""

    mandate = Pick(
        Mandate,
        say=lambda m: _("{code}, mandat commencé le {day}").format(code=m.person.code, day=f"{m.starts_on:%d/%m/%Y}"),
        label=_("Le mandat"),
    )
    ends_on = forms.DateField(label=_("Dernier jour"))

    def prepare(self) -> None:
        """List the mandates of the commune, those that already ended apart."""
        super().prepare()
        rows = self.installation.authority.mandates.filter(end_recorded_at=None)
        self.offer("mandate", rows.select_related("person").order_by("-starts_on"))

    def agent(self) -> Person | None:
        """The mayor who no longer sees."""
        held = self.cleaned_data.get("mandate")
        return held.person if held else None

    def perform(self, *, at: datetime, by: By) -> None:
        """Record the last day."""
        given = self.cleaned_data
        acts.end_mandate(given["mandate"], installation=self.installation, ends_on=given["ends_on"], at=at, by=by)


class EmploymentEndForm(ActForm):
    """The last day of an employment."""

    employment = Pick(Employment, say=lambda e: f"{e.person.code}, {e.employer}", label=_("L’emploi"))
    ends_on = forms.DateField(label=_("Dernier jour"))

    def prepare(self) -> None:
        """List the employments of the commune's people that did not end."""
        super().prepare()
        rows = Employment.objects.filter(person__authority=self.installation.authority_id, end_recorded_at=None)
        self.offer("employment", rows.select_related("person").order_by("person__code"))

    def agent(self) -> Person | None:
        """The person who no longer sees."""
        held = self.cleaned_data.get("employment")
        return held.person if held else None

    def perform(self, *, at: datetime, by: By) -> None:
        """Record the last day."""
        given = self.cleaned_data
        acts.end_employment(given["employment"], installation=self.installation, ends_on=given["ends_on"], at=at, by=by)
