"""The main job: a complete dossier opens a camera, a withdrawn order darkens it, and everything is in the journal."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from compliance.actions import order as orders
from compliance.events import System
from compliance.models import Body, Order
from recording.models import Consultation
from tests.databases import FreshDatabase
from tests.journeys.stage import SMALL, Stage, number_on, on_stage, wait_for_number

TILE = ".tile[data-camera='0'] .tile-view"
WATCH_THE_END = """() => {
  const video = document.querySelector(".tile[data-camera='0'] video");
  window.lastShown = 0;
  const shown = () => { window.lastShown = Date.now(); video.requestVideoFrameCallback(shown); };
  video.requestVideoFrameCallback(shown);
  new MutationObserver(() => { if (video.hidden) window.hiddenAt = Date.now(); })
    .observe(video, { attributes: true, attributeFilter: ["hidden"] });
}"""


@pytest.fixture
def stage(fresh_database: FreshDatabase, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demonstration, running."""
    folder = tmp_path_factory.getbasetemp().parent / "clips"
    with on_stage(fresh_database, logs=tmp_path, folder=folder) as running:
        yield running


def ordinary_order() -> Order:
    return Order.objects.filter(lines__position__code="VAL-01").latest("pk")


def test_the_main_job_from_an_open_camera_to_a_dark_one(stage: Stage, page: Any) -> None:
    _who_has_no_title_sees_no_image_and_why(stage, page)
    _leaving_the_page_closes_the_consultation(stage, page)
    _a_wall_goes_dark_with_its_session(stage, page)
    _a_withdrawn_order_darkens_the_camera(stage, page)


def _who_has_no_title_sees_no_image_and_why(stage: Stage, page: Any) -> None:
    stage.sign_in(page, "technique")

    page.goto(f"{stage.site.url}/direct/")

    assert page.locator("input[name=camera]").count() == 0
    assert "habilitation" in page.locator("main").inner_text()
    page.context.clear_cookies()


def _leaving_the_page_closes_the_consultation(stage: Stage, page: Any) -> None:
    stage.sign_in(page, "agent")
    left = stage.open_consultation(page, "VAL-01")
    wait_for_number(page, TILE, seconds=60)

    page.goto(f"{stage.site.url}/")

    until(lambda: Consultation.objects.get(number=left).closed_at is not None)


def _a_wall_goes_dark_with_its_session(stage: Stage, page: Any) -> None:
    number = stage.open_consultation(page, "VAL-01", "VAL-02")
    wait_for_number(page, TILE)
    assert page.evaluate("async (url) => (await fetch(url)).status", f"/direct/{number}/flux/") == 404

    other = page.context.new_page()
    other.goto(f"{stage.site.url}/")
    other.click(".user button")

    page.wait_for_selector(f"{TILE} [data-dark]:not([hidden])", timeout=6000)
    assert "déconnecté" in page.locator(TILE).inner_text()
    other.close()


def _a_withdrawn_order_darkens_the_camera(stage: Stage, page: Any) -> None:
    stage.sign_in(page, "agent")
    number = stage.open_consultation(page, "VAL-01")
    first = wait_for_number(page, TILE)
    page.wait_for_timeout(700)
    second = number_on(page, TILE)
    assert second is not None
    assert (second - first) % (SMALL.seconds * SMALL.fps) in range(4, SMALL.seconds * SMALL.fps - 4)
    assert stage.simulator.connections("cam1") == 1
    opened = entry("consultation.opened", number)
    assert opened["positions"] == ["VAL-01"]

    page.evaluate(WATCH_THE_END)
    page.wait_for_timeout(400)
    at = timezone.now()
    orders.withdraw(ordinary_order(), since=at, reference="2026-R-7", at=at, by=System.CONSOLE)
    committed = timezone.now().timestamp() * 1000
    page.wait_for_selector(f"{TILE} [data-dark]:not([hidden])")

    hidden, last = page.evaluate("[window.hiddenAt, window.lastShown]")
    assert hidden - committed <= 2000
    assert last - committed <= 2000
    said = page.locator(TILE).inner_text()
    assert "retiré" in said
    assert "CSI R254-2" in said
    assert number_on(page, TILE) is None
    until(lambda: stage.simulator.connections("cam1") == 0)
    assert stage.simulator.connections("cam6") == 0  # moved: never opened
    until(lambda: bool(entry("consultation.closed", number)))
    closed = entry("consultation.closed", number)
    assert closed["first"] < closed["last"]
    assert "R-19" in closed["codes"]


def entry(event: str, number: str) -> dict[str, Any]:
    """Return what the journal says of a consultation, or nothing yet."""
    bodies = Body.objects.select_related("entry").filter(entry__event=event)
    return next((body.values for body in bodies if body.values["number"] == number), {})


def until(true: Callable[[], bool], *, seconds: float = 3) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "cela n'arrive pas"
        time.sleep(0.05)
