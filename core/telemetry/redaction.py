"""Redacts secrets in log lines: tokens, e-mail addresses, and the query strings of addresses."""

import logging
import re

# The loggers with handlers of their own; all others use the handler of last resort.
_WRITERS = ("yousync", "uvicorn", "uvicorn.access")
_IN_NAME = r"^\s@\"'`<>()\[\]{},;:=/?\\"
# Each pattern starts at a word boundary: a word of 64 KB in an address must not be searched once per letter.
_SECRETS = (
    # Stream tickets, signatures of the store, search terms.
    (re.compile(r"(?<=\S)\?[^\s\"'<>]+"), "?…"),
    (re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(\.[\w-]*)?"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',]+"), r"\1 [token]"),
    # Refresh tokens: 256 bits as 43 characters.
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "[token]"),
    (re.compile(rf"(?<![{_IN_NAME}])[{_IN_NAME}]+(?:@|%40)[{_IN_NAME}]+"), "[e-mail]"),
)


def redact(text: str) -> str:
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats like another formatter, then redacts the finished line, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))


def keep_secrets_out_of_logs() -> None:
    """Makes every handler of this process redact its lines. Idempotent."""
    handlers = [handler for name in _WRITERS for handler in logging.getLogger(name).handlers]
    handlers += logging.getLogger().handlers
    if logging.lastResort:
        handlers.append(logging.lastResort)
    for handler in handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter or logging.Formatter()))
