"""An hour of a camera, of clock and not of calculation: `./run proof real_hour [--minutes 61]`.

A real recorder and a real keeper film a simulated camera that also sends sound. Afterwards every segment is decrypted
and decoded, and the bar code of each image is read: which images were kept, in order, and which are missing. No clear
byte of the film may lie on the disk, an altered byte is refused, no sound is in any film.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.recorded_hour import altered
from bench.stop_times import open_camera, prepare
from proofs import BASE, commit, write

# 640 × 360 leaves the bar code readable and the machine to others; the loop is shorter than the code's capacity.
SECONDS, FPS, WIDTH, HEIGHT = 120, 15, 640, 360


def main() -> int:
    """Record, stop, read back; return 1 when anything is missing, readable without its key, or audible."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=61.0)
    minutes = options.parse_args().minutes
    measured = commit()
    with tempfile.TemporaryDirectory(prefix="claire-voie-hour-") as folder:
        home = prepare(Path(folder))
        span = record(home, minutes=minutes)
        figures = read_back(home)
    write("real_hour", {"commit": measured, "minutes_asked": minutes, **span, **figures})
    missed = figures["jumps"] or figures["faults"] or figures["images_decoded"] != figures["images_recorded"]
    leaked = figures["audio_tracks"] or figures["clear_bytes_found_in_files"]
    vacuous = not figures["sound_seen_and_dropped"] or not figures["altered_byte_refused"]
    return int(bool(missed or leaked or vacuous))


def record(home: Path, *, minutes: float) -> dict[str, Any]:
    """Film for so long, then stop the recorder; return the wall clock's span."""
    from recording.simulator import Recipe, Simulator

    recipe = Recipe(seconds=SECONDS, fps=FPS, width=WIDTH, height=HEIGHT)
    with Simulator(home / "clips", cameras=1, recipe=recipe) as simulator, process("keeper"), process("recorder"):
        began = datetime.now(UTC)
        open_camera(f"{simulator.url('cam1')}/sound", lambda: simulator.connections("cam1"))
        deadline = time.monotonic() + minutes * 60
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, 60))
            print(f"{max(0, left / 60):.0f} min", file=sys.stderr, flush=True)
        ended = datetime.now(UTC)
    return {"began": began.isoformat(timespec="seconds"), "ended": ended.isoformat(timespec="seconds")}


@contextlib.contextmanager
def process(name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of the product's processes for the time of a block, and let it end as a service manager would."""
    started = subprocess.Popen(
        [sys.executable, "manage.py", name], cwd=BASE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield started
    finally:
        started.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def read_back(home: Path) -> dict[str, Any]:
    """Decrypt and decode everything that was kept, and count."""
    from compliance.law.terms import Seen
    from compliance.models import Observation
    from recording import queries
    from recording.engine.check import faults
    from recording.engine.keys import KeyStore
    from recording.engine.segment import Kind, iter_records, read_header
    from recording.models import Gap, Segment

    keys, folder = KeyStore(home), queries.recordings_folder(home)
    rows = list(Segment.objects.order_by("since"))
    numbers: list[int] = []
    found: Counter[str] = Counter()
    leaks = 0
    reader, before = Reader(numbers, found), None
    for row in rows:
        records = list(iter_records(folder / row.path, keys.read_hour_key(row.key_id)))
        on_disk = (folder / row.path).read_bytes()
        leaks += sum(r.payload[len(r.payload) // 2 :][:32] in on_disk for r in records if len(r.payload) > 64)
        continues = read_header(folder / row.path).continues
        film = b"".join(r.payload for r in records if r.kind is not Kind.FOOTER)
        reader.read(film, joined=continues is not None and continues == before)
        before = row.uuid
    reader.end()
    jumps = [(a, b) for a, b in pairwise(numbers) if b != (a + 1) % (SECONDS * FPS)]
    return {
        "segments": len(rows),
        "segments_joined_to_the_hour_before": found["joined"],
        "hour_keys": len({row.key_id for row in rows}),
        "seconds_covered": round(sum((row.until - row.since).total_seconds() for row in rows), 1),
        "images_recorded": sum(row.frames for row in rows),
        "images_decoded": found["images"],
        "images_read_by_their_bar_code": len(numbers),
        "jumps": len(jumps),
        "first_jumps": jumps[:5],
        "gaps": [f"{gap.reason} {gap.since:%H:%M:%S}" for gap in Gap.objects.order_by("since")],
        "sound_seen_and_dropped": Observation.objects.filter(kind=Seen.AUDIO).count(),
        "audio_tracks": found["audio"],
        "bytes": sum(row.size for row in rows),
        "clear_bytes_found_in_files": leaks,
        "faults": [fault.words for fault in faults(home, at=datetime.now(UTC), round_seconds=120)],
        "altered_byte_refused": altered(folder / rows[0].path, keys.read_hour_key(rows[0].key_id)),
    }


class Reader:
    """Decodes films one after the other, notes the number in each image and any track of sound.

    A segment opened by the turn of the hour between two keyframes `continues` the one before: its first images need
    those that are there, so the decoder goes on.
    """

    def __init__(self, numbers: list[int], found: "Counter[str]") -> None:
        self._numbers, self._found = numbers, found
        self._decoder: Any = None

    def read(self, movie: bytes, *, joined: bool) -> None:
        """Decode a film; `joined` says that it continues the last one."""
        import av

        with av.open(BytesIO(movie)) as film:
            self._found["audio"] += len(film.streams.audio)
            stream = film.streams.video[0]
            if not joined:
                self.end()
                self._decoder = av.CodecContext.create(stream.codec_context.name, "r")
                self._decoder.extradata = stream.codec_context.extradata
            self._found["joined"] += joined
            for packet in film.demux(stream):
                if packet.size:
                    self._note(self._decoder.decode(packet))

    def end(self) -> None:
        """Take what the decoder still holds."""
        if self._decoder is not None:
            self._note(self._decoder.decode(None))
            self._decoder = None

    def _note(self, images: list[Any]) -> None:
        from recording import barcode

        for image in images:
            self._found["images"] += 1
            number = barcode.read(image.to_image())
            if number is not None:
                self._numbers.append(number)


if __name__ == "__main__":
    sys.exit(main())
