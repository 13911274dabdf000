"""A process that a test kills: it stores pictures much faster than life and says, after each, how far it is.

Arguments: the root, a file of coded pictures between `--` lines. Standard output: the end of each picture given to the
store, eight bytes, microseconds UTC.
"""

import os
import struct
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from recording.engine.flusher import Flusher
from recording.engine.fmp4 import Bitstream, Codec, Sample
from recording.engine.store import Grant, Place, SegmentedStore

CAMERA = UUID("6f1c7a52-0d0e-4a43-9d7e-2f2d2c6c1a01")
START_US = 1_773_320_390_000_000  # 12 March 2026, 12:59:50 UTC: most are killed in the hour after
HOUR_KEY = bytes(range(32))
FRAME_US = 50_000
TICK = 4500


def main(root: Path, clip: Path) -> None:
    """Store the clip over and over until killed."""
    grant = Grant("run", lambda at: at + timedelta(days=30), lambda _: ("key", HOUR_KEY))
    flusher = Flusher(every=0.02)
    store = SegmentedStore(Place(root, CAMERA, "VAL-01"), grant, flusher=flusher, report=lambda _: None)
    packets = [packet for packet in clip.read_bytes().split(b"\n--\n") if packet]
    stream = Bitstream(Codec.H264)
    number = 0
    while True:
        for packet in packets:
            unit = stream.read(packet)
            assert unit is not None
            at_us = START_US + number * FRAME_US
            sample = Sample(unit.payload, TICK, unit.keyframe)
            store.add(unit.track, sample, position=number * TICK, captured_us=at_us)
            number += 1
            os.write(1, struct.pack(">q", at_us + FRAME_US))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
