"""What the commands of a person share: arguments refused in French, files that the code writes."""

import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.law import YEARS

BAD_ARGUMENTS = 2


class BadArgument(Exception):
    """Something given on the command line makes no sense: the message says what, in French."""


class FrenchCommand(BaseCommand):
    """A command whose own refusals are in French, on the error output, with exit code 2."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return a parser that refuses as the command does."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = self._unreadable  # type: ignore[method-assign]
        return parser

    @property
    def word(self) -> str:
        """The command's own name: its module's."""
        return type(self).__module__.rpartition(".")[2]

    def misused(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        self.stderr.write(f"{self.word} : {message}")
        sys.exit(BAD_ARGUMENTS)

    def _unreadable(self, message: str) -> NoReturn:
        self.misused(f"arguments mal écrits ({message}). Voir : {self.word} --help.")


def within_years(day: date, option: str) -> None:
    """Refuse a date that no text of law and no fact bears: at the calendar's own ends, a term cannot be counted."""
    if day.year not in YEARS:
        raise BadArgument(f"{option} : donnez une année de {YEARS[0]} à {YEARS[-1]}.")


def settle(path: Path, text: str, *, check: bool, stale: str) -> None:
    """Write a file that the code dictates; with `check`, write nothing and raise CommandError when it differs.

    `path` is relative to the repository; `stale` ends the sentence that begins with it.
    """
    kept = Path(settings.BASE_DIR) / path
    if not check:
        kept.write_text(text, encoding="utf-8")
    elif not kept.exists() or kept.read_text(encoding="utf-8") != text:
        raise CommandError(f"{path} {stale}")
