"""The acts on devices as machines: register a stream address, change it, remove the camera. No address is journaled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cameras import credentials
from cameras.models import Camera
from compliance import gate, journal
from compliance.events import System

By = AbstractBaseUser | AnonymousUser | System
RIGHT = "compliance.manage_cameras"
SCHEMES = frozenset({"rtsp", "rtsps"})
LONGEST = 500


def register(mounting: Any, *, address: str, at: datetime, by: By) -> Camera:
    """Give a mounted device its stream address. Raises PermissionDenied, or ValidationError on a bad address."""
    with _act("camera.registered", mounting, at=at, by=by):
        sealed = _sealed(address)
        if mounting.until is not None or Camera.objects.filter(mounting=mounting).exists():
            raise ValidationError(_("Cet appareil est déposé, ou son flux est déjà enregistré."))
        return Camera.objects.create(
            position=mounting.position, mounting=mounting, sealed_address=sealed, registered_at=at
        )


def change_address(camera: Camera, *, address: str, at: datetime, by: By) -> Camera:
    """Replace a camera's stream address: the recorder leaves the old one. Raises as `register`."""
    with _act("camera.changed", camera.mounting, at=at, by=by):
        if camera.removed_at is not None:
            raise ValidationError(_("Cet appareil est retiré : il n’a plus d’adresse."))
        camera.sealed_address = _sealed(address)
        camera.save(update_fields=["sealed_address"])
    return camera


def remove(camera: Camera, *, at: datetime, by: By) -> Camera:
    """Take a camera out of the recorder's list and forget its address; what it recorded stays until its erasure."""
    with _act("camera.removed", camera.mounting, at=at, by=by):
        if camera.removed_at is not None:
            raise ValidationError(_("Cet appareil est déjà retiré."))
        camera.removed_at, camera.sealed_address = at, b""
        camera.save(update_fields=["removed_at", "sealed_address"])
    return camera


@contextmanager
def _act(event: str, mounting: Any, *, at: datetime, by: By) -> Iterator[None]:
    """Hold what every act of this floor owes: the right, one transaction, one entry, one beat of the pulse."""
    position = mounting.position
    if not isinstance(by, System) and not (by.is_active and by.has_perm(RIGHT, position.installation)):  # type: ignore[attr-defined]
        raise PermissionDenied(_("Cet acte demande le droit « manage_cameras » sur l’installation."))
    with transaction.atomic():
        yield
        journal.record(event, at=at, by=by, position=position, device=mounting.reference)  # type: ignore[arg-type]
        gate.beat()


def _sealed(address: str) -> bytes:
    _check(address)
    try:
        return credentials.seal(address, home=settings.HOME)
    except credentials.NoKey:
        raise ValidationError(
            _("La clé des adresses n’existe pas encore : démarrez l’enregistreur une première fois.")
        ) from None


def _check(address: str) -> None:
    """Raise a ValidationError that does not repeat the address: it holds a password."""
    refused = ValidationError({"address": _("Une adresse rtsp:// ou rtsps://, avec le nom ou l’adresse de la caméra.")})
    if len(address) > LONGEST or any(c.isspace() or not c.isprintable() for c in address):
        raise refused
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 (reading it checks it)
    except ValueError:
        raise refused from None
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise refused
