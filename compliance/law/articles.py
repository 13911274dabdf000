"""The articles that the product cites, each with how far it was checked and on which state of the law."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LAW_DATE = date(2026, 4, 3)


class Tag(StrEnum):
    """How far a line of law was checked (law.md 0.1). Anything but VERIFIED is shown as « à vérifier »."""

    VERIFIED = "V"
    ORDER_2007 = "V-2007"
    SECONDARY = "S"
    MEMORY = "M"
    INTERPRETATION = "I"


@dataclass(frozen=True, slots=True)
class Article:
    """One article, with the label a reader sees and the tag of its verification."""

    code: str
    number: str
    about: str
    tag: Tag = Tag.VERIFIED
    checked_on: date = LAW_DATE

    @property
    def label(self) -> str:
        """« CSI L252-1 », « RGPD art. 35 »."""
        return f"{self.code} {self.number}"

    @property
    def anchor(self) -> str:
        """The identifier of the article on the page of texts."""
        return f"{self.code}-{self.number}".replace(" ", "-").replace(".", "").replace("°", "").lower()

    @property
    def to_verify(self) -> bool:
        """True where no primary text was read word for word."""
        return self.tag not in (Tag.VERIFIED, Tag.ORDER_2007)


def _csi(number: str, about: str) -> Article:
    return Article("CSI", number, about)


ARTICLES: dict[str, Article] = {
    a.label: a
    for a in (
        _csi("L132-14-1", "agents communaux et intercommunaux agréés pour visionner"),
        _csi("L223-4", "autorisation provisoire, terrorisme"),
        _csi("L223-5", "prescription provisoire, terrorisme"),
        _csi("L251-1", "nature du système"),
        _csi("L251-2", "finalités"),
        _csi("L251-3", "ni intérieur, ni entrée d’habitation"),
        _csi("L252-1", "autorisation du préfet"),
        _csi("L252-2", "précautions prescrites par l’autorisation"),
        _csi("L252-3", "destinataires nommés par l’arrêté"),
        _csi("L252-4", "cinq ans renouvelables, normes techniques"),
        _csi("L252-5", "conservation : un mois au plus"),
        _csi("L252-6", "autorisation provisoire, grand rassemblement"),
        _csi("L252-7", "prescription provisoire, grand rassemblement"),
        _csi("L253-1", "contrôle de la commission départementale"),
        _csi("L253-5", "toute personne peut saisir la commission départementale"),
        _csi("L255-1", "information du public"),
        _csi("L613-13", "opérateurs privés"),
        _csi("R251-1", "responsables du traitement"),
        _csi("R252-3", "pièces du dossier"),
        _csi("R252-16", "la liste des systèmes autorisés se consulte en mairie"),
        _csi("R252-17", "information du préfet avant la mise en service"),
        _csi("R253-1", "données enregistrées, à l’exclusion des sons"),
        _csi("R253-2", "sécurité des enregistrements"),
        _csi("R253-3", "personnes qui peuvent voir"),
        _csi("R253-4", "effacement automatique"),
        _csi("R253-5", "journal des opérations"),
        _csi("R253-6", "information du public et droits"),
        _csi("R253-7", "engagement de conformité à la CNIL"),
        _csi("R254-2", "suspension et retrait"),
        Article("Code pénal", "226-16", "traitement sans les formalités préalables de la loi"),
        Article("Code pénal", "226-21", "détournement de finalité"),
        Article("CGCT", "L2212-2", "police municipale", Tag.MEMORY),
        Article("CJA", "R421-1", "recours devant le tribunal administratif dans les deux mois", Tag.MEMORY),
        Article("RGPD", "art. 6", "base légale : mission d’intérêt public", Tag.MEMORY),
        Article("RGPD", "art. 12", "réponse dans le mois, gratuite", Tag.MEMORY),
        Article("RGPD", "art. 13", "information des personnes", Tag.MEMORY),
        Article("RGPD", "art. 15", "droit d’accès et de copie", Tag.MEMORY),
        Article("RGPD", "art. 77", "réclamation à la CNIL", Tag.MEMORY),
        Article("RGPD", "art. 35", "analyse d’impact", Tag.MEMORY),
        Article("RGPD", "art. 36", "consultation préalable", Tag.MEMORY),
        Article("LIL", "art. 31", "formalités préalables", Tag.SECONDARY),
        Article("LIL", "art. 90", "analyse d’impact, titre III", Tag.MEMORY),
        Article("LIL", "art. 101", "journalisation, titre III", Tag.MEMORY),
        Article("CE", "n° 506370", "pas d’analyse algorithmique de la rue, 30 janvier 2026", Tag.SECONDARY),
        Article("Arrêté du 3 août 2007", "art. 2", "normes techniques", Tag.ORDER_2007),
        Article("Cons. const.", "2021-817 DC", "territoire des agents"),
    )
}


def article(label: str) -> Article:
    """Return a declared article; an undeclared one is an error, so that nothing is cited from memory."""
    return ARTICLES[label]


def articles(*labels: str) -> tuple[Article, ...]:
    """Return several declared articles, in the order of citation."""
    return tuple(ARTICLES[label] for label in labels)
