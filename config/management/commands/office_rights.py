"""`office_rights`: writes docs/guide/droits.md, act × right × role, from the code; `--check` compares it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from compliance.actions import document
from compliance.actions.roles import APART, ROLES
from compliance.documents import KINDS
from compliance.forms.acts import ACTS
from compliance.management.spoken import settle
from compliance.models import Installation

PATH = Path("docs") / "guide" / "droits.md"
WORDS = dict(Installation._meta.permissions)
HEAD = """<!-- Écrit par `./run manage office_rights` d’après le code. Ne pas modifier à la main. -->

# Qui peut faire quoi

Un *droit* ouvre des pages et des actes d’une installation. Il n’ouvre **aucune image** : seuls une habilitation, un
mandat ou une délégation le font (CSI R253-3). Les droits se donnent et se reprennent un par un, page *Personnes*. Une
*fonction* n’est qu’une proposition, faite avec l’invitation. Chaque case est éprouvée : l’acte et sa page s’ouvrent
exactement là où le tableau le dit, et se refusent partout ailleurs. Corriger ou annuler une saisie faite par erreur
demande le droit de l’acte qui l’a écrite.

"""
APART_HEAD = """
## Ce qu’un même compte ne fait pas

- Se donner un droit de bureau à soi-même.
- S’habiliter, ou enregistrer son propre agrément, sa levée, son emploi, sa délégation, son mandat.
- Corriger ou annuler une saisie qui touche son propre titre.
- Signer une AIPD en tenant le droit de la rédiger ou d’en donner l’avis.
- Fermer le dernier compte qui valide, ou lui reprendre ce droit : la commune serait enfermée dehors.
"""
LONE = """
## Dans une commune de trois personnes

Le maire valide et habilite ; le secrétariat saisit les actes du préfet, écrit à la préfecture et tient les appareils ;
le DPD, souvent partagé, donne son avis. Le mandat d’un nouveau maire est enregistré par le secrétariat. Un maire sans
agent reçoit des droits de plus au premier compte : `./run manage first_account … --right capture_order --right file`.
"""
FOUNDING = "la console seule, à l’installation"


class Command(BaseCommand):
    """Write the guide of rights, or compare it."""

    help = "Écrit docs/guide/droits.md d’après le code ; --check dit seulement s’il est à jour (1 sinon)."
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
            stale="n’est plus celui du code. Lancez : ./run manage office_rights.",
        )
        if not options["check"]:
            self.stdout.write(f"{PATH} écrit : {len(ACTS)} actes.")


def rows() -> list[tuple[str, tuple[str, ...]]]:
    """Return each act with the rights that open it: any of them is enough; none, the console alone."""
    found = [(str(page.title), page.rights) for page in ACTS.values()]
    found += [
        ("Recevoir une pièce, avec l’acte qu’elle prouve", document.receive.rights),  # type: ignore[attr-defined]
        ("Enregistrer, changer ou retirer l’adresse d’un flux", ("manage_cameras",)),
        *((kind.verb, kind.any_right) for kind in KINDS.values()),
        ("Enregistrer la commune, ouvrir une installation", ()),
    ]
    return found


def written() -> str:
    """Return the whole file."""
    head = ["Acte", "Droit", *ROLES]
    lines = [_line(head), _line(["---", "---", *(":-:" for _ in ROLES)])]
    lines += [_line([title, _rights(rights), *_marks(rights)]) for title, rights in rows()]
    roles = [f"- **{code}** : {role.words} ; {_said(role.rights)}." for code, role in ROLES.items()]
    pairs = [f"- Tenir à la fois {_said(tuple(sorted(pair)))} (RGPD art. 38, 6)." for pair in APART]
    return (
        HEAD
        + "## Les fonctions\n\n"
        + "\n".join(roles)
        + "\n\n## Les actes\n\n"
        + "\n".join(lines)
        + "\n"
        + APART_HEAD
        + "\n".join(pairs)
        + "\n"
        + LONE
    )


def _rights(rights: tuple[str, ...]) -> str:
    if not rights:
        return FOUNDING
    return "n’importe lequel" if len(rights) == len(WORDS) else " ou ".join(WORDS[r] for r in rights)


def _marks(rights: tuple[str, ...]) -> list[str]:
    return ["oui" if set(rights) & set(role.rights) else "" for role in ROLES.values()]


def _said(rights: tuple[str, ...]) -> str:
    return ", ".join(f"« {WORDS[r]} »" for r in rights)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
