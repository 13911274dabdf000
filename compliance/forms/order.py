"""Forms of the acts about the prefect's orders: capture, suspend, withdraw, lift, end of the event."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.actions import order as acts
from compliance.actions.base import By
from compliance.forms.annex import AnnexForm
from compliance.forms.base import ActForm, ProofField, positions_field
from compliance.forms.entry import EntryForm
from compliance.law.terms import PURPOSES, MeasureKind, OrderKind
from compliance.models import Order, OrderMeasure, Position

KIND_LABELS = {
    OrderKind.ORDINARY: _("Autorisation ordinaire, cinq ans (CSI L252-1)"),
    OrderKind.GATHERING: _("Provisoire, grand rassemblement (CSI L252-6)"),
    OrderKind.GATHERING_PRESCRIBED: _("Provisoire prescrite, grand rassemblement (CSI L252-7)"),
    OrderKind.TERRORISM: _("Provisoire, terrorisme (CSI L223-4)"),
    OrderKind.TERRORISM_PRESCRIBED: _("Provisoire prescrite, terrorisme (CSI L223-5)"),
}
MEASURE_LABELS = {
    MeasureKind.SUSPENSION: _("Suspension"),
    MeasureKind.WITHDRAWAL: _("Retrait"),
    MeasureKind.STOP: _("Arrêt après un contrôle"),
    MeasureKind.EVENT_END: _("Fin de l’événement"),
}


class PurposesField(forms.TypedMultipleChoiceField):
    """The street's purposes, 1° to 11° of L251-2."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(str(n), f"{n}° {text}") for n, text in PURPOSES.items()],
            coerce=int,
            widget=forms.CheckboxSelectMultiple(attrs={"lang": "fr"}),  # quoted from the code
            required=False,
            **kwargs,
        )


class CaptureForm(AnnexForm):
    """Copy an order: its number, its dates, its purposes, its annex."""

    model = Order

    document = ProofField(label=_("L’arrêté signé"))
    number = forms.CharField(label=_("Numéro de l’arrêté"), max_length=60, help_text=_("Comme il est écrit en tête."))
    kind = forms.ChoiceField(
        label=_("Nature de l’arrêté"),
        choices=[(k.value, v) for k, v in KIND_LABELS.items()],
        initial=OrderKind.ORDINARY,
    )
    signed_on = forms.DateField(label=_("Signé le"))
    starts_on = forms.DateField(
        label=_("Prend effet le"), required=False, help_text=_("La date de signature si l’arrêté n’en dit rien.")
    )
    ends_on = forms.DateField(
        label=_("Prend fin le"),
        required=False,
        help_text=_("Cinq ans, ou quatre mois si provisoire, s’il n’en dit rien."),
    )
    published = forms.CharField(
        label=_("Publication au recueil"), max_length=120, required=False, help_text=_("Numéro et date du recueil.")
    )
    purposes = PurposesField(label=_("Finalités sur la voie publique"), help_text=_("CSI L251-2. Recopiez l’arrêté."))
    premises = forms.BooleanField(
        label=_("L’arrêté autorise aussi un lieu ouvert au public"),
        required=False,
        help_text=_("CSI L251-2, avant-dernier alinéa."),
    )
    retention_days = forms.IntegerField(
        label=_("Conservation des images, en jours"),
        required=False,
        min_value=1,
        help_text=_("Recopiez l’arrêté. Un mois au plus, CSI L252-5. Sans réponse, rien ne sera enregistré."),
    )
    services = forms.CharField(
        label=_("Services destinataires nommés par l’arrêté"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Police, gendarmerie, douanes, secours (CSI L252-3). Un par ligne."),
    )
    clauses = forms.CharField(
        label=_("Précautions prescrites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mot pour mot (CSI L252-2)."),
    )
    positions = positions_field(
        _("Positions de l’annexe"), help_text=_("Le champ autorisé de chacune se règle plus bas.")
    )
    perimeter = forms.CharField(
        label=_("Périmètre autorisé"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seulement si l’arrêté autorise un périmètre : un sommet par ligne, « latitude longitude »."),
    )

    def entered(self, row: Order) -> dict[str, Any]:
        """Return the answers an order was captured from, its annex line by line."""
        known = super().entered(row) | {
            "services": "\n".join(row.services),
            "perimeter": "\n".join(f"{latitude} {longitude}" for latitude, longitude in row.perimeter),
        }
        return known | self.entered_lines(row)

    def clean_perimeter(self) -> tuple[tuple[float, float], ...]:
        """Return the corners of the perimeter."""
        corners = []
        for number, line in enumerate(self.cleaned_data["perimeter"].splitlines(), start=1):
            words = line.replace(",", " ").replace(";", " ").split()
            if not words:
                continue
            try:
                latitude, longitude = map(float, words)
            except ValueError:
                raise ValidationError(
                    _("Ligne {number} : écrivez « latitude longitude », par exemple 48.67 6.18.").format(number=number)
                ) from None
            corners.append((latitude, longitude))
        if corners and len(corners) < 3:
            raise ValidationError(_("Un périmètre a au moins trois sommets."))
        return tuple(corners)

    def words(self, name: str) -> str:
        """Say the purposes by their number, the perimeter by its count of corners."""
        if name == "purposes":
            return ", ".join(f"{n}°" for n in self.cleaned_data["purposes"]) or gettext("Aucune")
        if name == "perimeter":
            corners = self.cleaned_data["perimeter"]
            return _("{count} sommets").format(count=len(corners)) if corners else gettext("Sans périmètre")
        return super().words(name)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the order, then capture it."""
        given = self.cleaned_data
        text = acts.OrderText(
            number=given["number"],
            kind=OrderKind(given["kind"]),
            signed_on=given["signed_on"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            published=given["published"],
            purposes=tuple(given["purposes"]),
            premises=given["premises"],
            retention_days=given["retention_days"],
            services=tuple(filter(None, map(str.strip, given["services"].splitlines()))),
            clauses=given["clauses"],
            perimeter=given["perimeter"],
            lines=tuple(acts.Line(position=p, **self.line(p)) for p in given["positions"]),
        )
        document = self.proof("document", kind="arrêté", at=at, by=by)
        return acts.capture(self.installation, text=text, document=document, at=at, by=by)


class OrderField(forms.ModelChoiceField):
    """An order among those of the installation."""

    def label_from_instance(self, order: Order) -> str:  # type: ignore[override]
        """« 2024-VP-0142, jusqu’au 14/03/2029 »."""
        return _("{number}, jusqu’au {day}").format(number=order.number, day=f"{order.ends_on:%d/%m/%Y}")


class _MeasureForm(EntryForm):
    """What befalls an order: which one, from when, by which act."""

    model = OrderMeasure

    order = OrderField(label=_("L’arrêté"), queryset=Order.objects.none(), empty_label=_("Choisir un arrêté"))
    since = forms.DateTimeField(
        label=_("À partir du"),
        help_text=_("Le jour et l’heure où la mesure prend effet. Les caméras s’éteignent à la seconde."),
    )
    reference = forms.CharField(
        label=_("Acte de la préfecture"), max_length=120, help_text=_("Numéro et date de la décision reçue.")
    )

    def prepare(self) -> None:
        """List the orders that may still be struck."""
        super().prepare()
        field = self.fields["order"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.orders()

    def orders(self) -> Any:
        """Return the orders of the installation, but those withdrawn."""
        struck = OrderMeasure.objects.filter(kind=MeasureKind.WITHDRAWAL, until=None)
        gone = struck.exclude(pk=self.asked or 0).values("order")
        return self.installation.orders.exclude(pk__in=gone).order_by("-starts_on")

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"since": at, **super().prefill(position, asked, at=at)}


class SuspendForm(_MeasureForm):
    """A suspension, or a stop after a control."""

    only = {"kind__in": [MeasureKind.SUSPENSION, MeasureKind.STOP]}

    kind = forms.ChoiceField(
        label=_("La mesure"),
        choices=[(k.value, MEASURE_LABELS[k]) for k in (MeasureKind.SUSPENSION, MeasureKind.STOP)],
        widget=forms.RadioSelect,
        initial=MeasureKind.SUSPENSION,
    )

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the suspension or the stop."""
        given = self.cleaned_data
        strike = acts.suspend if given["kind"] == MeasureKind.SUSPENSION else acts.stop
        return strike(given["order"], since=given["since"], reference=given["reference"], at=at, by=by)


class WithdrawForm(_MeasureForm):
    """A withdrawal."""

    only = {"kind": MeasureKind.WITHDRAWAL}

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the withdrawal."""
        given = self.cleaned_data
        return acts.withdraw(given["order"], since=given["since"], reference=given["reference"], at=at, by=by)


class EndEventForm(_MeasureForm):
    """The end of the event of a provisional order."""

    only = {"kind": MeasureKind.EVENT_END}

    def orders(self) -> Any:
        """Return the provisional orders only."""
        return super().orders().exclude(kind=OrderKind.ORDINARY)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Record the end of the event."""
        given = self.cleaned_data
        return acts.end_event(given["order"], since=given["since"], reference=given["reference"], at=at, by=by)


class MeasureField(forms.ModelChoiceField):
    """A measure that still bites."""

    def label_from_instance(self, measure: OrderMeasure) -> str:  # type: ignore[override]
        """« Suspension de 2024-VP-0142, depuis le 12/11/2026 »."""
        word = MEASURE_LABELS[MeasureKind(measure.kind)]
        return _("{measure} de {number}, depuis le {day}").format(
            measure=word, number=measure.order.number, day=f"{measure.since:%d/%m/%Y}"
        )


class LiftForm(ActForm):
    """The prefect lifts a suspension or a stop."""

    measure = MeasureField(
        label=_("La mesure levée"), queryset=OrderMeasure.objects.none(), empty_label=_("Choisir une mesure")
    )
    until = forms.DateTimeField(label=_("Levée à partir du"))

    def prepare(self) -> None:
        """List the measures that may be lifted: a withdrawal asks a new order."""
        super().prepare()
        field = self.fields["measure"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = (
                OrderMeasure.objects.filter(
                    order__installation=self.installation,
                    until=None,
                    kind__in=[MeasureKind.SUSPENSION, MeasureKind.STOP],
                )
                .select_related("order")
                .order_by("-since")
            )

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"until": at, **super().prefill(position, asked, at=at)}

    def perform(self, *, at: datetime, by: By) -> None:
        """Record that the measure is lifted."""
        acts.lift(self.cleaned_data["measure"], until=self.cleaned_data["until"], at=at, by=by)
