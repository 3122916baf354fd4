"""Reads the files of multipart bodies: spooled to disk, and limited in size."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive

from core.audio_formats import format_names
from core.errors import AudioMissing, AudioTooLarge, MalformedRequest
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S
from jobs.spool import spool_error
from media.subtitles.reading import FORMATS, MAX_CUES
from routers.shared.json_schemas import as_form
from schemas import SceneImport

FIELD = "audio_file"
FILE_FIELDS = (FIELD, "subtitle_file", "media_file")
_MAX_FIELDS = 20
# Allowance for the boundaries, headers and small fields of a form.
_OVERHEAD_BYTES = 1024 * 1024
MAX_BODY_BYTES = MAX_AUDIO_BYTES + _OVERHEAD_BYTES

*_NAMES, _LAST_NAME = format_names(with_codecs=True)
_AUDIO_DESCRIPTION = (
    f"{', '.join(_NAMES)} or {_LAST_NAME}; at most {MAX_AUDIO_BYTES // 1024**2} MiB and {MAX_AUDIO_S:g} s"
)


# Both forms only document: the routes read the files themselves, without holding them in memory.
class AudioForm(BaseModel):
    """A form with one recording."""

    audio_file: bytes = Field(description=_AUDIO_DESCRIPTION)


class SceneImportForm(SceneImport):
    """The form of an import. Optional fields may be empty."""

    subtitle_file: bytes = Field(description=f"{', '.join(FORMATS.values())}; at most {MAX_CUES} lines")
    media_file: bytes = Field(
        description=f"Audio or video of the scene; with the subtitles at most {MAX_AUDIO_BYTES >> 20} MiB"
    )

    model_config = ConfigDict(json_schema_extra=as_form)


def _document_form(form: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{form.__name__}"}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


BODY_DOCUMENTATION = _document_form(AudioForm)
IMPORT_DOCUMENTATION = _document_form(SceneImportForm)


@asynccontextmanager
async def audio_field(request: Request) -> AsyncIterator[UploadFile]:
    """Yields the file in the field `audio_file`, open until the block ends.

    Raises AudioTooLarge while reading, AudioMissing, MalformedRequest for a body that is not a valid form, SpoolFull or
    SpoolUnavailable.
    """
    async with read_form(request, max_files=1) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile):
            raise AudioMissing
        yield file


def declared_bytes(request: Request) -> int | None:
    """Returns the size of the body by its Content-Length header, if there is one."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdigit() else None


@asynccontextmanager
async def read_form(request: Request, max_files: int) -> AsyncIterator[FormData]:
    """Yields a form of at most MAX_BODY_BYTES, its files open until the block ends. Raises as audio_field."""
    if (declared_bytes(request) or 0) > MAX_BODY_BYTES:
        raise AudioTooLarge
    limited = Request(request.scope, _LimitedReceive(request.receive))
    try:
        form = await _parse(limited, max_files)
    except MultiPartException as error:
        raise MalformedRequest from error
    except OSError as error:  # from the disk to which large bodies are spooled
        raise spool_error(error) from error
    try:
        yield form
    finally:
        await form.close()


async def _parse(request: Request, max_files: int) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.form(max_files=max_files, max_fields=_MAX_FIELDS)
    async with aclosing(request.stream()) as stream:
        return await _FileFieldParser(request.headers, stream, max_files=max_files, max_fields=_MAX_FIELDS).parse()


class _FileFieldParser(MultiPartParser):
    """Takes the parts in FILE_FIELDS for files, also without `filename`: native clients leave it out, or send only
    `filename*`, which RFC 7578 does not know.
    """

    def on_headers_finished(self) -> None:
        part = self._current_part
        _, options = parse_options_header(part.content_disposition)
        if b"filename" not in options and options.get(b"name", b"").decode("latin-1") in FILE_FIELDS:
            part.content_disposition = (part.content_disposition or b"") + b'; filename="file"'
        super().on_headers_finished()


class _LimitedReceive:
    """Wraps `receive`; raises AudioTooLarge once the body exceeds MAX_BODY_BYTES."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._total = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._total += len(message.get("body", b""))
        if self._total > MAX_BODY_BYTES:
            raise AudioTooLarge
        return message
