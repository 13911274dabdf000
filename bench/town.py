"""Four more lawful positions beside the demonstration's five, by acts: a wall of nine to measure."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from cameras import actions as cameras
from compliance.actions import document as documents
from compliance.actions import dossier, order, position
from compliance.events import System
from compliance.law.terms import Analysis, Microphone, PlaceKind
from compliance.models import Installation, Position

CONSOLE = System.CONSOLE


def four_more(simulator: str) -> list[str]:
    """Return the codes of the positions added; they are open at once, and one habilitation covers them already."""
    then, now = timezone.now() - timedelta(days=40), timezone.now()
    day = then.date()
    installation = Installation.objects.get(code="VALCLAIR")
    proof = documents.receive(
        installation, kind="photo", name="preuve.png", content=picture(), at=then, by=CONSOLE, photo=True
    )
    places = [placed(installation, f"VAL-{number:02}", then) for number in range(9, 13)]
    lines = tuple(order.Line(position=p, **cone()) for p in places)
    text = order.OrderText(number="2026-VP-0990", signed_on=day, purposes=(1,), retention_days=15, lines=lines)
    order.capture(installation, text=text, at=then, by=CONSOLE, document=proof)
    letter = {"sent_on": day, "service_on": day + timedelta(days=2), "document": proof}
    dossier.send_commissioning(installation, positions=places, at=then, by=CONSOLE, **letter)
    panel = dossier.place_panel(installation, code="P-90", place="banc de mesure", at=then, by=CONSOLE)
    seen = {"checked_on": day, "present": True, "document": proof}
    dossier.check_panel(panel, positions=places, at=then, by=CONSOLE, **seen)
    for number, place in enumerate(places, start=6):
        equipped(place, f"{simulator}/cam{number}", then=then, now=now, proof=proof)
    return [p.code for p in places]


def cone() -> dict[str, float]:
    """Return one place and its field."""
    return {"latitude": 49.1, "longitude": 6.1, "azimuth": 90.0, "angle": 60.0, "range_m": 40.0}


def picture() -> bytes:
    """Return a small grey picture."""
    kept = BytesIO()
    Image.new("L", (64, 36), 128).save(kept, "PNG")
    return kept.getvalue()


def placed(installation: Installation, code: str, then: Any) -> Position:
    """Declare a position of the street."""
    sight = position.Sight(kind=PlaceKind.STREET, justification="banc de mesure", purposes=(1,), **cone())
    return position.declare(
        installation, code=code, address="banc de mesure", sight=sight, at=then, by=CONSOLE, since=then
    )


def equipped(place: Position, address: str, *, then: Any, now: Any, proof: Any) -> None:
    """Mount a silent device, check its masks, give its stream."""
    mounted = position.mount(place, reference=f"Banc {place.code}", since=then, at=then, by=CONSOLE)
    said = {"microphone": Microphone.ABSENT, "analysis": Analysis.ABSENT}
    position.state(mounted, stated_at=then, at=then, by=CONSOLE, **said)
    later = then + timedelta(hours=1)
    position.check_masks(place, checked_at=later, clean=True, masks=[], document=proof, at=later, by=CONSOLE)
    cameras.register(mounted, address=address, at=now, by=CONSOLE)
