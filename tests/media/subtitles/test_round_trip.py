"""Generated subtitle files of every format, with what strangers write around the words: no word is lost or invented."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.subtitles.cues import Cue
from media.subtitles.reading import read_subtitles
from tests.support.subtitle_files import ASS_FIELDS, Event, Timed, subrip, substation, web_vtt

_VOCABULARY = """we never go there without a coat it's Tom don't Q&A I'd 911 3.5 café naïve late again rain well-known
    #1 10:30 R2-D2 $20 50% isn't o'clock dog's John Mary AT&T über no yes"""
WORDS = st.sampled_from(_VOCABULARY.split())
SPEAKERS = st.sampled_from([None, None, "GRACE", "MAN #1", "DR. SMITH", "JOSÉ", "TOM & JERRY"])
SOUNDS = st.sampled_from(["[sighs]", "(LAUGHING)", "♪", "[door slams]"])
KOREAN = st.sampled_from(["보고 싶었어.", "누구세요?", "알았어요!", "어디 가요?"])
NOISE = st.sampled_from(["[door slams]", "♪ ♪", "(SIGHS)", "...", "[음악]"])


@dataclass(frozen=True)
class Said:
    """A line that the import has to make, and what stands around it in the file."""

    rows: tuple[str, ...]
    speaker: str | None
    sound: str | None
    translation: str | None
    is_tagged: bool


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, ...]:
    """Draws one or two rows; the first word of each is longer than a mark, and the last one ends a sentence."""
    found = [" ".join(draw(st.lists(WORDS, min_size=1, max_size=6))) for _ in range(draw(st.integers(1, 2)))]
    end = draw(st.sampled_from([".", "!", "?", ""]))
    return (*(f"Now {row}" for row in found[:-1]), f"So {found[-1]}{end}")


SAID = st.builds(Said, rows(), SPEAKERS, st.none() | SOUNDS, st.none() | KOREAN, st.booleans())
TIMES = st.lists(st.integers(20, 400), min_size=24, max_size=24)


@dataclass(frozen=True)
class File:
    """A generated file with its expected lines."""

    data: bytes
    expected: list[Cue]


def _text(said: Said, *, with_label: bool, is_html: bool) -> str:
    shown = [row.replace("&", "&amp;") if is_html else row for row in said.rows]
    if said.is_tagged:
        first, _, rest = shown[0].partition(" ")
        shown[0] = f"<i>{first}</i> {rest}" if is_html else f"{{\\i1}}{first}{{\\i0}} {rest}"
    if said.sound:
        shown[0] = f"{said.sound} {shown[0]}"
    if said.speaker and with_label:
        name = said.speaker.replace("&", "&amp;") if is_html else said.speaker
        shown[0] = f"{name}: {shown[0]}"
    return "\n".join([*shown, *([said.translation] if said.translation else [])])


def _srt(cues: list[tuple[float, float, Said | str]], number: int) -> str:
    return subrip([(a, b, _plain(said)) for a, b, said in cues], number)


def _plain(said: Said | str) -> str:
    return said if isinstance(said, str) else _text(said, with_label=True, is_html=True)


def _vtt(cues: list[tuple[float, float, Said | str]], number: int) -> str:
    timed: list[Timed] = []
    for start, end, said in cues:
        text = said if isinstance(said, str) else _text(said, with_label=False, is_html=True)
        if isinstance(said, Said) and said.speaker:
            text = f"<v {said.speaker.replace('&', '&amp;')}>{text}</v>"
        timed.append((start, end, text))
    ids = [str(number + at) for at in range(len(cues))] if number % 2 else []
    return web_vtt(timed, header="\nKind: captions", settings=" line:90% align:center", ids=ids)


def _ass(cues: list[tuple[float, float, Said | str]], number: int) -> str:
    events = []
    for start, end, said in cues:
        text = said if isinstance(said, str) else _text(said, with_label=False, is_html=False)
        events.append(Event(start, end, text, name=(said.speaker or "") if isinstance(said, Said) else ""))
    return substation(events, ("Start", "End", "Name", "Text") if number % 2 else ASS_FIELDS)


WRITERS: dict[str, Callable[[list[tuple[float, float, Said | str]], int], str]] = {
    "srt": _srt,
    "vtt": _vtt,
    "ass": _ass,
}


def _make(writer: str, lines: list[Said | str], gaps: list[int], number: int, newline: str, encoding: str) -> File:
    """Returns a file with the lines after pauses of `gaps`, in hundredths of a second."""
    at, cues, expected = 0, list[tuple[float, float, Said | str]](), list[Cue]()
    for place, said in enumerate(lines):
        start, end = at + gaps[2 * place], at + gaps[2 * place] + gaps[2 * place + 1]
        cues.append((start / 100, end / 100, said))
        if isinstance(said, Said):
            texts = {"ko": said.translation} if said.translation else {}
            expected.append(Cue(" ".join(said.rows), said.speaker, start / 100, end / 100, texts))
        at = end
    text = WRITERS[writer](cues, number).replace("\n", newline)
    return File(text.encode(encoding), expected)


FILES = st.builds(
    _make,
    st.sampled_from(sorted(WRITERS)),
    st.lists(SAID | NOISE, min_size=1, max_size=12).filter(lambda lines: any(isinstance(line, Said) for line in lines)),
    TIMES,
    st.integers(1, 900),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(FILES)
def test_every_line_is_imported_as_it_is_said(file: File) -> None:
    assert read_subtitles(file.data).cues == file.expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(WORDS, min_size=3, max_size=7), min_size=2, max_size=8, unique_by=tuple),
    st.integers(2, 3),
    st.sampled_from([subrip, web_vtt]),
)
def test_every_row_of_live_captions_is_a_line_once(
    spoken: list[list[str]], height: int, write: Callable[[list[Timed]], str]
) -> None:
    said = [f"{number} {' '.join(words)}" for number, words in enumerate(spoken)]
    cues = [(2.0 * at, 2.0 * at + 2, "\n".join(said[max(0, at + 1 - height) : at + 1])) for at in range(len(said))]
    read = read_subtitles(write(cues).replace("&", "&amp;").encode()).cues
    assert [cue.text for cue in read] == said
    assert [cue.start_s for cue in read] == [2.0 * at for at in range(len(said))]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@pytest.mark.parametrize(
    "head", ["", "WEBVTT\n\n", "[Events]\nFormat: Start, End, Text\n", "1\n00:00:01,000 --> 00:00:02,000\n"]
)
def test_any_bytes_are_read_or_refused(head: str, data: bytes) -> None:
    try:
        read_subtitles(head.encode() + data)
    except ValueError as error:
        assert str(error)
