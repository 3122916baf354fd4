"""One job from address to result: fetch → decode → reference features (remembered) → analysis, on the processes."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

import httpx

from analysis.contract import AnalyzeRequest
from analysis.engine.languages.registry import profile_for
from analysis.failures import AnalysisFailedError
from analysis.net.download import Fetched, fetched
from analysis.processes.ipc import Header
from analysis.processes.pool import Role, WorkerCrashedError, WorkerPool, WorkerTimeoutError
from analysis.settings import Settings

Report = Callable[[str, int], None]

_TRIES: Final = 2
# What may be wrong with the actor's audio without making the learner's take unjudgeable.
_DEGRADES: Final = {
    **dict.fromkeys(("audio_undecodable", "audio_too_long", "audio_empty", "audio_too_large"), "reference_undecodable"),
    "reference_unusable": "reference_unusable",
    "reference_fetch_failed": "reference_fetch_failed",
}


class Pipeline:
    """The two process pools and the way through them."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._client = client
        self.engines = WorkerPool(Role("engine", settings.analysis_worker_memory_bytes), settings.analysis_workers)
        self.decoders = WorkerPool(Role("decoder", settings.analysis_decoder_memory_bytes), settings.analysis_workers)
        self._references: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    @property
    def ready(self) -> bool:
        """At least one process of each kind is warmed up."""
        return self.engines.ready > 0 and self.decoders.ready > 0

    def start(self) -> None:
        """Starts the processes in the background."""
        self.engines.start()
        self.decoders.start()

    def stop(self) -> None:
        """Ends the calls in flight with PoolClosedError; `close` must follow."""
        self.engines.stop()
        self.decoders.stop()

    async def close(self) -> None:
        """Ends all processes at once."""
        await self.engines.close()
        await self.decoders.close()

    async def analyze(self, request: AnalyzeRequest, report: Report) -> bytes:
        """The result of a job as JSON. Raises AnalysisFailedError."""
        report("decoding", 20)
        async with self._fetch(request.audio_url, "audio_fetch_failed") as recording:
            samples, truncated = await self._decode(recording)
        reference, notes = await self._reference(request)
        report("checking", 30)
        header: Header = {"op": "analyze", "text": request.text, "reference": reference, "notes": notes}
        header |= {"truncated": truncated, "language": request.language}
        return await self._engine(header, samples, report)

    async def features(self, audio_url: str, text: str, language: str) -> bytes:
        """The features of a reference recording as JSON. Raises AnalysisFailedError."""
        return (await self._features(audio_url, text, language, "audio_fetch_failed")).encode()

    async def _reference(self, request: AnalyzeRequest) -> tuple[str | None, list[str]]:
        """The actor's features, or None and the reason; a bad reference never fails the learner's job."""
        if request.reference_audio_url is None:
            return None, []
        try:
            url, failed = request.reference_audio_url, "reference_fetch_failed"
            return await self._features(url, request.text, request.language, failed), []
        except AnalysisFailedError as error:
            if error.code not in _DEGRADES:
                raise
            return None, [_DEGRADES[error.code]]

    async def _features(self, url: str, text: str, language: str, fetch_failed: str) -> str:
        async with self._fetch(url, fetch_failed) as recording:
            key = (recording.sha256, text, profile_for(language).tag)
            if key in self._references:
                self._references.move_to_end(key)
                return self._references[key]
            samples, _ = await self._decode(recording)
        header: Header = {"op": "features", "text": text, "language": language}
        features = (await self._engine(header, samples, None)).decode()
        self._references[key] = features
        while len(self._references) > self._settings.analysis_reference_cache:
            self._references.popitem(last=False)
        return features

    def _fetch(self, url: str, failed: str) -> AbstractAsyncContextManager[Fetched]:
        settings = self._settings
        return fetched(self._client, url, settings.analysis_max_audio_bytes, settings.analysis_fetch_timeout_s, failed)

    async def _decode(self, recording: Fetched) -> tuple[bytes, bool]:
        """Samples, and whether the file breaks off before its end."""
        header: Header = {"path": str(recording.path), "max_s": self._settings.analysis_max_audio_s}
        timeout_s = self._settings.analysis_decode_timeout_s
        try:
            answer, samples = await _call(self.decoders, header, b"", timeout_s, None)
            return samples, bool(answer["truncated"])
        except WorkerCrashedError as error:
            # What kills two decoders is no recording.
            raise AnalysisFailedError("audio_undecodable") from error
        except WorkerTimeoutError as error:
            raise AnalysisFailedError("analysis_timeout") from error

    async def _engine(self, header: Header, samples: bytes, report: Report | None) -> bytes:
        try:
            timeout_s = self._settings.analysis_job_timeout_s
            return (await _call(self.engines, header, samples, timeout_s, report))[1]
        except WorkerCrashedError as error:
            raise AnalysisFailedError("analysis_crashed") from error
        except WorkerTimeoutError as error:
            raise AnalysisFailedError("analysis_timeout") from error


async def _call(
    pool: WorkerPool, header: Header, blob: bytes, timeout_s: float, report: Report | None
) -> tuple[Header, bytes]:
    """One call, tried again once when its process died. Raises AnalysisFailedError for a failed answer."""
    for attempt in range(1, _TRIES + 1):
        try:
            answer, content = await pool.call(header, blob, timeout_s, report)
        except WorkerCrashedError:
            if attempt == _TRIES:
                raise
            continue
        if answer["type"] == "failed":
            raise AnalysisFailedError(answer["code"])
        return answer, content
    raise WorkerCrashedError
