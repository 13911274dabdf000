"""What must be true before a process of the product starts; what is not is said in one French sentence.

The web, the recorder, the keeper and the worker call it. A command that repairs (`migrate`) does not.
"""

from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from compliance import journal
from config.home import NotReady, hold

OURS = ("compliance", "cameras", "recording")


def assert_ready() -> None:
    """Raise `NotReady` unless the database answers, has every migration, and its journal its guards.

    From then on, until it ends, the process holds the state: nothing is restored under it.
    """
    try:
        missing, unknown = unapplied()
    except DatabaseError as fault:
        # The class alone: the message of a driver may quote the address and its password.
        message = f"la base de données ne répond pas ({type(fault).__name__}) : vérifiez DATABASE_URL et son serveur."
        raise NotReady(message) from None
    if missing:
        message = (
            f"la base de données n’est pas à jour : {len(missing)} migrations attendent, dont {missing[0]}. "
            "Lancez « ./run manage migrate »."
        )
        raise NotReady(message)
    if unknown:
        message = (
            f"la base de données vient d’une version plus récente : ce code ne connaît pas {unknown[0]}. "
            "Remettez le code de cette version, ou la sauvegarde faite avant elle."
        )
        raise NotReady(message)
    try:
        journal.assert_guarded()
    except journal.Unguarded as refusal:
        message = (
            f"le journal n’est plus gardé : {refusal}. Rien ne démarre tant que ses déclencheurs manquent ; "
            "restaurez la base, ou cherchez qui les a retirés."
        )
        raise NotReady(message) from None
    hold(settings.HOME)


def unapplied() -> tuple[list[str], list[str]]:
    """Return the migrations that only this code has, then those of ours that only this database has, by name."""
    applied = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    known = [
        f"{app.label}.{module.name}"
        for app in apps.get_app_configs()
        if (Path(app.path) / "migrations").is_dir()
        for module in iter_modules([f"{app.path}/migrations"])
        if module.name[0] not in "_~"
    ]
    ours = tuple(f"{name}." for name in OURS)
    return [name for name in known if name not in applied], sorted(
        name for name in applied if name.startswith(ours) and name not in known
    )
