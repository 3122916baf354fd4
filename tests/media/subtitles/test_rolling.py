"""Captions that show the same words again: each word is a line once."""

import pytest

from media.subtitles.reading import read_subtitles
from tests.support.subtitle_files import Event, Timed, at_seconds, subrip, substation, web_vtt

Line = tuple[float, float, str]


def lines(file: str) -> list[Line]:
    return [(cue.start_s, cue.end_s, cue.text) for cue in read_subtitles(file.encode()).cues]


def codes(file: str) -> list[tuple[str, str | None]]:
    return [(note.code, note.cue) for note in read_subtitles(file.encode()).notes]


@pytest.mark.parametrize("write", [subrip, web_vtt])
def test_rows_that_roll_up_are_lines_once(write: type[str]) -> None:
    rows = ["the quick brown fox", "jumps over the dog", "and runs away", "ok"]
    cues = [
        (1, 3, rows[0]),
        (3, 5, f"{rows[0]}\n{rows[1]}"),
        (5, 7, f"{rows[1]}\n{rows[2]}"),
        (7, 9, f"{rows[2]}\n{rows[3]}"),
    ]
    assert lines(write(cues)) == [(1 + 2 * at, 3 + 2 * at, row) for at, row in enumerate(rows)]
    assert codes(write(cues)) == [("cue_rolled_up", "2"), ("cue_rolled_up", "3"), ("cue_rolled_up", "4")]


def test_youtube_shows_a_line_again_for_an_instant() -> None:
    cues = [
        (0.03, 2.72, " \nhello<00:00:00.719><c> my</c><00:00:00.930><c> friends</c>"),
        (2.72, 2.73, "hello my friends\n "),
        (
            2.73,
            5.0,
            "hello my friends\ncome<00:00:03.719><c> into</c><00:00:03.930><c> the</c><00:00:04.100><c> kitchen</c>",
        ),
        (5.0, 5.01, "come into the kitchen\n "),
    ]
    file = web_vtt(cues, header="\nKind: captions\nLanguage: en", settings=" align:start position:0%")
    assert lines(file) == [(0.03, 2.72, "hello my friends"), (2.73, 5.0, "come into the kitchen")]


def test_words_that_are_added_extend_a_line() -> None:
    file = subrip([(1, 2, "the quick"), (2, 3, "the quick brown"), (3, 5, "the quick brown fox"), (6, 7, "Next.")])
    assert lines(file) == [(1, 5, "the quick brown fox"), (6, 7, "Next.")]


def test_layers_and_repeated_cues_are_one_line() -> None:
    events = [Event(1, 3, "You're late."), Event(1, 3, "{\\blur3}You're late.", layer=1), Event(4, 6, "Again.")]
    assert lines(substation(events)) == [(1, 3, "You're late."), (4, 6, "Again.")]
    assert codes(substation(events)) == [("cue_repeated", "2")]
    assert lines(subrip([(1, 3, "You are so late."), (3, 5, "You are so late.")])) == [(1, 5, "You are so late.")]
    assert lines(subrip([(1, 3, "You're late."), (2, 4, "You're late.")])) == [(1, 4, "You're late.")]


@pytest.mark.parametrize(
    "cues",
    [
        [(1, 2, "No."), (2, 3, "No.")],
        [(1, 2, "I love you so."), (4, 5, "I love you so.")],
        [(1, 2, "No."), (2, 3, "No.\nNever.")],
        [(1, 2, "Well, no"), (2, 3, "Well, no way.")],
        [(1, 2, "Are you sure of it?"), (2, 3, "Are you sure of it? Yes.")],
    ],
)
def test_people_say_things_twice(cues: list[Timed]) -> None:
    assert lines(subrip(cues)) == [(start, end, text.replace("\n", " ")) for start, end, text in cues]


def test_lines_of_scrolling_captions_end_where_the_next_one_starts() -> None:
    scrolling = at_seconds("one", "two", "three", "four", "five", length_s=5.0)
    assert [end for _, end, _ in lines(subrip(scrolling))] == [6.0, 9.0, 12.0, 15.0, 20.0]
    assert codes(subrip(scrolling)) == [("ends_shortened", None)]
    two_voices = [(1, 4, "I said no."), (3, 5, "I said yes."), (6, 8, "Well."), (9, 10, "So.")]
    assert lines(subrip(two_voices)) == two_voices
    assert codes(subrip(two_voices)) == [("cues_overlap", "2")]
