"""The pages of the acts about people: titles, offices, logins."""

from django.utils.translation import gettext_lazy as _

from compliance.forms import account, habilitation, people
from compliance.forms.act_page import BLIND, ActPage

SECURE = (
    "Les systèmes de vidéoprotection sont équipés de dispositifs techniques permettant de garantir la disponibilité, "
    "la confidentialité et l’intégrité des enregistrements."
)
PEOPLE_ACTS: tuple[ActPage, ...] = (
    ActPage(
        slug="coordonnees",
        form=people.ContactForm,
        title=_("Donner les coordonnées de la commune"),
        right="file",
        law="CSI R253-6",
        quote=(
            "ils mentionnent, au moins, l'identité du responsable du système, les finalités poursuivies par le "
            "traitement et les droits des personnes concernées."
        ),
        changes=_(
            "Les panneaux et les lettres édités ensuite les portent, la page du public aussi. Aucune caméra ne s’ouvre "
            "ni ne s’éteint."
        ),
        button=_("Donner ces coordonnées"),
    ),
    ActPage(
        slug="habilitation",
        form=habilitation.HabilitationForm,
        title=_("Habiliter une personne"),
        todo=_("Habiliter une personne pour"),
        right="habilitate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes=_("La personne peut voir ce que l’acte dit, de son premier à son dernier jour."),
        button=_("Enregistrer l’habilitation"),
    ),
    ActPage(
        slug="habilitation-retirer",
        form=habilitation.HabilitationEndForm,
        title=_("Retirer une habilitation"),
        right="habilitate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes=_("Une consultation en cours s’éteint en deux secondes au plus."),
        button=_("Retirer l’habilitation"),
        stop=BLIND,
    ),
    ActPage(
        slug="agrement",
        form=habilitation.AgreementForm,
        title=_("Enregistrer un agrément du préfet"),
        todo=_("Enregistrer un agrément pour"),
        right="habilitate",
        law="CSI L132-14-1",
        quote="Ils sont agréés par le représentant de l’Etat dans les départements concernés.",
        changes=_("L’agent communal peut être habilité à visionner la voie publique."),
        button=_("Enregistrer l’agrément"),
    ),
    ActPage(
        slug="agrement-suspendre",
        form=habilitation.AgreementStrikeForm,
        title=_("Enregistrer la suspension ou le retrait d’un agrément"),
        right="habilitate",
        law="CSI L132-14-1",
        quote="L’agrément peut être retiré ou suspendu par le représentant de l’Etat après consultation du maire",
        changes=_("L’agent ne voit plus la voie publique à partir de cette heure."),
        button=_("Enregistrer la mesure"),
        stop=BLIND,
    ),
    ActPage(
        slug="agrement-lever",
        form=habilitation.AgreementLiftForm,
        title=_("Enregistrer la levée d’une suspension d’agrément"),
        right="habilitate",
        law="CSI L132-14-1",
        quote="L’agrément peut être retiré ou suspendu par le représentant de l’Etat après consultation du maire",
        changes=_("L’agent voit à nouveau, si son habilitation court. Un retrait ne se lève pas."),
        button=_("Lever la suspension"),
    ),
    ActPage(
        slug="delegation",
        form=habilitation.DelegationForm,
        title=_("Enregistrer une délégation de police"),
        todo=_("Enregistrer une délégation pour"),
        right="habilitate",
        law="CSI R253-3",
        quote="lorsqu’ils sont délégataires de fonctions de police municipale",
        changes=_("L’élu peut être habilité à voir, tant que la délégation court."),
        button=_("Enregistrer la délégation"),
    ),
    ActPage(
        slug="delegation-fin",
        form=habilitation.DelegationEndForm,
        title=_("Mettre fin à une délégation"),
        right="habilitate",
        law="CSI R253-3",
        quote="lorsqu’ils sont délégataires de fonctions de police municipale",
        changes=_("L’élu ne voit plus le lendemain du dernier jour, à minuit."),
        button=_("Mettre fin à la délégation"),
        stop=BLIND,
    ),
    ActPage(
        slug="emploi",
        form=people.EmploymentForm,
        title=_("Enregistrer un emploi"),
        todo=_("Enregistrer l’emploi pour"),
        right="habilitate",
        law="CSI R253-3",
        quote=(
            "Pour les seules images issues de systèmes implantés sur le territoire de la ou des communes pour "
            "lesquelles ils sont compétents"
        ),
        changes=_(
            "L’emploi dit pour quelle commune la personne est compétente. Un employeur privé ferme la voie publique."
        ),
        button=_("Enregistrer l’emploi"),
    ),
    ActPage(
        slug="emploi-fin",
        form=people.EmploymentEndForm,
        title=_("Mettre fin à un emploi"),
        right="habilitate",
        law="CSI R253-3",
        quote=(
            "Pour les seules images issues de systèmes implantés sur le territoire de la ou des communes pour "
            "lesquelles ils sont compétents"
        ),
        changes=_("La personne ne voit plus le lendemain du dernier jour, à minuit. Son habilitation reste à retirer."),
        button=_("Mettre fin à l’emploi"),
        stop=BLIND,
    ),
    ActPage(
        slug="mandat",
        form=people.MandateForm,
        title=_("Enregistrer le mandat du maire"),
        todo=_("Enregistrer le mandat du maire pour"),
        right="validate",
        also=("file",),
        law="CSI R253-3",
        quote="Le maire ainsi que, lorsqu’ils sont délégataires de fonctions de police municipale",
        changes=_("Le maire représente la commune et voit de droit, tant que le mandat court."),
        button=_("Enregistrer le mandat"),
    ),
    ActPage(
        slug="mandat-fin",
        form=people.MandateEndForm,
        title=_("Mettre fin à un mandat"),
        right="validate",
        also=("file",),
        law="CSI R253-3",
        quote="Le maire ainsi que, lorsqu’ils sont délégataires de fonctions de police municipale",
        changes=_("Le maire sortant ne voit plus le lendemain du dernier jour, à minuit."),
        button=_("Mettre fin au mandat"),
        stop=BLIND,
    ),
    ActPage(
        slug="personne",
        form=people.PersonForm,
        title=_("Enregistrer une personne"),
        right="validate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes=_("Une personne n’a aucun droit avant un acte qui le lui donne. Elle n’est jamais effacée du dossier."),
        button=_("Enregistrer la personne"),
    ),
    ActPage(
        slug="inviter",
        form=account.InviteForm,
        title=_("Inviter à ouvrir un compte"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_(
            "Un lien qui sert une fois, dans les 72 heures, s’affiche une seule fois. La personne choisit elle-même "
            "son mot de passe. Aucune image ne s’ouvre."
        ),
        button=_("Inviter"),
    ),
    ActPage(
        slug="lien-renvoyer",
        form=account.RenewForm,
        title=_("Renvoyer un lien de connexion"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_(
            "Le lien d’avant ne sert plus. L’ancien mot de passe vaut jusqu’à ce que la personne en choisisse un autre."
        ),
        button=_("Renvoyer un lien"),
    ),
    ActPage(
        slug="invitation-annuler",
        form=account.CancelForm,
        title=_("Annuler un lien de connexion"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_("Le lien n’ouvre plus rien."),
        button=_("Annuler le lien"),
    ),
    ActPage(
        slug="compte-fermer",
        form=account.CloseForm,
        title=_("Fermer un compte"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_("La personne est déconnectée et ses consultations s’éteignent. Ce qu’elle a fait reste au journal."),
        button=_("Fermer le compte"),
        stop=_("Je confirme : cette personne ne pourra plus se connecter."),
    ),
    ActPage(
        slug="compte-rouvrir",
        form=account.ReopenForm,
        title=_("Rouvrir un compte"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_("La personne se connecte à nouveau, avec les droits de bureau qu’elle avait."),
        button=_("Rouvrir le compte"),
    ),
    ActPage(
        slug="droit",
        form=account.RightForm,
        title=_("Donner ou retirer un droit"),
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=_(
            "Un droit ouvre des pages et des actes de cette installation. Il n’ouvre aucune image : seule une "
            "habilitation le fait."
        ),
        button=_("Enregistrer le droit"),
    ),
)
