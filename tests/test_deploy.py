"""What a town hall installs: the units, the proxy and the settings beside them say what the product is."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

BASE = Path(settings.BASE_DIR)
DEPLOY = BASE / "deploy"
PROCESSES = ("web", "recorder", "worker", "keeper")
UNITS = [f"claire-voie-{name}.service" for name in PROCESSES]
SYSTEM_TARGETS = ("sysinit", "basic", "shutdown", "multi-user", "network-online", "time-sync")
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze absent : paquet « systemd »"
)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A root that holds the units, the programs they name, and the system's targets: nothing of this machine."""
    system = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "systemd", system)
    for name in SYSTEM_TARGETS:
        (system / f"{name}.target").write_text(f"[Unit]\nDescription={name}\n")
    for unit in UNITS:
        program = tmp_path / command(unit)[0].lstrip("/")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch(mode=0o755)
    return tmp_path


def command(unit: str) -> list[str]:
    """Return what a unit starts."""
    found = re.search(r"^ExecStart=(.+)$", (DEPLOY / "systemd" / unit).read_text(), re.MULTILINE)
    assert found, unit
    return found[1].split()


def analyze(*arguments: str, root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["systemd-analyze", arguments[0], f"--root={root}", *arguments[1:]], capture_output=True, text=True,
        timeout=30, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@needs_systemd
def test_systemd_finds_nothing_to_say_of_the_units(machine: Path) -> None:
    answer = analyze("verify", "claire-voie.target", *UNITS, root=machine)

    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")


@needs_systemd
def test_a_misspelt_protection_would_be_seen(machine: Path) -> None:
    with (machine / "etc" / "systemd" / "system" / UNITS[0]).open("a") as unit:
        unit.write("ProtectSytem=strict\n")

    assert "ProtectSytem" in analyze("verify", UNITS[0], root=machine).stderr


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_each_process_is_shut_in(machine: Path, unit: str) -> None:
    answer = analyze("security", "--offline=yes", "--threshold=20", "--no-pager", unit, root=machine)

    assert answer.returncode == 0, answer.stdout


def test_the_target_starts_every_process_and_only_them() -> None:
    wanted = re.search(r"^Wants=(.+)$", (DEPLOY / "systemd" / "claire-voie.target").read_text(), re.MULTILINE)

    assert wanted
    assert sorted(wanted[1].split()) == sorted(UNITS)
    assert sorted(path.name for path in (DEPLOY / "systemd").glob("*.service")) == sorted(UNITS)


@pytest.mark.parametrize("name", ["recorder", "keeper"])
def test_the_commands_of_the_units_are_commands_of_the_product(name: str) -> None:
    assert command(f"claire-voie-{name}.service")[1:] == ["manage.py", name]
    assert name in get_commands()


@pytest.mark.parametrize("unit", UNITS)
def test_no_line_of_a_unit_is_undone_by_what_they_share(unit: str) -> None:
    def names(path: Path) -> set[str]:
        return set(re.findall(r"^(\w+)=", path.read_text(), re.MULTILINE))

    assert not names(DEPLOY / "systemd" / unit) & names(DEPLOY / "systemd" / "claire-voie-.service.d" / "commun.conf")


def test_the_keeper_may_read_whether_its_clock_is_kept_and_nobody_may_set_it() -> None:
    shared = (DEPLOY / "systemd" / "claire-voie-.service.d" / "commun.conf").read_text()
    protected = {unit for unit in UNITS if "ProtectClock=yes" in (DEPLOY / "systemd" / unit).read_text()}
    (filtered,) = re.findall(r"^SystemCallFilter=(.+)$", shared, re.MULTILINE)

    # The C library asks by either name; ProtectClock refuses both, even to read.
    assert {"adjtimex", "clock_adjtime"} <= set(filtered.split())
    assert protected == {*UNITS} - {"claire-voie-keeper.service"}
    assert not re.search(r"^ProtectClock=", shared, re.MULTILINE)
    assert re.search(r"^CapabilityBoundingSet=$", shared, re.MULTILINE)


def test_only_the_recorder_and_the_worker_may_leave_the_machine() -> None:
    shut = {unit for unit in UNITS if "IPAddressDeny=any" in (DEPLOY / "systemd" / unit).read_text()}

    assert shut == {"claire-voie-web.service", "claire-voie-keeper.service"}


def test_a_frozen_recorder_is_killed_by_systemd() -> None:
    unit = (DEPLOY / "systemd" / "claire-voie-recorder.service").read_text()

    assert "Type=notify" in unit
    assert re.search(r"^WatchdogSec=\d+$", unit, re.MULTILINE)
    assert "WatchdogSignal=SIGKILL" in unit


def test_each_setting_of_the_example_is_read_by_the_product() -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "claire-voie.env").read_text(), re.MULTILINE)
    read = (BASE / "config" / "settings.py").read_text()

    assert {"CLAIREVOIE_HOSTS", "CLAIREVOIE_TLS", "DATABASE_URL", "REDIS_URL"} <= set(names)
    assert [name for name in names if f'"{name}"' not in read] == []


def test_the_proxy_holds_no_picture_back_and_lets_nobody_choose_an_address() -> None:
    proxy = (DEPLOY / "nginx.conf").read_text()

    for line in (
        "proxy_buffering off;", "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto https;", "proxy_pass http://127.0.0.1:8000;",
    ):  # fmt: skip
        assert line in proxy
    limit = re.search(r"client_max_body_size (\d+)m;", proxy)
    assert limit
    # The site must be given a file that is a little too big, to refuse it in its own words.
    assert int(limit[1]) * 1024 * 1024 > 2 * settings.UPLOAD_LIMIT


@pytest.mark.parametrize("name", ["recorder", "keeper"])
def test_the_containers_run_what_the_units_run(name: str) -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]

    assert services[name]["command"][1:] == command(f"claire-voie-{name}.service")[1:]


def test_each_setting_of_the_containers_is_read_by_the_product_or_its_server() -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    read = (BASE / "config" / "settings.py").read_text() + (
        BASE / "config/management/commands/seed_demo.py"
    ).read_text()
    elsewhere = {"TMPDIR", "FORWARDED_ALLOW_IPS"}  # Python's, uvicorn's

    for name in PROCESSES:
        given = set(services[name]["environment"]) - elsewhere
        assert {setting for setting in given if f'"{setting}"' not in read} == set()


# --- ./run install --prod -------------------------------------------------------------------------------------------
def shell(script: str, *, cwd: Path = BASE, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", f"source ./run; {script}"], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True,
        timeout=30, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_settings_of_an_installation_are_read_and_never_run(tmp_path: Path) -> None:
    secret = "postgres://clairevoie:lavoir$(touch ran)&`touch ran`;touch ran@127.0.0.1/clairevoie"
    (tmp_path / "env").write_text(
        f'# un commentaire\nDATABASE_URL={secret}\nCLAIREVOIE_HOSTS="a.fr,b.fr"\n#REDIS_URL=non\ntouch ran\n'
    )

    answer = shell(
        f'cd {tmp_path}; lire_reglages env; printf "%s|%s|%s" "$DATABASE_URL" "$CLAIREVOIE_HOSTS" "${{REDIS_URL-}}"',
        REDIS_URL="",
    )

    assert answer.stdout == f"{secret}|a.fr,b.fr|", answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["env"]


def test_a_throw_away_server_that_is_stopped_leaves_no_process_behind() -> None:
    started = subprocess.Popen(
        ["bash", "-c", "source ./run; apt_installer() { :; }; environnement() { :; }; "
                       "demarrer_postgresql() { PG_ADRESSE=postgres://ici; }; postgresql_jetable"],
        cwd=BASE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline() == "DATABASE_URL=postgres://ici\n"
    time.sleep(0.5)  # it now waits

    started.terminate()

    assert started.communicate(timeout=10)[0] == ""  # the end of the pipe: nobody holds it any more
    assert started.returncode == 0


def test_an_installation_is_refused_anywhere_but_where_its_units_look(tmp_path: Path) -> None:
    shutil.copy(BASE / "run", tmp_path)  # the checkout of this test may be in that very place

    answer = shell("installer_prod", cwd=tmp_path)

    assert answer.returncode == 1
    assert ("/opt/claire-voie" if os.geteuid() == 0 else "sudo") in answer.stderr


def test_the_guide_names_each_unit_each_place_and_commands_that_exist() -> None:
    guide = (BASE / "docs" / "guide" / "installer.md").read_text()
    run = (BASE / "run").read_text()

    assert [unit for unit in UNITS if f"`{unit.removesuffix('.service')}`" not in guide] == []
    for place in ("CODE", "ETAT", "REGLAGES"):
        known = re.search(rf"\b{place}=(\S+)", run)
        assert known
        assert f"`{known[1]}`" in guide
    commands = set(re.findall(r"\./run manage ([a-z_]+)", guide))
    assert commands - set(get_commands()) <= {"first_account"}
    assert "backup" in commands
