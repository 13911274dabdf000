"""A town of a former commit, recorded for a while, then this code on its base: what is lost, what no longer answers?"""

import json
import subprocess
import time
from typing import Any

from proofs.machine import Machine, demonstration
from proofs.machine.bases import Base, Server, Table, compared
from proofs.machine.proxy import Visitor

PAGES = ("/", "/installations/VALCLAIR/", "/positions/VAL-01/", "/positions/VAL-08/", "/journal/")
RECORDED = 20


def upgraded(machine: Machine, base: Base, *, former: str) -> dict[str, Any]:
    """Play the former town, change its code, migrate, and compare; on a server, go back to the former base too."""
    now, log = _commit(machine, "HEAD"), machine.root.parent / "town.log"
    _at(machine, former)
    with demonstration(machine, log, **base.environment) as town:
        visitor = Visitor(town.url, town)
        visitor.sign_in()
        visitor.wait_for_images()
        _wait_for_recordings(base)
        town.stop()
    before, head = base.rows(), base.head()
    copied = base.copied(machine) if isinstance(base, Server) else 0
    _at(machine, now)
    installed = _seconds(machine, "./run install")
    migrated = _seconds(machine, "./run manage migrate --verbosity 0", **base.environment)
    kept = compared(before, base.rows())
    verified = _journal(machine, base)
    checked = machine.run("./run manage check_recordings", check=False, **base.environment)
    with demonstration(machine, log, **base.environment) as town:
        visitor = Visitor(town.url, town)
        visitor.sign_in()
        pages = {path: visitor.status(path) for path in PAGES}
        town.stop()
    lived = _journal(machine, base)
    figures: dict[str, Any] = {
        "from": _commit(machine, former),
        "to": now,
        "install_s": round(installed, 1),
        "migrate_s": round(migrated, 1),
        "tables": len(before),
        "rows": sum(len(rows) for _, rows in before.values()),
        "rows_by_table": {table: len(rows) for table, (_, rows) in before.items() if rows},
        **kept,
        "journal": {
            "entries_before": head[0],
            "head_still_there": base.hash_of(head[0]) == head[1],
            "intact": verified["intact"],
            "entries": verified["entries"],
            "intact_once_lived_in": lived["intact"],
            "entries_once_lived_in": lived["entries"],
        },
        "check_recordings_exit_code": checked.returncode,
        "pages": pages,
    }
    if isinstance(base, Server):
        figures["went_back"] = {"pg_dump_s": round(copied, 1), **_gone_back(machine, base, before, former=former)}
    return figures | ({"failed": wrong} if (wrong := troubles(figures)) else {})


def troubles(figures: dict[str, Any]) -> str:
    """Say what an upgrade should not have done; nothing when all was kept."""
    journal, back = figures["journal"], figures.get("went_back", {})
    signs = {
        "des lignes perdues": figures["rows_lost_or_changed"],
        "un journal rompu": not (journal["head_still_there"] and journal["intact"] and journal["intact_once_lived_in"]),
        "un journal raccourci": journal["entries"] < journal["entries_before"],
        "des images qui ne répondent plus à leurs lignes": figures["check_recordings_exit_code"],
        "des pages qui ne répondent plus": set(figures["pages"].values()) != {200},
        "un retour qui perd": back.get("rows_lost_or_changed"),
        "un retour au journal rompu": not back.get("journal_intact", True),
    }
    return ", ".join(sign for sign, seen in signs.items() if seen)


def _gone_back(machine: Machine, base: Server, before: dict[str, Table], *, former: str) -> dict[str, Any]:
    """Give up the upgrade: the former code on the copy made before it, once this code has written in the base."""
    _at(machine, former)
    machine.run("./run install")
    restored = base.brought_back(machine)
    intact = _journal(machine, base)["intact"]
    return {"pg_restore_s": round(restored, 1), **compared(before, base.rows()), "journal_intact": intact}


def _journal(machine: Machine, base: Base) -> dict[str, Any]:
    """Return what the verification of the whole journal says."""
    said: dict[str, Any] = json.loads(machine.run("./run manage verify_journal --json", **base.environment).stdout)
    return said


def _seconds(machine: Machine, command: str, **environment: str) -> float:
    started = time.monotonic()
    machine.run(command, **environment)
    return time.monotonic() - started


def _commit(machine: Machine, name: str) -> str:
    git = ["git", "-C", str(machine.code), "rev-parse", "--short", name]
    return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()


def _at(machine: Machine, commit: str) -> None:
    subprocess.run(["git", "-C", str(machine.code), "checkout", "--quiet", commit], check=True)


def _wait_for_recordings(base: Base, *, seconds: float = 900) -> None:
    """Wait until some segments are sealed and their rows written."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if base.segments() >= RECORDED:
            return
        time.sleep(2)
    message = f"moins de {RECORDED} séquences en {seconds} s"
    raise AssertionError(message)
