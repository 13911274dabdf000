"""What the engine saw: journaled like an act, by a process, in one transaction."""

from typing import Any

import pytest

from compliance import journal
from compliance.actions.observation import observe
from compliance.events import System
from compliance.law.terms import Seen
from compliance.matrix import Dossier
from compliance.models import Body, Observation
from compliance.queries import pulse
from tests.compliance.built import AT, a_dossier, entries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made() -> Dossier:
    return a_dossier()


@pytest.mark.parametrize("kind", list(Seen))
def test_an_observation_is_journaled_and_moves_the_pulse(made: Dossier, kind: Seen) -> None:
    before, beats = entries(), pulse()

    row = observe(made.position, kind=kind, at=AT, by=System.RECORDER, detail="aac, 48 kHz", conforms=False)

    assert entries() == [*before, "observation.recorded"]
    assert pulse() == beats + 1
    assert (row.kind, row.detail, row.conforms) == (kind, "aac, 48 kHz", False)
    last = Body.objects.latest("entry")
    assert (last.actor, last.actor_name, last.position) == (None, "Enregistreur", made.position)


def test_an_observation_that_cannot_be_journaled_is_as_if_it_never_was(
    made: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise journal.Unavailable("x")

    beats = pulse()
    monkeypatch.setattr(journal, "record", refuse)

    with pytest.raises(journal.Unavailable):
        observe(made.position, kind=Seen.AUDIO, at=AT, by=System.RECORDER)

    assert Observation.objects.count() == 0
    assert pulse() == beats
