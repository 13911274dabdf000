"""Forms of the acts by which a person may see, and of those that take it back: habilitation, agrément, delegation."""

from datetime import datetime
from typing import Any

from django import forms

from compliance.actions import habilitation as titles
from compliance.actions import people as acts
from compliance.actions.base import By
from compliance.forms.account import Pick
from compliance.forms.base import ActForm, ProofField, people_field, positions_field
from compliance.forms.entry import DatedForm, EntryForm
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS, VIEWING, Action, Category
from compliance.models import Agreement, AgreementMeasure, Delegation, Habilitation, Person, Position

SIGNATORIES = [
    ("mayor", "Le maire"),
    ("chief_of_service", "Le chef de service"),
    ("controller", "Le responsable du système"),
]


class HabilitationForm(DatedForm):
    """An individual habilitation."""

    model = Habilitation

    person = people_field()
    category = forms.ChoiceField(
        label="Catégorie légale",
        choices=[(c.value, CATEGORY_LABELS[c].capitalize()) for c in Category if c is not Category.MAYOR],
        help_text="CSI R253-3. Le maire voit de droit : son mandat est l’acte.",
    )
    act = forms.CharField(label="L’acte", max_length=120, help_text="Numéro et date : « arrêté 2026-041 ».")
    signatory = forms.ChoiceField(
        label="Signé par",
        choices=SIGNATORIES,
        widget=forms.RadioSelect,
        help_text="Le maire pour la police municipale, le chef de service pour un agent de l’État.",
    )
    service = forms.CharField(
        label="Service",
        max_length=120,
        required=False,
        help_text="Pour un agent de l’État : comme l’arrêté du préfet le nomme.",
    )
    actions = forms.MultipleChoiceField(
        label="Ce que la personne peut faire",
        choices=[
            (a.value, ACTION_LABELS[a].capitalize()) for a in (*sorted(VIEWING, key=list(Action).index), Action.PROBE)
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    positions = positions_field("Positions", required=False, help_text="Aucune cochée : toute l’installation.")
    signed_on = forms.DateField(label="Signé le")
    starts_on = forms.DateField(label="Prend effet le")
    ends_on = forms.DateField(label="Prend fin le", required=False)
    document = ProofField(label="L’acte signé")

    def words(self, name: str) -> str:
        """Say that no position named means all of them."""
        if name == "positions" and not self.cleaned_data["positions"]:
            return "Toute l’installation"
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

    habilitation = Pick(Habilitation, say=lambda h: f"{h.person.code}, {h.act}", label="L’habilitation")
    since = forms.DateTimeField(label="Retirée à partir du", help_text="Les images s’éteignent à la seconde.")

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

    person = people_field("L’agent communal ou intercommunal")
    number = forms.CharField(label="Numéro de l’agrément", max_length=60)
    signed_on = forms.DateField(label="Signé le")
    starts_on = forms.DateField(label="Prend effet le")
    ends_on = forms.DateField(label="Prend fin le", required=False, help_text="S’il le dit.")
    document = ProofField(label="L’agrément du préfet")

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

    agreement = Pick(Agreement, say=lambda a: f"{a.person.code}, agrément {a.number}", label="L’agrément")
    kind = forms.ChoiceField(
        label="La mesure",
        choices=[("suspension", "Suspension"), ("withdrawal", "Retrait")],
        widget=forms.RadioSelect,
        initial="suspension",
    )
    since = forms.DateTimeField(label="À partir du")

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
        say=lambda m: f"{m.agreement.person.code}, agrément {m.agreement.number}, depuis le {m.since:%d/%m/%Y}",
        label="La suspension levée",
    )
    until = forms.DateTimeField(label="Levée à partir du")

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

    person = people_field("L’élu")
    number = forms.CharField(label="Numéro de l’arrêté de délégation", max_length=60)
    starts_on = forms.DateField(label="Prend effet le")
    ends_on = forms.DateField(label="Prend fin le", required=False, help_text="Sans réponse, le mandat.")
    document = ProofField(label="L’arrêté de délégation")

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

    delegation = Pick(Delegation, say=lambda d: f"{d.person.code}, délégation {d.number}", label="La délégation")
    ends_on = forms.DateField(label="Dernier jour")

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
