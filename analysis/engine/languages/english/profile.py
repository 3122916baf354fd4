"""The profile of English as Korean speakers learn it."""

from pathlib import Path
from typing import Final

from analysis.engine import tip_texts
from analysis.engine.language_profile import LanguageProfile, LearnerErrors, SpeechModels, TipTexts
from analysis.engine.languages.english import articulation_tips, lexicon
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from common.line_text.english.reader import read_text

_LEARNER_ERRORS: Final = LearnerErrors(
    # Substitutions of Korean speakers, and the reverse where that occurs, too. Some are known only from 150 sentences
    # by a single speaker, as people heard them: EY as EH, V as F, G as K, AW as AA, JH as ZH or CH, ER as AH, DH as T,
    # B as P.
    confusions={
        **{"IH": ("IY",), "IY": ("IH",), "AE": ("EH",), "EH": ("AE",), "UW": ("UH",), "UH": ("UW",)},
        **{"OW": ("AO",), "AO": ("OW",), "AH": ("AA",), "ER": ("AO", "AH"), "EY": ("EH",), "AW": ("AA",)},
        **{"V": ("B", "F"), "B": ("V", "P"), "F": ("P",), "P": ("F",), "R": ("L",), "L": ("R",), "G": ("K",)},
        **{"TH": ("S", "T"), "S": ("TH", "SH"), "DH": ("D", "Z", "T"), "D": ("DH",)},
        **{"Z": ("JH", "S"), "JH": ("Z", "ZH", "CH"), "SH": ("S",)},
    },
    # 으, 이, 우, and schwa: friend → 프렌드.
    added_vowels=("UH", "AH", "IH", "IY", "UW"),
)

_TIPS: Final = TipTexts(
    general=tip_texts.GENERAL,
    confusions=articulation_tips.CONFUSIONS,
    added_vowel=articulation_tips.ADDED_VOWEL,
    dropped=tip_texts.DROPPED,
    dropped_final=tip_texts.DROPPED_FINAL,
    unclear=tip_texts.UNCLEAR,
    articulation=articulation_tips.ARTICULATION,
)

_FUNCTION_WORDS: Final = "a an and as at for from he his in is it of on or that the to was with your"


def _load_models() -> SpeechModels:
    # Only engine processes load hama and pocketsphinx; the server reads no more than the tags of the profiles.
    from analysis.engine.languages.english.speech_models import load

    return load()


ENGLISH: Final = LanguageProfile(
    tag="en",
    default_tag="en-US",
    phones=ENGLISH_PHONES,
    read_text=read_text,
    lexicon=lexicon.RULES,
    learner_errors=_LEARNER_ERRORS,
    tips=_TIPS,
    function_words=frozenset(_FUNCTION_WORDS.split()),
    load_models=_load_models,
    rescoring_model=Path(__file__).with_name("rescoring.json"),
    rating_model=Path(__file__).with_name("rating.json"),
    warm_up_text="Are you ready to say all of this with me",
)
