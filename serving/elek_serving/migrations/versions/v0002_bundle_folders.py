"""Served bundles are found in the data folder by their digest; where it lay before a restore does not matter."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drop the folder of served bundles."""
    op.drop_column("served_bundles", "folder")


def downgrade() -> None:
    """Bring it back, empty."""
    op.add_column("served_bundles", sa.Column("folder", sa.Text(), nullable=False, server_default=""))
