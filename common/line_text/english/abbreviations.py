"""Abbreviations, and short forms of casual speech: tables."""

from typing import Final

from common.line_text.english.pieces import Piece
from common.line_text.english.times import DAY_ABBREVIATIONS, MONTH_ABBREVIATIONS
from common.line_text.written_word import Reading, readings

# With a full stop behind. Where several readings stand, the place in the line decides which comes first.
_DOTTED: Final[dict[str, tuple[str, ...]]] = {
    **{"mr": ("mister",), "mrs": ("missus",), "ms": ("miz",), "mx": ("mix",), "messrs": ("messers",)},
    **{"dr": ("doctor", "drive"), "st": ("saint", "street"), "mt": ("mount", "mountain"), "ft": ("fort", "feet")},
    **{"jr": ("junior",), "sr": ("senior",), "prof": ("professor",), "capt": ("captain",), "esq": ("esquire",)},
    **{"col": ("colonel",), "gen": ("general",), "lt": ("lieutenant",), "sgt": ("sergeant",), "cpl": ("corporal",)},
    **{"pvt": ("private",), "maj": ("major",), "cmdr": ("commander",), "adm": ("admiral",), "det": ("detective",)},
    **{"insp": ("inspector",), "supt": ("superintendent",), "gov": ("governor",), "sen": ("senator",)},
    **{"rep": ("representative", "rep"), "pres": ("president",), "rev": ("reverend",), "hon": ("honorable",)},
    **{"amb": ("ambassador",), "atty": ("attorney",), "asst": ("assistant",), "msgr": ("monsignor",)},
    **{"ave": ("avenue",), "av": ("avenue",), "blvd": ("boulevard",), "rd": ("road",), "ln": ("lane",)},
    **{"ct": ("court",), "pl": ("place",), "sq": ("square",), "hwy": ("highway",), "pkwy": ("parkway",)},
    **{"rte": ("route",), "expy": ("expressway",), "ter": ("terrace",), "cir": ("circle",)},
    **{"apt": ("apartment",), "ste": ("suite",), "bldg": ("building",), "fl": ("floor", "F L"), "rm": ("room",)},
    **{"dept": ("department",), "univ": ("university",), "inst": ("institute",), "assn": ("association",)},
    **{
        "govt": ("government",),
        "natl": ("national",),
        "intl": ("international",),
        "admin": ("administration", "admin"),
    },
    **{"inc": ("incorporated", "ink"), "corp": ("corporation", "corp"), "ltd": ("limited",), "co": ("company", "co")},
    **{"bros": ("brothers",), "mfg": ("manufacturing",), "mgr": ("manager",), "dir": ("director",)},
    **{"vs": ("versus",), "v": ("versus", "V"), "etc": ("et cetera",), "approx": ("approximately",)},
    **{"est": ("established", "estimated"), "avg": ("average",), "max": ("maximum", "max"), "min": ("minimum", "min")},
    **{"ext": ("extension",), "tel": ("telephone",), "vol": ("volume",), "ch": ("chapter", "channel")},
    **{"pg": ("page",), "pgs": ("pages",), "pp": ("pages",), "fig": ("figure", "fig"), "sec": ("section", "second")},
    **{"nos": ("numbers",), "ed": ("edition", "ed"), "pop": ("population", "pop"), "temp": ("temperature", "temp")},
    **{"eng": ("engineer", "english"), "misc": ("miscellaneous",), "orig": ("original",), "no": ("number", "no")},
    **{"cont": ("continued",), "attn": ("attention",), "asap": ("A S A P", "A sap"), "ca": ("circa", "C A")},
    **{"calif": ("california",), "mass": ("massachusetts", "mass"), "penn": ("pennsylvania", "penn")},
    **{"fla": ("florida",), "conn": ("connecticut",), "tenn": ("tennessee",), "wash": ("washington", "wash")},
    **{"okla": ("oklahoma",), "tex": ("texas", "tex"), "colo": ("colorado",), "ariz": ("arizona",)},
    **{"minn": ("minnesota",), "wis": ("wisconsin",), "ill": ("illinois", "ill"), "mich": ("michigan",)},
    **{"in": ("inches", "in"), "lb": ("pounds", "pound"), "lbs": ("pounds",), "oz": ("ounces", "ounce")},
    **{"fr": ("father",), "br": ("brother",), "mme": ("madame",), "mlle": ("mademoiselle",), "ofc": ("officer",)},
    **{"ens": ("ensign",), "spc": ("specialist",), "snr": ("senior",), "jnr": ("junior",), "comdr": ("commander",)},
    **{"wk": ("week",), "wks": ("weeks",), "mos": ("months",), "secy": ("secretary",), "yr": ("year",)},
    **{"tpk": ("turnpike",), "cres": ("crescent",), "cpt": ("captain",)},
    **{"hr": ("hour", "hours"), "hrs": ("hours",), "mins": ("minutes",), "secs": ("seconds",), "yrs": ("years",)},
}
# Words without their full stop, too; and symbols.
_ALWAYS: Final[dict[str, tuple[str, ...]]] = {
    **{"mr": ("mister",), "mrs": ("missus",), "blvd": ("boulevard",), "sgt": ("sergeant",), "dept": ("department",)},
    **{"vs": ("versus",), "hwy": ("highway",), "w/": ("with",), "w/o": ("without",), "b/c": ("because",)},
    **{"w/out": ("without",), "w/in": ("within",), "s/he": ("she or he", "he or she"), "y/o": ("year old",)},
    **{"b/w": ("between", "B W"), "p/u": ("pick up",), "etc": ("et cetera",), "iou": ("I O U",)},
    **{"24x7": ("twenty four seven",), "five-0": ("five oh",), "five-o": ("five oh",), "w/e": ("whatever",)},
    **{"rock'n'roll": ("rock and roll", "rock n roll"), "ed.d": ("E D D",), "ok's": ("okays",)},
    **{"24/7/365": ("twenty four seven three sixty five",), "401(k)": ("four oh one K",), "401k": ("four oh one K",)},
    **{"403(b)": ("four oh three B",), "ok'd": ("okayed",), "oks": ("okays",), "1-up": ("one up",)},
    **{"xmas": ("christmas", "X mas"), "n/a": ("N A", "not applicable"), "c/o": ("care of",), "a/c": ("A C",)},
    **{"24/7": ("twenty four seven",), "9/11": ("nine eleven",), "50/50": ("fifty fifty",), "7/11": ("seven eleven",)},
    **{
        "20/20": ("twenty twenty",),
        "50-50": ("fifty fifty",),
        "9-1-1": ("nine one one",),
        "24-7": ("twenty four seven",),
    },
    **{
        "7-eleven": ("seven eleven",),
        "1st": ("first",),
        "c++": ("C plus plus",),
        "c#": ("C sharp",),
        "f#": ("F sharp",),
    },
    **{"o'": ("of", "o"), "'s": ("is",)},
    **{"&c": ("et cetera",), "ok": ("okay",), "o.k": ("okay",), "k.o": ("K O",), "mic'd": ("miked",)},
    **{"u.s": ("U S",), "a.k.a": ("A K A", "also known as"), "aka": ("A K A", "also known as")},
    **{"e.g": ("E G", "for example"), "i.e": ("I E", "that is"), "et": ("et",), "ph.d": ("P H D",), "phd": ("P H D",)},
    **{"phds": ("P H D's",), "ph.d.s": ("P H D's",), "b.sc": ("B S C",), "m.sc": ("M S C",), "esq": ("esquire",)},
}
# Followed by a capital, without a full stop, too: British titles.
_BEFORE_NAME: Final = {
    **{"ms": "miz", "dr": "doctor", "st": "saint", "mt": "mount", "ft": "fort", "lt": "lieutenant", "fr": "father"},
    **{"capt": "captain", "sgt": "sergeant", "prof": "professor", "gov": "governor", "cmdr": "commander"},
    **{"cpl": "corporal", "pvt": "private", "pfc": "P F C", "gen": "general"},
}
# As short messages write them, in small letters.
_TEXTING: Final = {
    **{"gr8": "great", "l8r": "later", "l8": "late", "b4": "before", "2nite": "tonight", "2day": "today"},
    **{"2morrow": "tomorrow", "4ever": "forever", "m8": "mate", "h8": "hate", "w8": "wait", "thx": "thanks"},
}
# Before a number only.
_PAGES: Final = {"p": ("page", "P"), "pt": ("part", "point"), "art": ("article", "art"), "par": ("paragraph",)}
_TITLE_AHEAD: Final = frozenset(("The", "My", "And", "With", "Dear"))
_BEHIND_NAME: Final = frozenset({"st", "dr", "ft", "mt"})
# Written with an apostrophe, which belongs to the word and is no quotation mark.
CONTRACTIONS: Final[dict[str, tuple[str, ...]]] = {
    **{"'cause": ("'cause", "cause", "cuz"), "'em": ("'em", "em", "um", "them"), "'til": ("'til",), "'till": ("'til",)},
    **{"'bout": ("'bout",), "'round": ("'round",), "'kay": ("kay",), "'nother": ("nother",), "'nuff": ("nuff",)},
    **{"'tis": ("tis",), "'twas": ("twas",), "'twill": ("twill",), "'twere": ("twere",), "'fraid": ("fraid",)},
    **{"'scuse": ("scuse",), "'ere": ("ere", "here"), "'ello": ("ello", "hello"), "'im": ("im", "him")},
    **{"'er": ("er", "her"), "'ey": ("hey", "ay"), "'ll": ("will",), "'ve": ("have",), "'re": ("are",)},
    **{"'cuz": ("cuz",), "'course": ("course", "of course"), "'specially": ("specially",), "'neath": ("neath",)},
    **{"'zat": ("zat",), "'cept": ("cept",), "'hood": ("hood",), "'burbs": ("burbs",), "'fore": ("fore",)},
    **{"'gainst": ("gainst",), "'way": ("way",), "'morning": ("morning",), "'night": ("night",), "'tude": ("tude",)},
    **{"'n'": ("and", "an", "un"), "'n": ("and", "an", "un"), "n'": ("and", "an", "un")},
    **{"cuz": ("cuz",), "coz": ("cuz",), "'coz": ("cuz",), "whatcha": ("whatcha",), "wha'": ("what",)},
    **{"ol'": ("ole", "old"), "an'": ("an", "and"), "lil'": ("little", "lil"), "li'l": ("little", "lil")},
    **{"mo'": ("mo", "more"), "po'": ("poor", "po"), "fo'": ("for", "fo"), "yo'": ("your", "yo"), "th'": ("the",)},
    **{"wi'": ("with",), "t'": ("to",), "jus'": ("just",), "tha'": ("that",), "gon'": ("gon",), "lemme": ("lemme",)},
}


def abbreviation(piece: Piece) -> tuple[Reading, ...]:
    """Returns the readings of an abbreviation by what stands beside it; empty for any other word.

    "St." before a name is a saint, behind one a street.
    """
    lower = piece.lower.strip("'")
    if lower in _ALWAYS:
        return readings(*_ALWAYS[lower])
    if piece.core in _TEXTING:
        return readings(_TEXTING[piece.core])
    return _dotted(lower, piece) if piece.is_dotted else _undotted(lower, piece)


def _undotted(lower: str, piece: Piece) -> tuple[Reading, ...]:
    """Titles before a name, "No" before a number, and generations behind a name."""
    after = piece.after
    if lower in {"jr", "sr"} and piece.before[:1].isupper():
        return readings(*_DOTTED[lower])
    if piece.mark_after or not piece.core[:1].isupper():
        return ()
    if lower == "no" and after[:1].isdigit():
        is_count = len(piece.follows) > 1 and piece.follows[1].islower()
        return readings("no", "number") if is_count else readings("number", "no")
    if lower in _BEFORE_NAME and after[:1].isupper() and (len(after) > 1 or lower != "gen"):
        return readings(_BEFORE_NAME[lower])
    return ()


def _dotted(lower: str, piece: Piece) -> tuple[Reading, ...]:
    """Abbreviations with their full stop, by what stands beside them."""
    before, after = piece.before, piece.after
    if lower == "sr" and after[:1].isupper() and (not before or before.islower() or before in _TITLE_AHEAD):
        return readings("sister", "senior")
    if lower in _PAGES:
        return readings(*_PAGES[lower]) if after[:1].isdigit() or set(after or "-") <= set("IVXL") else ()
    if lower in MONTH_ABBREVIATIONS or lower in DAY_ABBREVIATIONS:
        return _dotted_date(lower, piece)
    found = readings(*_DOTTED.get(lower, ()))
    if lower in _TITLES_AND_WORDS and not (piece.core[:1].isupper() and after[:1].isupper()):
        return ()
    if lower in _STATES_AND_WORDS:
        return found if piece.mark_before == "," and before[:1].isupper() else ()
    if lower in _SHORT_WORDS and not before[:1].isupper():
        return found[::-1]
    if lower in {"no", "sec"}:
        return found if after[:1].isdigit() or after.startswith("#") else ()
    if lower in _NAMES and piece.core[:1].isupper() and not (before[:1].isdigit() or after[:1].isdigit()):
        return ()
    if lower in {"in", "v", "ed", "pop", "fig", "co", "est", "max", "min", "dir"}:
        return found if _fits(lower, before, after) else ()
    return found[::-1] if _stands_behind_name(lower, before, after) else found


def _dotted_date(lower: str, piece: Piece) -> tuple[Reading, ...]:
    """Months and days; some are also names and other words."""
    before, after = piece.before.lower(), piece.after
    is_beside = before[:1].isdigit() or after[:1].isdigit()
    if lower in MONTH_ABBREVIATIONS:
        month = MONTH_ABBREVIATIONS[lower]
        if lower not in {"mar", "jan"}:
            return readings(month)
        return readings(month, lower) if is_beside or before in _BEFORE_MONTHS else readings(lower, month)
    if not piece.core[:1].isupper():
        return ()
    day = DAY_ABBREVIATIONS[lower]
    is_day = is_beside or before in _BEFORE_DAYS or after in MONTHS_BEHIND
    return readings(day, lower) if is_day else readings(lower, day)


_BEFORE_DAYS: Final = frozenset(("on", "this", "next", "last", "every", "until", "by", "since"))
_BEFORE_MONTHS: Final = _BEFORE_DAYS | {"in", "of", "from", "early", "late", "mid"}
# Also whole words, by which a sentence ends ("Come on, hon.").
_TITLES_AND_WORDS: Final = frozenset(("rep", "hon", "rev", "gov"))
_STATES_AND_WORDS: Final = frozenset(("penn", "tex", "conn", "wash", "mass", "ill"))
_NAMES: Final = frozenset(("max", "ed", "pop", "min"))
_SHORT_WORDS: Final = frozenset(("temp", "admin", "corp"))
MONTHS_BEHIND: Final = frozenset(name.capitalize() for name in MONTH_ABBREVIATIONS)


def _fits(lower: str, before: str, after: str) -> bool:
    """True where a word that is also an abbreviation is likely to be one."""
    number_before = before[:1].isdigit()
    names = before[:1].isupper() and (after[:1].isupper() or not after)
    return {"in": number_before, "min": number_before, "v": before[:1].isupper()}.get(
        lower, names or after[:1].isdigit() or number_before
    )


def _stands_behind_name(lower: str, before: str, after: str) -> bool:
    if lower not in _BEHIND_NAME:
        return False
    is_behind = (before[:1].isupper() and before.lower() not in _NO_NAMES) or before[:1].isdigit()
    return (
        is_behind
        and not (after[:1].isupper() and before.lower() in _NO_NAMES)
        and not (after[:1].isupper() and lower == "dr")
    )


_NO_NAMES: Final = frozenset(
    (
        *("the", "a", "in", "to", "at", "from", "of", "is", "and", "by", "on", "see", "ask", "call", "thank", "hello"),
        *("hi", "dear", "yes", "no", "well", "so", "oh", "my", "meet", "good", "visit", "near", "leave", "where", "i"),
    )
)
