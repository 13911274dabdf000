"""Pages looked at in a real browser that the test's own process answers: no server, and each act is taken back.

Every screen is checked at 1280, 390 and 320 px: axe-core without violation, one h1, a title, nothing wider than the
screen, a focus that is seen. `CLAIREVOIE_SCREENS` names a folder: each screen is then kept there as PNG.
"""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

SITE = "http://testserver"
WIDE, NARROW, NARROWEST = (1280, 800), (390, 844), (320, 640)
# What axe-core cannot decide by itself on our pages, and why a person may: (rule, reason).
UNDECIDED = {
    "color-contrast": "text over a drawing or a striped ground: measured by hand in the style guide",
    "video-caption": "a street without sound has nothing to caption",
    "no-autoplay-audio": "the images have no sound",
}
AXE_OPTIONS = {"resultTypes": ["violations", "incomplete"], "rules": {"target-size": {"enabled": True}}}
RUN_AXE = """async (options) => {
  const told = (found) => found.map((rule) => ({
    rule: rule.id, help: rule.help, nodes: rule.nodes.map((node) => node.html.slice(0, 160)),
  }));
  const { violations, incomplete } = await axe.run(document, options);
  return { violations: told(violations), incomplete: told(incomplete) };
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 1)
    .map((one) => one.outerHTML.slice(0, 120)).slice(-5);
}"""
UNSEEN_FOCUS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((one) => !one.disabled && one.type !== "hidden" && one.getClientRects().length)
  .filter((one) => {
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
  }).map((one) => one.outerHTML.slice(0, 120))"""


@cache
def axe() -> str:
    """Return the source of axe-core."""
    return (Path(settings.BASE_DIR) / "tests" / "vendor" / "axe.min.js").read_text()


@dataclass
class Screens:
    """A browser page answered by this process, as one account or as nobody; it collects what is wrong."""

    page: Any
    client: Client = field(default_factory=Client)
    served: dict[str, Callable[[HttpRequest], HttpResponse]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    undecided: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Answer every request of the browser from here."""
        kept = os.environ.get("CLAIREVOIE_SCREENS") or None
        self.folder = Path(kept) if kept else None
        self.whole = kept is not None
        self.page.add_init_script(axe())
        self.page.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        request = route.request
        url = urlsplit(request.url)
        path = f"{url.path}?{url.query}" if url.query else url.path
        if url.path.startswith("/static/"):
            route.fulfill(path=finders.find(url.path.removeprefix("/static/")))
        elif url.path.endswith("/flux/"):
            route.abort()  # no image is asked of a page that is looked at
        else:
            answer = self.ask(request.method, path, request.post_data_buffer or b"", request.headers)
            headers = {name: value for name, value in answer.items() if name.lower() != "content-length"}
            route.fulfill(status=answer.status_code, headers=headers, body=answer.getvalue())

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        """Return the product's answer, redirections followed."""
        sent = headers or {}
        if path in self.served:
            request = RequestFactory().get(path)
            request.user = AnonymousUser()
            return self.served[path](request)
        htmx = {"HTTP_HX_REQUEST": "true"} if "hx-request" in sent else {}
        kind = sent.get("content-type", "application/octet-stream")
        answer = self.client.generic(method, path, body, content_type=kind, **htmx)
        while answer.status_code in (301, 302, 303):
            answer = self.client.get(answer["Location"])
        return answer

    def open(self, path: str, label: str) -> None:
        """Open a page and look at it."""
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        self.page.goto(f"{SITE}{path}")
        self.look(label)

    def look(self, label: str, *, narrow_axe: bool | None = None) -> None:
        """Check the page shown at every width, and keep its pictures when asked."""
        narrow_axe = self.whole if narrow_axe is None else narrow_axe
        self.looked_at.append(label)
        # A click ends when its page begins: without its style, nothing has its size.
        self.page.wait_for_load_state("load")
        if self.page.title() in ("", "Claire-voie"):
            self._fault(label, f"titre : {self.page.title()!r}")
        heads = self.page.locator("h1").count()
        if heads != 1:
            self._fault(label, f"{heads} h1")
        for width, height in (WIDE, NARROW, NARROWEST):
            self.page.set_viewport_size({"width": width, "height": height})
            if wide := self.page.evaluate(TOO_WIDE):
                self._fault(f"{label} à {width} px", f"déborde : {wide}")
            if width == WIDE[0] or (narrow_axe and width == NARROW[0]):
                self._read(f"{label} à {width} px")
            if self.folder is not None and width != NARROWEST[0]:
                self.page.screenshot(path=self.folder / f"{label}-{width}.png", full_page=True)
        self.page.keyboard.press("Tab")  # what follows is the focus of a keyboard
        if unseen := self.page.evaluate(UNSEEN_FOCUS):
            self._fault(label, f"focus invisible : {unseen}")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})

    def _read(self, label: str) -> None:
        found = self.page.evaluate(RUN_AXE, AXE_OPTIONS)
        for rule in found["violations"]:
            self._fault(label, f"axe {rule['rule']} ({rule['help']}) : {rule['nodes'][:3]}")
        for rule in found["incomplete"]:
            self.undecided[rule["rule"]] += len(rule["nodes"])
            if rule["rule"] not in UNDECIDED:
                self._fault(label, f"axe ne sait pas, {rule['rule']} ({rule['help']}) : {rule['nodes'][:3]}")

    def _fault(self, label: str, what: str) -> None:
        self.faults.append(f"{label} : {what}")

    def close(self) -> None:
        """Keep the figures beside the pictures, then fail on whatever is wrong."""
        if self.folder is not None:
            path = self.folder / "screens.json"
            told: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
            told = {
                "widths": [WIDE[0], NARROW[0], NARROWEST[0]],
                "screens": [*told.get("screens", []), *self.looked_at],
                "faults": [*told.get("faults", []), *self.faults],
                "undecided": Counter(told.get("undecided", {})) + self.undecided,
            }
            path.write_text(json.dumps(told, ensure_ascii=False))
        assert not self.faults, "\n".join(["", *self.faults])
