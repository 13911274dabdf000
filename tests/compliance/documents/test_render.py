"""The renderer: it fetches nothing, it is loaded late, and it is known of one module only."""

import ast
import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from compliance.documents import render

BASE = Path(settings.BASE_DIR)
PAGE = "<!DOCTYPE html><html lang=fr><head><title>Essai</title>{}</head><body><p>Essai</p>{}</body></html>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<link rel=attachment href=file:///etc/passwd>", ""),
        ("<link rel=stylesheet href=http://127.0.0.1:9/x.css>", ""),
        ("<style>@import url(file:///etc/passwd);</style>", ""),
        ("<style>p { background: url(http://127.0.0.1:9/x.png) }</style>", ""),
        ("", "<img src=file:///etc/passwd alt=x>"),
        ("", "<img src='data:image/png;base64,AAAA' alt=x>"),
        ("", "<object data=file:///etc/passwd>x</object>"),
    ],
)
def test_a_page_that_asks_for_something_else_is_not_made(head: str, body: str) -> None:
    with pytest.raises(render.Fetched):
        render.pdf(PAGE.format(head, body))


def test_a_drawing_that_asks_for_a_picture_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    asked = "<svg viewBox='0 0 1 1' width='9mm' height='9mm'><title>x</title><image href='file:///etc/passwd'/></svg>"

    render.pdf(PAGE.format("", asked))

    assert "Failed to render SVG" in caplog.text


def test_a_page_whole_in_itself_is_made_twice_the_same() -> None:
    assert render.pdf(PAGE.format("", "")) == render.pdf(PAGE.format("", ""))


def test_only_one_module_knows_the_renderer() -> None:
    users = [
        path.relative_to(BASE).as_posix()
        for floor in ("config", "compliance", "cameras", "recording")
        for path in (BASE / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "weasyprint" in (getattr(node, "module", None) or node.names[0].name)
    ]

    assert set(users) == {"compliance/documents/render.py"}


def test_the_site_starts_without_the_renderer() -> None:
    code = "import django, sys; django.setup(); import config.urls; print('weasyprint' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", code], cwd=BASE, capture_output=True, text=True, check=True)

    assert answer.stdout.split()[-1] == "False"


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(render.RendererMissing, match="installez libpango"):
        render.pdf(PAGE.format("", ""))
