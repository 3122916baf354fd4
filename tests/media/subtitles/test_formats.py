"""Formats: what stands between the words of SRT, WebVTT, ASS and SSA, numbers and times of cues."""

import re
import time
from contextlib import suppress

import pytest

from core.i18n import LANGUAGES, import_refusal_text
from media.subtitles.cues import Cue, SubtitlesUnreadable
from media.subtitles.reading import read_subtitles
from tests.support.subtitle_files import Event, at_seconds, subrip, substation, web_vtt


def texts(file: str | bytes) -> list[str]:
    return [cue.text for cue in read_subtitles(file if isinstance(file, bytes) else file.encode()).cues]


def codes(file: str) -> list[tuple[str, str | None, str | None]]:
    return [(note.code, note.cue, note.text) for note in read_subtitles(file.encode()).notes]


@pytest.mark.parametrize("file", [
    subrip([(5, 6, "Second."), (1, 2, "First.")]),
    web_vtt([(5, 6, "Second."), (1, 2, "First.")]),
    substation([Event(5, 6, "Second."), Event(1, 2, "First.")]),
], ids=["srt", "vtt", "ass"])  # fmt: skip
def test_cues_are_in_order_of_time_in_every_format(file: str) -> None:
    expected = [Cue("First.", None, 1.0, 2.0), Cue("Second.", None, 5.0, 6.0)]
    for data in (file.encode(), file.encode("utf-16"), file.replace("\n", "\r\n").encode("utf-8-sig")):
        assert read_subtitles(data).cues == expected
    assert read_subtitles(file.replace("\n", "\r").encode()).cues == expected


TEXTS = {
    "digits at the end": ("1\n00:00:01,000 --> 00:00:03,000\nThe code is\n70412\n", ["The code is 70412"]),
    "digits": (subrip(at_seconds("Your number?\n911", "Fine.")), ["Your number? 911", "Fine."]),
    "no numbers": (
        "00:00:01,000 --> 00:00:02,000\nThe answer is\n42\n00:00:03,000 --> 00:00:04,000\nYes.",
        ["The answer is 42", "Yes."],
    ),
    "empty rows": (
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nThree",
        ["One two", "Three"],
    ),
    "rows after numbers": (
        "1\n\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n\n00:00:03,000 --> 00:00:04,000\nTwo",
        ["One", "Two"],
    ),
    "places and tags": (
        '1\n00:00:01,000 --> 00:00:02,000 X1:10 Y1:20\n{\\an8}<font color="red">Up</font> <i>there</i>',
        ["Up there"],
    ),
    "entities": (
        subrip(at_seconds("Q&amp;A with Tom &amp; Jerry", "I &lt;3 you&nbsp;all", "I <3 you")),
        ["Q&A with Tom & Jerry", "I <3 you all", "I <3 you"],
    ),
    "karaoke": (web_vtt(at_seconds("<c>Ne</c><00:01.500><c>ver</c> <c.yellow>mind</c>")), ["Never mind"]),
    "ruby": (web_vtt(at_seconds("<ruby>strong<rt>STRONG</rt></ruby> <lang en>words</lang>")), ["strong words"]),
    "ass tags": (
        substation([Event(1, 2, "{\\k20}Ne{\\k30}ver\\hmind, {\\i1}John{\\i0}\\Nor Mary")]),
        ["Never mind, John or Mary"],
    ),
    "ass drawing": (substation([Event(1, 2, "{\\p1}m 0 0 l 10 10{\\p0}Hello")]), ["Hello"]),
    "ass fields": (substation([Event(1, 2, "Hi, you")], ["Start", "End", "Text"]), ["Hi, you"]),
    "ssa": (
        substation([Event(1, 2, "Hi, you")])
        .replace("V4+", "V4")
        .replace("Layer", "Marked")
        .replace(": 0,", ": Marked=0,"),
        ["Hi, you"],
    ),
}


@pytest.mark.parametrize(("file", "expected"), TEXTS.values(), ids=TEXTS)
def test_only_the_words_are_left(file: str, expected: list[str]) -> None:
    assert texts(file) == expected


def test_web_vtt_of_editors_and_players() -> None:
    header = " - Title\nKind: captions\nLanguage: en\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000"
    blocks = "\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred width:40%\n\nNOTE one comment\n\nNOTE\nof two\nrows\n"
    cues = web_vtt(at_seconds("Hello there.", "Fine."), settings=" line:0 align:start", ids=["intro-1", "3f2a-9d/12-0"])
    file = cues.replace("WEBVTT", f"WEBVTT{header}\n{blocks}") + "\nNOTE the end\n"
    assert (texts(file), codes(file)) == (["Hello there.", "Fine."], [])
    stray = file.replace("Hello there.", "Hello\n\nthere.")
    assert codes(stray) == [("text_outside_cues", None, "there.")]
    repeated = file.replace("Hello there.", "Hello there.\n\nFine.")
    assert codes(repeated) == [("text_outside_cues", None, "Fine.")]


def test_arrows_without_times_are_text_except_below_a_number() -> None:
    for file in (subrip(at_seconds("From A\nA --> B", "So.")), web_vtt(at_seconds("From A\nA --> B", "So."))):
        assert [re.findall(r"\w+", text) for text in texts(file)] == [["From", "A", "A", "B"], ["So"]]
    with pytest.raises(SubtitlesUnreadable) as refused:
        read_subtitles(b"1\n00:00:01,000 --> 00:00:02,000\nHi.\n\n2\nx --> y\nHo.\n")
    assert refused.value.cue == "2"


def test_cues_are_numbered_as_the_file_counts() -> None:
    file = subrip([(1, 3, ""), (4, 6, "Fine."), (8, 8, "Zero.")], first_number=17)
    assert codes(file) == [("cue_empty", "17", None), ("cue_too_short", "19", "Zero.")]
    assert texts(file) == ["Fine."]
    with pytest.raises(SubtitlesUnreadable) as refused:
        read_subtitles(file.replace("00:00:04,000", "00:00:0x,000").encode())
    assert refused.value.cue == "18"
    assert codes(
        substation([Event(0, 1, "a note", kind="Comment"), Event(1, 3, "Hi."), Event(4, 5, "{\\p1}m 0 0")])
    ) == [
        ("event_not_dialogue", "1", "a note"),
        ("event_not_dialogue", "3", None),
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("00:00:02 --> 00:00:04", (2.0, 4.0)),
        ("00:02.5 --> 00:04.25", (2.5, 4.25)),
        ("0:00:02.500-->0:00:04.000", (2.5, 4.0)),
        ("00: 00: 02, 500 -> 00: 00: 04, 000", (2.5, 4.0)),
        ("00:00:02,500 → 00:00:04,000", (2.5, 4.0)),
        ("10:00:02,500 --> 10:00:04,000", (36002.5, 36004.0)),
        ("00:00:02:500 --> 00:00:04:000", (2.5, 4.0)),
    ],
)
def test_times_are_read(times: str, expected: tuple[float, float]) -> None:
    (cue,) = read_subtitles(f"1\n{times}\nHi.\n".encode()).cues
    assert (cue.start_s, cue.end_s) == expected


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,500 --> 00:00:0x,900",
        "-00:00:01,000 --> 00:00:03,000",
        "00:00:01,000 --> -00:00:03,000",
        "100:00:01,000 --> 100:00:03,000",
        "00:00:61,000 --> 00:01:03,000",
        "00:00:05,000 --> 00:00:03,000",
        "00:00:01,000 --> ",
        "--> 00:00:03,000",
        "00:00:01,000 00:00:03,000",
        "00.00.01 --> 00.00.03",
    ],
)
@pytest.mark.parametrize("head", ["", "WEBVTT\n\n"], ids=["srt", "vtt"])
def test_times_that_cannot_be_read_are_refused_by_number(times: str, head: str) -> None:
    file = f"{head}1\n00:00:00,100 --> 00:00:00,900\nHi.\n\n2\n{times}\nBroken.\n"
    with pytest.raises(SubtitlesUnreadable) as refused:
        read_subtitles(file.encode())
    assert refused.value.cue == "2"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "subtitles_unknown_format"),
        (b"{1}{2}MicroDVD", "subtitles_unknown_format"),
        (b"RIFF\x00\x01\xff" * 50, "subtitles_encoding_unknown"),
        (b"1\n00:00:05,000 --> 00:09:03,000\nLong.\n", "cue_too_long"),
        (b"1\n00:00:05,000 --> 00:00:07,000\n" + b"long " * 500, "cue_text_too_long"),
        (b"[Events]\nFormat: Start, End, Text\nDialogue: 0:00:0x.00,0:00:02.00,Hi\n", "cue_time_unreadable"),
        (b"[Events]\nFormat: Start, End, Text\nDialogue: Hi\n", "cue_fields_missing"),
        (subrip([(1, 2, f"Hello {n}") for n in range(501)]).encode(), "subtitles_too_many_lines"),
        (subrip(at_seconds("♪ ♪", "[music]", "...")).encode(), "subtitles_without_line"),
        (b"1\n00:00:05,000 --> 00:00:07,000\n" + b"a" * 2**22, "subtitles_too_large"),
    ],
    ids=["empty", "other format", "binary", "cue too long", "text too long", "ass time", "ass fields", "too many cues",
         "no words", "too large"],
)  # fmt: skip
def test_unreadable_files_are_refused_with_the_cause(data: bytes, code: str) -> None:
    with pytest.raises(SubtitlesUnreadable) as refused:
        read_subtitles(data)
    assert refused.value.code == code
    for language in LANGUAGES:
        assert "{" not in import_refusal_text(code, refused.value.facts, language)


@pytest.mark.parametrize("part", ["(", "*", "<v (", "1:1 ", "\\n", "[a", "{", "-->", "1", " ", "é", "&", "<c "])
@pytest.mark.parametrize(
    "head", ["", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "[Events]\nFormat: Start, End, Text\nDialogue: "]
)
def test_hostile_files_take_little_time(head: str, part: str) -> None:
    """Takes milliseconds; a pattern of quadratic time would take minutes."""
    started = time.process_time()
    for data in (head + part * (200_000 // len(part)), head + f"{part}\n" * (200_000 // len(part) // 2)):
        with suppress(SubtitlesUnreadable):
            read_subtitles(data.encode())
    assert time.process_time() - started < 5
