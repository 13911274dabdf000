"""The clocks of the law (law file, A.11), each with the story that tells its days, or why none can yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: what it counts, how long, which text. `story` is the file that tells it, `absent` why none does."""

    name: str
    value: str
    source: str
    story: str = ""
    absent: str = ""


NOT_YET = "l’instruction de la demande n’est pas encore dans le logiciel"
CLOCKS = (
    Clock("avis de la commission départementale", "3 mois (+ 1)", "CSI R252-15", absent=NOT_YET),
    Clock("rejet implicite", "plus de 4 mois après le dossier complet", "CSI R252-15", absent=NOT_YET),
    Clock("recours", "2 mois", "CJA R421-1, à vérifier", absent=NOT_YET),
    Clock("autorisation", "5 ans, dernier jour compris", "CSI L252-4", story="authorisation_five_years"),
    Clock("autorisation, un 29 février", "5 ans", "CSI L252-4", story="authorisation_leap_day"),
    Clock("autorisation qui écrit son dernier jour", "ce jour", "CSI L252-4", story="authorisation_own_last_day"),
    Clock(
        "dépôt du renouvellement",
        "12, 8 puis 4 mois avant l’échéance : alerte",
        "usage des préfectures, à vérifier",
        story="renewal_alerts",
    ),
    Clock("provisoire, rassemblement", "4 mois et la fin de l’événement", "CSI L252-6", story="provisional_l252_6"),
    Clock("provisoire, rassemblement prescrit", "4 mois et la fin", "CSI L252-7", story="provisional_l252_7"),
    Clock("provisoire, terrorisme", "4 mois et la fin", "CSI L223-4", story="provisional_l223_4"),
    Clock("provisoire, terrorisme prescrit", "4 mois et la fin", "CSI L223-5", story="provisional_l223_5"),
    Clock("annonce de la mise en service", "avant le jour", "CSI R252-17", story="commissioning_notice"),
    Clock("localisation dans un périmètre", "avant la pose et le déplacement", "CSI R252-17", story="location_notice"),
    Clock("engagement de conformité", "avant le traitement", "CSI R253-7", story="cnil_commitment"),
    Clock(
        "vote du conseil sur une demande du préfet",
        "3 mois",
        "CSI L223-8",
        absent="la demande du préfet n’est pas un acte du logiciel",
    ),
    Clock(
        "convention de financement de l’État",
        "5 ans renouvelables",
        "CSI R223-2",
        absent="les conventions ne sont pas encore dans le logiciel",
    ),
    Clock("conservation", "au plus l’arrêté, au plus un mois", "CSI L252-5, R253-4", story="retention_one_month"),
    Clock(
        "conservation chez les destinataires",
        "un mois au plus",
        "CSI L252-3",
        absent="le partage n’est pas encore dans le logiciel",
    ),
    Clock(
        "journal",
        "trois ans au plus",
        "CSI R253-5",
        absent="le terme est scellé dans chaque entrée ; ce n’est pas une question à la porte",
    ),
    Clock(
        "demande d’une personne filmée",
        "1 mois (+ 2)",
        "RGPD 12, à vérifier",
        absent="les demandes ne sont pas encore dans le logiciel",
    ),
    Clock(
        "violation de données",
        "72 h",
        "RGPD 33, à vérifier",
        absent="les incidents ne sont pas encore dans le logiciel",
    ),
    Clock(
        "consultation préalable de la CNIL",
        "la réponse est attendue ; les 8 semaines ne sont pas comptées",
        "RGPD 36, à vérifier",
        story="prior_consultation",
    ),
    Clock("agrément : nouvelle enquête", "5 ans : alerte", "circulaire, à vérifier", story="agreement_enquiry"),
    Clock(
        "visite de la commission",
        "de 6 h à 21 h",
        "CSI L253-3",
        absent="les visites ne sont pas encore dans le logiciel",
    ),
    Clock(
        "fermeture d’un établissement",
        "3 mois (+ 3)",
        "CSI L253-4",
        absent="elle vise l’établissement, non les caméras d’une commune",
    ),
    Clock("membres de la commission", "3 ans", "CSI R252-10", absent="ils ne sont pas au dossier"),
    Clock("revue de l’AIPD", "au jour écrit : alerte", "RGPD 35, à vérifier", story="aipd_review"),
)
