"""Decision records: numbers, headers, and the existence of the governed files."""

import re
from datetime import date
from pathlib import Path

import pytest

from core.settings import ROOT

RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
FIELDS = ["Status", "Date", "Area", "Alternatives", "Governs"]


def header(record: Path) -> dict[str, str]:
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", record.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows[: len(FIELDS)])


def test_numbers_are_unique_and_ascending() -> None:
    numbers = [int(record.name[:4]) for record in RECORDS]
    assert len(numbers) > 12
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_has_a_header(record: Path) -> None:
    title = record.read_text(encoding="utf-8").splitlines()[0]
    assert title.startswith(f"# {record.name[:4]} · ")
    fields = header(record)
    assert list(fields) == FIELDS
    assert re.match(r"proposed|accepted|superseded by \[", fields["Status"])
    assert date.fromisoformat(fields["Date"])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_the_governed_files_exist(record: Path) -> None:
    governed = re.findall(r"`([^`]+)`", header(record)["Governs"])
    assert governed
    assert [name for name in governed if not (ROOT / name).exists()] == []
