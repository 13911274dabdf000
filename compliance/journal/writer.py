"""The only writer of the journal: one entry, its body and the head, in the transaction of what they tell.

It reads no clock: the instant comes with the act. It never opens the transaction that it writes in.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import Error, transaction

from compliance import events
from compliance.journal import chain
from compliance.models.dossier import Installation, Position
from compliance.models.journal import Body, Entry, Head
from compliance.models.people import Account

HEAD: Final = 1
PROBE_LOCK_MS: Final = 2000
# Never kept: the probe is rolled back, so its instant means nothing.
_PROBE_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)


class OutsideTransaction(RuntimeError):
    """An entry was about to be written apart from the act that it tells: a bug."""


class Unavailable(Exception):
    """The database refused the entry. What was to be journaled must not be done: no entry, no image."""


@dataclass(frozen=True)
class Draft:
    """What an entry will hold, before its place in the chain is known."""

    event: str
    at: datetime
    term: datetime
    payload: str
    actor_name: str
    actor_id: int | None = None
    installation_id: int | None = None
    position_id: int | None = None


def record(
    event: str,
    *,
    at: datetime,
    by: Account | events.System,
    installation: Installation | None = None,
    position: Position | None = None,
    **values: object,
) -> Entry:
    """Append an entry of `event` about `position` or `installation`, and return it.

    Call it last in the act: the head stays locked until the transaction ends. `at` needs a time zone. Raises
    `UnknownEvent`, `UndeclaredKey`, `MissingKey`, `Unwritable` or `OutsideTransaction` (bugs), `Unavailable` when the
    database refuses.
    """
    declared = events.get(event)
    declared.check(values)
    if position is not None and installation is None:
        installation = position.installation
    account = by if isinstance(by, Account) else None
    name = str(by)
    body = {
        "actor": account.pk if account else None,
        "actor_login": account.get_username() if account else None,
        "actor_name": name,
        "installation": installation.pk if installation else None,
        "installation_code": installation.code if installation else None,
        "position": position.pk if position else None,
        "position_code": position.code if position else None,
        "values": values,
    }
    draft = Draft(
        event=event,
        at=at,
        term=declared.term(at),
        payload=chain.canonical(body),
        actor_name=name,
        actor_id=account.pk if account else None,
        installation_id=installation.pk if installation else None,
        position_id=position.pk if position else None,
    )
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(event)
    try:
        return _append(draft)
    except (Error, Head.DoesNotExist) as fault:
        raise Unavailable(event) from fault


def can_write() -> bool:
    """Say whether an entry could be written now, by writing one and taking it back. Leaves no trace.

    Works inside a transaction or outside one. It does not know whether the disk would take the commit.
    """
    draft = Draft(
        event="journal.probe",
        at=_PROBE_AT,
        term=_PROBE_AT + timedelta(days=1),
        payload=chain.canonical({"values": {}}),
        actor_name="",
    )
    try:
        with transaction.atomic():
            connection = transaction.get_connection()
            if connection.vendor == "postgresql":
                # An act that holds the head for long must not hold the viewers' answer with it.
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PROBE_LOCK_MS}ms"])
            _append(draft)
            transaction.set_rollback(True)
    except (Error, Head.DoesNotExist):
        return False
    return True


def _append(draft: Draft) -> Entry:
    # The row that a lock waited for is read again by the database: the head is the one after every committed entry.
    # SQLite has no row lock: its IMMEDIATE transactions are alone to write.
    head = Head.objects.select_for_update().get(pk=HEAD)
    salt = secrets.token_bytes(chain.SALT_BYTES)
    commitment = chain.commitment(salt, draft.payload)
    seq = head.seq + 1
    leaf = chain.leaf(seq, at=draft.at, event=draft.event, term=draft.term, commitment=commitment)
    entry = Entry(
        seq=seq,
        previous=head.hash,
        hash=chain.entry_hash(head.hash, leaf),
        at=draft.at,
        event=draft.event,
        term=draft.term,
        commitment=commitment,
    )
    entry.save(force_insert=True)
    entry.body = Body(
        entry=entry,
        salt=salt,
        payload=draft.payload,
        actor_name=draft.actor_name,
        actor_id=draft.actor_id,
        installation_id=draft.installation_id,
        position_id=draft.position_id,
    )
    entry.body.save(force_insert=True)
    Head.objects.filter(pk=HEAD).update(seq=seq, hash=entry.hash)
    return entry
