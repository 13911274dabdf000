"""Looking is written where it belongs: the register of each installation tells what was seen of its own cameras."""

from types import SimpleNamespace
from typing import Any

import pytest

from compliance.models import Body
from recording import consultations
from recording.consultations import NothingToSee, Watched, close, open_consultation
from tests.compliance.built import AT, a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def told(event: str) -> dict[str, list[str]]:
    bodies = Body.objects.filter(entry__event=event).select_related("installation").order_by("entry")
    return {body.installation.code: body.values["positions"] for body in bodies if body.installation}


@pytest.mark.parametrize("allowed", [True, False])
def test_a_look_at_two_installations_is_in_the_register_of_each(monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    here, there = a_dossier(), a_dossier()
    account = an_account(here.agent, "agent")
    cameras: list[Any] = [SimpleNamespace(position=d.position, position_id=d.position.pk, pk=1) for d in (here, there)]
    answer: Any = SimpleNamespace(allowed=allowed, blocking=())
    monkeypatch.setattr(consultations, "watchable", lambda *_, **__: [Watched(camera, answer) for camera in cameras])
    apart = {d.installation.code: [d.position.code] for d in (here, there)}

    if not allowed:
        with pytest.raises(NothingToSee):
            open_consultation(account, cameras, motive="service", text="", at=AT)
        assert told("consultation.refused") == apart
        return
    row = open_consultation(account, cameras, motive="service", text="", at=AT)
    close(row, first=AT, last=AT, reason="Terminée.", codes=[], at=AT)

    assert told("consultation.opened") == told("consultation.closed") == apart
