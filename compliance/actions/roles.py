"""The offices of a town hall and the rights that each is proposed; what one account may not hold together. Values only.

A role is a proposal made with an invitation: rights are given and taken back one by one, each by an act.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Role:
    """An office: its French name, its default rights."""

    words: "StrOrPromise"
    rights: tuple[str, ...]


ROLES: Final[dict[str, Role]] = {
    "maire": Role(_("Maire, responsable du système"), ("validate", "habilitate", "read")),
    "liaison": Role(_("Secrétariat, suivi du dossier"), ("capture_order", "file", "manage_cameras", "read")),
    "dpo": Role(_("Délégué à la protection des données"), ("draft_aipd", "give_opinion", "read")),
    "agent": Role(_("Agent habilité"), ("read",)),
    "controle": Role(_("Contrôle (commission départementale, CNIL)"), ("control", "read")),
    "technique": Role(_("Référent technique"), ("manage_cameras",)),
}
# RGPD art. 38 (6): the DPO's other missions must leave the opinion free. One account never holds both.
APART: "Final[dict[frozenset[str], StrOrPromise]]" = {
    frozenset({"give_opinion", "validate"}): _(
        "Qui donne l’avis du DPD ne valide pas (RGPD art. 38) : retirez d’abord l’autre droit, ou choisissez une autre "
        "personne."
    ),
}


def clash(held: set[str], right: str) -> "StrOrPromise":
    """Return why a right may not join those held, or nothing."""
    return next((why for pair, why in APART.items() if right in pair and (pair - {right}) & held), "")
