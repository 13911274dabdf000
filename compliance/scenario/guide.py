"""docs/guide/scenarios.md, written from the words themselves: every act, every field, the clocks of the law."""

from collections.abc import Iterable
from pathlib import Path

from compliance.scenario.clocks import CLOCKS, Clock
from compliance.scenario.complete import OPTIONS
from compliance.scenario.story import COMMON, QUESTION, STORY
from compliance.scenario.vocabulary import CHAPTERS, Field, Word

PATH = Path("docs") / "guide" / "scenarios.md"
STORIES = Path("tests") / "law"
EXAMPLE = """\
titre: Une suspension ferme à la minute, et sa levée rouvre
articles: [CSI R254-2]
partir de: un dossier complet le 1er janvier 2026
avec:
  lieu: rue
  personne: police municipale
actes:
  - le: 3 mars 2026 à 14:30
    acte: arrêté suspendu
  - le: 10 mars 2026
    acte: mesure levée
questions:
  - {le: 3 mars 2026 à 14:29:59, action: enregistrer, réponse: permis}
  - {le: 3 mars 2026 à 14:30, action: enregistrer, réponse: refusé, par: R-19}
  - {le: 3 mars 2026 à 14:30, action: voir en direct, personne: l'agent, réponse: refusé, par: R-19}
  - {le: 10 mars 2026, action: enregistrer, réponse: permis}
"""
FROM_NOTHING = """\
titre: Sans arrêté, rien ne s'ouvre
articles: [CSI L252-1]
actes:
  - {le: 1er mars 2026, acte: commune enregistrée, nom: Valclair-sur-Moselle}
  - {le: 1er mars 2026, acte: système ouvert, code: VAL}
  - {le: 2 mars 2026, acte: position déclarée, code: VAL-01}
questions:
  - le: 3 mars 2026
    action: enregistrer
    réponse: refusé
    par: [R-01, R-03, R-05, R-06, R-08, R-15, R-17, R-21, R-22, R-27, R-47]
"""
HEAD = """\
<!-- Écrit par `./run manage scenario --guide` d’après compliance/scenario/. Ne pas modifier à la main. -->

# Écrire un récit de droit

Un récit dit en français ce que des humains ont fait, puis demande à la porte ce qui est permis, et annonce la réponse
attendue. Il se joue par les vrais actes et la vraie porte, sur une base vide en mémoire : ni la base ni les fichiers de
l’installation ne peuvent être touchés, et les pièces sont fictives. Les récits du logiciel sont dans `{stories}/` ;
chacun est aussi un test.

```
./run manage scenario tests/law/authorisation_five_years.yaml
./run manage scenario tests/law/*.yaml --json
```

Code de sortie : **0** tout est conforme ; **1** une réponse diffère, ou un acte est refusé ou accepté contre
l’attente ; **2** un fichier n’est pas compris, et le message dit le fichier, la ligne et ce qu’il fallait écrire.

## Un récit

```yaml
{example}```

Un autre, depuis rien, acte par acte :

```yaml
{from_nothing}```

Ce qu’il faut savoir :

- **Les dates** sont des jours de Paris : `12 mars 2024` ou `2024-03-12`. Une heure s’ajoute : `à 14:05`, `à 14 h 05`,
  `à 14:05:30` ; sans elle, minuit, c’est-à-dire le début du jour. La nuit où l’heure d’été finit, une heure revient :
  on ajoute `heure d'été` ou `heure d'hiver`.
- **Deux dates par acte** : `le` est la date en droit ; `saisi le`, celle de la saisie. Les actes se saisissent dans
  l’ordre du fichier ; une lettre de mai saisie en juin compte depuis mai.
- **Les questions viennent après tous les actes** : la porte répond avec ce que le dossier sait, de l’instant demandé.
- **Un nom** (`personne`, `position`, `arrêté`…) est celui que le récit a donné plus haut. S’il n’y en a qu’un, on peut
  l’omettre.
- Les apostrophes, les majuscules des clés et les espaces n’importent pas. Une liste s’écrit `[un, deux]`, ou sans
  crochets s’il n’y a qu’un élément.
- Un refus se justifie en entier : `par` nomme **toutes** les exigences qui s’opposent, et elles seules
  ([catalogue](../catalogue.md)).

"""
SHORT = """\
Sans `partir de`, le récit commence sur une base vide. Avec `partir de: un dossier complet le 1er janvier 2026`, tous
les actes d’un dossier complet sont joués d’abord, et la mise en service est ce jour-là : la commune
Valclair-sur-Moselle, le système VAL, la position VAL-01, l’arrêté A-1, l’appareil AP-01, le panneau P-01, l’AIPD
version 1, « le maire » et « l'agent ». `avec` le précise :
"""
CLOCKS_HEAD = """\
## Les délais de la loi

Chaque délai que le logiciel connaît a son récit, sur la veille, le premier jour, le dernier et le lendemain. Ceux
qu’il ne connaît pas encore sont dits.

| délai | durée | texte | récit |
|---|---|---|---|
"""
NO_WORD = """\
## Ce qui n’est pas un acte du récit

L’adresse du flux d’une caméra : c’est une machine, avec un secret, et la loi n’en dépend pas. Le dépôt d’un fichier :
une pièce de récit a une empreinte et pas de fichier (`document reçu`).
"""


def written() -> str:
    """Return the whole guide."""
    parts = [
        HEAD.format(stories=STORIES, example=EXAMPLE, from_nothing=FROM_NOTHING),
        "## Les clés d’un récit\n\n",
        _table(STORY),
        "\nPuis `partir de` et `avec` (ci-dessous), `actes` et `questions`, deux listes.\n\n",
        f"### Partir d’un dossier complet\n\n{SHORT}\n",
        _table(OPTIONS),
        "\n## Les clés d’une question\n\n",
        _table(QUESTION),
        "\n## Les actes\n\nTout acte dit `acte` (son nom), et :\n\n",
        _table(COMMON),
        *(_chapter(title, words) for title, words in CHAPTERS),
        f"\n{CLOCKS_HEAD}",
        *(f"| {c.name} | {c.value} | {c.source} | {_told(c)} |\n" for c in CLOCKS),
        f"\n{NO_WORD}",
    ]
    return "".join(parts)


def _told(clock: Clock) -> str:
    return f"`{clock.story}.yaml`" if clock.story else f"aucun : {clock.absent}"


def _chapter(title: str, words: Iterable[Word]) -> str:
    return f"\n### {title}\n" + "".join(map(_word, words))


def _word(word: Word) -> str:
    shown = [f for f in word.fields if f.required] or list(word.fields[:1])
    keys = ", ".join([f"acte: {word.name}", *(f"{f.name}: {f.example}" for f in shown)])
    return (
        f"\n#### {word.name}\n\n{word.about}\n\n```yaml\n- {{le: 12 mars 2026, {keys}}}\n```\n\n{_table(word.fields)}"
    )


def _table(fields: Iterable[Field]) -> str:
    rows = "".join(
        f"| `{f.name}` | {f.about} | {_said(f.kind.words)} | {_default(f)} | `{f.example}` |\n" for f in fields
    )
    return f"| clé | ce qu’elle dit | valeur | sans elle | exemple |\n|---|---|---|---|---|\n{rows}"


def _said(words: str) -> str:
    return words.replace("|", "\\|")


def _default(field: Field) -> str:
    if field.required:
        return "**à écrire**"
    if field.default is None:
        return field.otherwise
    return f"`{field.default}`" if isinstance(field.default, str) else f"`[{', '.join(field.default)}]`"
