"""Corrected readings of lines

A nullable column without a default: the table is neither rewritten nor locked for long, and the previous version
neither reads nor writes it.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("spoken_form", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tokens", "spoken_form")
