"""The guides: every picture is named, described and made by the command; every link leads to a file."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from proofs.pictures import HEAVIEST, PANEL, PICTURES

BASE = Path(settings.BASE_DIR)
PAGES = (BASE / "README.md", *sorted((BASE / "docs" / "guide").glob("*.md")))
IMAGES = BASE / "docs" / "images"
PICTURE = re.compile(r"!\[([^]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)#]+)(?:#[^)]*)?\)")
ENOUGH_WORDS = 8


def pictures_named() -> list[tuple[str, Path]]:
    """Return what each picture of a page says, and its file."""
    return [
        (said, (page.parent / target).resolve()) for page in PAGES for said, target in PICTURE.findall(page.read_text())
    ]


def test_the_pictures_named_kept_and_made_by_the_command_are_the_same() -> None:
    made = {IMAGES / f"{name}.png" for name in (*PICTURES, PANEL)}

    assert {path for _, path in pictures_named()} == made
    assert set(IMAGES.iterdir()) == made


def test_every_picture_is_told_to_whoever_does_not_see_it() -> None:
    assert [said for said, _ in pictures_named() if len(said.split()) < ENOUGH_WORDS] == []


def test_every_picture_is_light() -> None:
    assert [path.name for path in IMAGES.iterdir() if path.stat().st_size > HEAVIEST] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_of_a_guide_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_guide() -> None:
    readme = (BASE / "README.md").read_text()

    assert [page.name for page in PAGES[1:] if f"](docs/guide/{page.name})" not in readme] == []
