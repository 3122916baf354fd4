"""Jobs of an erased account whose recordings may wait on the disk of any machine

A new nullable column of a small table: the previous version neither reads nor writes it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("erasures", sa.Column("spooled_jobs", postgresql.ARRAY(sa.UUID()), nullable=True))


def downgrade() -> None:
    op.drop_column("erasures", "spooled_jobs")
