"""The reading of written forms that is expected first: the one that most speakers use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.line_text.english.reader import read_text
from common.line_text.written_word import MAX_READINGS

# Kind → lines with what is said. Lines of one kind differ in their numbers, marks and places.
FIRST: dict[str, dict[str, str]] = {
    "Roman numerals": {
        "He fought in WWII.": "he fought in world war two",
        "WWI ended; WW2 began.": "world war one ended world war two began",
        "WW II, WWIII": "world war two world war three",
        "Rocky IV, Henry VIII's wives": "rocky four henry the eighth's wives",
        "Super Bowl XLVII, Super Bowl LIV": "super bowl forty seven super bowl fifty four",
        "Act III, Scene II, Chapter IX.": "act three scene two chapter nine",
        "Pope John Paul II waved.": "pope john paul the second waved",
        "Thurston Howell III": "thurston howell the third",
        "Star Wars Episode V.": "star wars episode five",
        "Part I begins. After World War I.": "part one begins after world war one",
        "Elizabeth I ruled.": "elizabeth the first ruled",
        "Ch. IV, Pt. II, Vol. XII": "chapter four part two volume twelve",
        "THE XXI CENTURY, ROCKY II": "the twenty first century rocky two",
        "The XXI century, MCMXCIX": "the twenty first century nineteen ninety nine",
        "World War I veterans, the Type I kind": "world war one veterans the type one kind",
        "Malcolm X drove a Model X.": "malcolm X drove a model X",
    },
    "no Roman numerals": {
        "That's the part I like.": "that's the part i like",
        "THE DAY I DIED.": "the day i died",
        "Henry, I know.": "henry i know",
        "Elizabeth I love you.": "elizabeth i love you",
        "DID you MIX it? A CIVIC duty.": "did you mix it a civic duty",
        "Put in an IV.": "put in an I V",
        "I saw X there.": "i saw x there",
    },
    "units": {
        "Wait 2 min.": "wait two minutes",
        "Give me 30 sec. or 1 hr.": "give me thirty seconds or one hour",
        "It took 5 hrs.": "it took five hours",
        "He's 6 ft. 2 in. tall.": "he's six foot two tall",
        "I lost 10 lbs. in 3 wks.": "i lost ten pounds in three weeks",
        "Add 3 oz. and 2 tbsp.": "add three ounces and two tablespoons",
        "100 sq. ft.": "a hundred square feet",
        "Ten min. left, 10-15 min. at most.": "ten minutes left ten to fifteen minutes at most",
        "A 5 min. break, a 6-ft fence": "a five minute break a six foot fence",
        "The 100m dash, a 20ft wall": "the one hundred meter dash a twenty foot wall",
        "HE'S 6 FT. 2 IN.": "he's six foot two",
        "Wait a sec.": "wait a sec",
        "Come on in.": "come on in",
    },
    "strokes": {
        "I'm w/ you, w/o milk, b/c of it.": "i'm with you without milk because of it",
        "24/7, and/or": "twenty four seven and or",
        "He/she lost his/her keys.": "he or she lost his or her keys",
        "On 9/11 or 12/25": "on nine eleven or december twenty fifth",
        "On 5/8 we met.": "on may eighth we met",
        "The 7/4 party": "the july fourth party",
        "Add 3/4 cup, 1/8 inch.": "add three quarters cup an eighth inch",
        "8/10, 10/10, 9/10 of it": "eight out of ten ten out of ten nine tenths of it",
        "In 3/4 time, at ½-price": "in three four time at half price",
        "On 12-25-2020": "on december twenty fifth twenty twenty",
    },
    "rates": {
        "$3.50/hr.": "three fifty an hour",
        "It's $20/hr now.": "it's twenty dollars an hour now",
        "$9/mo., $5/lb": "nine dollars a month five dollars a pound",
        "He did 60 mph.": "he did sixty miles per hour",
        "5 km/h, 10 m/s": "five kilometers per hour ten meters per second",
        "100%/yr": "one hundred percent a year",
        "2x/week, 3x/day": "twice a week three times a day",
        "$10/day, 60 miles/hr": "ten dollars a day sixty miles per hour",
    },
    "results and ranges": {
        "We won 5-0.": "we won five nothing",
        "They lost 3-2.": "they lost three to two",
        "It's 2-2, 0-0.": "it's two all zero zero",
        "We're 0-3. Ages 0-3.": "we're oh and three ages zero to three",
        "10-15 minutes, 20 - 30 people": "ten to fifteen minutes twenty to thirty people",
        "5-10%, $5-10, 10-15min": "five to ten percent five to ten dollars ten to fifteen minutes",
        "9am-5pm, 5-6pm": "nine A M to five P M five to six P M",
        "Mon-Fri, A-Z": "monday to friday A to Z",
        "10-4, a 1-2 punch": "ten four a one two punch",
        "Hawaii Five-0": "hawaii five oh",
        "Odds of 2:1, in 16:9": "odds of two to one in sixteen nine",
    },
    "times": {
        "1:00:00": "one hour",
        "00:30 left": "thirty seconds left",
        "0:59": "fifty nine seconds",
        "2:00 left": "two minutes left",
        "7:05, 12:00": "seven oh five twelve o'clock",
        "5:30pm, 5 p.m., 8am": "five thirty P M five P M eight A M",
        "13:00, 0600 hours": "thirteen hundred oh six hundred hours",
        "Meet @ 5pm.": "meet at five P M",
    },
    "signs": {
        "10², x³, E=mc²": "ten squared X cubed E equals M C squared",
        "5 m², 10⁶": "five square meters ten to the sixth",
        "½, ¾, ⅛": "half three quarters an eighth",
        "It's 5°C or -5°.": "it's five degrees celsius or minus five degrees",
        "±2, ≈ 5, ~50": "plus or minus two about five about fifty",
        "№ 5, #1, § 8": "number five number one section eight",
        "2+2=4, 5x5=25": "two plus two equals four five times five equals twenty five",
        "5 > 3, 10÷2": "five is greater than three ten divided by two",
        "I <3 you, AB+": "i love you A B plus",
    },
    "initials": {
        "J. K. Rowling": "J K rowling",
        "J.R.R. Tolkien": "J R R tolkien",
        "Samuel L. Jackson": "samuel L jackson",
        "George W. Bush, Robert E. Lee": "george W bush robert E lee",
        "Call Mr. T. Now.": "call mister T now",
        "It was I. Then a T. rex.": "it was i then a T rex",
    },
    "names with numbers": {
        "221B Baker Street": "two twenty one B baker street",
        "Gate 4B, Apartment 12C, Seat 23F": "gate four B apartment twelve C seat twenty three F",
        "Flight 370, Highway 101, Route 66": "flight three seventy highway one oh one route sixty six",
        "Area 51, Section 8, Room 100": "area fifty one section eight room one hundred",
        "Boeing 747, Room 237, Suite 1408": "boeing seven forty seven room two thirty seven suite fourteen oh eight",
        "742 Evergreen Terrace": "seven forty two evergreen terrace",
        "Porsche 911, Blink-182, T-1000": "porsche nine eleven blink one eighty two T one thousand",
        "T-10, C-3PO, B-52, iPhone 15": "T minus ten C three P O B fifty two I phone fifteen",
        "Over 180 days": "over one hundred eighty days",
        "In 1066": "in ten sixty six",
    },
    "abbreviations": {
        "Dr. No, St. Mary's St., No. 5": "doctor no saint mary's street number five",
        "No.5, Mr.Smith": "number five mister smith",
        "Capt Kirk, Fr. Ted, p. 42, pt. 2": "captain kirk father ted page forty two part two",
        "5th Ave, E. 42nd St.": "fifth avenue east forty second street",
        "Dallas, TX": "dallas texas",
        "Oct 31, Mon. morning": "october thirty first monday morning",
        "Come on, hon. Sean Penn.": "come on hon sean penn",
        "Ph.D., M.I.T., the U.S., a.k.a. R.I.P.": "P H D M I T the U S A K A R I P",
        "gr8, etc, Q&As, M&M's": "great et cetera Q and A's M and M's",
    },
    "numbers": {
        "100s of people, 1,000,001": "hundreds of people one million one",
        "A 1,000-yard stare": "a one thousand yard stare",
        "A .45 caliber, a .357 Magnum": "a forty five caliber a three fifty seven magnum",
        "A $100 bill, a $20 million deal": "a one hundred dollar bill a twenty million dollar deal",
        "$ 5, 5 %, 90 °F": "five dollars five percent ninety degrees fahrenheit",
        "v2.0, 1080p, 401(k)": "version two point oh ten eighty P four oh one K",
        "(212) 555-1234": "two one two five five five one two three four",
        "the '00s, 20-somethings": "the two thousands twenty somethings",
        "4 July 1990": "the fourth of july nineteen ninety",
    },
    "capitals": {
        "D-Day, R-rated, W-what": "D day R rated wuh what",
        "A-OK, IOU, Y2K, MI6": "A okay I O U Y two K M I six",
    },
}
# Line → one of its words and a reading that may be said instead.
ALSO = [
    ("He fought in WWII.", "WWII", "W W two"),
    ("We won 5-0.", "5-0", "five oh"),
    ("We won 5-0.", "5-0", "five to zero"),
    ("We won 5-0.", "5-0", "five nil"),
    ("On 12/25", "12/25", "twelve twenty five"),
    ("On 12/25", "12/25", "december the twenty fifth"),
    ("1/2", "1/2", "one half"),
    ("$20/hr", "$20/hr", "twenty dollars per hour"),
    ("he/she", "he/she", "he slash she"),
    ("00:30", "00:30", "zero thirty"),
    ("221B", "221B", "two two one B"),
    ("4B", "4B", "four billion"),
    ("m²", "m²", "meters squared"),
    ("Flight 370", "370", "three seven oh"),
    ("$2K", "$2K", "two thousand dollars"),
    ("2x", "2x", "two times"),
]
# Line → its words: marks that stay where something is not spoken are no words.
LEFT_OVER = [
    ("- [sighs], I know.", "i know"),
    ('"[laughs]" he said.', "he said"),
    ("JOHN: - Hello.", "hello"),
    ("[music] & [laughs] Hi!", "hi"),
    ("I know [coughs] , but = wait.", "i know but equals wait"),
    ("[sighs] % [coughs] yes +", "yes"),
    ("$ hello @", "hello"),
    ("I'm fine :) <3", "i'm fine"),
]
ROWS = [(line, said) for lines in FIRST.values() for line, said in lines.items()]
PARTS = [word for line, _ in ROWS for word in line.split()]


def first_reading(line: str) -> str:
    return " ".join(spoken for word in read_text(line) for spoken in word.spoken)


@pytest.mark.parametrize(("line", "said"), ROWS)
def test_most_usual_reading_comes_first(line: str, said: str) -> None:
    assert first_reading(line) == said


@pytest.mark.parametrize(("line", "text", "said"), ALSO)
def test_less_usual_readings_are_offered(line: str, text: str, said: str) -> None:
    readings = {word.text: [" ".join(own) for own in word.readings] for word in read_text(line)}
    assert said in readings[text][1:]


@pytest.mark.parametrize(("line", "said"), LEFT_OVER)
def test_marks_beside_what_is_not_spoken_are_no_words(line: str, said: str) -> None:
    assert first_reading(line) == said


@pytest.mark.parametrize("line", ["&", "[music] & [laughs]", "@", "- & -", '"[beep]" -', ":)", "$", "± ="])
def test_line_of_marks_has_no_word(line: str) -> None:
    assert read_text(line) == []


@pytest.mark.parametrize(
    "part", ["w/", "9", "1/", "1-", "X", "2+2=", "@1", "$1", "a.", "&", "<3 ", "²", "1:1:", "A-", "'"]
)
def test_part_repeated_without_end_is_read(part: str) -> None:
    for word in read_text(part * 1000):
        assert 1 <= len(word.readings) <= MAX_READINGS


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=10))
def test_parts_of_lines_in_any_order_have_few_readings(parts: list[str]) -> None:
    for word in read_text(" ".join(parts)):
        assert 1 <= len(word.readings) <= MAX_READINGS
        assert all(any(map(str.isalpha, spoken)) for reading in word.readings for spoken in reading)
