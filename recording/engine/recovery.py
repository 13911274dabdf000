"""Puts rows and files together again after an end that nobody chose: cut files are closed, lost rows are written.

It needs no key: what is whole in a file says by itself what it is. It runs for one run when an ingest ends, and for
everything when a recorder starts.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from cameras.models import Camera
from recording import actions, probes, queries
from recording.actions import Run, Written
from recording.engine import segment
from recording.engine.clock import from_us
from recording.engine.purge import tidy, unindexed
from recording.models import Segment

log = logging.getLogger(__name__)
MARGIN: Final = timedelta(hours=1)


def recover_run(run: Run, *, home: Path, at: datetime) -> None:
    """Close what an ingest left open, told or not. Called inside the bookkeeper's transaction, once it is over."""
    for row in queries.open_segments().filter(run=run.run):
        _recover_row(row, home)
    _index_lost_files(home, camera=str(run.camera.uuid), since=at - MARGIN)


def recover_everything(home: Path, *, at: datetime) -> None:
    """Close what a dead recorder left: its open segments, its files without a row, its runs without an end."""
    with transaction.atomic():
        for row in queries.open_segments():
            _recover_row(row, home)
        beat = queries.heartbeat(queries.RECORDER)
        _index_lost_files(home, since=beat.at - MARGIN if beat is not None else None)
        left = beat.detail.get("runs", {}) if beat is not None else {}
        for camera in Camera.objects.filter(pk__in=left).select_related("position__installation", "mounting"):
            told = left[str(camera.pk)]
            since = datetime.fromisoformat(told["since"])
            if told.get("probe"):
                probes.end(told["probe"], outcome=actions.RECORDER_DOWN, at=at)
                continue
            run = Run(UUID(told["run"]), camera, since, keeps=told.get("keeps", True))
            actions.stop_run(run, reason=actions.RECORDER_DOWN, at=at)
        if beat is not None:
            actions.beat(queries.RECORDER, at=beat.at, detail={**beat.detail, "runs": {}})


def _recover_row(row: Segment, home: Path) -> None:
    path = queries.recordings_folder(home) / row.path
    run, existed = Run(row.run, row.camera, row.since), path.exists()
    written = _read(path, row.path)
    if written is not None:
        actions.close_segment(run, written=written, state=Segment.State.RECOVERED)
    elif existed and not path.exists():
        row.delete()


def _index_lost_files(home: Path, *, since: datetime | None, camera: str = "*") -> None:
    folder = queries.recordings_folder(home)
    known = Segment.objects.filter(path__startswith=camera.strip("*")).values_list("path", flat=True)
    for path in unindexed(folder, known=known, since=since, camera=camera):
        written = _read(folder / path, path.as_posix())
        if written is None:
            continue
        header = segment.read_header(folder / path)
        of = Camera.objects.filter(uuid=header.camera).select_related("position").first()
        if of is None:
            log.error("séquence %s : sa caméra est inconnue", path)
            continue
        run = Run(UUID(header.decision), of, written.since)
        actions.close_segment(run, written=written, state=Segment.State.RECOVERED)


def _read(path: Path, name: str) -> Written | None:
    """Cut a torn end and say what is left; None when nothing is: a file without any image is removed."""
    try:
        left = segment.recover(path)
    except segment.Headerless:
        path.unlink()
        tidy(path.parent)
        return None
    except (segment.Altered, OSError) as fault:
        log.error("séquence %s : illisible (%s)", name, type(fault).__name__)
        return None
    header = left.header
    return Written(
        uuid=header.segment,
        path=name,
        since=from_us(header.start_us),
        until=from_us(left.end_us),
        erase_at=from_us(header.erase_us),
        key_id=header.key_id,
        codec=header.codec,
        size=left.bytes,
        records=left.records,
        frames=left.frames,
        sha256=left.sha256,
    )
