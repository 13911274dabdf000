"""Every page of the product, found in its addresses, and every act from form to confirmation: looked at in Chromium."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.db import connections, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import csrf, defaults

from cameras import actions as cameras
from compliance.actions.account import invite
from compliance.documents import KINDS
from compliance.events import System
from compliance.forms.acts import ACTS
from compliance.models import Account, Document, Entry, Habilitation, Installation, Person
from compliance.views.clock import now
from compliance.views.drafts import Draft, Subject
from config.demo_story import devices
from recording.consultations import open_consultation
from recording.engine.addresses import address_key
from tests.compliance.views.answers import CASES
from tests.compliance.views.conftest import LOGINS, db, place, signed_in, town  # noqa: F401 (fixtures)
from tests.journeys.screens import SITE, Screens

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
}
# One that closes, one that hands a link over, one with a picture; `./run proof screens` does them all.
SAMPLE = ("arrete-retirer", "inviter", "masques")
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


@pytest.fixture
def filmed(place: Installation) -> Installation:  # noqa: F811
    """The demonstration with the streams of its cameras."""
    from django.conf import settings

    address_key(settings.HOME)
    for number, (_, mounting) in enumerate(sorted(devices().items()), start=1):
        cameras.register(mounting, address=f"rtsp://127.0.0.1:1/cam{number}", at=now(), by=System.CONSOLE)
    return place


@pytest.fixture
def one_connection(filmed: Installation) -> Iterator[None]:
    """Keep this test's connection where Playwright's event loop runs: Django would open another there, and wait."""
    kept = connections._connections
    connections._connections = SimpleNamespace(default=connections["default"])  # type: ignore[assignment]
    yield
    connections._connections = kept


@pytest.fixture
def screens(one_connection: None, page: Any) -> Iterator[Screens]:
    """The browser, answered by this process."""
    looking = Screens(page)
    yield looking
    looking.close()


def who_reads(name: str, url: str, people: dict[str, Client]) -> tuple[str, Client] | None:
    """Return the first account to which an address answers by a page; nothing where it answers by none."""
    refused = []
    for login, client in people.items():
        answer = client.get(url)
        if answer.status_code == 200:
            return (login, client) if "text/html" in answer["Content-Type"] else None
        refused.append(answer.status_code)
    assert 405 in refused, f"{name} ne répond par une page à personne : {refused}"
    return None


def test_every_page_is_looked_at(screens: Screens, signed_in: Any) -> None:  # noqa: F811
    people = {login: signed_in(login) for login in ("liaison", "agent", "maire", "dpo", "technique", "controle")}
    people["personne"] = Client()
    for name, route in routes().items():
        if name in NO_PAGE or name == "home":
            continue
        values = example(route)
        assert route.count("<") == len(values), f"aucun exemple pour l’adresse {route} ({name})"
        url = reverse(name, kwargs=values)
        order = ["personne", *LOGINS] if name.startswith("account_") else ["liaison", *LOGINS, "personne"]
        reader = who_reads(name, url, {login: people[login] for login in dict.fromkeys(order)})
        if reader is not None:
            screens.client = reader[1]
            screens.open(url, name)
    for login in LOGINS:
        screens.client = people[login]
        screens.open("/", f"home-{login}")


def test_every_other_face_and_every_refusal_is_looked_at(
    screens: Screens,
    place: Installation,  # noqa: F811
    signed_in: Any,  # noqa: F811
) -> None:
    for label, (login, path) in FOLLOWING.items():
        screens.client = signed_in(login)
        screens.open(path, label)
    screens.client = Client()
    screens.open("/invitation/", "invitation-dead")
    handed = invite(Person.objects.get(code="PM-02"), installation=place, username="pm-02", at=now(), by=System.CONSOLE)
    screens.open(reverse("invitation", args=[handed.token]), "invitation")
    screens.served = {
        "/400": lambda request: defaults.bad_request(request, BadRequest()),
        "/403-csrf": lambda request: csrf.csrf_failure(request),
        "/429": lambda request: render(request, "429.html", status=429),
        "/500": lambda request: defaults.server_error(request),
        "/503": lambda request: render(
            request, "503.html", {"reason": "Le journal ne peut pas être écrit."}, status=503
        ),
    }
    for path in screens.served:
        screens.open(path, path.strip("/"))


def test_acts_are_looked_at_from_their_form_to_their_confirmation(
    screens: Screens,
    place: Installation,  # noqa: F811
    signed_in: Any,  # noqa: F811
) -> None:
    for slug in ACTS if screens.whole else SAMPLE:
        screens.client = signed_in(CASES[slug][0])
        with transaction.atomic():
            an_act(screens, place, slug)
            transaction.set_rollback(True)


def an_act(screens: Screens, place: Installation, slug: str) -> None:  # noqa: F811
    """Do an act in the browser: nothing answered, everything answered, checked, confirmed."""
    _, before, given = CASES[slug]
    before(place)
    screens.open(reverse("act", args=["VALCLAIR", slug]), f"act-{slug}-1-form")
    screens.page.click("main form .actions button")
    screens.look(f"act-{slug}-2-errors")
    assert screens.page.title().startswith("Erreur : "), slug
    asked = screens.client.post(reverse("act", args=["VALCLAIR", slug]), given())
    screens.open(asked["Location"], f"act-{slug}-3-check")
    if ACTS[slug].stop:
        screens.page.click("main form .actions button")
        screens.look(f"act-{slug}-4-unticked")
        screens.page.check("[name=confirme]")
    screens.page.click("main form .actions button")
    assert screens.page.locator("h1").inner_text() == "L’acte est enregistré."
    screens.look(f"act-{slug}-5-done")


def test_a_page_with_faults_is_not_let_through(screens: Screens) -> None:
    """The sweep itself: it must see what it is there to see."""
    faulty = (
        "<html><title>Claire-voie</title><style>a { outline: none !important }</style><h1>Un</h1><h1>Deux</h1>"
        '<img src="/static/logo.svg"><a href="/">Suite</a><p style="width: 600px">Large</p></html>'
    )
    screens.served["/faux"] = lambda request: HttpResponse(faulty)

    screens.open("/faux", "faux")

    seen = "\n".join(screens.faults)
    screens.faults.clear()
    for word in ("titre", "2 h1", "à 390 px : déborde", "axe image-alt", "axe html-has-lang", "focus invisible"):
        assert word in seen, word


def test_a_second_confirmation_is_looked_at(screens: Screens, place: Installation, signed_in: Any) -> None:  # noqa: F811
    screens.client = signed_in("liaison")
    given = CASES["engagement"][2]()
    url = reverse("act", args=["VALCLAIR", "engagement"])
    checking = screens.client.post(url, given)["Location"]
    subject = Subject(Account.objects.get(username="liaison"), place, "engagement")
    screens.page.goto(f"{SITE}{checking}")

    Draft.find(checking.rstrip("/").rsplit("/", 1)[1], subject).claim()
    screens.page.click("main form .actions button")

    screens.look("409")
    assert screens.page.locator("h1").inner_text() == "Cet acte est déjà confirmé."
