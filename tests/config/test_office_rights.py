"""The guide of rights is the code's: the committed file is what the command writes, and a difference is said."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from compliance.forms.acts import ACTS
from config.management.commands import office_rights


def test_the_committed_guide_is_the_code_s() -> None:
    call_command("office_rights", check=True)


def test_a_guide_that_differs_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs" / "guide").mkdir(parents=True)

    with pytest.raises(CommandError, match="office_rights"):
        call_command("office_rights", check=True)
    call_command("office_rights")
    call_command("office_rights", check=True)


def test_every_act_that_has_a_page_is_in_the_guide() -> None:
    text = (Path(settings.BASE_DIR) / office_rights.PATH).read_text()

    assert [page.title for page in ACTS.values() if f"| {page.title} |" not in text] == []
