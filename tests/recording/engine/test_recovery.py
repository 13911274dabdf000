"""What a dead recorder leaves: open rows, cut files, files without a row, runs without an end."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cameras.models import Camera
from compliance import matrix
from compliance.models import Entry
from recording import actions, queries
from recording.actions import Run, Written
from recording.engine import check, segment
from recording.engine.clock import from_us, to_us
from recording.engine.recovery import recover_everything, recover_run
from recording.engine.segment import Image, SegmentHeader, SegmentWriter
from recording.models import Heartbeat, Segment
from tests.databases import FreshDatabase

NOW = datetime.now(UTC)
SINCE_US = to_us(NOW) - 90_000_000
KEY = bytes(32)


@pytest.fixture
def camera(fresh_database: FreshDatabase) -> Camera:
    """A camera on a complete dossier."""
    made = matrix.build(matrix.Plan(), at=NOW)
    return Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=NOW
    )


def left(home: Path, camera: Camera, run: UUID, *, torn: bytes = b"", empty: bool = False) -> tuple[Path, UUID]:
    """Leave a file as a killed ingest does; return its path relative to the recordings and its segment."""
    uuid = uuid4()
    path = Path(str(camera.uuid), f"{from_us(SINCE_US):%Y-%m-%d}", "10", f"0000-{uuid.hex[:8]}.seg")
    file = queries.recordings_folder(home) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    if not empty:
        header = SegmentHeader(
            segment=uuid, camera=camera.uuid, position="VAL-01", start_us=SINCE_US, decision=str(run), key_id="k1",
            erase_us=SINCE_US + 86_400_000_000, codec="avc1.42c00c",
        )  # fmt: skip
        writer = SegmentWriter(descriptor, header, hour_key=KEY, init=b"init")
        writer.append(b"images", [Image(SINCE_US, keyframe=True)], end_us=SINCE_US + 1_000_000)
        os.write(descriptor, torn)
    os.close(descriptor)
    return path, uuid


def told_open(camera: Camera, run: UUID, path: Path, uuid: UUID) -> None:
    since = from_us(SINCE_US)
    written = Written(uuid, path.as_posix(), since, since, since + timedelta(days=1), "k1")
    actions.open_segment(Run(run, camera, since), written=written)


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [c for c in codes if c.startswith("recording.")]


@pytest.mark.parametrize("indexed", [True, False], ids=["told", "never told"])
@pytest.mark.parametrize("torn", [b"", b"CREC" + bytes(40)], ids=["whole", "torn"])
def test_a_file_left_open_is_cut_at_its_last_whole_record_and_indexed(
    camera: Camera, fresh_database: FreshDatabase, torn: bytes, indexed: bool
) -> None:
    run = uuid4()
    path, uuid = left(fresh_database.home, camera, run, torn=torn)
    if indexed:
        told_open(camera, run, path, uuid)

    recover_everything(fresh_database.home, at=NOW)

    row = Segment.objects.get()
    file = queries.recordings_folder(fresh_database.home) / path
    assert (row.uuid, row.run, row.camera, row.path) == (uuid, run, camera, path.as_posix())
    assert (row.state, row.frames, row.until) == ("recovered", 1, from_us(SINCE_US + 1_000_000))
    assert row.erase_at == from_us(SINCE_US + 86_400_000_000)
    assert row.size == file.stat().st_size
    assert segment.verify(file, KEY).records == 1
    assert list(check.faults(fresh_database.home, at=NOW, round_seconds=10)) == []


@pytest.mark.parametrize("indexed", [True, False])
def test_a_file_that_never_held_an_image_goes_with_its_row(
    camera: Camera, fresh_database: FreshDatabase, indexed: bool
) -> None:
    run = uuid4()
    path, uuid = left(fresh_database.home, camera, run, empty=True)
    if indexed:
        told_open(camera, run, path, uuid)

    recover_run(Run(run, camera, NOW), home=fresh_database.home, at=NOW)

    assert not Segment.objects.exists()
    assert not (queries.recordings_folder(fresh_database.home) / path).exists()


def test_a_row_whose_file_was_taken_stays_and_is_told(camera: Camera, fresh_database: FreshDatabase) -> None:
    run = uuid4()
    path, uuid = left(fresh_database.home, camera, run)
    told_open(camera, run, path, uuid)
    (queries.recordings_folder(fresh_database.home) / path).unlink()

    recover_everything(fresh_database.home, at=NOW)

    assert Segment.objects.get().state == Segment.State.OPEN
    assert [f.invariant for f in check.faults(fresh_database.home, at=NOW, round_seconds=10)] == [1]


def test_an_altered_file_is_not_touched(camera: Camera, fresh_database: FreshDatabase) -> None:
    path, _ = left(fresh_database.home, camera, uuid4())
    file = queries.recordings_folder(fresh_database.home) / path
    altered = file.read_bytes().replace(b"CREC", b"XREC", 1)
    file.write_bytes(altered)

    recover_everything(fresh_database.home, at=NOW)

    assert file.read_bytes() == altered
    assert not Segment.objects.exists()


def test_the_file_of_an_unknown_camera_is_left_for_a_human(camera: Camera, fresh_database: FreshDatabase) -> None:
    stranger = Camera(uuid=uuid4(), position=camera.position, mounting=camera.mounting, registered_at=NOW)
    path, _ = left(fresh_database.home, stranger, uuid4())

    recover_everything(fresh_database.home, at=NOW)

    assert (queries.recordings_folder(fresh_database.home) / path).exists()
    assert not Segment.objects.exists()


def test_the_run_of_a_dead_recorder_is_journaled_as_stopped_once(camera: Camera, fresh_database: FreshDatabase) -> None:
    runs = {str(camera.pk): {"run": str(uuid4()), "since": NOW.isoformat()}}
    actions.beat("recorder", at=NOW, detail={"runs": runs, "open": 1})

    recover_everything(fresh_database.home, at=NOW)
    recover_everything(fresh_database.home, at=NOW)

    assert events() == ["recording.run.stopped"]
    assert '"reason":"recorder_down"' in Entry.objects.order_by("seq").last().body.payload  # type: ignore[union-attr]
    assert Heartbeat.objects.get().detail["runs"] == {}
