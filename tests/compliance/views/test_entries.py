"""What was entered, and its correction through its pages: the same questions, the first answers, the two rows kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from compliance.actions import dossier, order
from compliance.actions.mistake import entries_of
from compliance.actions.roles import ROLES
from compliance.forms.acts import ACTS
from compliance.forms.undo import KINDS
from compliance.law import PARIS, legal_day
from compliance.models import AgreementMeasure, Body, Habilitation, Installation, Notice, OrderMeasure, Position
from compliance.views.acts import last_act
from compliance.views.clock import now
from tests.compliance.views import answers
from tests.compliance.views.conftest import LOGINS

READERS = {login for login in LOGINS if {"read", "control"} & set(ROLES[login].rights)}


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def everything(place: Installation) -> None:
    """One row of each kind at least."""
    answers.agreement_suspended(place)
    answers.delegated(place)
    answers.risky(place)
    answers.suspended(place)
    today = legal_day(now())
    by: dict[str, Any] = {"at": now(), "by": answers.CONSOLE}
    dossier.record_answer(place.aipds.get(version="3"), answered_on=today, allows=True, document=None, **by)
    cone = {"latitude": 49.0, "longitude": 6.0, "azimuth": 1.0, "angle": 60.0, "range_m": 40.0}
    dossier.send_location(
        Position.objects.get(code="VAL-01"),
        place=cone,
        sent_on=today - timedelta(days=2),
        service_on=today,
        document=None,
        **by,
    )


def corrector(place: Installation, slug: str, signed_in: Any) -> Client:
    """Return a browser of a login that may do the act, and whose own mandate it is not."""
    login = next(login for login in reversed(LOGINS) if ACTS[slug].opens_to(ROLES[login].rights))
    browser: Client = signed_in(login)
    return browser


def sent(form: Any) -> dict[str, Any]:
    """Return what a browser would send of a page that nobody touched."""
    found = {}
    for field in form:
        value = field.value()
        match value:
            case None | False:
                continue
            case True:
                value = "on"
            case datetime():
                value = value.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M:%S.%f")
            case date():
                value = value.isoformat()
        found[field.html_name] = value
    return {**found, "why": "mal lu"}


@pytest.mark.parametrize("login", LOGINS)
def test_what_is_entered_is_shown_to_readers_only(place: Installation, signed_in: Any, login: str) -> None:
    browser, row = signed_in(login), Habilitation.objects.first()

    pages = [
        browser.get(reverse("entries", args=[place.code])),
        browser.get(reverse("entry", args=[place.code, "habilitation", row.pk])),
    ]

    assert {page.status_code for page in pages} == {200 if login in READERS else 403}


def test_every_kind_has_its_list_and_its_pages(place: Installation, signed_in: Any) -> None:
    everything(place)
    browser = signed_in("controle")

    for slug, kind in KINDS.items():
        row = entries_of(kind.model, place).first()
        listing = browser.get(reverse("entries", args=[place.code]), {"quoi": slug})
        page = browser.get(reverse("entry", args=[place.code, slug, row.pk]))

        assert kind.words in text_of(listing), slug
        assert reverse("entry", args=[place.code, slug, row.pk]) in text_of(listing)
        assert page.status_code == 200, slug
        assert "Corriger une erreur" not in text_of(page), "a controller only reads"
        assert "/journal/" in text_of(page), slug


def test_the_list_costs_as_many_queries_whatever_it_holds(
    place: Installation, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in("liaison")
    browser.get(reverse("entries", args=[place.code]))

    with django_assert_max_num_queries(12):
        browser.get(reverse("entries", args=[place.code]), {"quoi": "masques"})


@pytest.mark.parametrize("slug", KINDS)
def test_a_correction_starts_from_what_was_entered(place: Installation, signed_in: Any, slug: str) -> None:
    everything(place)
    kind = KINDS[slug]
    row = entries_of(kind.model, place).order_by("pk").last()
    act = kind.act(row)
    browser = corrector(place, act, signed_in)

    page = browser.get(reverse("act", args=[place.code, act]), {"corrige": row.pk})
    assert page.status_code == 200
    assert "Correction d’une saisie du" in text_of(page)
    same = browser.post(reverse("act", args=[place.code, act]), sent(page.context["form"]))

    assert "Rien ne diffère de la première saisie." in text_of(same), text_of(same)


def test_a_wrong_date_is_corrected_and_both_entries_stay(place: Installation, signed_in: Any) -> None:
    browser, row = signed_in("liaison"), Notice.objects.get()
    page = browser.get(reverse("act", args=[place.code, "mise-en-service"]), {"corrige": row.pk})
    given = {**sent(page.context["form"]), "service_on": (row.service_on + timedelta(days=1)).isoformat()}

    asked = browser.post(reverse("act", args=[place.code, "mise-en-service"]), given)
    checking = browser.get(asked["Location"])
    assert "La pièce déjà reçue" in text_of(checking)
    browser.post(asked["Location"], {"vu": str(last_act(place))})

    right = Notice.objects.get()
    assert (right.corrects, right.document) == (row, row.document)
    assert right.service_on == row.service_on + timedelta(days=1)
    assert Body.objects.latest("entry").sentence.startswith("Saisie corrigée, mise en service annoncée")
    old = text_of(browser.get(reverse("entry", args=[place.code, "mise-en-service", row.pk])))
    new = text_of(browser.get(reverse("entry", args=[place.code, "mise-en-service", right.pk])))
    assert "Elle ne compte plus, à aucune date." in old
    assert "La saisie qui la corrige" in old
    assert "Corriger une erreur" not in old
    assert "La saisie qu’elle corrige" in new


def test_a_correction_made_in_english_is_told_in_french(
    place: Installation, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, row = signed_in("liaison"), Notice.objects.get()
    browser.cookies["langue"] = "en"
    monkeypatch.setattr(
        "django.utils.translation._trans.gettext",
        lambda words: f"[{words}]" if translation.get_language() == "en" else words,
    )
    url = reverse("act", args=[place.code, "mise-en-service"])
    page = browser.get(url, {"corrige": row.pk})
    assert "[Mise en service le]" in text_of(page)
    asked = browser.post(
        url, {**sent(page.context["form"]), "service_on": (row.service_on + timedelta(days=1)).isoformat()}
    )
    browser.post(asked["Location"], {"vu": str(last_act(place))})

    (change,) = Body.objects.latest("entry").values["changes"]
    assert change.startswith("Mise en service le : ")


def test_a_measure_that_should_not_exist_is_voided_and_the_cameras_open_again(
    place: Installation, signed_in: Any
) -> None:
    answers.suspended(place)
    row = OrderMeasure.objects.get()
    browser = signed_in("liaison")
    url = reverse("act", args=[place.code, "arrete-suspendre"])
    given = sent(browser.get(url, {"corrige": row.pk}).context["form"])

    asked = browser.post(url, {**given, "correction": "annuler"})
    checking = browser.get(asked["Location"])
    assert "VAL-01" in text_of(checking)
    browser.post(asked["Location"], {"vu": str(last_act(place)), "confirme": "oui"})

    assert not OrderMeasure.objects.exists()
    assert OrderMeasure.ever.get().void_reason == "mal lu"


def test_what_was_corrected_is_not_corrected_twice(place: Installation, signed_in: Any) -> None:
    row = Notice.objects.get()
    Notice.objects.filter(pk=row.pk).update(void_at=now(), void_reason="déjà")
    browser = signed_in("liaison")
    url = reverse("act", args=[place.code, "mise-en-service"])

    assert browser.get(url, {"corrige": row.pk}).status_code == 404
    late = browser.post(url, {**answers.CASES["mise-en-service"][2](), "corrige": str(row.pk)})
    assert "elle ne se corrige plus" in text_of(late)


def test_a_withdrawal_is_not_corrected_as_a_suspension(place: Installation, signed_in: Any) -> None:
    at = now()
    row = order.withdraw(answers.main_order(), since=at, reference="R", at=at, by=answers.CONSOLE)
    browser = signed_in("liaison")

    def answer(slug: str) -> int:
        return int(browser.get(reverse("act", args=[place.code, slug]), {"corrige": row.pk}).status_code)

    assert (answer("arrete-suspendre"), answer("arrete-retirer")) == (404, 200)


def test_the_page_of_an_entry_leads_to_the_act_that_undoes_it(place: Installation, signed_in: Any) -> None:
    everything(place)
    struck, held = AgreementMeasure.objects.get(), Habilitation.objects.first()
    browser = signed_in("maire")

    lift = text_of(browser.get(reverse("entry", args=[place.code, "agrement-mesure", struck.pk])))
    withdraw = text_of(browser.get(reverse("entry", args=[place.code, "habilitation", held.pk])))

    assert f"/actes/agrement-lever/?measure={struck.pk}" in lift
    assert f"/actes/habilitation-retirer/?habilitation={held.pk}" in withdraw
    assert f"/actes/habilitation/?corrige={held.pk}" in withdraw


def test_another_installation_s_entry_is_not_found(place: Installation, signed_in: Any) -> None:
    browser = signed_in("maire")

    for args in (["VALCLAIR", "habilitation", 999999], ["VALCLAIR", "danse", 1]):
        assert browser.get(reverse("entry", args=args)).status_code == 404
