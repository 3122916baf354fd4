"""Keyset pagination: an opaque cursor holds the sort values of the last row of a page."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic_core import to_json

from core.errors import InvalidCursor
from services.responses import ResponseDict

Row = TypeVar("Row")
SortValues = Sequence[int | str]
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
CURSOR_PATTERN, CURSOR_MAX_LENGTH = "^[A-Za-z0-9_-]*$", 512


def encode_cursor(values: SortValues) -> str:
    """Returns the cursor of a row with these sort values."""
    return base64.urlsafe_b64encode(to_json(list(values))).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> list[int | str]:
    """Returns the sort values of a cursor; raises InvalidCursor unless they have exactly these types."""
    if not re.fullmatch(CURSOR_PATTERN, cursor):
        raise InvalidCursor
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise InvalidCursor from None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise InvalidCursor
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        raise InvalidCursor
    return values


def make_page(
    rows: Sequence[Row], limit: int, show: Callable[[Row], ResponseDict], sort_values: Callable[[Any], SortValues]
) -> ResponseDict:
    """Returns a Page of `rows`, which a query for `limit + 1` rows has found; `show` makes an item of a row."""
    shown, has_more = rows[:limit], len(rows) > limit
    return {
        "items": [show(row) for row in shown],
        "next_cursor": encode_cursor(sort_values(shown[-1])) if has_more else None,
    }
