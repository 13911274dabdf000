"""The guards of the tests, the commands and the files that run the product elsewhere."""

import asyncio
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.template import Context, engines

from config import demo
from tests.databases import FreshDatabase, manage
from tests.isolation import NetworkIsCut
from tests.servers import Site

BASE = Path(settings.BASE_DIR)


def shell(*command: str, cwd: Path = BASE, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


# --- the commands ---------------------------------------------------------------------------------------------------
def test_run_alone_names_its_commands_from_any_folder(tmp_path: Path) -> None:
    answer = shell(str(BASE / "run"), cwd=tmp_path)

    assert answer.returncode == 0
    for name in ("demo", "test", "check", "fix", "bench", "proof", "manage", "install", "lock", "pg"):
        assert f"./run {name}" in answer.stdout


def test_an_unknown_command_is_refused_with_the_list() -> None:
    answer = shell("./run", "danser")

    assert answer.returncode == 1
    assert "danser" in answer.stderr
    assert "./run demo" in answer.stderr


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    answer = shell("bash", "-c", "source ./run; apt_installer python3 python3-venv", PATH=_without_apt(tmp_path))

    assert answer.returncode == 0, answer.stderr


def test_a_missing_package_without_the_right_to_install_is_said_in_words(tmp_path: Path) -> None:
    answer = shell("bash", "-c", "source ./run; apt_installer paquet-qui-n-existe-pas", PATH=_without_apt(tmp_path))

    assert answer.returncode == 1
    assert "il manque « paquet-qui-n-existe-pas »" in answer.stderr


def _without_apt(folder: Path) -> str:
    """Return a PATH that has the machine's programs but neither apt nor sudo."""
    programs = folder / "bin"
    programs.mkdir()
    for name in ("bash", "env", "python3", "dpkg-query", "readlink", "dirname", "cat", "sha256sum", "cut", "flock",
                 "sleep", "msgfmt", "rm", "mktemp"):  # fmt: skip
        for directory in os.environ["PATH"].split(os.pathsep):
            if (program := Path(directory) / name).exists():
                (programs / name).symlink_to(program)
                break
    return str(programs)


def test_the_demonstration_is_refused_outside_its_command(tmp_path: Path) -> None:
    answer = shell(sys.executable, "-P", "config/demo.py", CLAIREVOIE_HOME=str(tmp_path), CLAIREVOIE_DEMO="")

    assert answer.returncode == 1
    assert "./run demo" in answer.stdout
    assert not list(tmp_path.iterdir())


def test_a_prepared_town_is_prepared_again_when_what_made_it_changed(tmp_path: Path) -> None:
    (tmp_path / "claire-voie.sqlite3").touch()
    before = demo.fingerprint(tmp_path, simulator="rtsp://127.0.0.1:8554")

    assert before == demo.fingerprint(tmp_path, simulator="rtsp://127.0.0.1:8554")
    assert before != demo.fingerprint(tmp_path, simulator="rtsp://127.0.0.1:8555")

    (tmp_path / "claire-voie.sqlite3").rename(tmp_path / "old")
    assert demo.fingerprint(tmp_path, simulator="rtsp://127.0.0.1:8554") == ""
    (tmp_path / "claire-voie.sqlite3").touch()
    assert before != demo.fingerprint(tmp_path, simulator="rtsp://127.0.0.1:8554")


def test_a_second_demonstration_of_the_same_town_is_told_where_the_first_is(tmp_path: Path) -> None:
    with demo.alone(tmp_path):
        (tmp_path / "demo.lock").write_text("http://127.0.0.1:8000/")

        with pytest.raises(demo.Impossible, match=r"http://127\.0\.0\.1:8000/"), demo.alone(tmp_path):
            pass


def test_the_cameras_keep_their_port_while_it_is_free(tmp_path: Path) -> None:
    memory = demo.Memory(tmp_path / "demo.json")

    first = demo.simulator_port(memory)
    again = demo.simulator_port(demo.Memory(tmp_path / "demo.json"))
    with socket.create_server(("127.0.0.1", first)):
        elsewhere = demo.simulator_port(demo.Memory(tmp_path / "demo.json"))

    assert first == again != elsewhere


def test_what_the_demonstration_remembers_is_for_its_owner_only(tmp_path: Path) -> None:
    demo.Memory(tmp_path / "demo.json").keep(seed="mot de passe")

    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


CHILD = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(float(sys.argv[2]))
"""


def town(folder: Path, **lives: float) -> "subprocess.Popen[bytes]":
    """Start the demonstration's process manager on stand-ins that each live so many seconds."""
    commands = {name: [sys.executable, "-c", CHILD, str(folder / name), str(life)] for name, life in lives.items()}
    script = f"import sys; from config.demo import run_together; sys.exit(run_together({commands!r}))"
    return subprocess.Popen([sys.executable, "-c", script], cwd=BASE, stdout=subprocess.DEVNULL, start_new_session=True)


def pids(folder: Path, *names: str) -> list[int]:
    """Wait until each stand-in has said its pid."""
    deadline = time.monotonic() + 20
    while not all((folder / name).exists() and (folder / name).read_text() for name in names):
        assert time.monotonic() < deadline, "a stand-in never started"
        time.sleep(0.05)
    return [int((folder / name).read_text()) for name in names]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda sent: sent.name)
def test_stopping_the_demonstration_leaves_no_process(tmp_path: Path, sent: signal.Signals) -> None:
    manager = town(tmp_path, web=60, recorder=60)
    children = pids(tmp_path, "web", "recorder")

    manager.send_signal(sent)

    assert manager.wait(15) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_when_one_process_of_the_demonstration_dies_all_stop(tmp_path: Path) -> None:
    manager = town(tmp_path, web=60, recorder=0.5)
    web, _recorder = pids(tmp_path, "web", "recorder")

    manager.wait(15)

    assert not Path(f"/proc/{web}").exists()


def processes_of(home: Path) -> list[str]:
    """Return the commands of the living processes whose state folder is this one."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"CLAIREVOIE_HOME={home}".encode() in environment.read_bytes().split(b"\0"):
                found.append((environment.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # gone meanwhile, or another person's
    return found


def demonstration(home: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start the demonstration as `./run demo` does and wait until it says where it is."""
    env = {**os.environ, "CLAIREVOIE_HOME": str(home), "CLAIREVOIE_DEMO": "1"}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        env.pop(name, None)
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", "config/demo.py"], cwd=BASE, env=env, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + 120
    while "Ctrl-C arrête tout" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    return process


@pytest.mark.slow
def test_the_demonstration_opens_twice_seeds_once_and_leaves_no_process(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    first = demonstration(home, log)
    try:
        said = log.read_text()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address, said
        with urllib.request.urlopen(f"{address[0]}compte/login/", timeout=20) as answer:
            page = answer.read().decode()
        assert "Valclair" in said
        assert all(login in said for login in ("dpo", "liaison", "agent", "maire", "controle", "technique"))
        assert "démonstration" in page.lower()
    finally:
        first.send_signal(signal.SIGINT)
        assert first.wait(20) == 0
    assert processes_of(home) == []

    second = demonstration(home, log)
    second.send_signal(signal.SIGTERM)

    assert second.wait(20) == 0
    assert "Préparation" in said
    assert "Préparation" not in log.read_text()
    assert processes_of(home) == []


# --- the guards -----------------------------------------------------------------------------------------------------
def test_the_network_is_cut_but_for_loopback() -> None:
    with pytest.raises(NetworkIsCut), socket.socket() as stranger:
        stranger.connect(("192.0.2.1", 80))

    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_an_undefined_variable_in_our_templates_fails_the_test() -> None:
    template = engines["django"].from_string("{{ personne.nom }}")

    with pytest.raises(pytest.fail.Exception, match=r"personne\.nom"):
        template.template.render(Context({}))


def test_each_process_of_the_suite_has_its_own_state_folder() -> None:
    assert Path(settings.HOME).name.startswith("claire-voie-")
    assert BASE not in Path(settings.HOME).parents


def test_a_flushing_database_is_refused(tmp_path: Path) -> None:
    shutil.copy(BASE / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_probe.py").write_text(
        "import pytest\n"
        "@pytest.mark.django_db(transaction=True)\ndef test_by_its_mark(): pass\n"
        "def test_by_its_fixture(transactional_db): pass\n"
        "def test_by_a_server(live_server): pass\n"
        "@pytest.mark.django_db\ndef test_with_a_copy(fresh_database): pass\n"
    )

    answer = shell(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(BASE / "pyproject.toml"), "--rootdir",
        str(tmp_path), str(tmp_path),
    )  # fmt: skip

    assert "4 errors in" in answer.stdout, answer.stdout + answer.stderr
    assert answer.stdout.count("Prenez `fresh_database`") == 3


def test_each_fresh_database_is_migrated_empty_and_seen_by_other_processes(fresh_database: FreshDatabase) -> None:
    assert not get_user_model().objects.exists()

    Session.objects.create(session_key="valclair", session_data="", expire_date=datetime.now(UTC))
    script = "from django.contrib.sessions.models import Session as S; print(S.objects.get().session_key)"
    answer = manage(fresh_database.env, "shell", "--verbosity", "0", "-c", script)

    assert answer.stdout.strip() == "valclair", answer.stderr
    assert Path(settings.HOME) == fresh_database.home


def test_a_fresh_database_keeps_nothing_of_the_one_before(fresh_database: FreshDatabase) -> None:
    assert not Session.objects.exists()
    assert fresh_database.home.name == "home"


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_loop_in_the_thread_does_not_keep_the_database_of_another_test(
    fresh_database: FreshDatabase, time: str
) -> None:
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)  # as Playwright leaves the test's thread
    try:
        before = Session.objects.count()
        Session.objects.create(session_key=time, session_data="", expire_date=datetime.now(UTC))
    finally:
        asyncio._set_running_loop(None)
        loop.close()

    assert before == 0
    assert Session.objects.get().session_key == time
    assert fresh_database.url


def test_the_journal_of_a_fresh_database_has_its_triggers(fresh_database: FreshDatabase) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'compliance_%'")
        else:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")

        assert cursor.fetchone()[0] > 0
    assert fresh_database.url


def test_the_site_of_a_test_answers_a_person(live_site: Site, page: object) -> None:
    page.goto(live_site.url + "/compte/login/")  # type: ignore[attr-defined]

    assert page.locator("input[name=login]").count() == 1  # type: ignore[attr-defined]
    assert live_site.manage("check").returncode == 0


# --- running it elsewhere -------------------------------------------------------------------------------------------
def test_the_compose_file_runs_every_process_on_postgresql_and_redis() -> None:
    compose = yaml.safe_load((BASE / "docker-compose.yml").read_text())
    services = compose["services"]

    assert set(services) == {"database", "redis", "prepare", "web", "recorder", "worker", "keeper", "cameras"}
    assert services["database"]["image"].startswith("postgres:16")
    assert services["redis"]["image"].startswith("redis:7")
    assert services["cameras"]["profiles"] == ["demo"]
    for name in ("web", "recorder", "worker", "keeper"):
        assert services[name]["environment"]["REDIS_URL"]
        assert "CLAIREVOIE_HOME" in services[name]["environment"]


def test_the_compose_file_publishes_the_site_on_loopback_only() -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]

    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_the_compose_file_holds_no_secret() -> None:
    text = (BASE / "docker-compose.yml").read_text()

    for line in text.splitlines():
        if not line.startswith("#") and "PASSWORD" in line.upper():
            assert "${" in line, line


def test_the_image_does_not_run_as_root() -> None:
    lines = (BASE / "Dockerfile").read_text().splitlines()

    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}


def test_what_is_private_stays_out_of_the_image() -> None:
    ignored = (BASE / ".dockerignore").read_text().split()

    assert {".git", ".venv", "var", ".env"} <= set(ignored)


@pytest.mark.django_db
def test_the_database_of_a_test_enforces_its_foreign_keys() -> None:
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (NULL, '', '2026-01-01')"
        )
