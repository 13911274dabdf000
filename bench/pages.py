"""Every list page with a thousand positions and two hundred people: `./run bench pages`.

    ./run bench pages [--positions 1000] [--people 200] [--runs 40]

In process, through the handler and every middleware, on SQLite. Writes docs/figures/pages.json: queries, median, 95th
percentile of the server's time, the processor's, size of the answer; then the same for the first page after an act:
the gate keeps what it answers to a page while nothing changed (docs/decisions/0012-kept-glances.md).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from proofs import BASE, write

AIM_MS = 150
# The acts that choose positions, many or one.
CHOOSING = ("panneau", "panneau-controle", "arrete", "mise-en-service", "habilitation", "masques")


def main() -> int:
    """Build the town, ask every page, write the figures; return 1 when a page misses the aim."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--positions", type=int, default=1_000)
    options.add_argument("--people", type=int, default=200)
    options.add_argument("--runs", type=int, default=40)
    asked = options.parse_args()
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        os.environ.update(CLAIREVOIE_HOME=f"{folder}/home", DJANGO_SETTINGS_MODULE="config.settings")
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        for command in (("migrate", "--verbosity", "0"), ("createcachetable",)):
            subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, check=True, stdout=sys.stderr)
        pages = measure(asked.positions, asked.people, runs=asked.runs)
    write(
        "pages",
        {"load_before": load, "positions": asked.positions, "people": asked.people, "aim_ms": AIM_MS, "pages": pages},
    )
    return int(any(page["p95_ms"] > AIM_MS for page in pages.values()))


def measure(positions: int, people: int, *, runs: int) -> dict[str, dict[str, Any]]:
    """Return the figures of each page, signed in with every right."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Permission
    from django.test import Client
    from django.utils import timezone

    from bench.crowd import crowd
    from bench.gate import counted
    from cameras import actions, credentials
    from compliance import gate
    from compliance.actions import habilitation
    from compliance.events import System
    from compliance.law.terms import Action, Category
    from compliance.models import Account, InstallationUserPermission, Mounting

    settings.ALLOWED_HOSTS = ["*"]
    credentials.publish(credentials.new_private_key(), home=settings.HOME)
    at = timezone.now()
    made = crowd(installations=1, each=positions, at=at, people=people).dossiers[0]
    text = habilitation.Title(
        category=Category.MUNICIPAL_POLICE,
        act="arrêté n° 40",
        signatory="mayor",
        signed_on=made.day(-3),
        starts_on=made.day(-3),
        ends_on=None,
        actions=(Action.WATCH,),
    )
    habilitation.habilitate(made.agent, installation=made.installation, title=text, **made.proved)
    for number, mounting in enumerate(Mounting.objects.order_by("pk")):
        actions.register(mounting, address=f"rtsp://127.0.0.1:9/{number}", at=at, by=System.CONSOLE)
    account = Account(username="banc", person=made.agent, date_joined=at)
    account.set_unusable_password()
    account.save()
    InstallationUserPermission.objects.bulk_create(
        InstallationUserPermission(user=account, permission=right, content_object=made.installation)
        for right in Permission.objects.filter(content_type__app_label="compliance", content_type__model="installation")
    )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    code = made.installation.code
    addresses = [
        *("/", f"/installations/{code}/", "/positions/", f"/positions/{made.position.code}/", "/personnes/"),
        *("/journal/", "/direct/", "/sante/", f"/installations/{code}/documents/editer/panneau/"),
        f"/installations/{code}/documents/editer/mise-en-service/",
        *(f"/installations/{code}/actes/{act}/" for act in CHOOSING),
    ]
    found = {}
    for address in addresses:
        queries, answer = counted(lambda address=address: client.get(address))
        assert answer.status_code == 200, (address, answer.status_code)
        ask = partial(client.get, address)
        found[address.replace(code, "…").replace(made.position.code, "…")] = {
            "queries": queries,
            **spread(ask, runs=runs),
            "after_an_act": spread(ask, runs=runs, before=gate.beat),
            "kilobytes": round(len(answer.content) / 1024, 1),
        }
    return found


def spread(ask: Callable[[], Any], *, runs: int, before: Callable[[], Any] = lambda: None) -> dict[str, float]:
    """Return the median and the 95th percentile of a page's time, what comes before each not counted."""
    times, cpus = [], []
    for _ in range(runs):
        before()
        start, spent = time.perf_counter(), time.process_time()
        ask()
        times.append((time.perf_counter() - start) * 1000)
        cpus.append((time.process_time() - spent) * 1000)
    times.sort()
    cpus.sort()
    late = min(runs - 1, int(runs * 0.95))
    return {
        "median_ms": round(times[runs // 2], 1),
        "p95_ms": round(times[late], 1),
        "processor_p95_ms": round(cpus[late], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
