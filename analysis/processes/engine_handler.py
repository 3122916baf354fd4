"""The work of an engine process: samples become features or a result. Imported only by such a process."""

import numpy as np
import numpy.typing as npt

from analysis.engine.assessment import add_note
from analysis.engine.engine import Engine, UnreadableTextError, UnusableReferenceError
from analysis.engine.languages.registry import PROFILES, profile_for
from analysis.engine.line_part import WordRange, WordsOutsideLineError
from analysis.engine.result import ReferenceFeatures
from analysis.failures import FailureCode
from analysis.processes.ipc import Handler, Header, Message, MessageType, Operation, Send
from analysis.stages import Stage


def create_handler() -> Handler:
    """Loads the models and returns the handler; the blob of each request is samples (float32, 16 kHz, mono)."""
    engines = {profile.tag: Engine(profile) for profile in PROFILES}
    for engine in engines.values():
        engine.warm_up()

    def handle(request: Header, blob: bytes, send: Send) -> Message:
        samples = np.frombuffer(blob, dtype=np.float32)
        engine = engines[profile_for(request["language"]).tag]
        try:
            if request["op"] == Operation.FEATURES:
                body = engine.features(samples, request["text"], request["spoken_form"]).model_dump_json()
            else:
                body = _analyze(engine, samples, request, send)
        except UnreadableTextError:
            return {"type": MessageType.FAILED, "code": FailureCode.TEXT_UNREADABLE}, b""
        except WordsOutsideLineError:
            return {"type": MessageType.FAILED, "code": FailureCode.WORDS_OUTSIDE_LINE}, b""
        except UnusableReferenceError:
            return {"type": MessageType.FAILED, "code": FailureCode.REFERENCE_UNUSABLE}, b""
        return {"type": MessageType.DONE}, body.encode()

    return handle


def _analyze(engine: Engine, samples: npt.NDArray[np.float32], request: Header, send: Send) -> str:
    """Returns the result as JSON; sends the stages on the way."""
    stored = request["reference"]
    reference = ReferenceFeatures.model_validate_json(stored) if stored else None

    def report(stage: Stage) -> None:
        send({"type": MessageType.PROGRESS, "stage": stage})

    truncated = bool(request["truncated"])
    text, spoken_form = request["text"], request["spoken_form"]
    part = WordRange(*request["words"]) if request["words"] else None
    result = engine.analyze(samples, text, reference, report, truncated=truncated, spoken_form=spoken_form, part=part)
    for note in request["notes"]:
        result = add_note(result, note)
    return result.model_dump_json()
