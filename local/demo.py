"""Uses the service without a browser: `make demo` sends two recordings, a good one and one with mistakes, and shows
their scores."""

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

from core.settings import ROOT
from local.console import explain, make_console, make_file_console
from local.embedded.server import is_free
from local.stack import AlreadyRunning, DataDir, LocalSettings, Stack
from local.supervisor import ComponentFailed, Log

SCENE = "Sense and Sensibility"
TAKES = ROOT / "catalogue" / "takes"
LEARNER = {"email": "demo@yousync.local", "name": "Demo"}
SERVICE_TIMEOUT_S = 60.0
JOB_TIMEOUT_S = 50.0
ARROWS = {"rise": "↗", "fall": "↘", "flat": "→"}
STATUS_COLOURS = {"good": "green", "fair": "yellow", "poor": "red", "omitted": "red"}


class DemoFailed(Exception):
    """The demo could not be completed; the message says why."""


class Learner:
    """A learner's client of the HTTP API."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def sign_in(self) -> None:
        session = await self._json("POST", "/api/auth/dev", json=LEARNER)
        self._http.headers["Authorization"] = f"Bearer {session['access_token']}"

    async def find_line(self, title: str, text: str | None = None) -> dict[str, Any]:
        """The line of a scene with this text; without a text, the shortest line."""
        scenes = (await self._json("GET", "/api/scripts", params={"q": title}))["items"]
        if not scenes:
            raise DemoFailed(f"the catalogue has no scene called {title}; run `make run` once to add it")
        scene = await self._json("GET", f"/api/scripts/{scenes[0]['id']}")
        lines = [line for line in scene["tokens"] if line["has_audio"] and text in (None, line["text"])]
        if not lines:
            raise DemoFailed(f"no line of {title} has reference audio; run `make run` once to add it")
        return dict(min(lines, key=lambda line: line["end_time"] - line["start_time"]))

    async def reference_audio(self, token_id: int) -> bytes:
        response = await self._http.get(f"/api/tokens/{token_id}/audio", follow_redirects=True)
        _raise_for_error(response)
        return response.content

    async def upload(self, token_id: int, recording: bytes) -> dict[str, Any]:
        files = {"audio_file": ("recording", recording)}
        return await self._json("POST", f"/api/tokens/{token_id}/upload-audio", files=files)

    async def follow(self, progress_url: str) -> AsyncIterator[dict[str, Any]]:
        """Yields the states of the job as they arrive; reconnects as EventSource does."""
        last_id = ""
        while True:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            async with self._http.stream("GET", progress_url, headers=headers) as response:
                if response.status_code == httpx.codes.NO_CONTENT:
                    return
                if response.is_error:
                    await response.aread()
                _raise_for_error(response)
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
        _raise_for_error(response)
        body: dict[str, Any] = response.json()
        return body


def _raise_for_error(response: httpx.Response) -> None:
    if response.is_error:
        try:
            reason = response.json()["detail"]
        except (ValueError, KeyError, TypeError):
            reason = response.text[:200]
        url = response.request.url
        raise DemoFailed(f"{response.request.method} {url.path} failed with status {response.status_code}: {reason}")


async def dub_lines(base_url: str, recording: Path | None, console: Console) -> None:
    """Signs in; then for each take finds its line, uploads it, follows its progress and shows the scores."""
    started_at = time.monotonic()
    # Tips are shown in both languages, messages in English as the rest of the output.
    headers = {"Accept-Language": "en"}
    async with httpx.AsyncClient(base_url=base_url, timeout=20, trust_env=False, headers=headers) as http:
        learner = Learner(http)
        await learner.sign_in()
        line = await learner.find_line(SCENE)
        if recording:
            own = recording.read_bytes()  # noqa: ASYNC240 - a small file, and nothing else runs
            await dub(learner, line, own, "", console)
        else:
            reference = await learner.reference_audio(line["id"])
            remark = "A good take: the actor's own reading, so expect high scores."
            await dub(learner, line, reference, remark, console)
            await dub_with_mistakes(learner, console)
    console.print(f"[dim]{time.monotonic() - started_at:.1f} s from sign-in to the last scores[/]")


async def dub_with_mistakes(learner: Learner, console: Console) -> None:
    """Dubs the first take of the catalogue: a synthetic learner who confuses some sounds."""
    take = json.loads((TAKES / "takes.json").read_text(encoding="utf-8"))[0]
    line = await learner.find_line(take["scene"], take["text"])
    remark = f"A take with mistakes, by a synthetic voice: {take['remark']}."
    await dub(learner, line, (TAKES / take["file"]).read_bytes(), remark, console)


async def dub(learner: Learner, line: dict[str, Any], audio: bytes, remark: str, console: Console) -> None:
    """Uploads one recording of a line and shows its result."""
    translations = "\n".join(line["translations"].values())
    console.print(f"\n[bold]{line['text']}[/]\n{translations}\n[dim]{line['actor']['name']}[/]\n")
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
    """Shows each state as it arrives; returns the last one."""
    state: dict[str, Any] = {}
    columns = (TextColumn("{task.description:<28}"), BarColumn(40), TaskProgressColumn())
    try:
        async with asyncio.timeout(JOB_TIMEOUT_S):
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
        stage = state.get("stage", "not started")
        raise DemoFailed(f"no result after {JOB_TIMEOUT_S:.0f} s; the last stage was: {stage}") from error
    raise DemoFailed("the progress stream ended before the job did")


def show_result(result: dict[str, Any], console: Console) -> None:
    """Prints the scores, the words, the words that the line lacks and the tips."""
    scores = Table(title="Scores", title_justify="left")
    names = [name for name in result if name.endswith("_score")]
    for name in names:
        scores.add_column(name.removesuffix("_score"), justify="right")
    scores.add_row(*(number(result[name]) for name in names))
    feedback = result["detailed_feedback"] or {}
    title = "Words (pitch: yours, the actor's)"
    words = Table("word", "score", "status", "pitch", "sounds", title=title, title_justify="left")
    for word in feedback.get("words", []):
        colour = STATUS_COLOURS.get(word["status"], "")
        status = f"[{colour}]{word['status']}[/]"
        words.add_row(word["text"], number(word["score"]), status, pitch_arrows(word), sounds(word))
    console.print(scores, words)
    for added in feedback.get("added_words", []):
        console.print(f"said besides the line: /{added['heard_ipa']}/ at {added['start_s']:.1f} s")
    for tip in feedback.get("tips", []):
        console.print("- " + "\n  ".join(tip["texts"].values()))


def pitch_arrows(word: dict[str, Any]) -> str:
    """The direction of a word's pitch as an arrow, for the learner and for the actor."""
    pitch = word.get("pitch") or {}
    return " ".join(ARROWS.get(pitch.get(who) or "", "·") for who in ("user", "reference"))


def sounds(word: dict[str, Any]) -> str:
    """The sounds to correct; the weakest sound when none is flagged."""
    flagged = [f"[red]/{phone['ipa']}/ {heard(phone)}[/]" for phone in word["phones"] if phone["flagged"]]
    if flagged or not word["phones"]:
        return ", ".join(flagged)
    weakest = min(word["phones"], key=lambda each: each["score"])
    return f"[dim]weakest /{weakest['ipa']}/ ({number(weakest['score'])})[/]"


def heard(phone: dict[str, Any]) -> str:
    return f"heard as /{phone['heard_ipa']}/" if phone["heard_ipa"] else "not heard"


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


async def run_on_local_service(recording: Path | None, console: Console) -> None:
    """Runs the demo on the service that uses this data folder; starts one when none is running."""
    local = LocalSettings()
    data = DataDir(local.yousync_data_dir)
    try:
        with data.lock():
            await run_on_new_service(local, data, recording, console)
    except AlreadyRunning:
        url = await running_service(data)
        console.print(f"Using the service that runs at {url}")
        await dub_lines(url, recording, console)


async def run_on_new_service(local: LocalSettings, data: DataDir, recording: Path | None, console: Console) -> None:
    """Starts the service on free ports, runs the demo, and stops the service."""
    log_path = data.path / "log" / "demo.log"
    log_path.parent.mkdir(exist_ok=True)
    ports = {name: free_port(getattr(local, name)) for name in ("port", "analysis_port")}
    with log_path.open("w") as file:
        stack = Stack(local.model_copy(update=ports), data, Log(make_file_console(file)))
        console.print(f"Starting the service (its log: {log_path}) ...")
        await stack.run(lambda: dub_lines(stack.local.url, recording, console))


async def running_service(data: DataDir) -> str:
    """Waits until the service that holds the folder is ready; returns its URL."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        give_up_at = time.monotonic() + SERVICE_TIMEOUT_S
        while time.monotonic() < give_up_at:
            if url := data.read_run_info().get("url"):
                try:
                    if (await http.get(f"{url}/health/ready")).is_success:
                        return str(url)
                except httpx.TransportError:
                    pass
            await asyncio.sleep(0.3)
    raise DemoFailed(f"the service that uses {data.path} did not become ready in {SERVICE_TIMEOUT_S:.0f} s")


def free_port(preferred: int) -> int:
    if is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run(options: argparse.Namespace, console: Console) -> None:
    task = asyncio.current_task()
    assert task
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, task.cancel)
    if options.base_url:
        await dub_lines(options.base_url, options.recording, console)
    else:
        await run_on_local_service(options.recording, console)


def main() -> int:
    parser = argparse.ArgumentParser(description="Send a recording through the service and show its scores.")
    parser.add_argument("--base-url", help="URL of a running service; by default the local one is used or started")
    parser.add_argument(
        "--recording", type=Path, help="a file with your own reading of the line, instead of the actor's"
    )
    options = parser.parse_args()
    console = make_console()
    try:
        asyncio.run(run(options, console))
    except asyncio.CancelledError:
        console.print("The demo was stopped.")
        return 1
    except (DemoFailed, ComponentFailed, ValidationError, OSError, httpx.HTTPError) as error:
        reason = explain(error) or type(error).__name__
        console.print(f"The demo failed: {reason}", style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
