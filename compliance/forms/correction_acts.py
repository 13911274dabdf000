"""The pages of what is still a draft: what was typed is corrected until an act rests on it."""

from django.utils.translation import gettext_lazy as _

from compliance.forms import correction
from compliance.forms.act_page import ActPage

CORRECTION_ACTS: tuple[ActPage, ...] = (
    ActPage(
        slug="position-corriger",
        form=correction.AddressForm,
        title=_("Corriger l’adresse d’une position"),
        todo=_("Corriger l’adresse de"),
        right="manage_cameras",
        law="CSI R252-3",
        quote="",
        changes=_("L’adresse seule change. Une fois la position nommée par un arrêté, ses mots ne se corrigent plus."),
        button=_("Corriger l’adresse"),
    ),
    ActPage(
        slug="panneau-prevoir",
        form=correction.PlannedPanelForm,
        title=_("Préparer un panneau"),
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes=_("Le panneau a un code et un emplacement. Seule sa photo, une fois posé, le prouve."),
        button=_("Préparer le panneau"),
    ),
    ActPage(
        slug="panneau-corriger",
        form=correction.PanelPlaceForm,
        title=_("Corriger l’emplacement d’un panneau"),
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes=_("L’emplacement seul change. Une fois le panneau prouvé par sa photo, il ne se corrige plus."),
        button=_("Corriger l’emplacement"),
    ),
    ActPage(
        slug="personne-corriger",
        form=correction.PersonNameForm,
        title=_("Corriger le nom d’une personne"),
        right="validate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes=_("Le nom ou la fonction changent. Le code, que les actes et le journal portent, ne change jamais."),
        button=_("Corriger le nom"),
    ),
    ActPage(
        slug="commune-corriger",
        form=correction.AuthorityForm,
        title=_("Corriger l’identité de la commune"),
        right="validate",
        law="CSI R251-1",
        quote="",
        changes=_(
            "Le nom, le SIRET ou le code INSEE changent, tant que la CNIL n’a pas reçu d’engagement sous ce nom."
        ),
        button=_("Corriger l’identité"),
    ),
)
