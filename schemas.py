"""Wire shapes of the API. Times in seconds are floats; timestamps are aware UTC; a missing score is null, never 0."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.field_types import (
    STORABLE,
    AttemptClass,
    Id,
    LanguageTag,
    Line,
    Name,
    Prose,
    Seconds,
    Slug,
    Status,
    Title,
    Word,
)

Item = TypeVar("Item")


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Body(BaseModel):
    """What clients write: a number in quotes or a 0 for false is refused, as the OpenAPI document says."""

    model_config = ConfigDict(strict=True)


class Problem(BaseModel):
    """An error (RFC 9457). `code` is stable and machine-readable; `detail` is Korean or English by Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list["FieldError"] | None = None


class FieldError(BaseModel):
    loc: list[str]
    msg: str
    type: str


class Page(BaseModel, Generic[Item]):
    """One page of a list; pass `next_cursor` as `cursor` for the next one, null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


class GoogleSignIn(Body):
    id_token: Annotated[str, StringConstraints(min_length=1, max_length=8192)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"id_token": "eyJhbGciOiJSUzI1NiIs…"}]})


class DevelopmentSignIn(Body):
    email: Annotated[
        str,
        StringConstraints(pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", max_length=254),
        STORABLE,
    ]
    name: Name = "Learner"

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "learner@yousync.local", "name": "Learner"}]})


class RefreshRequest(Body):
    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=512)] | None = None


class SignInOptions(BaseModel):
    """How one can sign in here, and send recordings."""

    google_client_id: str | None = Field(description="For Google Identity Services; null when it is not set up")
    development: bool
    direct_uploads: bool = Field(description="Whether recordings can be sent straight to the store")


class UserResponse(Shape):
    id: int
    email: str
    name: str
    picture_url: str | None
    is_admin: bool
    created_at: datetime


class SessionResponse(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a type, no secret
    expires_in: int = Field(description="Life of the access token, in seconds")
    user: UserResponse


class ActorWrite(Body):
    name: Name

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Grace"}]})


class ActorResponse(Shape):
    id: int
    name: str


class ActorSummary(ActorResponse):
    token_count: int


class ScriptWrite(Body):
    title: Title
    title_ko: Title | None = None
    category: Word
    language: LanguageTag = "en-US"
    description: Prose | None = None
    description_ko: Prose | None = None
    source: Prose | None = None
    licence: Prose | None = None
    synthetic_voice: bool = False
    slug: Slug | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "The last train", "title_ko": "막차", "category": "drama", "language": "en-US"}]
        }
    )


class SceneImport(ScriptWrite):
    """What is said about a scene that is imported; `actor` speaks the lines for which the subtitles name nobody."""

    actor: Name = "Unknown"


class SceneImportForm(SceneImport):
    """The form of an import, for the document: the files are read apart."""

    subtitle_file: bytes = Field(description="SubRip (SRT) or WebVTT; at most 500 lines")
    media_file: bytes = Field(description="Audio or video of the scene; with the subtitles at most 50 MiB")


class ScriptSummary(Shape):
    id: int
    title: str
    title_ko: str | None
    category: str
    language: str
    description: str | None
    description_ko: str | None
    synthetic_voice: bool
    views: int
    token_count: int
    actors: list[str]
    created_at: datetime


class Category(Shape):
    category: str
    script_count: int


class TokenWrite(Body):
    script_id: Id
    actor_id: Id
    position: int | None = Field(default=None, ge=1, le=100_000, description="Place in the script; last when absent")
    text: Line
    translation: Line | None = None
    start_time: Seconds
    end_time: Seconds

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "script_id": 1,
                    "actor_id": 1,
                    "text": "You're forty minutes late.",
                    "translation": "40분이나 늦었어.",
                    "start_time": 0.0,
                    "end_time": 2.4,
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _end_after_start(self) -> "TokenWrite":
        if self.end_time <= self.start_time:
            raise ValueError("end_time must be after start_time")
        return self


class TokenSummary(Shape):
    id: int
    script_id: int
    script_title: str
    actor: ActorResponse
    position: int
    text: str
    translation: str | None
    start_time: float
    end_time: float
    has_audio: bool


class ScriptDetail(ScriptSummary):
    source: str | None
    licence: str | None
    tokens: list[TokenSummary]


class ScriptReference(Shape):
    id: int
    title: str
    title_ko: str | None
    category: str
    language: str
    synthetic_voice: bool


class PitchContour(BaseModel):
    """F0 in semitones relative to the speaker's median, one value per `hop_s` seconds; null where unvoiced."""

    hop_s: float
    semitones: list[float | None]


class MyScores(BaseModel):
    """Of the signed-in user on one line; `best` and `last` are null until an attempt was scored."""

    attempts: int
    best: float | None
    last: float | None
    bookmarked: bool


class TokenDetail(TokenSummary):
    script: ScriptReference
    audio_url: str | None = Field(description="URL of the reference audio: a signed one of the store, or that of a CDN")
    reference_pitch: PitchContour | None
    mine: MyScores | None = Field(description="Null unless signed in")


class LineAudio(BaseModel):
    token_id: int
    position: int
    start_time: float
    end_time: float
    audio_url: str | None


class ScriptAudio(BaseModel):
    script_id: int
    expires_in: int = Field(description="Life of the URLs, in seconds, unless they are those of a CDN")
    lines: list[LineAudio]


class StoredAudio(BaseModel):
    token_id: int
    content_type: str
    audio_url: str


class UploadWish(Body):
    """What is known of a recording before it is sent."""

    size: int | None = Field(default=None, ge=0, description="Bytes; what is too large is refused before it is sent")
    in_parts: bool = Field(default=False, description="Each part can be sent again by itself; `size` is needed then")

    @model_validator(mode="after")
    def _parts_have_a_size(self) -> Self:
        if self.in_parts and self.size is None:
            raise ValueError("in_parts needs size")
        return self

    model_config = ConfigDict(json_schema_extra={"examples": [{"size": 48_213}]})


class UploadPart(BaseModel):
    """PUT the next `size` bytes here, and keep the answer's `ETag`."""

    url: str
    size: int


class UploadOffer(BaseModel):
    """Leave to send one recording to the store: as a form to `url`, `fields` first, then the file in a field named
    `file`; or, where it was asked for, in `parts`."""

    job_id: UUID
    url: str | None
    fields: dict[str, str]
    parts: list[UploadPart]
    expires_in: int = Field(description="Life of the form and of `complete_url`, in seconds")
    max_bytes: int
    complete_url: str = Field(description="POST here when the store has it; good for this recording and its owner only")


class UploadedParts(Body):
    """What the store answered to each part, in their order."""

    etags: list[str] = Field(max_length=100)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"etags": ['"792f3c3a10124cac283b04d6193ab502"']}]},
    )


class UploadAccepted(BaseModel):
    job_id: UUID
    status: Status
    progress_url: str = Field(description="Event stream; carries a ticket for this job, good for 60 s")
    result_url: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "status": "processing",
                    "progress_url": "/api/tokens/analysis-progress/0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10?ticket=eyJ…",
                    "result_url": "/api/tokens/analysis-result/0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                }
            ]
        }
    )


class JobError(BaseModel):
    code: str
    message: str


class AnalysisResultResponse(BaseModel):
    job_id: UUID
    token_id: int
    status: Status
    stage: str
    progress: int
    message: str | None
    attempt_class: AttemptClass | None
    pronunciation_score: float | None
    intonation_score: float | None
    emotion_score: float | None = Field(
        description="Expressiveness match: how closely the delivery follows the actor's"
    )
    overall_score: float | None
    detailed_feedback: dict[str, Any] | None
    engine: dict[str, Any] | None
    audio: dict[str, Any] | None
    error: JobError | None
    user_audio_url: str | None = Field(description="Signed URL of the recording while it is stored")
    created_at: datetime
    completed_at: datetime | None


class ProgressEvent(BaseModel):
    """The `data` of one server-sent event: always the whole state."""

    job_id: UUID
    status: Status
    stage: str
    progress: int
    message: str | None
    result: dict[str, Any] | None = None
    error: JobError | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "status": "processing",
                    "stage": "pronunciation",
                    "progress": 65,
                    "message": "Listening to your pronunciation",
                }
            ]
        }
    )


class BookmarkWrite(Body):
    token_id: Id

    model_config = ConfigDict(json_schema_extra={"examples": [{"token_id": 2}]})


class BookmarkResponse(Shape):
    id: int
    created_at: datetime
    token: TokenSummary


class RecordingResponse(Shape):
    """A recording of mine that is stored."""

    job_id: UUID
    token_id: int
    bytes: int | None = Field(validation_alias="audio_bytes")
    created_at: datetime


class DubbedToken(BaseModel):
    token: TokenSummary
    attempts: int
    last_dubbed_at: datetime
    best_overall_score: float | None
    last_overall_score: float | None
    first_overall_score: float | None
    last_job_id: UUID


class SceneProgress(BaseModel):
    """Of mine on one script; `best_average` is the mean of my best overall scores on its lines."""

    script_id: int
    tokens_dubbed: int
    best_average: float | None


class LineProgress(BaseModel):
    """Of mine on one line; the scores are overall scores, null until an attempt was scored."""

    token_id: int
    attempts: int
    best: float | None
    last: float | None
    last_job_id: UUID | None
    bookmarked: bool


class Attempt(Shape):
    """One of my recordings of a line, without its feedback."""

    job_id: UUID
    token_id: int
    status: Status
    attempt_class: AttemptClass | None
    pronunciation_score: float | None
    intonation_score: float | None
    emotion_score: float | None
    overall_score: float | None
    created_at: datetime


class WeakSound(BaseModel):
    """A sound that I was corrected on, in my latest scored attempts."""

    phone: str = Field(description="ARPAbet")
    ipa: str
    said: int = Field(description="How often it was due")
    corrected: int
    average_score: float
    heard_ipa: list[str] = Field(description="What was heard instead")
    words: list[str]
    lines: list[TokenSummary] = Field(description="Lines to practise it on")


class Totals(BaseModel):
    attempts: int
    completed: int
    tokens_dubbed: int
    bookmarks: int


class AverageScores(BaseModel):
    pronunciation: float | None
    intonation: float | None
    emotion: float | None
    overall: float | None


class TrendPoint(BaseModel):
    day: date
    attempts: int
    overall: float | None


class Streak(BaseModel):
    """Days in a row with a recording, in the time zone asked for."""

    current_days: int
    longest_days: int


class Overview(BaseModel):
    user: UserResponse
    totals: Totals
    averages: AverageScores
    trend: list[TrendPoint]
    streak: Streak
    recent_bookmarks: list[BookmarkResponse]
    recent_dubs: list[DubbedToken]


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    checks: dict[str, str] = Field(default_factory=dict)
