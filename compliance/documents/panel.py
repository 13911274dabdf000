"""The information panel: more than the law's minimum, the CNIL's list, no right to object (CSI R253-6)."""

from collections.abc import Sequence
from datetime import datetime

import segno

from compliance.documents import public
from compliance.documents.base import (
    Choice,
    Context,
    Holes,
    Kind,
    Subject,
    Unwritable,
    all_named,
    contact_of,
    heading,
)
from compliance.law import articles, legal_day
from compliance.models import Installation, Panel, Position

LONG, LONGEST = 420, 760


def choices(installation: Installation, at: datetime) -> Sequence[Choice]:
    """Return the panels of the register, then the positions that none covers."""
    placed = [Choice(p.code, f"Panneau {p.code}, {p.place}") for p in installation.panels.order_by("code")]
    bare = [Choice(p.code, f"Nouveau panneau pour {p.code}, {p.address}") for p in public.uncovered(installation, at)]
    return [*placed, *bare]


def covered(subject: Subject, *, at: datetime) -> list[Position]:
    """Return what the panel covers: what it covered when last seen, or the position that it is made for."""
    panel = Panel.objects.filter(installation=subject.installation, code=subject.code).first()
    if panel is not None:
        return public.covered_by(panel, at) or list(subject.installation.positions.order_by("code"))
    own = list(Position.objects.filter(installation=subject.installation, code=subject.code))
    if not own:
        raise Unwritable(f"Aucun panneau ni aucune position n’a le code {subject.code} dans cette installation.")
    return own


def context(subject: Subject, *, at: datetime) -> Context:
    """Return what the panel says at an instant."""
    place, day, holes = subject.installation, legal_day(at), Holes()
    positions = covered(subject, at=at)
    codes = {p.code for p in positions}
    everything = subject.once("facts", lambda: public.facts_at(list(place.positions.all()), at))
    known = [facts for facts in everything if facts.position in codes]
    numbers, premises = public.purposes(known, at)
    contact = contact_of(place, day)
    where = public.address_of(place, subject.code)
    purposes = public.in_words(numbers, premises=premises)
    said = {
        "panel": subject.code,
        "address": holes.need(contact and contact.address, "adresse de la mairie"),
        "phone": holes.need(contact and contact.phone, "téléphone de la mairie"),
        "dpo": holes.need(contact and contact.dpo, "coordonnées du délégué à la protection des données"),
        "purposes": holes.need(purposes, "finalités autorisées"),
        "days": holes.need(public.longest_kept(known, at), "durée de conservation"),
        "order": holes.need(all_named(public.orders(known, at)), "arrêté du préfet"),
        "address_shown": holes.need(where.partition("://")[2], "adresse publique du site"),
        "qr": code(where) if where else {"side": 0, "path": ""},
        "articles": "L251-1 et suivants, L255-1 et R253-6",
        "density": density(purposes, contact.address if contact else "", contact.dpo if contact else "", place.name),
    }
    return heading(subject, f"Panneau d’information {subject.code}", holes, **said)


def density(*texts: str) -> str:
    """Return how tight the words must be to stay on one page."""
    length = sum(map(len, texts))
    return "longest" if length > LONGEST else "long" if length > LONG else ""


def code(text: str) -> Context:
    """Return the QR code of an address as one path, a module being one unit, with a margin of two."""
    drawn = segno.make_qr(text, error="m", boost_error=False)
    runs = []
    for y, row in enumerate(drawn.matrix):
        x = 0
        while x < len(row):
            width = 1
            while x + width < len(row) and row[x + width] == row[x]:
                width += 1
            if row[x]:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return {"side": len(drawn.matrix) + 4, "path": "".join(runs)}


KIND = Kind(
    slug="panneau",
    title="Panneau d’information",
    verb="Éditer des panneaux",
    about="L’affiche A4 à poser à l’entrée de chaque lieu filmé. Elle mène à la page d’information du public.",
    articles=articles("CSI R253-6", "CSI L255-1"),
    any_right=("manage_cameras",),
    template="compliance/documents/panel.html",
    choices=choices,
    context=context,
)
