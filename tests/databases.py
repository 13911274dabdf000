"""Copies of a migrated database, one per test: the journal cannot be flushed, so it is thrown away whole."""

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asgiref.local import Local
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import override_settings

BASE = Path(settings.BASE_DIR)
ALIAS = "default"


@dataclass(frozen=True)
class FreshDatabase:
    """What a subprocess needs to work on this test's database and state folder."""

    home: Path
    url: str

    @property
    def env(self) -> dict[str, str]:
        """The whole environment to give to a subprocess."""
        return {**os.environ, "CLAIREVOIE_HOME": str(self.home), "DATABASE_URL": self.url}


def manage(env: dict[str, str], *arguments: str, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """Run a management command in a process of its own and return it, whatever its exit code."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BASE, env=env, capture_output=True, text=True,
        timeout=timeout, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _migrate(env: dict[str, str]) -> None:
    for command in (("migrate", "--verbosity", "0"), ("createcachetable",)):
        # Every test that speaks to a database waits for it: better late, on a busy machine, than all in error.
        answer = manage(env, *command, timeout=900)
        if answer.returncode:
            message = f"la base modèle n'a pas pu être préparée ({command[0]}) :\n{answer.stdout}{answer.stderr}"
            raise RuntimeError(message)


class Templates:
    """The migrated database that tests copy: made once per run, by whichever worker comes first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _postgresql(self) -> bool:
        return connections.settings[ALIAS]["ENGINE"].endswith("postgresql")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "database-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _template(self) -> str:
        """Return the template's path or name, made on first use."""
        known = self.folder / "database-template.json"
        with self._locked():
            if known.exists():
                return str(json.loads(known.read_text()))
            home = self.folder / "database-template"
            home.mkdir(mode=0o700)
            if self._postgresql:
                template = f"clairevoie_template_{uuid.uuid4().hex[:12]}"
                _administer(f'CREATE DATABASE "{template}"')
                url = _postgresql_url(template)
            else:
                template = str(home / "claire-voie.sqlite3")
                url = f"sqlite:///{template}"
            _migrate({**os.environ, "CLAIREVOIE_HOME": str(home), "DATABASE_URL": url})
            known.write_text(json.dumps(template))
            return template

    @contextlib.contextmanager
    def copy(self, home: Path) -> Iterator[FreshDatabase]:
        """Give one test its copy, with this process's connections and settings pointed at it."""
        template = self._template()
        home.mkdir(mode=0o700)
        # The same signing key as this process: a session opened by the test is good in the web process.
        shutil.copytree(Path(settings.HOME) / "keys", home / "keys", dirs_exist_ok=True, ignore=_all_but_django_key)
        if self._postgresql:
            name = f"clairevoie_{uuid.uuid4().hex[:12]}"
            _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            database = FreshDatabase(home=home, url=_postgresql_url(name))
        else:
            name = str(home / "claire-voie.sqlite3")
            shutil.copyfile(template, name)
            database = FreshDatabase(home=home, url=f"sqlite:///{name}")
        try:
            with _pointed_at(name), override_settings(HOME=home):
                yield database
        finally:
            if self._postgresql:
                _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def under_django(self) -> Iterator[None]:
        """Lay the template's tables under Django's own test database, which then finds no migration left to run."""
        template = self._template()
        if self._postgresql:
            connections.settings[ALIAS]["TEST"]["TEMPLATE"] = template
            yield
            return
        # In memory, under the name that Django gives it: it lives as long as a connection to it.
        name = connections[ALIAS].creation._get_test_db_name()
        with contextlib.closing(sqlite3.connect(name, uri=True)) as memory:
            with contextlib.closing(sqlite3.connect(template)) as source:
                source.backup(memory)
            yield


def _all_but_django_key(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name != "django.key"]


@contextlib.contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """Make every connection that this process opens go to another database; then close them and give the old back.

    Django keeps its connections apart where an event loop runs, as Playwright's does in the test's own thread: the
    whole store is changed, or a test would find there the connection, and the database, of the one before.
    """
    settings_before, store_before = connections.settings[ALIAS], connections._connections
    create = connections.create_connection
    opened: list[BaseDatabaseWrapper] = []

    def create_and_note(alias: str) -> BaseDatabaseWrapper:
        opened.append(create(alias))
        return opened[-1]

    connections.settings[ALIAS] = {**settings_before, "NAME": name}
    connections._connections = Local(connections.thread_critical)
    connections.create_connection = create_and_note  # type: ignore[method-assign]
    try:
        yield
    finally:
        for connection in opened:
            connection.inc_thread_sharing()
            connection.close()
        del connections.create_connection
        connections._connections = store_before
        connections.settings[ALIAS] = settings_before


def _postgresql_url(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(_postgresql_url("postgres"), autocommit=True) as link:
        link.execute(statement)  # type: ignore[call-overload]
