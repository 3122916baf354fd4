"""The words of the line that a recording holds, where it does not hold the whole line

A new nullable column: the table is not rewritten, and the previous version neither reads nor writes it. It hands such
a job over as one of the whole line.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("analysis_results", sa.Column("recorded_words", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("analysis_results", "recorded_words")
