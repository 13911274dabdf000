"""What is asked before an image is shown, and before a doubtful hour is believed."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from recording.consultations import MOTIVES, Listed

MOST_CAMERAS = 9
SHOWN = 50
KEPT = ("q", "motive", "motive_text")


class ConsultationForm(forms.Form):
    """Which cameras, and why (R253-5). The motive is asked once, kept with the consultation, for its whole length.

    A page shows fifty cameras: beyond, one searches, and what was ticked and typed stays.
    """

    camera = forms.MultipleChoiceField(
        label=_("Caméras"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins une caméra."),
            "invalid_choice": _("Cette caméra ne peut pas être vue."),
        },
    )
    q = forms.CharField(
        label=_("Chercher une caméra"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "input", "type": "search", "autocomplete": "off"}),
        help_text=_("Un code ou une rue. Les caméras déjà cochées restent cochées."),
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
        self.allowed = [c.camera.position for c in listed if c.verdict.allowed]
        if not self.is_bound:
            self.initial.setdefault("camera", [p.code for p in self.allowed[:MOST_CAMERAS]])
        words = str((self.data if self.is_bound else self.initial).get("q") or "").casefold().split()
        named = {p.code: f"{p.code}, {p.address}" for p in self.allowed}
        self.found = [code for code, name in named.items() if all(word in name.casefold() for word in words)]
        shown = {*self.found[:SHOWN], *self.ticked}
        self.fields["camera"].choices = [(c, name) for c, name in named.items() if c in shown]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> list[str]:
        """The codes ticked so far."""
        if isinstance(self.data, QueryDict) and self.is_bound:
            return self.data.getlist("camera")
        return list(self.initial.get("camera", []))

    @property
    def long(self) -> bool:
        """True where a field to search is of use."""
        return len(self.allowed) > SHOWN

    def searching(self, listed: list[Listed]) -> "ConsultationForm":
        """Return the form as a search leaves it: what was ticked and typed, without complaint."""
        kept = {"camera": self.ticked, **{name: self.data.get(name, "") for name in KEPT}}
        return ConsultationForm(listed=listed, initial=kept)

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
