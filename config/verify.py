"""Checks that no linter makes: templates compile, the ingest starts, tracked files name no machine and no registry.

Run as `python -m config.verify NAME`; the house tests call the same functions. It decides nothing about the product.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
UNTRACKED = {
    ".git", ".venv", "var", "node_modules", "static-built", "__pycache__", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".pdf", ".mo", ".mp4", ".gz"}

# What must be covered to the last branch: the law, the gate, the journal, and the engine's pure modules.
COVERED = (
    "compliance/law/*", "compliance/facts.py", "compliance/requirements/*", "compliance/judge.py", "compliance/gate.py",
    "compliance/glance.py",
    "compliance/events.py", "compliance/vocabulary.py", "compliance/journal/*", "recording/wall.py",
    "recording/engine/plan.py", "recording/engine/clock.py",
    "recording/engine/nal.py", "recording/engine/fmp4.py", "recording/engine/segment.py", "recording/engine/keys.py",
    "recording/engine/store.py", "recording/engine/flusher.py", "recording/engine/folders.py",
)  # fmt: skip

# Written in pieces, so that this file does not hold what it forbids.
_MACHINE_FOLDERS = "|".join(("work", "root", "tmp", "home"))
MACHINE_PATH = re.compile(rf"(?<![\w.$}}>)\]-])/(?:{_MACHINE_FOLDERS})/[\w.]")
_REGISTRIES = (
    r"pypi\.(?:org|python)", r"python" + r"hosted\.org", r"registry\.npm" + r"js", r"npm\.pkg",
    r"deb\.deb" + r"ian\.org", r"archive\.ubu" + r"ntu\.com", r"proxy\.gol" + r"ang",
    r"--(?:extra-)?index" + r"-url\s*[=\s]\s*\S", r"(?:PIP|UV)_(?:DEFAULT_)?INDEX" + r"(?:_URL)?\s*=",
)  # fmt: skip
REGISTRY = re.compile("|".join(_REGISTRIES))
LOCK_ADDRESS = re.compile(r"https?:|file:|registry\s*=|\s/\w|@\s*\w+:|--\w*index|--find-links")


def tracked_files() -> Iterator[Path]:
    """Yield the files of the repository: those git knows, or without git those a clone would hold."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached"], cwd=BASE, capture_output=True, check=True
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        for folder, folders, names in os.walk(BASE):
            folders[:] = [name for name in folders if name not in UNTRACKED]
            yield from (Path(folder) / name for name in names if not name.endswith((".pyc", ".mo")))
        return
    yield from (path for name in listing.split("\0") if name and (path := BASE / name).is_file())


def addresses_in_tracked_files() -> list[str]:
    """Return one line per registry address or machine path found in a tracked text file."""
    found = []
    for path in tracked_files():
        if path.suffix in BINARY:
            continue
        name = path.relative_to(BASE)
        is_lock = re.fullmatch(r"requirements.*\.lock|.*lock\.json", path.name) is not None
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            # A minified vendored script is one line of any text; its own licence note names where it comes from.
            text = line[:2000]
            if MACHINE_PATH.search(text):
                found.append(f"{name}:{number}: chemin d'une machine : {text.strip()[:100]}")
            if REGISTRY.search(text):
                found.append(f"{name}:{number}: adresse d'un dépôt de paquets : {text.strip()[:100]}")
            if is_lock and LOCK_ADDRESS.search(text):
                found.append(f"{name}:{number}: adresse dans une liste figée : {text.strip()[:100]}")
    return found


def template_names() -> list[str]:
    """Return the name of every template of the project, as Django loads it."""
    folders = [BASE / "templates", *(BASE / app / "templates" for app in ("compliance", "cameras", "recording"))]
    return sorted(
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".html", ".txt", ".svg", ".xml"}
    )


def templates_that_do_not_compile() -> list[str]:
    """Return one line per template that Django cannot compile."""
    import django  # noqa: PLC0415 (only this check needs Django)
    from django.template import TemplateDoesNotExist, TemplateSyntaxError  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = []
    for name in template_names():
        try:
            get_template(name)
        except (TemplateDoesNotExist, TemplateSyntaxError) as error:
            found.append(f"{name}: {error}")
    return found


def faulty_translations() -> list[str]:
    """Return one line per fault of `locale/en`: refused by msgfmt, without English, or behind the texts of the tree."""
    from config import messages  # noqa: PLC0415 (only this check needs Django)

    return messages.faults()


def ingest_that_does_not_start() -> list[str]:
    """Return how the ingest fails to start, if it does: as the recorder starts it, then told that nobody is there.

    It knows nothing of Django, and its recorder hears only that it is over: without this, no camera would say why.
    """
    from recording.engine import child  # noqa: PLC0415 (only this check needs the engine)

    started = subprocess.run(
        [sys.executable, "-m", child.MODULE],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=child.environment(),
        cwd=child.ROOT,
        check=False,
    )
    if started.returncode == 0:
        return []
    last = started.stderr.strip().splitlines()[-1:]
    return [f"l’ingest ne démarre pas (code {started.returncode}) : {' '.join(last)}"]


CHECKS: dict[str, Callable[[], list[str]]] = {
    "files": addresses_in_tracked_files,
    "ingest": ingest_that_does_not_start,
    "templates": templates_that_do_not_compile,
    "translations": faulty_translations,
}


def main(arguments: list[str]) -> int:
    """Run the named checks; return 1 when one found something."""
    if arguments == ["covered"]:
        print(",".join(COVERED))  # noqa: T201 (the command's answer)
        return 0
    if not arguments or set(arguments) - set(CHECKS):
        print(f"usage : python -m config.verify {'|'.join(CHECKS)}", file=sys.stderr)  # noqa: T201
        return 2
    found = [line for name in arguments for line in CHECKS[name]()]
    print("\n".join(found) if found else "rien à signaler")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
