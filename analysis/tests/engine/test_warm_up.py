"""The warm-up: what a new engine process does before its first line."""

import subprocess
import sys

from analysis.engine.engine import Engine
from analysis.tests.conftest import Recording
from analysis.tests.support.analysis_server import ROOT

_SCRIPT = """
import sys
from analysis.engine import decode
from analysis.engine.engine import Engine
from analysis.engine.languages.english.profile import ENGLISH
engine = Engine(ENGLISH)
engine.warm_up()
with open(sys.argv[1], "rb") as file:
    audio = decode.decode(file, 120)
before = set(sys.modules)
result = engine.analyze(audio, sys.argv[2], None)
print(result.attempt_class, *sorted(set(sys.modules) - before))
"""


def test_the_first_line_imports_nothing(recordings: list[Recording]) -> None:
    recording = recordings[1]
    command = [sys.executable, "-c", _SCRIPT, str(recording.path), recording.text]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["scored"], done.stderr


def test_the_warm_up_changes_no_result(recordings: list[Recording], engine: Engine) -> None:
    recording = recordings[0]
    before = engine.analyze(recording.audio, recording.text, None)
    engine.warm_up()
    assert engine.analyze(recording.audio, recording.text, None) == before
