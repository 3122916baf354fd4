"""The log format of the analysis server and its workers."""

import logging
from collections.abc import Sequence


def configure_logging(level: str, quiet: Sequence[str] = ()) -> None:
    """Logs to stderr; the loggers in `quiet` show warnings only."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    # httpx logs whole URLs, and ours carry signatures.
    for name in ("httpx", *quiet):
        logging.getLogger(name).setLevel(logging.WARNING)
