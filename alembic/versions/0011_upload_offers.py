"""Offers of direct uploads, which count against quotas until they lapse

A new table: nothing waits for a lock. The previous version neither reads nor writes it, so its offers count for nothing.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "upload_offers",
        sa.Column("job_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_upload_offers_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_upload_offers")),
    )
    op.create_index(op.f("ix_upload_offers_user_id"), "upload_offers", ["user_id"])
    op.create_index(op.f("ix_upload_offers_expires_at"), "upload_offers", ["expires_at"])


def downgrade() -> None:
    op.drop_table("upload_offers")
