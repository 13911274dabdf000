"""`scenario`: plays stories on an empty database in memory. Exit code 0 all as expected, 1 a difference, 2 not a story.

`--guide` writes docs/guide/scenarios.md from the words of the stories; with `--check` it says if the file is current.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from compliance.law.articles import ARTICLES
from compliance.management.spoken import FrenchCommand, settle
from compliance.requirements.base import Outcome
from compliance.scenario import Answer, Misread, Played, Story, empty_database, play, understand, verdict
from compliance.scenario.guide import PATH, written

DIFFERENT = 1
RIGHT, WRONG = "✓", "✗"
Told = tuple[str, Played]


class Unreadable(Exception):
    """A file that is no story: its name, why, and where."""

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{file}, {reason}")
        self.file, self.reason, self.line = file, reason, line


class Command(FrenchCommand):
    """Play stories, or write their guide."""

    help = "Joue des récits (YAML) sur une base vide, en mémoire : 0 tout est conforme, 1 une différence, 2 illisible."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files, `--json`, `--guide` and `--check`."""
        parser.add_argument("files", metavar="FICHIER", nargs="*", help="récits à jouer, par exemple tests/law/*.yaml")
        parser.add_argument("--json", action="store_true", help="répond en JSON")
        parser.add_argument("--guide", action="store_true", help=f"écrit {PATH}")
        parser.add_argument("--check", action="store_true", help="avec --guide : dit seulement s’il est à jour")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play every file, print, and exit with the code that says it."""
        if options["guide"]:
            self._guide(check=options["check"])
            return
        if not options["files"]:
            self.misused("nommez au moins un récit, par exemple tests/law/*.yaml.")
        try:
            told = _played(options["files"])
        except Unreadable as fault:
            if options["json"]:
                self.stdout.write(_fault_as_json(fault))
            self.misused(str(fault))
        self.stdout.write(_as_json(told) if options["json"] else _in_words(told))
        if not all(played.right for _, played in told):
            raise SystemExit(DIFFERENT)

    def _guide(self, *, check: bool) -> None:
        settle(
            PATH, written(), check=check, stale="n’est plus celui des actes. Lancez : ./run manage scenario --guide."
        )
        if not check:
            self.stdout.write(f"{PATH} écrit.")


def _played(files: list[str]) -> list[Told]:
    """Read every file before anything is played, then play them all on one empty database."""
    stories = [(file, _understood(file)) for file in files]
    told = []
    with empty_database():
        for file, story in stories:
            try:
                told.append((file, play(story)))
            except Misread as fault:
                raise Unreadable(file, str(fault), fault.line) from None
    return told


def _understood(file: str) -> Story:
    try:
        return understand(Path(file).read_bytes())
    except Misread as fault:
        raise Unreadable(file, str(fault), fault.line) from None
    except OSError as fault:
        raise Unreadable(file, f"le fichier ne se lit pas ({fault.strerror}).") from None


# --- in words --------------------------------------------------------------------------------------------------------
def _in_words(told: list[Told]) -> str:
    lines: list[str] = []
    for file, played in told:
        lines += [f"{file} — {played.story.title} ({', '.join(map(_cited, played.story.articles))})"]
        lines += [line for answer in played.answers for line in _answered(answer)]
        if played.fault:
            lines.append(f"  {WRONG} {played.fault}")
        lines.append("")
    asked = sum(len(played.answers) for _, played in told)
    wrong = [file for file, played in told if not played.right]
    lines.append(f"{_many(len(told), 'récit')}, {_many(asked, 'question')} : {_concluded(wrong)}")
    return "\n".join(lines)


def _concluded(wrong: list[str]) -> str:
    return f"différence dans {', '.join(wrong)}." if wrong else "tout est conforme."


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


def _answered(answer: Answer) -> list[str]:
    decision, mark = answer.decision, WRONG if answer.difference else RIGHT
    codes = frozenset(f.code for f in decision.blocking)
    lines = [f"  {mark} {answer.asked} : {verdict(decision.allowed, codes)}."]
    lines += [f"      {f.code}  {f.reason}" for f in decision.blocking]
    if answer.difference:
        lines.append(f"      ligne {answer.question.line}, {answer.difference}.")
    return lines


def _cited(label: str) -> str:
    known = ARTICLES.get(label)
    return f"{label}, à vérifier" if known is None or known.to_verify else label


# --- in JSON ---------------------------------------------------------------------------------------------------------
def _fault_as_json(fault: Unreadable) -> str:
    return json.dumps({"ok": False, "file": fault.file, "line": fault.line, "reason": fault.reason}, ensure_ascii=False)


def _as_json(told: list[Told]) -> str:
    return json.dumps(
        {
            "ok": all(played.right for _, played in told),
            "stories": [
                {
                    "file": file,
                    "title": played.story.title,
                    "articles": played.story.articles,
                    "ok": played.right,
                    "fault": played.fault,
                    "questions": [_question_as_json(answer) for answer in played.answers],
                }
                for file, played in told
            ],
        },
        ensure_ascii=False,
    )


def _question_as_json(answer: Answer) -> dict[str, object]:
    decision, question = answer.decision, answer.question
    return {
        "line": question.line,
        "at": question.at.isoformat(),
        "action": decision.action,
        "position": decision.position,
        "person": question.person,
        "allowed": decision.allowed,
        "until": decision.until.isoformat(),
        "retention_days": decision.retention_days,
        "blocking": [{"code": f.code, "reason": f.reason} for f in decision.blocking],
        "alerts": [f.code for f in decision.findings if f.outcome is Outcome.ALERT],
        "expected": {"allowed": question.allowed, "codes": sorted(question.codes)},
        "difference": answer.difference,
        "ok": not answer.difference,
    }
