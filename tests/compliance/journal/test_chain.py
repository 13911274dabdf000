"""The format of the journal: golden values that an independent verifier must find too."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from compliance.events import Operation
from compliance.journal import chain

AT = datetime(2026, 11, 19, 13, 32, 5, 123456, tzinfo=UTC)
TERM = datetime(2029, 11, 19, 13, 32, 5, 123456, tzinfo=UTC)
BODY = {
    "actor": 3,
    "values": {"numéro": "2026-1", "motif": "Prise de service, état des caméras", "positions": ("VAL-01",)},
}
TEXT = '{"actor":3,"values":{"motif":"Prise de service, état des caméras","numéro":"2026-1","positions":["VAL-01"]}}'
SALT = bytes(range(16))


def test_a_body_has_one_text() -> None:
    assert chain.canonical(BODY) == TEXT
    assert chain.canonical(dict(reversed(list(BODY.items())))) == TEXT


def test_the_chain_of_two_entries_is_the_published_one() -> None:
    bound = chain.commitment(SALT, TEXT)
    first = chain.entry_hash(chain.GENESIS, chain.leaf(1, at=AT, event="order.captured", term=TERM, commitment=bound))
    second = chain.entry_hash(first, chain.leaf(2, at=AT, event="order.captured", term=TERM, commitment=bound))

    assert chain.GENESIS == "cc726b7f4e3af4f4d18f2ceedf85e25a4d0f8b248be5b93d0e4740b6c113cae1"
    assert bound == "f727371e23182741f44547e8158cbca763e8b604a14ea77be8781eeeb2986af4"
    assert first == "2e4546ab42513788061e98e05f66af7038fff48d345ced396f3796f8cb4f978f"
    assert second == "d5f05bd95d05b012ba09b877210954a4a23306e2695967bc0cb5b847b80f2646"


def test_a_verifier_that_shares_no_code_finds_the_same_entry() -> None:
    bound = hashlib.sha256(SALT + TEXT.encode()).digest()
    leaf = b"\x00"
    leaf += b"\x00\x00\x00\x08" + b"\x00\x00\x00\x00\x00\x00\x00\x01"
    leaf += b"\x00\x00\x00\x1b" + b"2026-11-19T13:32:05.123456Z"
    leaf += b"\x00\x00\x00\x0e" + b"order.captured"
    leaf += b"\x00\x00\x00\x1b" + b"2029-11-19T13:32:05.123456Z"
    leaf += b"\x00\x00\x00\x20" + bound
    genesis = hashlib.sha256(b"claire-voie journal, format 1").digest()
    theirs = hashlib.sha256(genesis + hashlib.sha256(leaf).digest()).hexdigest()

    ours = chain.leaf(1, at=AT, event="order.captured", term=TERM, commitment=bound.hex())

    assert chain.entry_hash(chain.GENESIS, ours) == theirs


def test_no_two_neighbouring_fields_can_trade_a_character() -> None:
    a = chain.leaf(1, at=AT, event="ab.c", term=TERM, commitment="00")
    b = chain.leaf(1, at=AT, event="ab.", term=TERM, commitment="6300")

    assert a != b


def test_instants_are_told_in_utc_to_the_microsecond() -> None:
    paris = timezone(timedelta(hours=1))

    assert chain.instant(AT.astimezone(paris)) == "2026-11-19T13:32:05.123456Z"
    assert chain.instant(AT.replace(microsecond=0)) == "2026-11-19T13:32:05.000000Z"


def test_every_value_of_an_act_has_a_text() -> None:
    code = UUID("12345678-1234-5678-1234-567812345678")
    values = [date(2026, 1, 2), AT, code, Operation.ACCES, True, None, 7, {"a": [1]}, Decimal("48.1200"), 48.12, 1e-7]

    assert chain.plain(values) == [
        "2026-01-02",
        "2026-11-19T13:32:05.123456Z",
        str(code),
        "Accès",
        True,
        None,
        7,
        {"a": [1]},
        "48.1200",
        "48.12",
        "0.0000001",
    ]


@pytest.mark.parametrize(
    "value",
    [
        b"octets",
        {"ensemble"},
        object(),
        {1: "a"},
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        "\ud800",
        datetime(2026, 1, 2),
    ],
    ids=["bytes", "set", "object", "key", "nan", "inf", "decimal-nan", "surrogate", "naive"],
)
def test_a_value_without_one_text_is_refused(value: object) -> None:
    with pytest.raises(chain.Unwritable):
        chain.canonical({"value": value})
