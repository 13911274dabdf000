"""A refusal is said in the reader's language on the page, and in French in the log."""

import logging
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

import cameras.actions
from cameras.models import Camera
from compliance.actions import paper
from compliance.documents import KINDS
from compliance.matrix import Dossier
from recording import hours, probes
from recording.views.clock import now, reading
from tests.compliance.built import a_browser, a_dossier, an_account

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def made() -> Dossier:
    dossier = a_dossier(at=now())
    Camera.objects.create(
        position=dossier.position, mounting=dossier.mounting, sealed_address=b"-", registered_at=now()
    )
    return dossier


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Any:
    """What the product's own handler writes."""
    asked = dict(settings.LOGGING["formatters"]["line"])
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(import_string(asked.pop("()"))(**asked))
    # Before pytest's own, which would keep the traceback in its own words.
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def in_english(made: Dossier, *rights: str) -> Client:
    client = a_browser(made, *rights)
    client.cookies["langue"] = "en"
    return client


@pytest.mark.parametrize(
    ("rights", "url", "page", "line"),
    [
        ((), "/installations/{code}/", "gives you no right on this installation", "ne vous donne aucun droit"),
        (
            ("file",),
            "/installations/{code}/documents/editer/etat/",
            "This page asks for the right",
            "Cette page demande le droit « ",
        ),
        ((), "/journal/", "This page asks for the right", "Cette page demande le droit « "),
    ],
)
def test_a_refusal_is_french_in_the_log_and_english_on_the_page(
    made: Dossier, log: StringIO, rights: tuple[str, ...], url: str, page: str, line: str
) -> None:
    answer = in_english(made, *rights).get(url.format(code=made.installation.code))

    said = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert answer.status_code == 403
    assert '<html lang="en"' in said
    assert page in said
    assert line not in said
    assert line in log.getvalue()
    assert page not in log.getvalue()
    assert translation.get_language() == "fr"


def test_what_an_act_refuses_in_english_is_said_in_french_afterwards(made: Dossier) -> None:
    stranger = an_account(made.agent, "quelqu-un")
    camera, at = Camera.objects.get(), now()
    acts: list[Callable[[], object]] = [
        lambda: cameras.actions.remove(camera, at=at, by=stranger),
        lambda: probes.ask(camera, at=at, by=stranger),
        lambda: hours.confirm(reading(), by=stranger),
        lambda: paper.allowed(stranger, KINDS["etat"], made.installation),
    ]

    for act in acts:
        with translation.override("en"), pytest.raises(PermissionDenied) as refused:
            act()
        assert " demande " in str(refused.value)
