"""Two hundred panels in one job, beside the bare renderer on the same pages: `./run bench panels [--panels N]`.

The two take turns, panel by panel, in one process: what else the machine does weighs on both alike. The bare renderer
is given the pages, already written; the job reads the facts, writes the page, lays it out, keeps file, context, row and
entry.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from proofs import BASE, write


def main() -> int:
    """Measure and write the figures, in pages per second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        prepare(Path(folder) / "home")
        write("panels", measure(options.panels))
    return 0


def prepare(home: Path) -> None:
    """Make the demonstration commune in a state folder of its own, and point this process at it."""
    home.mkdir(mode=0o700)
    os.environ |= {
        "CLAIREVOIE_HOME": str(home),
        "CLAIREVOIE_DEMO": "1",
        "CLAIREVOIE_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    for command in (("migrate", "--verbosity", "0"), ("createcachetable",), ("seed_demo",)):
        subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, check=True, stdout=sys.stderr)
    import django

    django.setup()


def measure(count: int) -> dict[str, Any]:
    """Issue the panels in one batch, the bare renderer laying out each page right after the job did."""
    from django.utils import timezone

    from compliance.actions import dossier, paper
    from compliance.documents import KINDS, base, press, render
    from compliance.events import System
    from compliance.models import Batch, Document, Installation

    place, at = Installation.objects.get(), timezone.now()
    held = place.panels.count()
    for number in range(held + 1, count + 1):
        dossier.place_panel(place, code=f"P-{number:03}", place="banc de mesure", at=at, by=System.CONSOLE)
    codes = list(place.panels.order_by("code").values_list("code", flat=True))
    batch = paper.ask(place, kind=KINDS["panneau"], subjects=codes, at=at, by=System.CONSOLE)
    spent = {"job": 0.0, "bare": 0.0}
    kept, pages = render.pdf, []

    def noted(html: str) -> bytes:
        pages.append(html)
        return kept(html)

    base.render.pdf = noted
    real = press._issue

    def in_turns(*args: Any) -> None:
        started = time.perf_counter()
        real(*args)
        middle = time.perf_counter()
        bare(pages.pop())
        spent["job"] += middle - started
        spent["bare"] += time.perf_counter() - middle

    press._issue = in_turns
    bare("<html lang=fr><title>x</title><p>x</p>")
    started = time.perf_counter()
    press.work(batch.pk, clock=timezone.now)
    whole = time.perf_counter() - started
    # What the job does outside a paper (claiming, renewing its lease) is the job's.
    spent["job"] = whole - spent["bare"]
    made = Document.objects.filter(batch=batch).count()
    assert made == count == len(Batch.objects.get(pk=batch.pk).subjects)
    return {
        "panels": made,
        "job_pages_per_second": round(made / spent["job"], 2),
        "bare_pages_per_second": round(made / spent["bare"], 2),
        "ratio": round(spent["job"] / spent["bare"], 3),
        "aim": 1.3,
    }


def bare(html: str) -> bytes:
    """Lay a page out with the renderer alone, in the same variant."""
    from weasyprint import HTML

    content: bytes = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return content


if __name__ == "__main__":
    sys.exit(main())
