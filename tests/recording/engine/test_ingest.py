"""The ingest process: no lease, no connection; a lease that ends, a recorder that goes, a camera that misbehaves."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recording.engine.child import ROOT, environment
from recording.engine.ingest import protocol
from recording.engine.ingest.protocol import Config, Lease, decode_config, decode_lease, decode_report, encode
from recording.engine.segment import verify
from recording.simulator import Credentials, Simulator
from tests.recording.engine.ingest_process import KEY, Ingest, lease
from tests.recording.engine.stage import gone, simulator, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recorder")]
PASSWORD = secrets.token_hex(12)
SOON = 0.5


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One simulated camera for all these tests."""
    with simulator(tmp_path_factory.mktemp("clips"), credentials=Credentials("cam", PASSWORD)) as cameras:
        yield cameras


def test_an_ingest_knows_no_django() -> None:
    asked = "import recording.engine.ingest.__main__, sys; print([m for m in sys.modules if m.startswith('django')])"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment(), capture_output=True, text=True)

    assert answer.stdout.strip() == "[]"


def test_without_a_lease_in_hand_nothing_is_opened(running: Simulator, tmp_path: Path) -> None:
    closed = len(running.closed())

    with Ingest(running.url("cam1"), tmp_path, given=lease(seconds=-1)) as ingest:
        ingest.ended()

    assert ingest.wait_for(protocol.BYE).reason == "lease"
    assert len(running.closed()) == closed
    assert running.connections("cam1") == 0


def test_another_parent_than_its_recorder_opens_nothing(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path, parent=1) as ingest:
        ingest.ended()

    assert ingest.said == []
    assert running.connections("cam1") == 0


@pytest.mark.parametrize("fault", ["", "/stall=1", "/hang-describe"])
@pytest.mark.parametrize("clock", ["seconds", "wall_seconds"])
def test_a_lease_that_nobody_renews_ends_on_the_second(
    running: Simulator, tmp_path: Path, fault: str, clock: str
) -> None:
    given = lease(**{clock: 3.0})
    due = time.monotonic() + 3.0
    with Ingest(running.url(f"cam1{fault}"), tmp_path, given=given, stall=30.0) as ingest:
        until(lambda: running.connections("cam1") == 1, seconds=2.5)
        late = gone(running, "cam1", due)
        ingest.ended()

    assert -0.05 <= late <= SOON


def test_an_order_to_stop_closes_the_segment_whole(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path) as ingest:
        opened = ingest.wait_for(protocol.OPENED)
        time.sleep(2)
        given = time.monotonic()
        ingest.tell(lease(stop=True))
        stopped = gone(running, "cam1", given)
        ingest.ended()
        closed = ingest.wait_for(protocol.CLOSED)

    assert stopped <= SOON
    assert ingest.wait_for(protocol.BYE).reason == "stop"
    assert closed.segment["uuid"] == opened.segment["uuid"]
    checked = verify(tmp_path / "recordings" / closed.segment["path"], KEY)
    assert checked.complete
    assert checked.sha256 == closed.segment["sha256"]
    assert checked.header.erase_us <= checked.header.start_us + 30 * 86_400_000_000


def test_a_recorder_that_is_gone_closes_the_camera(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path, beats=False) as ingest:
        ingest.wait_for(protocol.OPENED)
        assert ingest.process.stdin is not None
        ingest.process.stdin.close()
        stopped = gone(running, "cam1", time.monotonic())
        ingest.ended()

    assert stopped <= SOON
    assert ingest.wait_for(protocol.BYE).reason == "orphan"


def test_a_recorder_that_is_silent_closes_the_camera(running: Simulator, tmp_path: Path) -> None:
    started = time.monotonic()
    with Ingest(running.url("cam1"), tmp_path, beats=False, silence=1.5) as ingest:
        until(lambda: running.connections("cam1") == 1)
        lived = gone(running, "cam1", started)
        ingest.ended()

    assert 1.5 <= lived <= 1.5 + 2 * SOON + 1
    assert ingest.wait_for(protocol.BYE).reason == "silence"


def test_an_unreadable_line_closes_the_camera(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path) as ingest:
        ingest.wait_for(protocol.OPENED)
        assert ingest.process.stdin is not None
        ingest.process.stdin.write(b"{}\n")
        ingest.process.stdin.flush()
        ingest.ended()

    assert ingest.wait_for(protocol.BYE).reason == "unreadable"


def test_the_terminal_s_signals_do_not_cut_what_the_recorder_will_close(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path) as ingest:
        ingest.wait_for(protocol.OPENED)
        os.kill(ingest.process.pid, signal.SIGINT)
        os.kill(ingest.process.pid, signal.SIGTERM)
        time.sleep(0.5)

        assert ingest.process.poll() is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("cam1/stall=1", "stalled"),
        ("cam1/drop=1", "camera_down"),
        ("absent", "camera_down"),
        ("cam1/hang-describe", "camera_down"),
    ],
)
def test_what_befalls_a_camera_is_named_and_tried_again(
    running: Simulator, tmp_path: Path, fault: str, reason: str
) -> None:
    with Ingest(running.url(fault), tmp_path) as ingest:
        gap = ingest.wait_for(protocol.GAP)
        if fault in ("cam1/stall=1", "cam1/drop=1"):
            ingest.wait_for(protocol.OPENED, count=2, seconds=20)
            closed = ingest.wait_for(protocol.CLOSED)
            assert closed.segment["state"] == "closed"

    assert gap.reason == reason
    assert ingest.process.poll() is not None


def test_a_refused_password_is_named_and_told_nowhere(running: Simulator, tmp_path: Path) -> None:
    planted = secrets.token_hex(12)
    address = running.url("cam1/digest").replace("rtsp://", f"rtsp://cam:{planted}@")
    with Ingest(address, tmp_path) as ingest:
        gap = ingest.wait_for(protocol.GAP)
        folder = Path(f"/proc/{ingest.process.pid}")
        told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    assert ingest.process.stderr is not None
    told += ingest.process.stderr.read() + b"".join(encode(report) for report in ingest.said)

    assert gap.reason == "auth"
    assert gap.error
    assert planted.encode() not in told
    assert all(planted.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_digest_authentication_opens_the_camera(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1/digest").replace("rtsp://", f"rtsp://cam:{PASSWORD}@"), tmp_path) as ingest:
        ingest.wait_for(protocol.OPENED)


def test_a_new_resolution_opens_a_new_segment(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1/resize=1"), tmp_path) as ingest:
        ingest.wait_for(protocol.OPENED, count=2)


def test_the_camera_s_own_clock_is_told_beside_this_machine_s(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path) as ingest:
        ahead_us = ingest.wait_for(protocol.CLOCK).number

    assert abs(ahead_us) < 2_000_000


def test_a_run_that_keeps_nothing_is_shown_and_leaves_no_file(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1"), tmp_path, given=lease(keys=()), keeps=False) as ingest:
        ingest.wait_for(protocol.CONNECTED)
        until(lambda: any(report.at_us for report in ingest.said if report.kind == protocol.ALIVE))

    assert protocol.OPENED not in {report.kind for report in ingest.said}
    assert list(tmp_path.rglob("*.seg")) == []


def test_h265_is_recorded(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1/h265"), tmp_path) as ingest:
        assert ingest.wait_for(protocol.CONNECTED).codec.startswith("hvc1.")
        ingest.wait_for(protocol.OPENED)


def test_sound_is_told_once(running: Simulator, tmp_path: Path) -> None:
    with Ingest(running.url("cam1/sound/drop=1"), tmp_path) as ingest:
        ingest.wait_for(protocol.OPENED, count=2, seconds=20)

    assert [report.codec for report in ingest.said if report.kind == protocol.AUDIO] == ["pcm_alaw"]


def test_what_is_said_reads_back_and_never_shows_the_secrets() -> None:
    given = lease()
    config = Config("rtsp://a:secret@b/c", "c", "VAL-01", "r", "h", 1, given)

    assert decode_config(encode(config)) == config
    assert decode_lease(encode(given)) == given
    report = protocol.Report(protocol.GAP, at_us=1, reason="stalled")
    assert decode_report(encode(report)) == report
    assert "secret" not in repr(config)
    assert repr(KEY) not in repr(given)
    assert isinstance(config.lease, Lease)
