"""Guests, who record without an account, and the guests whose recordings an erased account had taken over

New nullable columns: the previous version neither reads nor writes them, and treats a guest as an account until the
new version erases it. The index is built while the table is in use.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, column in (
            ("users", sa.Column("guest_until", sa.DateTime(timezone=True), nullable=True)),
            ("erasures", sa.Column("guest_ids", postgresql.ARRAY(sa.BigInteger()), nullable=True)),
        ):
            op.add_column(table, column, if_not_exists=True)
        op.create_index_concurrently(
            "ix_users_guest_until", "users", ["guest_until"], postgresql_where=sa.text("guest_until IS NOT NULL")
        )


def downgrade() -> None:
    # Without the column nothing would tell guests from accounts, and nothing would erase them.
    op.execute("DELETE FROM users WHERE guest_until IS NOT NULL")
    op.drop_index("ix_users_guest_until", table_name="users")
    op.drop_column("erasures", "guest_ids")
    op.drop_column("users", "guest_until")
