"""Reading the files of a multipart body, spooled to disk and never larger than allowed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.types import Message, Receive

from core.errors import AudioMissing, AudioTooLarge, MalformedRequest
from core.settings import MAX_AUDIO_BYTES, MAX_AUDIO_S
from jobs.spool import spool_error
from media.sniffing import format_names

FIELD = "audio_file"
# What boundaries, headers and small fields of a form may add to the file.
_OVERHEAD_BYTES = 1024 * 1024
MAX_BODY_BYTES = MAX_AUDIO_BYTES + _OVERHEAD_BYTES

*_NAMES, _LAST_NAME = format_names(with_codecs=True)
_AUDIO_DESCRIPTION = (
    f"{', '.join(_NAMES)} or {_LAST_NAME}; at most {MAX_AUDIO_BYTES // 1024**2} MiB and {MAX_AUDIO_S:g} s"
)

BODY_DOCUMENTATION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {
                            "type": "string",
                            "format": "binary",
                            "description": _AUDIO_DESCRIPTION,
                        }
                    },
                }
            }
        },
    }
}


IMPORT_DOCUMENTATION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/SceneImportForm"}}},
    }
}


@asynccontextmanager
async def audio_field(request: Request) -> AsyncIterator[UploadFile]:
    """The file in the field `audio_file`, open until the block ends.

    Raises AudioTooLarge while reading, AudioMissing, MalformedRequest for a body that is no proper form, SpoolFull or
    SpoolUnavailable.
    """
    async with form_of(request, max_files=1) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile):
            raise AudioMissing
        yield file


def declared_bytes(request: Request) -> int | None:
    """How large the body is, as far as the client says."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdigit() else None


@asynccontextmanager
async def form_of(request: Request, max_files: int) -> AsyncIterator[FormData]:
    """A form of at most MAX_BODY_BYTES in all, its files open until the block ends. Raises as audio_field."""
    if (declared_bytes(request) or 0) > MAX_BODY_BYTES:
        raise AudioTooLarge
    capped = Request(request.scope, _Capped(request.receive))
    try:
        form = await capped.form(max_files=max_files, max_fields=20)
    except MultiPartException as error:
        raise MalformedRequest from error
    except OSError as error:  # the disk that large bodies are spooled to
        raise spool_error(error) from error
    try:
        yield form
    finally:
        await form.close()


class _Capped:
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._total = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._total += len(message.get("body", b""))
        if self._total > MAX_BODY_BYTES:
            raise AudioTooLarge
        return message
