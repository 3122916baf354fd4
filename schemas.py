"""Request and response bodies of the API: the catalogue, results, my page.

Times in seconds are floats; timestamps are aware and in UTC; a missing score is null, never 0. The bodies of one
mechanism are defined beside it: in a router, in routers/shared/, and webhooks in jobs/webhook_payloads.py.
"""

from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.actor_names import TranslatedActor, TranslatedActorWrite
from core.field_types import (
    AttemptClass,
    AudioTrack,
    Id,
    LanguageTag,
    Level,
    Line,
    Name,
    Prose,
    Score,
    Seconds,
    Slug,
    Status,
    Title,
    Word,
)
from core.levels import Levelled, LevelledScript
from core.line_readings import CorrectedReading, LineReading, PitchContour, RecordedWords, ReferenceUsed
from core.rights import Rights, RightsWrite
from core.settings import MAX_AUDIO_S
from core.translations import FormTranslations, ScriptTranslation, TranslatedScript, TranslatedToken

Item = TypeVar("Item")


class RequestBody(BaseModel):
    """A JSON body that clients send. Types are strict: a number in quotes, or 0 for false, is refused."""

    model_config = ConfigDict(strict=True)


class Page(BaseModel, Generic[Item]):
    """One page of a list. Pass `next_cursor` as `cursor` to get the next page; it is null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


class UserResponse(BaseModel):
    """The account of the signed-in user."""

    id: int
    email: str
    name: str
    picture_url: str | None
    is_admin: bool
    created_at: datetime


class ActorWrite(TranslatedActorWrite, RequestBody):
    """The fields of an actor."""

    name: Name

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Grace", "translations": {"ko": "그레이스"}}]})


class ActorResponse(TranslatedActor):
    """The speaker of a line in the original."""

    id: int
    name: str


class ActorSummary(ActorResponse):
    """An actor in a list, with the number of their lines."""

    token_count: int


class ScriptWrite(TranslatedScript, RightsWrite, RequestBody):
    """The fields of a script; `language` is that of its lines, the keys of `translations` are those of its readers."""

    title: Title
    category: Word
    language: LanguageTag = "en-US"
    description: Prose | None = None
    synthetic_voice: bool = False
    slug: Slug | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Last train", "category": "drama"}]})


class SceneImport(ScriptWrite):
    """The fields of a scene to import; `actor` speaks the lines whose cues name no speaker, `translations` is JSON."""

    translations: FormTranslations = {}
    actor: Name = "Unknown"
    audio_track: AudioTrack | None = None


class ScriptSummary(LevelledScript):
    """A script in a list."""

    id: int
    title: str
    title_ko: str | None
    category: str
    language: str
    description: str | None
    description_ko: str | None
    translations: dict[str, ScriptTranslation] = Field(description="By language tag")
    synthetic_voice: bool
    views: int
    token_count: int
    actors: list[str]
    actor_details: list[ActorResponse] = Field(description="The actors in the same order, with their other names")
    created_at: datetime


class Category(BaseModel):
    """A category with the number of its scripts."""

    category: str
    script_count: int


_TOKEN_EXAMPLE: Any = {
    **{"script_id": 1, "actor_id": 1, "text": "You're forty minutes late.", "translations": {"ko": "40분이나 늦었어."}},
    **{"start_time": 0.0, "end_time": 2.4},
}


class TokenWrite(TranslatedToken, RequestBody):
    """The fields of a line; its times are in seconds on the scene's timeline."""

    script_id: Id
    actor_id: Id
    position: int | None = Field(default=None, ge=1, le=100_000, description="Place in the script; last when absent")
    text: Line
    spoken_form: CorrectedReading = None
    start_time: Seconds
    end_time: Seconds
    curator_level: Level | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN_EXAMPLE]})

    @model_validator(mode="after")
    def _end_after_start(self) -> "TokenWrite":
        if self.end_time <= self.start_time:
            raise PydanticCustomError("line_ends_before_start", "end_time has to be after start_time")
        if self.end_time - self.start_time > MAX_AUDIO_S:
            raise PydanticCustomError("line_too_long", "at most {seconds} s", {"seconds": f"{MAX_AUDIO_S:g}"})
        return self


class TokenSummary(Levelled):
    """A line in a list."""

    id: int
    script_id: int
    script_title: str
    script_titles: dict[str, str] = Field(description="By language tag")
    script_language: str
    actor: ActorResponse
    position: int
    text: str
    translation: str | None
    translations: dict[str, str] = Field(description="By language tag")
    start_time: float
    end_time: float
    has_audio: bool


class ScriptDetail(ScriptSummary, Rights):
    """A script with its lines, in order."""

    tokens: list[TokenSummary]


class ScriptReference(BaseModel):
    """The script of a line."""

    id: int
    title: str
    title_ko: str | None
    translations: dict[str, ScriptTranslation] = Field(description="By language tag")
    category: str
    language: str
    synthetic_voice: bool


class MyScores(BaseModel):
    """The signed-in user's scores on one line; `best` and `last` are null until an attempt was scored."""

    attempts: int
    best: float | None
    last: float | None
    bookmarked: bool


class TokenDetail(TokenSummary):
    """One line with its script, reading, reference audio and pitch."""

    spoken_form: str | None
    reading: LineReading | None
    script: ScriptReference
    audio_url: str | None = Field(description="URL of the reference audio: a signed URL of the store, or one of a CDN")
    reference_pitch: PitchContour | None
    mine: MyScores | None = Field(description="Null unless signed in")


class JobError(BaseModel):
    """The reason why a job failed; `message` is in the language of the request."""

    code: str
    message: str


class AttemptScores(BaseModel):
    """The scores of an attempt, 0 to 100, and the class that explains missing ones: the base of responses."""

    attempt_class: AttemptClass | None
    pronunciation_score: float | None
    intonation_score: float | None
    emotion_score: float | None
    overall_score: float | None
    recorded_words: RecordedWords | None = Field(default=None, description="Null: the whole line")


class ReportedScores(BaseModel):
    """AttemptScores as the analysis server reports them: bounded, each optional."""

    attempt_class: AttemptClass = "scored"
    pronunciation_score: Score | None = None
    intonation_score: Score | None = None
    emotion_score: Score | None = None
    overall_score: Score | None = None


class AverageScores(BaseModel):
    """Mean scores over all scored attempts; null if there are none."""

    pronunciation: float | None
    intonation: float | None
    emotion: float | None
    overall: float | None


class JobReference(BaseModel):
    """A job, its line and its status."""

    job_id: UUID
    token_id: int
    status: Status


class JobProgress(JobReference):
    """A job and the stage that it has reached."""

    stage: str
    progress: int
    message: str | None


class AnalysisResultResponse(AttemptScores, JobProgress):
    """The state of a job and, once it is completed, its scores (0 to 100) and feedback."""

    emotion_score: float | None = Field(description="Expressiveness match: how closely delivery follows the actor's")
    detailed_feedback: dict[str, Any] | None = Field(
        description="Scores, words and tips as in docs/result.schema.json; earlier results have fewer fields"
    )
    engine: dict[str, Any] | None
    audio: dict[str, Any] | None
    error: JobError | None
    reference: ReferenceUsed | None = Field(default=None, description="Null until it is sent, and for earlier results")
    user_audio_url: str | None = Field(description="Signed URL of the recording while it is stored")
    created_at: datetime
    completed_at: datetime | None


class BookmarkWrite(RequestBody):
    """The line to bookmark."""

    token_id: Id

    model_config = ConfigDict(json_schema_extra={"examples": [{"token_id": 2}]})


class BookmarkResponse(BaseModel):
    """A bookmark with its line."""

    id: int
    created_at: datetime
    token: TokenSummary


class RecordingResponse(BaseModel):
    """A stored recording of the user."""

    job_id: UUID
    token_id: int
    bytes: int | None
    created_at: datetime


class DubbedToken(BaseModel):
    """A line that the user has recorded; the scores are null until an attempt was scored."""

    token: TokenSummary
    attempts: int
    last_dubbed_at: datetime
    best_overall_score: float | None
    last_overall_score: float | None
    first_overall_score: float | None
    last_job_id: UUID


class SceneProgress(BaseModel):
    """The user's progress on one script; `best_average` is the mean of the best overall scores on its lines."""

    script_id: int
    tokens_dubbed: int
    best_average: float | None


class LineProgress(BaseModel):
    """The user's progress on one line; the overall scores are null until an attempt was scored."""

    token_id: int
    attempts: int
    best: float | None
    last: float | None
    last_job_id: UUID | None
    bookmarked: bool


class Attempt(AttemptScores, JobReference):
    """One recording of a line by the user, without its feedback."""

    created_at: datetime


class WeakSound(BaseModel):
    """A sound that was corrected in the user's latest scored attempts."""

    phone: str = Field(description="ARPAbet")
    ipa: str
    said: int = Field(description="Number of times the sound was expected")
    corrected: int = Field(description="Number of times it was corrected")
    average_score: float
    heard_ipa: list[str] = Field(description="Sounds that were heard instead")
    words: list[str]
    lines: list[TokenSummary] = Field(description="Lines to practise the sound on")


class Totals(BaseModel):
    """Counts over all recordings of the user."""

    attempts: int
    completed: int
    tokens_dubbed: int
    bookmarks: int


class TrendPoint(BaseModel):
    """The attempts of one day and their mean overall score."""

    day: date
    attempts: int
    overall: float | None


class Streak(BaseModel):
    """Consecutive days with a recording, in the requested time zone."""

    current_days: int
    longest_days: int


class Overview(BaseModel):
    """Everything that my page shows first."""

    user: UserResponse
    totals: Totals
    averages: AverageScores
    trend: list[TrendPoint]
    streak: Streak
    recent_bookmarks: list[BookmarkResponse]
    recent_dubs: list[DubbedToken]
