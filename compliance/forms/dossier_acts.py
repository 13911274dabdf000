"""The pages of the acts about orders, letters, proofs, positions and devices, in the order of a file's life."""

from django.utils.translation import gettext_lazy as _

from compliance.forms import dossier, order, position
from compliance.forms.act_page import DARK, ActPage

DOSSIER_ACTS: tuple[ActPage, ...] = (
    ActPage(
        slug="arrete",
        form=order.CaptureForm,
        title=_("Saisir l’arrêté du préfet"),
        todo=_("Saisir l’arrêté de"),
        right="capture_order",
        law="CSI L252-4",
        quote="Les systèmes de vidéoprotection sont autorisés pour une durée de cinq ans renouvelable.",
        changes=_(
            "Les positions de l’annexe sont autorisées, du premier au dernier jour. Une caméra ne s’ouvre que si "
            "le reste du dossier est complet."
        ),
        button=_("Saisir l’arrêté"),
        groups=_("L’annexe : le champ autorisé de chaque position"),
    ),
    ActPage(
        slug="arrete-suspendre",
        form=order.SuspendForm,
        title=_("Enregistrer une suspension"),
        right="capture_order",
        law="CSI L253-1",
        quote=(
            "Elle émet, le cas échéant, des recommandations et propose la suspension ou la suppression des "
            "dispositifs non autorisés, non conformes à leur autorisation ou dont il est fait un usage anormal."
        ),
        changes=_("Toutes les caméras de l’arrêté s’éteignent à l’heure dite, en deux secondes au plus."),
        button=_("Suspendre l’arrêté"),
        stop=DARK,
    ),
    ActPage(
        slug="arrete-retirer",
        form=order.WithdrawForm,
        title=_("Enregistrer le retrait de l’arrêté"),
        right="capture_order",
        law="CSI R254-2",
        quote=(
            "être retirée en cas de manquement aux dispositions du présent titre et en cas de modification des "
            "conditions au vu desquelles elle a été délivrée."
        ),
        changes=_(
            "Toutes les caméras de l’arrêté s’éteignent à l’heure dite. Un retrait ne se lève pas : il faudra un "
            "nouvel arrêté."
        ),
        button=_("Retirer l’arrêté"),
        stop=DARK,
    ),
    ActPage(
        slug="arrete-lever",
        form=order.LiftForm,
        title=_("Enregistrer la levée d’une suspension"),
        todo=_("Enregistrer la levée de la mesure qui frappe"),
        right="capture_order",
        law="CSI R254-2",
        quote=(
            "la commission départementale de vidéoprotection peut, après en avoir informé le maire, proposer à "
            "l’autorité préfectorale la suspension ou le retrait de l’autorisation d’installation."
        ),
        changes=_("Les caméras de l’arrêté peuvent se rouvrir si le reste du dossier est complet."),
        button=_("Lever la mesure"),
    ),
    ActPage(
        slug="fin-evenement",
        form=order.EndEventForm,
        title=_("Enregistrer la fin de l’événement"),
        right="capture_order",
        law="CSI L252-6",
        quote=(
            "L’autorisation d’installation du dispositif cesse d’être valable dès que la manifestation ou le "
            "rassemblement a pris fin."
        ),
        changes=_("L’autorisation provisoire cesse avec l’événement : ses caméras s’éteignent."),
        button=_("Mettre fin à l’autorisation provisoire"),
        stop=DARK,
    ),
    ActPage(
        slug="engagement",
        form=dossier.CommitmentForm,
        title=_("Enregistrer l’engagement envoyé à la CNIL"),
        todo=_("Envoyer l’engagement à la CNIL pour"),
        right="file",
        law="CSI R253-7",
        quote="Cet envoi est accompli par le responsable du système.",
        changes=_("L’engagement vaut pour toutes les caméras de la commune, sans échéance."),
        button=_("Enregistrer l’engagement"),
    ),
    ActPage(
        slug="aipd",
        form=dossier.AipdForm,
        title=_("Enregistrer l’AIPD signée"),
        todo=_("Signer l’AIPD de"),
        right="validate",
        law="CSI R252-3",
        quote=(
            "Lorsqu’une analyse d’impact relative à la protection des données à caractère personnel a été "
            "rédigée, elle est jointe à la demande d’autorisation"
        ),
        changes=_(
            "La version signée remplace la précédente. Un risque élevé qui demeure ferme les caméras jusqu’à la "
            "réponse de la CNIL."
        ),
        button=_("Enregistrer l’AIPD"),
    ),
    ActPage(
        slug="cnil-reponse",
        form=dossier.AnswerForm,
        title=_("Enregistrer la réponse de la CNIL"),
        todo=_("Enregistrer la réponse de la CNIL pour"),
        right="file",
        law="RGPD art. 36",
        quote="",
        changes=_(
            "Si la CNIL ne s’oppose pas, les caméras peuvent s’ouvrir ; si elle s’oppose, elles restent éteintes."
        ),
        button=_("Enregistrer la réponse"),
    ),
    ActPage(
        slug="mise-en-service",
        form=dossier.CommissioningForm,
        title=_("Enregistrer la mise en service annoncée"),
        todo=_("Annoncer la mise en service de"),
        right="file",
        law="CSI R252-17",
        quote=(
            "Le titulaire de l’autorisation est tenu d’informer préalablement l’autorité préfectorale de la date "
            "de mise en service des caméras de vidéoprotection."
        ),
        changes=_("Les positions peuvent s’ouvrir à partir de la date annoncée, pas avant."),
        button=_("Enregistrer la lettre"),
    ),
    ActPage(
        slug="localisation",
        form=dossier.LocationForm,
        title=_("Enregistrer l’emplacement annoncé"),
        todo=_("Annoncer au préfet l’emplacement de"),
        right="file",
        law="CSI R252-17",
        quote=(
            "il informe l’autorité préfectorale de la localisation des caméras à l’intérieur du périmètre "
            "d’installation du système de vidéoprotection préalablement à leur installation et, le cas échéant, à"
            " leur déplacement."
        ),
        changes=_("La position peut s’ouvrir à cet emplacement, si la lettre est partie avant la pose."),
        button=_("Enregistrer la lettre"),
    ),
    ActPage(
        slug="panneau",
        form=dossier.PanelForm,
        title=_("Enregistrer un panneau et sa photo"),
        todo=_("Poser et photographier le panneau de"),
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes=_("Les positions cochées sont annoncées au public à partir du jour de la photo."),
        button=_("Enregistrer le panneau"),
    ),
    ActPage(
        slug="panneau-controle",
        form=dossier.PanelCheckForm,
        title=_("Contrôler un panneau"),
        todo=_("Contrôler le panneau de"),
        right="manage_cameras",
        law="CSI R253-6",
        quote=(
            "Elle est délivrée par voie d’affiches ou de panonceaux comportant un pictogramme représentant une caméra."
        ),
        changes=_("Un panneau signalé absent n’éteint rien : il demande qu’on le remette."),
        button=_("Enregistrer le contrôle"),
    ),
    ActPage(
        slug="masques",
        form=position.MasksForm,
        title=_("Vérifier les masques sur une image datée"),
        todo=_("Vérifier les masques de"),
        right="manage_cameras",
        law="CSI L251-3",
        quote=(
            "Les opérations de vidéoprotection de la voie publique sont réalisées de telle sorte qu’elles ne "
            "visualisent pas les images de l’intérieur des immeubles d’habitation ni, de façon spécifique, celles"
            " de leurs entrées."
        ),
        changes=_("La vérification vaut jusqu’au prochain changement de la position ou de l’appareil."),
        button=_("Enregistrer la vérification"),
    ),
    ActPage(
        slug="position",
        form=position.SightForm,
        title=_("Déclarer une position ou ce qui a changé"),
        todo=_("Mettre à jour la position"),
        right="manage_cameras",
        law="CSI R254-2",
        quote="en cas de modification des conditions au vu desquelles elle a été délivrée.",
        changes=_(
            "La porte compare ce qui est déclaré à ce que l’arrêté autorise. Un champ qui change demande de "
            "revérifier les masques."
        ),
        button=_("Enregistrer la déclaration"),
    ),
    ActPage(
        slug="appareil",
        form=position.DeviceForm,
        title=_("Décrire un appareil"),
        todo=_("Décrire l’appareil de"),
        right="manage_cameras",
        law="CSI R253-1",
        quote="Les images, à l’exclusion des sons, captées par les systèmes de vidéoprotection",
        changes=_(
            "Un nouvel appareil demande de revérifier les masques. Un microphone en service ou une analyse "
            "permanente éteint la caméra."
        ),
        button=_("Enregistrer l’appareil"),
    ),
    ActPage(
        slug="appareil-deposer",
        form=position.TakeDownForm,
        title=_("Déposer un appareil"),
        right="manage_cameras",
        law="CSI L252-1",
        quote=(
            "L’installation d’un système de vidéoprotection dans le cadre du présent titre est subordonnée à une "
            "autorisation du représentant de l’Etat dans le département"
        ),
        changes=_("La position reste au dossier ; sans appareil, sa caméra est éteinte."),
        button=_("Déposer l’appareil"),
        stop=_("Je confirme : l’appareil n’est plus en place et sa caméra s’éteint."),
    ),
)
