"""The texts of the pages and their English: `./run messages` gathers them, `./run check` holds `locale/en` whole.

French is the source: a text is its own key. What is quoted stays French and is not gathered: the law's sentences, what
the journal says, the papers (decision 11).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
CATALOGUE = Path("en") / "LC_MESSAGES" / "django.po"
SEARCHED = ("templates", "compliance", "cameras", "recording", "config")
# No page shows their texts, or they quote French: a mark left there would be gathered for nothing.
ASIDE = ("migrations", "management", "scenario", "matrix", "documents", "law", "requirements", "__pycache__")


def gather(folder: Path) -> None:
    """Bring the catalogue under `folder` up to the marked texts of the tree; a new one comes untranslated."""
    import django  # noqa: PLC0415 (the settings are read at this line)
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.management.commands.makemessages import Command  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as copy:
        # makemessages writes a Python file beside each template while it reads: never in the tree, where others look.
        for name in SEARCHED:
            shutil.copytree(BASE / name, Path(copy) / name, ignore=shutil.ignore_patterns(*ASIDE))
        os.chdir(copy)
        gathering = Command()
        # A guess at the English of a new text is one more thing to read again.
        gathering.msgmerge_options = [*gathering.msgmerge_options, "--no-fuzzy-matching"]
        kept, settings.LOCALE_PATHS = settings.LOCALE_PATHS, [str(folder)]
        try:
            call_command(
                gathering,
                locale=["en"],
                extensions=["html", "txt", "py"],
                no_obsolete=True,
                no_wrap=True,
                no_location=True,
                verbosity=0,
            )
        finally:
            settings.LOCALE_PATHS = kept
            os.chdir(here)
    path = folder / CATALOGUE
    # The date of the gathering would make two equal catalogues differ.
    lines = [line for line in path.read_text().splitlines() if not line.startswith('"POT-Creation-Date')]
    path.write_text("\n".join(lines) + "\n")


def faults() -> list[str]:
    """Return what is wrong with the tracked catalogue, one line each."""
    tracked = BASE / "locale" / CATALOGUE
    if not tracked.exists():
        return [f"locale/{CATALOGUE}: absent : ./run messages"]
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / CATALOGUE
        fresh.parent.mkdir(parents=True)
        shutil.copy(tracked, fresh)
        gather(Path(folder))
        found = [f"locale/{CATALOGUE}: {line}" for line in (*refused(fresh), *untranslated(fresh), *hidden())]
        if not found and fresh.read_text() != tracked.read_text():
            found.append(f"locale/{CATALOGUE}: en retard sur les textes : ./run messages")
    return found


def refused(path: Path) -> list[str]:
    """Return what msgfmt refuses in a catalogue: a field that the translation lost, a broken line."""
    told = _asked("msgfmt", "--check", "--output-file", os.devnull, str(path))
    return [line.removeprefix(f"{path}:") for line in told.stderr.splitlines()] if told.returncode else []


def hidden() -> list[str]:
    """Name the marks that xgettext does not see: Python 3.11's f-strings are one token to it."""
    marked = re.compile(r"""\bf(["']).*\{_\(["']""")
    files = [path for app in ("compliance", "cameras", "recording", "config") for path in (BASE / app).rglob("*.py")]
    return [
        f"{path.relative_to(BASE)}:{number}: texte marqué dans une f-string, que le relevé ne voit pas"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marked.search(line)
    ]


def untranslated(path: Path) -> list[str]:
    """Return the texts of a catalogue that have no English, or one to be read again."""
    found = []
    for option, word in (("--untranslated", "sans traduction"), ("--only-fuzzy", "à relire")):
        told = _asked("msgattrib", option, "--no-obsolete", "--no-wrap", str(path)).stdout
        found += [f"{word} : {line.removeprefix('msgid ')}" for line in told.splitlines() if line.startswith("msgid ")]
    return [line for line in found if not line.endswith(': ""')]


def _asked(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    gather(BASE / "locale")
    print("\n".join(faults()) or "locale/en : complet", file=sys.stderr)  # noqa: T201 (the command's answer)
