"""Settings, addresses and process entry points; no domain logic."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
