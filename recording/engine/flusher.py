"""Makes what the hot path writes survive a power cut, from a thread of its own; it decides nothing about files."""

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue

EVERY_SECONDS = 2.0
Failed = Callable[[OSError], None]
Job = Callable[[], None]


class Flusher:
    """Syncs the files it watches every two seconds, and does the slow jobs that it is given, in their order.

    A disk that refuses is told to whoever owns the file: nothing is retried in silence, since a failed sync has already
    lost the pages that it was about.
    """

    def __init__(self, *, every: float = EVERY_SECONDS) -> None:
        self._every = every
        self._jobs: SimpleQueue[tuple[Job, Failed] | None] = SimpleQueue()
        self._watched: dict[int, Failed] = {}
        self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)
        self._thread.start()

    def do(self, job: Job, *, failed: Failed) -> None:
        """Run a job after those already given; `failed` hears its `OSError`."""
        self._jobs.put((job, failed))

    def watch(self, descriptor: int, *, failed: Failed) -> None:
        """Sync a file from now on."""
        self.do(lambda: self._watched.update({descriptor: failed}), failed=failed)

    def release(self, descriptor: int, *, then: Job, failed: Failed) -> None:
        """Sync a file a last time and close it, then run `then`; on failure it is closed and `then` is not run."""

        def last() -> None:
            del self._watched[descriptor]
            try:
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
            then()

        self.do(last, failed=failed)

    def wait(self) -> None:
        """Return once everything given so far is done."""
        done = threading.Event()
        self.do(done.set, failed=lambda _: None)
        done.wait()

    def close(self) -> None:
        """Do what was given, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic() + self._every
        while True:
            try:
                given = self._jobs.get(timeout=max(0.0, due - time.monotonic()))
            except Empty:
                for descriptor, failed in self._watched.items():
                    _attempt(partial(os.fdatasync, descriptor), failed)
                due = time.monotonic() + self._every
                continue
            if given is None:
                return
            _attempt(*given)


def _attempt(job: Job, failed: Failed) -> None:
    try:
        job()
    except OSError as failure:
        failed(failure)
