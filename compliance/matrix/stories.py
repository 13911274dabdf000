"""How each blocking requirement is undone: the dossier to which it applies, the act that undoes, the act that restores.

What no act can undo (a letter sent, an AIPD signed, a panel once seen, a necessity once written) comes late instead: it
is missing before its day. An undoing bites at 00:00 on the day UNDONE, a restoring on the day RESTORED.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compliance.actions import dossier as papers
from compliance.actions import habilitation, order, people
from compliance.actions.observation import observe
from compliance.events import System
from compliance.law.terms import Analysis, Category, Ground, Microphone, OrderKind, PlaceKind, Seen
from compliance.matrix import dossier as made
from compliance.matrix.dossier import Dossier, Plan

UNDONE, LAST_DAY, RESTORED = -2, -3, 0
Step = Callable[[Dossier], object]


@dataclass(frozen=True, slots=True)
class Story:
    """A requirement, the dossier it applies to, and its undoing; none where the proof comes late."""

    code: str
    plan: Plan
    undo: Step | None = None
    restore: Step | None = None


def _end_mandate(d: Dossier) -> None:
    people.end_mandate(d.mandate, ends_on=d.day(LAST_DAY), **d.by)


def _start_mandate(d: Dossier) -> None:
    people.start_mandate(d.authority, person=d.mandate.person, starts_on=d.day(RESTORED), ends_on=None, **d.by)


def _close_place(d: Dossier) -> None:
    made.change(d, d.instant(UNDONE), kind=PlaceKind.NONE)


def _open_place(d: Dossier) -> None:
    made.change(d, d.instant(RESTORED), kind=PlaceKind.STREET)
    made.check_masks(d, d.instant(RESTORED))


def _move(d: Dossier) -> None:
    made.change(d, d.instant(UNDONE), latitude=d.sight.latitude + 0.001)
    made.check_masks(d, d.instant(UNDONE))


def _move_after_a_letter(d: Dossier) -> None:
    made.change(d, d.instant(RESTORED), latitude=d.sight.latitude + 0.001)
    made.tell_place(d, d.sight, sent=RESTORED - 1, service=RESTORED)
    made.check_masks(d, d.instant(RESTORED))


def _turn(offset: int, azimuth: float) -> Step:
    def step(d: Dossier) -> None:
        made.change(d, d.instant(offset), azimuth=azimuth)
        made.check_masks(d, d.instant(offset))

    return step


def _suspend(d: Dossier) -> None:
    d.measure = order.suspend(d.order, since=d.instant(UNDONE), reference="arrêté du préfet", **d.by)


def _end_event(d: Dossier) -> None:
    order.end_event(d.order, since=d.instant(UNDONE), reference="fin du rassemblement", **d.by)


def _answer(d: Dossier) -> None:
    papers.record_answer(d.aipd, answered_on=d.day(RESTORED), allows=True, **d.proved)


def _observe(kind: Seen, offset: int) -> Step:
    return lambda d: observe(d.position, kind=kind, at=d.instant(offset), by=System.KEEPER)


def _withdraw_title(d: Dossier) -> None:
    habilitation.withdraw_habilitation(d.title, since=d.instant(UNDONE), **d.by)


def _replace_title(*, signatory: str | None = None, service: str = made.SERVICE) -> Step:
    def step(d: Dossier) -> None:
        _withdraw_title(d)
        made.entitle(d, starts=UNDONE, signatory=signatory, service=service)

    return step


def _suspend_agreement(d: Dossier) -> None:
    d.measure = habilitation.suspend_agreement(
        d.agreement, installation=d.installation, since=d.instant(UNDONE), **d.by
    )


def _lift_agreement(d: Dossier) -> None:
    habilitation.lift_agreement(d.measure, installation=d.installation, until=d.instant(RESTORED), **d.by)


def _end_delegation(d: Dossier) -> None:
    people.end_delegation(d.delegation, installation=d.installation, ends_on=d.day(LAST_DAY), **d.by)


def _end_employment(offset: int) -> Step:
    def step(d: Dossier) -> None:
        people.end_employment(d.employment, installation=d.installation, ends_on=d.day(offset), **d.by)

    return step


def _forget_ground(d: Dossier) -> None:
    d.ground = None


def _name_ground(d: Dossier) -> None:
    d.ground = Ground.ACCESS


def _mute(d: Dossier) -> None:
    d.mute = True


def _unmute(d: Dossier) -> None:
    d.mute = False


def _lasts(d: Dossier) -> None:
    """Time undoes it: the order ended on its last day."""


NEW_ORDER: Step = lambda d: made.capture(d, starts=RESTORED)  # noqa: E731
NEW_TITLE: Step = lambda d: made.entitle(d, starts=RESTORED)  # noqa: E731
PREMISES = PlaceKind.OPEN_TO_PUBLIC

STORIES: tuple[Story, ...] = (
    Story("R-01", Plan(), _end_mandate, _start_mandate),
    Story("R-02", Plan(category=Category.MAYOR), _close_place, _open_place),
    Story(
        "R-03",
        Plan(category=Category.DELEGATE),
        lambda d: made.change(d, d.instant(UNDONE), purposes=(1, 5, 11)),
        lambda d: made.change(d, d.instant(RESTORED), purposes=(1, 5)),
    ),
    Story(
        "R-03 bis",
        Plan(kind=PREMISES, category=Category.PRIVATE_OPERATOR),
        lambda d: made.change(d, d.instant(UNDONE), premises_purpose=False),
        lambda d: made.change(d, d.instant(RESTORED), premises_purpose=True),
    ),
    Story("R-04", Plan(late="R-04")),
    Story(
        "R-05",
        Plan(category=Category.COMMUNAL_AGENT),
        lambda d: made.check_masks(d, d.instant(UNDONE), clean=False),
        lambda d: made.check_masks(d, d.instant(RESTORED)),
    ),
    Story(
        "R-06",
        Plan(kind=PREMISES, category=Category.CONTROLLER_AGENT),
        lambda d: made.state(d, d.instant(UNDONE), microphone=Microphone.ON),
        lambda d: made.state(d, d.instant(RESTORED), microphone=Microphone.OFF),
    ),
    Story("R-08", Plan(category=Category.STATE_AGENT, order_ends=LAST_DAY), _lasts, NEW_ORDER),
    Story("R-10", Plan(order=OrderKind.GATHERING), _end_event, NEW_ORDER),
    Story("R-15", Plan(late="R-15")),
    Story("R-16", Plan(perimeter=True), _move, _move_after_a_letter),
    Story("R-17", Plan(), _turn(UNDONE, 180.0), _turn(RESTORED, 90.0)),
    Story("R-19", Plan(), _suspend, lambda d: order.lift(d.measure, until=d.instant(RESTORED), **d.by)),
    Story("R-21", Plan(late="R-21")),
    Story("R-22", Plan(kind=PlaceKind.MIXED, category=Category.MAYOR, late="R-22")),
    Story(
        "R-23",
        Plan(risk=True),
        lambda d: made.sign_aipd(d, version="2", opinion_on=UNDONE, signed_on=UNDONE),
        _answer,
    ),
    Story("R-27", Plan(late="R-27")),
    Story("R-30", Plan(), _withdraw_title, NEW_TITLE),
    Story("R-30 bis", Plan(kind=PREMISES, category=Category.CONTROLLER_AGENT), _withdraw_title, NEW_TITLE),
    Story("R-31", Plan(), _replace_title(signatory="chief_of_service"), NEW_TITLE),
    Story("R-32", Plan(category=Category.COMMUNAL_AGENT), _suspend_agreement, _lift_agreement),
    Story("R-33", Plan(category=Category.DELEGATE), _end_delegation, lambda d: made.delegate(d, starts=RESTORED)),
    Story("R-34", Plan(category=Category.STATE_AGENT), _replace_title(service="Gendarmerie d’Ailleurs"), NEW_TITLE),
    Story("R-35", Plan(), _end_employment(LAST_DAY), lambda d: made.employ(d, starts=RESTORED)),
    Story("R-36", Plan(), lambda d: made.employ(d, starts=UNDONE, public=False), _end_employment(RESTORED - 1)),
    Story("R-47", Plan(), _observe(Seen.ERASURE_FAILED, UNDONE), _observe(Seen.ERASURE_RESTORED, RESTORED)),
    Story("R-50", Plan(), _mute, _unmute),
    Story("R-51", Plan(), _forget_ground, _name_ground),
    Story(
        "R-63",
        Plan(),
        lambda d: made.state(d, d.instant(UNDONE), analysis=Analysis.PERMANENT),
        lambda d: made.state(d, d.instant(RESTORED), analysis=Analysis.OFF),
    ),
)
