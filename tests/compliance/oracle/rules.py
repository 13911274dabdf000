"""The law re-read the slow way, one small function per line of the catalogue: rows and an instant in, yes or no out.

Written from the law file and from what the catalogue says, without the requirements, the judge or the facts: this is
what they are compared with. A rule that speaks of an order is asked of one order at a time: see `answer.py`.
"""

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from tests.compliance.oracle.known import Known, Somebody, day_of, holds, strikes

EARTH_M = 6_371_000.0
STREET, PREMISES = {"street", "mixed"}, {"open_to_public", "mixed"}
SEEING = {"watch", "replay", "export", "probe"}


# --- what is declared and what stands -------------------------------------------------------------------------------
def declared(known: Known, at: datetime) -> Any:
    """Return the last declaration made by an instant."""
    made = [d for d in known.declarations if d.since <= at]
    return made[-1] if made else None


def films(known: Known, at: datetime, kinds: set[str]) -> bool:
    """True where the place is declared of one of these kinds."""
    held = declared(known, at)
    return held is not None and held.kind in kinds


def devices(known: Known, at: datetime) -> list[Any]:
    """Return the devices mounted and not yet taken down."""
    return [m for m in known.mountings if m.since <= at and (m.until is None or at < m.until)]


def last_said(known: Known, device: Any, at: datetime) -> Any:
    """Return what was last declared of a device."""
    said = [s for s in known.statements.get(device.pk, []) if s.at <= at]
    return said[-1] if said else None


# --- the orders -----------------------------------------------------------------------------------------------------
def in_force(known: Known, line: Any, at: datetime) -> bool:
    """True between the order's days, unless suspended, withdrawn, stopped, or its event over (R-08, R-10, R-19)."""
    order = line.order
    if not holds(order, at):
        return False
    return not any(strikes(m, at) for m in known.measures.get(order.pk, []))


def purposes_allowed(known: Known, line: Any, at: datetime) -> bool:
    """R-03: on the street, at least one purpose, all among those of the order."""
    if not films(known, at, STREET):
        return True
    wanted = declared(known, at).purposes
    return len(wanted) > 0 and all(p in line.order.purposes for p in wanted)


def premises_allowed(known: Known, line: Any, at: datetime) -> bool:
    """R-03 bis: in premises, their one purpose is declared and the order allows premises."""
    if not films(known, at, PREMISES):
        return True
    return bool(declared(known, at).premises_purpose and line.order.premises)


def place_told(known: Known, line: Any, at: datetime) -> bool:
    """R-16: in a perimeter, a letter told this place before the position came, and since it stood elsewhere."""
    if not line.order.perimeter:
        return True
    made = [d for d in known.declarations if d.since <= at]
    if not made:
        return False
    stays: list[list[Any]] = []
    for declaration in made:
        if stays and metres(stays[-1][-1], declaration) <= 5:
            stays[-1].append(declaration)
        else:
            stays.append([declaration])
    came = day_of(stays[-1][0].since)
    came_before = day_of(stays[-2][0].since) if len(stays) > 1 else None
    return any(
        letter.proved
        and metres(letter, made[-1]) <= 5
        and letter.sent_on < came
        and (came_before is None or came_before <= letter.sent_on)
        for letter in known.locations
    )


def conforms(known: Known, line: Any, at: datetime) -> bool:
    """R-17: some device, no more than the annex says, within its field (or anywhere in the perimeter)."""
    held, standing = declared(known, at), devices(known, at)
    if held is None or not 1 <= len(standing) <= line.cameras:
        return False
    if line.order.perimeter:
        north = [corner[0] for corner in line.order.perimeter]
        east = [corner[1] for corner in line.order.perimeter]
        return min(north) < held.latitude < max(north) and min(east) < held.longitude < max(east)
    if metres(held, line) > 5 or held.range_m > line.range_m + 5:
        return False
    if line.angle >= 360:
        return True
    # Walk the declared cone from edge to edge: no ray may leave the allowed cone by more than two degrees.
    rays = [held.azimuth + held.angle * step / 40 - held.angle / 2 for step in range(41)]
    return all(apart(ray, line.azimuth) <= line.angle / 2 + 2 + 1e-9 for ray in rays)


def keeping_allowed(known: Known, line: Any, at: datetime) -> bool:
    """R-47, what the order says: a duration of a month at most, and no more asked than it allows."""
    held, days = declared(known, at), line.order.retention_days
    if days is None or not 1 <= days <= 31:
        return False
    return held is None or held.retention_days is None or held.retention_days <= days


def metres(one: Any, other: Any) -> float:
    """Return the distance between two places on the globe."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    east = radians(one.longitude - other.longitude)
    chord = sin((lat1 - lat2) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(east / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(chord))


def apart(one: float, other: float) -> float:
    """Return how far two directions are, whichever way one turns."""
    turned = (one - other) % 360
    return min(turned, 360 - turned)


# --- the rest of the dossier ----------------------------------------------------------------------------------------
def authority_stands(known: Known, at: datetime) -> bool:
    """R-01: a public authority, identified, with a mayor in office."""
    named = known.authority.public and known.authority.siret
    return bool(named) and any(holds(m, at) for m in known.mandates)


def place_typed(known: Known, at: datetime) -> bool:
    """R-02: typed, with a reason, and open to the public."""
    held = declared(known, at)
    return held is not None and held.kind != "none" and bool(held.justification)


def exposure_written(known: Known, at: datetime) -> bool:
    """R-04: purpose 5° on the street asks a note, once written."""
    if not films(known, at, STREET) or 5 not in declared(known, at).purposes:
        return True
    return any(d.since <= at and d.necessity for d in known.declarations)


def masks_checked(known: Known, at: datetime) -> bool:
    """R-05: the last check saw no dwelling, on a picture, and nothing that changes the picture came after it."""
    if not films(known, at, STREET):
        return True
    looked = [c for c in known.masks if c.at <= at]
    if not looked or not looked[-1].nothing_seen or looked[-1].document_id is None:
        return False
    return all(change <= looked[-1].at for change in picture_changes(known) if change <= at)


def picture_changes(known: Known) -> list[datetime]:
    """Return when what the picture shows may have changed: place, cone, kind, device."""
    looks = ("latitude", "longitude", "azimuth", "angle", "range_m", "kind")
    changes, before = [m.since for m in known.mountings], None
    for declaration in known.declarations:
        now = [getattr(declaration, name) for name in looks]
        if now != before:
            changes.append(declaration.since)
        before = now
    return changes


def silent(known: Known, at: datetime) -> bool:
    """R-06: each device's microphone is declared, and not on; no device, nothing declared."""
    said = [last_said(known, d, at) for d in devices(known, at)]
    return bool(said) and all(s is not None and s.microphone != "on" for s in said)


def service_announced(known: Known, at: datetime) -> bool:
    """R-15: a proved letter left before the day that it announces, and the day has come."""
    return any(n.proved and n.sent_on < n.service_on and n.service_on <= day_of(at) for n in known.notices)


def commitment_sent(known: Known, at: datetime) -> bool:
    """R-21: sent to the CNIL, with a receipt."""
    return any(c.receipt and c.sent_on <= day_of(at) for c in known.commitments)


def assessed(known: Known, at: datetime) -> bool:
    """R-22: on the street, an AIPD signed with the DPO's opinion."""
    return not films(known, at, STREET) or any(complete(a, at) for a in known.aipds)


def complete(aipd: Any, at: datetime) -> bool:
    """True once signed and once the DPO's opinion was given."""
    return aipd.signed_on <= day_of(at) and aipd.opinion_on is not None and aipd.opinion_on <= day_of(at)


def risk_answered(known: Known, at: datetime) -> bool:
    """R-23: where a high risk remains in the AIPD in use or the last signed, the CNIL answered and does not oppose."""
    signed = [a for a in known.aipds if a.signed_on <= day_of(at)]
    in_use = [a for a in signed if complete(a, at)]
    for aipd in (*in_use[-1:], *signed[-1:]):
        answers = [r for r in known.replies.get(aipd.pk, []) if r.answered_on <= day_of(at)]
        if aipd.residual_high and not (answers and answers[-1].allows):
            return False
    return True


def public_told(known: Known, at: datetime) -> bool:
    """R-27: a panel covering the position was once seen and photographed."""
    return any(c.present and c.checked_on <= day_of(at) for c in known.panels)


def no_algorithm(known: Known, at: datetime) -> bool:
    """R-63: on the street, no device whose analysis cannot be switched off."""
    said = [last_said(known, d, at) for d in devices(known, at)] if films(known, at, STREET) else []
    return all(s is None or s.analysis != "permanent" for s in said)


def erasure_works(known: Known, at: datetime) -> bool:
    """R-47, what the keeper said: the last erasure did not fail."""
    said = [o for o in known.observations if o.at <= at and o.kind in ("erasure_failed", "erasure_restored")]
    return not said or said[-1].kind == "erasure_restored"


# --- the person -----------------------------------------------------------------------------------------------------
def may_see(known: Known, somebody: Somebody | None, action: str, at: datetime, line: Any) -> set[str]:
    """Return what forbids this person to see: R-30 on the street, R-30 bis in premises, R-36 for private hands."""
    refused = set()
    if films(known, at, STREET):
        if somebody is None or not any(
            sees_street(known, somebody, title, at, line) for title in titles(known, somebody, action, at)
        ):
            refused.add("R-30")
        if somebody is not None and private_hands(somebody, at):
            refused.add("R-36")
    if films(known, at, PREMISES) and (
        somebody is None
        or not any(
            title is None
            or (
                title.category in ("controller_agent", "private_operator")
                and title.signatory in ("controller", "mayor")
            )
            for title in titles(known, somebody, action, at)
        )
    ):
        refused.add("R-30 bis")
    return refused


def titles(known: Known, somebody: Somebody, action: str, at: datetime) -> list[Any]:
    """Return the person's habilitations for this position and action, and None for the mandate of its own commune."""
    found: list[Any] = [
        h
        for h in somebody.habilitations
        if holds(h, at)
        and (h.withdrawn_at is None or at < h.withdrawn_at)
        and h.installation_id == known.position.installation_id
        and (h.pk not in somebody.scopes or known.position.pk in somebody.scopes[h.pk])
        and action in h.actions
    ]
    if action in SEEING and any(holds(m, at) and m.authority_id == known.authority.pk for m in somebody.mandates):
        found.append(None)
    return found


def sees_street(known: Known, somebody: Somebody, title: Any, at: datetime, line: Any) -> bool:
    """True where R253-3 II admits the title: mayor, delegate, municipal police, approved agent, State agent."""
    if title is None:
        return True
    competent = any(
        holds(e, at) and known.authority.pk in somebody.territories.get(e.pk, ()) for e in somebody.employments
    )
    match title.category:
        case "delegate":
            own = somebody.person.authority_id == known.authority.pk
            return own and any(holds(d, at) for d in somebody.delegations)
        case "municipal_police":
            return title.signatory == "mayor" and competent
        case "communal_agent":
            return competent and any(
                holds(a, at) and not any(strikes(m, at) for m in somebody.strikes.get(a.pk, []))
                for a in somebody.agreements
            )
        case "state_agent":
            named = line is not None and title.service in line.order.services
            return title.signatory == "chief_of_service" and named
        case _:
            return False


def private_hands(somebody: Somebody, at: datetime) -> bool:
    """R-36: works for a private employer, or holds a private operator's title."""
    return any(holds(e, at) and not e.public for e in somebody.employments) or any(
        h.category == "private_operator" and holds(h, at) and (h.withdrawn_at is None or at < h.withdrawn_at)
        for h in somebody.habilitations
    )
