"""A town of a former commit, recorded for a while, then this code on its base: what is lost, what no longer answers?"""

import json
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from proofs.machine import Machine, demonstration
from proofs.machine.proxy import Visitor

# What lives by itself: sessions, the cache, and the one-row words of what runs now.
LIVING = {"django_session", "django_cache", "django_migrations", "compliance_pulse", "recording_heartbeat"}
Table = tuple[list[str], list[tuple[Any, ...]]]
PAGES = ("/", "/installations/VALCLAIR/", "/positions/VAL-01/", "/positions/VAL-08/", "/journal/")
RECORDED = 20


def upgraded(machine: Machine, *, former: str) -> dict[str, Any]:
    """Play the former town, change its code, migrate, and compare."""
    now = _commit(machine, "HEAD")
    base, log = machine.code / "var" / "claire-voie.sqlite3", machine.root.parent / "town.log"
    _at(machine, former)
    with demonstration(machine, log) as town:
        visitor = Visitor(town.url, town)
        visitor.sign_in()
        visitor.wait_for_images()
        _wait_for_recordings(base)
        town.stop()
    before, head = _rows(base), _head(base)
    _at(machine, now)
    started = time.monotonic()
    machine.run("./run install")
    installed = time.monotonic() - started
    started = time.monotonic()
    machine.run("./run manage migrate --verbosity 0")
    migrated = time.monotonic() - started
    compared = _compared(before, _rows(base))
    verified = json.loads(machine.run("./run manage verify_journal --json").stdout)
    checked = machine.run("./run manage check_recordings", check=False)
    with demonstration(machine, log) as town:
        visitor = Visitor(town.url, town)
        visitor.sign_in()
        pages = {path: visitor.status(path) for path in PAGES}
        town.stop()
    return {
        "from": _commit(machine, former),
        "to": now,
        "install_s": round(installed, 1),
        "migrate_s": round(migrated, 1),
        "tables": len(before),
        "rows": sum(len(rows) for _, rows in before.values()),
        "rows_by_table": {table: len(rows) for table, (_, rows) in before.items() if rows},
        **compared,
        "journal": {
            "entries_before": head[0],
            "head_still_there": _hash_of(base, head[0]) == head[1],
            "intact": verified["intact"],
            "entries": verified["entries"],
        },
        "check_recordings_exit_code": checked.returncode,
        "pages": pages,
    }


def _commit(machine: Machine, name: str) -> str:
    git = ["git", "-C", str(machine.code), "rev-parse", "--short", name]
    return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()


def _at(machine: Machine, commit: str) -> None:
    subprocess.run(["git", "-C", str(machine.code), "checkout", "--quiet", commit], check=True)


def _wait_for_recordings(base: Path, *, seconds: float = 900) -> None:
    """Wait until some segments are sealed and their rows written."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as link:
            if link.execute("SELECT count(*) FROM recording_segment").fetchone()[0] >= RECORDED:
                return
        time.sleep(2)
    message = f"moins de {RECORDED} séquences en {seconds} s"
    raise AssertionError(message)


def _tables(link: sqlite3.Connection) -> list[str]:
    found = link.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return sorted(name for (name,) in found if name not in LIVING)


def _rows(base: Path) -> dict[str, Table]:
    """Return, for each table, its columns and its rows."""
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as link:
        return {table: _read(link, table) for table in _tables(link)}


def _read(link: sqlite3.Connection, table: str) -> Table:
    columns = [row[1] for row in link.execute(f'PRAGMA table_info("{table}")')]
    wanted = ", ".join(f'"{column}"' for column in columns)
    return columns, link.execute(f'SELECT {wanted} FROM "{table}"').fetchall()


def _compared(
    before: dict[str, Table],
    after: dict[str, Table],
) -> dict[str, Any]:
    """Say which former rows are no longer there as they were, on the columns that both know, and what was removed."""
    lost, removed = {}, []
    for table, (columns, rows) in before.items():
        known, now = after.get(table, ([], []))
        kept = [column for column in columns if column in known]
        removed += [f"{table}.{column}" for column in columns if column not in known]
        here = {tuple(row[known.index(column)] for column in kept) for row in now}
        missing = sum(tuple(row[columns.index(column)] for column in kept) not in here for row in rows)
        if missing:
            lost[table] = missing
    return {"rows_lost_or_changed": lost, "columns_removed": removed}


def _head(base: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as link:
        seq, digest = link.execute("SELECT seq, hash FROM compliance_head").fetchone()
        return int(seq), str(digest)


def _hash_of(base: Path, seq: int) -> str:
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as link:
        return str(link.execute("SELECT hash FROM compliance_entry WHERE seq = ?", (seq,)).fetchone()[0])
