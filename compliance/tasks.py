"""What the worker does for the ground floor. Job facts live in the database: any of these may run twice."""

import logging
from uuid import UUID

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from compliance import journal
from compliance.documents import press

log = logging.getLogger(__name__)


@shared_task(name="compliance.tasks.verify_journal")
def verify_journal() -> bool:
    """Verify the whole journal, keep what was found for the pages, and return whether it is intact."""
    report = journal.verify(at=timezone.now())  # noqa: TID251, a task is an entrance
    journal.remember(report)
    if not report.intact:
        log.error("journal altered: entry %s, %s", report.first_bad, report.kind)
    return report.intact


@shared_task(name="compliance.tasks.issue_papers")
def issue_papers(batch: str) -> bool:
    """Issue the papers of a batch that are still to be; nothing when another worker does."""
    return press.work(UUID(batch), clock=timezone.now)  # noqa: TID251, a task is an entrance


@shared_task(name="compliance.tasks.sweep_papers")
def sweep_papers() -> int:
    """Send again the batches that nobody works on: a message lost, a worker killed. Return how many."""
    found = list(press.waiting(timezone.now()))  # noqa: TID251, a task is an entrance
    for pk in found:
        issue_papers.delay(str(pk))
    return len(found)


@shared_task(name="compliance.tasks.forget_sessions")
def forget_sessions() -> int:
    """Erase the sessions that are over: nothing else does, and each names an account. Return how many."""
    gone, _ = Session.objects.filter(expire_date__lte=timezone.now()).delete()  # noqa: TID251, a task is an entrance
    return gone
