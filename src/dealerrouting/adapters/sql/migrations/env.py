"""What Alembic runs: the migrations on the connection that `upgrade` gave, and nothing else.

May know: Alembic. May not know: where the database is.
"""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    version_table=f"{given['prefix']}version",
    version_table_schema=given["schema"],
    target_metadata=None,
)
context.run_migrations()
