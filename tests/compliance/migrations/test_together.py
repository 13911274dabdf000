"""Operations taken together make what they make one by one, with fewer renderings."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps

from compliance.migrations._together import Together, together
from tests.databases import FreshDatabase

KEY = ("id", models.BigAutoField(primary_key=True))
TABLES: list[Operation] = [migrations.CreateModel(name, [KEY]) for name in ("Lane", "Gate", "Bell")]


def added(table: str, name: str, field: models.Field | None = None) -> migrations.AddField:
    return migrations.AddField(table, name, field or models.CharField(max_length=9, default=""))


# As a generated migration has them: a table at a time, its bound last.
OPERATIONS: list[Operation] = [
    added("lane", "word"),
    added("lane", "gate", models.ForeignKey("trial.Gate", models.PROTECT, null=True)),
    added("lane", "end", models.DateField(null=True)),
    added("gate", "word"),
    added("gate", "bells", models.ManyToManyField("trial.Bell")),
    added("bell", "lane", models.ForeignKey("trial.Lane", models.PROTECT)),
    migrations.AddConstraint("lane", models.UniqueConstraint(fields=["word"], name="a_word_once")),
]


def kinds(operations: list[Operation]) -> list[list[str]]:
    return [[o.describe() for o in group.operations] for group in operations if isinstance(group, Together)]


def tables() -> dict[str, list[str]]:
    """Return the columns of each table of the trial, in their order, then its constraints."""
    with connection.cursor() as cursor:
        names = sorted(n for n in connection.introspection.table_names(cursor) if n.startswith("trial_"))
        return {
            name: [column.name for column in connection.introspection.get_table_description(cursor, name)]
            + sorted(key for key in connection.introspection.get_constraints(cursor, name) if key == "a_word_once")
            for name in names
        }


def migration(operations: list[Operation]) -> migrations.Migration:
    made = migrations.Migration("0001_initial", "trial")
    made.operations = operations
    return made


def test_a_round_has_one_operation_of_each_table_and_a_table_keeps_its_order() -> None:
    first, second, third, fourth = kinds(together(OPERATIONS))

    assert [len(first), len(second), len(third), len(fourth)] == [3, 2, 1, 1]
    assert first == [OPERATIONS[at].describe() for at in (0, 3, 5)]
    assert fourth == [OPERATIONS[6].describe()]


def test_what_is_not_of_one_table_is_crossed_by_none() -> None:
    between = migrations.RunPython(migrations.RunPython.noop)

    told = together([OPERATIONS[0], between, OPERATIONS[3]])

    assert [type(operation) for operation in told] == [Together, migrations.RunPython, Together]


def test_the_tables_are_those_of_the_operations_one_by_one_and_go_back(fresh_database: FreshDatabase) -> None:
    seen = []
    for operations in (OPERATIONS, together(OPERATIONS)):
        made = migration([*TABLES, *operations])
        with connection.schema_editor() as editor:
            made.apply(ProjectState(), editor)
        seen.append(tables())
        with connection.schema_editor() as editor:
            made.unapply(ProjectState(), editor)
        assert tables() == {}

    assert seen[0] == seen[1]
    assert seen[1]["trial_lane"] == ["id", "word", "gate_id", "end", "a_word_once"]


def test_a_round_renders_the_models_once(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = []
    render = StateApps.render_multiple
    monkeypatch.setattr(
        StateApps, "render_multiple", lambda apps, states: (rendered.append(len(states)), render(apps, states))[1]
    )

    state = ProjectState()
    with connection.schema_editor() as editor:
        state = migration(TABLES).apply(state, editor)
        rendered.clear()
        migration(together(OPERATIONS)).apply(state, editor)

    # A state copied from a rendered one renders nothing.
    assert [count for count in rendered if count] == [3] * len(together(OPERATIONS))
