"""First tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "actors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
        sa.UniqueConstraint("name", name=op.f("uq_actors_name")),
    )
    op.create_index(
        "ix_actors_name_trgm",
        "actors",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "scripts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_ko", sa.String(length=300), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("description_ko", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("synthetic_voice", sa.Boolean(), nullable=False),
        sa.Column("views", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
        sa.UniqueConstraint("slug", name=op.f("uq_scripts_slug")),
    )
    op.create_index("ix_scripts_category_id", "scripts", ["category", "id"], unique=False)
    op.create_index("ix_scripts_language_id", "scripts", ["language", "id"], unique=False)
    op.create_index(
        "ix_scripts_title_ko_trgm",
        "scripts",
        ["title_ko"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title_ko": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_scripts_title_trgm",
        "scripts",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_index("ix_scripts_views_id", "scripts", ["views", "id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("picture_url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_users_issuer_subject")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("family_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_refresh_tokens_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(op.f("ix_refresh_tokens_family_expires_at"), "refresh_tokens", ["family_expires_at"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_family_id"), "refresh_tokens", ["family_id"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_user_id"), "refresh_tokens", ["user_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("script_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("translation", sa.Text(), nullable=True),
        sa.Column("start_time", sa.Float(), nullable=False),
        sa.Column("end_time", sa.Float(), nullable=False),
        sa.Column("s3_url", sa.Text(), nullable=True),
        sa.Column("reference_features", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("start_time >= 0 AND end_time > start_time", name=op.f("ck_tokens_times")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_tokens_actor_id_actors"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_tokens_script_id_scripts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("script_id", "position", name=op.f("uq_tokens_script_id_position")),
    )
    op.create_index("ix_tokens_actor_id_id", "tokens", ["actor_id", "id"], unique=False)
    op.create_index(
        "ix_tokens_features_due",
        "tokens",
        ["id"],
        unique=False,
        postgresql_where=sa.text("s3_url IS NOT NULL AND reference_features IS NULL"),
    )
    op.create_index(
        "ix_tokens_text_trgm",
        "tokens",
        ["text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )
    op.create_table(
        "analysis_results",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.UUID(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempt_class", sa.String(length=30), nullable=True),
        sa.Column("pronunciation_score", sa.Float(), nullable=True),
        sa.Column("intonation_score", sa.Float(), nullable=True),
        sa.Column("emotion_score", sa.Float(), nullable=True),
        sa.Column("overall_score", sa.Float(), nullable=True),
        sa.Column("detailed_feedback", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("engine", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("audio", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("user_audio_s3_url", sa.Text(), nullable=False),
        sa.Column("audio_type", sa.String(length=60), nullable=False),
        sa.Column("spool_id", sa.UUID(), nullable=False),
        sa.Column("audio_stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.UUID(), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('processing', 'completed', 'failed')", name=op.f("ck_analysis_results_status")),
        sa.CheckConstraint("emotion_score BETWEEN 0 AND 100", name=op.f("ck_analysis_results_emotion_score")),
        sa.CheckConstraint("intonation_score BETWEEN 0 AND 100", name=op.f("ck_analysis_results_intonation_score")),
        sa.CheckConstraint("overall_score BETWEEN 0 AND 100", name=op.f("ck_analysis_results_overall_score")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_analysis_results_progress")),
        sa.CheckConstraint(
            "pronunciation_score BETWEEN 0 AND 100", name=op.f("ck_analysis_results_pronunciation_score")
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name=op.f("fk_analysis_results_token_id_tokens"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_analysis_results_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_results")),
        sa.UniqueConstraint("job_id", name=op.f("uq_analysis_results_job_id")),
        sa.UniqueConstraint("user_id", "idempotency_key", name=op.f("uq_analysis_results_user_id_idempotency_key")),
    )
    op.create_index(
        "ix_analysis_results_due",
        "analysis_results",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'processing'"),
    )
    op.create_index("ix_analysis_results_token_id", "analysis_results", ["token_id"], unique=False)
    op.create_index(
        "ix_analysis_results_user_id_created_at", "analysis_results", ["user_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_analysis_results_user_id_token_id", "analysis_results", ["user_id", "token_id", "created_at"], unique=False
    )
    op.create_table(
        "bookmarks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name=op.f("fk_bookmarks_token_id_tokens"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bookmarks_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
        sa.UniqueConstraint("user_id", "token_id", name=op.f("uq_bookmarks_user_id_token_id")),
    )
    op.create_index(op.f("ix_bookmarks_token_id"), "bookmarks", ["token_id"], unique=False)
    op.create_index(op.f("ix_bookmarks_user_id_id"), "bookmarks", ["user_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_bookmarks_user_id_id"), table_name="bookmarks")
    op.drop_index(op.f("ix_bookmarks_token_id"), table_name="bookmarks")
    op.drop_table("bookmarks")
    op.drop_index("ix_analysis_results_user_id_token_id", table_name="analysis_results")
    op.drop_index("ix_analysis_results_user_id_created_at", table_name="analysis_results")
    op.drop_index("ix_analysis_results_token_id", table_name="analysis_results")
    op.drop_index(
        "ix_analysis_results_due", table_name="analysis_results", postgresql_where=sa.text("status = 'processing'")
    )
    op.drop_table("analysis_results")
    op.drop_index(
        "ix_tokens_text_trgm", table_name="tokens", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}
    )
    op.drop_index(
        "ix_tokens_features_due",
        table_name="tokens",
        postgresql_where=sa.text("s3_url IS NOT NULL AND reference_features IS NULL"),
    )
    op.drop_index("ix_tokens_actor_id_id", table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_refresh_tokens_user_id"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_family_id"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_family_expires_at"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_table("users")
    op.drop_index("ix_scripts_views_id", table_name="scripts")
    op.drop_index(
        "ix_scripts_title_trgm", table_name="scripts", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}
    )
    op.drop_index(
        "ix_scripts_title_ko_trgm",
        table_name="scripts",
        postgresql_using="gin",
        postgresql_ops={"title_ko": "gin_trgm_ops"},
    )
    op.drop_index("ix_scripts_language_id", table_name="scripts")
    op.drop_index("ix_scripts_category_id", table_name="scripts")
    op.drop_table("scripts")
    op.drop_index(
        "ix_actors_name_trgm", table_name="actors", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_table("actors")
