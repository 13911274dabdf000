"""The pages of what is still a draft: what was typed is corrected until an act rests on it."""

from compliance.forms import correction
from compliance.forms.act_page import ActPage

CORRECTION_ACTS: tuple[ActPage, ...] = (
    ActPage(
        slug="position-corriger",
        form=correction.AddressForm,
        title="Corriger l’adresse d’une position",
        todo="Corriger l’adresse de",
        right="manage_cameras",
        law="CSI R252-3",
        quote="",
        changes="L’adresse seule change. Une fois la position nommée par un arrêté, ses mots ne se corrigent plus.",
        button="Corriger l’adresse",
    ),
    ActPage(
        slug="panneau-prevoir",
        form=correction.PlannedPanelForm,
        title="Préparer un panneau",
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes="Le panneau a un code et un emplacement. Seule sa photo, une fois posé, le prouve.",
        button="Préparer le panneau",
    ),
    ActPage(
        slug="panneau-corriger",
        form=correction.PanelPlaceForm,
        title="Corriger l’emplacement d’un panneau",
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes="L’emplacement seul change. Une fois le panneau prouvé par sa photo, il ne se corrige plus.",
        button="Corriger l’emplacement",
    ),
    ActPage(
        slug="personne-corriger",
        form=correction.PersonNameForm,
        title="Corriger le nom d’une personne",
        right="validate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes="Le nom ou la fonction changent. Le code, que les actes et le journal portent, ne change jamais.",
        button="Corriger le nom",
    ),
    ActPage(
        slug="commune-corriger",
        form=correction.AuthorityForm,
        title="Corriger l’identité de la commune",
        right="validate",
        law="CSI R251-1",
        quote="",
        changes="Le nom, le SIRET ou le code INSEE changent, tant que la CNIL n’a pas reçu d’engagement sous ce nom.",
        button="Corriger l’identité",
    ),
)
