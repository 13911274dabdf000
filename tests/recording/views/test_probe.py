"""The page of the reception test: refused without the right, clear in each of its states, never an image."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cameras.models import Camera
from compliance.matrix import Dossier
from recording import probes
from recording.actions import Figures
from recording.models import Probe
from recording.views.clock import now
from tests.compliance.built import a_browser, a_dossier

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def made() -> Dossier:
    dossier = a_dossier(at=now())
    Camera.objects.create(
        position=dossier.position, mounting=dossier.mounting, sealed_address=b"-", registered_at=now()
    )
    return dossier


def page(client: Client, made: Dossier) -> Any:
    answer = client.get(reverse("probe", args=[made.position.code]))
    return answer, answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("right", ["read", "control", "validate", "file", "habilitate", "capture_order"])
def test_other_rights_do_not_open_it(made: Dossier, right: str) -> None:
    client = a_browser(made, right)

    assert page(client, made)[0].status_code == 403
    assert client.post(reverse("probe", args=[made.position.code])).status_code == 403
    assert not Probe.objects.exists()


def test_it_is_asked_then_waits_then_tells(made: Dossier) -> None:
    client = a_browser(made, "manage_cameras")
    assert "Essayer la réception" in page(client, made)[1]

    asked = client.post(reverse("probe", args=[made.position.code]))

    assert asked.status_code == 302
    text = page(client, made)[1]
    assert 'hx-trigger="every 2s"' in text
    assert "est en cours" in text
    probes.end(Probe.objects.get().pk, outcome=probes.DONE, at=now(), figures=Figures("avc1", 640, 360, 6), sound="")
    text = page(client, made)[1]
    assert "Le flux arrive." in text
    assert "640 × 360" in text
    assert "Aucune piste" in text
    assert "arrêté du 3 août 2007" in text
    assert "hx-trigger" not in text.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize(
    ("outcome", "title", "remedy"),
    [
        ("auth", "L’appareil refuse le mot de passe", "Redonnez l’adresse du flux"),
        ("camera_down", "L’appareil ne répond pas", "Vérifiez l’alimentation"),
        (probes.NO_ANSWER, "L’appareil n’a pas donné d’image", "n’a rien envoyé en trente secondes"),
    ],
)
def test_a_failure_says_what_to_do(made: Dossier, outcome: str, title: str, remedy: str) -> None:
    client = a_browser(made, "manage_cameras")
    client.post(reverse("probe", args=[made.position.code]))
    probes.end(Probe.objects.get().pk, outcome=outcome, at=now())

    text = page(client, made)[1]

    assert title in text
    assert remedy in text


def test_a_recorder_that_does_not_run_is_told(made: Dossier) -> None:
    client = a_browser(made, "manage_cameras")
    client.post(reverse("probe", args=[made.position.code]))
    Probe.objects.update(asked_at=now() - timedelta(seconds=45))

    assert "L’enregistreur n’a pas pris l’essai" in page(client, made)[1]


def test_what_the_law_misses_is_said_and_nothing_is_asked(made: Dossier) -> None:
    made.installation.panels.get().checks.all().delete()
    client = a_browser(made, "manage_cameras")

    answer = client.post(reverse("probe", args=[made.position.code]))

    assert answer.status_code == 409
    assert "Pourquoi l’essai n’est pas permis" in answer.content.decode()
    assert not Probe.objects.exists()


def test_without_an_address_there_is_nothing_to_try(made: Dossier) -> None:
    Camera.objects.update(removed_at=datetime.fromisoformat("2099-01-01T00:00:00+00:00"))

    assert page(a_browser(made, "manage_cameras"), made)[0].status_code == 404
