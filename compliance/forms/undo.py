"""How each act is undone: by which other act, or why by none. One table, and the kinds of entries that have a page.

To undo is to do something else: a suspension is lifted, a habilitation withdrawn. What was only typed wrong is
corrected (compliance.actions.mistake), on the page of the act itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from compliance.law.terms import MeasureKind
from compliance.models import (
    Agreement,
    AgreementMeasure,
    Aipd,
    CnilCommitment,
    Declaration,
    Delegation,
    DeviceStatement,
    Employment,
    Habilitation,
    LocationNotice,
    Mandate,
    MaskCheck,
    Notice,
    Order,
    OrderMeasure,
    PanelCheck,
    PriorConsultation,
)
from compliance.models.dossier import Act

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The act that undoes each act; itself, when doing it again answers (a panel seen, then missing).
UNDONE_BY: Final[Mapping[str, str]] = {
    "arrete": "arrete-retirer",
    "arrete-suspendre": "arrete-lever",
    "arrete-lever": "arrete-suspendre",
    "aipd": "aipd",
    "panneau": "panneau-controle",
    "panneau-prevoir": "panneau-corriger",
    "panneau-corriger": "panneau-corriger",
    "panneau-controle": "panneau-controle",
    "masques": "masques",
    "position": "position",
    "position-corriger": "position-corriger",
    "commune-corriger": "commune-corriger",
    "personne-corriger": "personne-corriger",
    "appareil": "appareil-deposer",
    "appareil-deposer": "appareil",
    "habilitation": "habilitation-retirer",
    "habilitation-retirer": "habilitation",
    "agrement": "agrement-suspendre",
    "agrement-suspendre": "agrement-lever",
    "agrement-lever": "agrement-suspendre",
    "delegation": "delegation-fin",
    "delegation-fin": "delegation",
    "emploi": "emploi-fin",
    "emploi-fin": "emploi",
    "mandat": "mandat-fin",
    "mandat-fin": "mandat",
    "inviter": "invitation-annuler",
    "lien-renvoyer": "invitation-annuler",
    "invitation-annuler": "lien-renvoyer",
    "compte-fermer": "compte-rouvrir",
    "compte-rouvrir": "compte-fermer",
    "droit": "droit",
    "coordonnees": "coordonnees",
}
# What the law does not undo: a mistake in it is corrected, nothing more.
FINAL: "Final[Mapping[str, StrOrPromise]]" = {
    "arrete-retirer": _("Un retrait ne se lève pas : il faut un nouvel arrêté."),
    "fin-evenement": _("Un événement ne finit qu’une fois."),
    "engagement": _("L’engagement est envoyé une fois (CSI R253-7)."),
    "cnil-reponse": _("La réponse de la CNIL est la sienne."),
    "mise-en-service": _("Une lettre partie ne revient pas : on en envoie une autre."),
    "localisation": _("Une lettre partie ne revient pas : on en envoie une autre."),
    "personne": _("Une personne n’est jamais effacée ; son compte se ferme."),
}


def _measure_act(row: Any) -> str:
    if row.kind == MeasureKind.EVENT_END:
        return "fin-evenement"
    return "arrete-retirer" if row.kind == MeasureKind.WITHDRAWAL else "arrete-suspendre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entries: its rows, its name, the act that wrote one, and the field by which another act takes it."""

    model: type[Act]
    name: "StrOrPromise"
    act: Callable[[Any], str]
    field: str = ""
    related: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Its name, in the language of the page."""
        return str(self.name)


def _of(slug: str) -> Callable[[Any], str]:
    return lambda _row: slug


PERSON = ("person",)
KINDS: Final[Mapping[str, Kind]] = {
    "arrete": Kind(model=Order, name=_("Arrêtés"), act=_of("arrete"), field="order"),
    "mesure": Kind(
        model=OrderMeasure, name=_("Mesures sur un arrêté"), act=_measure_act, field="measure", related=("order",)
    ),
    "mise-en-service": Kind(model=Notice, name=_("Mises en service annoncées"), act=_of("mise-en-service")),
    "localisation": Kind(
        model=LocationNotice, name=_("Emplacements annoncés"), act=_of("localisation"), related=("position",)
    ),
    "engagement": Kind(model=CnilCommitment, name=_("Engagements envoyés à la CNIL"), act=_of("engagement")),
    "aipd": Kind(model=Aipd, name=_("AIPD signées"), act=_of("aipd")),
    "cnil-reponse": Kind(
        model=PriorConsultation, name=_("Réponses de la CNIL"), act=_of("cnil-reponse"), related=("aipd",)
    ),
    "panneau": Kind(model=PanelCheck, name=_("Contrôles de panneaux"), act=_of("panneau-controle"), related=("panel",)),
    "masques": Kind(model=MaskCheck, name=_("Vérifications de masques"), act=_of("masques"), related=("position",)),
    "position": Kind(
        model=Declaration, name=_("Déclarations de positions"), act=_of("position"), related=("position",)
    ),
    "appareil": Kind(
        model=DeviceStatement, name=_("Descriptions d’appareils"), act=_of("appareil"), related=("mounting",)
    ),
    "mandat": Kind(model=Mandate, name=_("Mandats"), act=_of("mandat"), field="mandate", related=PERSON),
    "emploi": Kind(model=Employment, name=_("Emplois"), act=_of("emploi"), field="employment", related=PERSON),
    "delegation": Kind(
        model=Delegation, name=_("Délégations"), act=_of("delegation"), field="delegation", related=PERSON
    ),
    "agrement": Kind(model=Agreement, name=_("Agréments"), act=_of("agrement"), field="agreement", related=PERSON),
    "agrement-mesure": Kind(
        model=AgreementMeasure,
        name=_("Mesures sur un agrément"),
        act=_of("agrement-suspendre"),
        field="measure",
        related=("agreement__person",),
    ),
    "habilitation": Kind(
        model=Habilitation, name=_("Habilitations"), act=_of("habilitation"), field="habilitation", related=PERSON
    ),
}


def ended(row: Any) -> bool:
    """True when an act has already ended the row."""
    return getattr(row, "end_recorded_at", None) is not None
