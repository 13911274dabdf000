"""`first_account`: the only account made without an invitation, on a new installation; prints its one-time link.

No secret is given as an argument: the person who follows the link chooses the password.
"""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import RegexValidator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from compliance.actions import account, people
from compliance.actions.account import Handed
from compliance.actions.roles import ROLES
from compliance.events import System
from compliance.models import Account, Authority, Installation, Person
from compliance.templatetags import wording

BY = System.CONSOLE
ASKED = {
    "name": "nom de la commune",
    "siret": "SIRET de la commune, 14 chiffres",
    "insee": "code INSEE de la commune, 5 caractères",
    "person": "nom de la personne",
    "login": "identifiant de la personne",
}
DIGITS = {"siret": RegexValidator(r"^\d{14}$"), "insee": RegexValidator(r"^[0-9AB]{5}$")}


class Command(BaseCommand):
    """Found what is missing, invite the first person, print the link."""

    help = "Ouvre le premier compte, sur une installation neuve, et affiche son lien à usage unique (72 heures)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what the commune and the person are."""
        for option, words in ASKED.items():
            parser.add_argument(f"--{option}", default="", help=words)
        parser.add_argument("--code", default="", help="code de l’installation (par défaut : VP-INSEE)")
        parser.add_argument("--title", default="Vidéoprotection", help="nom de l’installation")
        parser.add_argument("--function", default="Maire", help="fonction de la personne (par défaut : Maire)")
        parser.add_argument("--role", default="maire", choices=sorted(ROLES), help="droits de bureau proposés")
        parser.add_argument(
            "--right", action="append", default=[], help="droit de plus, répétable (commune sans agent)"
        )
        parser.add_argument("--address", default="", help="adresse du site, pour écrire le lien")
        parser.add_argument("--again", action="store_true", help="un autre lien, tant que personne n’est entré")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Make the account, or a new link for the one that nobody opened."""
        try:
            with transaction.atomic():
                handed = self._again() if given["again"] else self._first(given)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        site = given["address"] or next(iter(settings.CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
        link = site.rstrip("/") + reverse("invitation", args=[handed.token])
        self.stdout.write(
            f"Compte « {handed.invitation.account.username} » : ouvrez ce lien et choisissez le mot de passe.\n"
            f"Il sert une fois, jusqu’au {wording.instant(handed.invitation.expires_at)}, et ne se réaffiche pas.\n\n"
            f"  {link}"
        )

    def _first(self, given: dict[str, Any]) -> Handed:
        if Account.objects.exists():
            raise CommandError(
                "Refusé : un compte existe déjà. Les autres s’ouvrent par invitation, depuis la page Personnes. "
                "Si le premier lien est perdu et n’a jamais servi : --again."
            )
        found = Installation.objects.select_related("authority").order_by("pk").first()
        needed = ["person", "login"] if found else list(ASKED)
        for option in needed:
            if not given[option].strip() and sys.stdin.isatty():
                given[option] = input(f"{ASKED[option].capitalize()} : ")
        if missing := [f"--{option} ({ASKED[option]})" for option in needed if not given[option].strip()]:
            raise CommandError(f"Il manque : {', '.join(missing)}.")
        at = timezone.now()
        place = found or self._found(given, at=at)
        known = {"code": given["login"].upper()[:24], "name": given["person"], "function": given["function"]}
        person = Person.objects.filter(authority=place.authority, code=known["code"]).first() or people.register_person(
            place.authority, installation=place, at=at, by=BY, **known
        )
        handed = account.invite(person, installation=place, username=given["login"], at=at, by=BY)
        for right in dict.fromkeys([*ROLES[given["role"]].rights, *given["right"]]):
            if right not in dict(Installation._meta.permissions):
                raise CommandError(f"Droit inconnu : {right}.")
            people.grant_right(place, account=handed.invitation.account, right=right, at=at, by=BY)
        return handed

    def _found(self, given: dict[str, Any], *, at: Any) -> Installation:
        for option, validate in DIGITS.items():
            try:
                validate(given[option])
            except ValidationError:
                raise CommandError(f"--{option} : {ASKED[option]}.") from None
        commune = Authority.objects.filter(siret=given["siret"]).first() or people.found_authority(
            None, name=given["name"], siret=given["siret"], insee=given["insee"], at=at, by=BY
        )
        code = given["code"] or f"VP-{given['insee']}"
        return people.open_installation(commune, code=code, name=given["title"], at=at, by=BY)

    def _again(self) -> Handed:
        accounts = list(Account.objects.select_related("person"))
        if len(accounts) != 1 or accounts[0].has_usable_password():
            raise CommandError("Refusé : --again ne vaut que pour un premier compte que personne n’a ouvert.")
        place = accounts[0].invitations.latest("pk").installation
        return account.renew_link(accounts[0], installation=place, at=timezone.now(), by=BY)
