"""A reference analysis server: the whole webhook contract, with measured values in place of a judgement.

`pip install fastapi uvicorn httpx av numpy standardwebhooks`, then `WEBHOOK_SECRET=whsec_… uvicorn analysis_server:app
--port 8001`, and `TARGET_SERVER_URL=http://127.0.0.1:8001` for the API server.
"""

import asyncio
import io
import json
import logging
import math
import os
import random
import uuid
from collections import deque
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import av
import httpx
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
MAX_SECONDS = float(os.environ.get("MAX_SECONDS", "120"))
MAX_BODY_BYTES = 65_536
MAX_FINISHED = int(os.environ.get("MAX_FINISHED", "1000"))
FIRST_RETRY_S, RETRY_MAX_S, RETRY_FOR_S = 0.5, 60.0, 3600.0

app = FastAPI()
http = httpx.AsyncClient(timeout=30, trust_env=False)
states: dict[str, dict[str, Any]] = {}
finished: deque[str] = deque()
tasks: set[asyncio.Task[None]] = set()


class Handover(BaseModel):
    """The body of `POST /analyze`, as far as this server needs it."""

    job_id: uuid.UUID
    audio_url: str
    reference_audio_url: str | None = None
    text: str
    language: str
    webhook_url: str


class Refused(Exception):
    """The recording cannot be analysed: the code and the message of `analysis.failed`."""


async def read_body(request: Request) -> bytes:
    """Returns the body; answers 413 as soon as it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, "the body is too large")
    return bytes(body)


async def require_signature(request: Request) -> bytes:
    """Returns the raw body if the request was signed for this method and path; answers 401 otherwise."""
    body, headers = await read_body(request), dict(request.headers)
    target = f"yousync-target {request.method} {request.url.path}".encode()
    try:
        WEBHOOK.verify(body, headers, json_parse=False)
        WEBHOOK.verify(target, headers | {"webhook-signature": headers.get("yousync-target", "")}, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise HTTPException(401, "the signature is missing, wrong, too old, or for another target") from error
    return body


@app.post("/analyze", status_code=202)
async def analyze(request: Request) -> dict[str, Any]:
    """Accepts a job; the same job again runs no second time."""
    try:
        job = Handover.model_validate_json(await require_signature(request))
    except ValueError as error:
        raise HTTPException(422, "the body is no hand-over of a job") from error
    if str(job.job_id) not in states:
        states[str(job.job_id)] = {"status": "queued", "progress": 0, "stage": "queued", "message": ""}
        tasks.add(task := asyncio.create_task(run(job)))
        task.add_done_callback(tasks.discard)
    return {"job_id": str(job.job_id), "accepted": True}


@app.get("/analyze/{job_id}")
async def get_state(job_id: uuid.UUID, request: Request) -> dict[str, Any]:
    """Returns the state of a job, after its end with the body of its last webhook: for an API server that missed it."""
    await require_signature(request)
    if str(job_id) not in states:
        raise HTTPException(404, "this job is unknown")
    return {"job_id": str(job_id), **states[str(job_id)]}


@app.get("/health/live")
@app.get("/health/ready")
async def get_health() -> dict[str, str]:
    """Reports that jobs are accepted."""
    return {"status": "ready"}


async def run(job: Handover) -> None:
    """Analyses one recording and reports each step; any exception is the end `analysis.failed`."""
    try:
        await report(job, "analysis.progress", progress=30, stage="fetching")
        recording = await measure(job.audio_url)
        await report(job, "analysis.progress", progress=60, stage="measuring")
        reference = await measure(job.reference_audio_url) if job.reference_audio_url else None
        await report(job, "analysis.completed", stage="completed", progress=100, result=judge(recording, reference))
    except Refused as error:
        code, message = error.args
        await report(job, "analysis.failed", stage="failed", error={"code": code, "message": message})
    except Exception:
        logging.exception("job %s failed", job.job_id)
        error_body = {"code": "analysis_failed", "message": "The analysis failed."}
        await report(job, "analysis.failed", stage="failed", error=error_body)


def judge(recording: dict[str, float], reference: dict[str, float] | None) -> dict[str, Any]:
    """Returns the result. Replace this function: it compares durations only, and hears no word.

    Scores are 0 to 100, or null where nothing was measured; `attempt_class` tells why an attempt has none.
    """
    if recording["loudness_dbfs"] < -60:
        return {"attempt_class": "no_speech", "audio": recording}
    score = None
    if reference:
        lengths = sorted((recording["duration_s"], reference["duration_s"]))
        score = round(100 * lengths[0] / lengths[1], 1)
    return {"attempt_class": "scored", "overall_score": score, "audio": recording, "engine": {"name": "example"}}


async def measure(url: str) -> dict[str, float]:
    """Returns duration and loudness (RMS, dB of full scale) of a file. Raises Refused."""
    try:
        response = (await http.get(url)).raise_for_status()
    except Exception as error:  # httpx.HTTPError, InvalidURL, a port that is too large: it cannot be fetched
        raise Refused("audio_fetch_failed", "The recording could not be downloaded.") from error
    return await asyncio.to_thread(measure_bytes, response.content)


def measure_bytes(content: bytes) -> dict[str, float]:
    """Decodes to 16 kHz and measures. Raises Refused. Limit memory and time in a service of your own."""
    resampler, count, energy = av.AudioResampler("flt", "mono", 16_000), 0, 0.0
    try:
        with av.open(io.BytesIO(content), mode="r") as container:
            for frame in container.decode(audio=0):
                for samples in (each.to_ndarray() for each in resampler.resample(frame)):
                    count, energy = count + samples.size, energy + float((samples**2).sum())
                if count > MAX_SECONDS * 16_000:
                    raise Refused("audio_too_long", f"The recording is longer than {MAX_SECONDS:g} s.")
    except (av.FFmpegError, IndexError) as error:
        raise Refused("audio_undecodable", "The recording could not be decoded.") from error
    if not count:
        raise Refused("audio_empty", "The recording is empty.")
    return {
        "duration_s": round(count / 16_000, 3),
        "loudness_dbfs": round(10 * math.log10(max(energy / count, 1e-12)), 1),
    }


async def report(job: Handover, kind: str, **state: Any) -> None:
    """Keeps the state and sends it as a webhook: progress once, an end with one id until it is taken.

    Raises ValueError for a result that is not JSON, before anything is kept or sent.
    """
    status = kind.removeprefix("analysis.").replace("progress", "processing")
    body = {"type": kind, "job_id": str(job.job_id), "message": "", "progress": 0, **state}
    content = json.dumps(body, allow_nan=False).encode()
    keep(str(job.job_id), {**body, "status": status})
    message_id, delay_s, waited_s = f"msg_{uuid.uuid4().hex}", FIRST_RETRY_S, 0.0
    while not await deliver(job.webhook_url, message_id, content):
        if kind == "analysis.progress" or waited_s > RETRY_FOR_S:
            return
        await asyncio.sleep(pause_s := delay_s * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries
        waited_s, delay_s = waited_s + pause_s, min(2 * delay_s, RETRY_MAX_S)


def keep(job_id: str, state: dict[str, Any]) -> None:
    """Keeps the state of a job; forgets the oldest of too many that have ended."""
    states[job_id] = state
    if state["status"] != "processing":
        finished.append(job_id)
    if len(finished) > MAX_FINISHED:
        states.pop(finished.popleft(), None)


async def deliver(url: str, message_id: str, body: bytes) -> bool:
    """Sends a webhook, signed now; returns False if it has to be sent again."""
    try:
        response = await http.post(url, content=body, headers=sign(url, message_id, body))
    except Exception:
        logging.warning("the webhook %s was not sent", message_id, exc_info=True)
        return False
    return response.is_success or response.status_code in (404, 422)


def sign(url: str, message_id: str, body: bytes) -> dict[str, str]:
    """Returns the headers of a webhook. Raises ValueError for an invalid URL."""
    now, target = datetime.now(UTC), f"yousync-target POST {urlsplit(url).path.rstrip('/') or '/'}"
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": WEBHOOK.sign(message_id, now, body.decode()),
        "yousync-target": WEBHOOK.sign(message_id, now, target),
    }
