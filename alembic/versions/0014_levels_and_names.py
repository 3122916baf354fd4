"""Levels of lines and scenes, names of actors in other languages

Columns that are null or have a constant default: no table is rewritten. The previous version neither reads nor writes
them; the lines that it writes, and those that are there, are levelled by the sweeper, without holding up the release.
Every step can be repeated.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LAST_RANK = "1999999"
NAMES_INDEX, DUE_INDEX = "ix_actors_translated_names_trgm", "ix_tokens_level_due"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _add("actors", sa.Column("translations", JSONB(), server_default=sa.text("'{}'"), nullable=False))
        _add("scripts", sa.Column("spoken_s", sa.Float(), server_default=sa.text("0"), nullable=False))
        _add("tokens", sa.Column("levelled_at", sa.DateTime(timezone=True), nullable=True))
        for table in ("scripts", "tokens"):
            _add(table, sa.Column("level", sa.SmallInteger(), nullable=True))
            _add(table, sa.Column("ease_rank", sa.Integer(), server_default=sa.text(LAST_RANK), nullable=False))
            for column in ("level", "ease_rank"):
                op.create_index_concurrently(f"ix_{table}_{column}_id", table, [column, "id"])
        names = sa.text("(jsonb_path_query_array(translations, '$.*')::text) gin_trgm_ops")
        op.create_index_concurrently(NAMES_INDEX, "actors", [names], postgresql_using="gin")
        due = sa.text("levelled_at IS NULL OR updated_at > levelled_at")
        op.create_index_concurrently(DUE_INDEX, "tokens", ["id"], postgresql_where=due)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index_concurrently(NAMES_INDEX, "actors")
        op.drop_index_concurrently(DUE_INDEX, "tokens")
        for table in ("scripts", "tokens"):
            for column in ("level", "ease_rank"):
                op.drop_index_concurrently(f"ix_{table}_{column}_id", table)
    op.drop_column("actors", "translations")
    op.drop_column("scripts", "spoken_s")
    op.drop_column("tokens", "levelled_at")
    for table in ("scripts", "tokens"):
        op.drop_column(table, "level")
        op.drop_column(table, "ease_rank")


def _add(table: str, column: sa.Column[object]) -> None:
    op.add_column(table, column, if_not_exists=True)
