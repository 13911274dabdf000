"""Complete frozen Facts, each lawful at NOW for every action: tests take one and spoil one thing with `replace`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from compliance import facts as f
from compliance.law import PARIS, midnight
from compliance.law.terms import (
    VIEWING,
    Action,
    Analysis,
    Category,
    Ground,
    MeasureKind,
    Microphone,
    OrderKind,
    PlaceKind,
)
from compliance.requirements.base import Outcome, Requirement

MET, ALERT, UNMET, NOT_CONCERNED = Outcome.MET, Outcome.ALERT, Outcome.UNMET, Outcome.NOT_CONCERNED
COMMUNE, NEIGHBOUR = 1, 2
NOW = datetime(2026, 6, 18, 14, 0, tzinfo=PARIS).astimezone(UTC)
ORDER_FIRST, ORDER_LAST = date(2024, 3, 12), date(2029, 3, 11)
PROVISIONAL_FIRST, PROVISIONAL_LAST = date(2026, 5, 10), date(2026, 9, 9)
SENT, SERVICE = date(2024, 4, 15), date(2024, 5, 2)
DECLARED = datetime(2024, 4, 8, 9, 0, tzinfo=PARIS).astimezone(UTC)
MOUNTED = datetime(2024, 4, 22, 10, 0, tzinfo=PARIS).astimezone(UTC)
CHECKED = datetime(2024, 4, 22, 15, 0, tzinfo=PARIS).astimezone(UTC)
EVERYTHING = VIEWING | {Action.PROBE}
TICK = timedelta(microseconds=1)

HERE = f.FieldOfView(49.1200, 6.1800, 90.0, 60.0, 40.0)
SQUARE = ((49.1150, 6.1750), (49.1150, 6.1850), (49.1250, 6.1850), (49.1250, 6.1750))


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a Paris wall-clock time as a UTC instant."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def first_instant(day: date) -> datetime:
    """Return 00:00:00 Paris time of a day."""
    return midnight(day).astimezone(UTC)


def just_before(day: date) -> datetime:
    """Return the microsecond before a day begins in Paris."""
    return first_instant(day) - TICK


def last_instant(day: date) -> datetime:
    """Return the last microsecond of a day in Paris."""
    return just_before(day + timedelta(days=1))


def just_after(day: date) -> datetime:
    """Return 00:00:00 Paris time of the day after a last day."""
    return first_instant(day + timedelta(days=1))


def outcome(requirement: Requirement, facts: f.Facts, at: datetime) -> Outcome:
    """Return what a requirement finds, or that it does not apply. What it finds, it says in a sentence."""
    if not requirement.applies(facts, at):
        return NOT_CONCERNED
    answer = requirement.check(facts, at)
    assert answer.text.endswith("."), answer
    return answer.outcome


def reason(requirement: Requirement, facts: f.Facts, at: datetime) -> str:
    """Return the words of a finding."""
    return requirement.check(facts, at).text


def day_table(rows: dict[str, tuple[f.Facts, datetime, Outcome]]) -> pytest.MarkDecorator:
    """Return the parametrisation of a day table: what is known, when it is asked, what is found."""
    return pytest.mark.parametrize(
        ("facts", "at", "expected"), [pytest.param(*row, id=name) for name, row in rows.items()]
    )


def moved(view: f.FieldOfView = HERE, *, north_m: float = 0.0, **changes: Any) -> f.FieldOfView:
    """Return a field of view so many metres to the north, with other changes."""
    return replace(view, latitude=view.latitude + north_m / 111_320.0, **changes)


def declaration(**changes: Any) -> f.Declaration:
    """Return a street declaration for purpose 5, with its necessity."""
    base = f.Declaration(
        since=DECLARED,
        kind=PlaceKind.STREET,
        justification="Place publique.",
        view=HERE,
        purposes=frozenset({1, 5}),
        necessity="Douze faits constatés sur la place.",
    )
    return replace(base, **changes)


def order(**changes: Any) -> f.Order:
    """Return the prefect's order of 12 March 2024, five years."""
    base = f.Order(
        id=1,
        number="2024-117",
        kind=OrderKind.ORDINARY,
        signed_on=ORDER_FIRST,
        starts_on=ORDER_FIRST,
        ends_on=ORDER_LAST,
        purposes=frozenset({1, 4, 5}),
        premises=True,
        retention_days=30,
        services=frozenset({"Gendarmerie de Valclair"}),
        view=HERE,
        cameras=1,
    )
    return replace(base, **changes)


def measure(kind: MeasureKind, since: datetime, until: datetime | None = None) -> f.Measure:
    """Return something that befell an order."""
    return f.Measure(kind, since, until, "acte n° 9")


def statement(**changes: Any) -> f.Statement:
    """Return a device's lawful statement."""
    return replace(f.Statement(MOUNTED, Microphone.ABSENT, Analysis.ABSENT), **changes)


def mounting(**changes: Any) -> f.Mounting:
    """Return the device on the position."""
    return replace(f.Mounting("Dôme n° 1", MOUNTED, None, (statement(),)), **changes)


def title(category: Category, **changes: Any) -> f.Habilitation:
    """Return a habilitation for everything, everywhere."""
    base = f.Habilitation(
        category=category,
        act="arrêté n° 31/2024",
        signatory="mayor",
        signed_on=date(2024, 4, 20),
        starts_on=date(2024, 5, 1),
        ends_on=None,
        actions=EVERYTHING,
        covers_position=True,
    )
    return replace(base, **changes)


def employment(**changes: Any) -> f.Employment:
    """Return an employment by the commune."""
    base = f.Employment(date(2020, 1, 1), None, "Commune de Valclair", public=True, territory=frozenset({COMMUNE}))
    return replace(base, **changes)


def agreement(**changes: Any) -> f.Agreement:
    """Return the prefect's agrément of an agent."""
    base = f.Agreement("AG-12", date(2024, 4, 1), None, (), date(2029, 4, 1))
    return replace(base, **changes)


AGENTS: dict[Category, f.Agent] = {
    Category.MAYOR: f.Agent("La maire", mandates=(f.Period(date(2020, 5, 25)),)),
    Category.DELEGATE: f.Agent(
        "L’adjoint",
        delegations=(f.Period(date(2024, 4, 1)),),
        habilitations=(title(Category.DELEGATE),),
    ),
    Category.MUNICIPAL_POLICE: f.Agent(
        "La brigadière", employments=(employment(),), habilitations=(title(Category.MUNICIPAL_POLICE),)
    ),
    Category.COMMUNAL_AGENT: f.Agent(
        "L’opératrice",
        agreements=(agreement(),),
        employments=(employment(),),
        habilitations=(title(Category.COMMUNAL_AGENT),),
    ),
    Category.STATE_AGENT: f.Agent(
        "Le gendarme",
        habilitations=(title(Category.STATE_AGENT, signatory="chief_of_service", service="Gendarmerie de Valclair"),),
    ),
    Category.CONTROLLER_AGENT: f.Agent(
        "L’agent d’accueil", habilitations=(title(Category.CONTROLLER_AGENT, signatory="controller"),)
    ),
    Category.PRIVATE_OPERATOR: f.Agent(
        "L’opérateur privé",
        employments=(employment(employer="Vigile SARL", public=False, territory=frozenset()),),
        habilitations=(title(Category.PRIVATE_OPERATOR, signatory="controller"),),
    ),
}
ON_STREET = (
    Category.MAYOR,
    Category.DELEGATE,
    Category.MUNICIPAL_POLICE,
    Category.COMMUNAL_AGENT,
    Category.STATE_AGENT,
)
IN_PREMISES = (Category.MAYOR, Category.CONTROLLER_AGENT, Category.PRIVATE_OPERATOR)


def authority(**changes: Any) -> f.Authority:
    """Return the commune, its mayor and its commitment."""
    base = f.Authority(
        COMMUNE,
        "Valclair-sur-Moselle",
        "21570999900015",
        public=True,
        mandates=(f.Period(date(2020, 5, 25)),),
        commitments=(f.Commitment(date(2024, 3, 20), "RU-74-118"),),
    )
    return replace(base, **changes)


def street(**changes: Any) -> f.Facts:
    """Return a street position whose whole dossier holds at NOW, asked by a municipal police officer."""
    base = f.Facts(
        position="VAL-01",
        authority=authority(),
        declarations=(declaration(),),
        orders=(order(),),
        notices=(f.Notice(SENT, SERVICE, proved=True),),
        aipds=(f.Aipd("1", date(2024, 4, 2), date(2024, 3, 25), residual_high=False, review_on=date(2027, 4, 2)),),
        panels=(
            f.PanelCheck("P1", date(2024, 4, 23), present=True),
            f.PanelCheck("P1", date(2026, 5, 4), present=True),
        ),
        masks=(f.MaskCheck(CHECKED, clean=True, masks=2, snapshot=True),),
        mountings=(mounting(),),
        agent=AGENTS[Category.MUNICIPAL_POLICE],
        ground=Ground.REQUISITION,
    )
    return replace(base, **changes)


def premises(**changes: Any) -> f.Facts:
    """Return premises open to the public, asked by the controller's agent."""
    held = declaration(kind=PlaceKind.OPEN_TO_PUBLIC, purposes=frozenset(), premises_purpose=True, necessity="")
    base = replace(street(), declarations=(held,), agent=AGENTS[Category.CONTROLLER_AGENT])
    return replace(base, **changes)


def mixed(**changes: Any) -> f.Facts:
    """Return a position that sees the street and premises, asked by the mayor, whom both lists admit."""
    held = declaration(kind=PlaceKind.MIXED, premises_purpose=True)
    return replace(replace(street(), declarations=(held,), agent=AGENTS[Category.MAYOR]), **changes)


def provisional(**changes: Any) -> f.Facts:
    """Return a street position under a provisional order of 10 May, four months."""
    urgent = order(
        id=7,
        number="2026-P3",
        kind=OrderKind.GATHERING,
        signed_on=PROVISIONAL_FIRST,
        starts_on=PROVISIONAL_FIRST,
        ends_on=PROVISIONAL_LAST,
    )
    return replace(replace(street(), orders=(urgent,)), **changes)


def perimeter(**changes: Any) -> f.Facts:
    """Return a position of an authorised perimeter, whose place was told to the prefect."""
    base = replace(
        street(),
        orders=(order(perimeter=SQUARE, cameras=3),),
        locations=(f.Notice(date(2024, 4, 2), date(2024, 4, 8), proved=True, view=HERE),),
    )
    return replace(base, **changes)


def risky(**changes: Any) -> f.Facts:
    """Return a street position whose AIPD leaves a high risk that the CNIL answered."""
    aipd = f.Aipd(
        "1", date(2024, 4, 2), date(2024, 3, 25), residual_high=True, replies=(f.Reply(date(2024, 4, 25), allows=True),)
    )
    return replace(replace(street(), aipds=(aipd,)), **changes)


SITUATIONS = {
    "voie publique": street,
    "lieu ouvert au public": premises,
    "mixte": mixed,
    "arrêté provisoire": provisional,
    "périmètre": perimeter,
    "risque élevé": risky,
}
