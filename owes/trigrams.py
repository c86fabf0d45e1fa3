"""An index for `search_text__contains`, on PostgreSQL; SQLite reads the whole short column."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AddTrigramIndex(Operation):
    """A GIN index of the trigrams of `search_text` of a model's table.

    No part of the models' state: other databases have nothing like it, and no query needs it
    to be right.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_trigrams "
            f"ON {table} USING gin (search_text gin_trgm_ops)"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_trigrams")

    def describe(self) -> str:
        return f"Trigrams of the search of {self.model_name}"
