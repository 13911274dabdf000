"""Every act of the product has its word, every word plays its act, and the guide tells them all."""

import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from compliance import actions
from compliance.actions.observation import observe
from compliance.law.terms import Seen
from compliance.models import Entry
from compliance.scenario import play, understand
from compliance.scenario.clocks import CLOCKS
from compliance.scenario.complete import OPTIONS
from compliance.scenario.guide import EXAMPLE, FROM_NOTHING, written
from compliance.scenario.reading import Text
from compliance.scenario.story import COMMON, QUESTION, STORY
from compliance.scenario.vocabulary import CHAPTERS, WORDS

# Receiving keeps a file; a story has none, and plays its twin. A paper shows the dossier and changes nothing of it; the
# contact that it prints is read by no requirement.
NOTHING_TO_TELL = {"receive", "ask", "issue", "give_up", "tell_contact"}


def acts() -> dict[str, object]:
    return {
        name: function
        for module in iter_modules(actions.__path__)
        for name, function in inspect.getmembers(import_module(f"compliance.actions.{module.name}"))
        if inspect.isfunction(function) and hasattr(function, "rights")
    }


def test_every_act_of_the_product_has_its_word() -> None:
    worded = {act.__name__ for word in WORDS.values() for act in word.acts}

    assert set(acts()) - worded == NOTHING_TO_TELL
    assert observe.__name__ in worded


def test_every_thing_that_the_machines_see_has_its_word() -> None:
    assert len([word for word in WORDS.values() if observe in word.acts]) == len(Seen)


def test_no_two_words_are_the_same() -> None:
    assert len(WORDS) == sum(len(words) for _, words in CHAPTERS)


@pytest.mark.parametrize("name", WORDS)
def test_the_fields_of_a_word_are_explained_and_their_examples_read(name: str) -> None:
    word = WORDS[name]

    for field in (*word.fields, *COMMON, *QUESTION, *STORY, *OPTIONS):
        assert field.about
        assert field.required or field.default is not None or field.otherwise, field.name
        for item in field.example.strip("[]").split(", "):
            if item:
                field.kind._one(field.name, Text(item, 1))
    assert len({field.key for field in (*word.fields, *COMMON)}) == len(word.fields) + len(COMMON)


# --- the guide -------------------------------------------------------------------------------------------------------
def test_the_guide_of_the_repository_is_current() -> None:
    call_command("scenario", "--guide", "--check")

    assert (Path(settings.BASE_DIR) / "docs" / "guide" / "scenarios.md").read_text() == written()


def test_a_guide_that_differs_or_is_missing_fails(settings: object, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "docs" / "guide").mkdir(parents=True)
    with pytest.raises(CommandError, match=r"Lancez : \./run manage scenario --guide"):
        call_command("scenario", "--guide", "--check")

    call_command("scenario", "--guide")
    call_command("scenario", "--guide", "--check")

    (tmp_path / "docs" / "guide" / "scenarios.md").write_text("autre chose")
    with pytest.raises(CommandError, match="n’est plus celui des actes"):
        call_command("scenario", "--guide", "--check")


def test_the_guide_tells_every_word_every_field_and_every_clock() -> None:
    text = written()

    for word in WORDS.values():
        section = text.split(f"\n#### {word.name}\n")[1].split("\n#### ")[0]
        assert word.about in section
        assert all(f"| `{field.name}` |" in section for field in word.fields)
    assert all(f"| {clock.name} |" in text for clock in CLOCKS)


@pytest.mark.django_db
@pytest.mark.parametrize("example", [EXAMPLE, FROM_NOTHING], ids=["complete", "from nothing"])
def test_the_examples_of_the_guide_play(example: str) -> None:
    assert play(understand(example.encode())).right
    assert Entry.objects.count() == 0
