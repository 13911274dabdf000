"""Django's description of the top floor."""

from django.apps import AppConfig


class RecordingConfig(AppConfig):
    name = "recording"
    verbose_name = "Enregistrement"
