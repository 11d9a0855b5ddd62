"""Alembic's environment: migrations run on the connection that workflows.database gives."""

from alembic import context

from dealdesk.workflows.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
