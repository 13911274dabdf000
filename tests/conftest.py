"""Guards and fixtures of every test: templates without holes, a journal never flushed, real servers, a real browser."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import engines

from tests.databases import FreshDatabase, Templates
from tests.servers import Site

BASE = Path(settings.BASE_DIR)
IN_CI = os.environ.get("CI") == "true"
NEEDS_DATABASE = {"db", "fresh_database", "live_site"}
NEEDS_BROWSER = {"browser", "page"}
RECORDER = "recorder"
YIELDING = 5  # a process never takes this rank back


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than cores: the one that has the engine's tests waits, in real time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what speaks to a database or drives a browser, so that `-m database` forgets nothing; order what is left.

    pytest applies `-m`, and xdist writes the groups, in their own hooks: the marks are there before.
    """
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & NEEDS_BROWSER:
            item.add_marker(pytest.mark.browser)
            # One Chromium at a time: two on two cores would measure each other.
            item.add_marker(pytest.mark.xdist_group("browser"))
        if item.nodeid.startswith("tests/journeys/"):
            item.add_marker(pytest.mark.journey)
        elif "town" in names:
            # The demonstration's story is told once a module: one worker tells it, not each.
            item.add_marker(pytest.mark.xdist_group(f"town {item.path.name}"))
        if item.get_closest_marker("django_db") or names & NEEDS_DATABASE:
            item.add_marker(pytest.mark.database)
    yield
    sizes = Counter(map(_group, items))
    items.sort(key=lambda item: _turn(item, sizes))


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return str(marker.args[0]) if marker else ""


def _turn(item: pytest.Item, sizes: Counter[str]) -> tuple[int, int]:
    """Return when a test's group is handed to a worker: the longest first, or the run would end on one worker alone.

    The engine's tests wait in real time: the worker that has them begins with them. Equals stay in random order.
    """
    group = _group(item)
    if group in (RECORDER, "browser"):
        return (0 if group == RECORDER else 1), 0
    if group:
        return 2, -sizes[group]
    return (3 if item.get_closest_marker("slow") else 4), 0


@pytest.fixture(autouse=True)
def _the_recorder_goes_first(request: pytest.FixtureRequest) -> None:
    """Let the engine's tests, which count seconds, have the processor when they ask; the others wait for nobody."""
    if "PYTEST_XDIST_WORKER" in os.environ and _group(request.node) != RECORDER:
        os.setpriority(os.PRIO_PROCESS, 0, max(YIELDING, os.getpriority(os.PRIO_PROCESS, 0)))


# --- the journal is never flushed -----------------------------------------------------------------------------------
FLUSH = (
    "Une base « transactionnelle » se vide entre deux tests, et le journal refuse d'être vidé. "
    "Prenez `fresh_database` (ou `live_site`) : une copie d'une base migrée, jetée après le test."
)


FLUSHING_KEYS = ("transaction", "reset_sequences", "serialized_rollback")
FLUSHING = {"transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse a flushing database before any is made."""
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and (marker.args[:1] == (True,) or any(marker.kwargs.get(key) for key in FLUSHING_KEYS))
    if asked or names & FLUSHING:
        pytest.fail(FLUSH, pytrace=False)
    if "fresh_database" in names and (marker is not None or "db" in names):
        pytest.fail("`fresh_database` remplace `db` : un test a l'une ou l'autre, jamais les deux.", pytrace=False)


@pytest.fixture
def transactional_db() -> NoReturn:
    """Refuse pytest-django's flushing database, even asked for by name in the course of a test."""
    pytest.fail(FLUSH, pytrace=False)


# --- templates without holes ----------------------------------------------------------------------------------------
class _Hole(str):
    """What a template shows for an undefined variable: in our own templates, the test's failure."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe(1)
        while frame is not None:
            context = frame.f_locals.get("context")
            render = getattr(context, "render_context", None)
            template = getattr(render, "template", None)
            if template is not None:
                origin = Path(str(template.origin.name))
                ours = not origin.is_absolute() or (BASE in origin.parents and ".venv" not in origin.parts)
                if ours:
                    pytest.fail(f"variable indéfinie « {variable} » dans {template.origin.name}")
                return ""
            frame = frame.f_back  # type: ignore[assignment]
        pytest.fail(f"variable de gabarit indéfinie « {variable} »")


@pytest.fixture(autouse=True, scope="session")
def _templates_have_no_hole() -> None:
    for engine in engines.all():
        engine.engine.string_if_invalid = _Hole("%s")  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    # The database cache goes with the test's transaction or copy; Redis keeps what nobody clears.
    if os.environ.get("REDIS_URL"):
        cache.clear()


# --- databases and servers of a test's own --------------------------------------------------------------------------
@pytest.fixture(scope="session")
def _database_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    # xdist gives each worker a folder inside the run's: the template is made once for all of them.
    base = tmp_path_factory.getbasetemp()
    return Templates(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, _database_templates: Templates
) -> Iterator[None]:
    """Start pytest-django's database from the template: migrations run once for all the workers, not once in each."""
    with _database_templates.under_django():
        yield


@pytest.fixture
def fresh_database(_database_templates: Templates, tmp_path: Path, django_db_blocker: Any) -> Iterator[FreshDatabase]:
    """A migrated database and a state folder for this test alone, shared with the processes that it starts.

    The ORM of the test itself speaks to it; `fresh_database.env` is the environment to give to subprocesses.
    """
    with django_db_blocker.unblock(), _database_templates.copy(tmp_path / "home") as database:
        yield database


@pytest.fixture
def live_site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Site]:
    """A real web process on a free loopback port, on `fresh_database`: `.url`, `.manage(…)`, `.start(…)`."""
    with Site(fresh_database.env, logs=tmp_path) as site:
        yield site


# --- the browser ----------------------------------------------------------------------------------------------------
CHROMIUM_ARGUMENTS = [
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def _without_browser(reason: str) -> NoReturn:
    if IN_CI:
        pytest.fail(f"{reason} En CI, aucun test de navigateur ne se saute.")
    pytest.skip(reason)


@pytest.fixture
def browser() -> Iterator[Any]:
    """A headless Chromium for this test alone: Playwright's event loop must not outlive it in this thread."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        _without_browser("Chromium est introuvable (apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """One page of a desktop, in French and at Paris time."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
