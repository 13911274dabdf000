"""The matrix of the gate: each blocking requirement undone, each action asked, the answers compared with the table.

It asks the gate as everybody does and rolls everything back. The table is written here from house.md section 3, not
read from the judge: a judge that changed its mind would be seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from compliance import gate
from compliance.facts import Span
from compliance.law.terms import Action, Category
from compliance.matrix.dossier import Dossier, Plan, admit, build
from compliance.matrix.stories import STORIES, Story
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks, Outcome, Requirement

P, R, W, Y, E = Action.PROBE, Action.RECORD, Action.WATCH, Action.REPLAY, Action.EXPORT
# What an unmet requirement refuses: unmet at the instant of the question; unmet while the footage was recorded.
UNMET_NOW: dict[Blocks, frozenset[Action]] = {
    Blocks.ALL: frozenset({P, R, W, Y}),
    Blocks.REC: frozenset({P, R}),
    Blocks.USER: frozenset({W, Y, E}),
    # A new recording is refused; one that runs goes on to the end of its lease, which the engine keeps.
    Blocks.JOURNAL: frozenset({P, R, W, Y, E}),
    Blocks.FUNC: frozenset({E}),
}
UNMET_THEN: dict[Blocks, frozenset[Action]] = {Blocks.ALL: frozenset({Y, E})}
# The reception test serves to prove these, or comes before them.
PROBE_PROVES = frozenset({"R-05", "R-06", "R-15"})
COMPLETE, NOW, THEN = "dossier complet", "preuve défaite", "preuve absente pendant la séquence"
QUESTIONS = (COMPLETE, NOW, THEN)


@dataclass(frozen=True, slots=True)
class Row:
    """One question: what the table says, what the gate answered, and in whose name it refused."""

    code: str
    blocks: str
    question: str
    action: Action
    expected: bool
    allowed: bool
    refused_by: tuple[str, ...]
    applied: bool

    @property
    def fault(self) -> str:
        """What is wrong, in words; nothing when the gate answered as the table says."""
        asked = f"{self.code}, {self.question}, {self.action}"
        if self.question == COMPLETE and not self.allowed:
            return f"{asked} : déjà fermé avant que la preuve soit défaite, par {', '.join(self.refused_by)}."
        if self.allowed != self.expected:
            answered = "ouvert" if self.allowed else f"refusé par {', '.join(self.refused_by)}"
            return f"{asked} : {answered}, la table dit {'ouvert' if self.expected else 'refusé'}."
        if not self.allowed and self.code not in self.refused_by:
            return f"{asked} : refusé sans nommer l’exigence, mais {', '.join(self.refused_by)}."
        return ""


@dataclass(frozen=True, slots=True)
class Report:
    """Every question and every fault."""

    at: datetime
    rows: tuple[Row, ...]
    faults: tuple[str, ...]
    requirements: int


def run(*, at: datetime, stories: tuple[Story, ...] = STORIES) -> Report:
    """Tell every story, and what differs from the table. Nothing stays: all is taken back."""
    blocking = {r.code: r for r in CATALOGUE if r.blocks is not Blocks.NO}
    told = {s.code for s in stories}
    rows: list[Row] = []
    faults = [f"{code} : aucun récit ne la défait." for code in blocking if code not in told]
    # Stories that differ by who asks share their dossier: it is built once, and each undoing is rolled back to it.
    for plan in dict.fromkeys(_without_person(s.plan) for s in stories):
        with transaction.atomic():
            made = build(plan, at=at)
            for story in (s for s in stories if _without_person(s.plan) == plan):
                rows += tell(story, blocking[story.code], made)
            transaction.set_rollback(True)
    for code in blocking:
        found = [row for row in rows if row.code == code]
        if found and not any(row.applied for row in found if row.question == COMPLETE):
            faults.append(f"{code} : ne s’applique jamais au dossier construit pour elle.")
    faults += [row.fault for row in rows if row.fault]
    order = list(blocking)
    rows.sort(key=lambda row: order.index(row.code))
    return Report(at, tuple(rows), tuple(faults), len(blocking))


def _without_person(plan: Plan) -> Plan:
    return replace(plan, category=Category.MAYOR)


def tell(story: Story, requirement: Requirement, start: Dossier) -> list[Row]:
    """Name who asks, ask; undo the proof, ask; restore it, ask about what was filmed meanwhile; roll back."""
    made = deepcopy(start)
    made.plan = story.plan
    before, after = _asking(made, -3), _asking(made, -1)
    (held, missing) = (after, before) if story.undo is None else (before, after)
    again = held[0] if story.undo is None else made.at
    now = UNMET_NOW[requirement.blocks] - (frozenset({P}) if requirement.code in PROBE_PROVES else frozenset())
    then = UNMET_THEN.get(requirement.blocks, frozenset())
    with transaction.atomic():
        admit(made, story.plan.category)
        rows = _ask(made, requirement, COMPLETE, held, refused=frozenset())
        if story.undo is not None:
            story.undo(made)
        rows += _ask(made, requirement, NOW, (missing[0], held[1]), refused=now)
        if story.restore is not None:
            story.restore(made)
        rows += _ask(made, requirement, THEN, (again, missing[1]), refused=then)
        transaction.set_rollback(True)
    return rows


def _asking(made: Dossier, offset: int) -> tuple[datetime, Span]:
    """Return noon of a day, and the hour of footage from ten to eleven."""
    return made.instant(offset, 12), Span(made.instant(offset, 10), made.instant(offset, 11))


def _ask(
    made: Dossier, requirement: Requirement, question: str, asked: tuple[datetime, Span], *, refused: frozenset[Action]
) -> list[Row]:
    """Ask every action about an instant and a footage."""
    with silenced(made.mute):
        decisions = gate.decide_every(
            made.position, at=asked[0], footage=asked[1], agent=made.agent, ground=made.ground
        )
    return [
        Row(
            code=requirement.code,
            blocks=requirement.blocks.value,
            question=question,
            action=action,
            expected=action not in refused,
            allowed=decision.allowed,
            refused_by=tuple(f.code for f in decision.blocking),
            applied=any(
                f.code == requirement.code and f.outcome is not Outcome.NOT_CONCERNED for f in decision.findings
            ),
        )
        for action, decision in decisions.items()
    ]


@contextmanager
def silenced(mute: bool) -> Iterator[None]:  # noqa: FBT001 (a state of the dossier)
    """Make the database refuse every write, if asked: the journal cannot be written, and nothing else changes."""
    if not mute:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            if sqlite:
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA query_only = OFF")
        transaction.set_rollback(True)
