"""The gate on ten thousand positions with complete dossiers, beside django-guardian on as many objects in the same run.

    ./run bench gate [--positions 10000] [--installations 20] [--runs 5]

Writes docs/figures/gate.json: queries, wall and processor time of `decide_many` and of one `decide`, on SQLite and on
PostgreSQL (DATABASE_URL names one; otherwise a throw-away server is started if the machine has one).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from proofs import BASE, write

OPEN_SERVER = "source ./run; BROUILLON=$(mktemp -d); trap ranger EXIT; demarrer_postgresql; echo $PG_ADRESSE; read -r _"


def main() -> int:
    """Measure on each database, in a process of its own; return 1 when the gate's figures miss their aims."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--positions", type=int, default=10_000)
    options.add_argument("--installations", type=int, default=20)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.here:
        sys.stdout.write(json.dumps(measure(asked.positions, asked.installations, runs=asked.runs)))
        return 0
    figures: dict[str, Any] = {"positions": asked.positions, "installations": asked.installations}
    figures["load_before"] = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="claire-voie-bench-") as folder:
        figures["sqlite"] = in_process(f"sqlite:///{folder}/bench.sqlite3", folder)
        with postgresql() as url:
            if url is not None:
                figures["postgresql"] = in_process(url, folder)
    write("gate", figures)
    return 0


@contextmanager
def postgresql() -> Iterator[str | None]:
    """Give the address of an empty PostgreSQL database, or None where there is no server to start."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
        return
    server = subprocess.Popen(
        ["bash", "-c", OPEN_SERVER], cwd=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip() or None
    finally:
        server.communicate("\n", timeout=30)


def in_process(url: str, folder: str) -> dict[str, Any]:
    """Migrate the database and measure on it."""
    env = {**os.environ, "CLAIREVOIE_HOME": f"{folder}/home", "DATABASE_URL": url}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for command in (("migrate", "--verbosity", "0"), ("createcachetable",)):
        subprocess.run([sys.executable, "manage.py", *command], cwd=BASE, env=env, check=True, stdout=sys.stderr)
    run = [sys.executable, "-m", "bench.gate", "--here", *sys.argv[1:]]
    done = subprocess.run(run, cwd=BASE, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(count: int, installations: int, *, runs: int) -> dict[str, Any]:
    """Return the figures of the database that the settings name."""
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from bench.crowd import crowd
    from compliance import gate
    from compliance.gate import Action

    at = timezone.now()
    made = crowd(installations=installations, each=count // installations, at=at)
    if connection.vendor == "postgresql":
        # What autovacuum does within the minute on rows that come by acts: they came all at once here.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    agent, places = made.dossiers[0].agent, made.positions
    mine = made.dossiers[0].position
    decisions = gate.decide_many(Action.RECORD, places, at=at)
    assert all(d.allowed for d in decisions.values()), "the bench asks about complete dossiers"
    assert gate.decide(Action.WATCH, mine, at=at, agent=agent).allowed
    # As the recorder and a page hold them: the question is what costs, not the answers of the one before.
    del decisions
    ask: dict[str, Callable[[], Any]] = {
        "decide_many": lambda: gate.decide_many(Action.RECORD, places, at=at),
        "decide_many_for_a_person": lambda: gate.decide_many(Action.WATCH, places, at=at, agent=agent),
        "decide": lambda: gate.decide(Action.RECORD, mine, at=at),
        "decide_for_a_person": lambda: gate.decide(Action.WATCH, mine, at=at, agent=agent),
    }
    found = {name: timed(one, runs=runs if "many" in name else 20 * runs) for name, one in ask.items()}
    found |= guardian(count, made.dossiers[0], runs=runs)
    best = found["guardian_checker"]["seconds"]
    found["decide_many_over_has_perm_loop"] = round(
        found["decide_many"]["seconds"] / found["guardian_has_perm_loop"]["seconds"], 3
    )
    found["decide_many_over_prefetched_checker"] = round(found["decide_many"]["seconds"] / best, 3)
    return found


def guardian(count: int, dossier: Any, *, runs: int) -> dict[str, Any]:
    """Measure django-guardian on as many objects: its fastest form, direct foreign keys, one permission an object."""
    from django.contrib.auth.models import Permission
    from guardian.core import ObjectPermissionChecker
    from guardian.shortcuts import get_objects_for_user

    from compliance.models import Account, Installation, InstallationUserPermission

    account = Account(username="banc", person=dossier.agent, date_joined=dossier.at)
    account.set_unusable_password()
    account.save()
    rows = [Installation(authority=dossier.authority, code=f"G{n:06}", name=f"G{n:06}") for n in range(count)]
    objects = Installation.objects.bulk_create(rows, batch_size=500)
    read = Permission.objects.get(codename="read", content_type__app_label="compliance")
    InstallationUserPermission.objects.bulk_create(
        [InstallationUserPermission(user=account, permission=read, content_object=one) for one in objects],
        batch_size=500,
    )

    def loop() -> None:
        assert all(ObjectPermissionChecker(account).has_perm("read", one) for one in objects)

    def prefetched() -> None:
        checker = ObjectPermissionChecker(account)
        checker.prefetch_perms(objects)
        assert all(checker.has_perm("read", one) for one in objects)

    def listed() -> None:
        asked = get_objects_for_user(account, "compliance.read", accept_global_perms=False)
        assert len(asked.values_list("pk", flat=True)) == count

    return {
        "guardian_has_perm": timed(lambda: ObjectPermissionChecker(account).has_perm("read", objects[0]), runs=runs),
        "guardian_has_perm_loop": timed(loop, runs=1),
        "guardian_checker": timed(prefetched, runs=runs),
        "guardian_get_objects_for_user": timed(listed, runs=runs),
    }


def counted(question: Callable[[], Any]) -> tuple[int, Any]:
    """Return how many statements a question sends to the database, and its answer."""
    from django.db import connection

    statements = 0

    def count(execute: Any, *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    with connection.execute_wrapper(count):
        answer = question()
    return statements, answer


def timed(question: Callable[[], Any], *, runs: int) -> dict[str, float]:
    """Return the queries of a question, and the median of its wall and processor times in seconds."""
    statements, _ = counted(question)
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        question()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {
        "queries": statements,
        "seconds": round(statistics.median(walls), 4),
        "worst_seconds": round(max(walls), 4),
        "processor_seconds": round(statistics.median(cpus), 4),
        "runs": runs,
    }


if __name__ == "__main__":
    sys.exit(main())
