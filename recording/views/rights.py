"""The right to look, while looking: one watcher per web process, one reading of the pulse a second for all viewers.

A right is a deadline on the monotonic clock. Only an answer of the gate moves it; hearing nothing lets it lapse.
"""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cameras.models import Camera
from compliance import gate
from recording.consultations import watchable
from recording.models import Consultation
from recording.views.clock import now

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
RENEW_BEFORE_S = 4.0
OVER = gettext_noop("La consultation est terminée")
DISCONNECTED = gettext_noop("Vous êtes déconnecté.")


@dataclass
class End:
    """Why an image goes dark, in French words, with the article and what to do. `lang` is set on the law's words."""

    title: str
    reason: str
    articles: list[str] = field(default_factory=list)
    remedy: str = ""
    code: str = ""
    lang: str = ""

    @classmethod
    def of(cls, decision: gate.Decision) -> "End":
        """Return the first reason of a refusal."""
        finding = decision.blocking[0]
        return cls(
            finding.reason.rstrip("."),
            f"Ce qui est exigé : «\u00a0{finding.title}\u00a0».",
            [a.label for a in finding.articles],
            finding.remedy,
            finding.code,
            "fr",
        )

    def told(self, language: str) -> "End":
        """Return what a browser is told: the law's words as they are, ours in the language of its reader."""
        if self.lang:
            return self
        with translation.override(language):
            return replace(self, title=_(self.title), reason=_(self.reason))


LAPSED = End(
    gettext_noop("Votre droit de regarder n’a pas pu être revérifié"),
    gettext_noop("Aucune réponse : par défaut, c’est fermé."),
)


@dataclass(eq=False)
class Viewing:
    """One response being sent: its cameras, each with the deadline of its right."""

    consultation: Consultation
    session_key: str
    cameras: dict[int, Camera]
    deadlines: dict[int, float] = field(default_factory=dict)
    ends: dict[int, End] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def right(self, index: int) -> End | None:
        """Return why the camera must go dark now, or None while its right runs."""
        if index in self.ends:
            return self.ends[index]
        if time.monotonic() >= self.deadlines.get(index, 0.0):
            return LAPSED
        return None

    def cut(self, end: End) -> None:
        """End every camera for one reason."""
        self.ends = dict.fromkeys(self.cameras, end)
        self.moved.set()


class Watcher:
    """Re-asks the gate for every viewing of this process when the pulse moved, before a lease ends, never later."""

    def __init__(self) -> None:
        self.viewings: set[Viewing] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rights")
        self._task: asyncio.Task[None] | None = None
        self._beat = -1

    async def add(self, viewing: Viewing) -> None:
        """Ask the gate for a new viewing, then keep asking. Call before the first byte."""
        await self._in_thread(renew, viewing)
        self.viewings.add(viewing)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())

    def remove(self, viewing: Viewing) -> None:
        """Forget a viewing that is over."""
        self.viewings.discard(viewing)

    async def _watch(self) -> None:
        while self.viewings:
            started = time.monotonic()
            try:
                await self._in_thread(self._look, list(self.viewings))
            except Exception as fault:  # noqa: BLE001 (whatever the fault, hearing nothing lets rights lapse)
                log.error("rights not renewed: %s", type(fault).__name__)
            await asyncio.sleep(max(0.0, LOOK_EVERY_S - (time.monotonic() - started)))

    def _look(self, viewings: list[Viewing]) -> None:
        beat = gate.pulse()
        here = set(
            Session.objects.filter(
                session_key__in=[v.session_key for v in viewings], expire_date__gt=now()
            ).values_list("session_key", flat=True)
        )
        active = set(
            get_user_model()
            .objects.filter(pk__in=[v.consultation.account_id for v in viewings], is_active=True)
            .values_list("pk", flat=True)
        )
        moved, self._beat = beat != self._beat, beat
        for viewing in viewings:
            if viewing.session_key not in here or viewing.consultation.account_id not in active:
                viewing.cut(End(OVER, DISCONNECTED, code="session"))
            elif moved or _ends_soon(viewing):
                renew(viewing)

    async def _in_thread(self, function, *args):  # type: ignore[no-untyped-def]
        return await asyncio.get_running_loop().run_in_executor(self._thread, _alone, function, *args)


def _alone(function, *args):  # type: ignore[no-untyped-def]
    """Run a database call in the watcher's thread and give the connection back when it broke."""
    try:
        return function(*args)
    except Exception:
        connections.close_all()
        raise


def _ends_soon(viewing: Viewing) -> bool:
    open_ones = [d for i, d in viewing.deadlines.items() if i not in viewing.ends]
    return bool(open_ones) and min(open_ones) - time.monotonic() < RENEW_BEFORE_S


def renew(viewing: Viewing) -> None:
    """Ask the gate for each camera still open and move its deadline to the end of its lease."""
    asked = [i for i in viewing.cameras if i not in viewing.ends]
    heard, at = time.monotonic(), now()
    watched = watchable(viewing.consultation.account, [viewing.cameras[i] for i in asked], at=at)
    for index, decision in zip(asked, (w.decision for w in watched), strict=True):
        if decision.allowed:
            viewing.deadlines[index] = heard + (decision.until - at).total_seconds()
        else:
            viewing.ends[index] = End.of(decision)
    viewing.moved.set()


WATCHER = Watcher()


def instant(wall_us: int) -> datetime:
    """Return a capture instant of the media line."""
    return datetime.fromtimestamp(wall_us / 1_000_000, tz=now().tzinfo)
