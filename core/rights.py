"""The rights of scripts: source, licence and credit, and the moment until which they may be shown."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticKnownError

from core.field_types import Licence, Prose, Source

_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def _refuse_numbers(value: Any) -> Any:
    """Refuses what pydantic reads as seconds since 1970, and the document does not name."""
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise PydanticKnownError("datetime_parsing", {"error": "a date and a time with an offset from UTC"})


def _to_utc(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise PydanticKnownError("datetime_parsing", {"error": f"a year from {_FIRST_YEAR} to {_LAST_YEAR}"})
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_refuse_numbers), AfterValidator(_to_utc)]
Credit = Annotated[Prose, Field(description="Whom the licence asks to name", examples=["Grace Park, 2026"])]
_EXPIRY = "Only administrators see the script from this moment on"


class RightsWrite(BaseModel):
    """The rights of a script as an administrator states them."""

    source: Source | None = None
    licence: Licence | None = None
    credit: Credit | None = None
    expires_at: Moment | None = Field(default=None, description=_EXPIRY, examples=["2027-03-01T00:00:00Z"])


class Rights(BaseModel):
    """The rights of a script."""

    source: str | None
    licence: str | None
    credit: str | None = None
    expires_at: datetime | None = Field(default=None, description=_EXPIRY, examples=["2027-03-01T00:00:00Z"])
