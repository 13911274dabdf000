"""Forms of the acts about positions and what stands on them: declare, change, check masks, mount, state, take down."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.actions import position as acts
from compliance.actions.base import By
from compliance.forms.base import ActForm, ProofField, head
from compliance.forms.entry import EntryForm
from compliance.forms.order import PurposesField
from compliance.law.terms import Analysis, Microphone, PlaceKind
from compliance.models import Declaration, DeviceStatement, MaskCheck, Mounting, Position
from compliance.templatetags import terms

CONE = ("latitude", "longitude", "azimuth", "angle", "range_m")
ANY = forms.NumberInput(attrs={"step": "any"})
MICROPHONES = [
    (Microphone.ABSENT.value, _("Il n’en a pas")),
    (Microphone.OFF.value, _("Il est coupé")),
    (Microphone.ON.value, _("Il est en service")),
]
ANALYSES = [
    (Analysis.ABSENT.value, _("Il n’en a pas")),
    (Analysis.OFF.value, _("Elles sont coupées")),
    (Analysis.PERMANENT.value, _("Elles ne peuvent pas être coupées")),
]


class SightForm(EntryForm):
    """What the commune declares of a position: a new one, or what changed of one."""

    model = Declaration
    about = "position"

    position = forms.ModelChoiceField(
        label=_("Position"),
        queryset=Position.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Nouvelle position"),
    )
    code = forms.CharField(
        label=_("Code de la nouvelle position"),
        max_length=16,
        required=False,
        help_text=_("Seulement pour une nouvelle position : VAL-09."),
    )
    address = forms.CharField(
        label=_("Adresse de la nouvelle position"),
        max_length=200,
        required=False,
        help_text=_("Seulement pour une nouvelle position."),
    )
    kind = forms.ChoiceField(
        label=_("Ce que la position filme"),
        choices=[(k.value, head(terms.place, k)) for k in PlaceKind],
        widget=forms.RadioSelect,
    )
    justification = forms.CharField(
        label=_("Pourquoi cette qualification"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ce que l’on voit : chaussée, trottoir, hall, cour (CSI L251-2)."),
    )
    purposes = PurposesField(label=_("Finalités sur la voie publique"))
    premises_purpose = forms.BooleanField(
        label=_("Sécurité des personnes et des biens dans ce lieu ouvert au public"),
        required=False,
        help_text=_("Si le lieu est particulièrement exposé (CSI L251-2, avant-dernier alinéa)."),
    )
    necessity = forms.CharField(
        label=_("Note de nécessité"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Demandée pour la finalité 5° : les faits, les dates, le lieu."),
    )
    latitude = forms.FloatField(label=_("Latitude, en degrés"), widget=ANY)
    longitude = forms.FloatField(label=_("Longitude, en degrés"), widget=ANY)
    azimuth = forms.FloatField(
        label=_("Azimut"), help_text=_("Vers où l’appareil regarde, en degrés depuis le nord."), widget=ANY
    )
    angle = forms.FloatField(label=_("Ouverture, en degrés"), widget=ANY)
    range_m = forms.FloatField(label=_("Portée utile, en mètres"), widget=ANY)
    retention_days = forms.IntegerField(
        label=_("Conservation demandée, en jours"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=_("Sans réponse, celle de l’arrêté."),
    )
    since = forms.DateTimeField(label=_("Vrai depuis le"), help_text=_("Le jour et l’heure du changement sur place."))
    reason = forms.CharField(
        label=_("Ce qui a changé"),
        max_length=200,
        required=False,
        help_text=_("Pour une position déjà déclarée : « support changé », « champ resserré »."),
    )

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Start from what is declared now, or from the champ that the order authorises."""
        known = {"since": at, **super().prefill(position, asked, at=at)}
        held = position.declarations.order_by("since").last() if position else None
        if held is not None:
            same = ("kind", "justification", "premises_purpose", "necessity", "retention_days", *CONE)
            known |= {name: getattr(held, name) for name in same}
            known["purposes"] = [str(n) for n in held.purposes]
        return known | {name: asked[name] for name in CONE if name in asked}

    def clean(self) -> dict[str, Any]:
        """A new position has a code and an address; a change says what changed."""
        given = super().clean() or self.cleaned_data
        if given.get("position") is None:
            for name in ("code", "address"):
                if not given.get(name):
                    self.add_error(name, _("Une nouvelle position a un code et une adresse."))
        elif not given.get("reason"):
            self.add_error("reason", _("Dites ce qui a changé : le journal le garde."))
        since = given.get("since")
        if since is not None and since > self.at:
            self.add_error("since", _("Ce qui n’a pas encore changé ne se déclare pas : au plus tard maintenant."))
        return given

    def words(self, name: str) -> str:
        """Say the purposes by their number, a new position in full."""
        if name == "purposes":
            return ", ".join(f"{n}°" for n in self.cleaned_data["purposes"]) or gettext("Aucune")
        if name == "position" and self.cleaned_data["position"] is None:
            return gettext("Nouvelle position")
        return super().words(name)

    def told(self, name: str) -> bool:
        """The code and the address belong to a new position, the reason to a change."""
        new = self.cleaned_data.get("position") is None
        return super().told(name) and (new if name in {"code", "address"} else not new if name == "reason" else True)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Declare the new position, or the change."""
        given = self.cleaned_data
        sight = acts.Sight(
            kind=PlaceKind(given["kind"]),
            justification=given["justification"],
            purposes=tuple(given["purposes"]),
            premises_purpose=given["premises_purpose"],
            necessity=given["necessity"],
            retention_days=given["retention_days"],
            **{name: given[name] for name in CONE},
        )
        if given["position"] is None:
            return acts.declare(
                self.installation,
                code=given["code"],
                address=given["address"],
                sight=sight,
                since=given["since"],
                at=at,
                by=by,
            )
        return acts.change(given["position"], sight=sight, since=given["since"], reason=given["reason"], at=at, by=by)


class MasksForm(EntryForm):
    """A human looked at a dated snapshot."""

    model = MaskCheck
    named = {"checked_at": "at", "verdict": "nothing_seen"}

    position = forms.ModelChoiceField(
        label=_("Position"),
        queryset=Position.objects.none(),
        to_field_name="code",
        empty_label=_("Choisir une position"),
    )
    checked_at = forms.DateTimeField(
        label=_("Image prise le"), help_text=_("Le jour et l’heure de l’image, après le dernier changement.")
    )
    document = ProofField(
        label=_("L’image datée"),
        photo=True,
        help_text=_("JPEG ou PNG, masques en place, 20 Mo au plus. Sans personne reconnaissable."),
    )
    verdict = forms.TypedChoiceField(
        label=_("Voit-on un intérieur ou une entrée d’habitation ?"),
        help_text=_("Fenêtre, porte, balcon, hall d’immeuble, cour privée."),
        choices=[("non", _("Non, rien de cela n’est visible")), ("oui", _("Oui, quelque chose est visible"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "non",
        empty_value=None,
    )
    masks = forms.IntegerField(
        label=_("Nombre de masques en place"), min_value=0, max_value=32, help_text=_("0 si aucun n’est nécessaire.")
    )

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the present instant."""
        return {"checked_at": at, **super().prefill(position, asked, at=at)}

    def entered(self, row: MaskCheck) -> dict[str, Any]:
        """Return the verdict and how many masks."""
        return super().entered(row) | {"verdict": "non" if row.nothing_seen else "oui", "masks": len(row.masks)}

    def words(self, name: str) -> str:
        """Say the verdict in full."""
        if name == "verdict":
            kept = gettext("Non, rien de cela n’est visible")
            return kept if self.cleaned_data["verdict"] else gettext("Oui, quelque chose est visible")
        return super().words(name)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Receive the snapshot, then record the verdict."""
        given = self.cleaned_data
        document = self.proof("document", kind="image datée", at=at, by=by)
        return acts.check_masks(
            given["position"],
            checked_at=given["checked_at"],
            clean=given["verdict"],
            # How many, not where: drawing them comes with the preset's own picture.
            masks=[[] for _ in range(given["masks"])],
            document=document,
            at=at,
            by=by,
        )


class MountingField(forms.ModelChoiceField):
    """A device that stands."""

    def label_from_instance(self, mounting: Mounting) -> str:  # type: ignore[override]
        """« VAL-06, caméra fixe C-06 »."""
        return f"{mounting.position.code}, {mounting.reference}"


def standing(form: ActForm) -> Any:
    """Return the devices mounted in the installation."""
    corrected = form.correcting.mounting_id if isinstance(form.correcting, DeviceStatement) else None
    rows = Mounting.objects.filter(position__installation=form.installation)
    rows = rows.filter(Q(until=None) | Q(pk=corrected))
    return rows.select_related("position").order_by("position__code", "since")


class DeviceForm(EntryForm):
    """A device mounted, and what it can do: microphone, analysis."""

    model = DeviceStatement
    named = {"stated_at": "at"}
    about = "mounting"

    mounting = MountingField(
        label=_("Appareil"), queryset=Mounting.objects.none(), required=False, empty_label=_("Nouvel appareil")
    )
    position = forms.ModelChoiceField(
        label=_("Position du nouvel appareil"),
        queryset=Position.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Choisir une position"),
    )
    reference = forms.CharField(
        label=_("Référence du nouvel appareil"),
        max_length=80,
        required=False,
        help_text=_("Marque, modèle, numéro d’inventaire."),
    )
    since = forms.DateTimeField(label=_("Posé le"), required=False, help_text=_("Pour un nouvel appareil."))
    microphone = forms.ChoiceField(label=_("Le microphone"), choices=MICROPHONES, widget=forms.RadioSelect)
    analysis = forms.ChoiceField(
        label=_("Les fonctions d’analyse intégrées"),
        choices=ANALYSES,
        widget=forms.RadioSelect,
        help_text=_("Reconnaissance, comptage, détection : interdites sur la voie publique (CE n° 506370)."),
    )
    stated_at = forms.DateTimeField(label=_("Constaté le"))
    document = ProofField(label=_("L’attestation de l’installateur"), required=False)

    def prepare(self) -> None:
        """List the devices that stand."""
        super().prepare()
        field = self.fields["mounting"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = standing(self)

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the device of the position, now."""
        known = {"since": at, "stated_at": at, **super().prefill(position, asked, at=at)}
        held = position.mountings.filter(until=None).order_by("since").last() if position else None
        return known | ({"mounting": held.pk} if held else {})

    def clean(self) -> dict[str, Any]:
        """A new device has a position, a reference and a date."""
        given = super().clean() or self.cleaned_data
        if given.get("mounting") is None:
            for name in ("position", "reference", "since"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Un nouvel appareil a une position, une référence et une date de pose."))
        for name in ("since", "stated_at"):
            when = given.get(name)
            if when is not None and when > self.at:
                self.add_error(name, _("Au plus tard maintenant."))
        return given

    def told(self, name: str) -> bool:
        """What describes a new device is told for a new device."""
        new = self.cleaned_data.get("mounting") is None
        return super().told(name) and (new or name not in {"position", "reference", "since"})

    def words(self, name: str) -> str:
        """Say a new device in full."""
        if name == "mounting" and self.cleaned_data.get("mounting") is None:
            return gettext("Nouvel appareil")
        return super().words(name)

    def perform(self, *, at: datetime, by: By) -> Any:
        """Mount it if it is new, then state what it can do."""
        given = self.cleaned_data
        mounting = given["mounting"] or acts.mount(
            given["position"], reference=given["reference"], since=given["since"], at=at, by=by
        )
        return acts.state(
            mounting,
            stated_at=given["stated_at"],
            microphone=Microphone(given["microphone"]),
            analysis=Analysis(given["analysis"]),
            document=self.proof("document", kind="attestation d’appareil", at=at, by=by),
            at=at,
            by=by,
        )


class TakeDownForm(ActForm):
    """A device taken down."""

    mounting = MountingField(
        label=_("Appareil"), queryset=Mounting.objects.none(), empty_label=_("Choisir un appareil")
    )
    until = forms.DateTimeField(label=_("Déposé le"))

    def prepare(self) -> None:
        """List the devices that stand."""
        super().prepare()
        field = self.fields["mounting"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = standing(self)

    @classmethod
    def prefill(cls, position: Position | None, asked: dict[str, str], *, at: datetime) -> dict[str, Any]:
        """Propose the device of the position, now."""
        held = position.mountings.filter(until=None).order_by("since").last() if position else None
        first = {"mounting": held.pk} if held else {}
        return {"until": at, **first, **super().prefill(position, asked, at=at)}

    def clean_until(self) -> datetime:
        """A device is not taken down in the future."""
        until: datetime = self.cleaned_data["until"]
        if until > self.at:
            raise ValidationError(_("Au plus tard maintenant : l’appareil est encore là."))
        return until

    def perform(self, *, at: datetime, by: By) -> None:
        """Record that it is gone."""
        acts.remove(self.cleaned_data["mounting"], until=self.cleaned_data["until"], at=at, by=by)
