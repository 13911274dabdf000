"""The recorder's one writer: every row and entry, in order, in batches, in a thread that a blocked database may hold.

Nothing waits for it but what must: a run is started once its entry is committed. A batch that the database refuses is
kept, whole and in order, and tried again; nobody else's work stops meanwhile.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from compliance import journal

log = logging.getLogger(__name__)
ROUND_SECONDS: Final = 1.0
BATCH: Final = 500
UNREACHABLE: Final = (OperationalError, InterfaceError, journal.Unavailable)


@dataclass(frozen=True, slots=True)
class Task:
    """One write, and what to do once it is committed."""

    write: Callable[[], object]
    done: Callable[[], object] | None = None


class Bookkeeper(threading.Thread):
    """Writes what it is given; `last` is written at the end of each batch, and each second when there is none."""

    def __init__(self, *, last: Callable[[], object]) -> None:
        super().__init__(name="bookkeeper", daemon=True)
        self._last = last
        self._tasks: deque[Task] = deque()
        self._asked = threading.Condition()
        self._urgent = self._closing = False
        self.waiting = 0

    def put(self, write: Callable[[], object], *, done: Callable[[], object] | None = None) -> None:
        """Give a write; one that something waits for (`done`) does not wait for the round."""
        with self._asked:
            self._tasks.append(Task(write, done))
            self.waiting = len(self._tasks)
            if done is not None:
                self._urgent = True
                self._asked.notify()

    def close(self, *, seconds: float) -> bool:
        """Write what waits and end; return whether it was all written in that time."""
        with self._asked:
            self._closing = True
            self._asked.notify()
        self.join(seconds)
        return not self.is_alive() and not self._tasks

    def run(self) -> None:
        """Write a batch each round until closed; once closed, one last try."""
        while not self._closing:
            with self._asked:
                if not (self._urgent or self._closing):
                    self._asked.wait(ROUND_SECONDS)
                self._urgent = False
            close_old_connections()
            if not self.write_batch():
                self._pause()
        while self._tasks and self.write_batch():
            pass
        connection.close()

    def write_batch(self) -> bool:
        """Write what waits, in one transaction. Return False when the database refused: it is all kept."""
        with self._asked:
            batch = [self._tasks[index] for index in range(min(BATCH, len(self._tasks)))]
        try:
            with transaction.atomic():
                for task in batch:
                    task.write()
                self._last()
        except UNREACHABLE as fault:
            log.warning("base injoignable (%s) : %d écritures attendent", type(fault).__name__, len(self._tasks))
            return False
        except Exception:
            log.exception("une écriture est refusée ; les autres se font une à une")
            return self._write_one_by_one(batch)
        self._forget(batch)
        for task in batch:
            if task.done is not None:
                task.done()
        return True

    def _write_one_by_one(self, batch: list[Task]) -> bool:
        """Write each task apart, so that a faulty one costs itself and nobody else."""
        for task in batch:
            try:
                with transaction.atomic():
                    task.write()
            except UNREACHABLE:
                return False
            except Exception:
                log.exception("écriture abandonnée")
                self._forget([task])
                continue
            self._forget([task])
            if task.done is not None:
                task.done()
        return True

    def _forget(self, batch: list[Task]) -> None:
        with self._asked:
            for _ in batch:
                self._tasks.popleft()
            self.waiting = len(self._tasks)

    def _pause(self) -> None:
        connection.close()
        with self._asked:
            if not self._closing:
                self._asked.wait(ROUND_SECONDS)
