"""The table of audio formats: recognition by the first bytes, and the texts that list the formats."""

import pytest

from core.audio_formats import AUDIO_FORMATS, HEAD_BYTES, format_names, sniff
from core.i18n import ERRORS, LANGUAGES
from routers.shared.multipart import FIELD, AudioForm
from tests.support.audio import FORMATS, encode


@pytest.mark.parametrize("name", FORMATS)
def test_a_recording_is_recognised_by_its_first_bytes(name: str) -> None:
    found = sniff(encode(name)[:HEAD_BYTES])
    assert found is not None
    assert found.extension == name


@pytest.mark.parametrize(
    "head", [b"", b"\xff", b"RIFF", b"<html><body>abcd", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", bytes(16)]
)
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert sniff(head) is None


def test_every_format_has_a_test_recording() -> None:
    assert {one.type.extension for one in AUDIO_FORMATS} == set(FORMATS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_text_lists_all_formats_in_table_order(language: str) -> None:
    assert ", ".join(format_names()) in ERRORS["audio_type_unsupported"][language]


def test_form_description_lists_all_formats_with_codecs() -> None:
    form = AudioForm.model_json_schema()["properties"][FIELD]
    assert (
        form["description"]
        == "WAV, MP3, M4A/AAC, WebM/Opus, Ogg/Opus, FLAC, AMR/3GP, CAF or AIFF; at most 50 MiB and 120 s"
    )
    assert format_names(with_codecs=True) == form["description"].partition(";")[0].replace(" or ", ", ").split(", ")
