"""Forms of the acts about people: who they are, who they work for, their login, the office they hold."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from compliance.actions import people as acts
from compliance.actions.base import By
from compliance.forms.base import ActForm, DatedForm, people_field, yes_no
from compliance.models import Account, Installation, Person


class EmploymentForm(DatedForm):
    """Who a person works for, and whether it is a public body competent here."""

    person = people_field()
    employer = forms.CharField(label="Employeur", max_length=200)
    public = yes_no("Est-ce un employeur public ?", help_text="Un opérateur privé ne voit pas la rue (CSI R253-3 II).")
    competent = yes_no(
        "La personne est-elle compétente sur le territoire de la commune ?", help_text="CSI R253-3 II 2°."
    )
    starts_on = forms.DateField(label="Depuis le")
    ends_on = forms.DateField(label="Jusqu’au", required=False)

    def perform(self, *, at: datetime, by: By) -> None:
        """Record the employment."""
        given = self.cleaned_data
        acts.record_employment(
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

    person = people_field("Le maire")
    starts_on = forms.DateField(label="Élu le")
    ends_on = forms.DateField(
        label="Mandat jusqu’au", required=False, help_text="Sans réponse, jusqu’à l’acte suivant."
    )

    def perform(self, *, at: datetime, by: By) -> None:
        """Record the mandate."""
        given = self.cleaned_data
        acts.start_mandate(
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

    code = forms.CharField(label="Code", max_length=24, help_text="Ce que le journal écrit : PM-04, EL-02.")
    name = forms.CharField(label="Nom", max_length=120)
    function = forms.CharField(label="Fonction", max_length=120)

    def clean_code(self) -> str:
        """A code is used once."""
        code: str = self.cleaned_data["code"]
        if Person.objects.filter(code=code).exists():
            raise ValidationError(f"Le code {code} est déjà pris : choisissez-en un autre.")
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


class AccountForm(ActForm):
    """A person's one login. The password is asked last and kept nowhere in clear."""

    late = ("password",)
    person = people_field("La personne, qui n’a pas encore de compte")
    username = forms.CharField(label="Identifiant", max_length=64)
    password = forms.CharField(
        label="Premier mot de passe",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        help_text=(
            "Douze caractères au moins. Remettez-le en main propre ; la personne le change à sa première connexion."
        ),
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
            raise ValidationError(f"L’identifiant {username} est déjà pris : choisissez-en un autre.")
        return username

    def clean_password(self) -> str:
        """Check its strength as soon as it is given."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def rehearsable(self) -> bool:
        """Without its password an account cannot even be rehearsed."""
        return bool(self.cleaned_data.get("password"))

    def perform(self, *, at: datetime, by: By) -> None:
        """Open the account."""
        given = self.cleaned_data
        if not given["password"]:
            raise ValidationError({"password": "Donnez un premier mot de passe, de douze caractères au moins."})
        acts.open_account(
            given["person"],
            installation=self.installation,
            username=given["username"],
            password=given["password"],
            at=at,
            by=by,
        )


class AccountField(forms.ModelChoiceField):
    """An account by its login."""

    def label_from_instance(self, account: Account) -> str:  # type: ignore[override]
        """« agent, agent de police municipale »."""
        return f"{account.username}, {account.person.function}"


def accounts_of(installation: Installation) -> Any:
    """Return the open accounts of the commune's people."""
    rows = Account.objects.filter(person__authority=installation.authority_id, is_active=True)
    return rows.select_related("person").order_by("username")


class AccountEndForm(ActForm):
    """A login closed."""

    account = AccountField(
        label="Le compte", queryset=Account.objects.none(), to_field_name="username", empty_label="Choisir un compte"
    )

    def prepare(self) -> None:
        """List the open accounts."""
        super().prepare()
        field = self.fields["account"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = accounts_of(self.installation)

    def perform(self, *, at: datetime, by: By) -> None:
        """Close it."""
        acts.disable_account(self.cleaned_data["account"], installation=self.installation, at=at, by=by)


class RightForm(ActForm):
    """An office right given or taken back: it opens no image."""

    account = AccountField(
        label="Le compte", queryset=Account.objects.none(), to_field_name="username", empty_label="Choisir un compte"
    )
    right = forms.ChoiceField(label="Le droit", choices=Installation._meta.permissions)
    given = forms.ChoiceField(
        label="L’acte", choices=[("oui", "Donner"), ("non", "Retirer")], widget=forms.RadioSelect, initial="oui"
    )

    def prepare(self) -> None:
        """List the open accounts."""
        super().prepare()
        field = self.fields["account"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = accounts_of(self.installation)

    def perform(self, *, at: datetime, by: By) -> None:
        """Give or take back."""
        given = self.cleaned_data
        change = acts.grant_right if given["given"] == "oui" else acts.revoke_right
        change(self.installation, account=given["account"], right=given["right"], at=at, by=by)
