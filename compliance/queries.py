"""Every read that more than one place needs. The facts of one position or of ten thousand cost as many queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery

from compliance import facts as f
from compliance.law import add_months
from compliance.law.terms import Action, Analysis, Category, Ground, MeasureKind, Microphone, OrderKind, PlaceKind, Seen
from compliance.models import (
    Agreement,
    Aipd,
    Declaration,
    Delegation,
    Employment,
    Entry,
    Habilitation,
    Installation,
    LocationNotice,
    MaskCheck,
    Mounting,
    Notice,
    Observation,
    Order,
    OrderLine,
    PanelCheck,
    Person,
    Position,
    Pulse,
)
from compliance.requirements.r47 import ERASURES

ENQUIRY_MONTHS = 60
MANY = 500
VIEW = ("latitude", "longitude", "azimuth", "angle", "range_m")
Rows = dict[int, list[Any]]
Row = Any
Perimeter = tuple[tuple[float, float], ...]


def pulse() -> int:
    """Return the number of acts so far: it moved, so the gate must be asked again."""
    return Pulse.objects.filter(pk=1).values_list("beat", flat=True).first() or 0


def history() -> tuple[str | None, int]:
    """Return which journal this is, by its first entry, and the number of acts so far: the same, nothing was done."""
    first = Subquery(Entry.objects.filter(seq=1).values("hash"))
    return Pulse.objects.filter(pk=1).values_list(first, "beat").first() or (None, 0)


def facts_of(  # noqa: PLR0913 (a question is its words)
    positions: Iterable[Position],
    *,
    action: Action,
    at: datetime | None = None,
    agent: Person | None = None,
    ground: Ground | None = None,
    journal_writes: bool = True,
) -> dict[int, f.Facts]:
    """Return the facts of each position by primary key, in a number of queries that does not depend on how many.

    With `at`, what the engine saw and only alerts about is left out when something later had replaced it by then: the
    answers at `at` are the same, and no past refusal is lost.
    """
    asked = {p.pk: p for p in positions}
    if not asked:
        return {}
    keys = list(asked)
    offices = _offices({p.installation_id for p in asked.values()})
    declarations, orders = _declarations(keys), _orders(keys)
    notices, locations = _notices(keys), _locations([pk for pk in keys if any(o.perimeter for o in orders[pk])])
    aipds, panels, masks = _aipds(offices), _panels(keys), _masks(keys)
    mountings, observations = _mountings(keys), _observations(keys, at)
    person = _agent(agent, asked.values(), offices) if agent is not None else {}
    return {
        pk: f.Facts(
            position=p.code,
            authority=offices[p.installation_id].authority,
            declarations=tuple(declarations[pk]),
            orders=tuple(orders[pk]),
            notices=tuple(notices[pk]),
            locations=tuple(locations[pk]),
            aipds=aipds[p.installation_id],
            panels=tuple(panels[pk]),
            masks=tuple(masks[pk]),
            mountings=mountings[pk],
            observations=tuple(observations[pk]),
            agent=person.get(pk),
            journal_writes=journal_writes,
            action=action,
            ground=ground,
        )
        for pk, p in asked.items()
    }


def _among(keys: Collection[int], field: str) -> dict[str, Collection[int]]:
    """Ask for these keys, or for all: beyond some hundreds, a list of keys is slower than the table."""
    return {f"{field}__in": keys} if len(keys) < MANY else {}


def _held(relation: str) -> FilteredRelation:
    """Join the rows of a relation that no later act cancelled, as `objects` reads them."""
    return FilteredRelation(relation, condition=Q(**{f"{relation}__void_at": None}))


@dataclass(frozen=True, slots=True)
class Office:
    """The responsible of an installation, and the persons of its mandates, each with their days."""

    authority: f.Authority
    mandates: tuple[tuple[int, f.Period], ...]


def _offices(installations: Collection[int]) -> dict[int, Office]:
    """One row per pair of a mandate and a commitment: few of each."""
    rows = (
        Installation.objects.filter(pk__in=installations)
        .annotate(mandates=_held("authority__mandates"), commitments=_held("authority__commitments"))
        .order_by("mandates__starts_on", "commitments__sent_on")
        .values_list(
            "pk",
            *("authority_id", "authority__name", "authority__siret", "authority__public"),
            *("mandates__pk", "mandates__person_id", "mandates__starts_on", "mandates__ends_on"),
            *("commitments__pk", "commitments__sent_on", "commitments__receipt"),
        )
    )
    heads: dict[int, Row] = {}
    mandates: dict[int, dict[int, tuple[int, f.Period]]] = defaultdict(dict)
    sent: dict[int, dict[int, f.Commitment]] = defaultdict(dict)
    for row in rows:
        key, mandate, commitment = row[0], row[5], row[9]
        heads[key] = row[1:5]
        if mandate is not None:
            mandates[key][mandate] = row[6], f.Period(*row[7:9])
        if commitment is not None:
            sent[key][commitment] = f.Commitment(*row[10:])
    return {
        key: Office(
            f.Authority(*[*head, tuple(period for _, period in mandates[key].values()), tuple(sent[key].values())]),
            tuple(mandates[key].values()),
        )
        for key, head in heads.items()
    }


def _declarations(keys: Collection[int]) -> Rows:
    found: Rows = defaultdict(list)
    rows = Declaration.objects.filter(**_among(keys, "position")).order_by("since")
    for position, since, kind, why, *view, purposes, premises, necessity, days in rows.values_list(
        "position_id",
        "since",
        "kind",
        "justification",
        *VIEW,
        "purposes",
        "premises_purpose",
        "necessity",
        "retention_days",
    ):
        declared = since, PlaceKind(kind), why, f.FieldOfView(*view), frozenset(purposes), premises, necessity, days
        found[position].append(f.Declaration(*declared))
    return found


def _orders(keys: Collection[int]) -> Rows:
    """An order is read once, however many positions its annex names."""
    lines = OrderLine.objects.filter(order__void_at=None, **_among(keys, "position")).order_by(
        "order__starts_on", "order_id"
    )
    read = list(lines.values_list("position_id", "order_id", *VIEW, "cameras"))
    orders = _texts({line[1] for line in read})
    found: Rows = defaultdict(list)
    for position, order, *view, cameras in read:
        head, perimeter, measures = orders[order]
        found[position].append(f.Order(*[*head, f.FieldOfView(*view), cameras, perimeter, measures]))
    return found


def _texts(keys: Collection[int]) -> dict[int, tuple[Row, Perimeter, tuple[f.Measure, ...]]]:
    rows = Order.objects.filter(**_among(keys, "pk")).annotate(held=_held("measures"))
    heads: dict[int, tuple[Row, Perimeter]] = {}
    measures: dict[int, list[f.Measure]] = defaultdict(list)
    for row in rows.order_by("pk", "held__since", "held__pk").values_list(
        *("pk", "number", "kind", "signed_on", "starts_on", "ends_on"),
        *("purposes", "premises", "retention_days", "services", "perimeter"),
        *("held__kind", "held__since", "held__until", "held__reference"),
    ):
        key, number, kind, *days = row[:6]
        purposes, premises, retention, services, corners, what, *measure = row[6:]
        if key not in heads:
            head = (key, number, OrderKind(kind), *days, frozenset(purposes), premises, retention, frozenset(services))
            heads[key] = head, tuple((corner[0], corner[1]) for corner in corners)
        if what is not None:
            measures[key].append(f.Measure(MeasureKind(what), *measure))
    return {key: (*text, tuple(measures[key])) for key, text in heads.items()}


def _notices(keys: Collection[int]) -> Rows:
    found: Rows = defaultdict(list)
    through = Notice.positions.through.objects.filter(notice__void_at=None, **_among(keys, "position"))
    letters: dict[int, f.Notice] = {}
    letter: list[Any]
    for position, key, *letter in through.order_by("notice__service_on", "notice_id").values_list(
        "position_id", "notice_id", "notice__sent_on", "notice__service_on", "notice__proved"
    ):
        found[position].append(letters.setdefault(key, f.Notice(*letter)))
    return found


def _locations(keys: Collection[int]) -> Rows:
    """The letters that say a place, of the positions that an order ever put in a perimeter: R-16 reads no other."""
    found: Rows = defaultdict(list)
    if not keys:
        return found
    walled = set(keys)
    rows = LocationNotice.objects.filter(**_among(keys, "position")).order_by("sent_on", "pk")
    for position, sent_on, service_on, proved, *view in rows.values_list(
        "position_id", "sent_on", "service_on", "proved", *VIEW
    ):
        if position in walled:
            found[position].append(f.Notice(sent_on, service_on, proved, f.FieldOfView(*view)))
    return found


def _aipds(installations: Collection[int]) -> dict[int, tuple[f.Aipd, ...]]:
    rows = Aipd.objects.filter(installation__in=installations).annotate(held=_held("consultations"))
    rows = rows.order_by("signed_on", "pk", "held__answered_on", "held__pk")
    signed: dict[int, Row] = {}
    replies: dict[int, list[f.Reply]] = defaultdict(list)
    for key, *aipd, answered_on, allows in rows.values_list(
        "pk",
        *("installation_id", "version", "signed_on", "opinion_on", "residual_high", "review_on"),
        *("held__answered_on", "held__allows"),
    ):
        signed[key] = aipd
        if answered_on is not None:
            replies[key].append(f.Reply(answered_on, allows))
    found: Rows = defaultdict(list)
    for key, (installation, *aipd, review_on) in signed.items():
        found[installation].append(f.Aipd(*[*aipd, tuple(replies[key]), review_on]))
    return {key: tuple(found[key]) for key in installations}


def _panels(keys: Collection[int]) -> Rows:
    """A missing panel keeps telling of the positions that it covered when last seen."""
    links: dict[int, list[int]] = defaultdict(list)
    checks = PanelCheck.objects.filter(panel__void_at=None, **_covering(keys)).order_by("checked_on", "pk")
    told: dict[int, tuple[int, f.PanelCheck]] = {}
    for key, panel, code, checked_on, present, position in checks.values_list(
        "pk", "panel_id", "panel__code", "checked_on", "present", "positions"
    ):
        if key not in told:
            told[key] = panel, f.PanelCheck(code, checked_on, present)
        if position is not None:
            links[key].append(position)
    covered: dict[int, list[int]] = defaultdict(list)
    found: Rows = defaultdict(list)
    for key, (panel, check) in told.items():
        if check.present:
            covered[panel] = links[key]
        for position in covered[panel]:
            found[position].append(check)
    return found


def _covering(keys: Collection[int]) -> dict[str, Any]:
    """Every check of the panels that ever covered one of these positions."""
    if len(keys) >= MANY:
        return {}
    return {"panel__in": PanelCheck.objects.filter(positions__in=keys).values("panel")}


def _masks(keys: Collection[int]) -> Rows:
    found: Rows = defaultdict(list)
    rows = MaskCheck.objects.filter(**_among(keys, "position")).order_by("at", "pk")
    for position, at, clean, masks, picture in rows.values_list(
        "position_id", "at", "nothing_seen", "masks", "document_id"
    ):
        found[position].append(f.MaskCheck(at, clean, len(masks), picture is not None))
    return found


def _mountings(keys: Collection[int]) -> dict[int, tuple[f.Mounting, ...]]:
    rows = Mounting.objects.filter(**_among(keys, "position")).annotate(held=_held("statements"))
    mounted: dict[int, Row] = {}
    statements: dict[int, list[f.Statement]] = defaultdict(list)
    for key, *mounting, at, microphone, analysis in rows.order_by("since", "pk", "held__at", "held__pk").values_list(
        "pk",
        *("position_id", "reference", "since", "until"),
        *("held__at", "held__microphone", "held__analysis"),
    ):
        mounted[key] = mounting
        if at is not None:
            statements[key].append(f.Statement(at, Microphone(microphone), Analysis(analysis)))
    found: dict[int, tuple[f.Mounting, ...]] = defaultdict(tuple)
    for key, (position, *mounting) in mounted.items():
        found[position] += (f.Mounting(*[*mounting, tuple(statements[key])]),)
    return found


def _observations(keys: Collection[int], at: datetime | None) -> Rows:
    """A failed erasure refuses until it is restored: each is read. A figure or a sound only alerts, and the last one
    by `at` says all: a stream that changes for years costs no more than a new one."""
    rows = Observation.objects.filter(**_among(keys, "position")).order_by("at", "pk")
    if at is not None:
        later = Observation.objects.filter(
            position=OuterRef("position"), kind=OuterRef("kind"), at__gt=OuterRef("at"), at__lte=at
        )
        rows = rows.filter(Q(kind__in=ERASURES) | (Q(at__lte=at) & ~Exists(later)))
    found: Rows = defaultdict(list)
    seen: list[Any]
    for position, kind, *seen in rows.values_list("position_id", "kind", "at", "detail", "conforms"):
        found[position].append(f.Observation(Seen(kind), *seen))
    return found


def _agent(person: Person, positions: Iterable[Position], offices: dict[int, Office]) -> dict[int, f.Agent]:
    """Return the person as each position sees them: what differs is whether a habilitation or a mandate covers it."""
    delegations, agreements, employments = _delegations(person), _agreements(person), _employments(person)
    held = _titles(person)
    known: dict[tuple[int, tuple[bool, ...]], f.Agent] = {}
    found = {}
    for p in positions:
        office = offices[p.installation_id]
        commune = office.authority.id
        covers = tuple(
            installation == p.installation_id and (not scope or p.pk in scope) for installation, scope, _ in held
        )
        if (commune, covers) not in known:
            known[commune, covers] = f.Agent(
                name=person.name,
                mandates=tuple(period for elected, period in office.mandates if elected == person.pk),
                # A delegate sees the commune that delegated, as the mayor does (R253-3 II 2° a).
                delegations=delegations if person.authority_id == commune else (),
                agreements=agreements,
                employments=employments,
                habilitations=tuple(
                    replace(title, covers_position=here) for (_, _, title), here in zip(held, covers, strict=True)
                ),
            )
        found[p.pk] = known[commune, covers]
    return found


def _delegations(person: Person) -> tuple[f.Period, ...]:
    rows = Delegation.objects.filter(person=person).order_by("starts_on")
    return tuple(f.Period(*days) for days in rows.values_list("starts_on", "ends_on"))


def _agreements(person: Person) -> tuple[f.Agreement, ...]:
    rows = Agreement.objects.filter(person=person).annotate(held=_held("measures"))
    rows = rows.order_by("starts_on", "pk", "held__since", "held__pk")
    held: dict[int, tuple[Any, ...]] = {}
    measures: dict[int, list[f.Measure]] = defaultdict(list)
    for key, number, signed_on, starts_on, ends_on, kind, since, until in rows.values_list(
        "pk",
        *("number", "signed_on", "starts_on", "ends_on"),
        *("held__kind", "held__since", "held__until"),
    ):
        held[key] = number, starts_on, ends_on, add_months(signed_on, ENQUIRY_MONTHS)
        if kind is not None:
            measures[key].append(f.Measure(MeasureKind(kind), since, until))
    return tuple(f.Agreement(*[*days, tuple(measures[key]), due]) for key, (*days, due) in held.items())


def _employments(person: Person) -> tuple[f.Employment, ...]:
    rows = Employment.objects.filter(person=person).order_by("starts_on", "pk")
    held: dict[int, tuple[Any, ...]] = {}
    territory: dict[int, set[int]] = defaultdict(set)
    for key, *employment, commune in rows.values_list("pk", "starts_on", "ends_on", "employer", "public", "territory"):
        held[key] = tuple(employment)
        if commune is not None:
            territory[key].add(commune)
    return tuple(f.Employment(*[*employment, frozenset(territory[key])]) for key, employment in held.items())


def _titles(person: Person) -> list[tuple[int, set[int], f.Habilitation]]:
    """Return each habilitation with its installation and its positions, none meaning all of them."""
    rows = Habilitation.objects.filter(person=person).order_by("starts_on", "pk")
    held: dict[int, tuple[int, set[int], f.Habilitation]] = {}
    for key, installation, category, *act, actions, withdrawn_at, service, position in rows.values_list(
        "pk",
        "installation_id",
        "category",
        *("act", "signatory", "signed_on", "starts_on", "ends_on"),
        *("actions", "withdrawn_at", "service", "positions"),
    ):
        if key not in held:
            may = frozenset(Action(a) for a in actions)
            title = f.Habilitation(*[Category(category), *act, may, False, withdrawn_at, service])
            held[key] = installation, set(), title
        if position is not None:
            held[key][1].add(position)
    return list(held.values())
