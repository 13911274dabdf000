"""The letter that tells the prefect, beforehand, the date on which cameras are put in service (CSI R252-17)."""

from collections.abc import Sequence
from datetime import datetime

from compliance.documents import public
from compliance.documents.base import (
    Choice,
    Context,
    Holes,
    Kind,
    Subject,
    Unwritable,
    all_named,
    cited,
    contact_of,
    heading,
)
from compliance.facts import Order
from compliance.law import articles, legal_day
from compliance.models import Installation, Position
from compliance.templatetags import wording


def choices(installation: Installation, at: datetime) -> Sequence[Choice]:  # noqa: ARG001 (the signature of a kind)
    """Return the installation as a whole, then each position."""
    whole = Choice(installation.code, f"Toutes les positions de {installation.name}")
    return [whole, *(Choice(p.code, f"{p.code}, {p.address}") for p in installation.positions.order_by("code"))]


def context(subject: Subject, *, at: datetime) -> Context:
    """Return the letter: which cameras, authorised by which order, in service on which day."""
    place, day, holes = subject.installation, legal_day(at), Holes()
    positions = _positions(subject)
    known = public.facts_at(positions, at)
    contact = contact_of(place, day)
    service = subject.day("service_on")
    numbers = {facts.position: order for facts in known if (order := public.running(facts, at)) is not None}
    return heading(
        subject,
        "Information préalable de mise en service",
        holes,
        address=holes.need(contact and contact.address, "adresse de la mairie"),
        phone=holes.need(contact and contact.phone, "téléphone de la mairie"),
        email=contact.email if contact else "",
        prefecture=holes.need(contact and contact.prefecture, "préfecture destinataire"),
        service=holes.need(service and wording.day_in_full(service), "date de mise en service"),
        order=holes.need(_by(public.orders(known, at)), "arrêté du préfet"),
        positions=[_line(p, numbers.get(p.code)) for p in positions if p.code in numbers or not numbers],
        left_out=[p.code for p in positions if numbers and p.code not in numbers],
        articles=cited("CSI R252-17"),
    )


def _line(position: Position, order: Order | None) -> dict[str, str]:
    return {
        "code": position.code,
        "address": position.address,
        "order": order.number if order else "",
        "cameras": str(order.cameras) if order else "",
    }


def _by(orders: Sequence[Order]) -> str:
    """« l’arrêté préfectoral n° … », inside a sentence."""
    said = all_named(orders)
    return said and f"{'l’' if len(orders) == 1 else 'les '}{said[0].lower()}{said[1:]}"


def _positions(subject: Subject) -> list[Position]:
    mine = subject.installation.positions.order_by("code")
    found = list(mine if subject.code == subject.installation.code else mine.filter(code=subject.code))
    if not found:
        raise Unwritable("Aucune position n’est déclarée : il n’y a rien à mettre en service.")
    return found


KIND = Kind(
    slug="mise-en-service",
    title="Information préalable de mise en service",
    verb="Éditer la lettre de mise en service",
    about="La lettre au préfet, à envoyer avant la date qu’elle annonce, puis à saisir avec sa preuve d’envoi.",
    articles=articles("CSI R252-17"),
    any_right=("file",),
    template="compliance/documents/commissioning.html",
    choices=choices,
    context=context,
)
