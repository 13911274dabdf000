"""What is asked before an image is shown, and before a doubtful hour is believed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recording.consultations import MOTIVES, Listed

MOST_CAMERAS = 9


class ConsultationForm(forms.Form):
    """Which cameras, and why (R253-5). The motive is asked once, kept with the consultation, for its whole length."""

    camera = forms.MultipleChoiceField(
        label=_("Caméras"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins une caméra."),
            "invalid_choice": _("Cette caméra ne peut pas être vue."),
        },
    )
    motive = forms.ChoiceField(
        label=_("Motif"),
        choices=[("", _("Choisissez un motif")), *((code, _(words)) for code, words in MOTIVES.items())],
        error_messages={
            "required": _("Donnez le motif de la consultation."),
            "invalid_choice": _("Choisissez un motif de la liste."),
        },
        help_text=_("Inscrit au journal avec votre nom et l’heure (CSI R253-5)."),
    )
    motive_text = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text=_("Référence, lieu, faits : quelques mots, sans nom de personne."),
    )

    def __init__(self, *args: Any, listed: list[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [c.camera.position for c in listed if c.verdict.allowed]
        self.fields["camera"].choices = [(p.code, f"{p.code}, {p.address}") for p in allowed]  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["camera"] = [p.code for p in allowed[:MOST_CAMERAS]]

    def clean_camera(self) -> list[str]:
        """Refuse more than a wall holds."""
        chosen: list[str] = self.cleaned_data["camera"]
        if len(chosen) > MOST_CAMERAS:
            raise forms.ValidationError(_("Choisissez {most} caméras au plus.").format(most=MOST_CAMERAS))
        return chosen

    def clean(self) -> dict[str, Any] | None:
        """Ask for words when the motive is none of the list."""
        cleaned = super().clean()
        if self.cleaned_data.get("motive") == "autre" and not self.cleaned_data.get("motive_text", "").strip():
            self.add_error("motive_text", _("Précisez le motif en quelques mots."))
        return cleaned


class HourForm(forms.Form):
    """What a human says of the machine's clock: one sentence to tick."""

    right = forms.BooleanField(
        label=_("J’ai comparé cette heure à une autre horloge : elle est juste. Ce qui est dû s’efface aussitôt."),
        error_messages={"required": _("Cochez la phrase pour confirmer, ou remettez d’abord l’horloge à l’heure.")},
    )
