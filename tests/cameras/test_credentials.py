"""Sealed addresses: anyone seals, only an allowed and unexpired decision opens, nothing prints the secret."""

import secrets
import stat
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cameras import credentials
from cameras.credentials import NoKey, Unopened, new_private_key, open_address, public_key_path, publish, seal
from compliance.gate import Action, Decision, Finding, Outcome, Refused
from compliance.requirements import CATALOGUE

AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
ALLOWED = Decision(Action.RECORD, "VAL-01", AT, AT + timedelta(minutes=15), 30, ())
PASSWORD = secrets.token_hex(8)
ADDRESS = f"rtsp://cam:{PASSWORD}@10.0.0.4:554/stream1"


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    """The recorder's private key, its public half published."""
    private = new_private_key()
    publish(private, home=tmp_path)
    return private


def test_an_address_is_opened_by_an_allowed_decision_and_hides_everything_before(tmp_path: Path, key: bytes) -> None:
    sealed = seal(ADDRESS, home=tmp_path)

    assert PASSWORD.encode() not in sealed
    assert b"10.0.0.4" not in sealed
    assert open_address(ALLOWED, sealed, key, now=AT) == ADDRESS
    assert seal(ADDRESS, home=tmp_path) != sealed


def test_the_web_cannot_open_what_it_seals(tmp_path: Path, key: bytes) -> None:
    held = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    assert held == [public_key_path(tmp_path).read_bytes()]
    assert key not in held
    assert stat.S_IMODE(public_key_path(tmp_path).stat().st_mode) == 0o600


def test_a_refusal_keeps_the_address_sealed(tmp_path: Path, key: bytes) -> None:
    finding = Finding(CATALOGUE[0], Outcome.UNMET, "manque", None, stops=True)

    with pytest.raises(Refused):
        open_address(replace(ALLOWED, findings=(finding,)), seal(ADDRESS, home=tmp_path), key, now=AT)


@pytest.mark.parametrize(
    ("decision", "now"),
    [
        (ALLOWED, AT + timedelta(minutes=15)),
        (ALLOWED, AT - timedelta(seconds=1)),
        (replace(ALLOWED, action=Action.WATCH), AT),
        (replace(ALLOWED, action=Action.EXPORT), AT),
    ],
    ids=["expired", "not yet asked", "to watch", "to hand over"],
)
def test_an_expired_or_foreign_decision_opens_nothing(
    tmp_path: Path, key: bytes, decision: Decision, now: datetime
) -> None:
    with pytest.raises(Unopened):
        open_address(decision, seal(ADDRESS, home=tmp_path), key, now=now)


def test_an_altered_seal_is_refused_at_every_byte(tmp_path: Path, key: bytes) -> None:
    sealed = seal(ADDRESS, home=tmp_path)

    for index in range(1, len(sealed)):
        altered = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        with pytest.raises(Unopened):
            open_address(ALLOWED, altered, key, now=AT)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" * 80])
def test_what_is_no_seal_is_refused(key: bytes, sealed: bytes) -> None:
    with pytest.raises(Unopened):
        open_address(ALLOWED, sealed, key, now=AT)


def test_another_recorder_cannot_open_it(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(Unopened):
        open_address(ALLOWED, seal(ADDRESS, home=tmp_path), new_private_key(), now=AT)


def test_no_error_tells_the_address(tmp_path: Path, key: bytes) -> None:
    sealed = bytearray(seal(ADDRESS, home=tmp_path))
    sealed[-1] ^= 1
    try:
        open_address(ALLOWED, bytes(sealed), key, now=AT)
    except Unopened as refused:
        told = "".join(traceback.format_exception(refused))

    assert PASSWORD not in told
    assert refused_without_context(sealed, key)


def refused_without_context(sealed: bytearray, key: bytes) -> bool:
    """True when the refusal keeps no other exception with it."""
    try:
        open_address(ALLOWED, bytes(sealed), key, now=AT)
    except Unopened as refused:
        return refused.__suppress_context__
    return False


def test_nothing_is_sealed_before_the_recorder_made_its_key(tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        seal(ADDRESS, home=tmp_path)


def test_publishing_again_changes_nothing(tmp_path: Path, key: bytes) -> None:
    before = public_key_path(tmp_path).stat().st_ino

    publish(key, home=tmp_path)

    assert public_key_path(tmp_path).stat().st_ino == before
    assert credentials.open_address(ALLOWED, seal(ADDRESS, home=tmp_path), key, now=AT) == ADDRESS
