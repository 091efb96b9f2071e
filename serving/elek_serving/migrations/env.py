"""What Alembic runs: the migrations, on the connection that `Database` gives."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
