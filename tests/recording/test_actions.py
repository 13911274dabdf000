"""The engine's writes: runs and answers journaled once, segments and gaps without a hole, erasure told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cameras.models import Camera
from compliance import gate, matrix
from compliance.events import System
from compliance.gate import Action, Decision
from compliance.models import Entry, Observation
from recording import actions, queries
from recording.actions import Figures, Run, Written
from recording.models import Gap, Health, Heartbeat, Segment

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def camera(settings: Any, tmp_path: Any) -> Camera:
    """A camera on a complete dossier."""
    settings.HOME = tmp_path
    made = matrix.build(matrix.Plan(), at=AT)
    return Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=AT - MINUTE
    )


def decision(camera: Camera, at: datetime = AT) -> Decision:
    return gate.decide(Action.RECORD, camera.position, at=at)


def written(camera: Camera, *, since: datetime = AT, uuid: UUID | None = None, **changes: Any) -> Written:
    uuid = uuid or uuid4()
    fields: dict[str, Any] = {
        "path": f"{camera.uuid}/{uuid}.seg",
        "since": since,
        "until": since + MINUTE,
        "erase_at": since + timedelta(days=30),
        "key_id": "k1",
        **changes,
    }
    return Written(uuid=uuid, **fields)


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [c for c in codes if c.startswith(("recording.", "gate.", "observation."))]


def payload() -> str:
    return str(Entry.objects.order_by("seq").last().body.payload)  # type: ignore[union-attr]


def sentence() -> str:
    return Entry.objects.order_by("seq").last().body.sentence  # type: ignore[union-attr]


def test_a_run_is_journaled_with_the_decision_that_allows_it(camera: Camera) -> None:
    run = Run(uuid4(), camera, AT)
    actions.start_run(run, decision=decision(camera))

    assert '"R-19":"met"' in payload()
    assert str(run.run) in payload()
    actions.open_segment(run, written=written(camera))
    actions.stop_run(run, reason="R-19", at=AT + MINUTE)
    assert events() == ["recording.run.started", "recording.run.stopped"]
    assert '"seconds":60' in payload()
    assert '"segments":1' in payload()


def test_a_run_that_keeps_nothing_is_entered_as_such_with_what_forbids_to_record(camera: Camera) -> None:
    gate.observe(camera.position, kind=gate.Seen.ERASURE_FAILED, at=AT, by=System.KEEPER, conforms=False)
    run = Run(uuid4(), camera, AT + MINUTE, keeps=False)

    actions.start_run(run, decision=decision(camera, AT + MINUTE))
    started = sentence()
    actions.stop_run(run, reason="restored", at=AT + 2 * MINUTE)

    assert events()[1:] == ["recording.live.started", "recording.live.stopped"]
    reference = camera.mounting.reference
    assert started == (
        f"Direct ouvert sans enregistrement, caméra {reference} : "
        "L’effacement est en échec depuis le 18\u00a0juin\u00a02026."
    )
    assert sentence() == (
        f"Direct sans enregistrement fermé, caméra {reference} : l’enregistrement est de nouveau permis"
    )


def test_the_answer_kept_says_apart_whether_the_camera_records_and_whether_it_may_be_open(camera: Camera) -> None:
    told = []
    for kind in (gate.Seen.ERASURE_RESTORED, gate.Seen.ERASURE_FAILED):
        gate.observe(camera.position, kind=kind, at=AT, by=System.KEEPER)
        actions.note_answer(camera, decision=decision(camera, AT + MINUTE))
        told.append(Health.objects.values_list("allowed", "live").get(camera=camera))

    assert told == [(True, True), (False, True)]


def test_only_a_change_of_the_gate_s_answer_is_journaled(camera: Camera) -> None:
    allowed = decision(camera)
    refused = decision(camera, at=AT - timedelta(days=400))

    told = [actions.note_answer(camera, decision=answer) for answer in (allowed, allowed, refused, refused, allowed)]

    assert told == [True, False, True, False, True]
    assert events() == ["gate.changed"] * 3
    assert Health.objects.get(camera=camera).allowed


def test_a_segment_told_twice_is_one_row(camera: Camera) -> None:
    run, uuid = Run(uuid4(), camera, AT), uuid4()
    actions.open_segment(run, written=written(camera, uuid=uuid))
    actions.open_segment(run, written=written(camera, uuid=uuid))
    actions.close_segment(run, written=written(camera, uuid=uuid, size=10, frames=3, sha256="ab"))

    row = Segment.objects.get()
    assert (row.state, row.size, row.frames, row.run) == (Segment.State.CLOSED, 10, 3, run.run)


def test_a_segment_that_was_never_told_open_is_still_indexed(camera: Camera) -> None:
    actions.close_segment(Run(uuid4(), camera, AT), written=written(camera))

    assert Segment.objects.get().state == Segment.State.CLOSED


def test_what_is_being_erased_does_not_come_back(camera: Camera) -> None:
    run, uuid = Run(uuid4(), camera, AT), uuid4()
    actions.open_segment(run, written=written(camera, uuid=uuid))
    actions.condemn(list(Segment.objects.all()))
    actions.close_segment(run, written=written(camera, uuid=uuid))

    assert Segment.objects.get().state == Segment.State.GARBAGE


def test_a_gap_lasts_until_an_image_and_takes_over_from_another_reason(camera: Camera) -> None:
    actions.open_gap(camera, reason="camera_down", since=AT)
    actions.open_gap(camera, reason="camera_down", since=AT + MINUTE)
    actions.open_gap(camera, reason="no_permit", since=AT + 2 * MINUTE)
    actions.close_gap(camera, at=AT + 3 * MINUTE)

    rows = Gap.objects.order_by("since").values_list("reason", "since", "until")
    assert list(rows) == [
        ("camera_down", AT, AT + 2 * MINUTE),
        ("no_permit", AT + 2 * MINUTE, AT + 3 * MINUTE),
    ]


def test_a_gap_of_no_length_leaves_no_row(camera: Camera) -> None:
    actions.open_gap(camera, reason="camera_down", since=AT)
    actions.open_gap(camera, reason="no_permit", since=AT - MINUTE)

    assert list(Gap.objects.values_list("reason", "since")) == [("no_permit", AT)]


def test_a_loss_is_a_gap_with_both_its_ends(camera: Camera) -> None:
    actions.note_loss(camera, since=AT, until=AT + MINUTE)

    assert Gap.objects.get().reason == "packet_loss"
    assert queries.open_gap(camera.pk) is None


def test_the_time_without_any_recorder_is_named(camera: Camera) -> None:
    actions.resume(camera, at=AT)
    assert queries.open_gap(camera.pk).since == camera.registered_at  # type: ignore[union-attr]

    actions.resume(camera, at=AT + MINUTE)
    assert Gap.objects.count() == 1

    Gap.objects.all().delete()
    actions.close_segment(Run(uuid4(), camera, AT), written=written(camera))
    actions.resume(camera, at=AT + 5 * MINUTE)
    assert Gap.objects.get().since == AT + MINUTE


def test_health_follows_the_stream(camera: Camera) -> None:
    actions.note_stream(camera, figures=Figures("avc1.4d4028", 1280, 720, 15.0), at=AT)
    actions.note_image(camera, at=AT + MINUTE)
    health = Health.objects.get()
    assert (health.streaming, health.width, health.last_image_at) == (True, 1280, AT + MINUTE)

    actions.note_trouble(camera, trouble="stalled", at=AT)
    health.refresh_from_db()
    assert (health.streaming, health.trouble, health.width) == (False, "stalled", 1280)


def test_the_gate_is_told_once_what_the_stream_is_beside_the_norms(camera: Camera) -> None:
    for rate in (15.0, 14.8, 15.2):
        actions.note_stream(camera, figures=Figures("avc1.4d4028", 1280, 720, rate), at=AT)
    assert events() == ["observation.recorded"]
    assert norms(camera) == "met"

    actions.note_stream(camera, figures=Figures("avc1.4d4028", 640, 360, 15.0), at=AT)
    assert norms(camera) == "alert"
    actions.note_stream(camera, figures=Figures("avc1.4d4028", 1280, 720, 6.0), at=AT)
    assert norms(camera) == "alert"
    assert len(events()) == 3


def norms(camera: Camera) -> str:
    return next(f.outcome for f in decision(camera, AT + MINUTE).findings if f.code == "R-53")


def test_sound_is_journaled_and_told_to_the_gate(camera: Camera) -> None:
    actions.note_audio(Run(uuid4(), camera, AT), codec="pcm_alaw", at=AT)

    assert events() == ["recording.audio.dropped", "observation.recorded"]
    finding = next(f for f in decision(camera, AT + MINUTE).findings if f.code == "R-06")
    assert finding.outcome == "alert"


def test_a_heartbeat_is_one_row(camera: Camera) -> None:
    actions.beat("recorder", at=AT, detail={"open": 1})
    actions.beat("recorder", at=AT + MINUTE, detail={"open": 2})

    assert list(Heartbeat.objects.values_list("process", "at", "detail")) == [("recorder", AT + MINUTE, {"open": 2})]


def test_an_erasure_is_one_entry_with_its_span_number_and_size(camera: Camera) -> None:
    run = Run(uuid4(), camera, AT)
    for number in range(3):
        actions.close_segment(run, written=written(camera, since=AT + number * MINUTE, size=100))
    rows = list(Segment.objects.order_by("since"))

    actions.note_erased(rows, reason="terme", at=AT + timedelta(days=31))

    assert not Segment.objects.exists()
    assert events() == ["recording.erased"]
    assert '"bytes":300' in payload()
    assert '"segments":3' in payload()


def test_a_failed_erasure_shuts_the_recording_and_its_restoring_opens_it_again(camera: Camera) -> None:
    actions.close_segment(Run(uuid4(), camera, AT), written=written(camera))
    actions.note_erasure_failed(list(Segment.objects.all()), reason="PermissionError", at=AT)

    assert [f.code for f in decision(camera, AT + MINUTE).blocking] == ["R-47"]
    assert list(queries.positions_failing_to_erase(at=AT + MINUTE)) == [camera.position_id]

    actions.note_erasure_restored(camera.position, at=AT + MINUTE)
    assert decision(camera, AT + 2 * MINUTE).allowed
    assert queries.positions_failing_to_erase(at=AT + 2 * MINUTE) == {}
    assert Observation.objects.count() == 2


def test_readable_segments_of_a_span(camera: Camera) -> None:
    run = Run(uuid4(), camera, AT)
    for number in range(4):
        actions.close_segment(run, written=written(camera, since=AT + number * MINUTE))
    actions.condemn(list(Segment.objects.filter(since=AT + MINUTE)))

    found = queries.segments_between(since=AT + MINUTE, until=AT + 3 * MINUTE)
    assert [row.since for row in found] == [AT + 2 * MINUTE]
    assert queries.keys_in_use() == {"k1"}
    assert queries.health_by_camera() == {}
