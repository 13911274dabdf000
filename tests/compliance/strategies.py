"""Dossiers at random, lawful or not, crowded around a few days so that their dates meet."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from compliance import facts as f
from compliance.law.terms import (
    Action,
    Analysis,
    Category,
    Ground,
    MeasureKind,
    Microphone,
    OrderKind,
    PlaceKind,
    Seen,
)
from tests.compliance.complete import COMMUNE, HERE, NEIGHBOUR, SQUARE, moved, paris

# The two clock changes of 2026 are inside.
FIRST, LAST = date(2026, 3, 20), date(2026, 11, 5)
days = st.dates(FIRST, LAST)
maybe_days = st.none() | days
instants = st.one_of(
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 5)).map(
        lambda at: paris(at.year, at.month, at.day, at.hour, at.minute)
    ),
    days.map(lambda day: paris(day.year, day.month, day.day)),
)
flags = st.booleans()
mostly = st.sampled_from([True, True, True, False])
purposes = st.frozensets(st.sampled_from([1, 5, 11]), max_size=3)
views = st.sampled_from([HERE, HERE, moved(HERE, north_m=80), moved(HERE, azimuth=140.0), moved(HERE, north_m=900)])


def tuples(items: st.SearchStrategy[Any], key: str = "", *, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return tuples sorted by their date, as Facts promises."""
    found = st.lists(items, max_size=most)
    return found.map(lambda held: tuple(sorted(held, key=lambda item: getattr(item, key)) if key else held))


@st.composite
def measures(draw: st.DrawFn, *, event: bool) -> f.Measure:
    """Return a measure, lifted or not; only a provisional order knows the end of an event."""
    kinds = [k for k in MeasureKind if event or k is not MeasureKind.EVENT_END]
    since = draw(instants)
    lifted = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=60)))
    return f.Measure(draw(st.sampled_from(kinds)), since, since + lifted if lifted is not None else None)


@st.composite
def orders(draw: st.DrawFn) -> f.Order:
    """Return an order, ordinary or provisional, of a point or of a perimeter."""
    kind = draw(st.sampled_from([OrderKind.ORDINARY, OrderKind.ORDINARY, *OrderKind]))
    first = draw(days)
    return f.Order(
        id=draw(st.integers(1, 5)),
        number="2026-1",
        kind=kind,
        signed_on=first,
        starts_on=first,
        ends_on=first + timedelta(days=draw(st.integers(0, 200))),
        purposes=draw(purposes),
        premises=draw(flags),
        retention_days=draw(st.sampled_from([None, 30, 31, 40])),
        services=draw(st.sampled_from([frozenset[str](), frozenset({"Gendarmerie"})])),
        view=HERE,
        cameras=draw(st.integers(1, 2)),
        perimeter=draw(st.sampled_from([(), SQUARE])),
        measures=draw(tuples(measures(event=kind is not OrderKind.ORDINARY), "since")),
    )


def _mounting(since: datetime, lasts: timedelta | None, stated: tuple[f.Statement, ...]) -> f.Mounting:
    return f.Mounting("Dôme", since, since + lasts if lasts is not None else None, stated)


def _distinct(held: tuple[f.Declaration, ...]) -> tuple[f.Declaration, ...]:
    """One declaration at an instant, as the database demands."""
    return held[:1] + tuple(later for earlier, later in pairwise(held) if later.since != earlier.since)


notices = st.builds(
    f.Notice,
    sent_on=days,
    service_on=days,
    proved=mostly,
    view=st.just(HERE) | views,
)
declarations = st.builds(
    f.Declaration,
    since=instants,
    kind=st.sampled_from([PlaceKind.STREET, PlaceKind.STREET, *PlaceKind]),
    justification=st.sampled_from(["Place publique.", "Place publique.", ""]),
    view=views,
    purposes=purposes,
    premises_purpose=flags,
    necessity=st.sampled_from(["", "Faits."]),
    retention_days=st.sampled_from([None, 15, 31]),
)
statements = st.builds(f.Statement, instants, st.sampled_from(Microphone), st.sampled_from(Analysis))
mountings = st.builds(
    _mounting,
    instants,
    st.none() | st.timedeltas(timedelta(0), timedelta(days=120)),
    tuples(statements, "at"),
)
aipds = st.builds(
    f.Aipd,
    version=st.sampled_from(["1", "2"]),
    signed_on=days,
    opinion_on=maybe_days,
    residual_high=flags,
    replies=tuples(st.builds(f.Reply, days, flags), "answered_on", most=2),
    review_on=maybe_days,
)
periods = st.builds(f.Period, days, maybe_days)
agents = st.builds(
    f.Agent,
    name=st.just("L’agent"),
    mandates=tuples(periods, "starts_on", most=1),
    delegations=tuples(periods, "starts_on", most=2),
    agreements=tuples(
        st.builds(
            f.Agreement,
            number=st.just("AG"),
            starts_on=days,
            ends_on=maybe_days,
            measures=tuples(measures(event=False), "since", most=2),
            enquiry_due=maybe_days,
        ),
        "starts_on",
        most=2,
    ),
    employments=tuples(
        st.builds(
            f.Employment,
            starts_on=days,
            ends_on=maybe_days,
            employer=st.just("Commune"),
            public=mostly,
            territory=st.frozensets(st.sampled_from([COMMUNE, NEIGHBOUR])),
        ),
        "starts_on",
        most=2,
    ),
    habilitations=tuples(
        st.builds(
            f.Habilitation,
            category=st.sampled_from(Category),
            act=st.just("arrêté"),
            signatory=st.sampled_from(["mayor", "chief_of_service", "controller"]),
            signed_on=days,
            starts_on=days,
            ends_on=maybe_days,
            actions=st.just(frozenset(Action)) | st.frozensets(st.sampled_from(Action)),
            covers_position=mostly,
            withdrawn_at=st.none() | instants,
            service=st.sampled_from(["", "Gendarmerie"]),
        ),
        "starts_on",
    ),
)
facts = st.builds(
    f.Facts,
    position=st.just("VAL-01"),
    authority=st.builds(
        f.Authority,
        id=st.just(COMMUNE),
        name=st.just("Valclair"),
        siret=st.just("21570999900015"),
        public=mostly,
        mandates=tuples(periods, "starts_on", most=2),
        commitments=tuples(st.builds(f.Commitment, days, st.just("RU-74-1")), "sent_on", most=2),
    ),
    declarations=tuples(declarations, "since").map(_distinct),
    orders=tuples(orders(), "starts_on"),
    notices=tuples(notices, "service_on", most=2),
    locations=tuples(notices, "sent_on", most=2),
    aipds=tuples(aipds, "signed_on", most=2),
    panels=tuples(st.builds(f.PanelCheck, st.sampled_from(["P1", "P2"]), days, flags), "checked_on"),
    masks=tuples(st.builds(f.MaskCheck, instants, mostly, st.integers(0, 3), mostly), "at"),
    mountings=tuples(mountings, "since"),
    observations=tuples(st.builds(f.Observation, st.sampled_from(Seen), instants, st.just(""), flags), "at"),
    agent=st.none() | agents,
    journal_writes=mostly,
    action=st.sampled_from(Action),
    ground=st.none() | st.sampled_from(Ground),
)
