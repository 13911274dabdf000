"""A clock in doubt: nothing is erased nor recorded, a human is asked; confirmed, all that is due goes at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from cameras.models import Camera
from compliance import gate
from compliance.events import System
from compliance.gate import Action
from compliance.models import Body, Entry, Person
from recording import actions, hours, queries
from recording.engine.clock import Clock
from recording.engine.purge import Keeper
from recording.models import Heartbeat, Segment
from recording.views import clock as views_clock
from recording.wall import Reading
from tests.compliance.built import an_account
from tests.databases import FreshDatabase, manage
from tests.recording.engine.test_purge import BORN, DAY, NOW, camera, recorded

__all__ = ["camera"]
YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
UP = 5000.0


def reading(after: timedelta = timedelta(0), *, step: timedelta = timedelta(0)) -> Reading:
    """Return what the clocks say so long after NOW, the wall clock having been moved."""
    return Reading(NOW + after + step, "boot-1", UP + after.total_seconds())


def turn(keeper: Keeper, now: Reading, *, synchronised: bool = False) -> int:
    return keeper.turn(now=now, synchronised=synchronised).segments


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [c for c in codes if c.startswith(("recording.", "clock."))]


def sentence(code: str) -> str:
    return Body.objects.get(entry__event=code).sentence


def answer(camera: Camera, at: datetime) -> gate.Decision:
    return gate.decide(Action.RECORD, camera.position, at=at)


@pytest.fixture
def keeper(fresh_database: FreshDatabase, camera: Camera) -> Keeper:
    """A keeper that has just held the hour for right, with an image of yesterday kept for a month."""
    kept = Keeper(home=fresh_database.home)
    recorded(fresh_database.home, camera, since=NOW - DAY, erase_at=NOW + 29 * DAY)
    turn(kept, reading())
    return kept


def test_a_clock_set_forward_one_year_erases_nothing_and_stops_recording(keeper: Keeper, camera: Camera) -> None:
    for minutes in (1, 2, 3):
        assert turn(keeper, reading(minutes * MINUTE, step=YEAR)) == 0

    assert Segment.objects.count() == 1
    assert events() == ["recording.clock.doubted"]
    assert sentence("recording.clock.doubted") == (
        "Heure de la machine en doute, en avance de 365\u00a0jours sur le temps compté depuis la dernière heure sûre : "
        "rien n’est effacé ni enregistré jusqu’à sa confirmation"
    )
    assert "R-47" in [f.code for f in answer(camera, NOW + YEAR + 4 * MINUTE).blocking]
    (reason,) = [f.reason for f in answer(camera, NOW + 4 * MINUTE).blocking]
    assert reason.endswith("(l’heure de la machine est en doute).")


def test_a_confirmed_hour_erases_at_once_all_that_is_due(keeper: Keeper, camera: Camera) -> None:
    turn(keeper, reading(MINUTE, step=YEAR))

    hours.confirm(reading(2 * MINUTE, step=YEAR), by=System.CONSOLE)

    assert turn(keeper, reading(3 * MINUTE, step=YEAR)) == 1
    assert not Segment.objects.exists()
    assert events() == ["recording.clock.doubted", "clock.confirmed", "recording.clock.agreed", "recording.erased"]
    assert sentence("clock.confirmed").endswith("1 séquences à effacer")
    assert "R-47" not in [f.code for f in answer(camera, NOW + YEAR + 4 * MINUTE).blocking]


def test_a_clock_put_right_again_needs_nobody(keeper: Keeper, camera: Camera) -> None:
    turn(keeper, reading(MINUTE, step=YEAR))

    turn(keeper, reading(2 * MINUTE))

    assert Segment.objects.count() == 1
    assert events() == ["recording.clock.doubted", "recording.clock.agreed"]
    assert answer(camera, NOW + 3 * MINUTE).allowed
    turn(keeper, reading(3 * MINUTE))
    assert len(events()) == 2


def test_a_clock_set_back_erases_nothing_stops_recording_and_is_told(keeper: Keeper, camera: Camera) -> None:
    turn(keeper, reading(MINUTE, step=-YEAR))
    assert "R-47" in [f.code for f in answer(camera, NOW - YEAR + 2 * MINUTE).blocking]

    turn(keeper, reading(2 * MINUTE))

    assert events() == ["recording.clock.doubted", "recording.clock.agreed"]
    assert answer(camera, NOW + 3 * MINUTE).allowed


def test_ten_days_off_are_ten_days_due(keeper: Keeper, camera: Camera, fresh_database: FreshDatabase) -> None:
    recorded(fresh_database.home, camera, since=BORN, erase_at=NOW + DAY)

    assert turn(keeper, Reading(NOW + 10 * DAY, "boot-2", 60.0)) == 1


def test_a_year_off_waits_for_another_clock_which_a_camera_may_be(keeper: Keeper, camera: Camera) -> None:
    now = Reading(NOW + YEAR, "boot-2", 60.0)
    assert turn(keeper, now) == 0
    actions.note_trouble(camera, trouble="", at=now.at)

    actions.note_clock(camera, ahead=timedelta(days=-10_000), at=now.at)
    assert turn(keeper, now) == 0, "a camera that counts from 1970 says nothing"
    actions.note_clock(camera, ahead=2 * MINUTE, at=now.at - DAY)
    assert turn(keeper, now) == 0, "what was told before the restart says nothing"
    actions.note_clock(camera, ahead=2 * MINUTE, at=now.at)

    assert turn(keeper, now) == 1


def test_an_older_product_left_its_last_round_to_compare_with(camera: Camera, fresh_database: FreshDatabase) -> None:
    recorded(fresh_database.home, camera, since=NOW - DAY, erase_at=NOW + 29 * DAY)
    actions.beat(queries.KEEPER, at=NOW, detail={"pid": 1})
    keeper = Keeper(home=fresh_database.home)

    for _ in range(3):
        assert turn(keeper, Reading(NOW + YEAR, "boot-1", 60.0)) == 0

    assert Heartbeat.objects.get(pk=queries.CLOCK).at == NOW


@pytest.mark.parametrize("ahead", [timedelta(hours=1), DAY, YEAR])
def test_what_a_false_clock_dated_in_the_future_keeps_its_true_length_of_life(
    keeper: Keeper, camera: Camera, fresh_database: FreshDatabase, ahead: timedelta
) -> None:
    born = recorded(fresh_database.home, camera, since=NOW + ahead, erase_at=NOW + ahead + 30 * DAY)

    for minutes in (1, 2):
        turn(keeper, reading(minutes * MINUTE))
    born.refresh_from_db()

    assert born.erase_at == NOW + MINUTE + 30 * DAY
    assert turn(keeper, reading(31 * DAY)) == 2


@pytest.fixture
def signed_in(keeper: Keeper, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a browser with these office rights, the clock being a year ahead."""

    turn(keeper, reading(MINUTE, step=YEAR))
    monkeypatch.setattr(views_clock, "now", lambda: NOW + YEAR + 2 * MINUTE)
    place = camera.position.installation

    def browser(*rights: str) -> Client:
        code = "-".join(rights) or "personne"
        person = Person.objects.create(authority=place.authority, code=code, name=code, function=code)
        account = an_account(person, code)
        for right in rights:
            assign_perm(f"compliance.{right}", account, place)
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


def test_the_page_says_the_gap_what_would_go_and_takes_a_ticked_confirmation(keeper: Keeper, signed_in: Any) -> None:
    browser = signed_in("manage_cameras")

    page = browser.get("/sante/heure/").content.decode()
    assert "L’heure de cette machine est en doute." in page
    assert "en avance de 365\u00a0jours" in page
    assert "1 séquence, du" in page
    unticked = browser.post("/sante/heure/")
    assert unticked.status_code == 422
    assert "Cochez la phrase pour confirmer, ou remettez d’abord l’horloge à l’heure." in unticked.content.decode()
    assert "clock.confirmed" not in events()
    assert browser.post("/sante/heure/", {"right": "on"}).status_code == 302
    assert events()[-1] == "clock.confirmed"


@pytest.mark.parametrize("rights", [(), ("read",), ("control",), ("validate", "habilitate")])
def test_who_does_not_keep_the_cameras_confirms_no_hour(signed_in: Any, rights: tuple[str, ...]) -> None:
    browser = signed_in(*rights)

    assert browser.get("/sante/heure/").status_code == (200 if {"read", "control"} & set(rights) else 403)
    assert browser.post("/sante/heure/", {"right": "on"}).status_code == 403
    assert "clock.confirmed" not in events()


def test_the_health_line_asks_for_a_human(signed_in: Any) -> None:
    page = signed_in("read").get("/sante/").content.decode()

    assert "L’heure de la machine est en avance de 365\u00a0jours" in page
    assert "/sante/heure/" in page


def test_the_commands_say_the_doubt_and_the_console_confirms(camera: Camera, fresh_database: FreshDatabase) -> None:
    right = Clock().reading()
    actions.beat(queries.CLOCK, at=right.at - YEAR, detail={"boot": right.boot, "up": right.up})

    assert "en doute" in manage(fresh_database.env, "keeper", "--once").stdout
    asked = manage(fresh_database.env, "confirm_clock")
    assert (asked.returncode, "confirmez-la : --yes" in asked.stdout) == (1, True)
    assert manage(fresh_database.env, "confirm_clock", "--yes").returncode == 0
    assert "en doute" not in manage(fresh_database.env, "keeper", "--once").stdout
    assert "tenue pour juste" in manage(fresh_database.env, "confirm_clock").stdout
