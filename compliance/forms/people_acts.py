"""The pages of the acts about people: titles, offices, logins."""

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
        title="Donner les coordonnées de la commune",
        right="file",
        law="CSI R253-6",
        quote=(
            "ils mentionnent, au moins, l'identité du responsable du système, les finalités poursuivies par le "
            "traitement et les droits des personnes concernées."
        ),
        changes=(
            "Les panneaux et les lettres édités ensuite les portent, la page du public aussi. Aucune caméra ne s’ouvre "
            "ni ne s’éteint."
        ),
        button="Donner ces coordonnées",
    ),
    ActPage(
        slug="habilitation",
        form=habilitation.HabilitationForm,
        title="Habiliter une personne",
        todo="Habiliter une personne pour",
        right="habilitate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes="La personne peut voir ce que l’acte dit, de son premier à son dernier jour.",
        button="Enregistrer l’habilitation",
    ),
    ActPage(
        slug="habilitation-retirer",
        form=habilitation.HabilitationEndForm,
        title="Retirer une habilitation",
        right="habilitate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes="Une consultation en cours s’éteint en deux secondes au plus.",
        button="Retirer l’habilitation",
        stop=BLIND,
    ),
    ActPage(
        slug="agrement",
        form=habilitation.AgreementForm,
        title="Enregistrer un agrément du préfet",
        todo="Enregistrer un agrément pour",
        right="habilitate",
        law="CSI L132-14-1",
        quote="Ils sont agréés par le représentant de l’Etat dans les départements concernés.",
        changes="L’agent communal peut être habilité à visionner la voie publique.",
        button="Enregistrer l’agrément",
    ),
    ActPage(
        slug="agrement-suspendre",
        form=habilitation.AgreementStrikeForm,
        title="Enregistrer la suspension ou le retrait d’un agrément",
        right="habilitate",
        law="CSI L132-14-1",
        quote="L’agrément peut être retiré ou suspendu par le représentant de l’Etat après consultation du maire",
        changes="L’agent ne voit plus la voie publique à partir de cette heure.",
        button="Enregistrer la mesure",
        stop=BLIND,
    ),
    ActPage(
        slug="agrement-lever",
        form=habilitation.AgreementLiftForm,
        title="Enregistrer la levée d’une suspension d’agrément",
        right="habilitate",
        law="CSI L132-14-1",
        quote="L’agrément peut être retiré ou suspendu par le représentant de l’Etat après consultation du maire",
        changes="L’agent voit à nouveau, si son habilitation court. Un retrait ne se lève pas.",
        button="Lever la suspension",
    ),
    ActPage(
        slug="delegation",
        form=habilitation.DelegationForm,
        title="Enregistrer une délégation de police",
        todo="Enregistrer une délégation pour",
        right="habilitate",
        law="CSI R253-3",
        quote="lorsqu’ils sont délégataires de fonctions de police municipale",
        changes="L’élu peut être habilité à voir, tant que la délégation court.",
        button="Enregistrer la délégation",
    ),
    ActPage(
        slug="delegation-fin",
        form=habilitation.DelegationEndForm,
        title="Mettre fin à une délégation",
        right="habilitate",
        law="CSI R253-3",
        quote="lorsqu’ils sont délégataires de fonctions de police municipale",
        changes="L’élu ne voit plus le lendemain du dernier jour, à minuit.",
        button="Mettre fin à la délégation",
        stop=BLIND,
    ),
    ActPage(
        slug="emploi",
        form=people.EmploymentForm,
        title="Enregistrer un emploi",
        todo="Enregistrer l’emploi pour",
        right="habilitate",
        law="CSI R253-3",
        quote=(
            "Pour les seules images issues de systèmes implantés sur le territoire de la ou des communes pour "
            "lesquelles ils sont compétents"
        ),
        changes=(
            "L’emploi dit pour quelle commune la personne est compétente. Un employeur privé ferme la voie publique."
        ),
        button="Enregistrer l’emploi",
    ),
    ActPage(
        slug="emploi-fin",
        form=people.EmploymentEndForm,
        title="Mettre fin à un emploi",
        right="habilitate",
        law="CSI R253-3",
        quote=(
            "Pour les seules images issues de systèmes implantés sur le territoire de la ou des communes pour "
            "lesquelles ils sont compétents"
        ),
        changes="La personne ne voit plus le lendemain du dernier jour, à minuit. Son habilitation reste à retirer.",
        button="Mettre fin à l’emploi",
        stop=BLIND,
    ),
    ActPage(
        slug="mandat",
        form=people.MandateForm,
        title="Enregistrer le mandat du maire",
        todo="Enregistrer le mandat du maire pour",
        right="validate",
        also=("file",),
        law="CSI R253-3",
        quote="Le maire ainsi que, lorsqu’ils sont délégataires de fonctions de police municipale",
        changes="Le maire représente la commune et voit de droit, tant que le mandat court.",
        button="Enregistrer le mandat",
    ),
    ActPage(
        slug="mandat-fin",
        form=people.MandateEndForm,
        title="Mettre fin à un mandat",
        right="validate",
        also=("file",),
        law="CSI R253-3",
        quote="Le maire ainsi que, lorsqu’ils sont délégataires de fonctions de police municipale",
        changes="Le maire sortant ne voit plus le lendemain du dernier jour, à minuit.",
        button="Mettre fin au mandat",
        stop=BLIND,
    ),
    ActPage(
        slug="personne",
        form=people.PersonForm,
        title="Enregistrer une personne",
        right="validate",
        law="CSI R253-3",
        quote="individuellement désignés et habilités par le maire",
        changes=("Une personne n’a aucun droit avant un acte qui le lui donne. Elle n’est jamais effacée du dossier."),
        button="Enregistrer la personne",
    ),
    ActPage(
        slug="inviter",
        form=account.InviteForm,
        title="Inviter à ouvrir un compte",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=(
            "Un lien qui sert une fois, dans les 72 heures, s’affiche une seule fois. La personne choisit elle-même "
            "son mot de passe. Aucune image ne s’ouvre."
        ),
        button="Inviter",
    ),
    ActPage(
        slug="lien-renvoyer",
        form=account.RenewForm,
        title="Renvoyer un lien de connexion",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=(
            "Le lien d’avant ne sert plus. L’ancien mot de passe vaut jusqu’à ce que la personne en choisisse un autre."
        ),
        button="Renvoyer un lien",
    ),
    ActPage(
        slug="invitation-annuler",
        form=account.CancelForm,
        title="Annuler un lien de connexion",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes="Le lien n’ouvre plus rien.",
        button="Annuler le lien",
    ),
    ActPage(
        slug="compte-fermer",
        form=account.CloseForm,
        title="Fermer un compte",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes="La personne est déconnectée et ses consultations s’éteignent. Ce qu’elle a fait reste au journal.",
        button="Fermer le compte",
        stop="Je confirme : cette personne ne pourra plus se connecter.",
    ),
    ActPage(
        slug="compte-rouvrir",
        form=account.ReopenForm,
        title="Rouvrir un compte",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes="La personne se connecte à nouveau, avec les droits de bureau qu’elle avait.",
        button="Rouvrir le compte",
    ),
    ActPage(
        slug="droit",
        form=account.RightForm,
        title="Donner ou retirer un droit",
        right="validate",
        law="CSI R253-2",
        quote=SECURE,
        changes=(
            "Un droit ouvre des pages et des actes de cette installation. Il n’ouvre aucune image : seule une "
            "habilitation le fait."
        ),
        button="Enregistrer le droit",
    ),
)
