"""Encodings: guessed where the text shows them, refused by name elsewhere."""

import pytest

from media.subtitles.cues import SubtitlesUnreadable
from media.subtitles.reading import read_subtitles
from tests.support.subtitle_files import at_seconds, subrip


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        ("Élodie is late. — “Très” late…", "utf-8", None),
        ("Hello there.", "utf-16", None),
        ("Hello there.", "utf-32", None),
        ("Hello there, you.", "utf-16-le", "UTF-16-LE"),
        ("Hello there, you.", "utf-16-be", "UTF-16-BE"),
        ("I’m fine. Don’t go.", "cp1252", "Windows-1252"),
        ("“Hello”, José said… at the café.", "cp1252", "Windows-1252"),
        ("¿Qué pasa, señor? ¡Adiós!", "cp1252", "Windows-1252"),
        ("Où est le cœur de l’été, à Noël?", "cp1252", "Windows-1252"),
        ("I’m fine. Don’t go.", "mac_roman", "Mac Roman"),
        ("안녕하세요. 반갑습니다.", "cp949", "CP949"),
        ("네, 오랜만이에요! OK?", "cp949", "CP949"),
    ],
)
def test_the_words_are_those_of_the_author(text: str, encoding: str, guessed: str | None) -> None:
    read = read_subtitles(subrip(at_seconds(text)).encode(encoding), "ko" if encoding == "cp949" else "en-US")
    assert [cue.text for cue in read.cues] == [text]
    assert [note.text for note in read.notes if note.code == "encoding_guessed"] == ([guessed] if guessed else [])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Hello, 太郎。", "shift_jis"),
        ("猫だよ、こんにちは", "shift_jis"),
        ("猫だよ、こんにちは", "euc_jp"),
        ("你好，我是中国人", "gb18030"),
        ("你好，我是中國人", "big5"),
        ("Привет, как дела", "cp1251"),
        ("Привет, как дела", "koi8-r"),
        ("Cześć, jak się masz? Dzień dobry, proszę", "cp1250"),
        ("Café at ten.", "cp850"),
    ],
)
def test_other_encodings_are_refused_by_name(text: str, encoding: str) -> None:
    with pytest.raises(SubtitlesUnreadable, match="subtitles_encoding_unknown"):
        read_subtitles(subrip(at_seconds(text)).encode(encoding))


def test_a_damaged_byte_is_named_by_its_line() -> None:
    file = subrip(at_seconds("Élodie et José, café")).encode()
    with pytest.raises(SubtitlesUnreadable, match=r"subtitles_encoding_damaged .*3.*UTF-8"):
        read_subtitles(file.replace(b", caf", b",\xffcaf"))
