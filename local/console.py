"""The console of the local commands, and errors as texts for their users."""

import sys
from typing import TextIO

from pydantic import ValidationError
from rich.console import Console

from common import settings_errors

WIDTH_WITHOUT_TERMINAL = 120


def make_console() -> Console:
    """A console on standard output, with a fixed width when that is not a terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)


def make_file_console(file: TextIO) -> Console:
    """A console that writes to an open file."""
    return Console(file=file, width=WIDTH_WITHOUT_TERMINAL)


def explain(error: Exception) -> str:
    """An error as a text that tells the user what is wrong."""
    if isinstance(error, ValidationError):
        return settings_errors.explain(error)
    if isinstance(error, PermissionError):
        return f"permission denied for {error.filename}: another user, perhaps root, owns it"
    return str(error)
