"""Keyset pagination: an opaque cursor holds the sort values of the last row of a page."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic_core import to_json
from sqlalchemy import Select, bindparam, tuple_

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


@dataclass(frozen=True, slots=True)
class Order:
    """The sort keys of a list, unique together. `mark` tells its cursors from those of an order with as many keys."""

    keys: tuple[Any, ...]
    is_ascending: bool = True
    mark: str | None = None

    def values_of(self, cursor: str) -> dict[str, int | str]:
        """Returns the sort values of a cursor by the names of `after`; raises InvalidCursor."""
        marks = [str] if self.mark else []
        last = decode_cursor(cursor, *(int for _ in self.keys), *marks)
        if marks and last[-1] != self.mark:
            raise InvalidCursor
        return {f"last_{key.key}": value for key, value in zip(self.keys, last, strict=False)}

    def sort(self, query: Select[Any], *, is_first: bool) -> Select[Any]:
        """Returns the query in this order, from behind the cursor's row unless `is_first`."""
        if not is_first:
            key, last = tuple_(*self.keys), tuple_(*(bindparam(f"last_{key.key}") for key in self.keys))
            query = query.where(key > last if self.is_ascending else key < last)
        return query.order_by(*(key if self.is_ascending else key.desc() for key in self.keys))

    def cursor_of(self, values: Sequence[int]) -> SortValues:
        """Returns what a cursor holds, from the sort values of a row."""
        return [*values, self.mark] if self.mark else values


def make_page(
    rows: Sequence[Row], limit: int, show: Callable[[Row], ResponseDict], sort_values: Callable[[Any], SortValues]
) -> ResponseDict:
    """Returns a Page of `rows`, which a query for `limit + 1` rows has found; `show` makes an item of a row."""
    shown, has_more = rows[:limit], len(rows) > limit
    return {
        "items": [show(row) for row in shown],
        "next_cursor": encode_cursor(sort_values(shown[-1])) if has_more else None,
    }
