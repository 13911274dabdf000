"""The reception test: who may ask, what the gate refuses, what is kept of it, and what the recorder does with it."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from guardian.shortcuts import assign_perm

from cameras.models import Camera
from compliance import gate
from compliance.actions import dossier
from compliance.events import System
from compliance.matrix import Dossier, Plan, build
from compliance.models import Body, Entry, Person
from compliance.queries import pulse
from recording import probes
from recording.actions import Figures
from recording.models import Gap, Probe, Segment
from tests.compliance.built import AT, a_dossier, an_account
from tests.databases import FreshDatabase
from tests.recording.engine.stage import Recorder, now, prepare_keys, register, simulator, until

BY = System.CONSOLE
FIGURES = Figures("avc1.4d4028", 1280, 720, 15.0)


def before_service(at: datetime) -> Dossier:
    """A dossier whose commissioning letter takes effect tomorrow: it may be tried, and not yet recorded."""
    with transaction.atomic():
        made = build(Plan(late="R-15"), at=at + timedelta(days=3))
    return made


@pytest.fixture
def camera(db: None) -> Camera:
    made = a_dossier()
    return Camera.objects.create(position=made.position, mounting=made.mounting, sealed_address=b"-", registered_at=AT)


@pytest.mark.django_db
class TestAsking:
    """Asking, and answering once."""

    def test_it_is_journaled_and_moves_the_pulse(self, camera: Camera) -> None:
        before = pulse()

        row = probes.ask(camera, at=AT, by=BY)

        assert (row.outcome, row.ended_at) == ("", None)
        assert pulse() == before + 1
        assert Entry.objects.latest("seq").event == "camera.probe.asked"

    def test_it_asks_the_right_to_keep_the_cameras(self, camera: Camera) -> None:
        person = Person.objects.filter(authority=camera.position.installation.authority).first()
        assert person is not None
        account = an_account(person, "visiteur")
        for right in ("read", "control", "validate", "file", "habilitate", "capture_order"):
            assign_perm(f"compliance.{right}", account, camera.position.installation)

        with pytest.raises(PermissionDenied):
            probes.ask(camera, at=AT, by=account)

        assert not Probe.objects.exists()

    def test_before_the_order_nothing_is_opened_even_to_try(self, camera: Camera) -> None:
        long_before = AT - timedelta(days=66)

        with pytest.raises(gate.Refused) as refused:
            probes.ask(camera, at=long_before, by=BY)

        assert "R-08" in {f.code for f in refused.value.decision.blocking}
        assert not Probe.objects.exists()

    def test_the_commissioning_date_is_not_awaited_to_try(self, db: None) -> None:
        made = before_service(AT)
        row = Camera.objects.create(
            position=made.position, mounting=made.mounting, sealed_address=b"-", registered_at=AT
        )

        assert not gate.decide(gate.Action.RECORD, made.position, at=AT).allowed
        assert probes.ask(row, at=AT, by=BY).pk

    def test_a_test_asked_twice_is_one_test(self, camera: Camera) -> None:
        first = probes.ask(camera, at=AT, by=BY)

        assert probes.ask(camera, at=AT + timedelta(seconds=5), by=BY) == first
        assert probes.ask(camera, at=AT + timedelta(seconds=31), by=BY) != first

    def test_it_is_answered_once(self, camera: Camera) -> None:
        row = probes.ask(camera, at=AT, by=BY)
        probes.begin(row.pk, decision=gate.decide(gate.Action.PROBE, camera.position, at=AT), at=AT)
        probes.end(row.pk, outcome=probes.DONE, at=AT, figures=FIGURES, sound="pcm_alaw")
        probes.end(row.pk, outcome=probes.NO_ANSWER, at=AT)

        row.refresh_from_db()
        assert (row.outcome, row.width, row.audio) == ("ok", 1280, "pcm_alaw")
        assert Body.objects.latest("entry").sentence.endswith("le flux arrive")
        assert Entry.objects.filter(event="camera.probe.ended").count() == 1


@pytest.mark.slow
@pytest.mark.xdist_group("recorder")
def test_a_device_not_yet_in_service_is_tried_and_nothing_of_it_is_kept(
    fresh_database: FreshDatabase, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    prepare_keys(fresh_database.home)
    made = before_service(now())
    with simulator(tmp_path_factory.mktemp("clips")) as running, Recorder(fresh_database, tmp_path / "log"):
        tried = register(made, f"{running.url('cam1')}/sound")
        time.sleep(2)
        assert running.connections("cam1") == 0, "nothing is opened before it is asked"

        first = probes.ask(tried, at=datetime.now(UTC), by=BY)
        until(lambda: Probe.objects.get(pk=first.pk).ended_at, seconds=25)
        until(lambda: running.connections("cam1") == 0, seconds=5)

    row = Probe.objects.get(pk=first.pk)
    assert (row.outcome, row.width, row.height, row.audio != "") == ("ok", 320, 180, True)
    assert not Segment.objects.exists()
    assert not list((fresh_database.home / "recordings").rglob("*.seg"))
    assert Gap.objects.get(camera=tried, until=None).reason == "no_permit"
    codes = set(Entry.objects.values_list("event", flat=True))
    assert {"camera.probe.asked", "camera.probe.started", "camera.probe.ended"} <= codes
    assert not codes & {"recording.run.started", "recording.live.started"}


def test_a_panel_letter_and_the_rest_are_still_asked(db: None) -> None:
    """What the test serves to prove is not asked of it; the panel, which comes first, is."""
    made = before_service(AT)
    panel = made.installation.panels.get()
    panel.checks.all().delete()
    row = Camera.objects.create(position=made.position, mounting=made.mounting, sealed_address=b"-", registered_at=AT)

    with pytest.raises(gate.Refused) as refused:
        probes.ask(row, at=AT, by=BY)

    assert {f.code for f in refused.value.decision.blocking} == {"R-27"}
    dossier.check_panel(panel, checked_on=made.day(-20), present=True, positions=[made.position], **made.proved)
    assert probes.ask(row, at=AT, by=BY).pk
