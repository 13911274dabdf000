"""The pages of the papers: who asks for which, once; how far the work is; what the public reads."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from compliance.actions import order
from compliance.documents import KINDS, press, render
from compliance.events import System
from compliance.models import Account, Batch, Contact, Document, Entry, Installation, Order, OrderLine, Position
from compliance.views import papers
from compliance.views.clock import now
from tests.compliance.pages import Page
from tests.compliance.views.conftest import LOGINS, status_of
from tests.compliance.views.test_refusals import RIGHTS

HOME, EDIT = "/installations/VALCLAIR/documents/", "/installations/VALCLAIR/documents/editer/{}/"
NOTICE = "/information/VALCLAIR/"
ANSWERS: dict[str, dict[str, Any]] = {
    "panneau": {"subjects": ["P-01", "VAL-07"]},
    "habilitation": {"subjects": "PM-01"},
    "mise-en-service": {"subjects": "VALCLAIR"},
    "registre": {"since": "2026-01-01", "until": "2026-01-31"},
    "etat": {"on": "2031-02-03"},
}


@pytest.fixture(autouse=True)
def _blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "pdf", lambda text: f"%PDF-1.7 {text}".encode())


def ask(browser: Client, kind: str, **changes: Any) -> Any:
    return browser.post(EDIT.format(kind), {"key": str(uuid.uuid4()), **ANSWERS[kind], **changes})


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</?span[^>]*>", "", answer.content.decode()))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


# --- who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", LOGINS)
def test_each_kind_is_asked_for_by_those_who_hold_its_right_only(signed_in: Any, login: str) -> None:
    browser = signed_in(login)
    mine = {slug for slug, kind in KINDS.items() if RIGHTS[login].intersection(kind.any_right)}

    opened = {slug for slug in KINDS if browser.get(EDIT.format(slug)).status_code == 200}
    posted = {slug for slug in KINDS if ask(browser, slug).status_code == 302}

    assert opened == posted == mine
    assert Batch.objects.count() == len(mine)


def test_papers_are_seen_by_readers_and_by_those_who_may_ask(signed_in: Any, place: Installation) -> None:
    made = {}
    for slug, answers in ANSWERS.items():
        subjects = answers.get("subjects", "VALCLAIR")
        codes = [subjects] if isinstance(subjects, str) else subjects
        batch = Batch.objects.create(installation=place, kind=slug, subjects=codes[:1], asked_at=now())
        press.work(batch.pk, clock=now)
        made[slug] = (batch, Document.objects.get(batch=batch))

    for login in LOGINS:
        reads = bool(RIGHTS[login] & {"read", "control"})
        browser = signed_in(login)
        listed = browser.get(HOME).content.decode()
        for slug, (batch, document) in made.items():
            seen = reads or bool(RIGHTS[login].intersection(KINDS[slug].any_right))
            file = reverse("document", args=[document.pk])
            assert (f'href="{file}"' in listed) is seen, (login, slug)
            assert status_of(browser.get(file)) == (200 if seen else 403), (login, slug)
            followed = browser.get(reverse("paper_batch", args=["VALCLAIR", batch.pk]))
            assert followed.status_code == (200 if seen else 403), (login, slug)


def test_a_visitor_is_led_to_the_door(place: Installation) -> None:
    for url in (HOME, EDIT.format("etat"), f"/installations/VALCLAIR/documents/edition/{uuid.uuid4()}/"):
        assert Client().get(url).status_code == 302


def test_what_does_not_exist_is_not_a_refusal(signed_in: Any) -> None:
    browser = signed_in("liaison")

    for url in (EDIT.format("affiche"), f"{HOME}edition/{uuid.uuid4()}/", "/installations/AUTRE/documents/"):
        assert browser.get(url).status_code == 404


# --- asking, following ----------------------------------------------------------------------------------------------
def test_a_form_sent_twice_at_the_same_instant_asks_once(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, key = signed_in("controle"), str(uuid.uuid4())
    ask(browser, "etat", key=key)
    # The second request had looked before the first one wrote.
    monkeypatch.setattr(Batch.objects, "filter", lambda **_: Batch.objects.none())

    answer = ask(browser, "etat", key=key)

    assert answer["Location"] == f"{HOME}edition/{key}/"


def test_a_form_sent_twice_asks_once(signed_in: Any) -> None:
    browser, key = signed_in("liaison"), str(uuid.uuid4())

    first, again = ask(browser, "panneau", key=key), ask(browser, "panneau", key=key)

    assert first["Location"] == again["Location"] == f"{HOME}edition/{key}/"
    assert Entry.objects.filter(event="paper.asked").count() == 1


def test_every_panel_is_proposed_and_ticked(signed_in: Any) -> None:
    page = Page(signed_in("liaison").get(EDIT.format("panneau")).content.decode())

    boxes = [b for b in page.all("input") if b.get("name") == "subjects"]

    assert [b["value"] for b in boxes] == ["P-01", "P-02", "P-03", "P-04", "P-05", "VAL-07"]
    assert all("checked" in b for b in boxes)


@pytest.mark.parametrize(
    ("login", "kind", "changes", "said"),
    [
        ("liaison", "panneau", {"subjects": []}, "Cochez au moins une réponse."),
        ("liaison", "panneau", {"subjects": ["P-99"]}, "Ce choix n’est plus proposé"),
        ("liaison", "mise-en-service", {"service_on": "2020-01-01"}, "Au plus tôt demain"),
        ("dpo", "registre", {"until": "2025-12-31"}, "La fin ne peut précéder le début"),
        ("dpo", "registre", {"since": "hier"}, "Écrivez la date ainsi : 19/11/2026."),
        ("dpo", "etat", {"on": "jamais"}, "Écrivez la date ainsi : 19/11/2026."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_question(
    signed_in: Any, login: str, kind: str, changes: dict[str, Any], said: str
) -> None:
    answer = ask(signed_in(login), kind, **changes)

    assert answer.status_code == 422
    assert said in words(answer)
    assert "<title>Erreur" in answer.content.decode()
    assert not Batch.objects.exists()


def test_the_page_says_how_far_the_work_is_however_often_it_is_opened(signed_in: Any) -> None:
    browser = signed_in("liaison")
    page = ask(browser, "panneau")["Location"]

    before = browser.get(page).content.decode()
    press.work(Batch.objects.get().pk, clock=now)
    after = browser.get(page).content.decode()

    assert Page(before).all("progress")[0]["value"] == "0"
    assert Page(before).all("main")[0]["hx-get"] == page
    assert "documents se préparent." in before
    assert "Vos 2 documents sont prêts." in after
    assert "hx-get" not in Page(after).all("main")[0]
    assert "1 sur" not in browser.get(HOME).content.decode()


def test_a_work_that_stopped_says_why(signed_in: Any) -> None:
    browser = signed_in("liaison")
    page = ask(browser, "panneau")["Location"]
    Batch.objects.update(asked_by=Account.objects.get(username="dpo"))

    press.work(Batch.objects.get().pk, clock=now)

    assert "L’édition s’est arrêtée." in words(browser.get(page))
    assert "votre fonction n’a pas" in words(browser.get(page))


def test_a_draft_is_told_from_a_paper_that_is_ready(signed_in: Any) -> None:
    browser = signed_in("maire")
    ask(browser, "habilitation")
    press.work(Batch.objects.get().pk, clock=now)

    said = words(browser.get(HOME))

    assert "Arrêté d’habilitation individuelle PM-01" in said
    assert "À compléter" in said
    assert re.search(r"PM-01 \W*1 ", said)


# --- the public -----------------------------------------------------------------------------------------------------
def test_the_public_page_tells_everything_and_names_nobody(place: Installation) -> None:
    answer = Client().get(NOTICE, {"panneau": "P-03"})
    said = words(answer)

    assert answer.status_code == 200
    for told in (
        "La commune filme ici.", "entrée de la rue du Pont", "Deux positions autorisées.", "15 jours au plus",
        "Le maire, trois agents de police municipale.", "Mission d’intérêt public RGPD art. 6 à vérifier", "dpd@",
        "CSI L253-5",
        "Le droit d’opposition ne s’applique pas ici", "VP-0142", "version 2", "Les images d’hier s’effacent le",
        "Aucun logiciel d’analyse n’est en marche",
    ):  # fmt: skip
        assert told in said, told
    assert "Personne fictive" not in said
    assert "49.0" not in said


def test_the_public_page_may_be_kept_and_opens_no_session(place: Installation, signed_in: Any) -> None:
    answer = signed_in("liaison").get(NOTICE)

    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=600"}
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert "Secrétariat" not in answer.content.decode()


def test_without_an_order_in_force_the_public_page_says_so(place: Installation) -> None:
    for struck in Order.objects.all():
        order.withdraw(struck, since=now() - timedelta(minutes=1), reference="1", at=now(), by=System.CONSOLE)
    Contact.objects.all().delete()

    said = words(Client().get(NOTICE))

    assert "Aucune caméra n’est autorisée ici aujourd’hui." in said
    assert "Aucune image n’est enregistrée" in said
    assert "À la mairie de Valclair-sur-Moselle." in said


def test_the_public_page_of_a_position_or_of_nothing(place: Installation) -> None:
    assert "gare" in words(Client().get(NOTICE, {"panneau": "VAL-07"}))
    assert Client().get(NOTICE, {"panneau": "<script>"}).status_code == 404
    assert Client().get("/information/NULLE/").status_code == 404
    assert Client().post(NOTICE).status_code == 405


def test_the_public_page_does_not_tell_the_place_of_a_project(place: Installation) -> None:
    OrderLine.objects.filter(position__code="VAL-07").delete()

    said = words(Client().get(NOTICE, {"panneau": "VAL-07"}))

    assert "Aucune caméra n’est autorisée ici aujourd’hui." in said
    assert Position.objects.get(code="VAL-07").address not in said


def test_the_panel_leads_to_the_public_page(place: Installation, signed_in: Any) -> None:
    with override_settings(PUBLIC_URL="https://commune.example"):
        ask(signed_in("liaison"), "panneau")
        press.work(Batch.objects.get().pk, clock=now)
    kept = Document.objects.get(subject="P-01")

    page = b"".join(signed_in("liaison").get(reverse("document", args=[kept.pk])).streaming_content).decode()

    assert "commune.example/information/VALCLAIR/?panneau=" in page
    assert Client().get(NOTICE, {"panneau": "P-01"}).status_code == 200


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Aucun document édité"), (1, "Un document édité"), (4, "Quatre documents édités")]
)
def test_the_page_is_headed_by_how_many_papers_it_lists(count: int, words: str) -> None:
    assert papers._title(count) == words
