"""Operations on tables apart, taken together: Django renders the models of a state anew after each one.

The first migrations hold some 190 of them: one by one, they were two thirds of the making of a database.
"""

from collections.abc import Iterable, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OF_ONE_TABLE = (AddField, AddConstraint, AddIndex, RemoveConstraint)


class Together(Operation):
    """Operations of as many tables, none of which can see what the others do: one rendering serves them all."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        # Said to the base class, whose own attribute says how one operation alone is undone.
        self.reversible = all(operation.reversible for operation in operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state without a rendered model in it: the next reader renders them, once."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Change each table from what it was before them all."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take each table back to what it was before them all."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say each operation, one after the other."""
        return " ; ".join(operation.describe() for operation in self.operations)


def together(operations: Iterable[Operation]) -> list[Operation]:
    """Return the same operations, those of one table each in rounds: a round has one operation of each table.

    A table keeps its own order, hence its columns'. An operation of another kind is a bound that none crosses.
    """
    told: list[Operation] = []
    rounds: list[list[Operation]] = []
    turns: dict[str, int] = {}
    for operation in operations:
        if not isinstance(operation, OF_ONE_TABLE):
            told += [Together(group) for group in rounds]
            told.append(operation)
            rounds, turns = [], {}
            continue
        turn = turns.get(operation.model_name_lower, 0)
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(operation)
        turns[operation.model_name_lower] = turn + 1
    return told + [Together(group) for group in rounds]
