"""Django's description of the ground floor."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    verbose_name = "Conformité"

    def ready(self) -> None:
        """Register the check that refuses to start without the journal's triggers."""
        from compliance.journal import triggers  # noqa: F401, PLC0415 (models must be ready)
