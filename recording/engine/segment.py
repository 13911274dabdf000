"""The sealed file of one minute: its format, its writer and its readers; where it is kept is the store's affair.

    header   'CSEG0001', length (4 bytes), canonical JSON in the clear: segment, camera, position, instant of the first
             image, instant of erasure, decision, key, codec, segment continued
    record*  28 bytes in the clear (mark, kind, flags, images, number, instant, duration, length), ciphertext, tag
               number 0: init (ftyp + moov); then media (moof + mdat), one second each; last: footer

A record is sealed with AES-256-GCM under HKDF-SHA256(key of the hour, salt = segment): its number is the nonce; the
segment, the header's SHA-256 and its own 28 bytes are additional data. So neither the end of life, nor the camera, nor
an instant, nor the order of the records can be altered unseen. A file without footer is one that a crash left: what is
there is authentic, and the index says whether more was.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"CSEG0001"
TAG_BYTES = 16
_LENGTH = struct.Struct(">I")
_LONGEST_HEADER = 16_384
_MARK = b"CREC"
_HEAD = struct.Struct(">4sBBHIqII")
_STARTS_WITH_KEYFRAME = 1
_FOOTER = struct.Struct(">IIq32s")
_ROW = struct.Struct(">IIB")


class Altered(ValueError):
    """A byte of the file is not the one that was written, or the key is not the file's."""


class Torn(Altered):
    """The file stops inside a record: a crash cut it, or it is being written."""


class Headerless(Altered):
    """The file stops before the end of its header: no image was ever in it."""


class WriterFailed(OSError):
    """A write failed: the file was cut back to its last whole record and takes no more."""


class Kind(IntEnum):
    """What a record holds."""

    INIT = 0
    MEDIA = 1
    FOOTER = 2


class Image(NamedTuple):
    """When an image was captured (µs UTC), and whether it decodes alone."""

    at_us: int
    keyframe: bool


class Row(NamedTuple):
    """One image in the footer's table: the number of its record, its instant (µs UTC), whether it decodes alone."""

    record: int
    at_us: int
    keyframe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHeader:
    """What anyone may read of a segment. Instants are microseconds since 1970, UTC.

    `continues` names the segment before, when the first image needs images that are there.
    """

    segment: UUID
    camera: UUID
    position: str
    start_us: int
    erase_us: int
    decision: str
    key_id: str
    codec: str
    continues: UUID | None = None

    def to_bytes(self) -> bytes:
        text = json.dumps(asdict(self), default=str, sort_keys=True, separators=(",", ":")).encode()
        return MAGIC + _LENGTH.pack(len(text)) + text


@dataclass(frozen=True, slots=True)
class Record:
    """One opened record. `images` counts the images in it; `keyframe` says that it starts with one."""

    kind: Kind
    keyframe: bool
    images: int
    number: int
    start_us: int
    duration_us: int
    payload: bytes

    @property
    def end_us(self) -> int:
        return self.start_us + self.duration_us


@dataclass(frozen=True, slots=True)
class Footer:
    """What the last record says of the file."""

    records: int
    end_us: int
    sha256: bytes
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of a full reading: every byte is the one that was written. `complete`: the footer is there."""

    header: SegmentHeader
    records: int
    frames: int
    end_us: int
    complete: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """What is left of a file after a crash: its whole records. `torn` bytes were cut off its end."""

    header: SegmentHeader
    bytes: int
    records: int
    frames: int
    end_us: int
    torn: int
    complete: bool
    sha256: str


class _Head(NamedTuple):
    """A record's 28 bytes, and what they say."""

    raw: bytes
    kind: Kind
    flags: int
    images: int
    number: int
    start_us: int
    duration_us: int
    length: int


class _Cipher:
    """Seals and opens the records of one segment."""

    def __init__(self, hour_key: bytes, header: SegmentHeader, header_bytes: bytes) -> None:
        derivation = HKDF(algorithm=SHA256(), length=32, salt=header.segment.bytes, info=b"claire-voie segment 1")
        self._aead = AESGCM(derivation.derive(hour_key))
        self._bound_to = header.segment.bytes + hashlib.sha256(header_bytes).digest()

    def seal(self, number: int, head: bytes, payload: bytes) -> bytes:
        return self._aead.encrypt(number.to_bytes(12, "big"), payload, self._bound_to + head)

    def open(self, head: _Head, sealed: bytes) -> Record:
        try:
            payload = self._aead.decrypt(head.number.to_bytes(12, "big"), sealed, self._bound_to + head.raw)
        except InvalidTag:
            message = f"l'enregistrement {head.number} a été altéré, ou cette clé n'est pas la sienne"
            raise Altered(message) from None
        keyframe = bool(head.flags & _STARTS_WITH_KEYFRAME)
        return Record(head.kind, keyframe, head.images, head.number, head.start_us, head.duration_us, payload)


class SegmentWriter:
    """Appends sealed records to a new, empty file. The descriptor stays its caller's, who syncs and closes it.

    Each record is one write: a process killed at any moment leaves whole records, and at most one torn one.
    """

    def __init__(self, descriptor: int, header: SegmentHeader, *, hour_key: bytes, init: bytes) -> None:
        head = header.to_bytes()
        self.header = header
        self.bytes = self.records = 0
        self.end_us = header.start_us
        self._descriptor = descriptor
        self._cipher = _Cipher(hour_key, header, head)
        self._digest = hashlib.sha256()
        self._images: list[tuple[int, Image]] = []
        self._number = 0
        self._broken = False
        self._write(head + self._sealed(Kind.INIT, init))

    @property
    def frames(self) -> int:
        return len(self._images)

    @property
    def sha256(self) -> str:
        """The digest of the file as it is now, in hexadecimal."""
        return self._digest.hexdigest()

    def append(self, fragment: bytes, images: Sequence[Image], *, end_us: int) -> None:
        """Seal one fragment whose images are these, in decoding order, shown until `end_us`."""
        self._write(self._sealed(Kind.MEDIA, fragment, images, end_us))
        self._images += [(self._number - 1, image) for image in images]
        self.records += 1
        self.end_us = end_us

    def finish(self, end_us: int) -> None:
        """Seal the footer: nothing can be added, nor taken away unseen, from then on."""
        self.end_us = end_us
        start_us = self.header.start_us
        rows = b"".join(_ROW.pack(number, image.at_us - start_us, image.keyframe) for number, image in self._images)
        counts = _FOOTER.pack(self.records, self.frames, end_us, self._digest.digest())
        self._write(self._sealed(Kind.FOOTER, counts + rows, (), end_us))
        self._broken = True

    def _sealed(self, kind: Kind, payload: bytes, images: Sequence[Image] = (), end_us: int | None = None) -> bytes:
        start_us = images[0].at_us if images else (end_us or self.header.start_us)
        duration_us = end_us - start_us if images and end_us is not None else 0
        flags = _STARTS_WITH_KEYFRAME if images and images[0].keyframe else 0
        head = _HEAD.pack(_MARK, kind, flags, len(images), self._number, start_us, duration_us, len(payload))
        sealed = self._cipher.seal(self._number, head, payload)
        self._number += 1
        return head + sealed

    def _write(self, content: bytes) -> None:
        if self._broken:
            raise WriterFailed("ce segment est fermé")
        try:
            _write_all(self._descriptor, content)
        except OSError as failure:
            # Never again: the same number under the same key must not seal two contents.
            self._broken = True
            os.ftruncate(self._descriptor, self.bytes)
            raise WriterFailed(failure.errno, "le segment n'a pas pu être écrit") from None
        self._digest.update(content)
        self.bytes += len(content)


def _write_all(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def read_header(path: Path) -> SegmentHeader:
    """Read what is in the clear. Authentic only once a record was opened with the key."""
    with path.open("rb") as file:
        return _header(file)[0]


def iter_records(path: Path, hour_key: bytes) -> Iterator[Record]:
    """Open the records one by one; the payloads of INIT and MEDIA, end to end, are a playable file.

    Raise `Altered` at the first byte that is not the one that was written, `Torn` where the file stops inside a record.
    """
    with path.open("rb") as file:
        header, raw = _header(file)
        cipher = _Cipher(hour_key, header, raw)
        for head in _heads(file):
            yield cipher.open(head, file.read(head.length + TAG_BYTES))


def read_footer(header: SegmentHeader, record: Record) -> Footer:
    """Read the counts and the table of images of a footer."""
    try:
        records, frames, end_us, digest = _FOOTER.unpack_from(record.payload)
        rows = list(_ROW.iter_unpack(record.payload[_FOOTER.size :]))
    except struct.error:
        raise Altered("le pied du segment est illisible") from None
    if len(rows) != frames:
        raise Altered("le pied du segment ne compte pas les images qu'il énumère")
    table = tuple(Row(number, header.start_us + offset, bool(keyframe)) for number, offset, keyframe in rows)
    return Footer(records, end_us, digest, table)


def verify(path: Path, hour_key: bytes) -> Verified:
    """Read and check everything: each record, their order, and what the footer says of them all."""
    records = frames = 0
    footer = None
    with path.open("rb") as file:
        header, raw = _header(file)
        cipher = _Cipher(hour_key, header, raw)
        digest = hashlib.sha256(raw)
        end_us = header.start_us
        for head in _heads(file):
            sealed = file.read(head.length + TAG_BYTES)
            record = cipher.open(head, sealed)
            end_us = record.end_us
            if record.kind is Kind.FOOTER:
                footer = read_footer(header, record)
                if (footer.records, len(footer.table), footer.sha256) != (records, frames, digest.digest()):
                    raise Altered("le pied du segment ne correspond pas à ses enregistrements")
            records += record.kind is Kind.MEDIA
            frames += record.images
            digest.update(head.raw + sealed)
    return Verified(header, records, frames, end_us, footer is not None, digest.hexdigest())


def recover(path: Path) -> Recovered:
    """Cut a torn end at the last whole record, without any key, and say what is left.

    Raise `Headerless` when no image was ever there, `Altered` when what does not read is not the end: nothing is cut.
    """
    heads = records = frames = 0
    with path.open("r+b") as file:
        header, raw = _header(file)
        end_us, good = header.start_us, len(raw)
        kind = None
        try:
            for head in _heads(file):
                file.seek(head.length + TAG_BYTES, os.SEEK_CUR)
                kind, good, end_us = head.kind, file.tell(), head.start_us + head.duration_us
                heads += 1
                records += kind is Kind.MEDIA
                frames += head.images
        except Altered:
            _refuse_unless_torn(file, good, heads)
        torn = file.seek(0, os.SEEK_END) - good
        if torn:
            file.truncate(good)
            os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Recovered(header, good, records, frames, end_us, torn, kind is Kind.FOOTER, digest)


def _refuse_unless_torn(file: BinaryIO, good: int, number: int) -> None:
    """Let pass what a crash leaves at the end of a file: zeros, or the beginning of record `number` and no other."""
    file.seek(good)
    rest = file.read()
    if not rest.strip(b"\x00"):
        return
    another = rest.find(_MARK, 1)
    while another >= 0 and _HEAD.unpack(rest[another:][: _HEAD.size].ljust(_HEAD.size, b"\x00"))[4] != number + 1:
        another = rest.find(_MARK, another + 1)
    if another >= 0 or not rest.startswith(_MARK[: len(rest)]):
        raise Altered("le segment a été altéré avant sa fin : rien n'y est coupé")


def _header(file: BinaryIO) -> tuple[SegmentHeader, bytes]:
    start = file.read(len(MAGIC) + _LENGTH.size)
    if not start.strip(b"\x00") or (MAGIC.startswith(start[: len(MAGIC)]) and len(start) < len(MAGIC) + _LENGTH.size):
        raise Headerless("le segment n'a pas d'en-tête : rien n'y a été enregistré")
    (length,) = _LENGTH.unpack(start[len(MAGIC) :]) if start.startswith(MAGIC) else (0,)
    if not 0 < length <= _LONGEST_HEADER:
        raise Altered("l'en-tête du segment a été altéré")
    text = file.read(length)
    if len(text) < length:
        raise Headerless("l'en-tête du segment est incomplet : rien n'y a été enregistré")
    try:
        fields = json.loads(text)
        uuids = {name: UUID(fields[name]) for name in ("segment", "camera", "continues") if fields[name] is not None}
        header = SegmentHeader(**(fields | uuids))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Altered("l'en-tête du segment a été altéré") from None
    if header.to_bytes() != start + text:
        raise Altered("l'en-tête du segment a été altéré")
    return header, start + text


def _heads(file: BinaryIO) -> Iterator[_Head]:
    """Yield each record's clear part, the file left at its ciphertext; the caller reads or skips that."""
    size = os.fstat(file.fileno()).st_size
    kind = None
    expected = 0
    while raw := file.read(_HEAD.size):
        if kind is Kind.FOOTER:
            raise Altered("quelque chose a été ajouté après le pied du segment")
        if len(raw) < _HEAD.size:
            raise Torn("le segment s'arrête au milieu d'un enregistrement")
        mark, code, flags, *rest = _HEAD.unpack(raw)
        head = _Head(raw, Kind(code) if code in tuple(Kind) else Kind.INIT, flags, *rest)
        in_place = (head.kind is Kind.INIT) == (expected == 0) and head.number == expected
        if mark != _MARK or code != head.kind or not in_place:
            message = f"l'enregistrement {expected} a été altéré, retiré ou déplacé"
            raise Altered(message)
        if file.tell() + head.length + TAG_BYTES > size:
            raise Torn("le segment s'arrête au milieu d'un enregistrement")
        yield head
        kind = head.kind
        expected += 1
