"""Invalid settings as a text for operators."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

Loaded = TypeVar("Loaded")


def explain(error: ValidationError) -> str:
    """The invalid settings by the name of their variable; one line for one setting, and no value of any."""
    found = [_describe(each["loc"], each["msg"]) for each in error.errors(include_input=False)]
    places = "these settings (environment or .env) are not valid:"
    return f"{places} {found[0]}" if len(found) == 1 else "\n  ".join([places, *found])


def load_or_exit(load: Callable[[], Loaded]) -> Loaded:
    """Returns the settings. Raises SystemExit with the explanation, which Python prints without a traceback."""
    try:
        return load()
    except ValidationError as error:
        raise SystemExit(f"YouSync cannot start: {explain(error)}") from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{'.'.join(map(str, location)).upper()}: {message}" if location else message
