"""« Ce qui a changé »: corrections and declarations, field by field, newest first, for those who read the dossier."""

from dataclasses import replace
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.actions import correction, position
from compliance.events import System
from compliance.law.terms import PlaceKind
from compliance.models import Installation, Position
from compliance.views.changes import changes_of
from compliance.views.clock import now
from tests.compliance.views.answers import undecided

BY = System.CONSOLE


def correct(place: Installation, address: str) -> None:
    row = Position.objects.get(installation=place, code="VAL-20")
    correction.correct_address(row, address=address, reason="plaque relue", at=now(), by=BY)


def test_a_correction_is_told_with_before_after_and_why(place: Installation) -> None:
    undecided(place)
    correct(place, "2 bis, rue du Puits")

    change = changes_of(place)[0]

    assert (change.what, change.field, change.before) == ("Position VAL-20", "adresse", "2, rue du Puits")
    assert (change.after, change.reason, change.who) == ("2 bis, rue du Puits", "plaque relue", "Console")


def test_a_declaration_is_told_by_the_fields_that_differ(place: Installation) -> None:
    undecided(place)
    row = Position.objects.get(code="VAL-20")
    sight = position.Sight(
        kind=PlaceKind.MIXED, justification="Rue.", latitude=49, longitude=6, azimuth=40, angle=1, range_m=1
    )
    position.change(row, sight=replace(sight, purposes=(1, 5)), since=now(), reason="tournée", at=now(), by=BY)

    found = {change.field: (change.before, change.after) for change in changes_of(place, position=row)}

    assert found["azimut"] == ("1°", "40°")
    assert found["finalités"] == ("rien", "1°, 5°")
    assert set(found) == {"azimut", "finalités", "lieu"}


def test_the_page_lists_them_for_readers_only(place: Installation, signed_in: Any) -> None:
    undecided(place)
    correct(place, "2 <b>bis</b>, rue du Puits")
    url = reverse("changes", args=[place.code])

    page = signed_in("liaison").get(url)

    text = page.content.decode()
    assert page.status_code == 200
    assert "2 &lt;b&gt;bis&lt;/b&gt;, rue du" in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "plaque relue" in text
    assert {login: signed_in(login).get(url).status_code for login in ("agent", "technique")} == {
        "agent": 200,
        "technique": 403,
    }


def test_the_number_of_queries_does_not_grow_with_the_changes(place: Installation) -> None:
    undecided(place)
    correct(place, "2 a, rue du Puits")
    changes_of(place)
    with CaptureQueriesContext(
        connection,
    ) as few:
        changes_of(place)
    for number in range(6):
        correct(place, f"2 {number}, rue du Puits")
    with CaptureQueriesContext(connection) as many:
        changes_of(place)

    assert len(few) == len(many) <= 9
