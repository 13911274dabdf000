"""The texts of the pages and their English: `./run messages` gathers them, `./run check` holds `locale/en` whole.

French is the source: a text is its own key. What is quoted stays French and is not gathered: the law's sentences, what
the journal says, the papers (decision 11).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
CATALOGUE = Path("en") / "LC_MESSAGES" / "django.po"
# Folders whose texts no page shows, or that quote French: a mark left there would be gathered for nothing.
ASIDE = (
    ".venv", "var", "tests", "proofs", "bench", "docs", "deploy", "locale", "static", "migrations", "management",
    "scenario", "matrix", "documents", "law", "requirements",
)  # fmt: skip


def gather(folder: Path) -> None:
    """Bring the catalogue under `folder` up to the marked texts of the tree; a new one comes untranslated."""
    import django  # noqa: PLC0415 (the settings are read at this line)
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    settings.LOCALE_PATHS = [str(folder)]
    here = Path.cwd()
    os.chdir(BASE)
    try:
        call_command(
            "makemessages",
            locale=["en"],
            extensions=["html", "txt", "py"],
            ignore_patterns=[pattern for name in ASIDE for pattern in (name, f"*/{name}/*", f"{name}/*")],
            no_obsolete=True,
            no_wrap=True,
            no_location=True,
            verbosity=0,
        )
    finally:
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
        found = [f"locale/{CATALOGUE}: {line}" for line in (*refused(fresh), *_untranslated(fresh))]
        if not found and fresh.read_text() != tracked.read_text():
            found.append(f"locale/{CATALOGUE}: en retard sur les textes : ./run messages")
    return found


def refused(path: Path) -> list[str]:
    """Return what msgfmt refuses in a catalogue: a field that the translation lost, a broken line."""
    told = _asked("msgfmt", "--check", "--output-file", os.devnull, str(path))
    return [line.removeprefix(f"{path}:") for line in told.stderr.splitlines()] if told.returncode else []


def _untranslated(path: Path) -> list[str]:
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
