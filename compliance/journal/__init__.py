"""The door of the journal: the only way to write it, to know whether it can be written, and to verify it."""

from compliance.journal.chain import Unwritable
from compliance.journal.triggers import Unguarded, assert_guarded
from compliance.journal.verify import Kind, Report, remember, verify
from compliance.journal.writer import OutsideTransaction, Unavailable, can_write, record

__all__ = [
    "Kind",
    "OutsideTransaction",
    "Report",
    "Unavailable",
    "Unguarded",
    "Unwritable",
    "assert_guarded",
    "can_write",
    "record",
    "remember",
    "verify",
]
