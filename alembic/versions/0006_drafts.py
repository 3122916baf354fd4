"""Drafts of scripts, the notes of their import and the file that was imported

The previous version writes none of these columns: its scripts are public, and it shows drafts until it is replaced.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("scripts", sa.Column("is_draft", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("scripts", sa.Column("import_notes", JSONB(none_as_null=True), nullable=True))
    op.add_column("scripts", sa.Column("media_key", sa.Text(), nullable=True))
    op.add_column("scripts", sa.Column("media_track", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drafts become public."""
    for name in ("media_track", "media_key", "import_notes", "is_draft"):
        op.drop_column("scripts", name)
