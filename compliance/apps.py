"""Django's description of the ground floor."""

import gc

from django.apps import AppConfig

# A judgement of thousands of positions makes as many objects, all of them alive: Python's own threshold, seven hundred,
# walks them again and again, a sixth of the time of the question.
COLLECT_AFTER = 50_000


class ComplianceConfig(AppConfig):
    name = "compliance"
    verbose_name = "Conformité"

    def ready(self) -> None:
        """Register the check that refuses to start without the journal's triggers, and let garbage wait."""
        from compliance.journal import triggers  # noqa: F401, PLC0415 (models must be ready)

        gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
