"""What a person answers to each act of the table, and who answers: complete, lawful, the shortest that works."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.actions import account, habilitation, order
from compliance.actions import people as people_acts
from compliance.actions import position as position_acts
from compliance.actions.dossier import place_panel, sign_aipd
from compliance.events import System
from compliance.law import legal_day
from compliance.law.terms import OrderKind, PlaceKind
from compliance.models import (
    Account,
    Agreement,
    AgreementMeasure,
    CnilCommitment,
    Delegation,
    Employment,
    Habilitation,
    Installation,
    Invitation,
    Mandate,
    Mounting,
    Order,
    OrderMeasure,
    Person,
    Position,
)
from compliance.views.clock import now
from config import demo_proofs

CONSOLE = System.CONSOLE
Given = dict[str, Any]


def pdf(name: str = "piece.pdf") -> SimpleUploadedFile:
    """Return a small real PDF."""
    return SimpleUploadedFile(name, demo_proofs.paper("Pièce", "d’essai"), "application/pdf")


def photo(name: str = "photo.png") -> SimpleUploadedFile:
    """Return a small real picture."""
    return SimpleUploadedFile(name, demo_proofs.snapshot("VAL-06", "aujourd’hui", masks=2), "image/png")


def moment(minutes_ago: int = 0) -> str:
    """Return an instant as `datetime-local` sends it, at Paris time."""
    from compliance.law import PARIS

    return (now() - timedelta(minutes=minutes_ago)).astimezone(PARIS).strftime("%Y-%m-%dT%H:%M:%S")


def day(ahead: int = 0) -> str:
    """Return a day from today as `type="date"` sends it."""
    return (legal_day(now()) + timedelta(days=ahead)).isoformat()


CONE = {"latitude": "49.01", "longitude": "6.07", "azimuth": "96", "angle": "52", "range_m": "40"}


def line(code: str) -> Given:
    """Return the line of the annex of a position, as the form names it."""
    return {f"ligne_{code}_{name}": value for name, value in {**CONE, "cameras": "1"}.items()}


def main_order() -> Order:
    """Return the order of the seven lawful positions."""
    return Order.objects.get(number__endswith="VP-0142")


# --- what some acts need to have happened ---
def provisional(place: Installation) -> None:
    """A provisional order runs."""
    at = now()
    position = Position.objects.get(code="VAL-08")
    order.capture(
        place,
        text=order.OrderText(
            number="PROV-1",
            kind=OrderKind.GATHERING,
            signed_on=legal_day(at),
            purposes=(1,),
            lines=(order.Line(position=position, latitude=49, longitude=6, azimuth=1, angle=1, range_m=1),),
        ),
        at=at,
        by=CONSOLE,
    )


def suspended(place: Installation) -> None:
    """The main order is suspended."""
    at = now()
    order.suspend(main_order(), since=at - timedelta(minutes=3), reference="1", at=at, by=CONSOLE)


def risky(place: Installation) -> None:
    """The last AIPD leaves a high risk."""
    today = legal_day(now())
    sign_aipd(
        place,
        version="3",
        signed_on=today,
        opinion_on=today,
        opinion="favorable",
        residual_high=True,
        review_on=None,
        document=None,
        at=now(),
        by=CONSOLE,
    )


def agreed(place: Installation) -> None:
    """An agent holds an agrément."""
    today = legal_day(now())
    habilitation.record_agreement(
        Person.objects.get(code="PM-02"),
        installation=place,
        number="AG-1",
        signed_on=today,
        starts_on=today,
        ends_on=None,
        at=now(),
        by=CONSOLE,
    )


def delegated(place: Installation) -> None:
    """A member holds a delegation."""
    people_acts.delegate(
        Person.objects.get(code="PM-02"),
        installation=place,
        number="D-1",
        starts_on=legal_day(now()),
        ends_on=None,
        at=now(),
        by=CONSOLE,
    )


def undecided(place: Installation) -> None:
    """A position that no order names yet."""
    at = now()
    sight = position_acts.Sight(
        kind=PlaceKind.STREET, justification="Rue.", latitude=49, longitude=6, azimuth=1, angle=1, range_m=1
    )
    position_acts.declare(place, code="VAL-20", address="2, rue du Puits", sight=sight, since=at, at=at, by=CONSOLE)


def planned(place: Installation) -> None:
    """A panel that no photo proves."""
    place_panel(place, code="P-20", place="Pont", at=now(), by=CONSOLE)


def unwritten(place: Installation) -> None:
    """The commune has not written to the CNIL yet."""
    CnilCommitment.objects.filter(authority=place.authority).delete()


def agreement_suspended(place: Installation) -> None:
    """An agent's agrément is suspended."""
    agreed(place)
    at = now()
    since = at - timedelta(minutes=3)
    habilitation.suspend_agreement(Agreement.objects.get(), installation=place, since=since, at=at, by=CONSOLE)


def invited(place: Installation) -> None:
    """Somebody holds a link."""
    person = Person.objects.get(code="PM-02")
    account.invite(person, installation=place, username="pm-02", at=now(), by=CONSOLE)


def closed(place: Installation) -> None:
    """A login is closed."""
    account.disable_account(Account.objects.get(username="dpo"), installation=place, at=now(), by=CONSOLE)


def nothing(place: Installation) -> None:
    """The story is enough."""


Case = tuple[str, Callable[[Installation], None], Callable[[], Given]]
CASES: dict[str, Case] = {
    "coordonnees": (
        "liaison",
        nothing,
        lambda: {
            "address": "1, place de la Mairie", "phone": "03 00 00 00 00", "email": "mairie@commune.example",
            "dpo": "dpd@commune.example", "prefecture": "préfecture de la Moselle", "since": day(),
        },
    ),
    "arrete": (
        "liaison",
        nothing,
        lambda: {
            "document": pdf(), "number": "2026-VP-0388", "kind": "L252-1", "signed_on": day(-1),
            "purposes": ["1", "11"], "retention_days": "15", "positions": ["VAL-08"], **line("VAL-08"),
        },
    ),
    "arrete-suspendre": (
        "liaison",
        nothing,
        lambda: {"order": main_order().pk, "since": moment(), "reference": "D-12", "kind": "suspension"},
    ),
    "arrete-retirer": (
        "liaison", nothing, lambda: {"order": main_order().pk, "since": moment(), "reference": "D-13"},
    ),
    "arrete-lever": (
        "liaison", suspended, lambda: {"measure": OrderMeasure.objects.get().pk, "until": moment()},
    ),
    "fin-evenement": (
        "liaison",
        provisional,
        lambda: {"order": Order.objects.get(number="PROV-1").pk, "since": moment(), "reference": "constat"},
    ),
    "engagement": ("liaison", nothing, lambda: {"sent_on": day(-1), "receipt": "RU-1", "document": pdf()}),
    "aipd": (
        "maire",
        nothing,
        lambda: {
            "version": "3", "opinion_on": day(-2), "opinion": "reserves", "signed_on": day(-1), "residual_high": "non",
            "document": pdf(),
        },
    ),
    "cnil-reponse": (
        "liaison",
        risky,
        lambda: {
            "aipd": Installation.objects.get().aipds.get(version="3").pk, "answered_on": day(), "allows": "non",
            "document": pdf(),
        },
    ),
    "mise-en-service": (
        "liaison",
        nothing,
        lambda: {"positions": ["VAL-07"], "sent_on": day(-3), "service_on": day(2), "document": pdf()},
    ),
    "localisation": (
        "liaison",
        nothing,
        lambda: {"position": "VAL-07", **CONE, "sent_on": day(-3), "service_on": day(2), "document": pdf()},
    ),
    "panneau": (
        "liaison",
        nothing,
        lambda: {
            "code": "P-06", "place": "parvis de la gare", "positions": ["VAL-07"], "checked_on": day(),
            "document": photo(),
        },
    ),
    "panneau-controle": (
        "liaison",
        nothing,
        lambda: {
            "panel": "P-01", "checked_on": day(), "present": "oui", "positions": ["VAL-01"], "document": photo(),
        },
    ),
    "masques": (
        "liaison",
        nothing,
        lambda: {
            "position": "VAL-06", "checked_at": moment(), "document": photo(), "verdict": "non", "masks": "3",
        },
    ),
    "position": (
        "liaison",
        nothing,
        lambda: {
            "position": "VAL-06", "kind": "street", "justification": "La rue.", "purposes": ["1", "11"], **CONE,
            "since": moment(), "reason": "remis à 214°",
        },
    ),
    "appareil": (
        "technique",
        nothing,
        lambda: {
            "mounting": Mounting.objects.get(position__code="VAL-02").pk, "microphone": "off", "analysis": "off",
            "stated_at": moment(), "document": pdf(),
        },
    ),
    "appareil-deposer": (
        "technique",
        nothing,
        lambda: {"mounting": Mounting.objects.get(position__code="VAL-02").pk, "until": moment()},
    ),
    "habilitation": (
        "maire",
        nothing,
        lambda: {
            "person": "PM-02", "category": "municipal_police", "act": "arrêté 9", "signatory": "mayor",
            "actions": ["watch"], "signed_on": day(-1), "starts_on": day(), "document": pdf(),
        },
    ),
    "habilitation-retirer": (
        "maire",
        nothing,
        lambda: {"habilitation": Habilitation.objects.get(person__code="PM-01").pk, "since": moment()},
    ),
    "agrement": (
        "maire",
        nothing,
        lambda: {
            "person": "PM-02", "number": "AG-1", "signed_on": day(-1), "starts_on": day(), "document": pdf(),
        },
    ),
    "agrement-suspendre": (
        "maire",
        agreed,
        lambda: {"agreement": Agreement.objects.get().pk, "kind": "suspension", "since": moment()},
    ),
    "delegation": (
        "maire", nothing, lambda: {"person": "PM-02", "number": "D-1", "starts_on": day(), "document": pdf()},
    ),
    "delegation-fin": (
        "maire", delegated, lambda: {"delegation": Delegation.objects.get().pk, "ends_on": day()},
    ),
    "emploi": (
        "maire",
        nothing,
        lambda: {
            "person": "PM-02", "employer": "Commune", "public": "oui", "competent": "oui", "starts_on": day(-9),
        },
    ),
    "position-corriger": (
        "technique",
        undecided,
        lambda: {"position": "VAL-20", "address": "2 bis, rue du Puits", "reason": "faute de frappe"},
    ),
    "panneau-prevoir": ("technique", nothing, lambda: {"code": "P-21", "place": "Pont"}),
    "panneau-corriger": (
        "technique",
        planned,
        lambda: {"panel": "P-20", "place": "Rive gauche", "reason": "mât trop haut"},
    ),
    "personne-corriger": (
        "maire",
        nothing,
        lambda: {"person": "PM-02", "name": "Personne fictive", "function": "Brigadier", "reason": "promotion"},
    ),
    "commune-corriger": (
        "maire",
        unwritten,
        lambda: {
            "name": "Valclair", "siret": "215 709 999 00015", "insee": "57999", "reason": "faute de frappe",
        },
    ),
    "mandat": ("liaison", nothing, lambda: {"person": "MAI", "starts_on": day()}),
    "personne": ("maire", nothing, lambda: {"code": "PM-09", "name": "Personne fictive", "function": "Agent"}),
    "mandat-fin": ("liaison", nothing, lambda: {"mandate": Mandate.objects.get().pk, "ends_on": day()}),
    "emploi-fin": (
        "maire", nothing, lambda: {"employment": Employment.objects.get(person__code="PM-02").pk, "ends_on": day()},
    ),
    "agrement-lever": (
        "maire", agreement_suspended, lambda: {"measure": AgreementMeasure.objects.get().pk, "until": moment()},
    ),
    "inviter": (
        "maire",
        nothing,
        lambda: {"person": "PM-02", "username": "pm-02", "email": "pm@valclair.example", "role": "agent"},
    ),
    "lien-renvoyer": ("maire", nothing, lambda: {"account": "agent"}),
    "invitation-annuler": ("maire", invited, lambda: {"invitation": Invitation.objects.latest("pk").pk}),
    "compte-rouvrir": ("maire", closed, lambda: {"account": "dpo"}),
    "compte-fermer": ("maire", nothing, lambda: {"account": "agent"}),
    "droit": ("maire", nothing, lambda: {"account": "agent", "right": "control", "given": "oui"}),
}  # fmt: skip
