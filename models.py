"""The tables. All timestamps are aware and in UTC; relationships never load implicitly (`lazy="raise"`)."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    cast,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import InstrumentedAttribute, Mapped, MappedColumn, mapped_column, relationship

from database import Base

PROCESSING, COMPLETED, FAILED = "processing", "completed", "failed"
# Each score has a column `…_score` in AnalysisResult and its fields in schemas.py; tests/test_scores.py compares them.
SCORES = ("pronunciation", "intonation", "emotion", "overall")
# Ranks below this one are those of lines and scenes that are good to start with (services/levels.py).
STARTER_RANKS = 1_000_000
# The rank of a line or a scene whose level is still to be computed.
LAST_RANK = 1_999_999


def utc_now() -> datetime:
    """Returns this machine's time, aware and in UTC. What rows hold, and is compared with it, is PostgreSQL's."""
    return datetime.now(UTC)


def _trigram_index(table: str, column: str) -> Index:
    """Returns an index for substring search in any language, Korean included (extension pg_trgm)."""
    return Index(f"ix_{table}_{column}_trgm", column, postgresql_using="gin", postgresql_ops={column: "gin_trgm_ops"})


def _translations() -> MappedColumn[Any]:
    """Returns a column for texts in other languages, by language tag."""
    return mapped_column(JSONB, default=dict, server_default=text("'{}'"))


class Levelled:
    """The level, 1 to 5 or null where it is unknown, and the place in the order that begins with the easiest."""

    level: Mapped[int | None] = mapped_column(SmallInteger)
    ease_rank: Mapped[int] = mapped_column(Integer, default=LAST_RANK, server_default=text(str(LAST_RANK)))


def translated_names(translations: Any) -> ColumnElement[str]:
    """Returns all translated names as the text of a JSON array; ix_actors_translated_names_trgm indexes this."""
    return cast(func.jsonb_path_query_array(translations, text("'$.*'")), Text)


class Timestamped:
    """The times at which a row was created and last updated."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now(), onupdate=func.now())


class User(Timestamped, Base):
    """A person, identified by the issuer and subject of their ID token, never by e-mail address.

    Or a guest, who records without an account until `guest_until`; then all that is theirs is erased.
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index(None, "guest_until", postgresql_where=text("guest_until IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    picture_url: Mapped[str | None] = mapped_column(Text)
    guest_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RefreshToken(Base):
    """One token in a family of rotated refresh tokens; only the SHA-256 of the token is stored."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index(None, "family_id"), Index(None, "user_id"), Index(None, "family_expires_at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    family_id: Mapped[uuid.UUID] = mapped_column(UUID)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now())
    family_expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    spent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Actor(Timestamped, Base):
    """The speaker of lines in the original film or drama; `translations` is `{tag: name}`."""

    __tablename__ = "actors"
    __table_args__ = (
        _trigram_index("actors", "name"),
        Index(
            "ix_actors_translated_names_trgm",
            translated_names(text("translations")).label("names"),
            postgresql_using="gin",
            postgresql_ops={"names": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    translations: Mapped[dict[str, str]] = _translations()

    tokens: Mapped[list["Token"]] = relationship(back_populates="actor", lazy="raise", passive_deletes="all")


def translated_titles(translations: Any) -> ColumnElement[str]:
    """Returns all translated titles as the text of a JSON array; ix_scripts_translated_titles_trgm indexes this."""
    return cast(func.jsonb_path_query_array(translations, text("'$.*.title'")), Text)


class Script(Timestamped, Levelled, Base):
    """A scene of a film or drama; `translations` is `{tag: {"title": …, "description": …}}`, each text or null.

    A draft is for administrators only, and so is a script that is hidden, or whose licence has expired. An import
    leaves its notes, the key of its audio or video file, the number of the audio track that was taken, and its
    waveform: one byte per peak, WAVEFORM_HZ of them per second (common/audio/cut.py). `spoken_s` is the length of all
    lines together, in seconds.
    """

    __tablename__ = "scripts"
    __table_args__ = (
        Index("ix_scripts_views_id", "views", "id"),
        Index("ix_scripts_category_id", "category", "id"),
        Index("ix_scripts_language_id", "language", "id"),
        Index("ix_scripts_level_id", "level", "id"),
        Index("ix_scripts_ease_rank_id", "ease_rank", "id"),
        _trigram_index("scripts", "title"),
        Index(
            "ix_scripts_translated_titles_trgm",
            translated_titles(text("translations")).label("titles"),
            postgresql_using="gin",
            postgresql_ops={"titles": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    category: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(35))
    description: Mapped[str | None] = mapped_column(Text)
    translations: Mapped[dict[str, dict[str, str | None]]] = _translations()
    source: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    credit: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    synthetic_voice: Mapped[bool] = mapped_column(Boolean, default=False)
    views: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    is_draft: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    hidden_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    import_notes: Mapped[list[dict[str, str | None]] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    media_key: Mapped[str | None] = mapped_column(Text)
    media_track: Mapped[int | None] = mapped_column(Integer)
    spoken_s: Mapped[float] = mapped_column(Float, default=0.0, server_default=text("0"))
    waveform: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    tokens: Mapped[list["Token"]] = relationship(
        back_populates="script", lazy="raise", order_by="Token.position", passive_deletes="all"
    )


def phones_of(features: Any) -> ColumnElement[Any]:
    """Returns the phones of a line as a JSON array of ARPAbet; ix_tokens_phones indexes this expression."""
    return func.jsonb_path_query_array(features, text("'$.words[*].phones[*].phone'"), type_=JSONB)


class Token(Timestamped, Levelled, Base):
    """One line of a script, spoken by one actor; start_time and end_time in seconds on the scene's timeline.

    `translations` is `{tag: text}`; `spoken_form` is what readers are expected to say where the text does not tell.
    `curator_level` is the difficulty as an administrator judges it, from 1, easy, to 5.
    """

    __tablename__ = "tokens"
    __table_args__ = (
        UniqueConstraint("script_id", "position"),
        CheckConstraint("start_time >= 0 AND end_time > start_time", name="times"),
        CheckConstraint("curator_level BETWEEN 1 AND 5", name="curator_level"),
        Index("ix_tokens_actor_id_id", "actor_id", "id"),
        _trigram_index("tokens", "text"),
        Index(
            "ix_tokens_phones",
            phones_of(text("reference_features")),
            postgresql_using="gin",
        ),
        Index(
            "ix_tokens_features_due",
            "id",
            postgresql_where=text("s3_url IS NOT NULL AND reference_features IS NULL"),
        ),
        Index("ix_tokens_level_id", "level", "id"),
        Index("ix_tokens_ease_rank_id", "ease_rank", "id"),
        Index(
            "ix_tokens_level_due",
            "id",
            postgresql_where=text("levelled_at IS NULL OR updated_at > levelled_at"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id", ondelete="CASCADE"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("actors.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    spoken_form: Mapped[str | None] = mapped_column(Text)
    translations: Mapped[dict[str, str]] = _translations()
    start_time: Mapped[float] = mapped_column(Float)
    end_time: Mapped[float] = mapped_column(Float)
    curator_level: Mapped[int | None] = mapped_column(SmallInteger)
    s3_url: Mapped[str | None] = mapped_column(Text)
    reference_features: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    levelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    script: Mapped[Script] = relationship(back_populates="tokens", lazy="raise")
    actor: Mapped[Actor] = relationship(back_populates="tokens", lazy="raise")


class AnalysisResult(Timestamped, Base):
    """A job: one analysis of one recording. Only jobs/ changes its state, by conditional UPDATE."""

    __tablename__ = "analysis_results"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        CheckConstraint("status IN ('processing', 'completed', 'failed')", name="status"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        *(CheckConstraint(f"{score}_score BETWEEN 0 AND 100", name=f"{score}_score") for score in SCORES),
        Index("ix_analysis_results_user_id_created_at", "user_id", "created_at"),
        # Covers all columns that my page counts and averages: the rows of one learner are scattered over the table.
        Index(
            "ix_analysis_results_of_user",
            "user_id",
            "token_id",
            "created_at",
            postgresql_include=[
                "status",
                "overall_score",
                *(f"{score}_score" for score in SCORES if score != "overall"),
                "job_id",
            ],
        ),
        Index("ix_analysis_results_token_id", "token_id"),
        Index("ix_analysis_results_due", "next_attempt_at", postgresql_where=text("status = 'processing'")),
        Index("ix_analysis_results_audio_kept", "audio_stored_at", postgresql_where=text("audio_removed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id", ondelete="RESTRICT"))
    job_id: Mapped[uuid.UUID] = mapped_column(UUID, unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(255))

    status: Mapped[str] = mapped_column(String(20), default=PROCESSING)
    progress: Mapped[int] = mapped_column(Integer, default=0)
    stage: Mapped[str] = mapped_column(String(60), default="accepted")
    message: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer, default=1)

    # {"first": 2, "last": 4}: the only words of the line that were recorded, by their places.
    recorded_words: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    attempt_class: Mapped[str | None] = mapped_column(String(30))
    pronunciation_score: Mapped[float | None] = mapped_column(Float)
    intonation_score: Mapped[float | None] = mapped_column(Float)
    emotion_score: Mapped[float | None] = mapped_column(Float)
    overall_score: Mapped[float | None] = mapped_column(Float)
    detailed_feedback: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    engine: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    audio: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)

    # The key of the reference audio that the recording was last sent with.
    reference_key: Mapped[str | None] = mapped_column(Text)
    user_audio_s3_url: Mapped[str] = mapped_column(Text)
    audio_type: Mapped[str] = mapped_column(String(60))
    audio_bytes: Mapped[int | None] = mapped_column(BigInteger)
    spool_id: Mapped[uuid.UUID] = mapped_column(UUID)
    audio_stored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    audio_removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now())
    lease_token: Mapped[uuid.UUID | None] = mapped_column(UUID)
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # The ids of the webhooks that have reported a failed attempt.
    failure_ids: Mapped[list[str] | None] = mapped_column(ARRAY(Text), deferred=True)
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    token: Mapped[Token] = relationship(lazy="raise")


SCORE_COLUMNS: dict[str, InstrumentedAttribute[float | None]] = {
    score: getattr(AnalysisResult, f"{score}_score") for score in SCORES
}


class UploadOffer(Base):
    """An offer of a direct upload. Until it expires, `size` bytes and, unless it was refused, one job are reserved."""

    __tablename__ = "upload_offers"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    job_id: Mapped[uuid.UUID] = mapped_column(UUID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_id: Mapped[int] = mapped_column(BigInteger)
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    is_refused: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Erasure(Base):
    """An erased account whose objects are still to be deleted. It names no row: the user's are gone."""

    __tablename__ = "erasures"
    __table_args__ = (Index(None, "due_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    # Jobs whose recordings had not reached the store: each machine removes those that are in its spool.
    spooled_jobs: Mapped[list[uuid.UUID] | None] = mapped_column(ARRAY(UUID))
    # Guests whose recordings the account had taken over: the keys of these keep the guest's id.
    guest_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Bookmark(Base):
    """A line that a user has bookmarked; at most one for each user and line."""

    __tablename__ = "bookmarks"
    __table_args__ = (UniqueConstraint("user_id", "token_id"), Index(None, "token_id"), Index(None, "user_id", "id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now())

    token: Mapped[Token] = relationship(lazy="raise")


class SceneRequest(Timestamped, Base):
    """A learner's wish for a scene, with the answer of an administrator; each learner has at most one open request."""

    __tablename__ = "scene_requests"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'answered', 'declined', 'done')", name="status"),
        Index("ix_scene_requests_open", "user_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_scene_requests_user_id_id", "user_id", "id"),
        Index("ix_scene_requests_script_id", "script_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default="open", server_default=text("'open'"))
    answer: Mapped[str | None] = mapped_column(Text)
    script_id: Mapped[int | None] = mapped_column(ForeignKey("scripts.id", ondelete="SET NULL"))
    hidden_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SceneRequestVote(Base):
    """A learner's vote for a request; at most one for each learner and request."""

    __tablename__ = "scene_request_votes"
    __table_args__ = (Index(None, "user_id"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("scene_requests.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=func.now())
