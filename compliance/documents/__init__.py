"""The papers that the product issues: dated, hashed views of facts. One module and one template per kind.

A kind is a line of `KINDS`: its `context(subject, at=…)`, its template, its rights. Only `render` knows WeasyPrint.
"""

from compliance.documents import commissioning, habilitation, panel, register, state
from compliance.documents.base import READ, Choice, Kind, Paper, Subject, Unwritable, make

KINDS: dict[str, Kind] = {
    kind.slug: kind for kind in (panel.KIND, habilitation.KIND, commissioning.KIND, register.KIND, state.KIND)
}
# Whoever may ask for one kind at least.
ASKERS: tuple[str, ...] = tuple(sorted({right for kind in KINDS.values() for right in kind.any_right}))

__all__ = ["ASKERS", "KINDS", "READ", "Choice", "Kind", "Paper", "Subject", "Unwritable", "make"]
