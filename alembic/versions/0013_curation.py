"""Hidden scripts, licences that end, levels by hand, waveforms, and learners' requests for scenes

The previous version knows none of these columns: it shows hidden and expired scripts until it is replaced. The new
constraint is checked for new rows at once and for old ones, which have no level, not at all.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("scripts", sa.Column("credit", sa.Text(), nullable=True))
    op.add_column("scripts", sa.Column("expires_at", _MOMENT, nullable=True))
    op.add_column("scripts", sa.Column("hidden_at", _MOMENT, nullable=True))
    op.add_column("scripts", sa.Column("waveform", sa.LargeBinary(), nullable=True))
    op.add_column("tokens", sa.Column("curator_level", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_tokens_curator_level"), "tokens", "curator_level BETWEEN 1 AND 5", postgresql_not_valid=True
    )
    op.add_column("analysis_results", sa.Column("reference_key", sa.Text(), nullable=True))
    _create_requests()
    _create_votes()


def _create_requests() -> None:
    op.create_table(
        "scene_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'open'"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("script_id", sa.BigInteger(), nullable=True),
        sa.Column("hidden_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.CheckConstraint("status IN ('open', 'answered', 'declined', 'done')", name=op.f("ck_scene_requests_status")),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_scene_requests_script_id_scripts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_scene_requests_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scene_requests")),
    )
    is_open = sa.text("status = 'open'")
    op.create_index("ix_scene_requests_open", "scene_requests", ["user_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_scene_requests_user_id_id", "scene_requests", ["user_id", "id"])
    op.create_index("ix_scene_requests_script_id", "scene_requests", ["script_id"])


def _create_votes() -> None:
    op.create_table(
        "scene_request_votes",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["scene_requests.id"],
            name=op.f("fk_scene_request_votes_request_id_scene_requests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_scene_request_votes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_scene_request_votes")),
    )
    op.create_index(op.f("ix_scene_request_votes_user_id"), "scene_request_votes", ["user_id"])


def downgrade() -> None:
    """Hidden and expired scripts become public; requests are lost."""
    op.drop_table("scene_request_votes")
    op.drop_table("scene_requests")
    op.drop_column("analysis_results", "reference_key")
    op.drop_constraint(op.f("ck_tokens_curator_level"), "tokens")
    op.drop_column("tokens", "curator_level")
    for name in ("waveform", "hidden_at", "expires_at", "credit"):
        op.drop_column("scripts", name)
