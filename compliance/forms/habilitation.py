"""Forms of the acts by which a person may see, and of those that take it back: habilitation, agrément, delegation."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.actions import habilitation as titles
from compliance.actions import people as acts
from compliance.actions.base import By
from compliance.forms.account import Pick
from compliance.forms.base import ActForm, ProofField, head, people_field, positions_field
from compliance.forms.entry import DatedForm, EntryForm
from compliance.law.terms import VIEWING, Action, Category
from compliance.models import Agreement, AgreementMeasure, Delegation, Habilitation, Person, Position
from compliance.templatetags import terms

SIGNATORIES = [
    ("mayor", _("Le maire")),
    ("chief_of_service", _("Le chef de service")),
    ("controller", _("Le responsable du système")),
]


class HabilitationForm(DatedForm):
    """An individual habilitation."""

    model = Habilitation

    person = people_field()
    category = forms.ChoiceField(
        label=_("Catégorie légale"),
        choices=[(c.value, head(terms.category, c)) for c in Category if c is not Category.MAYOR],
        help_text=_("CSI R253-3. Le maire voit de droit : son mandat est l’acte."),
    )
    act = forms.CharField(label=_("L’acte"), max_length=120, help_text=_("Numéro et date : « arrêté 2026-041 »."))
    signatory = forms.ChoiceField(
        label=_("Signé par"),
        choices=SIGNATORIES,
        widget=forms.RadioSelect,
        help_text=_("Le maire pour la police municipale, le chef de service pour un agent de l’État."),
    )
    service = forms.CharField(
        label=_("Service"),
        max_length=120,
        required=False,
        help_text=_("Pour un agent de l’État : comme l’arrêté du préfet le nomme."),
    )
    actions = forms.MultipleChoiceField(
        label=_("Ce que la personne peut faire"),
        choices=[(a.value, head(terms.action, a)) for a in (*sorted(VIEWING, key=list(Action).index), Action.PROBE)],
        widget=forms.CheckboxSelectMultiple,
    )
    positions = positions_field(_("Positions"), required=False, help_text=_("Aucune cochée : toute l’installation."))
    signed_on = forms.DateField(label=_("Signé le"))
    starts_on = forms.DateField(label=_("Prend effet le"))
    ends_on = forms.DateField(label=_("Prend fin le"), required=False)
    document = ProofField(label=_("L’acte signé"))

    def words(self, name: str) -> str:
        """Say that no position named means all of them."""
        if name == "positions" and not self.cleaned_data["positions"]:
            return gettext("Toute l’installation")
        return super().words(name)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the act, then record it."""
        given = self.cleaned_data
        title = titles.Title(
            category=Category(given["category"]),
            act=given["act"],
            signatory=given["signatory"],
            service=given["service"],
            actions=tuple(Action(a) for a in given["actions"]),
            positions=tuple(given["positions"]),
            signed_on=given["signed_on"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
        )
        document = self.proof("document", kind="habilitation", at=at, by=by)
        return titles.habilitate(
            given["person"], installation=self.installation, title=title, document=document, at=at, by=by
        )


class HabilitationEndForm(ActForm):
    """A habilitation taken back."""

    habilitation = Pick(Habilitation, say=lambda h: f"{h.person.code}, {h.act}", label=_("L’habilitation"))
    since = forms.DateTimeField(label=_("Retirée à partir du"), help_text=_("Les images s’éteignent à la seconde."))

    def prepare(self) -> None:
        """List those that stand."""
        super().prepare()
        rows = self.installation.habilitations.filter(withdrawn_at=None)
        self.offer("habilitation", rows.select_related("person").order_by("person__code"))

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"since": at, **super().prefill(position, asked, at=at)}

    def agent(self) -> Person | None:
        """The person who loses it."""
        held = self.cleaned_data.get("habilitation")
        return held.person if held else None

    def perform(self, *, at: datetime, by: By) -> None:
        """Take it back."""
        given = self.cleaned_data
        titles.withdraw_habilitation(given["habilitation"], since=given["since"], at=at, by=by)


class AgreementForm(DatedForm):
    """The prefect's agrément of a communal agent."""

    model = Agreement

    person = people_field(_("L’agent communal ou intercommunal"))
    number = forms.CharField(label=_("Numéro de l’agrément"), max_length=60)
    signed_on = forms.DateField(label=_("Signé le"))
    starts_on = forms.DateField(label=_("Prend effet le"))
    ends_on = forms.DateField(label=_("Prend fin le"), required=False, help_text=_("S’il le dit."))
    document = ProofField(label=_("L’agrément du préfet"))

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the agrément, then record it."""
        given = self.cleaned_data
        document = self.proof("document", kind="agrément", at=at, by=by)
        return titles.record_agreement(
            given["person"],
            installation=self.installation,
            number=given["number"],
            signed_on=given["signed_on"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            document=document,
            at=at,
            by=by,
        )


class AgreementStrikeForm(EntryForm):
    """The prefect suspends or withdraws an agrément."""

    model = AgreementMeasure

    agreement = Pick(
        Agreement,
        say=lambda a: _("{code}, agrément {number}").format(code=a.person.code, number=a.number),
        label=_("L’agrément"),
    )
    kind = forms.ChoiceField(
        label=_("La mesure"),
        choices=[("suspension", _("Suspension")), ("withdrawal", _("Retrait"))],
        widget=forms.RadioSelect,
        initial="suspension",
    )
    since = forms.DateTimeField(label=_("À partir du"))

    def prepare(self) -> None:
        """List the agréments of the commune's people."""
        super().prepare()
        rows = Agreement.objects.filter(person__authority=self.installation.authority_id)
        struck = AgreementMeasure.objects.filter(kind="withdrawal", until=None)
        gone = struck.exclude(pk=self.asked or 0).values("agreement")
        self.offer("agreement", rows.exclude(pk__in=gone).select_related("person").order_by("person__code"))

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"since": at, **super().prefill(position, asked, at=at)}

    def agent(self) -> Person | None:
        """The agent who no longer sees."""
        held = self.cleaned_data.get("agreement")
        return held.person if held else None

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the measure."""
        given = self.cleaned_data
        strike = titles.suspend_agreement if given["kind"] == "suspension" else titles.withdraw_agreement
        return strike(given["agreement"], installation=self.installation, since=given["since"], at=at, by=by)


class AgreementLiftForm(ActForm):
    """The prefect lifts the suspension of an agrément."""

    measure = Pick(
        AgreementMeasure,
        say=lambda m: _("{code}, agrément {number}, depuis le {day}").format(
            code=m.agreement.person.code, number=m.agreement.number, day=f"{m.since:%d/%m/%Y}"
        ),
        label=_("La suspension levée"),
    )
    until = forms.DateTimeField(label=_("Levée à partir du"))

    def prepare(self) -> None:
        """List the suspensions that run."""
        super().prepare()
        rows = AgreementMeasure.objects.filter(
            agreement__person__authority=self.installation.authority_id, kind="suspension", until=None
        )
        self.offer("measure", rows.select_related("agreement__person").order_by("-since"))

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"until": at, **super().prefill(position, asked, at=at)}

    def agent(self) -> Person | None:
        """The agent who may see again."""
        held = self.cleaned_data.get("measure")
        return held.agreement.person if held else None

    def perform(self, *, at: datetime, by: By) -> None:
        """Record that the suspension is lifted."""
        given = self.cleaned_data
        titles.lift_agreement(given["measure"], installation=self.installation, until=given["until"], at=at, by=by)


class DelegationForm(DatedForm):
    """A delegation of police functions to an elected member."""

    model = Delegation

    person = people_field(_("L’élu"))
    number = forms.CharField(label=_("Numéro de l’arrêté de délégation"), max_length=60)
    starts_on = forms.DateField(label=_("Prend effet le"))
    ends_on = forms.DateField(label=_("Prend fin le"), required=False, help_text=_("Sans réponse, le mandat."))
    document = ProofField(label=_("L’arrêté de délégation"))

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the delegation, then record it."""
        given = self.cleaned_data
        document = self.proof("document", kind="délégation", at=at, by=by)
        return acts.delegate(
            given["person"],
            installation=self.installation,
            number=given["number"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            document=document,
            at=at,
            by=by,
        )


class DelegationEndForm(ActForm):
    """A delegation that ends."""

    delegation = Pick(
        Delegation,
        say=lambda d: _("{code}, délégation {number}").format(code=d.person.code, number=d.number),
        label=_("La délégation"),
    )
    ends_on = forms.DateField(label=_("Dernier jour"))

    def prepare(self) -> None:
        """List the delegations of the commune's members."""
        super().prepare()
        rows = Delegation.objects.filter(person__authority=self.installation.authority_id, end_recorded_at=None)
        self.offer("delegation", rows.select_related("person").order_by("person__code"))

    def agent(self) -> Person | None:
        """The member who no longer sees."""
        held = self.cleaned_data.get("delegation")
        return held.person if held else None

    def perform(self, *, at: datetime, by: By) -> None:
        """Record the last day."""
        given = self.cleaned_data
        acts.end_delegation(given["delegation"], installation=self.installation, ends_on=given["ends_on"], at=at, by=by)
