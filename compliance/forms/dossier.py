"""Forms of the acts of the dossier: letters to the prefect, CNIL, impact assessment, panels."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.actions import dossier as acts
from compliance.actions.base import By
from compliance.forms.base import ActForm, ProofField, positions_field, yes_no
from compliance.forms.entry import EntryForm
from compliance.law import legal_day
from compliance.models import (
    Aipd,
    CnilCommitment,
    LocationNotice,
    Notice,
    Panel,
    PanelCheck,
    Position,
    PriorConsultation,
)

OPINIONS = [
    ("favorable", _("Favorable")),
    ("reserves", _("Favorable avec réserves")),
    ("defavorable", _("Défavorable")),
]


class CommissioningForm(EntryForm):
    """The letter that tells the prefect the commissioning date."""

    model = Notice

    positions = positions_field(_("Positions mises en service"))
    sent_on = forms.DateField(label=_("Lettre envoyée le"))
    service_on = forms.DateField(
        label=_("Mise en service le"), help_text=_("La lettre part avant cette date (CSI R252-17).")
    )
    document = ProofField(label=_("La lettre et la preuve d’envoi"))

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the letter, then record it."""
        given = self.cleaned_data
        document = self.proof("document", kind="lettre de mise en service", at=at, by=by)
        return acts.send_commissioning(
            self.installation,
            positions=list(given["positions"]),
            sent_on=given["sent_on"],
            service_on=given["service_on"],
            document=document,
            at=at,
            by=by,
        )


class LocationForm(EntryForm):
    """The letter that tells the prefect a place inside the perimeter."""

    model = LocationNotice

    position = forms.ModelChoiceField(
        label=_("Position"),
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("Choisir une position"),
    )
    latitude = forms.FloatField(label=_("Latitude, en degrés"), widget=forms.NumberInput(attrs={"step": "any"}))
    longitude = forms.FloatField(label=_("Longitude, en degrés"), widget=forms.NumberInput(attrs={"step": "any"}))
    azimuth = forms.FloatField(
        label=_("Azimut, en degrés depuis le nord"),
        min_value=0,
        max_value=359.9,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    angle = forms.FloatField(
        label=_("Ouverture, en degrés"), min_value=1, max_value=360, widget=forms.NumberInput(attrs={"step": "any"})
    )
    range_m = forms.FloatField(
        label=_("Portée, en mètres"), min_value=1, widget=forms.NumberInput(attrs={"step": "any"})
    )
    sent_on = forms.DateField(label=_("Lettre envoyée le"))
    service_on = forms.DateField(label=_("Pose ou déplacement le"), help_text=_("La lettre part avant (CSI R252-17)."))
    document = ProofField(label=_("La lettre et la preuve d’envoi"))

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Start from the declared place and cone."""
        known = super().prefill(position, asked, at=at)
        held = position.declarations.order_by("since").last() if position else None
        if held is not None:
            known |= {name: getattr(held, name) for name in ("latitude", "longitude", "azimuth", "angle", "range_m")}
        return known

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the letter, then record it."""
        given = self.cleaned_data
        document = self.proof("document", kind="lettre de localisation", at=at, by=by)
        return acts.send_location(
            given["position"],
            place={name: given[name] for name in ("latitude", "longitude", "azimuth", "angle", "range_m")},
            sent_on=given["sent_on"],
            service_on=given["service_on"],
            document=document,
            at=at,
            by=by,
        )


class CommitmentForm(EntryForm):
    """The commitment of conformity sent to the CNIL."""

    model = CnilCommitment

    sent_on = forms.DateField(label=_("Engagement envoyé le"))
    receipt = forms.CharField(label=_("Numéro du récépissé"), max_length=60)
    document = ProofField(label=_("Le récépissé de la CNIL"))

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the receipt, then record the commitment."""
        given = self.cleaned_data
        document = self.proof("document", kind="récépissé CNIL", at=at, by=by)
        return acts.send_commitment(
            self.installation, sent_on=given["sent_on"], receipt=given["receipt"], document=document, at=at, by=by
        )


class AipdForm(EntryForm):
    """The signed impact assessment, with the DPO's opinion."""

    model = Aipd

    version = forms.CharField(label=_("Version"), max_length=20, help_text=_("Celle qui est signée : 1, 2, 2.1…"))
    opinion_on = forms.DateField(
        label=_("Avis du DPD rendu le"), help_text=_("Il précède la signature (RGPD art. 35).")
    )
    opinion = forms.ChoiceField(label=_("Sens de l’avis"), choices=OPINIONS, widget=forms.RadioSelect)
    signed_on = forms.DateField(label=_("AIPD signée le"))
    residual_high = yes_no(
        _("Un risque élevé demeure-t-il après les mesures ?"),
        help_text=_("Si oui, la CNIL est consultée avant toute image (RGPD art. 36)."),
    )
    review_on = forms.DateField(label=_("À revoir le"), required=False, help_text=_("Trois ans au plus, par prudence."))
    document = ProofField(label=_("L’AIPD signée et l’avis"))

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the assessment, then record its signature."""
        given = self.cleaned_data
        document = self.proof("document", kind="AIPD", at=at, by=by)
        return acts.sign_aipd(
            self.installation,
            version=given["version"],
            signed_on=given["signed_on"],
            opinion_on=given["opinion_on"],
            opinion=given["opinion"],
            residual_high=given["residual_high"],
            review_on=given["review_on"],
            document=document,
            at=at,
            by=by,
        )


class AipdField(forms.ModelChoiceField):
    """A signed impact assessment."""

    def label_from_instance(self, aipd: Aipd) -> str:  # type: ignore[override]
        """« Version 2, signée le 08/02/2024 »."""
        return _("Version {version}, signée le {day}").format(version=aipd.version, day=f"{aipd.signed_on:%d/%m/%Y}")


class AnswerForm(EntryForm):
    """The CNIL's answer on a high residual risk."""

    model = PriorConsultation

    aipd = AipdField(label=_("L’AIPD soumise"), queryset=Aipd.objects.none(), empty_label=_("Choisir une version"))
    answered_on = forms.DateField(label=_("Réponse reçue le"))
    allows = forms.TypedChoiceField(
        label=_("La CNIL s’oppose-t-elle ?"),
        choices=[("non", _("Non, elle ne s’oppose pas")), ("oui", _("Oui, elle s’oppose"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "non",
        empty_value=None,
    )
    document = ProofField(label=_("La réponse de la CNIL"))

    def prepare(self) -> None:
        """List the assessments that leave a high risk."""
        super().prepare()
        field = self.fields["aipd"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.installation.aipds.filter(residual_high=True).order_by("-signed_on")

    def entered(self, row: PriorConsultation) -> dict[str, Any]:
        """The question is whether it objects, the row whether it allows."""
        return super().entered(row) | {"allows": "non" if row.allows else "oui"}

    def words(self, name: str) -> str:
        """Say the answer rather than the question's yes or no."""
        if name == "allows":
            return (
                gettext("Non, elle ne s’oppose pas") if self.cleaned_data["allows"] else gettext("Oui, elle s’oppose")
            )
        return super().words(name)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the letter, then record the answer."""
        given = self.cleaned_data
        document = self.proof("document", kind="réponse de la CNIL", at=at, by=by)
        return acts.record_answer(
            given["aipd"],
            answered_on=given["answered_on"],
            allows=given["allows"],
            document=document,
            at=at,
            by=by,
        )


class PanelForm(ActForm):
    """A new panel, its photo, and the positions that it covers."""

    code = forms.CharField(label=_("Code du panneau"), max_length=16, help_text=_("Comme P-06."))
    place = forms.CharField(label=_("Où il est posé"), max_length=200)
    positions = positions_field(_("Positions dont il informe"))
    checked_on = forms.DateField(label=_("Photo prise le"))
    document = ProofField(label=_("La photo du panneau en place"), photo=True)

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose today's photo, in front of the position."""
        known = {"checked_on": legal_day(at), **super().prefill(position, asked, at=at)}
        return known | ({"place": position.address} if position else {})

    def perform(self, *, at: datetime, by: By) -> None:
        """Place the panel, then prove it by its photo."""
        given = self.cleaned_data
        document = self.proof("document", kind="photo de panneau", at=at, by=by)
        panel = acts.place_panel(self.installation, code=given["code"], place=given["place"], at=at, by=by)
        acts.check_panel(
            panel,
            checked_on=given["checked_on"],
            present=True,
            positions=list(given["positions"]),
            document=document,
            at=at,
            by=by,
        )


class PanelCheckForm(EntryForm):
    """A panel seen again, or missing."""

    model = PanelCheck

    panel = forms.ModelChoiceField(
        label=_("Le panneau"), queryset=Panel.objects.none(), to_field_name="code", empty_label=_("Choisir un panneau")
    )
    checked_on = forms.DateField(label=_("Contrôlé le"))
    present = yes_no(_("Le panneau est-il en place et lisible ?"))
    positions = positions_field(
        _("Positions dont il informe"), required=False, help_text=_("À cocher si le panneau est en place.")
    )
    document = ProofField(
        label=_("La photo du panneau"),
        photo=True,
        required=False,
        help_text=_("Elle prouve le panneau en place. JPEG ou PNG."),
    )

    def prepare(self) -> None:
        """List the panels."""
        super().prepare()
        field = self.fields["panel"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.installation.panels.order_by("code")

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose today."""
        return {"checked_on": legal_day(at), **super().prefill(position, asked, at=at)}

    def clean(self) -> dict[str, Any]:
        """A panel in place is proved by its photo and covers something."""
        given = super().clean() or self.cleaned_data
        if given.get("present"):
            known = self.correcting is not None and self.correcting.document is not None
            if not given.get("document") and not known and "document" not in self.errors:
                self.add_error("document", ValidationError(_("Un panneau en place se prouve par sa photo.")))
            if not given.get("positions"):
                self.add_error("positions", ValidationError(_("Cochez les positions dont ce panneau informe.")))
        return given

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the photo, then record the check."""
        given = self.cleaned_data
        document = self.proof("document", kind="photo de panneau", at=at, by=by)
        return acts.check_panel(
            given["panel"],
            checked_on=given["checked_on"],
            present=given["present"],
            positions=list(given["positions"]) if given["present"] else [],
            document=document,
            at=at,
            by=by,
        )
