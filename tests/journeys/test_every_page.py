"""Every page of the product, found in its addresses, and every act from form to confirmation: looked at in Chromium."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.db import connections, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import reverse
from django.views import csrf, defaults

from compliance.actions.account import invite
from compliance.events import System
from compliance.forms.acts import ACTS
from compliance.models import Account, Installation, Person
from compliance.views.clock import now
from compliance.views.drafts import Draft, Subject
from tests.compliance.views.answers import CASES
from tests.compliance.views.conftest import LOGINS, db, place, signed_in, town  # noqa: F401 (fixtures)
from tests.journeys.addresses import FOLLOWING, NO_PAGE, example, routes, stream_addresses
from tests.journeys.screens import SITE, Screens

# One that closes, one that hands a link over, one with a picture; `./run proof screens` does them all.
SAMPLE = ("arrete-retirer", "inviter", "masques")


@pytest.fixture
def filmed(place: Installation) -> Installation:  # noqa: F811
    """The demonstration with the streams of its cameras."""
    stream_addresses()
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
