"""The registry of learned languages, and the consistency of each profile."""

import re
from pathlib import Path

import pytest

import analysis.engine
from analysis.contract import FeaturesRequest
from analysis.engine.language_profile import LanguageProfile
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.languages.registry import DEFAULT_TAG, PROFILES, TAG_PATTERN, UnknownLanguageError, profile_for

ENGINE = Path(analysis.engine.__path__[0])
# The package of a language, and the trained models and files of the languages that there are.
MODELS = re.compile(r"languages\.(?!registry\b)\w+|\bhama\b|\ben[-_]us\b|cmudict")
FIT_MODULES = (
    *("contrasts.py", "corpus.py", "fit.py", "fit_models.py", "fit_report.py", "fit_samples.py", "material.py"),
    "voice.py",
)


@pytest.mark.parametrize("tag", ["en", "en-US", "en_GB", "en-GB-oxendict"])
def test_regions_share_the_profile_of_their_language(tag: str) -> None:
    assert profile_for(tag) is ENGLISH
    assert re.match(TAG_PATTERN, tag)


@pytest.mark.parametrize("tag", ["", "ko-KR", "eng", "english"])
def test_other_tags_are_refused(tag: str) -> None:
    with pytest.raises(UnknownLanguageError):
        profile_for(tag)
    assert not re.match(TAG_PATTERN, tag)


def test_requests_default_to_the_first_profile() -> None:
    request = FeaturesRequest(audio_url="https://store.example/1.mp3", text="Ready")
    assert request.language == DEFAULT_TAG == PROFILES[0].default_tag


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.tag)
def test_profile_uses_only_its_own_phones(profile: LanguageProfile) -> None:
    errors, rules, tips = profile.learner_errors, profile.lexicon, profile.tips
    used = {
        *errors.added_vowels,
        *(phone for phone, others in errors.confusions.items() for phone in (phone, *others)),
        *(phone for pair in rules.contrasts for phone in pair),
        *(phone for pair in rules.free_variation.items() for phone in pair),
        *(phone for phone, forms in rules.weak_forms.items() for phone in (phone, *forms)),
        *(phone for phone, forms in rules.unstressed_forms.items() for phone in (phone, *forms)),
        *(phone for pair in tips.confusions for phone in pair),
    }
    assert used <= set(profile.phones.names) == set(profile.phones.ipa) == set(tips.articulation)
    assert set(errors.added_vowels) <= set(profile.phones.vowels)
    assert profile.rescoring_model.is_file() and profile.rescoring_model.with_suffix(".npz").is_file()
    assert profile.read_text(profile.warm_up_text)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.tag)
def test_each_language_names_the_authors_of_its_models(profile: LanguageProfile) -> None:
    notice = profile.rescoring_model.with_name("NOTICE").read_text(encoding="utf-8")
    for model in (profile.rescoring_model, profile.rating_model):
        assert model.with_suffix(".npz").name in notice


def test_algorithms_import_no_language() -> None:
    """Modules of the engine take a profile; only the registry and the callers of the engine choose one."""
    importers = [path.name for path in ENGINE.glob("*.py") if "engine.languages" in path.read_text(encoding="utf-8")]
    assert importers == []


def test_only_the_folder_of_a_language_names_its_models() -> None:
    """The server, the benchmark and the fit take a language from a registry, and its models from the profile."""
    package = ENGINE.parent
    sources = [path for path in package.rglob("*.py") if not {"languages", "tests", "eval"} & set(path.parts)]
    sources += [package / "eval" / name for name in FIT_MODULES]
    assert [path.name for path in sources if MODELS.search(path.read_text(encoding="utf-8"))] == []
