"""Forms of the acts about logins: invite, hand a new link, cancel one, close, reopen; rights given and taken back.

And the one form of a person who follows a link: the password that only they choose.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.actions import account as acts
from compliance.actions import people as offices
from compliance.actions.base import By
from compliance.actions.roles import ROLES
from compliance.forms.base import ActForm, people_field
from compliance.models import Account, Installation, Invitation
from compliance.templatetags import wording

NO_ROLE = "aucune"


class Pick(forms.ModelChoiceField):
    """A row among those that the act may touch, said in words; the form lists them."""

    def __init__(self, model: type[Model], *, say: Callable[[Any], str], **kwargs: Any) -> None:
        self.say = say
        kwargs.setdefault("empty_label", _("Choisir dans la liste"))
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def label_from_instance(self, row: Any) -> str:
        """Say the row."""
        return self.say(row)


def accounts_of(installation: Installation) -> QuerySet[Account]:
    """Return the logins of the commune's people."""
    rows = Account.objects.filter(person__authority=installation.authority_id)
    return rows.select_related("person").order_by("username")


def _account_field() -> Pick:
    return Pick(
        Account, say=lambda a: f"{a.username}, {a.person.function}", label=_("Le compte"), to_field_name="username"
    )


class InviteForm(ActForm):
    """A login that only the person opens, by a link that serves once."""

    person = people_field(_("La personne, qui n’a pas encore de compte"))
    username = forms.CharField(
        label=_("Identifiant"), max_length=64, help_text=_("Ce que la personne tapera pour entrer.")
    )
    email = forms.EmailField(
        label=_("Courriel professionnel"),
        required=False,
        help_text=_("Le lien y part si l’installation envoie du courrier. Il s’affiche aussi une fois ici."),
    )
    role = forms.ChoiceField(
        label=_("Fonction au bureau"),
        choices=[*((code, role.words) for code, role in ROLES.items()), (NO_ROLE, _("Aucun droit pour l’instant"))],
        widget=forms.RadioSelect,
        help_text=_("Les droits proposés par défaut : voir le guide des droits. Aucun n’ouvre d’image."),
    )

    def prepare(self) -> None:
        """List the people without an account."""
        super().prepare()
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            field.queryset = field.queryset.filter(account=None)

    def clean_username(self) -> str:
        """A login is used once."""
        username: str = self.cleaned_data["username"]
        if Account.objects.filter(username=username).exists():
            raise ValidationError(
                _("L’identifiant {username} est déjà pris : choisissez-en un autre.").format(username=username)
            )
        return username

    def perform(self, *, at: datetime, by: By) -> None:
        """Invite, then give the rights of the office, one act each."""
        given = self.cleaned_data
        handed = acts.invite(
            given["person"],
            installation=self.installation,
            username=given["username"],
            email=given["email"],
            at=at,
            by=by,
        )
        role = ROLES.get(given["role"])
        for right in role.rights if role else ():
            offices.grant_right(self.installation, account=handed.invitation.account, right=right, at=at, by=by)
        self.handed = handed


class RenewForm(ActForm):
    """A new link for an account: the first was lost, or the password was."""

    account = _account_field()

    def prepare(self) -> None:
        """List the open accounts."""
        super().prepare()
        self.offer("account", accounts_of(self.installation).filter(is_active=True))

    def perform(self, *, at: datetime, by: By) -> None:
        """Hand the link."""
        self.handed = acts.renew_link(self.cleaned_data["account"], installation=self.installation, at=at, by=by)


class CancelForm(ActForm):
    """A link that will open nothing."""

    invitation = Pick(
        Invitation,
        say=lambda i: _("{username}, lien du {instant}").format(
            username=i.account.username, instant=wording.instant(i.recorded_at)
        ),
        label=_("Le lien"),
    )

    def prepare(self) -> None:
        """List the links that still open something."""
        super().prepare()
        live = Invitation.objects.filter(
            installation=self.installation, used_at=None, cancelled_at=None, expires_at__gt=self.at
        )
        self.offer("invitation", live.select_related("account").order_by("account__username"))

    def perform(self, *, at: datetime, by: By) -> None:
        """Cancel it."""
        acts.cancel_invitation(self.cleaned_data["invitation"], at=at, by=by)


class CloseForm(ActForm):
    """A login closed."""

    account = _account_field()

    def prepare(self) -> None:
        """List the open accounts."""
        super().prepare()
        self.offer("account", accounts_of(self.installation).filter(is_active=True))

    def perform(self, *, at: datetime, by: By) -> None:
        """Close it."""
        acts.disable_account(self.cleaned_data["account"], installation=self.installation, at=at, by=by)


class ReopenForm(ActForm):
    """A closed login opened again."""

    account = _account_field()

    def prepare(self) -> None:
        """List the closed accounts."""
        super().prepare()
        self.offer("account", accounts_of(self.installation).filter(is_active=False))

    def perform(self, *, at: datetime, by: By) -> None:
        """Reopen it."""
        acts.reopen_account(self.cleaned_data["account"], installation=self.installation, at=at, by=by)


class RightForm(ActForm):
    """An office right given or taken back: it opens no image."""

    account = _account_field()
    right = forms.ChoiceField(
        label=_("Le droit"), choices=[(code, _(words)) for code, words in Installation._meta.permissions]
    )
    given = forms.ChoiceField(
        label=_("L’acte"),
        choices=[("oui", _("Donner")), ("non", _("Retirer"))],
        widget=forms.RadioSelect,
        initial="oui",
    )

    def prepare(self) -> None:
        """List the open accounts."""
        super().prepare()
        self.offer("account", accounts_of(self.installation).filter(is_active=True))

    def perform(self, *, at: datetime, by: By) -> None:
        """Give or take back."""
        given = self.cleaned_data
        change = offices.grant_right if given["given"] == "oui" else offices.revoke_right
        change(self.installation, account=given["account"], right=given["right"], at=at, by=by)


class PasswordForm(forms.Form):
    """The password that the person who holds the link chooses, typed twice."""

    use_required_attribute = False
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Douze caractères au moins ; une phrase de plusieurs mots convient."),
        error_messages={"required": _("Choisissez un mot de passe.")},
    )
    again = forms.CharField(
        label=_("Le même, une seconde fois"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Tapez-le une seconde fois.")},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refuse a weak one beside its field."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password

    def clean_again(self) -> str:
        """Refuse two different ones."""
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("password") not in (None, again):
            raise ValidationError(_("Les deux mots de passe diffèrent."))
        return again
