"""The worker: documents, checks and sweeps. Job facts live in the database, so any broker will do."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("claire-voie")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["compliance", "recording"])


@worker_init.connect
def _refuse_to_start_unready(**_: object) -> None:
    from config import startup  # noqa: PLC0415 (Django is set up by then)

    startup.assert_ready()
