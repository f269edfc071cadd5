"""What the migrations do: run the SQL of the package, for the database that is migrated."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false
# Django has no types of its own.

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.db import router
from django.db.migrations.operations.base import Operation

from recovery.stores.sql import schema

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

__all__ = ["UpgradeTables"]

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}


class UpgradeTables(Operation):  # type: ignore[misc]  # Django has no types
    """Bring the tables ``recovery_...`` from version ``after`` of the schema (0: there are none) to version ``to``.

    ``sqlmigrate`` shows the statements. The first one can be taken back: it drops the tables.
    """

    reduces_to_sql = True

    def __init__(self, after: int, to: int) -> None:
        self.after = after
        self.to = to
        self.reversible = after == 0

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model of Django stands for these tables."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Apps, to_state: Apps) -> None:
        """Run the statements."""
        _run(app_label, schema_editor, lambda dialect: schema.statements(dialect, after=self.after, to=self.to))

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Apps, to_state: Apps) -> None:
        """Drop the tables, with everything in them."""
        _run(app_label, schema_editor, lambda _: schema.dropping())

    def describe(self) -> str:
        """Say what is done."""
        return f"Bring the tables of the desk to version {self.to}"


def _run(app_label: str, schema_editor: BaseDatabaseSchemaEditor, statements: Callable[[str], Iterable[str]]) -> None:
    connection = schema_editor.connection
    if not router.allow_migrate(connection.alias, app_label):
        return
    if connection.vendor not in _DIALECTS:
        hint = "Keep them elsewhere with a database router (allow_migrate)."
        raise NotImplementedError(f"the desk's tables can be in SQLite or PostgreSQL, not in {connection.vendor}. {hint}")
    for statement in statements(_DIALECTS[connection.vendor]):
        schema_editor.execute(statement, None)
