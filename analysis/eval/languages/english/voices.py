"""All synthetic voices of English.

Four synthesizers: hibari, espeak-ng, flite and Piper's "joe". They serve the evaluation only; the product neither
ships nor imports them. Voices of the family "fit" (espeak-ng, flite, joe) may be used to fit models, those of
"held-out" (hibari) only to check them: the families share neither a synthesizer nor a speaker. hibari is held out
because the engine recognizes its right sounds best, so that a wrong sound is the chosen one and no accident of the
synthesis.
"""

from analysis.eval.languages.english.hibari_voices import hibari_voices
from analysis.eval.languages.english.piper_voice import piper_voices
from analysis.eval.languages.english.program_voices import program_voices
from analysis.eval.voice import Voice


def list_voices() -> list[Voice]:
    """Returns every voice that this machine can render."""
    return [*hibari_voices(), *program_voices(), *piper_voices()]


def find_voice(name: str) -> Voice:
    """Returns the voice of this name."""
    return next(voice for voice in list_voices() if voice.name == name)
