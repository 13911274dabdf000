"""Every read that more than one place needs. The facts of one position or of ten thousand cost as many queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from compliance import facts as f
from compliance.law import add_months
from compliance.law.terms import Action, Analysis, Category, Ground, MeasureKind, Microphone, OrderKind, PlaceKind, Seen
from compliance.models import (
    Agreement,
    Aipd,
    CnilCommitment,
    Declaration,
    Delegation,
    Employment,
    Habilitation,
    LocationNotice,
    Mandate,
    MaskCheck,
    Mounting,
    Notice,
    Observation,
    OrderLine,
    PanelCheck,
    Person,
    Position,
    Pulse,
)

ENQUIRY_MONTHS = 60
Rows = dict[int, list[Any]]


def pulse() -> int:
    """Return the number of acts so far: it moved, so the gate must be asked again."""
    return Pulse.objects.filter(pk=1).values_list("beat", flat=True).first() or 0


def facts_of(
    positions: Iterable[Position],
    *,
    action: Action,
    agent: Person | None = None,
    ground: Ground | None = None,
    journal_writes: bool = True,
) -> dict[int, f.Facts]:
    """Return the facts of each position by primary key, in a number of queries that does not depend on how many."""
    asked = list(positions)
    keys = [p.pk for p in asked]
    if not keys:
        return {}
    rows = list(
        Position.objects.filter(pk__in=keys).select_related("installation__authority")
        if len(keys) < 500
        else _all(keys)
    )
    installations = {p.installation_id for p in rows}
    authorities = _authorities({p.installation.authority_id: p.installation.authority for p in rows})
    declarations, orders = _declarations(keys), _orders(keys)
    notices, locations = _notices(keys), _locations(keys)
    aipds, panels, masks = _aipds(installations), _panels(keys), _masks(keys)
    mountings, observations = _mountings(keys), _observations(keys)
    person = _agent(agent, rows) if agent is not None else {}
    return {
        p.pk: f.Facts(
            position=p.code,
            authority=authorities[p.installation.authority_id],
            declarations=tuple(declarations[p.pk]),
            orders=tuple(orders[p.pk]),
            notices=tuple(notices[p.pk]),
            locations=tuple(locations[p.pk]),
            aipds=tuple(aipds[p.installation_id]),
            panels=tuple(panels[p.pk]),
            masks=tuple(masks[p.pk]),
            mountings=tuple(mountings[p.pk]),
            observations=tuple(observations[p.pk]),
            agent=person.get(p.pk),
            journal_writes=journal_writes,
            action=action,
            ground=ground,
        )
        for p in rows
    }


def _all(keys: Sequence[int]) -> Iterable[Position]:
    """Read every position and keep those asked: beyond some hundreds, a list of keys is slower than the table."""
    wanted = set(keys)
    return (p for p in Position.objects.select_related("installation__authority") if p.pk in wanted)


def _among(keys: Sequence[int], field: str) -> dict[str, Sequence[int]]:
    return {f"{field}__in": keys} if len(keys) < 500 else {}


def _authorities(held: dict[int, Any]) -> dict[int, f.Authority]:
    mandates: Rows = defaultdict(list)
    for m in Mandate.objects.filter(authority__in=held).order_by("starts_on"):
        mandates[m.authority_id].append(f.Period(m.starts_on, m.ends_on))
    sent: Rows = defaultdict(list)
    for c in CnilCommitment.objects.filter(authority__in=held).order_by("sent_on"):
        sent[c.authority_id].append(f.Commitment(c.sent_on, c.receipt))
    return {
        pk: f.Authority(pk, a.name, a.siret, a.public, tuple(mandates[pk]), tuple(sent[pk])) for pk, a in held.items()
    }


def _view(row: Any) -> f.FieldOfView:
    return f.FieldOfView(row.latitude, row.longitude, row.azimuth, row.angle, row.range_m)


def _declarations(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for d in Declaration.objects.filter(**_among(keys, "position")).order_by("since"):
        found[d.position_id].append(
            f.Declaration(
                since=d.since,
                kind=PlaceKind(d.kind),
                justification=d.justification,
                view=_view(d),
                purposes=frozenset(d.purposes),
                premises_purpose=d.premises_purpose,
                necessity=d.necessity,
                retention_days=d.retention_days,
            )
        )
    return found


def _orders(keys: Sequence[int]) -> Rows:
    lines = (
        OrderLine.objects.filter(order__void_at=None, **_among(keys, "position"))
        .select_related("order")
        .prefetch_related("order__measures")
        .order_by("order__starts_on", "order_id")
    )
    found: Rows = defaultdict(list)
    for line in lines:
        order = line.order
        found[line.position_id].append(
            f.Order(
                id=order.pk,
                number=order.number,
                kind=OrderKind(order.kind),
                signed_on=order.signed_on,
                starts_on=order.starts_on,
                ends_on=order.ends_on,
                purposes=frozenset(order.purposes),
                premises=order.premises,
                retention_days=order.retention_days,
                services=frozenset(order.services),
                view=_view(line),
                cameras=line.cameras,
                perimeter=tuple((corner[0], corner[1]) for corner in order.perimeter),
                measures=tuple(
                    f.Measure(MeasureKind(m.kind), m.since, m.until, m.reference)
                    for m in sorted(order.measures.all(), key=lambda m: (m.since, m.pk))
                ),
            )
        )
    return found


def _notices(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    through = Notice.positions.through.objects.filter(notice__void_at=None, **_among(keys, "position"))
    for link in through.select_related("notice").order_by("notice__service_on", "notice_id"):
        n = link.notice
        found[link.position_id].append(f.Notice(n.sent_on, n.service_on, n.proved))
    return found


def _locations(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for n in LocationNotice.objects.filter(**_among(keys, "position")).order_by("sent_on", "pk"):
        found[n.position_id].append(f.Notice(n.sent_on, n.service_on, n.proved, _view(n)))
    return found


def _aipds(installations: Iterable[int]) -> Rows:
    found: Rows = defaultdict(list)
    rows = Aipd.objects.filter(installation__in=installations).prefetch_related("consultations")
    for a in rows.order_by("signed_on", "pk"):
        replies = sorted(a.consultations.all(), key=lambda c: (c.answered_on, c.pk))
        found[a.installation_id].append(
            f.Aipd(
                version=a.version,
                signed_on=a.signed_on,
                opinion_on=a.opinion_on,
                residual_high=a.residual_high,
                replies=tuple(f.Reply(c.answered_on, c.allows) for c in replies),
                review_on=a.review_on,
            )
        )
    return found


def _panels(keys: Sequence[int]) -> Rows:
    """A missing panel keeps telling of the positions that it covered when last seen."""
    covered: dict[int, set[int]] = defaultdict(set)
    checks = list(PanelCheck.objects.select_related("panel").order_by("checked_on", "pk"))
    through = PanelCheck.positions.through.objects.filter(**_among(keys, "position"))
    links: dict[int, list[int]] = defaultdict(list)
    for key, position in through.values_list("panelcheck_id", "position_id"):
        links[key].append(position)
    found: Rows = defaultdict(list)
    for check in checks:
        if check.present:
            covered[check.panel_id] = set(links[check.pk])
        for position in covered[check.panel_id]:
            found[position].append(f.PanelCheck(check.panel.code, check.checked_on, check.present))
    return found


def _masks(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for c in MaskCheck.objects.filter(**_among(keys, "position")).order_by("at", "pk"):
        found[c.position_id].append(f.MaskCheck(c.at, c.nothing_seen, len(c.masks), c.document_id is not None))
    return found


def _mountings(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    rows = Mounting.objects.filter(**_among(keys, "position")).prefetch_related("statements")
    for m in rows.order_by("since", "pk"):
        stated = sorted(m.statements.all(), key=lambda s: (s.at, s.pk))
        found[m.position_id].append(
            f.Mounting(
                reference=m.reference,
                since=m.since,
                until=m.until,
                statements=tuple(f.Statement(s.at, Microphone(s.microphone), Analysis(s.analysis)) for s in stated),
            )
        )
    return found


def _observations(keys: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for o in Observation.objects.filter(**_among(keys, "position")).order_by("at", "pk"):
        found[o.position_id].append(f.Observation(Seen(o.kind), o.at, o.detail, o.conforms))
    return found


def _agent(person: Person, positions: Sequence[Position]) -> dict[int, f.Agent]:
    """Return the person as each position sees them: what differs is whether a habilitation or a mandate covers it."""
    mandates = list(Mandate.objects.filter(person=person).order_by("starts_on"))
    delegations = tuple(
        f.Period(d.starts_on, d.ends_on) for d in Delegation.objects.filter(person=person).order_by("starts_on")
    )
    agreements = tuple(_agreement(a) for a in _agreements(person))
    employments = tuple(
        f.Employment(e.starts_on, e.ends_on, e.employer, e.public, frozenset(a.pk for a in e.territory.all()))
        for e in Employment.objects.filter(person=person).prefetch_related("territory").order_by("starts_on")
    )
    held = list(Habilitation.objects.filter(person=person).prefetch_related("positions").order_by("starts_on"))
    scopes = {h.pk: {p.pk for p in h.positions.all()} for h in held}
    return {
        p.pk: f.Agent(
            name=person.name,
            mandates=tuple(
                f.Period(m.starts_on, m.ends_on) for m in mandates if m.authority_id == p.installation.authority_id
            ),
            # A delegate sees the commune that delegated, as the mayor does (R253-3 II 2° a).
            delegations=delegations if person.authority_id == p.installation.authority_id else (),
            agreements=agreements,
            employments=employments,
            habilitations=tuple(_title(h, p, scopes[h.pk]) for h in held),
        )
        for p in positions
    }


def _agreements(person: Person) -> Iterable[Agreement]:
    return Agreement.objects.filter(person=person).prefetch_related("measures").order_by("starts_on", "pk")


def _agreement(row: Agreement) -> f.Agreement:
    return f.Agreement(
        number=row.number,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        measures=tuple(
            f.Measure(MeasureKind(m.kind), m.since, m.until)
            for m in sorted(row.measures.all(), key=lambda m: (m.since, m.pk))
        ),
        enquiry_due=add_months(row.signed_on, ENQUIRY_MONTHS),
    )


def _title(row: Habilitation, position: Position, scope: set[int]) -> f.Habilitation:
    covers = row.installation_id == position.installation_id and (not scope or position.pk in scope)
    return f.Habilitation(
        category=Category(row.category),
        act=row.act,
        signatory=row.signatory,
        signed_on=row.signed_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        actions=frozenset(Action(a) for a in row.actions),
        covers_position=covers,
        withdrawn_at=row.withdrawn_at,
        service=row.service,
    )
