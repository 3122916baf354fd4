"""The naive implementation: the design written down in an afternoon, in the FastAPI style of tutorials.

Every handler is `async def` with a blocking Session and boto3; the user is fetched at each request; responses go
through `response_model`; the whole file is read; the request waits for store and analysis server; progress is polled
once a second. The content of the responses and the tables are those of the service.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

import boto3
import httpx
from fastapi import Depends, FastAPI, HTTPException, UploadFile
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from core.security import read_access_token
from core.settings import get_settings
from core.translations import FIELD_LANGUAGE
from models import STARTER_RANKS, Actor, AnalysisResult, Script, Token, User, utc_now
from routers.shared.accepted_uploads import UploadAccepted
from schemas import ActorResponse, Page, ScriptSummary, TokenSummary

settings = get_settings()
engine = create_engine(settings.sqlalchemy_url)
SessionLocal = sessionmaker(engine)
secret = settings.aws_secret_access_key
s3 = boto3.client(
    "s3",
    endpoint_url=settings.s3_endpoint_url,
    region_name=settings.aws_region,
    aws_access_key_id=settings.aws_access_key_id,
    aws_secret_access_key=secret.get_secret_value() if secret else None,
)
progress: dict[str, dict[str, Any]] = {}
app = FastAPI()


async def get_db() -> AsyncIterator[Session]:
    # In its favour: a plain generator, closed in a thread, blocks for 30 s as soon as the pool of 15 is exhausted.
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


Database = Annotated[Session, Depends(get_db)]


async def get_current_user(
    db: Database, credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> User:
    principal = read_access_token(settings, credentials.credentials)
    user = db.get(User, principal.user_id)
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.post("/api/tokens/{token_id}/upload-audio", status_code=202, response_model=UploadAccepted)
async def upload_audio(token_id: int, audio_file: UploadFile, db: Database, user: CurrentUser) -> Any:
    token = db.get(Token, token_id)
    if token is None:
        raise HTTPException(404)
    content = await audio_file.read()
    job_id = uuid.uuid4()
    key = f"recordings/{user.id}/{job_id}.wav"
    s3.put_object(Bucket=settings.s3_bucket_name, Key=key, Body=content, ContentType="audio/wav")
    db.add(
        AnalysisResult(
            user_id=user.id,
            token_id=token.id,
            job_id=job_id,
            user_audio_s3_url=key,
            audio_type="audio/wav",
            audio_bytes=len(content),
            spool_id=uuid.uuid4(),
        )
    )
    db.commit()
    url = s3.generate_presigned_url("get_object", Params={"Bucket": settings.s3_bucket_name, "Key": key})
    body = {"job_id": str(job_id), "audio_url": url, "text": token.text, "webhook_url": settings.webhook_url}
    httpx.post(f"{settings.target_server_url}/analyze", json=body)
    progress[str(job_id)] = {"job_id": str(job_id), "status": "processing", "progress": 0}
    return {
        "job_id": job_id,
        "status": "processing",
        "progress_url": f"/api/tokens/analysis-progress/{job_id}",
        "result_url": f"/api/tokens/analysis-result/{job_id}",
    }


@app.get("/api/tokens/analysis-progress/{job_id}")
async def analysis_progress(
    job_id: str, credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> StreamingResponse:
    # In its favour: with get_db as a dependency each stream holds a connection, and the sixteenth stops the server.
    with SessionLocal() as db:
        user = await get_current_user(db, credentials)
        job = db.scalar(select(AnalysisResult).where(AnalysisResult.job_id == uuid.UUID(job_id)))
        if job is None or job.user_id != user.id:
            raise HTTPException(404)
        progress.setdefault(job_id, {"job_id": job_id, "status": job.status, "progress": job.progress})

    async def events() -> AsyncIterator[str]:
        last = None
        while True:
            state = progress[job_id]
            if state != last:
                yield f"data: {json.dumps(state)}\n\n"
                last = dict(state)
            await asyncio.sleep(1)

    return StreamingResponse(events(), media_type="text/event-stream")


@app.post("/api/tokens/webhook/analysis-complete")
async def analysis_complete(body: dict[str, Any], db: Database) -> dict[str, bool]:
    job = db.scalar(select(AnalysisResult).where(AnalysisResult.job_id == uuid.UUID(body["job_id"])))
    if job is None:
        raise HTTPException(404)
    job.progress, job.updated_at = body["progress"], utc_now()
    db.commit()
    progress[body["job_id"]] = {"job_id": body["job_id"], "status": "processing", "progress": body["progress"]}
    return {"changed": True}


@app.get("/api/tokens", response_model=Page[TokenSummary])
async def list_tokens(db: Database, user: CurrentUser, limit: int = 20) -> Any:
    lines = select(Token).options(joinedload(Token.script), joinedload(Token.actor))
    tokens = db.scalars(lines.order_by(Token.id).limit(limit)).all()
    return {"items": [summarize_line(token) for token in tokens], "next_cursor": str(tokens[-1].id)}


@app.get("/api/scripts/popular", response_model=list[ScriptSummary])
async def list_popular_scripts(db: Database) -> Any:
    scripts = db.scalars(select(Script).order_by(Script.views.desc(), Script.id.desc()).limit(10)).all()
    return [summarize_script(db, script) for script in scripts]


def summarize_line(token: Token) -> TokenSummary:
    return TokenSummary(
        id=token.id,
        script_id=token.script_id,
        script_title=token.script.title,
        script_titles={tag: texts["title"] for tag, texts in token.script.translations.items() if texts.get("title")},
        script_language=token.script.language,
        actor=show_actor(token.actor),
        position=token.position,
        text=token.text,
        translation=token.translations.get(FIELD_LANGUAGE),
        translations=token.translations,
        start_time=token.start_time,
        end_time=token.end_time,
        has_audio=token.s3_url is not None,
        level=token.level,
        good_to_start=token.ease_rank < STARTER_RANKS,
    )


def show_actor(actor: Actor) -> ActorResponse:
    return ActorResponse(id=actor.id, name=actor.name, translations=actor.translations)


def summarize_script(db: Session, script: Script) -> ScriptSummary:
    lines = select(Token).where(Token.script_id == script.id)
    in_script = select(Token.actor_id).where(Token.script_id == script.id)
    cast = [
        show_actor(actor) for actor in db.scalars(select(Actor).where(Actor.id.in_(in_script)).order_by(Actor.name))
    ]
    values = {name: getattr(script, name) for name in ScriptSummary.model_fields if hasattr(script, name)}
    texts = script.translations.get(FIELD_LANGUAGE, {})
    values |= {"title_ko": texts.get("title"), "description_ko": texts.get("description")}
    count = db.scalar(select(func.count()).select_from(lines.subquery())) or 0
    values["good_to_start"] = script.ease_rank < STARTER_RANKS
    return ScriptSummary(**values, token_count=count, actors=[actor.name for actor in cast], cast=cast)
