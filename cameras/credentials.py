"""Stream addresses, sealed to a key that the web does not hold: anyone here may seal one, only the recorder opens it.

A sealed address is `version, ephemeral public key (32 bytes), AES-256-GCM ciphertext`; the AES key comes from X25519
and HKDF-SHA256 over both public keys, and serves once. Nothing here prints an address, nor puts one in an exception.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.gate import Action, Decision

VERSION: Final = b"\x01"
PUBLIC_KEY_BYTES: Final = 32
OPENING: Final = frozenset({Action.RECORD, Action.PROBE})
_PURPOSE: Final = b"claire-voie stream address 1"
# The AES key is used for one message: its nonce may be fixed.
_NONCE: Final = bytes(12)


class NoKey(Exception):
    """The recorder has never made the key that addresses are sealed to."""


class Unopened(Exception):
    """The address stays sealed: no allowed and unexpired decision, or the seal is not ours. It says no more."""


def public_key_path(home: Path) -> Path:
    """Return where the public key is: beside the recorder's own keys, never in the database."""
    return home / "keys" / "addresses.pub"


def new_private_key() -> bytes:
    """Return a new private key, for the recorder to keep."""
    return X25519PrivateKey.generate().private_bytes_raw()


def publish(private_key: bytes, *, home: Path) -> None:
    """Write the public half where the web finds it, whole or not at all; writing it again changes nothing."""
    path = public_key_path(home)
    public = X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    if path.exists() and path.read_bytes() == public:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(public)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def seal(address: str, *, home: Path) -> bytes:
    """Return the address sealed to the recorder's key. Raises NoKey before the recorder's first start."""
    try:
        public = public_key_path(home).read_bytes()
    except FileNotFoundError:
        raise NoKey from None
    ephemeral = X25519PrivateKey.generate()
    mine = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    return VERSION + mine + AESGCM(_derive(shared, mine, public)).encrypt(_NONCE, address.encode(), VERSION + mine)


def open_address(decision: Decision, sealed: bytes, private_key: bytes, *, now: datetime) -> str:
    """Return the address: the one function that opens it, for an allowed decision that has not expired at `now`.

    Raises gate.Refused (through the decision), or Unopened, which tells nothing of the address.
    """
    decision.require()
    if decision.action not in OPENING or not decision.at <= now < decision.until:
        raise Unopened
    return _open(bytes(sealed), private_key)


def _open(sealed: bytes, private_key: bytes) -> str:
    start = len(VERSION) + PUBLIC_KEY_BYTES
    theirs = sealed[len(VERSION) : start]
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
        secret = _derive(shared, theirs, key.public_key().public_bytes_raw())
        return AESGCM(secret).decrypt(_NONCE, sealed[start:], VERSION + theirs).decode()
    except (InvalidTag, ValueError):
        raise Unopened from None


def _derive(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    info = _PURPOSE + ephemeral + public
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(shared)
