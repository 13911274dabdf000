"""Lays the journal's first stone: the head before any entry, then the triggers. Reversible while it is empty."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from compliance.journal import chain, triggers


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the head, which points at nothing, and guard the three tables."""
    apps.get_model("compliance", "Head").objects.create(id=1, seq=0, hash=chain.GENESIS)
    triggers.install(schema_editor.connection)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers and the head away; refuse when something was written."""
    if apps.get_model("compliance", "Entry").objects.exists():
        raise RuntimeError("Le journal n’est pas vide : il ne se retire pas.")
    triggers.uninstall(schema_editor.connection)
    apps.get_model("compliance", "Head").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
