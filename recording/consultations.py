"""The acts of looking: open a consultation with its motive, note its first image, close it with the span shown.

The consultation is in the journal, committed, before the first byte of image (R253-5). The row beside it is only what
the web needs to find the page again; it is no second audit table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from cameras.models import Camera
from compliance import gate, journal
from compliance.gate import Action, Decision, Verdict
from recording.models import Consultation

# Said in French by the journal; a page translates them as it shows them.
MOTIVES = {
    "service": _("Prise de service, état des caméras"),
    "flagrance": _("Flagrance, faits en cours"),
    "secours": _("Secours aux personnes"),
    "circulation": _("Circulation"),
    "depot": _("Dépôt d’ordures"),
    "requisition": _("Réquisition"),
    "autre": _("Autre motif, à préciser"),
}
TRIES = 5
# An account of compliance, which this floor only reaches through a request or a foreign key.
Viewer = Any


class NothingToSee(Exception):
    """The gate refuses every camera asked. `decisions` says why, by camera."""

    def __init__(self, decisions: dict[int, Decision]) -> None:
        super().__init__("no camera may be watched")
        self.decisions = decisions


@dataclass(frozen=True, slots=True)
class Watched:
    """A camera of a consultation, with the gate's answer for this person."""

    camera: Camera
    decision: Decision


@dataclass(frozen=True, slots=True)
class Listed:
    """A camera to choose or not, with what the gate answers for this person: to be shown, it opens nothing."""

    camera: Camera
    verdict: Verdict


def listed(account: Viewer, cameras: list[Camera], *, at: datetime) -> list[Listed]:
    """Say of every camera whether the person of this account may watch it, for the page where they choose."""
    positions = {c.position_id: c.position for c in cameras}
    found = gate.glance(Action.WATCH, positions.values(), at=at, agent=account.person)
    return [Listed(c, found[c.position_id]) for c in cameras]


def watchable(account: Viewer, cameras: list[Camera], *, at: datetime) -> list[Watched]:
    """Ask the gate once for every camera, for the person of this account."""
    positions = {c.position_id: c.position for c in cameras}
    person = account.person
    answers = gate.decide_many(Action.WATCH, positions.values(), at=at, agent=person)
    return [Watched(c, answers[c.position_id]) for c in cameras]


def open_consultation(account: Viewer, cameras: list[Camera], *, motive: str, text: str, at: datetime) -> Consultation:
    """Journal the consultation and commit. Raises MissingMotive, NothingToSee, journal.Unavailable: no image then."""
    words = MOTIVES.get(motive, "")
    gate.check_motive(words)
    if motive == "autre":
        gate.check_motive(text)
    watched = watchable(account, cameras, at=at)
    allowed = [w for w in watched if w.decision.allowed]
    person = account.person
    if not allowed:
        _refuse(account, watched, motive=words, text=text, at=at)
        raise NothingToSee({w.camera.pk: w.decision for w in watched})
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                row = Consultation.objects.create(
                    number=_next_number(at),
                    person=person,
                    account=account,
                    opened_at=at,
                    motive=motive,
                )
                row.positions.set([w.camera.position_id for w in allowed])
                for installation, codes in _by_installation([w.camera.position for w in allowed]):
                    journal.record(
                        "consultation.opened",
                        at=at,
                        by=account,
                        installation=installation,
                        number=row.number,
                        person=person.code,
                        positions=codes,
                        motive=words,
                        motive_text=text,
                        kind="live",
                    )
        except IntegrityError:
            continue  # somebody opened one at the same instant: take the next number
        return row
    raise journal.Unavailable("consultation.opened")


def _refuse(account: Viewer, watched: list[Watched], *, motive: str, text: str, at: datetime) -> None:
    with transaction.atomic():
        for installation, codes in _by_installation([w.camera.position for w in watched]):
            mine = [w for w in watched if w.camera.position.code in codes]
            journal.record(
                "consultation.refused",
                at=at,
                by=account,
                installation=installation,
                person=account.person.code,
                positions=codes,
                motive=motive,
                motive_text=text,
                codes=sorted({f.code for w in mine for f in w.decision.blocking}),
            )


def _by_installation(positions: Iterable[Any]) -> list[tuple[Any, list[str]]]:
    """Return the codes of positions, installation by installation: each register tells what was seen of its own."""
    found: dict[Any, list[str]] = {}
    for position in positions:
        found.setdefault(position.installation, []).append(position.code)
    return list(found.items())


def _next_number(at: datetime) -> str:
    year = gate.legal_day(at).year
    last = Consultation.objects.filter(number__startswith=f"{year}-").order_by("-pk").first()
    return f"{year}-{int(last.number.split('-')[1]) + 1 if last else 1:04d}"


def take(number: str, account: Viewer, *, at: datetime) -> Consultation | None:
    """Take the one response of a consultation: None when it is not this account's, over, or already streaming."""
    taken = Consultation.objects.filter(number=number, account=account, closed_at=None, first_image_at=None).update(
        first_image_at=at
    )
    if not taken:
        return None
    return Consultation.objects.select_related("person", "account").get(number=number)


def close(  # noqa: PLR0913 (the span shown has two ends, the act its instant and its reason)
    consultation: Consultation,
    *,
    first: datetime | None,
    last: datetime | None,
    reason: str,
    codes: list[str],
    at: datetime,
) -> None:
    """Journal the end of a consultation with the exact span shown. Closing twice writes once."""
    with transaction.atomic():
        if not Consultation.objects.filter(pk=consultation.pk, closed_at=None).update(closed_at=at):
            return
        for installation, seen in _by_installation(
            consultation.positions.select_related("installation").order_by("code")
        ):
            journal.record(
                "consultation.closed",
                at=at,
                by=consultation.account,
                installation=installation,
                number=consultation.number,
                positions=seen,
                first=first,
                last=last,
                reason=reason,
                codes=codes,
            )
