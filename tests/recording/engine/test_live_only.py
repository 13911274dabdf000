"""An erasure that fails stops recording and nothing else: live images go on, and what was recorded still goes."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from cameras.models import Camera
from compliance.models import Entry
from recording import queries
from recording.engine.purge import Keeper
from recording.models import Gap, Health, Segment
from tests.databases import FreshDatabase, manage
from tests.recording.engine.stage import (
    Recorder,
    Viewer,
    dossier,
    now,
    prepare_keys,
    register,
    simulator,
    until,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recorder")]


def what_cannot_be_erased(home: Path, camera: Camera) -> Path:
    """Put in the place of a segment whose end has come something that no `unlink` removes; return it."""
    at = now()
    row = Segment.objects.create(
        camera=camera, position=camera.position, run=camera.uuid, path="stuck.seg", codec="", key_id="past",
        since=at - timedelta(days=31), until=at - timedelta(days=31), erase_at=at - timedelta(days=1),
        state=Segment.State.CLOSED,
    )  # fmt: skip
    stuck = queries.recordings_folder(home) / row.path
    stuck.mkdir(parents=True)
    return stuck


def on_disk(home: Path) -> dict[str, int]:
    """Return every recorded file and its size."""
    return {path.name: path.stat().st_size for path in queries.recordings_folder(home).rglob("*.seg") if path.is_file()}


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [code for code in codes if code.startswith("recording.")]


def test_an_erasure_that_fails_stops_recording_and_leaves_live_images_until_it_works_again(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    home = fresh_database.home
    prepare_keys(home)
    keeper = Keeper(home=home)
    with simulator(tmp_path / "clips") as running, Recorder(fresh_database, tmp_path / "log"):
        camera = register(dossier(), running.url("cam1"))
        until(lambda: on_disk(home))
        stuck = what_cannot_be_erased(home, camera)
        keeper.round(at=now())
        until(lambda: "recording.live.started" in events())
        until(lambda: Health.objects.get(camera=camera).streaming)
        kept = on_disk(home)
        viewer = Viewer(home, camera)
        shown = [viewer.next()[0].name for _ in range(20)]
        viewer.line.close()
        time.sleep(1)
        assert on_disk(home) == kept
        assert [Health.objects.get(camera=camera).codes, running.connections("cam1")] == [["R-47"], 1]
        open_gaps = list(Gap.objects.filter(camera=camera, until=None).values_list("reason", "since"))
        stuck.rmdir()
        keeper.round(at=now())
        until(lambda: on_disk(home) != kept)
        until(lambda: not Gap.objects.filter(camera=camera, until=None).exists())

    before, after = Segment.objects.filter(camera=camera).order_by("since")
    assert set(shown) >= {"CODEC", "INIT", "KEY"}
    assert open_gaps == [("no_permit", before.until)]
    assert Gap.objects.get(camera=camera, since=before.until).until == after.since
    assert events() == [
        "recording.run.started",
        "recording.erasure.failed",
        "recording.run.stopped",
        "recording.live.started",
        "recording.erased",
        "recording.live.stopped",
        "recording.run.started",
        "recording.run.stopped",
    ]
    assert manage(fresh_database.env, "check_recordings").returncode == 0
