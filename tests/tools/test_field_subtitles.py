"""`make field` on subtitle files: right outcomes of the service pass, and wrong expectations are found."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.factories import Learner
from tests.support.field_subtitles import write_folder
from tests.support.server_processes import ServerProcess
from tools.field import subtitles


@pytest.fixture(scope="module")
def administrator(api: ServerProcess, admin: Learner) -> Iterator[httpx.Client]:
    headers = admin.headers | {"Accept-Language": "en"}
    with httpx.Client(base_url=api.url, headers=headers, timeout=60) as client:
        yield client


def test_each_file_has_the_right_outcome(administrator: httpx.Client, tmp_path: Path) -> None:
    before = administrator.get("/api/scripts/drafts").json()
    rows = list(subtitles.check(write_folder(tmp_path / "field"), administrator))
    assert len(rows) >= 14
    assert [row for row in rows if not row.right] == []
    assert administrator.get("/api/scripts/drafts").json() == before


def test_other_outcomes_are_wrong(administrator: httpx.Client, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "field")
    right = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["subtitles"]
    line = right["digits.srt"][0]
    wrong = {
        "sounds.srt": {"refused": "cue 1"},
        "music.srt": {"refused": "cue 1"},
        "broken.srt": [line],
        "digits.srt": [line],
        "times.srt": [{**right["times.srt"][0], "end": 4.2}],
        "bilingual.srt": [{**right["bilingual.srt"][0], "translation": "누구세요?"}],
        "rolling.srt": [{**each, "speaker": "Grace"} for each in right["rolling.srt"]],
        "layers.ass": [{**right["layers.ass"][0], "text": "You're right."}],
    }
    (folder / "expected.json").write_text(json.dumps({"subtitles": wrong}), encoding="utf-8")
    rows = list(subtitles.check(folder, administrator))
    assert [row.name for row in rows if row.right] == []
    assert len(rows) == len(wrong)
