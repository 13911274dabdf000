"""What the worker does by itself, again and again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from compliance import tasks
from compliance.views.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def a_session(*, hours: int) -> str:
    store = SessionStore()
    store.save()
    Session.objects.filter(pk=store.session_key).update(expire_date=now() + timedelta(hours=hours))
    return str(store.session_key)


def test_a_session_that_is_over_is_erased_and_the_others_stay() -> None:
    a_session(hours=-1)
    open_still = a_session(hours=1)

    assert tasks.forget_sessions() == 1
    assert list(Session.objects.values_list("pk", flat=True)) == [open_still]


def test_each_task_of_the_schedule_exists() -> None:
    known = {getattr(task, "name", "") for task in vars(tasks).values()}

    assert {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()} <= known
