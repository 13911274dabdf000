"""The simulated cameras on real RTSP: what a client sees, each fault, the control path, no trace left."""

import hashlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import av.error
import pytest
from django.conf import settings

from recording.barcode import read
from recording.faults import Address, Credentials
from recording.packets import SOUND_RATE, sound_between
from recording.simulator import Recipe, Simulator

FPS = 15
LOOP = 2 * FPS
RECIPE = Recipe(seconds=2, fps=FPS, width=320, height=180)
SEI = 6
USER, PASSWORD = "simulator", "Vanne-Tuile-41"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("clips")
    with Simulator(folder, cameras=2, recipe=RECIPE, credentials=Credentials(USER, PASSWORD)) as running:
        yield running


def frames(url: str, *, count: int) -> list[tuple[int | None, tuple[int, int]]]:
    """What an ordinary client decodes: the number of each frame and its size."""
    seen: list[tuple[int | None, tuple[int, int]]] = []
    # Two figures: opening, then reading. Nothing here waits for long.
    with av.open(url, options={"rtsp_transport": "tcp", "analyzeduration": "300000"}, timeout=(4, 2)) as container:
        for frame in container.decode(video=0):
            seen.append((read(frame.to_image()), (frame.width, frame.height)))  # type: ignore[no-untyped-call]
            if len(seen) == count:
                break
    return seen


def numbers(url: str, *, count: int) -> list[int | None]:
    return [number for number, _ in frames(url, count=count)]


def follow_on(seen: list[int | None], *, loop: int = LOOP) -> bool:
    return all(a is not None and b == (a + 1) % loop for a, b in pairwise(seen))


def until(true: Callable[[], bool], *, within: float = 3.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return true()


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


class Client:
    """A client that speaks RTSP line by line, to see what the libraries hide."""

    def __init__(self, url: str) -> None:
        self.url = url
        host, port = url.split("/")[2].split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=3)
        self.number, self.heard_at = 0, 0.0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, method: str, *headers: str, track: int | None = None) -> None:
        self.number += 1
        target = self.url if track is None else f"{self.url}/trackID={track}"
        self.socket.sendall(
            "\r\n".join(
                [f"{method} {target} RTSP/1.0", f"CSeq: {self.number}", *filter(None, headers), "", ""]
            ).encode()
        )

    def hear(self) -> tuple[int, str]:
        """The status and the text of the next answer, interleaved packets left aside."""
        while (first := self.exactly(1)) == b"$":
            self.exactly(int.from_bytes(self.exactly(3)[1:], "big"))
        text = first
        while b"\r\n\r\n" not in text:
            text += self.exactly(1)
        length = re.search(rb"Content-Length: (\d+)", text)
        body = self.exactly(int(length[1])) if length else b""
        return int(text.split()[1]), (text + body).decode()

    def packet(self) -> tuple[int, bytes]:
        """The channel and the content of the next interleaved packet."""
        head = self.exactly(4)
        assert head[:1] == b"$"
        content = self.exactly(int.from_bytes(head[2:], "big"))
        self.heard_at = time.monotonic()
        return head[1], content

    def drain(self) -> None:
        """Take packets until the camera says no more: `TimeoutError`, or an error if it closes."""
        while True:
            self.packet()

    def exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            more = self.socket.recv(length - len(content))
            if not more:
                raise EOFError
            content += more
        return content

    def ask(self, method: str, *headers: str, track: int | None = None) -> tuple[int, str]:
        self.say(method, *headers, track=track)
        return self.hear()

    def play(self, *tracks: int) -> str:
        """Set the tracks up, play, return the answer to PLAY."""
        session = ""
        for track in tracks or (1,):
            channels = f"{2 * track - 2}-{2 * track - 1}"
            _, text = self.ask("SETUP", f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}", session, track=track)
            session = "Session: " + found(r"Session: (\w+)", text)
        status, text = self.ask("PLAY", session)
        assert status == 200
        return text


def told(simulator: Simulator, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=3)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, content


# --- an ordinary camera
def test_frames_follow_one_another_from_a_keyframe_and_over_the_loop(simulator: Simulator) -> None:
    seen = numbers(simulator.url("cam1"), count=LOOP + 5)

    assert seen[0] in (0, FPS)
    assert follow_on(seen)


def test_two_clients_of_one_camera_both_see_every_frame(simulator: Simulator) -> None:
    seen: dict[int, list[int | None]] = {}

    def look(client: int) -> None:
        seen[client] = numbers(simulator.url("cam1"), count=FPS * 2)

    clients = [threading.Thread(target=look, args=(client,)) for client in (0, 1)]
    for client in clients:
        client.start()
    both = until(lambda: simulator.connections("cam1") == 2)
    for client in clients:
        client.join()

    assert both
    assert len(seen) == 2
    assert all(follow_on(one) for one in seen.values())


def test_a_frame_leaves_at_the_instant_its_clock_says(simulator: Simulator) -> None:
    clock = simulator.clock("cam2")
    with Client(simulator.url("cam2")) as client:
        first = int(found(r"rtptime=(\d+)", client.play()))
        lates: list[float] = []
        number = None
        while len(lates) < 10:
            channel, content = client.packet()
            arrived = time.time()
            if channel == 0 and content[1] & 0x80:
                ticks = (int.from_bytes(content[4:8], "big") - first) % 2**32
                if number is None:
                    # The first frame announced is a keyframe: the last whole second of the camera's clock.
                    elapsed = arrived - clock["t0_wall"] - clock["phase"]
                    number = int(elapsed + 0.01) * FPS
                sent = clock["t0_wall"] + clock["phase"] + (number + ticks * FPS / 90_000) / FPS
                lates.append(arrived - sent)

    assert min(lates) >= -0.01
    assert sorted(lates)[len(lates) // 2] < 0.15


def test_a_sender_report_gives_the_wall_clock_of_the_first_frame(simulator: Simulator) -> None:
    with Client(simulator.url("cam1")) as client:
        client.play()
        channel, report = client.packet()

    wall = int.from_bytes(report[8:12], "big") - 2_208_988_800
    assert (channel, report[1]) == (1, 200)
    assert abs(wall - time.time()) < 3


def test_the_first_packets_are_the_parameter_sets_then_a_keyframe(simulator: Simulator) -> None:
    with Client(simulator.url("cam1")) as client:
        client.play()
        read = [content[12] & 0x1F for channel, content in (client.packet() for _ in range(6)) if channel == 0]
    kinds = [kind for kind in read if kind != SEI]  # the loop's first picture carries the encoder's note

    assert kinds[:2] == [7, 8]
    assert kinds[2] in (5, 28)


def test_a_keep_alive_is_answered_and_a_teardown_stops_the_stream(simulator: Simulator) -> None:
    with Client(simulator.url("cam1")) as client:
        assert client.ask("OPTIONS")[0] == 200
        client.play()

        assert client.ask("GET_PARAMETER")[0] == 200
        assert client.ask("SET_PARAMETER", "Content-Length: 0")[0] == 200
        assert client.ask("TEARDOWN")[0] == 200
        client.socket.settimeout(0.4)
        with pytest.raises(TimeoutError):
            client.packet()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("DESCRIBE", "cam9", (), 404),
        ("DESCRIBE", "cam1/fantasy", (), 404),
        ("DESCRIBE", "cam1/stall=soon", (), 404),
        ("SETUP", "cam1", ("Transport: RTP/AVP;unicast;client_port=5000-5001",), 461),
        ("PLAY", "cam1", (), 455),
        ("ANNOUNCE", "cam1", (), 405),
    ],
)
def test_what_a_camera_cannot_do_is_refused(
    simulator: Simulator, method: str, path: str, headers: tuple[str, ...], status: int
) -> None:
    with Client(simulator.url(path)) as client:
        assert client.ask(method, *headers)[0] == status


def test_a_client_that_speaks_no_rtsp_is_cut_off(simulator: Simulator) -> None:
    with Client(simulator.url("cam1")) as client:
        client.socket.sendall(b"bonjour\r\n\r\n")

        with pytest.raises((EOFError, ConnectionResetError)):
            client.exactly(1)


def test_a_client_that_does_not_read_is_disconnected_and_the_other_goes_on(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recording.simulator_cameras.MOST_WAITING", 10_000)
    monkeypatch.setattr("recording.simulator_rtsp.SEND_BUFFER", 4096)
    with Client(simulator.url("cam2/burst=1")) as lazy:
        lazy.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.play()

        with Client(simulator.url("cam2")) as busy:
            busy.play()
            while simulator.connections("cam2/burst=1"):
                busy.packet()

            assert simulator.connections("cam2") == 1
            assert busy.packet()[1]


# --- the faults
def test_a_camera_may_never_answer_describe(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/hang-describe")) as client:
        assert client.ask("OPTIONS")[0] == 200
        client.say("DESCRIBE")
        client.socket.settimeout(0.5)

        with pytest.raises(TimeoutError):
            client.hear()
        assert simulator.connections("cam1/hang-describe") == 1


def test_a_camera_may_never_answer_play(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/hang-play")) as client:
        assert client.ask("DESCRIBE")[0] == 200
        assert client.ask("SETUP", "Transport: RTP/AVP/TCP;interleaved=0-1", track=1)[0] == 200
        client.say("PLAY")
        client.socket.settimeout(0.5)

        with pytest.raises(TimeoutError):
            client.hear()
        assert simulator.connections("cam1") == 1


def test_a_camera_may_fall_silent_with_its_connection_open(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/stall=1.2")) as client:
        client.play()
        started = time.monotonic()
        client.socket.settimeout(1.3)
        with pytest.raises(TimeoutError):
            client.drain()
        client.say("OPTIONS")
        with pytest.raises(TimeoutError):
            client.hear()

        assert client.heard_at - started < 1.4
        assert simulator.connections("cam1/stall=1.2") == 1


def test_a_camera_may_close_the_connection(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/drop=1.2")) as client:
        client.play()
        started = time.monotonic()

        with pytest.raises((EOFError, ConnectionResetError)):
            client.drain()

    assert 1.0 < time.monotonic() - started < 2.0
    assert until(lambda: simulator.connections("cam1") == 0)
    assert simulator.closed()[-1]["path"] == "cam1/drop=1.2"
    assert simulator.closed()[-1]["by"] == "camera"


def test_a_camera_may_send_by_bursts_without_losing_a_frame(simulator: Simulator) -> None:
    arrivals: list[float] = []
    with Client(simulator.url("cam1/burst=1")) as client:
        client.play()
        while len(arrivals) < 2 * FPS:
            channel, content = client.packet()
            if channel == 0 and content[1] & 0x80:
                arrivals.append(time.monotonic())

    silences = [b - a for a, b in pairwise(arrivals) if b - a > 0.5]
    assert len(silences) == 1
    assert follow_on(numbers(simulator.url("cam1/burst=1"), count=FPS + 5))


def test_a_camera_may_change_its_picture_size_on_the_way(simulator: Simulator) -> None:
    seen = frames(simulator.url("cam1/resize=1"), count=2 * FPS + 5)

    sizes = [size for _, size in seen]
    assert sizes[:FPS] == [(320, 180)] * FPS
    assert set(sizes[FPS:]) == {(160, 90)}
    assert follow_on([number for number, _ in seen])


def test_a_camera_may_speak_h265(simulator: Simulator) -> None:
    with Client(simulator.url("cam2/h265")) as client:
        assert "H265/90000" in client.ask("DESCRIBE")[1]

    assert follow_on(numbers(simulator.url("cam2/h265"), count=FPS + 5))


def test_a_camera_may_have_sound(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/sound")) as client:
        assert "m=audio 0 RTP/AVP 8" in client.ask("DESCRIBE")[1]
        client.play(1, 2)
        sound = [content for channel, content in (client.packet() for _ in range(60)) if channel == 2]

    assert sound
    assert all(content[1] & 0x7F == 8 and set(content[12:]) != {0xD5} for content in sound)
    with Client(simulator.url("cam1")) as client:
        assert "m=audio" not in client.ask("DESCRIBE")[1]
        assert client.ask("SETUP", "Transport: RTP/AVP/TCP;interleaved=2-3", track=2)[0] == 404


def test_the_sound_is_a_440_hz_tone_to_a_decoder() -> None:
    decoder = av.CodecContext.create("pcm_alaw", "r")
    decoder.sample_rate, decoder.layout = SOUND_RATE, "mono"  # type: ignore[attr-defined]

    samples = b"".join(bytes(f.planes[0]) for f in decoder.decode(av.Packet(sound_between(0, SOUND_RATE))))  # type: ignore[attr-defined]
    levels = [int.from_bytes(samples[i : i + 2], sys.byteorder, signed=True) for i in range(0, len(samples), 2)]

    assert sum(a < 0 <= b for a, b in pairwise(levels)) in (439, 440)
    assert 5500 < max(levels) < 6500


# --- authentication
def digest(method: str, url: str, challenge: str, *, password: str) -> str:
    nonce = found(r'nonce="(\w+)"', challenge)

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    answer = md5(f"{md5(f'{USER}:camera:{password}')}:{nonce}:{md5(f'{method}:{url}')}")
    return f'Authorization: Digest username="{USER}", realm="camera", nonce="{nonce}", uri="{url}", response="{answer}"'


def test_digest_authentication_opens_the_camera(simulator: Simulator) -> None:
    url = simulator.url("cam1/digest").replace("rtsp://", f"rtsp://{USER}:{PASSWORD}@")

    assert follow_on(numbers(url, count=5))


@pytest.mark.parametrize(("user", "password"), [(USER, "faux"), ("autre", PASSWORD)])
def test_a_wrong_user_or_password_is_refused(simulator: Simulator, user: str, password: str) -> None:
    with pytest.raises(av.error.HTTPUnauthorizedError):
        numbers(simulator.url("cam1/digest").replace("rtsp://", f"rtsp://{user}:{password}@"), count=1)


def test_basic_authentication_is_refused_even_with_the_right_password(simulator: Simulator) -> None:
    with Client(simulator.url("cam1/digest")) as client:
        status, text = client.ask("DESCRIBE", "Authorization: Basic c2ltdWxhdG9yOlZhbm5lLVR1aWxlLTQx")

    assert status == 401
    assert "WWW-Authenticate: Digest" in text


def test_the_nonce_of_another_connection_is_refused(simulator: Simulator) -> None:
    url = simulator.url("cam1/digest")
    with Client(url) as client, Client(url) as other:
        challenge, others = client.ask("DESCRIBE")[1], other.ask("DESCRIBE")[1]

        assert client.ask("DESCRIBE", digest("DESCRIBE", url, challenge, password=PASSWORD))[0] == 200
        assert client.ask("DESCRIBE", digest("DESCRIBE", url, others, password=PASSWORD))[0] == 401


def test_credentials_never_show_themselves() -> None:
    assert PASSWORD not in repr(Credentials.read(f"{USER}\n{PASSWORD}\n"))
    with pytest.raises(ValueError, match="deux lignes") as refused:
        Credentials.read(PASSWORD)
    assert PASSWORD not in str(refused.value)


def test_faults_may_be_combined_in_an_address() -> None:
    assert Address.of("/cam2/digest/stall=2.5") == Address("cam2", digest=True, stall=2.5)
    assert Address.of("cam2/drop") == Address("cam2", drop=3.0)


# --- the control path
def test_the_clock_is_told_over_http(simulator: Simulator) -> None:
    status, clock = told(simulator, "/clock?camera=cam2")

    assert status == 200
    assert clock.keys() == {"t0_wall", "phase", "fps", "loop_frames", "now"}
    assert (clock["fps"], clock["loop_frames"], clock["phase"]) == (FPS, LOOP, 0.5)
    assert clock["t0_wall"] < clock["now"] <= time.time()
    assert set(told(simulator, "/clock")[1]) == {"cam1", "cam2"}
    assert told(simulator, "/clock?camera=cam9")[0] == told(simulator, "/secret")[0] == 404


def test_open_connections_are_counted_by_address_until_they_close(simulator: Simulator) -> None:
    with Client(simulator.url("cam1")) as one, Client(simulator.url("cam1/stall=9")) as two:
        one.ask("OPTIONS")
        two.ask("OPTIONS")

        assert told(simulator, "/connections") == (200, {"cam1": 1, "cam1/stall=9": 1})
        assert (simulator.connections("cam1"), simulator.connections("cam1/stall=9")) == (2, 1)

    before = time.time()
    assert until(lambda: simulator.connections("cam1") == 0)
    ended = told(simulator, "/closed")[1][-1]
    assert ended["path"] in ("cam1", "cam1/stall=9")
    assert before - 1 < ended["closed"] <= time.time()
    assert ended["by"] == "client"


# --- life and death
def test_a_stopped_simulator_leaves_no_thread_and_no_connection(simulator: Simulator, tmp_path: Path) -> None:
    known = set(threading.enumerate())
    short = Recipe(seconds=1, fps=5, width=320, height=180)

    with Simulator(tmp_path, cameras=1, recipe=short) as passing:
        client = Client(passing.url("cam1"))
        client.play()
        port = passing.port

    with client, pytest.raises((EOFError, ConnectionResetError)):
        client.drain()
    assert set(threading.enumerate()) == known
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_simulator_that_cannot_listen_says_so_to_its_caller(simulator: Simulator, tmp_path: Path) -> None:
    short = Recipe(seconds=1, fps=5, width=320, height=180)

    with pytest.raises(OSError, match="address already in use"):
        Simulator(tmp_path, cameras=1, recipe=short, port=simulator.port).start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_plays_without_django_and_stops_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "recording.simulator", "--port", "0", "--folder", str(tmp_path), "--cameras", "1"]
    command += ["--seconds", "1", "--fps", "5", "--width", "320", "--credentials", "-"]
    # A measure of coverage would speak on the process's error output when it is stopped.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=plain, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{USER}\n{PASSWORD}\n")
        process.stdin.close()
        process.stdin = None
        lines: list[str] = []
        while not lines or "prêtes" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        port = int(found(r":(\d+)/cam1", lines[-1]))
        url = f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}/cam1/digest"
        arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes()

        seen = numbers(url, count=3)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=5)

    assert follow_on(seen, loop=5)
    assert PASSWORD.encode() not in arguments
    assert process.returncode == 0
    assert "arrêtées" in rest
    assert errors == ""


def test_a_camera_not_yet_drawn_says_so_and_a_signal_leaves_no_process_and_no_half_clip(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "recording.simulator", "--port", str(port), "--folder", str(tmp_path)]
    command += ["--cameras", "2"]
    command += ["--seconds", "900", "--width", "320"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert until(lambda: len(list(tmp_path.glob(".*.part"))) == 2, within=20)
        with Client(f"rtsp://127.0.0.1:{port}/cam1") as early:
            assert early.ask("DESCRIBE")[0] == 503
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)

    def group_is_gone() -> bool:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    assert until(group_is_gone)
    assert list(tmp_path.iterdir()) == []


def test_the_simulator_imports_no_django() -> None:
    script = "import sys, recording.simulator; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR, check=False).returncode == 0
