"""People: who the law names (never deleted), who signs in, and by which acts someone may see images."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from compliance.law.terms import Category
from compliance.models.dossier import Act, Authority, Ended, Installation, Position, choices


class Person(models.Model):
    """Someone the law names: mayor, officer, agent, DPO. May have no account."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="people")
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    function = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Accounts(BaseUserManager["Account"]):
    """How accounts come to be. There is no superuser: nobody bypasses a right."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find an account by its login."""
        return self.get(username=username)

    def create_superuser(self, *_: Any, **__: Any) -> "Account":
        """Refuse: every right comes from an act."""
        raise PermissionError("Aucun compte n’a tous les droits : un droit vient d’un acte.")


class Account(AbstractBaseUser, PermissionsMixin):
    """A login: one account for one person. Opened, closed and given rights by acts only."""

    username = models.CharField("identifiant", max_length=64, unique=True)
    email = models.EmailField("courriel", blank=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Accounts()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_has_every_right")]

    def __str__(self) -> str:
        return self.person.function


class Invitation(models.Model):
    """A link that opens an account once: whoever holds it chooses the password. Only its fingerprint is kept."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    installation = models.ForeignKey(Installation, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.account_id} {self.recorded_at}"


class InstallationUserPermission(UserObjectPermissionBase):
    """Office rights of an account on an installation (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(Installation, models.PROTECT)


class InstallationGroupPermission(GroupObjectPermissionBase):
    """Needed by django-guardian's direct tables; the product gives rights to accounts only."""

    content_object = models.ForeignKey(Installation, models.PROTECT)


class Mandate(Act, Ended):
    """The mayor's mandate: the act by which the mayor may see (R253-3 II 2° a)."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class Delegation(Act, Ended):
    """A delegation of police functions to an elected member."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    number = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class Employment(Act, Ended):
    """Who a person works for and the communes of competence (R253-3 II 2°)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    employer = models.CharField(max_length=200)
    public = models.BooleanField(default=True)
    territory = models.ManyToManyField(Authority, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class Agreement(Act):
    """The prefect's agrément of a communal or intercommunal agent (L132-14-1)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=60)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class AgreementMeasure(Act, Ended):
    """A suspension or the withdrawal of an agrément."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)


class Habilitation(Act, Ended):
    """The one truth about who may see what. No position named: the whole installation."""

    installation = models.ForeignKey(Installation, models.PROTECT, related_name="habilitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="habilitations")
    positions = models.ManyToManyField(Position, related_name="+", blank=True)
    category = models.CharField(max_length=20, choices=choices(Category))
    act = models.CharField(max_length=120)
    signatory = models.CharField(max_length=20)
    service = models.CharField(max_length=120, blank=True)
    actions = models.JSONField(default=list)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_habilitation_ends_after_it_starts",
            )
        ]
