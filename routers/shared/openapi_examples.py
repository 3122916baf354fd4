"""Examples of responses in the OpenAPI document, composed of one example for each field."""

from typing import Any

from routers.shared.json_schemas import Schema, without_null
from routers.shared.openapi_operations import operations_of

_JOB_ID = "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10"
_TIME = "2026-03-01T09:30:00Z"
_AUDIO_URL = "https://store.example/yousync/recordings/1/line.flac?X-Amz-Signature=…"
# By name, or by model and name where a name has several meanings. Fields with an example of their own are not listed.
FIELDS: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiIs…",
    "actors": ["Grace", "Daniel"],
    "attempts": 3,
    "audio": {"duration_s": 2.3, "snr_db": 31.0, "clipping_ratio": 0.0, "speech_ratio": 0.8, "truncated": False},
    "audio_url": _AUDIO_URL,
    "average_score": 54.0,
    "best": 88.0,
    "best_average": 81.5,
    "best_overall_score": 88.0,
    "bookmarked": True,
    "bookmarks": 4,
    "bytes": 48_213,
    "actor_details": [{"translations": {"ko": "그레이스"}, "id": 1, "name": "Grace"}],
    "category": "drama",
    "changed": True,
    "checks": {"database": "ok", "storage": "ok", "events": "ok", "analysis": "ok"},
    "complete_url": f"/api/tokens/1/uploads/{_JOB_ID}/complete?ticket=eyJ…",
    "completed": 11,
    "completed_at": _TIME,
    "content_type": "audio/flac",
    "corrected": 5,
    "created_at": _TIME,
    "credit": "Grace Park, 2026",
    "current_days": 3,
    "day": "2026-03-01",
    "description": "Two friends meet at a station.",
    "description_ko": "두 친구가 역에서 만난다.",
    "detailed_feedback": {"notes": [], "words": [], "tips": []},
    "development": False,
    "direct_uploads": True,
    "email": "learner@yousync.local",
    "emotion": 77.0,
    "emotion_score": 77.0,
    "end_time": 2.4,
    "engine": {"version": "1.0.0", "models": {}},
    "expires_in": 900,
    "fields": {"key": f"uploads/1/{_JOB_ID}", "policy": "eyJ…", "x-amz-signature": "6f…"},
    "first_overall_score": 61.0,
    "good_to_start": True,
    "google_client_id": "1234567890-abc.apps.googleusercontent.com",
    "guest_takes": 3,
    "guest_until": None,
    "has_audio": True,
    "heard_ipa": ["s"],
    "hop_s": 0.01,
    "id": 1,
    "intonation": 80.0,
    "intonation_score": 80.0,
    "ipa": "θ",
    "is_admin": False,
    "is_draft": True,
    "job_id": _JOB_ID,
    "language": "en-US",
    "last": 84.0,
    "last_dubbed_at": _TIME,
    "last_job_id": _JOB_ID,
    "last_overall_score": 84.0,
    "level": 2,
    "licence": "CC0 1.0",
    "longest_days": 9,
    "max_bytes": 48_213,
    "message": None,
    "ImportNote.message": "The speaker of this cue was guessed.",
    "JobError.message": "The recording could not be decoded.",
    "JobError.code": "audio_undecodable",
    "name": "Grace",
    "next_cursor": "WzEyXQ",
    "overall": 82.0,
    "overall_score": 84.0,
    "phone": "TH",
    "picture_url": None,
    "position": 1,
    "progress": 100,
    "pronunciation": 86.0,
    "pronunciation_score": 91.0,
    "readings": ["forty"],
    "refresh_token": "q3b1Zx0J8c…",
    "said": 12,
    "script_count": 3,
    "script_id": 1,
    "script_language": "en-US",
    "script_title": "Last train",
    "script_titles": {"ko": "막차"},
    "semitones": [-1.2, 0.4, None],
    "size": 48_213,
    "slug": "last-train",
    "source": "Written and spoken for this scene",
    "spoken_form": None,
    "spoken_s": 12.4,
    "stage": "completed",
    "start_time": 0.0,
    "status": "completed",
    "Health.status": "ok",
    "synthetic_voice": False,
    "takes_kept": 0,
    "takes_refused": 0,
    "text": "You're forty minutes late.",
    "ReadWord.text": "forty",
    "title": "Last train",
    "title_ko": "막차",
    "token_count": 1,
    "token_id": 1,
    "tokens_dubbed": 2,
    "translation": "40분이나 늦었어.",
    "translations": {"ko": "40분이나 늦었어."},
    "url": "https://store.example/yousync",
    "user_audio_url": _AUDIO_URL,
    "views": 42,
    "words": ["think", "three"],
    "RecordedWords.first": 2,
    "RecordedWords.last": 4,
    "attempt_class": "scored",
    "AnalysisResultResponse.error": None,
}
for _model in ("ActorResponse", "ActorSummary"):
    FIELDS[f"{_model}.translations"] = {"ko": "그레이스"}
for _model in ("ScriptSummary", "ManagedScript", "ScriptDetail", "ScriptDraft", "ScriptReference"):
    FIELDS[f"{_model}.translations"] = {"ko": {"title": "막차", "description": "두 친구가 역에서 만난다."}}


def add_examples(document: dict[str, Any]) -> None:
    """Adds an example to each JSON response whose schema has none of its own."""
    schemas = document["components"]["schemas"]
    for operation in operations_of(document):
        for response in operation["responses"].values():
            media = response.get("content", {}).get("application/json")
            if media is not None:
                media["example"] = compose(media["schema"], schemas)


def compose(schema: Schema, schemas: dict[str, Schema], field: str = "", model: str = "") -> Any:
    """Returns an example of a schema, which is that of `field` of `model`.

    Raises KeyError for a field that needs an example in FIELDS.
    """
    if (qualified := f"{model}.{field}") in FIELDS:
        return FIELDS[qualified]
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return compose(schemas[name], schemas, field, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        return {name: compose(each, schemas, name, model) for name, each in schema["properties"].items()}
    if "const" in schema:
        return schema["const"]
    if (plain := without_null(schema)) != schema:
        return compose(plain, schemas, field, model)
    if schema.get("type") == "array" and not _is_scalar(schema["items"]):
        return [compose(schema["items"], schemas, "", model)]
    return FIELDS[field]


def _is_scalar(schema: Schema) -> bool:
    return "$ref" not in schema and "properties" not in schema
