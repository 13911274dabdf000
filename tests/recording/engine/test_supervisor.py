"""The recorder in a real process, on real RTSP: what the gate says is done in time, whatever cameras do."""

import os
import secrets
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from compliance.actions import order
from compliance.events import System
from compliance.models import Body, Entry
from recording.engine.keys import KeyStore
from recording.engine.segment import Kind, iter_records, verify
from recording.models import Gap, Health, Heartbeat, Segment
from recording.simulator import Credentials
from tests.databases import FreshDatabase, manage
from tests.recording.engine.stage import (
    Recorder,
    Viewer,
    database_stopped,
    dossier,
    gone,
    pictures,
    prepare_keys,
    register,
    simulator,
    until,
    withdraw,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recorder")]
WITHIN = 2.0
SILENCE = 1.5


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the simulated cameras' scenes are drawn, once."""
    return tmp_path_factory.mktemp("clips")


def events() -> list[str]:
    """Return the codes of the engine's entries, in order."""
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [code for code in codes if code.startswith(("recording.", "gate."))]


def test_a_complete_dossier_is_recorded_sealed_and_shown_until_the_order_is_withdrawn(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log"):
        camera = register(made, running.url("cam1"))
        until(lambda: running.connections("cam1") == 1)
        viewer = Viewer(fresh_database.home, camera)
        kinds = [viewer.next()[0].name for _ in range(20)]
        until(lambda: Segment.objects.filter(camera=camera).exists())
        time.sleep(3)
        stopped = gone(running, "cam1", withdraw(made))
        until(lambda: Segment.objects.filter(camera=camera, state=Segment.State.CLOSED).exists())
        until(lambda: Heartbeat.objects.get(pk="recorder").detail["open"] == 0)

    assert kinds[:3] == ["CODEC", "INIT", "KEY"]
    assert set(kinds[3:]) <= {"KEY", "DELTA", "CODEC", "INIT"}
    assert stopped <= WITHIN
    assert events() == ["gate.changed", "recording.run.started", "gate.changed", "recording.run.stopped"]
    segments = list(Segment.objects.filter(camera=camera).order_by("since"))  # two where a slow start met its minute
    for segment in segments:
        path = fresh_database.home / "recordings" / segment.path
        key = KeyStore(fresh_database.home).read_hour_key(segment.key_id)
        assert verify(path, key).frames == segment.frames
        movie = tmp_path / "movie.mp4"
        movie.write_bytes(b"".join(r.payload for r in iter_records(path, key) if r.kind is not Kind.FOOTER))
        assert pictures(movie) == segment.frames
    assert sum(segment.frames for segment in segments) > 30
    health, gap = Health.objects.get(camera=camera), Gap.objects.get(camera=camera, until=None)
    assert (health.allowed, health.codes, health.streaming) == (False, ["R-19"], False)
    assert (gap.reason, gap.since) == ("no_permit", segments[-1].until)
    assert manage(fresh_database.env, "check_recordings", "--json").returncode == 0


def test_a_withdrawn_order_closes_a_camera_within_two_seconds_whatever_it_does(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    faults = {"cam1": "", "cam2": "/stall=1", "cam3": "/hang-describe", "cam4": "/hang-play"}
    prepare_keys(fresh_database.home)
    dossiers = {name: dossier() for name in faults}
    stopped = {}
    with simulator(clips, cameras=4) as running, Recorder(fresh_database, tmp_path / "log") as recorder:
        for name, fault in faults.items():
            register(dossiers[name], running.url(name + fault))
        for name, made in dossiers.items():
            until(lambda name=name: running.connections(name) == 1)
            time.sleep(0.5)
            until(lambda name=name: running.connections(name) == 1)
            stopped[name] = gone(running, name, withdraw(made))
        time.sleep(1)
        assert [running.connections(name) for name in faults] == [0, 0, 0, 0]
        assert recorder.children() == []
        refused = manage(fresh_database.env, "recorder")

    assert max(stopped.values()) <= WITHIN, stopped
    assert (refused.returncode, "tourne déjà" in refused.stderr) == (1, True), "one recorder at a time"


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_recorder_killed_or_frozen_leaves_no_camera_open(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path, blow: signal.Signals
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    options = ("--silence", str(SILENCE))
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log", options=options) as recorder:
        camera = register(made, running.url("cam1"))
        until(lambda: Segment.objects.filter(camera=camera).exists())

        os.kill(recorder.process.pid, blow)
        stopped = gone(running, "cam1", time.monotonic())

    assert stopped <= (WITHIN if blow is signal.SIGKILL else SILENCE + WITHIN)


def test_a_frozen_ingest_is_killed_and_another_one_takes_over(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    options = ("--silence", str(SILENCE))
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log", options=options) as recorder:
        camera = register(made, running.url("cam1"))
        until(lambda: Segment.objects.filter(camera=camera).exists())
        (child,) = recorder.children()

        os.kill(child, signal.SIGSTOP)
        until(lambda: recorder.children() not in ([], [child]), seconds=SILENCE + 6)
        until(lambda: Segment.objects.filter(camera=camera).count() == 2)

    assert "recovered" in Segment.objects.filter(camera=camera).values_list("state", flat=True)
    assert Gap.objects.filter(camera=camera, reason="recorder_down", until__isnull=False).exists()


def test_without_its_database_a_recording_runs_to_the_end_of_its_lease_and_not_beyond(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    lease = 6.0
    prepare_keys(fresh_database.home)
    made = dossier()
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log", lease=lease):
        camera = register(made, running.url("cam1"))
        until(lambda: Segment.objects.filter(camera=camera).exists())
        time.sleep(lease + 1)
        assert running.connections("cam1") == 1
        with database_stopped(fresh_database):
            stopped = gone(running, "cam1", time.monotonic(), seconds=lease + WITHIN)
            time.sleep(1)
            assert running.connections("cam1") == 0
        until(lambda: running.connections("cam1") == 1, seconds=20)

    # Leases are renewed each third of their length: the last one was given that long ago at most.
    assert lease * 2 / 3 - 1 <= stopped <= lease + 0.5
    assert "recording.run.stopped" in events()


def test_a_new_recorder_finishes_what_a_killed_one_left(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    with simulator(clips) as running:
        with Recorder(fresh_database, tmp_path / "first") as recorder:
            camera = register(made, running.url("cam1"))
            until(lambda: Segment.objects.filter(camera=camera).exists())
            time.sleep(2)
            os.kill(recorder.process.pid, signal.SIGKILL)
            recorder.process.wait()
        with Recorder(fresh_database, tmp_path / "second"):
            until(lambda: Segment.objects.filter(camera=camera).count() == 2)

    first, second = Segment.objects.filter(camera=camera).order_by("since")
    assert (first.state, second.state) == (Segment.State.RECOVERED, Segment.State.CLOSED)
    assert first.frames > 0
    assert events()[-3:] == ["recording.run.stopped", "recording.run.started", "recording.run.stopped"]
    assert manage(fresh_database.env, "check_recordings").returncode == 0


def test_the_sound_of_a_stream_is_told_and_never_kept(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log"):
        camera = register(made, running.url("cam1/sound"))
        until(lambda: Segment.objects.filter(camera=camera).exists())
        until(lambda: "recording.audio.dropped" in events())
        time.sleep(2)

    segment = Segment.objects.filter(camera=camera).earliest("since")
    key = KeyStore(fresh_database.home).read_hour_key(segment.key_id)
    records = list(iter_records(fresh_database.home / "recordings" / segment.path, key))
    assert events().count("recording.audio.dropped") == 1
    assert records[0].payload.count(b"trak") == 1
    assert b"soun" not in records[0].payload
    movie = tmp_path / "movie.mp4"
    movie.write_bytes(b"".join(r.payload for r in records if r.kind is not Kind.FOOTER))
    assert pictures(movie) == segment.frames


def test_a_camera_s_password_is_nowhere(fresh_database: FreshDatabase, tmp_path: Path, clips: Path) -> None:
    planted = secrets.token_hex(12)
    prepare_keys(fresh_database.home)
    good, bad, dead = dossier(), dossier(), dossier()
    with simulator(clips, credentials=Credentials("cam", planted)) as running:
        with Recorder(fresh_database, tmp_path / "log") as recorder:
            address = running.url("cam1/digest").replace("rtsp://", f"rtsp://cam:{planted}@")
            camera = register(good, address)
            register(bad, address.replace(f":{planted}@", f":{planted}x@"))
            register(dead, f"rtsp://cam:{planted}@127.0.0.1:1/absent")
            until(lambda: Segment.objects.filter(camera=camera).exists())
            until(lambda: set(Health.objects.values_list("trouble", flat=True)) == {"", "auth", "camera_down"})
            processes = [recorder.process.pid, *recorder.children()]
            told = b"".join(
                Path(f"/proc/{pid}/{name}").read_bytes() for pid in processes for name in ("cmdline", "environ")
            )
            assert len(processes) == 4
        told += recorder.log_path.read_bytes()
    connections.close_all()
    files = [path for path in fresh_database.home.rglob("*") if path.is_file()]

    assert planted.encode() not in told
    assert [path.name for path in files if planted.encode() in path.read_bytes()] == []
    assert "auth" in recorder.log_path.read_text()
    if connection.vendor == "postgresql":
        assert planted not in "".join(Body.objects.values_list("payload", flat=True))


def test_an_order_that_ends_closes_the_camera_at_that_very_instant(
    fresh_database: FreshDatabase, tmp_path: Path, clips: Path
) -> None:
    prepare_keys(fresh_database.home)
    made = dossier()
    with simulator(clips) as running, Recorder(fresh_database, tmp_path / "log"):
        register(made, running.url("cam1"))
        until(lambda: running.connections("cam1") == 1)
        ends = datetime.now(UTC) + timedelta(seconds=4)
        order.suspend(made.order, since=ends, reference="mesure", at=datetime.now(UTC), by=System.CONSOLE)
        until(lambda: running.connections("cam1") == 0)
        late = (datetime.now(UTC) - ends).total_seconds()
        until(lambda: "recording.run.stopped" in events())

    assert -0.1 <= late <= 0.5
