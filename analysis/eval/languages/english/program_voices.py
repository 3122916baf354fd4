"""Voices of espeak-ng (a formant synthesizer) and flite (recorded speakers), which are programs of the system."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.eval.audio import resample
from analysis.eval.languages.english.phone_alphabets import espeak, flite, stressed
from analysis.eval.voice import Voice, VoiceUnavailableError, Words, cached

PROGRAMS: Final = {"flite": "flite", "espeak-ng": "espeak-ng"}
"""Program → the Debian package that contains it."""
_TIMEOUT_S: Final = 60

_ESPEAK_VARIANTS: Final = {
    "m1": "espeak-ng, American English, a man",
    "m3": "espeak-ng, American English, another man",
    "f2": "espeak-ng, American English, a woman",
    "f4": "espeak-ng, American English, another woman",
}
_FLITE_SPEAKERS: Final = {
    "kal16": "flite, a man, American English, joined diphones",
    "awb": "flite, a man, Scottish English, statistical model of recordings",
    "rms": "flite, a man, American English, statistical model of recordings",
    "slt": "flite, a woman, American English, statistical model of recordings",
}
FOREIGN: Final = {
    "Korean": ("ko", "안녕하세요 저는 오늘 학교에 가서 친구를 만났어요"),
    "Korean, rain": ("ko", "내일 비가 오면 우산을 꼭 가지고 나가세요"),
    "Korean, a book": ("ko+f2", "이 책은 정말 재미있어서 밤새 읽었습니다"),
    "Spanish": ("es", "Buenos días, mañana por la tarde vamos a la playa con mi hermano"),
    "German": ("de", "Guten Morgen, heute gehen wir zusammen in die Stadt und kaufen Brot"),
    "Dutch": ("nl+f2", "Goedemorgen, vandaag gaan we samen naar de stad"),
    "French": ("fr-fr", "Bonjour, je voudrais un café et deux croissants s'il vous plaît"),
    "Italian": ("it+f2", "Domani mattina andiamo al mercato con la nonna"),
    "Russian": ("ru", "Сегодня утром мы поехали в город за хлебом"),
    "Vietnamese": ("vi", "Sáng nay chúng tôi đi chợ mua bánh mì"),
    "hahaha": ("en-us+f2", "hahaha ha ha ha ha hahaha"),
}
"""Speech that is no English line, by espeak-ng: name → voice and words."""


def missing_programs() -> list[str]:
    """Returns the programs that are not installed, so that their voices are left out."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def program_voices() -> list[Voice]:
    """Returns the voices of the installed programs."""
    missing = missing_programs()
    voices = []
    if "espeak-ng" not in missing:
        voices += [_espeak_voice(variant, description) for variant, description in _ESPEAK_VARIANTS.items()]
    if "flite" not in missing:
        voices += [_flite_voice(speaker, description) for speaker, description in _FLITE_SPEAKERS.items()]
    return voices


def foreign(name: str) -> Audio:
    """Returns speech in another language, or a laugh; needs espeak-ng."""
    voice, text = FOREIGN[name]
    return cached(f"foreign\0{voice}\0{text}", lambda: _run_espeak(voice, text))


def espeak_ipa(text: str) -> str:
    """Returns espeak-ng's reading of a text in IPA."""
    command = [_path("espeak-ng"), "-q", "--ipa", "-v", "en-us", text]
    completed = subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)  # noqa: S603 - our own
    return " ".join(completed.stdout.decode().split())


def _espeak_voice(variant: str, description: str) -> Voice:
    def say(text: str) -> Audio:
        return _run_espeak(f"en-us+{variant}", text)

    def say_phones(words: Words) -> Audio:
        return say(f"[[{' '.join(espeak(stressed(word)) for word in words)}]]")

    return Voice(f"espeak-{variant}", "espeak-ng", "fit", description, say, say_phones)


def _run_espeak(voice: str, text: str) -> Audio:
    return _run("espeak-ng", "-v", voice, "-s", "150", "-w", "{file}", text)


def _flite_voice(speaker: str, description: str) -> Voice:
    def say(text: str) -> Audio:
        return _run("flite", "-voice", speaker, "-o", "{file}", "-t", text)

    def say_phones(words: Words) -> Audio:
        names = ["pau", *(flite(phone) for word in words for phone in stressed(word)), "pau"]
        return _run("flite", "-voice", speaker, "-o", "{file}", "-p", " ".join(names))

    return Voice(f"flite-{speaker}", "flite", "fit", description, say, say_phones)


def _run(program: str, *arguments: str) -> Audio:
    """Runs a synthesizer that writes a WAV file to {file}."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "voice.wav"
        command = [_path(program), *(argument.replace("{file}", str(file)) for argument in arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)  # noqa: S603 - our own arguments
        samples, rate = soundfile.read(file, dtype="float32")
    return resample(np.asarray(samples, np.float32), SAMPLE_RATE / rate)


def _path(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise VoiceUnavailableError(f"{program} is not installed (Debian: apt-get install {PROGRAMS[program]})")
    return path
