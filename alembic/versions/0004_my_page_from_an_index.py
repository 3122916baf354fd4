"""My page from an index alone"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE, KEYS = "analysis_results", ["user_id", "token_id", "created_at"]
SHOWN = ["status", "overall_score", "pronunciation_score", "intonation_score", "emotion_score", "job_id"]


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index_concurrently("ix_analysis_results_of_user", TABLE, KEYS, postgresql_include=SHOWN)
        op.drop_index_concurrently("ix_analysis_results_user_id_token_id", TABLE)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index_concurrently("ix_analysis_results_user_id_token_id", TABLE, KEYS)
        op.drop_index_concurrently("ix_analysis_results_of_user", TABLE)
