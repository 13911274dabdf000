"""Every page and every act read in English: what is still French there is said to be (`lang="fr"`), or is a fault."""

import gettext
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from compliance.actions.account import invite
from compliance.documents import KINDS
from compliance.events import System
from compliance.forms.acts import ACTS
from compliance.models import Installation, Person
from compliance.views.acts import last_act
from compliance.views.clock import now
from tests.compliance.views.answers import CASES
from tests.compliance.views.conftest import LOGINS
from tests.journeys.addresses import FOLLOWING, NO_PAGE, example, routes, stream_addresses
from tests.test_marked import SHOWN, UNREAD, VOID, Reader

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
SHORTEST = 8
FRENCH = re.compile(
    r"\b(les|des|une|est|pour|avec|cette|sont|aucune?|dans|du|aux?|qui|que|pas|ne|ce|ces|votre|vous|sur|par|dit|et|ou)\b"
)
# A word with an accent is French, but these: the law's own, kept where it has no English.
ACCENTED = re.compile(r"\b\w*[àâçèéêëîïôûùœ]\w*", re.IGNORECASE)
KEPT = {"arrêté", "agrément", "agréments", "réquisition"}
# French proper names inside an English sentence, each with its English beside it.
PROPER = ("Code de la sécurité intérieure", "[À COMPLÉTER]", "“à compléter”")
CODE = re.compile(r"\s*\b[A-Z]+-\d+\b\s*")


class Said(Reader):
    """Gathers what a reader of English is shown, but what is said to be French: an element may say English again."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang")
        aside = lang == "fr" or tag in UNREAD or (lang is None and self._aside())
        if not aside:
            self.found += [value for name, value in attrs if name in SHOWN and value]
        if tag not in VOID:
            self.open.append((tag, aside))


def shown(page: str) -> list[str]:
    """Return the texts of a page, their spaces made plain."""
    reader = Said()
    reader.feed(page)
    reader.close()
    return [text for piece in reader.found if (text := " ".join(piece.split()))]


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """The French texts that English says otherwise: what a page in English never shows."""
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        fresh = compiled.with_suffix(f".{os.getpid()}")
        subprocess.run(["msgfmt", "-o", str(fresh), str(CATALOGUE)], check=True)
        fresh.replace(compiled)
        trans_real._translations.clear()  # type: ignore[attr-defined]
    with compiled.open("rb") as file:
        known: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {
        " ".join(french.split()): said
        for french, said in known.items()
        if isinstance(french, str) and len(french) >= SHORTEST and french != said and not set("{%") & set(french)
    }


@pytest.fixture
def typed(place: Installation) -> list[str]:
    """What people typed, in French: names, places, motives, numbers of acts; the longest first.

    With the names of the papers, that the title of a page quotes where no element can say their language.
    """
    found = {*PROPER, *(kind.verb for kind in KINDS.values())}
    for model in apps.get_models():
        if model._meta.app_label not in ("compliance", "cameras", "recording"):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                values = model._default_manager.values_list(field.attname, flat=True).distinct()
                found |= _pieces(str(value) for value in values if value)
    return sorted(found, key=len, reverse=True)


def _pieces(values: Iterable[str]) -> set[str]:
    """Return texts as a page cuts them: a code stands in an element of its own."""
    whole = {" ".join(value.split()) for value in values}
    return {piece for value in whole for piece in (value, *CODE.split(value)) if len(piece) >= 4}


def french_in(page: str, english: dict[str, str], typed: list[str]) -> Iterator[str]:
    """Yield what of a page is French and does not say so."""
    for piece in dict.fromkeys(shown(page)):
        text = piece
        for words in typed:
            if words in text:
                text = text.replace(words, "…")
        words = FRENCH.findall(text.lower())
        accents = [word for word in ACCENTED.findall(text) if word.lower() not in KEPT]
        if text in english or len(words) > 1 or accents:
            yield piece


def look(name: str, answer: Any, english: dict[str, str], typed: list[str]) -> list[str]:
    """Return what is French on a page, its name before."""
    page = answer.content.decode()
    assert '<html lang="en"' in page or "<html" not in page, name
    return [f"{name}: {text}" for text in french_in(page, english, typed)]


def in_english(client: Client) -> Client:
    """Return the browser, that asked for English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_every_page_in_english_is_english(
    place: Installation, signed_in: Any, english: dict[str, str], typed: list[str]
) -> None:
    stream_addresses()
    people = {login: in_english(signed_in(login)) for login in LOGINS} | {"personne": in_english(Client())}
    found: list[str] = []
    for name, route in routes().items():
        if name in NO_PAGE or name in ("home", "notice"):
            continue
        url = reverse(name, kwargs=example(route))
        first = ["personne", *LOGINS] if name.startswith("account_") else ["liaison", *LOGINS, "personne"]
        answers = (people[login].get(url) for login in dict.fromkeys(first))
        answer = next((one for one in answers if one.status_code == 200), None)
        if answer is None:
            continue
        if "text/html" in answer["Content-Type"]:
            found += look(name, answer, english, typed)
        elif answer.streaming:
            b"".join(answer)  # a document handed over holds its file open until it is read
    for login in LOGINS:
        found += look(f"home-{login}", people[login].get("/"), english, typed)
    for name, (login, path) in FOLLOWING.items():
        found += look(name, people[login].get(path), english, typed)
    handed = invite(Person.objects.get(code="PM-02"), installation=place, username="pm-02", at=now(), by=System.CONSOLE)
    for name, path in (("invitation-dead", "/invitation/"), ("invitation", reverse("invitation", args=[handed.token]))):
        found += look(name, in_english(Client()).get(path, follow=True), english, typed)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("slug", CASES)
def test_every_act_in_english_is_english(
    place: Installation, signed_in: Any, english: dict[str, str], typed: list[str], slug: str
) -> None:
    login, before, given = CASES[slug]
    before(place)
    answers = given()
    written = _pieces(value for value in answers.values() if isinstance(value, str))
    typed = sorted({*typed, *written}, key=len, reverse=True)
    client = in_english(signed_in(login))
    url = reverse("act", args=["VALCLAIR", slug])
    found = look(f"{slug}-form", client.get(url), english, typed)
    with transaction.atomic():
        found += look(f"{slug}-errors", client.post(url, {}), english, typed)
    asked = client.post(url, answers)
    found += look(f"{slug}-check", client.get(asked["Location"]), english, typed)
    if ACTS[slug].stop:
        found += look(f"{slug}-unticked", client.post(asked["Location"], {"vu": last_act(place)}), english, typed)
    end = client.post(asked["Location"], {"vu": last_act(place), "confirme": "oui"})
    found += look(f"{slug}-done", end if end.status_code == 200 else client.get(end["Location"]), english, typed)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Aucune caméra.</p>", ["Aucune caméra."]),
        ("<p>Journal des actes pour la commune</p>", ["Journal des actes pour la commune"]),
        ('<p aria-label="Rechercher">x</p>', ["Rechercher"]),
        ('<p lang="fr">Aucune <b>caméra</b></p><p>No camera</p>', []),
        ('<p lang="fr">Aucune <b lang="en">caméra</b></p>', ["caméra"]),
        ("<p>Place du Marché, VAL-01: on</p><p>the prefect’s order (arrêté)</p>", []),
    ],
)
def test_a_page_left_in_french_would_be_found(source: str, found: list[str]) -> None:
    known = {"Rechercher": "Search"}
    assert list(french_in(source, known, ["Place du Marché"])) == found
