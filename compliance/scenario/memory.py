"""An empty database in memory, in place of the installation's: a story can touch neither its rows nor its files."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper


@contextmanager
def empty_database() -> Iterator[None]:
    """Make every query of this thread go to a new, migrated database in memory; give the former back at the end.

    The real connection is put aside before it is opened: no statement of a story can reach it.
    """
    real = connections[DEFAULT_DB_ALIAS]
    options = {"init_command": "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;", "transaction_mode": "IMMEDIATE"}
    written = {**real.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": options}
    memory = DatabaseWrapper(written, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = memory
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = real
        if memory.connection is not None:
            memory.connection.close()
