"""Every address of the product with an example of the demonstration: what looks at every page shares it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from cameras import actions as cameras
from compliance.documents import KINDS
from compliance.events import System
from compliance.models import Account, Document, Entry, Habilitation
from compliance.views.clock import now
from config.demo_story import devices
from recording.consultations import open_consultation
from recording.engine.addresses import address_key

# An address that answers by no page of its own, and why.
NO_PAGE = {
    "account_signup": "closed: the adapter refuses every sign-up",
    "act": "looked at act by act",
    "act_check": "looked at act by act",
    "act_done": "looked at act by act",
    "health_position": "a part of the position's page",
    "paper_batch": "looked at where papers are issued, with a worker",
    "invitation": "takes a one-time link out of the address",
    "invitation_choose": "looked at with its link, among the other faces",
    "live_stream": "the images of a consultation, not a page",
    "set_language": "a change, then the same page",
}
FOLLOWING = {  # other faces of pages: label, who, address
    "position-open": ("liaison", "/positions/VAL-02/"),
    "journal-none": ("controle", "/journal/?operation=Effacement"),
    "journal-error": ("controle", "/journal/?du=hier"),
    "live-agent": ("agent", "/direct/"),
    "installation-later": ("liaison", "/installations/VALCLAIR/porte/?le=2031-03-15"),
    "position-later": ("liaison", "/positions/VAL-01/porte/?le=2031-03-15&heure=00:00"),
    "instant-error": ("liaison", "/positions/VAL-06/porte/?le=demain"),
    "403": ("dpo", "/installations/VALCLAIR/actes/arrete/"),
    "404": ("liaison", "/positions/AUT-01/"),
    "410": ("liaison", "/installations/VALCLAIR/actes/arrete/verifier/autre/"),
}


def addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the route of every address of the product."""
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), route


def routes() -> dict[str, str]:
    """Return the route of every named address, ours."""
    return dict(addresses(get_resolver().url_patterns))


def example(route: str) -> dict[str, Any]:
    """Return a value of the demonstration for each part of a route. A new kind of part asks for a new example here."""
    number = open_consultation_number if "direct/" in route else lambda: ""
    known: list[tuple[str, Callable[[], Any]]] = [
        ("installations/<str:code>", lambda: "VALCLAIR"),
        ("positions/<str:code>", lambda: "VAL-06"),
        ("personnes/<str:code>", lambda: "PM-01"),
        ("saisies/<slug:slug>", lambda: "habilitation"),
        ("<int:pk>", lambda: (Habilitation.objects if "saisies/" in route else papers()).earliest("pk").pk),
        ("journal/<int:seq>", lambda: Entry.objects.latest("seq").seq - 3),
        ("<str:number>", number),
        ("editer/<slug:slug>", lambda: next(iter(KINDS))),
        ("information/<str:code>", lambda: "VALCLAIR"),
    ]
    found: dict[str, Any] = {}
    for part, value in known:
        if part in route:
            found[part.split(":")[1].rstrip(">")] = value()
    return found


def papers() -> Any:
    """Return the prefect's orders, as files."""
    return Document.objects.filter(kind="arrêté")


def open_consultation_number() -> str:
    """Return the consultation of an agent, open."""
    account = Account.objects.get(username="agent")
    watched = [m.camera for code, m in devices().items() if code in ("VAL-01", "VAL-02")]
    return str(open_consultation(account, watched, motive="service", text="", at=now()).number)


def stream_addresses() -> None:
    """Give a stream to every camera of the demonstration."""
    address_key(settings.HOME)
    for number, (_, mounting) in enumerate(sorted(devices().items()), start=1):
        cameras.register(mounting, address=f"rtsp://127.0.0.1:1/cam{number}", at=now(), by=System.CONSOLE)
