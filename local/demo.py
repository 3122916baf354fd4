"""The main job without a browser: `make demo` sends two recordings, a good one and one with mistakes, and shows what
comes back."""

import argparse
import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from local.__main__ import WIDTH_WITHOUT_TERMINAL, in_plain_words
from local.embedded.server import is_free
from local.stack import AlreadyRunning, DataDir, LocalSettings, Stack
from local.supervisor import Log, PartFailed

SCENE = "Sense and Sensibility"
TAKES = Path(__file__).resolve().parent.parent / "catalogue" / "takes"
LEARNER = {"email": "demo@yousync.local", "name": "Demo"}
SERVICE_PATIENCE_S = 60.0
JOB_PATIENCE_S = 50.0
ARROWS = {"rise": "↗", "fall": "↘", "flat": "→"}
STATUS_COLOURS = {"good": "green", "fair": "yellow", "poor": "red", "omitted": "red"}


class DemoFailed(Exception):
    """The main job did not come to its end; the message says why."""


class Learner:
    """What a learner's client does, over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def sign_in(self) -> None:
        session = await self._json("POST", "/api/auth/dev", json=LEARNER)
        self._http.headers["Authorization"] = f"Bearer {session['access_token']}"

    async def choose_line(self, title: str, text: str | None = None) -> dict[str, Any]:
        """The line of a scene with this text; without one, the shortest."""
        scenes = (await self._json("GET", "/api/scripts", params={"q": title}))["items"]
        if not scenes:
            raise DemoFailed(f"the catalogue has no scene called {title}; `make run` puts it in")
        scene = await self._json("GET", f"/api/scripts/{scenes[0]['id']}")
        lines = [line for line in scene["tokens"] if line["has_audio"] and text in (None, line["text"])]
        if not lines:
            raise DemoFailed(f"no line of {title} has its audio")
        return dict(min(lines, key=lambda line: line["end_time"] - line["start_time"]))

    async def actors_audio(self, token_id: int) -> bytes:
        response = await self._http.get(f"/api/tokens/{token_id}/audio", follow_redirects=True)
        _refuse_errors(response)
        return response.content

    async def upload(self, token_id: int, recording: bytes) -> dict[str, Any]:
        files = {"audio_file": ("recording", recording)}
        return await self._json("POST", f"/api/tokens/{token_id}/upload-audio", files=files)

    async def follow(self, progress_url: str) -> AsyncIterator[dict[str, Any]]:
        """The states of the job as they come; reconnects as EventSource would."""
        last_id = ""
        while True:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            async with self._http.stream("GET", progress_url, headers=headers) as response:
                if response.status_code == httpx.codes.NO_CONTENT:
                    return
                if response.is_error:
                    await response.aread()
                _refuse_errors(response)
                async for line in response.aiter_lines():
                    if line.startswith("id: "):
                        last_id = line.removeprefix("id: ")
                    elif line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
            await asyncio.sleep(1)

    async def result(self, result_url: str) -> dict[str, Any]:
        return await self._json("GET", result_url)

    async def _json(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        response = await self._http.request(method, url, **options)
        _refuse_errors(response)
        answer: dict[str, Any] = response.json()
        return answer


def _refuse_errors(response: httpx.Response) -> None:
    if response.is_error:
        try:
            reason = response.json()["detail"]
        except (ValueError, KeyError, TypeError):
            reason = response.text[:200]
        url = response.request.url
        raise DemoFailed(f"{response.request.method} {url.path} was answered {response.status_code}: {reason}")


async def main_job(base_url: str, recording: Path | None, console: Console) -> None:
    """Sign in; then, for each take, choose its line, send it, follow its progress, show the scores."""
    begun = time.monotonic()
    # Tips are shown in both languages, messages in the console's: English.
    headers = {"Accept-Language": "en"}
    async with httpx.AsyncClient(base_url=base_url, timeout=20, trust_env=False, headers=headers) as http:
        learner = Learner(http)
        await learner.sign_in()
        line = await learner.choose_line(SCENE)
        if recording:
            own = recording.read_bytes()  # noqa: ASYNC240 - a small file, and nobody waits
            await dub(learner, line, own, "", console)
        else:
            actors = await learner.actors_audio(line["id"])
            await dub(learner, line, actors, "A good take: the actor's own reading, so expect high scores.", console)
            await dub_with_mistakes(learner, console)
    console.print(f"[dim]{time.monotonic() - begun:.1f} s from sign-in to the last scores[/]")


async def dub_with_mistakes(learner: Learner, console: Console) -> None:
    """The first of the takes that come with the catalogue: a synthetic learner who mixes some sounds."""
    take = json.loads((TAKES / "takes.json").read_text(encoding="utf-8"))[0]
    line = await learner.choose_line(take["scene"], take["text"])
    remark = f"A take with mistakes, by a synthetic voice: {take['remark']}."
    await dub(learner, line, (TAKES / take["file"]).read_bytes(), remark, console)


async def dub(learner: Learner, line: dict[str, Any], audio: bytes, remark: str, console: Console) -> None:
    """Send one recording of a line and show what comes back."""
    console.print(f"\n[bold]{line['text']}[/]\n{line['translation']}\n[dim]{line['actor']['name']}[/]\n")
    if remark:
        console.print(f"[dim]{remark}[/]")
    job = await learner.upload(line["id"], audio)
    state = await show_progress(learner, job["progress_url"], console)
    if state["status"] != "completed":
        raise DemoFailed(f"the analysis failed: {state.get('error', {}).get('message', 'no reason given')}")
    result = await learner.result(job["result_url"])
    if result["attempt_class"] != "scored":
        raise DemoFailed(f"the recording could not be scored: {result['attempt_class'].replace('_', ' ')}")
    show_result(result, console)


async def show_progress(learner: Learner, progress_url: str, console: Console) -> dict[str, Any]:
    """Draw each state as it comes; return the last one."""
    state: dict[str, Any] = {}
    columns = (TextColumn("{task.description:<28}"), BarColumn(40), TaskProgressColumn())
    try:
        async with asyncio.timeout(JOB_PATIENCE_S):
            with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
                task = bar.add_task("", total=100)
                async for state in learner.follow(progress_url):
                    message = state["message"] or state["stage"]
                    bar.update(task, completed=state["progress"], description=message)
                    if not console.is_terminal:
                        console.print(f"{'#' * (state['progress'] // 5):<20} {state['progress']:>3} %  {message}")
                    if state["status"] != "processing":
                        return state
    except TimeoutError as error:
        stage = state.get("stage", "not begun")
        raise DemoFailed(f"no result after {JOB_PATIENCE_S:.0f} s; the last stage was: {stage}") from error
    raise DemoFailed("the progress stream ended before the job did")


def show_result(result: dict[str, Any], console: Console) -> None:
    scores = Table(title="Scores", title_justify="left")
    for name in ("pronunciation", "intonation", "emotion", "overall"):
        scores.add_column(name, justify="right")
    names = ("pronunciation_score", "intonation_score", "emotion_score", "overall_score")
    scores.add_row(*(number(result[name]) for name in names))
    feedback = result["detailed_feedback"] or {}
    title = "Words (their pitch: yours, the actor's)"
    words = Table("word", "score", "status", "pitch", "sounds", title=title, title_justify="left")
    for word in feedback.get("words", []):
        colour = STATUS_COLOURS.get(word["status"], "")
        status = f"[{colour}]{word['status']}[/]"
        words.add_row(word["text"], number(word["score"]), status, directions(word), sounds(word))
    console.print(scores, words)
    for tip in feedback.get("tips", []):
        console.print(f"- {tip['ko']}\n  {tip['en']}")


def directions(word: dict[str, Any]) -> str:
    """Where the pitch of a word goes, for the learner and the actor."""
    pitch = word.get("pitch") or {}
    return " ".join(ARROWS.get(pitch.get(who) or "", "·") for who in ("user", "reference"))


def sounds(word: dict[str, Any]) -> str:
    """The sounds to correct; without any, the weakest."""
    flagged = [f"[red]/{phone['ipa']}/ {heard(phone)}[/]" for phone in word["phones"] if phone["flagged"]]
    if flagged or not word["phones"]:
        return ", ".join(flagged)
    weakest = min(word["phones"], key=lambda each: each["score"])
    return f"[dim]weakest /{weakest['ipa']}/ ({number(weakest['score'])})[/]"


def heard(phone: dict[str, Any]) -> str:
    return f"heard as /{phone['heard_ipa']}/" if phone["heard_ipa"] else "not heard"


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


async def with_service(recording: Path | None, console: Console) -> None:
    """The main job on the service that runs with this data folder, or on one started for it."""
    local = LocalSettings()
    data = DataDir(local.yousync_data_dir)
    try:
        with data.held():
            await with_own_service(local, data, recording, console)
    except AlreadyRunning:
        url = await running_service(data)
        console.print(f"Using the service that runs at {url}")
        await main_job(url, recording, console)


async def with_own_service(local: LocalSettings, data: DataDir, recording: Path | None, console: Console) -> None:
    log_path = data.path / "log" / "demo.log"
    log_path.parent.mkdir(exist_ok=True)
    ports = {name: free_port(getattr(local, name)) for name in ("port", "analysis_port")}
    with log_path.open("w") as file:
        stack = Stack(local.model_copy(update=ports), data, Log(Console(file=file, width=WIDTH_WITHOUT_TERMINAL)))
        console.print(f"Starting the service (its log: {log_path}) ...")
        await stack.run(lambda: main_job(stack.local.url, recording, console))


async def running_service(data: DataDir) -> str:
    """The URL of the service that holds the folder, once it is ready."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        give_up_at = time.monotonic() + SERVICE_PATIENCE_S
        while time.monotonic() < give_up_at:
            if url := data.read_run().get("url"):
                try:
                    if (await http.get(f"{url}/health/ready")).is_success:
                        return str(url)
                except httpx.TransportError:
                    pass
            await asyncio.sleep(0.3)
    raise DemoFailed(f"the service that holds {data.path} does not become ready")


def free_port(preferred: int) -> int:
    if is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run(options: argparse.Namespace, console: Console) -> None:
    task = asyncio.current_task()
    assert task
    for number_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number_, task.cancel)
    if options.base_url:
        await main_job(options.base_url, options.recording, console)
    else:
        await with_service(options.recording, console)


def main() -> int:
    parser = argparse.ArgumentParser(description="Send a recording through the service and show its scores.")
    parser.add_argument("--base-url", help="a running service, instead of one started for this")
    parser.add_argument("--recording", type=Path, help="your own reading of the line, instead of the actor's")
    options = parser.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    try:
        asyncio.run(run(options, console))
    except asyncio.CancelledError:
        console.print("The demo was stopped.")
        return 1
    except (DemoFailed, PartFailed, ValidationError, OSError, httpx.HTTPError) as error:
        reason = in_plain_words(error) or type(error).__name__
        console.print(f"The demo failed: {reason}", style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
