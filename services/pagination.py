"""Keyset pagination: an opaque cursor holds the sort values of the last row of a page."""

import base64
import json
from collections.abc import Sequence
from typing import TypeVar

from pydantic_core import to_json

from core.errors import InvalidCursor

Row = TypeVar("Row")
DEFAULT_LIMIT, MAX_LIMIT = 20, 100


def encode_cursor(values: Sequence[int | str]) -> str:
    return base64.urlsafe_b64encode(to_json(list(values))).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> list[int | str]:
    """The values of a cursor; raises InvalidCursor unless they are of exactly these types."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise InvalidCursor from None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise InvalidCursor
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        raise InvalidCursor
    return values


def cut_page(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """Of `limit + 1` rows asked for: the page, and whether there is another."""
    return rows[:limit], len(rows) > limit
