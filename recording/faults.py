"""What may be asked of a simulated camera by its address: `/cam1/stall=3/digest`; no network here.

See `recording.simulator` for what each word makes the camera do.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

_WITH_FIGURE = {"stall": 3.0, "drop": 3.0, "burst": 1.0, "resize": 3.0}
_ALONE = {"hang-describe", "hang-play", "digest", "sound", "h265"}
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


@dataclass(frozen=True)
class Address:
    """A camera's name and the faults asked of it; the figures are seconds, None when the fault is not asked."""

    camera: str
    hang_describe: bool = False
    hang_play: bool = False
    digest: bool = False
    sound: bool = False
    h265: bool = False
    stall: float | None = None
    drop: float | None = None
    burst: float | None = None
    resize: float | None = None

    @classmethod
    def of(cls, path: str) -> Self | None:
        """The address written in the path of a URL, None when a word of it is unknown."""
        camera, *words = [unquote(word) for word in path.split("?")[0].split("/") if word] or [""]
        asked: dict[str, float | bool] = {}
        for word in words:
            name, _, figure = word.partition("=")
            if name in _WITH_FIGURE:
                try:
                    asked[name] = float(figure) if figure else _WITH_FIGURE[name]
                except ValueError:
                    return None
            elif word in _ALONE:
                asked[word.replace("-", "_")] = True
            else:
                return None
        return cls(camera, **asked)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Credentials:
    """The user and password of the cameras behind `/digest`; never shown."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"

    @classmethod
    def read(cls, text: str) -> Self:
        """Two lines, user then password; `ValueError` otherwise, which quotes nothing of them."""
        lines = text.splitlines()
        if len(lines) < 2 or not lines[0] or not lines[1]:
            raise ValueError("deux lignes sont attendues : l’utilisateur, puis le mot de passe")
        return cls(lines[0], lines[1])

    def accept(self, header: str, *, method: str, realm: str, nonce: str) -> bool:
        """Whether an `Authorization` header answers this challenge (Digest MD5, RFC 2069 or 2617; never Basic)."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return False
        given = {name: quoted or plain for name, quoted, plain in _PAIR.findall(rest)}
        if (given.get("username"), given.get("realm"), given.get("nonce")) != (self.user, realm, nonce):
            return False
        secret, request = _md5(f"{self.user}:{realm}:{self.password}"), _md5(f"{method}:{given.get('uri', '')}")
        middle = f"{nonce}:{given.get('nc')}:{given.get('cnonce')}:{given['qop']}" if "qop" in given else nonce
        return hmac.compare_digest(_md5(f"{secret}:{middle}:{request}"), given.get("response", ""))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
