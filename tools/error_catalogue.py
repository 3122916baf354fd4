"""Writes docs/errors.md, the list of all error codes: `python -m tools.error_catalogue`."""

import sys
from collections.abc import Iterable

from core.errors import AppError
from core.i18n import ERRORS, LANGUAGES
from core.settings import ROOT
from routers.shared.problems import HTTP_CODES, reason_phrase

PAGE = ROOT / "docs" / "errors.md"

_HEAD = """# Error codes

Written by `make openapi` from `core/errors.py` and `core/texts/`; a test compares the file with them.

An error response is `application/problem+json` (RFC 9457) with a stable `code` and a `detail` in a language of
`Accept-Language`. `request_id` equals the header `X-Request-ID` and the id in the server's log lines of that
request: quote it when you ask for help. A request whose response has `Retry-After` may be sent again after that
number of seconds.

"""
_RESPONSES = """## Responses

"""
_FAILURES = """
## Failed jobs

A job that ended as `failed` has its reason in `error.code`, in its result and in the last event of its progress stream.
Codes of another analysis server that are not in this list are passed on, with the text of `analysis_failed`.

"""
# A fault of a recording is reported in the response if it is found during the upload, and by the job if later.
_RESPONSE_OR_FAILURE = {"audio_empty", "audio_too_large", "audio_too_long", "audio_undecodable"}


def response_statuses() -> dict[str, int]:
    """The codes of error responses, each with its status."""
    by_framework = {code: status for status, code in HTTP_CODES.items()}
    return by_framework | {error.code: error.status for error in error_classes()}


def error_classes() -> list[type[AppError]]:
    """The subclasses of AppError that define their own code."""
    return [error for error in _subclass_tree(AppError) if "code" in vars(error)]


def failure_codes() -> set[str]:
    """The codes that only failed jobs have."""
    return set(ERRORS) - set(response_statuses())


def render() -> str:
    """The text of docs/errors.md."""
    responses = [
        _row(f"{status} {reason_phrase(status)}", f"`{code}`", *_texts(code))
        for code, status in sorted(response_statuses().items(), key=lambda item: (item[1], item[0]))
    ]
    jobs = [_row(f"`{code}`", *_texts(code)) for code in sorted(failure_codes() | _RESPONSE_OR_FAILURE)]
    return (
        f"{_HEAD}{_RESPONSES}{_heading('status', 'code')}{''.join(responses)}"
        f"{_FAILURES}{_heading('code')}{''.join(jobs)}"
    )


def _heading(*columns: str) -> str:
    names = (*columns, *LANGUAGES)
    return _row(*names) + _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _texts(code: str) -> list[str]:
    return [ERRORS[code][language] for language in LANGUAGES]


def _subclass_tree(error: type[AppError]) -> Iterable[type[AppError]]:
    yield error
    for child in error.__subclasses__():
        yield from _subclass_tree(child)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.relative_to(ROOT)}\n")
