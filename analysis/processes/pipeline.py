"""One job from URL to result on the child processes: download, decode, reference features (cached), analyze."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from typing import Final

import httpx

from analysis.contract import AnalyzeRequest, FeaturesRequest, RecordedWords
from analysis.engine.languages.registry import profile_for
from analysis.failures import AnalysisFailedError, FailureCode
from analysis.net.download import DownloadedFile, download
from analysis.processes.ipc import Header, Message, MessageType, Operation, Role
from analysis.processes.pool import CallTimeoutError, OnStage, ProcessCrashedError, ProcessPool
from analysis.settings import Settings
from analysis.stages import Stage
from common.temporary_folder import open_temporary_folder

_TRIES: Final = 2
# Failures of the actor's audio that leave the learner's recording analyzable, and the note that the result then gets.
_REFERENCE_NOTES: Final[dict[FailureCode, str]] = {
    FailureCode.AUDIO_UNDECODABLE: "reference_undecodable",
    FailureCode.AUDIO_TOO_LONG: "reference_undecodable",
    FailureCode.AUDIO_EMPTY: "reference_undecodable",
    FailureCode.AUDIO_TOO_LARGE: "reference_undecodable",
    FailureCode.REFERENCE_UNUSABLE: "reference_unusable",
    FailureCode.REFERENCE_FETCH_FAILED: "reference_fetch_failed",
}


@dataclass(frozen=True)
class ExpectedLine:
    """A line to read, in the language of a tag; `spoken_form` replaces the usual readings of its text."""

    text: str
    language: str
    spoken_form: str | None = None


def analyze_header(
    line: ExpectedLine,
    reference: str | None,
    notes: Sequence[str] = (),
    *,
    truncated: bool = False,
    words: RecordedWords | None = None,
) -> Header:
    """Returns the header of a request to analyze samples; `reference` is the JSON of ReferenceFeatures."""
    return {
        "op": Operation.ANALYZE,
        **asdict(line),
        "reference": reference,
        "notes": list(notes),
        "truncated": truncated,
        "words": [words.first, words.last] if words else None,
    }


class Pipeline:
    """The two process pools and the steps of a job on them."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._client = client
        size = settings.analysis_workers
        self.engines = ProcessPool(Role.ENGINE, size, settings.analysis_worker_memory_bytes)
        self.decoders = ProcessPool(Role.DECODER, size, settings.analysis_decoder_memory_bytes)
        self._references: OrderedDict[tuple[str, ExpectedLine], str] = OrderedDict()

    @property
    def ready(self) -> bool:
        """True when at least one process of each role is warmed up."""
        return self.engines.ready > 0 and self.decoders.ready > 0

    def start(self) -> None:
        """Starts the processes in the background."""
        open_temporary_folder()
        self.engines.start()
        self.decoders.start()

    def stop(self) -> None:
        """Ends the calls in flight with PoolClosedError; `close` must follow."""
        self.engines.stop()
        self.decoders.stop()

    async def close(self) -> None:
        """Kills all processes and waits for their end."""
        await self.engines.close()
        await self.decoders.close()

    async def analyze(self, request: AnalyzeRequest, on_stage: OnStage) -> bytes:
        """Returns the result of a job as JSON. Raises AnalysisFailedError."""
        on_stage(Stage.DECODING)
        async with self._download(request.audio_url, FailureCode.AUDIO_FETCH_FAILED) as recording:
            samples, truncated = await self._decode(recording)
        reference, notes = await self._reference(request)
        on_stage(Stage.CHECKING)
        header = analyze_header(_line(request), reference, notes, truncated=truncated, words=request.words)
        return await self._call_engine(header, samples, on_stage)

    async def features(self, request: FeaturesRequest) -> bytes:
        """Returns the features of a reference recording as JSON. Raises AnalysisFailedError."""
        code = FailureCode.AUDIO_FETCH_FAILED
        return (await self._features(request.audio_url, _line(request), code)).encode()

    async def _reference(self, request: AnalyzeRequest) -> tuple[str | None, list[str]]:
        """Returns the actor's features, or None and a note; unusable reference audio never fails the learner's job."""
        if request.reference_audio_url is None:
            return None, []
        try:
            code = FailureCode.REFERENCE_FETCH_FAILED
            return await self._features(request.reference_audio_url, _line(request), code), []
        except AnalysisFailedError as error:
            if error.code not in _REFERENCE_NOTES:
                raise
            return None, [_REFERENCE_NOTES[error.code]]

    async def _features(self, url: str, line: ExpectedLine, download_failed: FailureCode) -> str:
        async with self._download(url, download_failed) as recording:
            key = (recording.sha256, replace(line, language=profile_for(line.language).tag))
            if key in self._references:
                self._references.move_to_end(key)
                return self._references[key]
            samples, _ = await self._decode(recording)
        header: Header = {"op": Operation.FEATURES, **asdict(line)}
        features = (await self._call_engine(header, samples, None)).decode()
        self._references[key] = features
        while len(self._references) > self._settings.analysis_reference_cache:
            self._references.popitem(last=False)
        return features

    def _download(self, url: str, failed: FailureCode) -> AbstractAsyncContextManager[DownloadedFile]:
        settings = self._settings
        return download(self._client, url, settings.analysis_max_audio_bytes, settings.analysis_fetch_timeout_s, failed)

    async def _decode(self, recording: DownloadedFile) -> tuple[bytes, bool]:
        """Returns the samples, and True when the file breaks off before its end."""
        header: Header = {"path": str(recording.path), "max_s": self._settings.analysis_max_audio_s}
        timeout_s = self._settings.analysis_decode_timeout_s
        try:
            response, samples = await _call(self.decoders, header, b"", timeout_s, None)
            return samples, bool(response["truncated"])
        except ProcessCrashedError as error:
            # A file that crashes two decoder processes counts as undecodable.
            raise AnalysisFailedError(FailureCode.AUDIO_UNDECODABLE) from error
        except CallTimeoutError as error:
            raise AnalysisFailedError(FailureCode.ANALYSIS_TIMEOUT) from error

    async def _call_engine(self, header: Header, samples: bytes, on_stage: OnStage | None) -> bytes:
        try:
            timeout_s = self._settings.analysis_job_timeout_s
            return (await _call(self.engines, header, samples, timeout_s, on_stage))[1]
        except ProcessCrashedError as error:
            raise AnalysisFailedError(FailureCode.ANALYSIS_CRASHED) from error
        except CallTimeoutError as error:
            raise AnalysisFailedError(FailureCode.ANALYSIS_TIMEOUT) from error


def _line(request: AnalyzeRequest | FeaturesRequest) -> ExpectedLine:
    return ExpectedLine(request.text, request.language, request.spoken_form)


async def _call(pool: ProcessPool, header: Header, blob: bytes, timeout_s: float, on_stage: OnStage | None) -> Message:
    """Makes one call, and repeats it once when its process died. Raises AnalysisFailedError for a failed response."""
    for attempt in range(1, _TRIES + 1):
        try:
            response, content = await pool.call(header, blob, timeout_s, on_stage)
        except ProcessCrashedError:
            if attempt == _TRIES:
                raise
            continue
        if response["type"] == MessageType.FAILED:
            raise AnalysisFailedError(FailureCode(response["code"]))
        return response, content
    raise ProcessCrashedError
