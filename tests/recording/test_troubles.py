"""Every fault has a French sentence and something to do, and the pages show them."""

import errno
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from guardian.shortcuts import assign_perm

from cameras.models import Camera
from compliance import matrix
from compliance.models import Person
from recording import actions, troubles
from recording.engine.ingest.source import Trouble
from recording.models import Health
from tests.compliance.built import an_account, entries

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)


@pytest.fixture
def camera(settings: Any, tmp_path: Any) -> Camera:
    """A camera on a complete dossier, that the gate opens."""
    settings.HOME = tmp_path
    made = matrix.build(matrix.Plan(), at=AT)
    row = Camera.objects.create(
        position=made.position, mounting=made.mounting, sealed_address=b"sealed", registered_at=AT
    )
    Health.objects.create(camera=row, since=AT, allowed=True, live=True)
    return row


@pytest.fixture
def browser(camera: Camera) -> Client:
    """A browser of somebody who reads the dossier."""
    place = camera.position.installation
    person = Person.objects.create(authority=place.authority, code="CTL", name="Contrôle", function="contrôle")
    account = an_account(person, "controle")
    assign_perm("compliance.read", account, place)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


SENTENCES = {
    "camera_down": "La caméra ne répond pas, ou ce qu’elle envoie n’est pas une image.",
    "auth": "La caméra refuse l’identifiant ou le mot de passe.",
    "stalled": "La caméra est jointe mais n’envoie plus d’image.",
    "disk_full": "Le disque est plein ou refuse d’écrire",
    "recorder_down": "L’enregistreur était arrêté, ou venait d’être interrompu.",
    "": "La caméra est ouverte ; sa première image est attendue.",
}


def test_every_reason_that_the_engine_may_give_is_in_the_table() -> None:
    given = {*Trouble, actions.RECORDER_DOWN, actions.PACKET_LOSS}

    assert given == set(troubles.TROUBLES)
    for trouble in troubles.TROUBLES.values():
        assert trouble.sentence.endswith(".")
        assert trouble.remedy.endswith(".")


@pytest.mark.parametrize("reason", SENTENCES)
def test_the_health_page_and_the_position_say_what_is_wrong_and_what_to_do(
    browser: Client, camera: Camera, reason: str
) -> None:
    actions.note_trouble(camera, trouble=reason, at=AT)
    remedy = troubles.of(reason).remedy

    for url, headers in (
        ("/sante/", {}),
        (f"/sante/positions/{camera.position.code}/", {"HX-Request": "true"}),
    ):
        page = browser.get(url, headers=headers).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
        assert SENTENCES[reason] in page, url
        assert remedy in page, url


def test_a_recorder_that_is_gone_is_said_with_what_to_do(browser: Client) -> None:
    page = browser.get("/sante/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")

    assert "Rien n’est enregistré ni montré : relancez-le." in page


def test_a_disk_that_refuses_is_told_of_a_camera_that_streams_and_journaled_once(
    browser: Client, camera: Camera
) -> None:
    run = actions.Run(camera.uuid, camera, AT)
    Health.objects.update(streaming=True)
    for told in (False, True):
        with transaction.atomic():
            actions.note_disk_refused(run, at=AT, told=told)
    assert SENTENCES["disk_full"] in browser.get("/sante/").content.decode()
    with transaction.atomic():
        actions.note_disk_restored(run, at=AT)

    assert Health.objects.get(camera=camera).streaming
    assert SENTENCES["disk_full"] not in browser.get("/sante/").content.decode()
    said = [entry for entry in entries() if entry.startswith("recording.disk")]
    assert said == ["recording.disk.refused", "recording.disk.restored"]


def test_a_camera_that_streams_without_being_recorded_says_so(browser: Client, camera: Camera) -> None:
    Health.objects.update(streaming=True, allowed=False)

    page = browser.get("/sante/").content.decode()

    assert "Ouverte, en direct seulement" in page
    assert "Vérifiez" not in page


def test_without_script_the_position_leads_to_the_health_page(browser: Client, camera: Camera) -> None:
    answer = browser.get(f"/sante/positions/{camera.position.code}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sante/")
    assert (
        f"/sante/positions/{camera.position.code}/"
        in browser.get(f"/positions/{camera.position.code}/").content.decode()
    )


def test_a_stranger_reads_the_health_of_no_position(camera: Camera) -> None:
    person = Person.objects.create(
        authority=camera.position.installation.authority, code="X", name="Inconnu", function="aucune"
    )
    client = Client()
    client.force_login(an_account(person, "inconnu"), backend="allauth.account.auth_backends.AuthenticationBackend")

    url = f"/sante/positions/{camera.position.code}/"
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 403


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "le disque est en lecture seule"),
        (errno.EPERM, "le système refuse : fichier protégé"),
        (errno.EBUSY, f"le disque refuse (erreur {errno.EBUSY})"),
    ],
)
def test_why_the_disk_refused_is_told_in_words(number: int, words: str) -> None:
    assert troubles.refusal(OSError(number, "x")) == words
