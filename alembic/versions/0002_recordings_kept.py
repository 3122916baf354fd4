"""Size of recordings, and when they were removed"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for column in (
            sa.Column("audio_bytes", sa.BigInteger(), nullable=True),
            sa.Column("audio_removed_at", sa.DateTime(timezone=True), nullable=True),
        ):
            op.add_column("analysis_results", column, if_not_exists=True)
        op.create_index_concurrently(
            "ix_analysis_results_audio_kept",
            "analysis_results",
            ["audio_stored_at"],
            postgresql_where=sa.text("audio_removed_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_index("ix_analysis_results_audio_kept", table_name="analysis_results")
    op.drop_column("analysis_results", "audio_removed_at")
    op.drop_column("analysis_results", "audio_bytes")
