"""The acts on devices: a right, a sealed address, one entry without any secret, one beat of the pulse."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cameras import actions, queries
from cameras.models import Camera
from compliance import gate, matrix
from compliance.actions import account as logins
from compliance.actions import people
from compliance.events import System
from compliance.models import Account, Body, Entry, Mounting
from recording.engine.addresses import address_key

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
ADDRESS = "rtsp://cam:s3cr3t-word@10.0.0.4:554/stream1"
BY = System.CONSOLE


@pytest.fixture
def made(tmp_path: Path, settings: Any) -> matrix.Dossier:
    """A complete dossier, and the recorder's key."""
    settings.HOME = tmp_path
    address_key(tmp_path)
    return matrix.build(matrix.Plan(), at=AT)


@pytest.fixture
def camera(made: matrix.Dossier) -> Camera:
    """A registered camera."""
    return actions.register(made.mounting, address=ADDRESS, at=AT, by=BY)


def account(made: matrix.Dossier, *rights: str) -> Account:
    """An account with office rights on the dossier's installation."""
    person = people.register_person(made.authority, code="P-9", name="Technique", function="technique", at=AT, by=BY)
    handed = logins.invite(person, username="technique", installation=made.installation, at=AT, by=BY)
    opened = handed.invitation.account
    for right in rights:
        people.grant_right(made.installation, account=opened, right=right, at=AT, by=BY)
    return opened


def test_a_device_gets_its_address_sealed_by_an_act(made: matrix.Dossier) -> None:
    before = gate.pulse()

    camera = actions.register(made.mounting, address=ADDRESS, at=AT, by=BY)

    assert camera.position == made.position
    assert b"s3cr3t-word" not in bytes(camera.sealed_address)
    assert gate.pulse() == before + 1
    assert Entry.objects.order_by("seq").last().event == "camera.registered"  # type: ignore[union-attr]
    assert [c.pk for c in queries.in_place()] == [camera.pk]


def test_no_entry_tells_the_address_nor_the_host(made: matrix.Dossier, camera: Camera) -> None:
    actions.change_address(camera, address=ADDRESS.replace("stream1", "stream2"), at=AT, by=BY)
    actions.remove(camera, at=AT, by=BY)

    told = "".join(Body.objects.values_list("payload", flat=True))
    assert [word for word in ("s3cr3t-word", "10.0.0.4", "rtsp") if word in told] == []


def test_a_new_address_replaces_the_old_one(camera: Camera) -> None:
    before = bytes(camera.sealed_address)

    actions.change_address(camera, address=ADDRESS, at=AT, by=BY)

    camera.refresh_from_db()
    assert bytes(camera.sealed_address) != before


def test_a_removed_camera_forgets_its_address_and_leaves_the_list(camera: Camera) -> None:
    actions.remove(camera, at=AT, by=BY)

    camera.refresh_from_db()
    assert bytes(camera.sealed_address) == b""
    assert not queries.in_place().exists()
    with pytest.raises(ValidationError):
        actions.change_address(camera, address=ADDRESS, at=AT, by=BY)
    with pytest.raises(ValidationError):
        actions.remove(camera, at=AT, by=BY)


def test_a_device_has_one_stream(made: matrix.Dossier, camera: Camera) -> None:
    with pytest.raises(ValidationError):
        actions.register(made.mounting, address=ADDRESS, at=AT, by=BY)


def test_a_device_that_was_taken_down_gets_no_stream(made: matrix.Dossier) -> None:
    Mounting.objects.filter(pk=made.mounting.pk).update(until=AT)
    made.mounting.refresh_from_db()

    with pytest.raises(ValidationError):
        actions.register(made.mounting, address=ADDRESS, at=AT, by=BY)


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.4/secret-word", "secret-word", "rtsp:///secret-word", "rtsp://h:port/secret-word",
     "rtsp://10.0.0.4/secret-word x", "rtsp://10.0.0.4/secret-word\n", "rtsp://10.0.0.4/" + "secret-word" * 60, ""],
)  # fmt: skip
def test_what_is_no_stream_address_is_refused_without_being_repeated(made: matrix.Dossier, address: str) -> None:
    entries = Entry.objects.count()

    with pytest.raises(ValidationError) as refused:
        actions.register(made.mounting, address=address, at=AT, by=BY)

    assert "secret-word" not in str(refused.value)
    assert not Camera.objects.exists()
    assert Entry.objects.count() == entries


def test_an_address_waits_for_the_recorder_s_key(made: matrix.Dossier, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "elsewhere"

    with pytest.raises(ValidationError, match="enregistreur"):
        actions.register(made.mounting, address=ADDRESS, at=AT, by=BY)


def test_the_act_asks_the_right_to_manage_cameras(made: matrix.Dossier) -> None:
    by = account(made, "read", "habilitate")

    with pytest.raises(PermissionDenied):
        actions.register(made.mounting, address=ADDRESS, at=AT, by=by)
    people.grant_right(made.installation, account=by, right="manage_cameras", at=AT, by=BY)
    by = Account.objects.get(pk=by.pk)

    assert actions.register(made.mounting, address=ADDRESS, at=AT, by=by).pk
