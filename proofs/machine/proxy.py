"""nginx as the example sets it, before the demonstration's live stream: is the first image later, are the next held?"""

import contextlib
import http.cookiejar
import re
import ssl
import statistics
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from config.demo import free_port
from proofs.machine import Failed, Machine, Stay, Town

RUNS = 10
CERTIFICATE = """
from datetime import datetime, timedelta, UTC
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pathlib import Path
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'video.exemple.fr')])
now = datetime.now(UTC)
made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256()))
folder = Path('/etc/claire-voie/tls')
folder.mkdir(parents=True, exist_ok=True)
(folder / 'certificat.pem').write_bytes(made.public_bytes(serialization.Encoding.PEM))
(folder / 'cle.pem').write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                   serialization.NoEncryption()))
"""


def before_the_live_stream(machine: Machine, town: Town) -> dict[str, Any]:
    """Verify the example with nginx itself, then time the stream with and without it, by turns."""
    machine.run("apt-get -qq update && apt-get -qq install -y --no-install-recommends nginx-light >/dev/null",
                DEBIAN_FRONTEND="noninteractive")  # fmt: skip
    machine.run(f".venv/bin/python - <<'FIN'\n{CERTIFICATE}\nFIN")
    plain, secure = free_port(8080), free_port(8443)
    example = (machine.code / "deploy" / "nginx.conf").read_text()
    _as_a_site(machine, example)
    verdict = machine.run("nginx -t 2>&1").stdout
    mapped = example.replace("127.0.0.1:8000", town.url.removeprefix("http://"))
    for port, other in ((443, secure), (80, plain)):
        mapped = re.sub(rf"listen (\[::\]:)?{port}\b", rf"listen \g<1>{other}", mapped)
    _as_a_site(machine, mapped)
    figures: dict[str, Any] = {"nginx_t": [line.split("nginx: ", 1)[-1] for line in verdict.splitlines()]}
    with machine.running("nginx -g 'daemon off;'", machine.root.parent / "nginx.log"):
        behind = f"https://127.0.0.1:{secure}"
        told = {"direct": Visitor(town.url, town), "proxied": Visitor(behind, town)}
        for visitor in told.values():
            visitor.sign_in()
            visitor.wait_for_images()
        seen: dict[str, list[tuple[float, float]]] = {name: [] for name in told}
        for _ in range(RUNS):
            for name, visitor in told.items():
                seen[name].append(visitor.watch())
        figures["too_big"] = told["proxied"].sends_too_much()
    figures["http_2_and_tls"] = "listen 443 ssl http2" in example
    for name, runs in seen.items():
        figures[name] = {
            "runs": RUNS,
            "first_byte_median_ms": round(statistics.median(first for first, _ in runs) * 1000, 1),
            "widest_gap_median_ms": round(statistics.median(gap for _, gap in runs) * 1000, 1),
        }
    return figures


def _as_a_site(machine: Machine, text: str) -> None:
    enabled = machine.root / "etc" / "nginx" / "sites-enabled"
    for path in enabled.iterdir():
        path.unlink()
    Path(enabled / "claire-voie").write_text(text)


class Visitor:
    """The habilitated agent, by one address or the other."""

    def __init__(self, url: str, town: Town) -> None:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # our own certificate, made just now
        self.url, self.town = url, town
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            Stay, urllib.request.HTTPCookieProcessor(self.jar), urllib.request.HTTPSHandler(context=trusting)
        )

    def _ask(self, path: str, data: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(f"{self.url}{path}")
        if data is not None:
            token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
            request.data = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": token}, doseq=True).encode()
            # As nginx names the host to the site: without the port that this trial adds.
            secure = self.url.startswith("https")
            request.add_header("Referer", f"https://127.0.0.1{path}" if secure else f"{self.url}{path}")
        return self.opener.open(request, timeout=30)

    def sign_in(self) -> None:
        """Sign in as the demonstration's agent."""
        self._ask("/compte/login/").read()
        self._sent_to("/compte/login/", {"login": "agent", "password": self.town.password})

    def _sent_to(self, path: str, data: dict[str, Any]) -> str:
        """Send a form and return the address that the browser is then sent to."""
        try:
            self._ask(path, data)
        except urllib.error.HTTPError as answer:
            if answer.code == 302:
                return str(answer.headers["Location"])
            raise
        message = f"{path} : le formulaire est revenu"
        raise Failed(message)

    def watch(self, *, seconds: float = 2.0) -> tuple[float, float]:
        """Open a consultation of one camera; return the seconds to its first bytes, and the widest gap after them."""
        page = self._ask("/direct/").read().decode()
        code = re.search(r'name="camera"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="camera"', page)
        if code is None:
            raise Failed(page[:2000])
        data = {"camera": [code[1] or code[2]], "motive": "service", "motive_text": ""}
        number = self._sent_to("/direct/", data).rstrip("/").rsplit("/", 1)[1]
        self._ask(f"/direct/{number}/").read()
        began = time.monotonic()
        with self._ask(f"/direct/{number}/flux/") as stream:
            stream.read1(65536)
            first = last = time.monotonic()
            widest = 0.0
            while time.monotonic() - first < seconds:
                stream.read1(1 << 20)
                widest, last = max(widest, time.monotonic() - last), time.monotonic()
        return first - began, widest

    def wait_for_images(self, *, seconds: float = 900) -> None:
        """Wait until a consultation shows images as they come: the streets of a first start are still being drawn."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, AttributeError):
                if self.watch()[1] < 1:
                    return
            time.sleep(2)
        message = f"aucune image en {seconds} s par {self.url}"
        raise Failed(message)

    def status(self, path: str) -> int:
        """Return the status of a page."""
        try:
            with self._ask(path) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code

    def sends_too_much(self) -> dict[str, Any]:
        """Send more than the proxy lets through; return what is answered."""
        request = urllib.request.Request(f"{self.url}/compte/login/", data=b"x" * (65 * 1024 * 1024))
        try:
            self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as answer:
            return {"status": answer.code, "says": "trop grand" in answer.read().decode()}
        except OSError as fault:
            return {"status": 0, "says": type(fault).__name__}
        return {"status": 200, "says": "?"}
