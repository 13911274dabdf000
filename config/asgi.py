"""The web process (uvicorn). It never opens a camera, and does not start on a journal without its guards."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.core.asgi import get_asgi_application  # noqa: E402 (Django must be set up first)
from django.db import connections  # noqa: E402

from compliance import journal  # noqa: E402

journal.assert_guarded()
# The connection was opened by the thread that starts: each request opens its own.
connections.close_all()
application = get_asgi_application()
