"""Gives each test process its own state folder and cuts the network, before Django reads its settings.

A pytest plugin named in `addopts`: pytest-django loads the settings before any conftest is read.
"""

import atexit
import ipaddress
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
HOME = Path(tempfile.mkdtemp(prefix=f"claire-voie-{WORKER}-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

os.environ["CLAIREVOIE_HOME"] = str(HOME)
os.environ.pop("CLAIREVOIE_DEMO", None)
os.environ.setdefault("CLAIREVOIE_LOG", "WARNING")
# Playwright keeps an event loop running in the test's thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
if os.environ.get("REDIS_URL"):
    # Two workers must not clear each other's cache: one Redis database each.
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number}"


class NetworkIsCut(RuntimeError):
    """A test tried to leave the machine."""


def _stays_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(str(address[0]).split("%")[0]).is_loopback
    except ValueError:
        return address[0] in {"localhost", ""}


def _guarded(name: str) -> Any:
    original = getattr(socket.socket, name)

    def connect(self: socket.socket, address: Any) -> Any:
        if not _stays_here(address):
            message = f"les tests ne parlent qu'à la boucle locale, pas à {address!r}"
            raise NetworkIsCut(message)
        return original(self, address)

    return connect


socket.socket.connect = _guarded("connect")  # type: ignore[method-assign]
socket.socket.connect_ex = _guarded("connect_ex")  # type: ignore[method-assign]
