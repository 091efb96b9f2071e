"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Make the tables."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Remove the tables."""
    ${downgrades if downgrades else "pass"}
