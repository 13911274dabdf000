"""What each page answers: in force until when, what to do, why a camera is dark, what the journal holds."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance import journal
from compliance.actions import order, people, position
from compliance.events import System
from compliance.law import ARTICLES, legal_day
from compliance.law.terms import PlaceKind
from compliance.models import Account, Body, Document, Installation, Order, Verification
from compliance.views import journal as journal_views
from compliance.views.clock import now
from tests.compliance.pages import Page

LAWFUL = ["VAL-01", "VAL-02", "VAL-03", "VAL-04", "VAL-05"]


def read(browser: Client, url: str) -> str:
    """Return a page's text: no markup, ordinary spaces."""
    answer = browser.get(url)
    assert answer.status_code == 200, url
    words = re.sub(r"<[^>]+>", " ", re.sub(r"</?span[^>]*>", "", answer.content.decode()))
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


# --- home ---
def test_the_home_says_until_when_the_system_is_authorised(signed_in: Any) -> None:
    running = Order.objects.order_by("-ends_on").first()

    text = read(signed_in("liaison"), "/")

    assert f"autorisée jusqu’au {running.ends_on.day}" in text or "1er" in text
    assert "5 ouvertes sur 8" in text
    assert "VAL-06, VAL-07, VAL-08 sont éteintes." in text


def test_what_closes_a_camera_comes_first_and_three_at_most(signed_in: Any) -> None:
    page = signed_in("liaison").get("/").content.decode()

    assert page.count('class="todo"') == 3
    assert page.index("Vérifier les masques de") < page.index("Poser et photographier le panneau de")


def test_what_another_office_does_is_told_in_one_sentence(signed_in: Any) -> None:
    text = read(signed_in("dpo"), "/")

    assert "Rien à faire aujourd’hui" in text
    assert "actes attendent quelqu’un d’autre : vérifier les masques de VAL-06 (police municipale)" in text


def test_someone_without_the_dossier_sees_their_own_right_only(signed_in: Any) -> None:
    text = read(signed_in("technique"), "/")

    assert "Aucune image ne vous est ouverte." in text
    assert "Décrire un appareil" in text
    assert "VP-0142" not in text
    assert "VAL-06" not in text


def test_an_agent_sees_the_way_to_the_images_and_by_which_act(signed_in: Any) -> None:
    text = read(signed_in("agent"), "/")

    assert "Agent de police municipale, arrêté du maire" in text
    assert "Voir en direct" in text


def test_without_an_order_the_home_says_so(place: Installation, signed_in: Any) -> None:
    for struck in Order.objects.all():
        order.withdraw(struck, since=now() - timedelta(minutes=1), reference="1", at=now(), by=System.CONSOLE)

    text = read(signed_in("liaison"), "/")

    assert "Votre vidéoprotection n’est pas autorisée." in text
    assert "0 ouverte sur 8" in text


# --- installation ---
def test_the_legal_life_is_seven_steps_with_their_proofs(signed_in: Any) -> None:
    page = signed_in("liaison").get("/installations/VALCLAIR/").content.decode()

    assert page.count('class="task"') == 7
    assert "Manque pour" in page
    assert page.count("/documents/") >= 5


def test_a_step_links_to_an_act_only_for_those_who_may_do_it(signed_in: Any) -> None:
    assert "/actes/arrete/" in signed_in("liaison").get("/installations/VALCLAIR/").content.decode()
    assert "/actes/" not in signed_in("controle").get("/installations/VALCLAIR/").content.decode()


def test_the_list_of_positions_puts_dark_ones_first(signed_in: Any) -> None:
    text = read(signed_in("controle"), "/positions/")

    assert "Cinq caméras ouvertes sur huit." in text
    assert text.index("VAL-08") < text.index("VAL-01")


def test_an_agent_s_page_offers_no_mandate_and_the_list_does(place: Installation, signed_in: Any) -> None:
    browser = signed_in("liaison")
    agent = Account.objects.get(username="agent").person.code

    assert "/actes/mandat/" in browser.get("/personnes/").content.decode()
    page = browser.get(f"/personnes/{agent}/").content.decode()
    assert "/actes/mandat/" not in page
    assert "/actes/mandat-fin/" not in page


def test_the_hour_asked_shows_its_seconds_only_when_it_has_some(signed_in: Any) -> None:
    browser = signed_in("liaison")

    assert 'step="1"' not in browser.get("/positions/VAL-02/porte/").content.decode()
    assert 'step="1"' in browser.get("/positions/VAL-02/porte/?le=2026-11-19&heure=14:02:07").content.decode()


# --- position ---
def test_a_dark_camera_says_every_reason_unmet_first(signed_in: Any) -> None:
    page = signed_in("liaison").get("/positions/VAL-06/").content.decode()
    elements = Page(page)

    assert "Pourquoi cette caméra est éteinte" in page
    assert elements.place("r-05") < elements.place("r-08")
    assert elements.place("r-17") < elements.place("r-08")
    assert "/actes/masques/?position=VAL-06" in page
    assert "azimuth=214" in page
    assert "Éteinte depuis le" in page


def test_an_open_camera_says_why_too(signed_in: Any) -> None:
    text = read(signed_in("liaison"), "/positions/VAL-02/")

    assert "Cette caméra est ouverte" in text
    assert "Toutes sont satisfaites" in text


def test_of_two_orders_in_force_the_page_reads_the_one_that_the_gate_relies_on(
    place: Installation, signed_in: Any
) -> None:
    spot, today = place.positions.get(code="VAL-02"), legal_day(now())
    line = order.Line(position=spot, latitude=1.0, longitude=1.0, azimuth=123.0, angle=9.0, range_m=9.0, cameras=1)
    longer = order.OrderText(number="2026-99", signed_on=today, purposes=(3,), retention_days=30, lines=(line,))
    order.capture(place, text=longer, at=now(), by=System.CONSOLE)

    assert "annexe de l’arrêté 2026-99" not in read(signed_in("liaison"), "/positions/VAL-02/")
    assert "123" not in signed_in("liaison").get("/positions/VAL-02/porte/").content.decode()


def test_the_remedy_is_linked_for_those_who_may_and_named_for_the_others(signed_in: Any) -> None:
    page = signed_in("controle").get("/positions/VAL-06/").content.decode()

    assert "/actes/" not in page
    assert "À faire" in page
    assert "Police municipale" in page


def test_the_story_of_a_position_comes_from_the_journal(signed_in: Any) -> None:
    moved = Body.objects.get(entry__event="position.changed", position__code="VAL-06")

    page = signed_in("liaison").get("/positions/VAL-06/").content.decode()

    assert reverse("journal_entry", args=[moved.entry_id]) in page
    assert "support remplacé" in page


# --- journal, law, people, documents ---
def test_the_journal_is_verified_on_demand_and_says_so(place: Installation, signed_in: Any) -> None:
    browser = signed_in("controle")
    before = read(browser, "/journal/")

    answer = browser.post("/journal/verifier/")

    assert "n’a pas encore été vérifié" in before
    assert answer["Location"] == "/journal/"
    assert "Le journal est intact." in read(browser, "/journal/")
    assert Verification.objects.latest("at").intact


def test_a_long_journal_is_verified_by_the_worker_asked_once(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(journal_views, "READ_AT_ONCE", 3)
    monkeypatch.setattr(journal_views.current_app, "send_task", asked.append)
    browser = signed_in("controle")

    for _ in range(2):
        browser.post("/journal/verifier/")

    assert asked == ["compliance.tasks.verify_journal"]
    assert "entrées sont à relire : la vérification est demandée." in read(browser, "/journal/")
    assert not Verification.objects.exists()


def test_an_altered_journal_is_said_with_its_first_bad_entry(place: Installation, signed_in: Any) -> None:
    journal.remember(journal.Report(now(), 141, 12, journal.Kind.ALTERED_BODY))

    text = read(signed_in("controle"), "/journal/")

    assert "Le journal a été altéré." in text
    assert "contenu changé, à partir de l’entrée 12" in text


def test_the_journal_is_filtered_by_day_operation_author_and_position(signed_in: Any) -> None:
    browser = signed_in("controle")

    def count(filters: str) -> int:
        return browser.get(f"/journal/?{filters}").content.decode().count('<th scope="row"')

    moved = legal_day(now()) - timedelta(days=7)
    assert count("") == 50
    assert count(f"du={moved}&au={moved}") == 1
    assert count("position=VAL-06") == Body.objects.filter(position__code="VAL-06").count()
    assert count("operation=Effacement") == 0
    assert count("auteur=Console") == 50
    assert "Écrivez les dates ainsi" in read(browser, "/journal/?du=hier")


@pytest.mark.parametrize("asked", ["du=0001-01-01", "au=9999-12-31", "du=01/01/0001&au=31/12/9999"])
def test_the_journal_refuses_a_day_that_no_calendar_holds(signed_in: Any, asked: str) -> None:
    assert "Écrivez les dates ainsi" in read(signed_in("controle"), f"/journal/?{asked}")


def test_the_journal_names_no_author_of_another_installation(place: Installation, signed_in: Any) -> None:
    console: dict[str, Any] = {"at": now(), "by": System.CONSOLE}
    other = people.open_installation(place.authority, code="AUTRE", name="Autre", **console)
    person = people.register_person(
        place.authority, code="AIL", name="Ailleurs", function="Ailleurs", installation=other, **console
    )
    theirs = Account.objects.create(username="ailleurs", person=person, date_joined=now())
    people.grant_right(other, account=theirs, right="file", **console)
    people.tell_contact(
        other, since=legal_day(now()), address="a", phone="1", email="", dpo="d", prefecture="p", at=now(), by=theirs
    )

    page = signed_in("controle").get("/journal/").content.decode()

    assert "<option>Maire</option>" in page
    assert "<option>Ailleurs</option>" not in page


def test_the_journal_is_read_page_after_page(signed_in: Any) -> None:
    browser = signed_in("controle")
    seen: list[str] = []
    url = "/journal/"
    while url:
        page = browser.get(url).content.decode()
        seen += re.findall(r'href="/journal/(\d+)/"', page)
        older = re.search(r'href="(\?[^"]*avant=\d+)"', page)
        url = f"/journal/{older.group(1)}" if older else ""

    numbers = [int(n) for n in seen]
    assert numbers == list(range(max(numbers), 0, -1))


def test_an_entry_says_what_was_done_and_its_seal(signed_in: Any) -> None:
    captured = Body.objects.filter(entry__event="order.captured").first()

    text = read(signed_in("controle"), f"/journal/{captured.entry_id}/")

    assert f"Arrêté {captured.values['number']} saisi" in text
    assert captured.entry.hash[:4] in text
    assert "3 ans" in text or "trois ans" in text


def test_every_cited_article_has_its_anchor_and_the_code_its_text(place: Installation) -> None:
    page = Page(Client().get("/loi/").content.decode())

    assert {article.anchor for article in ARTICLES.values()} <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_every_link_to_the_law_lands_on_an_article(signed_in: Any) -> None:
    anchors = {article.anchor for article in ARTICLES.values()}
    browser = signed_in("liaison")

    for url in ("/", "/installations/VALCLAIR/", "/positions/VAL-06/", "/installations/VALCLAIR/actes/masques/"):
        cited = re.findall(r'href="/loi/#([^"]+)"', browser.get(url).content.decode())
        assert cited, url
        assert set(cited) <= anchors, url


def test_the_people_are_listed_with_what_their_titles_are_worth(signed_in: Any) -> None:
    text = read(signed_in("controle"), "/personnes/")

    assert "Quatre titres de voir en vigueur." in text
    assert "À échéance" in text
    assert "Commission départementale de contrôle" in text


def test_a_proof_is_sent_as_a_file_never_shown(signed_in: Any) -> None:
    paper = Document.objects.filter(kind="arrêté").first()

    answer = signed_in("liaison").get(f"/documents/{paper.pk}/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_no_page_of_the_dossier_is_kept_by_the_browser(signed_in: Any) -> None:
    browser = signed_in("liaison")

    for url in ("/", "/installations/VALCLAIR/", "/positions/VAL-06/", "/journal/", "/personnes/"):
        assert "no-store" in browser.get(url)["Cache-Control"], url


def test_the_journal_is_searched_by_a_text_of_its_sentence_or_of_its_values(signed_in: Any) -> None:
    browser = signed_in("controle")

    moved = read(browser, "/journal/?texte=support remplacé")
    captured = read(browser, "/journal/?texte=arrêté")
    none = read(browser, "/journal/?texte=licorne")

    assert "VAL-06" in moved
    assert "Arrêté" in captured
    assert "Aucune entrée ne répond à ces filtres" in none


def test_an_entry_leads_to_its_neighbours_and_says_whether_it_was_verified(signed_in: Any) -> None:
    browser = signed_in("controle")
    before = read(browser, "/journal/2/")
    browser.post("/journal/verifier/")

    page = browser.get("/journal/2/").content.decode()

    assert "À contrôler" in before
    assert "Intact" in page
    assert 'href="/journal/1/"' in page
    assert 'href="/journal/3/"' in page
    assert "Entrée précédente" not in browser.get("/journal/1/").content.decode()


def test_an_entry_of_an_altered_journal_says_so(signed_in: Any) -> None:
    journal.remember(journal.Report(now(), 141, 12, journal.Kind.ALTERED_BODY))
    browser = signed_in("controle")

    assert "Le journal est altéré à partir de l’entrée 12." in read(browser, "/journal/13/")
    assert "Intact" in read(browser, "/journal/11/")


def test_a_deadline_leads_to_its_act_only_for_who_may_do_it(signed_in: Any) -> None:
    assert "/actes/panneau-controle/" in signed_in("liaison").get("/").content.decode()
    assert "/actes/" not in signed_in("controle").get("/").content.decode()


def test_a_date_that_comes_is_a_thing_to_do_for_the_office_whose_act_it_is(signed_in: Any) -> None:
    page = signed_in("maire").get("/").content.decode()

    assert page.count('class="todo"') == 1
    assert "Habilitation PM-03" in read(signed_in("maire"), "/")
    assert "/actes/habilitation/" in page


def test_who_keeps_the_machines_sees_their_health_first(signed_in: Any) -> None:
    assert 'hx-get="/sante/"' in signed_in("technique").get("/").content.decode()


# --- cost ---
def twice_as_many(place: Installation) -> None:
    """Declare as many positions again, all dark."""
    at = now()
    sight = position.Sight(
        kind=PlaceKind.STREET,
        justification="Rue.",
        latitude=49,
        longitude=6,
        azimuth=1,
        angle=40,
        range_m=30,
        purposes=(1,),
    )
    for number in range(9, 17):
        position.declare(
            place, code=f"VAL-{number:02d}", address="rue", sight=sight, since=at, at=at, by=System.CONSOLE
        )


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/installations/VALCLAIR/",
        "/positions/",
        "/positions/VAL-06/",
        "/positions/VAL-06/porte/?le=2031-03-15",
        "/installations/VALCLAIR/porte/?le=2031-03-15",
        "/journal/",
        "/personnes/",
        "/installations/VALCLAIR/actes/arrete/",
        "/installations/VALCLAIR/actes/appareil/",
    ],
)
def test_a_page_costs_as_many_queries_for_sixteen_positions_as_for_eight(
    place: Installation, signed_in: Any, url: str
) -> None:
    browser = signed_in("liaison")
    browser.get(url)

    with CaptureQueriesContext(connection) as eight:
        browser.get(url)
    twice_as_many(place)
    with CaptureQueriesContext(connection) as sixteen:
        browser.get(url)

    assert len(sixteen) == len(eight)
    assert len(eight) < 90
