"""The web process (uvicorn). It never opens a camera, and starts on nothing that is not ready."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.core.asgi import get_asgi_application  # noqa: E402 (Django must be set up first)
from django.db import connections  # noqa: E402

from config import startup  # noqa: E402

startup.assert_ready()
# The connection was opened by the thread that starts: each request opens its own.
connections.close_all()
application = get_asgi_application()
