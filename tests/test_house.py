"""The house's own rules, those no linter knows: sizes, words, foreign keys, catalogue, templates, contracts."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from simple_history.models import HistoricalChanges

from compliance import events, requirements
from config import verify
from recording import consultations
from recording.views import live

BASE = Path(settings.BASE_DIR)
FLOORS = ("compliance", "cameras", "recording")
CODE = ("config", *FLOORS, "bench")
CEILING = 400
TEST_CEILING = 600
TOO_LONG_ON_PURPOSE: dict[str, str] = {}  # path: why; empty, and meant to stay so
BANNED_WORDS = {"manager", "helper", "helpers", "utils", "util", "service", "services", "data"}
NAMED_BY_OTHERS = {"data_received"}  # asyncio's word
LEGAL_WORDS = {"service", "services"}  # « mise en service »: an empty word in a class, a day of the law in a function
DOORS = {"gate", "journal", "events"}


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (BASE / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(BASE).as_posix()


# --- sizes and words ------------------------------------------------------------------------------------------------
def test_no_file_is_longer_than_its_ceiling() -> None:
    too_long = {
        named(path): lines
        for path in modules(*CODE, "tests")
        if "migrations" not in path.parts and named(path) not in TOO_LONG_ON_PURPOSE
        if (lines := len(path.read_text().splitlines()))
        > (TEST_CEILING if path.is_relative_to(BASE / "tests") else CEILING)
    }

    assert too_long == {}


def test_no_name_says_nothing() -> None:
    vague = []
    for path in modules(*CODE):
        if set(path.stem.split("_")) & BANNED_WORDS:
            vague.append(named(path))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower().split("_"))
                empty = BANNED_WORDS if isinstance(node, ast.ClassDef) else BANNED_WORDS - LEGAL_WORDS
                if words & empty and node.name not in NAMED_BY_OTHERS:
                    vague.append(f"{named(path)}:{node.lineno} {node.name}")

    assert vague == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in modules(*CODE)
        if path.name != "__init__.py"
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def glossary_words() -> set[str]:
    """The English words of the glossary: the first cell of its tables."""
    text = (BASE / "docs" / "design" / "glossary.md").read_text()
    cells = (match.group(1) for match in re.finditer(r"^\|\s*([^|]+?)\s*\|", text, re.MULTILINE))
    return {word for cell in cells for word in re.findall(r"[A-Z]\w+", cell.replace("`", ""))}


def test_every_model_is_a_word_of_the_glossary() -> None:
    known = glossary_words()

    assert {model.__name__ for model in our_models()} - known == set()


def test_every_glossary_word_names_something_in_the_code() -> None:
    classes = {
        node.name
        for path in modules(*FLOORS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }

    assert glossary_words() - classes == set()


# --- models ---------------------------------------------------------------------------------------------------------
def our_models() -> Iterator[type[models.Model]]:
    every = chain.from_iterable(apps.get_app_config(floor).get_models() for floor in FLOORS)
    # The field history of a model is the library's own: named after the model, without any foreign key.
    return (model for model in every if not issubclass(model, HistoricalChanges))


def test_nothing_legal_disappears_with_what_it_points_to() -> None:
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        if "permission" not in model.__name__.lower()  # guardian's grants go with the account or the installation
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]

    assert cascades == []


def test_no_model_hides_a_rule_in_save_or_in_a_signal() -> None:
    overridden = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules(*FLOORS)
        for owner in ast.walk(ast.parse(path.read_text()))
        if isinstance(owner, ast.ClassDef) and {"Model", "models.Model"} & {ast.unparse(base) for base in owner.bases}
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    signals = [
        named(path) for path in modules(*FLOORS) if re.search(r"django\.(?:db\.models|core)\.signals", path.read_text())
    ]

    assert overridden == []
    assert signals == []


def test_django_admin_is_absent_since_every_write_is_an_act() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


# --- the catalogue of requirements, the events ----------------------------------------------------------------------
REQUIREMENT_FILES = sorted((BASE / "compliance" / "requirements").glob("r[0-9]*.py"))


@pytest.mark.parametrize("path", REQUIREMENT_FILES, ids=lambda path: path.stem)
def test_a_requirement_has_a_test_file_of_its_own(path: Path) -> None:
    assert (BASE / "tests" / "compliance" / "requirements" / f"test_{path.stem}.py").exists()


def test_the_catalogue_holds_every_requirement_once_with_its_articles_and_its_remedy() -> None:
    catalogue = list(requirements.CATALOGUE)
    codes = [requirement.code for requirement in catalogue]

    assert len(codes) == len(set(codes)) >= len(REQUIREMENT_FILES) > 0
    for requirement in catalogue:
        assert requirement.title, requirement.code
        assert requirement.articles, requirement.code
        assert requirement.remedy, requirement.code


def test_every_event_is_declared_once() -> None:
    declared = re.findall(r"^\s*(?:code=)?\"([a-z_]+(?:\.[a-z_]+)+)\"", Path(events.__file__).read_text(), re.MULTILINE)

    assert declared
    assert sorted(declared) == sorted(set(declared))


# --- the ingest -----------------------------------------------------------------------------------------------------
def test_the_ingest_starts_as_the_recorder_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify.ingest_that_does_not_start() == []

    monkeypatch.setattr("recording.engine.child.MODULE", "recording.models")
    (told,) = verify.ingest_that_does_not_start()

    assert "l’ingest ne démarre pas (code 1)" in told
    assert "django" in told


# --- templates ------------------------------------------------------------------------------------------------------
def test_every_template_compiles() -> None:
    assert verify.templates_that_do_not_compile() == []


def test_every_template_is_used() -> None:
    texts = [path.read_text() for path in modules("config", *FLOORS)]
    folders = [BASE / "templates", *(BASE / floor / "templates" for floor in FLOORS)]
    texts += [path.read_text() for folder in folders for path in folder.rglob("*.html")]
    said = "\n".join(texts)
    # allauth and Django look these up by themselves.
    found_by_name = re.compile(r"^(?:account|allauth|django)/|^(?:400|403|403_csrf|404|429|500|503)\.html$")

    unused = [
        name
        for name in verify.template_names()
        if not found_by_name.match(name) and f'"{name}"' not in said and f"'{name}'" not in said
    ]

    assert unused == []


def test_loads_are_written_one_a_line_and_sorted() -> None:
    untidy = []
    for name in verify.template_names():
        text = next(path for path in (BASE / "templates" / name,) if path.exists()).read_text()
        loads = re.findall(r"{% load ([^%]+?) %}", text)
        if any(" " in load and " from " not in load for load in loads) or loads != sorted(loads):
            untidy.append(name)

    assert untidy == []


# --- contracts and files --------------------------------------------------------------------------------------------
def import_contracts() -> dict[str, object]:
    return tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["importlinter"]  # type: ignore[no-any-return]


def test_no_import_contract_has_an_exception() -> None:
    assert "ignore_imports" not in str(import_contracts())


def test_every_part_of_compliance_but_its_doors_is_protected() -> None:
    contracts = import_contracts()["contracts"]
    protected = next(set(contract["protected_modules"]) for contract in contracts if contract["type"] == "protected")  # type: ignore[attr-defined]
    parts = {
        path.stem for path in (BASE / "compliance").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert protected == {f"compliance.{part}" for part in parts - DOORS - {"__init__"}}


# The pages that show an answer of the gate, and open nothing: only they may show one kept from an earlier page.
SHOWING = {
    "compliance/gate.py",
    "compliance/glance.py",
    "compliance/views/states.py",
    "compliance/views/person.py",
    "recording/consultations.py",
}


def test_only_pages_that_show_read_a_kept_answer() -> None:
    reads = re.compile(r"\bglance\b|\bKEEP\b")
    lists = re.compile(r"\blisted\(request")

    assert {named(path) for path in modules(*FLOORS) if reads.search(path.read_text())} == SHOWING
    assert [named(path) for path in modules("recording") if lists.search(path.read_text())] == [
        "recording/views/live.py"
    ]
    assert "glance" in inspect.getsource(consultations.listed)
    assert "glance" not in inspect.getsource(consultations.watchable) + inspect.getsource(live.room)


def test_only_those_who_may_read_the_clock_are_excused_from_the_ban() -> None:
    ignores = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["per-file-ignores"]
    excused = {pattern for pattern, rules in ignores.items() if "TID251" in rules}

    assert excused == {
        "**/views/**", "**/management/commands/*", "recording/engine/clock.py", "recording/simulator*",
        "recording/simulator/*", "bench/*", "proofs/*", "tests/**",
    }  # fmt: skip


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    assert verify.addresses_in_tracked_files() == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock"])
def test_a_lock_file_pins_every_package_by_hash(name: str) -> None:
    lines = (BASE / name).read_text().replace("\\\n", " ").splitlines()

    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9._\[\]-]+==[\w.!+]+( ;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+", line.strip()), (
            line[:80]
        )


@pytest.mark.parametrize(
    "text",
    ["path = /wo" + "rk/main", "see /ro" + "ot/x", "cd /tm" + "p/a", "https://py" + "pi.org/simple"],
)
def test_an_address_would_be_found(text: str) -> None:
    assert verify.MACHINE_PATH.search(text) or verify.REGISTRY.search(text)


FAULTS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (BASE / "docs" / "design" / "faults.md").read_text().splitlines()
    if "::" in line
]


@pytest.mark.parametrize(("fault", "said", "test"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_fault_has_the_test_that_its_table_names_and_its_words_are_in_it(fault: str, said: str, test: str) -> None:
    path, name = test.strip("`").split("::")
    code = (BASE / path).read_text().replace("\u00a0", " ").replace("\\u00a0", " ")

    assert f"def {name}(" in code
    assert [words for words in re.findall("« (.+?) »", said) if words not in code] == []


@pytest.mark.xdist_group("recorder")
def test_a_group_of_tests_is_handed_to_one_worker(request: pytest.FixtureRequest) -> None:
    """The engine's tests wait in real time: three at once, on two cores, fail for want of a processor."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@recorder"), (
            "pytest-xdist writes its groups where this pytest reads nothing"
        )
