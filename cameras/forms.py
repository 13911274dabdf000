"""The stream address of a device: a secret, typed once, never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The device and its stream address; the address is sealed at once."""

    mounting = forms.ChoiceField(label=_("Appareil"), error_messages={"required": _("Choisissez l’appareil.")})
    address = forms.CharField(
        label=_("Adresse du flux"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "rtsp:// ou rtsps://, avec l’identifiant et le mot de passe de l’appareil. "
            "Elle est scellée et ne se relit pas."
        ),
        error_messages={"required": _("Donnez l’adresse du flux.")},
    )

    def __init__(self, *args: Any, mountings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mounting"].choices = mountings  # type: ignore[attr-defined]
