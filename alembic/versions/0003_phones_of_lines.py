"""An index on the sounds of each line"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index_concurrently(
            "ix_tokens_phones",
            "tokens",
            [sa.text("jsonb_path_query_array(reference_features, '$.words[*].phones[*].phone')")],
            postgresql_using="gin",
        )


def downgrade() -> None:
    op.drop_index("ix_tokens_phones", table_name="tokens")
