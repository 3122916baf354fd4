"""Every error code in one place. `python -m tools.error_catalogue` writes docs/errors.md."""

import sys
from collections.abc import Iterable
from http import HTTPStatus

from core.errors import AppError
from core.i18n import ERRORS
from core.settings import ROOT
from routers.shared.problems import HTTP_CODES

PAGE = ROOT / "docs" / "errors.md"

_HEAD = """# Error codes

Written by `make openapi` from `core/errors.py` and `core/i18n.py`; a test holds it to them.

An answer that is no success is `application/problem+json` (RFC 9457) with a stable `code` and a `detail` in Korean or
English by `Accept-Language`. `request_id` is the same as in the header `X-Request-ID` and in the server's log lines of
that request: whoever asks for help should name it. Answers with `Retry-After` may be sent again after so many seconds.

"""
_ANSWERS = """## Answers

| status | code | English | 한국어 |
|---|---|---|---|
"""
_FAILURES = """
## Jobs that failed

A job that ended as `failed` says why in `error.code`, in its result and in the last event of its progress stream.
Codes of another analysis server that are not in this list are passed on, with the text of `analysis_failed`.

| code | English | 한국어 |
|---|---|---|
"""


def answered() -> dict[str, int]:
    """The codes that an answer may carry, each with its status."""
    by_framework = {code: status for status, code in HTTP_CODES.items()}
    return by_framework | {kind.code: kind.status for kind in kinds()}


def kinds() -> list[type[AppError]]:
    """The errors with a code of their own."""
    return [kind for kind in _family(AppError) if "code" in vars(kind)]


def failures() -> set[str]:
    """The codes that a failed job may carry and that are no answers as well."""
    return set(ERRORS) - set(answered())


def render() -> str:
    statuses = answered()
    answers = [
        f"| {status} {HTTPStatus(status).phrase} | `{code}` | {ERRORS[code]['en']} | {ERRORS[code]['ko']} |"
        for code, status in sorted(statuses.items(), key=lambda item: (item[1], item[0]))
    ]
    jobs = [f"| `{code}` | {ERRORS[code]['en']} | {ERRORS[code]['ko']} |" for code in sorted(failures() | _BOTH)]
    return _HEAD + _ANSWERS + "\n".join(answers) + "\n" + _FAILURES + "\n".join(jobs) + "\n"


# What can be wrong with a recording is said at once where it shows at once, and by the job where it shows later.
_BOTH = {"audio_empty", "audio_too_large", "audio_too_long", "audio_undecodable"}


def _family(kind: type[AppError]) -> Iterable[type[AppError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
