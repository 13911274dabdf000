"""How a line of the log is written: in French, whoever reads the page that made it (decision 11)."""

import logging

from django.conf import settings
from django.utils import translation


class Line(logging.Formatter):
    """Say in French the refusals that a page says in its reader's language: their texts are lazy."""

    def format(self, record: logging.LogRecord) -> str:
        """Leave the reader's language for the time of the line."""
        if translation.get_language() == settings.LANGUAGE_CODE:
            return super().format(record)
        with translation.override(settings.LANGUAGE_CODE):
            return super().format(record)
