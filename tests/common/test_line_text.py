"""Written lines and the readings that are expected of them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.line_text.english.reader import read_text
from common.line_text.registry import reader_for
from common.line_text.spoken_form import read_line
from common.line_text.written_word import MAX_READINGS, WrittenWord, word_set

# Line → what people say. Several lines stand for each kind; none is from a film.
SAID = [
    ("Somebody call 911!", "somebody call nine one one"),
    ("Somebody call 911!", "somebody call nine eleven"),
    ("Agent 007 is here.", "agent double oh seven is here"),
    ("Agent 007 is here.", "agent oh oh seven is here"),
    ("Room 237, please.", "room two thirty seven please"),
    ("Room 237, please.", "room two three seven please"),
    ("There were 150 of us.", "there were a hundred and fifty of us"),
    ("There were 150 of us.", "there were one fifty of us"),
    ("It costs $1,500.", "it costs fifteen hundred dollars"),
    ("It costs $1,500.", "it costs one thousand five hundred dollars"),
    ("That's $5.50.", "that's five fifty"),
    ("That's $5.50.", "that's five dollars and fifty cents"),
    ("A $20 million deal.", "a twenty million dollar deal"),
    ("He makes $100K.", "he makes a hundred K"),
    ("They took $3M.", "they took three million dollars"),
    ("A $100-a-night room.", "a hundred dollar a night room"),
    ("It's ¥500 or 50¢.", "it's five hundred yen or fifty cents"),
    ("Only ₩10,000 left.", "only ten thousand won left"),
    ("In 1987 or 2049.", "in nineteen eighty seven or two thousand forty nine"),
    ("In 1987 or 2049.", "in nineteen eighty seven or twenty forty nine"),
    ("The 1990's, the '80s.", "the nineteen nineties the eighties"),
    ("The mid-1990s.", "the mid nineteen nineties"),
    ("From 1939-1945.", "from nineteen thirty nine to nineteen forty five"),
    ("Pages 5–10.", "pages five to ten"),
    ("Half is 1/2 or ½.", "half is half or a half"),
    ("Add 1½ cups.", "add one and a half cups"),
    ("He ate 3/4 of 2 1/2 pies.", "he ate three quarters of two and a half pies"),
    ("My 5th-grade class of 21.", "my fifth grade class of twenty one"),
    ("Rocky IV and Henry VIII.", "rocky four and henry the eighth"),
    ("World War II, Chapter XII.", "world war two chapter twelve"),
    ("It's 98.6°, or 72°F.", "it's ninety eight point six degrees or seventy two degrees fahrenheit"),
    ("90mph, 6 ft., 10kg", "ninety miles per hour six feet ten kilograms"),
    ("A 9mm, not a .38.", "a nine millimeter not a thirty eight"),
    ("He's 6'2\" tall.", "he's six foot two tall"),
    ("Dec. 7th, Main St., St. Louis", "december seventh main street saint louis"),
    ("Dr. Lee on Oak Dr.", "doctor lee on oak drive"),
    ("At 10am, 9:00 and 7:45 p.m.", "at ten A M nine o'clock and seven forty five P M"),
    ("Call 555-0199.", "call five five five oh one nine nine"),
    ("It's all #MeToo.", "it's all me too"),
    ("Mail bob@mail.com, see Amazon.com", "mail bob at mail dot com see amazon dot com"),
    ("Nooooo! Pleeease, heyyy.", "no please hey"),
    ("W-what? B-but I-I know.", "wuh what buh but i i know"),
    ("W-what? B-but I-I know.", "what but i know"),
    ("HMM, SHH, LET ME THINK.", "hmm shh let me think"),
    ("I don’t, don′t, don´t, donʼt.", "i don't don't don't don't"),
    ("Get 'em, 'cause I said so.", "get 'em cuz i said so"),
    ("The TVs, the MPs, R2-D2.", "the T V's the M P's R two D two"),
    ("An F-16, an AK-47, a PS5, 4K.", "an F sixteen an A K forty seven a P S five four K"),
    ("D.C., P.S., R&B, AT&T.", "D C P S R and B A T and T"),
    ("The FBI and NASA.", "the F B I and nasa"),
    ("I got a B+ at UCLA.", "i got a B plus at U C L A"),
    ("Łukasz and Søren.", "wukash and soren"),
    ("A mis\u00adtake, won\u200bder\u200bful.", "a mistake wonderful"),
    ("A café, a cliché.", "a cafe a cliche"),
    ("He and/or she.", "he and or she"),
    ("You're my #1, No. 5.", "you're my number one number five"),
]
# Line → its words that are spoken.
SPOKEN = [
    ("[laughs] That's funny.", "that's funny"),
    ("I told you. [door slams] Get out.", "i told you get out"),
    ("(sighs) I don't know.", "i don't know"),
    ("I (really) mean it.", "i really mean it"),
    ("JOHN: Get in the car.", "get in the car"),
    ("MAN #1: Don't move!", "don't move"),
    ("- MARY (V.O.): Hi. - JOHN: Hello.", "hi hello"),
    ("Remember: never look back.", "remember never look back"),
    ("WARNING: DO NOT ENTER.", "warning do not enter"),
    ("♪ Happy birthday ♪", "happy birthday"),
    ("<i>Stay</i> {\\an8}here &amp; wait", "stay here and wait"),
    ("- Are you okay? - I'm fine.", "are you okay i'm fine"),
    (">> Welcome back.", "welcome back"),
]
SILENT = ["♪", "[laughs]", "(sighs)", "… — !?", "JOHN:", "[door slams] ♪♪", "안녕하세요", "\u200b", "*sighs*", "#"]
PLAIN = sorted(
    word_set(
        """
        he was never an old friend of the family because nothing about them seemed right there while people walked home
        through quiet streets without looking at their own windows before breakfast tomorrow
        """
    )
)
QUIRKS = [
    *("911", "$1,500", "D.C.,", "R2-D2", "W-what", "Nooo!", "[laughs]", "(sighs)", "♪", "½", "72°F", "#MeToo", "'80s"),
    *("10am", "Dec. 7th", "Main St.", "IV", "1939-1945", "50¢", "Łukasz", "FBI", "…", "—", "6'2\"", "@", "&", "-"),
]


def reads(words: list[WrittenWord], said: str) -> bool:
    """True where one combination of the words' readings is what was said."""
    ends = {""}
    for word in words:
        ends = {f"{end} {' '.join(own)}".strip() for end in ends for own in word.readings}
        ends = {end for end in ends if f"{said} ".startswith(f"{end} " if end else "")}
    return said in ends


@pytest.mark.parametrize(("line", "said"), SAID)
def test_what_people_say_is_among_the_readings(line: str, said: str) -> None:
    words = read_text(line)
    assert reads(words, said), [(word.text, word.readings) for word in words]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Somebody call 911!", "somebody call nine one two"),
        ("There were 150 of us.", "there were a hundred and sixty of us"),
        ("It costs $1,500.", "it costs fifty hundred dollars"),
        ("Rocky IV.", "rocky five"),
        ("In 1987.", "in nineteen seventy eight"),
        ("Add 1½ cups.", "add one and a quarter cups"),
        ("The FBI.", "the C I A"),
    ],
)
def test_other_numbers_are_no_reading(line: str, said: str) -> None:
    assert not reads(read_text(line), said)


@pytest.mark.parametrize(("line", "spoken"), SPOKEN)
def test_directions_and_labels_are_not_spoken(line: str, spoken: str) -> None:
    assert " ".join(word for own in read_text(line) for word in own.spoken) == spoken


@pytest.mark.parametrize("line", SILENT)
def test_line_without_a_word_is_empty(line: str) -> None:
    assert read_text(line) == []


def test_words_keep_the_spelling_of_the_line() -> None:
    line = "“Mr. O’Neil’s 21st, ill-disposed dog!” cost $20 million — at 1½ mis\u00adtakes"
    assert [word.text for word in read_text(line)] == [
        *("Mr", "O’Neil’s", "21st", "ill-disposed", "dog", "cost", "$20 million", "at", "1½", "mistakes")
    ]


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from([*PLAIN, *QUIRKS, ":", "(", "]", "-", "1", "."]), max_size=12))
def test_any_text_is_read(line: str | list[str]) -> None:
    text = line if isinstance(line, str) else " ".join(line)
    own = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    for word in read_text(text):
        assert word.text in own
        assert 1 <= len(word.readings) <= MAX_READINGS
        assert all(spoken and " " not in spoken for reading in word.readings for spoken in reading)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLAIN), st.sampled_from([" ", ", ", "... ", " — ", "! ", "\n", " - "]))))
def test_plain_words_are_neither_lost_nor_changed(words: list[tuple[str, str]]) -> None:
    found = read_text("".join(word + behind for word, behind in words))
    assert [word.readings for word in found] == [((word,),) for word, _ in words]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLAIN), st.sampled_from(QUIRKS)), min_size=1, max_size=8))
def test_plain_words_between_others_are_kept_in_order(pairs: list[tuple[str, str]]) -> None:
    found = iter([word.text for word in read_text(" ".join(f"{word} {quirk}" for word, quirk in pairs))])
    assert all(word in found for word, _ in pairs)


def test_corrected_reading_keeps_the_words_of_the_line() -> None:
    words = read_line(read_text, "Room 237, Mr. Ng!", "room two three seven mister ing")
    assert [(word.text, word.spoken) for word in words] == [
        *(("Room", ("room",)), ("237", ("two", "three", "seven")), ("Mr", ("mister",)), ("Ng", ("ing",)))
    ]


def test_corrected_reading_of_a_line_in_signs_is_shown_as_it_is() -> None:
    assert [word.text for word in read_line(read_text, "♪", "la la")] == ["la", "la"]


@pytest.mark.parametrize(("tag", "is_read"), [("en", True), ("en-GB", True), ("en_US", True), ("ko-KR", False)])
def test_each_language_has_its_own_reader(tag: str, *, is_read: bool) -> None:
    assert (reader_for(tag) is not None) == is_read
