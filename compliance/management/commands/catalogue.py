"""`catalogue`: writes docs/catalogue.md from the requirements, for a jurist; `--check` says if it is current."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from compliance.judge import stops_footage, stops_now
from compliance.law import LAW_DATE, Article, Tag
from compliance.law.terms import ACTION_LABELS, Action
from compliance.management.spoken import settle
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks, Requirement, french

PATH = Path("docs") / "catalogue.md"
HEAD = """<!-- Écrit par `./run manage catalogue` d’après compliance/requirements/. Ne pas modifier à la main. -->

# Catalogue des exigences

Ce que Claire-voie vérifie avant d’ouvrir une caméra, ligne par ligne. Chaque ligne est un fichier de
`compliance/requirements/`, éprouvé jour par jour dans `tests/compliance/requirements/`. Les numéros sont ceux du
catalogue du droit ; une ligne qui en juge une autre avec elle le dit.

État du droit : {date}. « **à vérifier** » : l’article n’a pas été relu mot à mot dans un texte officiel ; l’exigence
repose alors sur une source secondaire, et l’écran le dit aussi. « **lecture du produit** » : le texte ne dit pas
lui-même tout ce que la ligne exige ; la règle choisie est la plus prudente.

## Ce que ferme une exigence qui n’est pas remplie

| code | essayer, enregistrer | voir en direct | revoir | remettre |
|---|---|---|---|---|
| ALL | à l’instant | à l’instant | pendant la séquence **et** à l’instant | pendant la séquence seulement |
| REC | à l’instant | – | – | – |
| USER | – | à l’instant | à l’instant | à l’instant |
| JOURNAL | à l’instant (un enregistrement en cours va au bout de son bail, 15 minutes au plus) | à l’instant | \
à l’instant | à l’instant |
| FUNC | – | – | – | à l’instant |
| NO | – | – | – | – |

« À l’instant » : l’exigence est jugée au moment de la demande. « Pendant la séquence » : elle devait l’être à chaque
instant où l’image a été enregistrée. Ainsi, un arrêté échu, plus personne ne revoit ; mais ce qui a été licitement
enregistré peut encore être remis, jusqu’à son effacement, sur un motif inscrit (CSI R253-3 III 4°, R253-4, R253-6).
« Essayer » est l’essai de réception : trente secondes au plus, sans enregistrement.

## Sommaire

"""


class Command(BaseCommand):
    """Write the catalogue, or compare it."""

    help = "Écrit docs/catalogue.md d’après les exigences ; --check dit seulement s’il est à jour (1 sinon)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--check`."""
        parser.add_argument(
            "--check", action="store_true", help="n’écrit rien ; code de sortie 1 si le fichier diffère"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file, or exit with 1 when it is not what would be written."""
        settle(
            PATH,
            written(),
            check=options["check"],
            stale="n’est plus celui des exigences. Lancez : ./run manage catalogue.",
        )
        if not options["check"]:
            self.stdout.write(f"{PATH} écrit : {len(CATALOGUE)} lignes.")


def written() -> str:
    """Return the whole file."""
    head = HEAD.format(date=french(LAW_DATE))
    lines = [f"- [{r.code}](#{_anchor(r)}) — {r.title} ({r.blocks.value})" for r in CATALOGUE]
    return head + "\n".join(lines) + "\n\n" + "\n".join(_section(r) for r in CATALOGUE)


def _anchor(requirement: Requirement) -> str:
    return requirement.code.lower().replace(" ", "-")


def _section(requirement: Requirement) -> str:
    rows = [
        ("Textes", " ; ".join(_cited(a) for a in requirement.articles)),
        ("Concerne", requirement.when),
        ("Preuve", requirement.proof),
        ("Validité", requirement.validity),
        ("Ferme", _closes(requirement)),
        ("À faire", requirement.remedy),
        ("Qui", requirement.who),
    ]
    if requirement.covers:
        rows.insert(0, ("Juge aussi", ", ".join(requirement.covers)))
    if requirement.except_for:
        rows.insert(-2, ("Sauf", f"{_said(requirement.except_for)} : {EXCEPTION}"))
    if requirement.interpreted:
        rows.append(("Lecture du produit", "oui"))
    told = "\n".join(f"| {name} | {words} |" for name, words in rows)
    title = f"{requirement.code} — {requirement.title}"
    return f'<a id="{_anchor(requirement)}"></a>\n\n## {title}\n\n|  |  |\n|---|---|\n{told}\n'


EXCEPTION = "l’essai de réception sert à établir cette preuve, ou la précède"


def _cited(article: Article) -> str:
    words = f"{article.label}, {article.about}"
    if article.tag is Tag.ORDER_2007:
        return f"{words} (lu dans sa rédaction de 2007)"
    return f"{words} (**à vérifier**)" if article.to_verify else words


def _closes(requirement: Requirement) -> str:
    if requirement.blocks is Blocks.NO:
        return "rien : alerte seulement (NO)"
    now = [a for a in Action if stops_now(requirement, a)]
    then = [a for a in Action if stops_footage(requirement, a)]
    words = f"{_said(now)} : selon l’instant de la demande"
    if then:
        words += f" ; {_said(then)} : selon chaque instant de la séquence"
    return f"{words} ({requirement.blocks.value})"


def _said(actions: list[Action] | frozenset[Action]) -> str:
    return ", ".join(ACTION_LABELS[a] for a in Action if a in actions)
