"""What must not be read in a log: tokens, e-mail addresses, whatever an address carries behind its question mark."""

import logging
import re

# The loggers that write lines of their own; all others end at the handler of last resort.
_WRITERS = ("yousync", "uvicorn", "uvicorn.access")
_IN_NAME = r"^\s@\"'`<>()\[\]{},;:=/?\\"
# Each begins only where a word begins: a word of 64 KB in an address must not cost a second search per letter.
_SECRETS = (
    # Stream tickets, signatures of the store, what somebody searched for.
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
    """Formats as another formatter does, and takes the secrets out of the finished line, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))


def keep_secrets_out_of_logs() -> None:
    """Has every handler of this process redact what it writes. Doing it again changes nothing."""
    handlers = [handler for name in _WRITERS for handler in logging.getLogger(name).handlers]
    handlers += logging.getLogger().handlers
    if logging.lastResort:
        handlers.append(logging.lastResort)
    for handler in handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter or logging.Formatter()))
