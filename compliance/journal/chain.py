"""The format of the journal: canonical body, commitment, leaf, entry hash. Pure: no database, no clock, no chance.

An independent verifier needs this page only:

- `canonical`: JSON, keys sorted by code point, no space, UTF-8, no escaping of accents, no number but integers;
- `commitment = SHA-256(salt || canonical body)`: once body and salt are erased, it tells nothing;
- `leaf = SHA-256(0x00 || seq || at || event || term || commitment)`, each field preceded by its length (4 bytes, big
  endian); 0x00 is the leaf prefix of RFC 6962, so that a Merkle tree can be laid over the same leaves;
- `hash = SHA-256(previous || leaf)`; the first entry's previous is `GENESIS`, which names the format.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from math import isfinite
from typing import Final
from uuid import UUID

SALT_BYTES: Final = 16
GENESIS: Final = sha256(b"claire-voie journal, format 1").hexdigest()


class Unwritable(TypeError):
    """A value has no canonical form: the entry would not read the same everywhere."""


def canonical(body: Mapping[str, object]) -> str:
    """Return the one JSON text of `body`; raise `Unwritable` for a value that has none."""
    text = json.dumps(plain(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unwritable("text that is not Unicode") from None
    return text


def plain(value: object) -> object:
    """Return `value` as JSON can say it: instants in UTC, decimals as text (a float's digits vary with the reader)."""
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int():
            return int(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case float() | Decimal() if isfinite(value):
            return format(Decimal(str(value)), "f")
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping() if all(isinstance(key, str) for key in value):
            return {str(key): plain(item) for key, item in value.items()}
    raise Unwritable(f"no canonical form for a {type(value).__name__}")


def instant(at: datetime) -> str:
    """Return `at` in UTC with its microseconds, always 27 characters; raise `Unwritable` without a time zone."""
    if at.tzinfo is None:
        raise Unwritable("an instant without a time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def commitment(salt: bytes, payload: str) -> str:
    """Return the 64 hexadecimal digits that bind an entry to its body."""
    return sha256(salt + payload.encode()).hexdigest()


def leaf(seq: int, *, at: datetime, event: str, term: datetime, commitment: str) -> bytes:
    """Return the 32 bytes that stand for the entry, alone, in the chain and later in a tree."""
    fields = (
        seq.to_bytes(8, "big"),
        instant(at).encode(),
        event.encode(),
        instant(term).encode(),
        bytes.fromhex(commitment),
    )
    return sha256(b"\x00" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)).digest()


def entry_hash(previous: str, leaf: bytes) -> str:
    """Return the 64 hexadecimal digits that bind an entry to all those before it."""
    return sha256(bytes.fromhex(previous) + leaf).hexdigest()
