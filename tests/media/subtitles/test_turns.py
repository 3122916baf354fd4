"""Speakers, sounds and translations within cues."""

import pytest

from media.subtitles.cues import Cue
from media.subtitles.reading import read_subtitles
from tests.support.subtitle_files import Event, at_seconds, subrip, substation, web_vtt


def lines(*texts: str, language: str = "en-US") -> list[tuple[str | None, str]]:
    """Returns the speaker and the text of the lines of an SRT file."""
    return [(cue.actor, cue.text) for cue in read_subtitles(subrip(at_seconds(*texts)).encode(), language).cues]


def codes(*texts: str) -> set[str]:
    return {note.code for note in read_subtitles(subrip(at_seconds(*texts)).encode()).notes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GRACE: You're late.", [("GRACE", "You're late.")]),
        ("MAN #1: Stop!", [("MAN #1", "Stop!")]),
        ("DR. SMITH (V.O.): Good.", [("DR. SMITH", "Good.")]),
        ("WOMAN [on phone]: Hi.", [("WOMAN", "Hi.")]),
        ("JOSÉ: Hola.", [("JOSÉ", "Hola.")]),
        ("McCOY: Dead.", [("McCOY", "Dead.")]),
        ("TOM & JERRY:\nWow!", [("TOM & JERRY", "Wow!")]),
        ("Mom: I'll be late. Love you.", [("Mom", "I'll be late. Love you.")]),
        ("Old Man: Go home.", [("Old Man", "Go home.")]),
        ("철수: Hello.", [("철수", "Hello.")]),
        ("철수：Hello.", [("철수", "Hello.")]),
        ("[JOHN] Hey.", [("JOHN", "Hey.")]),
        ("(JAMES) Hey.", [("JAMES", "Hey.")]),
        ("[man 2] Hey.", [("man 2", "Hey.")]),
        ("[John, whispering] Hush.", [("John", "Hush.")]),
        ("Dr. Who: Sit.", [("Dr. Who", "Sit.")]),
        ("JOHN: Hi.\nMARY: Hello.", [("JOHN", "Hi."), ("MARY", "Hello.")]),
        ("- JOHN: Run!\n- No.", [("JOHN", "Run!"), (None, "No.")]),
        ("- Hi.\n- Hello.", [(None, "Hi."), (None, "Hello.")]),
        ("Hi.\n-Hello.", [(None, "Hi."), (None, "Hello.")]),
        ("- Hi. - Hello.", [(None, "Hi."), (None, "Hello.")]),
        (">> REPORTER: Good evening. >> Thanks.", [("REPORTER", "Good evening."), (None, "Thanks.")]),
        ("&gt;&gt; Good evening.", [(None, "Good evening.")]),
        ("[sighs] JOHN: Hey.", [("JOHN", "Hey.")]),
        ("JOHN: [sighs] Hey.", [("JOHN", "Hey.")]),
        ("JOHN: - Hey.", [("JOHN", "Hey.")]),
        ("JOHN: , hey.", [("JOHN", "hey.")]),
    ],
)
def test_speakers_are_recognised(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It's 10:30 now.",
        "Psalm 23: The Lord is my shepherd.",
        "Look: I can't do this.",
        "One thing: we leave now.",
        "Good news: We won!",
        "I have two words: Shut up.",
        "New York: the city that never sleeps.",
        "He said: Go home.",
        "WARNING: This line is not secure.",
        "Rule number one: No talking.",
        "Dear John: Come home.",
        "Well-known fact: Bees fly.",
        "I was, well - late.",
        "-5 degrees outside.",
        "--and then he left.",
        "— and then he left",
        "I'm #1 here.",
        "See you at 8 - or 9.",
        "I told him (and I meant it) no.",
        "From A --> B it goes.",
        "http://example.com: go there",
        "John 3:16 says so.",
    ],
)
def test_sentences_stay_whole(text: str) -> None:
    expected = text.removeprefix("— ")
    assert lines("We are dear and well and number one.", text)[1:] == [(None, expected)]


def test_evidence_of_the_whole_file_names_speakers() -> None:
    assert lines("철수: 가자.", "(철수) 안녕.", "시간: 10시", language="ko") == [
        ("철수", "가자."),
        ("철수", "안녕."),
        (None, "시간: 10시"),
    ]
    assert lines("太郎：元気？", "うん。", language="ja") == [("太郎", "元気？"), (None, "うん。")]
    assert lines("Walker: We go.", "Walker: Now.") == [("Walker", "We go."), ("Walker", "Now.")]
    capitals = lines("PSALM 23: THE LORD IS MY SHEPHERD.", "JOHN: WHO?", "NOW: OR NEVER.", "JOHN: ME.")
    assert [speaker for speaker, _ in capitals] == [None, "JOHN", None, "JOHN"]
    assert lines("JOHN: Hi. MARY: Hello there.", "MARY: Bye.")[:2] == [("JOHN", "Hi."), ("MARY", "Hello there.")]
    assert lines("JOHN: Hi.", "John: Bye.") == [("JOHN", "Hi."), ("JOHN", "Bye.")]
    assert codes("Grace: Hi.", "- A.\n- B.") >= {"speaker_guessed", "speakers_split"}


def test_formats_name_speakers_themselves() -> None:
    voices = (
        "<v Fred>Hi there.</v>\n<v.loud Mr. Smith (V.O.)>Hello <i>you</i>.</v>",
        "<v 철수>One\ntwo.",
        "<v 2>Two.",
        "No one.",
    )
    read = read_subtitles(web_vtt(at_seconds(*voices)).encode()).cues
    assert [(cue.actor, cue.text) for cue in read] == [
        ("Fred", "Hi there."),
        ("Mr. Smith", "Hello you."),
        ("철수", "One two."),
        ("2", "Two."),
        (None, "No one."),
    ]
    events = [Event(1, 2, "Hi.", name="Grace"), Event(3, 4, "GRACE: Bye.", name="Grace"), Event(5, 6, "Oh.")]
    assert [(cue.actor, cue.text) for cue in read_subtitles(substation(events).encode()).cues] == [
        ("Grace", "Hi."),
        ("Grace", "Bye."),
        (None, "Oh."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[sighs] I don't know.", "I don't know."),
        ("(LAUGHING)\nThat's funny.", "That's funny."),
        ("I know. (sighs)", "I know."),
        ("[door\nslams] Hi.", "Hi."),
        ("*sighs* I *really* mean it.", "I really mean it."),
        ("♪ Rain, rain ♪\n♪ On the roof ♪", "Rain, rain On the roof"),
        ("# Happy birthday to you #", "Happy birthday to you"),
        ("(한숨) 알았어.", "알았어."),
        ("<door slams> Hi.", "Hi."),
        ("[sighs], I know.", "I know."),
        ("I know [coughs] , but wait.", "I know, but wait."),
        ("“[laughs]” Stop it.", "Stop it."),
        ("Stop it. [laughs] -", "Stop it."),
        ("[groans] & [sighs] I'm up.", "I'm up."),
        ("[sighs] — I know.", "I know."),
        ("Wait, [coughs].", "Wait."),
        ("[sighs] ...and -5 degrees.", "...and -5 degrees."),
    ],
)
def test_sounds_are_not_spoken(text: str, expected: str) -> None:
    assert [spoken for _, spoken in lines(text)] == [expected]


def test_cues_without_words_are_skipped_with_a_note() -> None:
    read = read_subtitles(subrip(at_seconds("[door slams]", "♪ ♪", "(SIGHS)", "...", "- \n-", "Hi.")).encode())
    assert [cue.text for cue in read.cues] == ["Hi."]
    assert [(note.code, note.cue) for note in read.notes] == [
        ("sounds_only", "1"),
        ("sounds_only", "2"),
        ("sounds_only", "3"),
        ("nothing_to_say", "4"),
        ("nothing_to_say", "5"),
    ]


def translated(file: str, language: str = "en-US") -> list[tuple[str, dict[str, str]]]:
    return [(cue.text, cue.translations) for cue in read_subtitles(file.encode(), language).cues]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I missed you.\n보고 싶었어.", [("I missed you.", {"ko": "보고 싶었어."})]),
        ("- 누구세요?\n- Who are you?", [("Who are you?", {"ko": "누구세요?"})]),
        ("Who are you? 누구세요?", [("Who are you?", {"ko": "누구세요?"})]),
        ("Good morning / 좋은 아침", [("Good morning", {"ko": "좋은 아침"})]),
        ("- One.\n- Two.\n- 하나.\n- 둘.", [("One.", {"ko": "하나."}), ("Two.", {"ko": "둘."})]),
        ("Hello.\nこんにちは", [("Hello.", {"ja": "こんにちは"})]),
        ("I love 김치.", [("I love 김치.", {})]),
    ],
)
def test_the_other_language_is_the_translation(text: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert translated(subrip(at_seconds(text, "So it is."))) == [*expected, ("So it is.", {})]


def test_lines_of_a_korean_script_are_korean() -> None:
    file = subrip(at_seconds("안녕?\nHello?", "OK.", "나 iPhone 샀어."))
    assert translated(file, "ko-KR") == [("안녕?", {"en": "Hello?"}), ("OK.", {}), ("나 iPhone 샀어.", {})]


def test_cues_at_the_same_time_are_translations() -> None:
    english, korean = at_seconds("I missed you.", "Me too."), at_seconds("보고 싶었어.", "나도.")
    expected = [("I missed you.", {"ko": "보고 싶었어."}), ("Me too.", {"ko": "나도."})]
    assert translated(subrip(english + korean)) == expected
    assert translated(substation([Event(*cue) for cue in korean + english])) == expected
    alone = read_subtitles(subrip([*english, (30, 32, "간판")]).encode())
    assert [(note.code, note.cue) for note in alone.notes] == [("other_language", "3")]


def test_several_speakers_of_a_cue_share_its_times() -> None:
    assert read_subtitles(b"1\n00:00:07,000 --> 00:00:09,000\nJOHN: Hi.\nMARY: Hello.\n").cues == [
        Cue("Hi.", "JOHN", 7.0, 9.0),
        Cue("Hello.", "MARY", 7.0, 9.0),
    ]
