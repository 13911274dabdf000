"""What the worker does for the ground floor. Job facts live in the database: any of these may run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from compliance import journal

log = logging.getLogger(__name__)


@shared_task(name="compliance.tasks.verify_journal")
def verify_journal() -> bool:
    """Verify the whole journal, keep what was found for the pages, and return whether it is intact."""
    report = journal.verify(at=timezone.now())  # noqa: TID251, a task is an entrance
    journal.remember(report)
    if not report.intact:
        log.error("journal altered: entry %s, %s", report.first_bad, report.kind)
    return report.intact
