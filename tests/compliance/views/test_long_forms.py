"""The forms that choose positions among more than a page shows: searched, nothing lost, judged once one answers."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.forms import annex, tick_list
from compliance.models import Batch, Installation, Panel, PanelCheck, Position
from compliance.views.clock import now
from tests.compliance.pages import Page
from tests.compliance.views.answers import CASES, day, photo

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EVERY = [f"VAL-{n:02}" for n in range(1, 9)]
PAPER = "/installations/VALCLAIR/documents/editer/panneau/"


@pytest.fixture(autouse=True)
def _short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tick_list, annex):
        monkeypatch.setattr(module, "SHOWN", 3)


def act(slug: str) -> str:
    return f"/installations/VALCLAIR/actes/{slug}/"


def sent(answer: Any) -> dict[str, Any]:
    """Return what a browser would send of the form shown, but its buttons and its file."""
    found: dict[str, Any] = {}
    for field in Page(answer.content.decode()).all("input"):
        box = field.get("type") in ("checkbox", "radio")
        if field.get("name") and field.get("type") != "file" and (not box or "checked" in field):
            found.setdefault(field["name"], []).append(field.get("value", "on" if box else ""))
    return found


def text(answer: Any) -> str:
    words = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?span[^>]*>", "", answer.content.decode())))
    return " ".join(words.split())


def after(browser: Client, answer: Any) -> Any:
    """Follow to the answers to check."""
    assert answer.status_code == 302, text(answer)
    return browser.get(answer["Location"])


def test_a_search_keeps_what_was_typed_ticked_and_deposited_and_complains_of_nothing(signed_in: Any) -> None:
    browser = signed_in("liaison")
    typed = {"code": "P-06", "positions": ["VAL-07"], "checked_on": day(), "document": photo()}

    found = browser.post(act("panneau"), {**typed, "positions_q": "val-02", "positions_chercher": "1"})

    assert found.status_code == 200
    assert "Erreur" not in text(found)
    assert "Cases cochées : 1 sur 8. 1 ligne répond à « val-02 »." in text(found)
    again = sent(found)
    assert again["positions"] == ["VAL-07"]
    assert again["code"] == ["P-06"]
    assert "Reçu" in text(found)

    answered = browser.post(act("panneau"), {**again, "place": "parvis", "positions": ["VAL-07", "VAL-02"]})

    assert "VAL-02, VAL-07" in text(after(browser, answered))


def test_a_search_is_not_an_answer(signed_in: Any) -> None:
    """All is filled in: still, the button that searches does not lead to the page to check, nor its draft to an act."""
    browser = signed_in("liaison")

    found = browser.post(act("panneau"), {**CASES["panneau"][2](), "positions_q": "gare", "positions_chercher": "1"})
    token = sent(found)["brouillon"][0]
    checking = browser.post(reverse("act_check", args=["VALCLAIR", "panneau", token]), {"vu": "1"})

    assert found.status_code == 200
    assert "Vérifier mes réponses" in text(checking)
    assert not Panel.objects.filter(code="P-06").exists()


def test_a_refused_form_keeps_what_is_ticked_and_not_shown(signed_in: Any) -> None:
    browser = signed_in("liaison")
    ticked = browser.post(act("panneau"), {"code": "P-06", "document": photo(), "positions_cocher": ""})

    refused = browser.post(act("panneau"), {**sent(ticked), "place": "parvis"})

    assert refused.status_code == 422
    assert "Donnez la date." in text(refused)
    assert "Cases cochées : 8 sur 8." in text(refused)
    assert len(sent(refused)["positions"]) == 3

    answered = browser.post(act("panneau"), {**sent(refused), "checked_on": day()})

    assert ", ".join(EVERY) in text(after(browser, answered))


def test_no_position_ticked_is_refused_and_leads_to_the_search(signed_in: Any) -> None:
    refused = signed_in("liaison").post(act("panneau"), {**CASES["panneau"][2](), "positions": []})

    assert "Cochez au moins une réponse." in text(refused)
    assert 'href="#id_positions_0"' in refused.content.decode()
    assert Page(refused.content.decode()).one("id_positions_0")["type"] == "search"


def test_the_annex_asks_the_lines_ticked_and_keeps_those_out_of_sight(signed_in: Any) -> None:
    browser, given = signed_in("liaison"), CASES["arrete"][2]()
    first = browser.get(act("arrete"))
    assert "ligne_" not in first.content.decode()

    shown = browser.post(act("arrete"), {**given, "ligne_VAL-08_azimuth": "12", "positions_cocher": ""})

    lines = {name for name in sent(shown) if name.endswith("_azimuth")}
    assert lines == {f"ligne_VAL-0{n}_azimuth" for n in (1, 2, 3)}

    sight = browser.post(act("arrete"), {**sent(shown), "positions_q": "val-08", "positions_chercher": "1"})

    assert sent(sight)["ligne_VAL-08_azimuth"] == ["12"]

    checked = text(after(browser, browser.post(act("arrete"), {**sent(shown), "kind": "L252-1"})))

    assert "Annexe, VAL-08 azimut 12°" in checked
    declared = Position.objects.get(code="VAL-07").declarations.latest("since")
    assert f"Annexe, VAL-07 azimut {declared.azimuth:g}°, ouverture {declared.angle:g}°" in checked


def test_a_line_that_is_wrong_is_shown_wherever_it_stands(signed_in: Any) -> None:
    browser = signed_in("liaison")
    shown = browser.post(act("arrete"), {**CASES["arrete"][2](), "ligne_VAL-08_angle": "", "positions_cocher": ""})

    refused = browser.post(act("arrete"), {**sent(shown), "kind": "L252-1"})

    assert refused.status_code == 422
    assert "VAL-08 : donnez ce nombre, il est dans l’annexe de l’arrêté." in text(refused)
    assert "ligne_VAL-08_angle" in sent(refused)


def test_a_corrected_order_keeps_its_annex(signed_in: Any) -> None:
    browser = signed_in("liaison")
    row = Installation.objects.get().orders.get(number__endswith="VP-0142")

    opened = browser.get(act("arrete"), {"corrige": row.pk})
    found = browser.post(act("arrete"), {**sent(opened), "positions_q": "val-08", "positions_chercher": "1"})

    assert f"Cases cochées : {row.lines.count()} sur 8." in text(found)


def test_panels_are_all_to_print_unless_some_are_unticked(signed_in: Any) -> None:
    browser = signed_in("liaison")
    opened = browser.get(PAPER)
    total = int(re.search(r"Cases cochées : (\d+) sur \1\.", text(opened))[1])  # type: ignore[index]

    found = browser.post(PAPER, {**sent(opened), "subjects_q": "p-01", "subjects_decocher": "p-01"})

    assert found.status_code == 200
    assert f"Cases cochées : {total - 1} sur {total}." in text(found)
    assert not Batch.objects.exists()

    assert browser.post(PAPER, sent(found)).status_code == 302
    assert len(Batch.objects.get().subjects) == total - 1


@pytest.mark.parametrize("address", [*map(act, ("panneau", "panneau-controle", "arrete", "habilitation")), PAPER])
def test_a_form_asks_as_many_queries_for_many_positions_as_for_few(
    place: Installation, signed_in: Any, address: str
) -> None:
    browser = signed_in("maire" if "habilitation" in address else "liaison")
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        assert browser.get(address).status_code == 200
    for n in range(10, 30):
        panel = Panel.objects.create(installation=place, code=f"P-{n}", place="rue Haute", recorded_at=now())
        seen = PanelCheck.objects.create(panel=panel, checked_on=now(), present=True, recorded_at=now())
        seen.positions.add(Position.objects.create(installation=place, code=f"VAL-{n}", address="rue Haute"))

    with CaptureQueriesContext(connection) as many:
        assert browser.get(address).status_code == 200

    assert len(many) == len(few)
