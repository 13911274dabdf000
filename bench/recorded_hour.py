"""One hour of a camera through the sealed store, faster than time: does it decrypt to a film that plays?

    ./run bench recorded_hour [--minutes 60]

Writes docs/figures/recorded_hour.json. Real H.264 of the simulator's street, looped, captured at instants of one UTC
hour and a little of the next, so that the hour's turn is in it. Then: every segment decrypts, the film decodes whole,
no byte of the clip stands in the files, one altered byte is refused.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import av

from proofs import BASE, commit
from recording.clips import Recipe, ensure_clip
from recording.engine.flusher import Flusher
from recording.engine.fmp4 import Bitstream, Codec, Sample, Track
from recording.engine.keys import KeyStore
from recording.engine.segment import Altered, iter_records
from recording.engine.store import Grant, Place, SegmentedStore, StoredSegment

RECIPE = Recipe(seconds=4, fps=10, width=320, height=180)
START = datetime(2026, 11, 22, 14, 1, tzinfo=UTC)
TICKS = 90_000


def units(clip: Path) -> list[tuple[Track, bytes, bool]]:
    """Return the clip's pictures as the ingest hands them to the store."""
    with av.open(str(clip)) as film:
        stream = film.streams.video[0]
        parser = Bitstream(Codec.H264, bytes(stream.codec_context.extradata or b""))
        read = (parser.read(bytes(packet)) for packet in film.demux(stream) if packet.size)
        return [(unit.track, unit.payload, unit.keyframe) for unit in read if unit is not None]


def main() -> int:
    """Measure and write the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=int, default=60)
    minutes = options.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="claire-voie-hour-") as folder:
        figures = measure(Path(folder), minutes=minutes)
    target = BASE / "docs" / "figures" / "recorded_hour.json"
    target.write_text(json.dumps(figures, indent=2) + "\n")
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0 if figures["decoded"] == figures["recorded"] and figures["altered_byte_refused"] else 1


def measure(folder: Path, *, minutes: int) -> dict[str, Any]:
    """Return the figures of one camera."""
    pictures = units(ensure_clip(folder, RECIPE))
    keys, camera, kept = KeyStore(folder / "home"), uuid4(), list[StoredSegment]()

    def key_for(hour: datetime) -> tuple[str, bytes]:
        opened = keys.hour_key(camera, hour)
        return opened.key_id, opened.key

    store = SegmentedStore(
        Place(folder / "recordings", camera, "VAL-01"),
        Grant("bench", lambda at: at + timedelta(days=15), key_for),
        flusher=Flusher(every=2.0),
        report=kept.append,
    )
    started, recorded = time.monotonic(), 0
    for number in range(minutes * 60 * RECIPE.fps):
        track, payload, keyframe = pictures[number % len(pictures)]
        sample = Sample(payload, TICKS // RECIPE.fps, keyframe)
        at = START + timedelta(seconds=number / RECIPE.fps)
        store.add(track, sample, position=number * TICKS // RECIPE.fps, captured_us=int(at.timestamp() * 1e6))
        recorded += 1
    store.close()
    seconds = time.monotonic() - started
    closed = list({segment.uuid: segment for segment in kept}.values())  # told open, then closed
    root = folder / "recordings"
    films = [film(root / s.path, keys.read_hour_key(s.key_id)) for s in closed]
    needle = max((payload for _, payload, _ in pictures), key=len)[64:96]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "minutes": minutes,
        "segments": len(closed),
        "hours_keys": len({s.key_id for s in closed}),
        "recorded": recorded,
        "decoded": sum(decoded(film) for film in films),
        "write_seconds": round(seconds, 1),
        "clear_bytes_found_in_files": any(needle in (root / s.path).read_bytes() for s in closed),
        "clear_bytes_found_once_decrypted": any(needle in film for film in films),
        "altered_byte_refused": altered(root / closed[0].path, keys.read_hour_key(closed[0].key_id)),
    }


def film(path: Path, key: bytes) -> bytes:
    """Return a segment's film: its decrypted records, one after the other."""
    return b"".join(record.payload for record in iter_records(path, key))


def decoded(movie: bytes) -> int:
    """Return how many pictures a player decodes."""
    with av.open(BytesIO(movie)) as opened:
        return sum(1 for _ in opened.decode(video=0))


def altered(path: Path, key: bytes) -> bool:
    """Change one byte in the middle of a segment and say whether it is refused."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    try:
        list(iter_records(path, key))
    except Altered:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
