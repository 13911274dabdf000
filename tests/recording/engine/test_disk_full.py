"""A disk that refuses under a real recorder: what was sealed stays, live images go on, recording comes back alone."""

import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from cameras.models import Camera
from compliance.models import Entry, Person
from recording import queries
from recording.engine.keys import KeyStore
from recording.engine.segment import verify
from recording.models import Gap, Health, Segment
from tests.compliance.built import an_account
from tests.databases import FreshDatabase, manage
from tests.recording.engine.stage import Recorder, Viewer, dossier, prepare_keys, register, simulator, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recorder")]
VOLUME = 40 << 20
SENTENCE = "Le disque est plein ou refuse d’écrire : rien de plus n’est gardé, rien n’est effacé avant son terme."
REMEDY = "Libérez de la place, ou agrandissez le disque. L’enregistrement reprend de lui-même."


class Volume:
    """The recordings' folder on a small file system of its own, filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def refuse(self, _: Recorder) -> None:
        for size in (1 << 20, 1):
            with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
                while file.write(bytes(size)):
                    pass

    def accept(self, _: Recorder) -> None:
        self._ballast.unlink()


class Limit:
    """Where nothing may be mounted: the kernel refuses every byte to the ingests that live, as a quota does."""

    def refuse(self, recorder: Recorder) -> None:
        self._set(recorder, 0)

    def accept(self, recorder: Recorder) -> None:
        self._set(recorder, resource.RLIM_INFINITY)

    def _set(self, recorder: Recorder, most: int) -> None:
        for child in recorder.children():
            resource.prlimit(child, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.fixture(params=["volume", "limit"])
def disk(request: pytest.FixtureRequest, fresh_database: FreshDatabase) -> Iterator[Volume | Limit]:
    """A disk that can be made to refuse. The volume is said to be missing where nobody may mount it."""
    folder = queries.recordings_folder(fresh_database.home)
    folder.mkdir(mode=0o700, parents=True)
    if request.param == "limit":
        yield Limit()
        return
    asked = ["mount", "-t", "tmpfs", "-o", f"size={VOLUME},mode=700", "claire-voie-essai", str(folder)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("pas de commande mount : la limite du noyau est essayée seule")
    if done.returncode:
        pytest.skip(f"pas le droit de monter un volume, la limite du noyau est essayée seule : {done.stderr.strip()}")
    yield Volume(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def events() -> list[str]:
    codes = Entry.objects.order_by("seq").values_list("event", flat=True)
    return [code for code in codes if code.startswith("recording.")]


def health_page(camera: Camera) -> Callable[[], str]:
    """Return what reads the page of the engine's health, as somebody who reads the dossier."""
    place = camera.position.installation
    account = an_account(
        Person.objects.create(authority=place.authority, code="CTL", name="Contrôle", function="contrôle"), "controle"
    )
    assign_perm("compliance.read", account, place)
    browser = Client()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return lambda: browser.get("/sante/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_disk_that_refuses_stops_what_is_kept_and_nothing_else_until_it_has_room(
    fresh_database: FreshDatabase, tmp_path: Path, disk: Volume | Limit, settings: object
) -> None:
    home = settings.HOME = fresh_database.home  # type: ignore[attr-defined]
    prepare_keys(home)
    with simulator(tmp_path / "clips") as running, Recorder(fresh_database, tmp_path / "log") as recorder:
        camera = register(dossier(), running.url("cam1"))
        page = health_page(camera)
        until(lambda: Health.objects.filter(camera=camera).exclude(last_image_at=None).exists())
        time.sleep(2)
        opened = len(running.closed())
        disk.refuse(recorder)
        until(lambda: "recording.disk.refused" in events())
        viewer = Viewer(home, camera)
        shown = [viewer.next()[0].name for _ in range(60)]
        time.sleep(5)  # several refusals more
        kept = {path: path.stat().st_size for path in queries.recordings_folder(home).rglob("*.seg")}
        (gap,) = Gap.objects.filter(camera=camera, until=None)
        said, health = page(), Health.objects.get(camera=camera)
        indexed = Segment.objects.filter(camera=camera).count()
        disk.accept(recorder)
        until(lambda: "recording.disk.restored" in events())
        until(lambda: "Ouverte" in page())
        same = [viewer.next()[0].name, len(running.closed())]
        viewer.line.close()
        time.sleep(2)

    before, after = Segment.objects.filter(camera=camera).order_by("since")
    assert set(shown) >= {"CODEC", "INIT", "KEY", "DELTA"}
    assert same[1] == opened, "the camera was never closed"
    assert [len(kept), indexed] == [1, 1], "what could not begin left neither file nor row"
    assert (before.state, before.size) == (
        Segment.State.RECOVERED,
        (queries.recordings_folder(home) / before.path).stat().st_size,
    )
    assert (gap.reason, gap.since) == ("disk_full", before.until)
    assert Gap.objects.get(pk=gap.pk).until == after.since
    assert SENTENCE in said
    assert REMEDY in said
    assert (health.streaming, health.trouble) == (True, "disk_full")
    for row in (before, after):
        read = verify(queries.recordings_folder(home) / row.path, KeyStore(home).read_hour_key(row.key_id))
        assert (read.frames, read.sha256) == (row.frames, row.sha256)
    assert events() == [
        "recording.run.started", "recording.disk.refused", "recording.disk.restored", "recording.run.stopped",
    ]  # fmt: skip
    assert recorder.log().count("disk_full") == 1
    assert manage(fresh_database.env, "check_recordings").returncode == 0
