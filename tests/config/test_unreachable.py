"""A database that another writer holds, or that is gone: nothing is written, the person is told, and sends again."""

import contextlib
import html
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from compliance.law import legal_day
from compliance.models import Account, CnilCommitment, Entry, Installation, Person
from compliance.views.acts import last_act
from config.demo_story import Story
from tests.compliance.views.answers import CASES
from tests.databases import BASE, FreshDatabase
from tests.recording.engine.stage import database_stopped

PASSWORD = "lavoir-halle-verger-4821"
NOTHING = "Rien n’a été enregistré."
WHY = (
    "La base de données est occupée ou ne répond pas : "
    "ce que vous venez d’envoyer n’a eu aucun effet, pas même en partie."
)
AGAIN = "Vos réponses sont dans cette page : « Réessayer » les renvoie telles quelles."
TYPED = {"code": "PM-09", "name": "Personne <fictive> & « autre »", "function": "Agent"}


@pytest.fixture
def mayor(fresh_database: FreshDatabase) -> Iterator[Client]:
    """The mayor's browser in the demonstration town, where a page waits for the database half a second and no more."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]), transaction.atomic():
        Story(today=legal_day(at), now=at, password=PASSWORD).tell()
    before, options = connections.settings["default"], connection.settings_dict["OPTIONS"]
    wait = {"timeout": 0.5} if connection.vendor == "sqlite" else {"options": "-c lock_timeout=500"}
    connections.settings["default"] = before | {"OPTIONS": before["OPTIONS"] | wait}
    # Another dictionary: every connection to come of this process shares the one that is there.
    connection.settings_dict["OPTIONS"] = options | wait
    connection.close()
    yield a_browser("maire")
    connections.settings["default"] = before
    connection.settings_dict["OPTIONS"] = options


def a_browser(login: str) -> Client:
    browser = Client()
    browser.force_login(
        Account.objects.get(username=login), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return browser


@contextlib.contextmanager
def held(database: FreshDatabase) -> Iterator[None]:
    """Another writer holds the database for the time of a block."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    import psycopg

    with psycopg.connect(database.url) as link:
        link.execute("LOCK TABLE compliance_person, compliance_cnilcommitment IN EXCLUSIVE MODE")
        yield
        link.rollback()


def plain(answer: HttpResponse) -> str:
    """Return a page's words, with ordinary spaces."""
    return html.unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def told_to_try_again(answer: HttpResponse) -> dict[str, str]:
    """Check that a page says that nothing was written, and return what its « Réessayer » would send."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert NOTHING in plain(answer)
    assert WHY in plain(answer)
    page = answer.content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in hidden}


def test_an_act_that_meets_a_locked_database_writes_nothing_and_is_sent_again_as_it_was(
    mayor: Client, fresh_database: FreshDatabase
) -> None:
    url = reverse("act", args=["VALCLAIR", "personne"])
    before, kept, liaison = Entry.objects.count(), CnilCommitment.objects.count(), a_browser("liaison")
    with held(fresh_database):
        first = mayor.post(url, TYPED)
        filed = liaison.post(reverse("act", args=["VALCLAIR", "engagement"]), CASES["engagement"][2]())

    again = told_to_try_again(first)
    assert AGAIN in plain(first)
    assert again == TYPED
    told_to_try_again(filed)
    assert "Les fichiers sont à choisir de nouveau." in plain(filed)
    assert CnilCommitment.objects.count() == kept
    checking = mayor.post(url, again)["Location"]
    seen = {"vu": str(last_act(Installation.objects.get(code="VALCLAIR"))), "confirme": "oui"}
    with held(fresh_database):
        second = mayor.post(checking, seen)
    assert told_to_try_again(second) == seen
    assert [Person.objects.filter(code="PM-09").count(), Entry.objects.count()] == [0, before]
    done = mayor.post(checking, seen)
    assert (done.status_code, mayor.get(done["Location"]).status_code) == (302, 200)
    assert [Person.objects.get(code="PM-09").name, Entry.objects.count()] == [TYPED["name"], before + 1]


def test_a_database_that_is_gone_is_said_on_every_page_and_comes_back(
    mayor: Client, fresh_database: FreshDatabase
) -> None:
    with database_stopped(fresh_database):
        read = mayor.get("/positions/")
        sent = mayor.post(reverse("act", args=["VALCLAIR", "personne"]), TYPED)
        knock = Client().post(reverse("account_login"), {"login": "maire", "password": PASSWORD})
        secret = {**TYPED, "address": "rtsp://keeper:dragon@192.0.2.9/stream"}
        camera = mayor.post(reverse("act", args=["VALCLAIR", "personne"]), secret)
        connections.close_all()

    assert (read.status_code, read.headers["Retry-After"]) == (503, "30")
    assert "La page ne peut pas être lue pour l’instant." in plain(read)
    assert told_to_try_again(sent) == TYPED
    assert told_to_try_again(knock) == {}, "a password is never in a page"
    assert PASSWORD not in knock.content.decode()
    assert told_to_try_again(camera) == {}, "nor that of a camera, within its address"
    assert "dragon" not in camera.content.decode()
    assert "Attendez une minute, puis recommencez." in plain(knock)
    assert mayor.get("/positions/").status_code == 200


@pytest.mark.parametrize(
    ("url", "wait"),
    [("sqlite:///base.sqlite3", "3.0"), ("postgres://u@localhost/base", "-c lock_timeout=3000")],
)
def test_the_wait_is_the_same_on_both_databases(url: str, wait: str) -> None:
    asked = (
        "from django.conf import settings; o = settings.DATABASES['default']['OPTIONS'];"
        "print(o.get('timeout') or o['options'])"
    )
    env = {**os.environ, "DATABASE_URL": url, "CLAIREVOIE_DB_TIMEOUT": "3", "DJANGO_SETTINGS_MODULE": "config.settings"}

    answer = subprocess.run([sys.executable, "-c", asked], cwd=BASE, env=env, capture_output=True, text=True)

    assert answer.stdout.strip() == wait, answer.stderr
