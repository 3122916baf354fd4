"""Abbreviations, and short forms of casual speech: tables."""

from typing import Final

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
    **{"hr": ("hour", "hours"), "hrs": ("hours",), "mins": ("minutes",), "secs": ("seconds",), "yrs": ("years",)},
}
# Words without their full stop, too; and symbols.
_ALWAYS: Final[dict[str, tuple[str, ...]]] = {
    **{"mr": ("mister",), "mrs": ("missus",), "blvd": ("boulevard",), "sgt": ("sergeant",), "dept": ("department",)},
    **{"vs": ("versus",), "hwy": ("highway",), "w/": ("with",), "w/o": ("without",), "b/c": ("because",)},
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
_BEFORE_NAME: Final = {"ms": "miz", "dr": "doctor", "st": "saint", "mt": "mount", "ft": "fort", "lt": "lieutenant"}
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


def abbreviation(lower: str, *, is_dotted: bool, before: str, after: str) -> tuple[Reading, ...]:
    """Returns the readings of an abbreviation; empty for any other word.

    `before` and `after` are the words beside it, in their own spelling: "St." before a name is a saint, behind one a
    street.
    """
    if lower in _ALWAYS:
        return readings(*_ALWAYS[lower])
    if not is_dotted:
        is_title = lower in _BEFORE_NAME and after[:1].isupper()
        return readings(_BEFORE_NAME[lower]) if is_title else ()
    if lower in MONTH_ABBREVIATIONS:
        return readings(MONTH_ABBREVIATIONS[lower], *([lower] if lower in {"mar", "jan"} else []))
    if lower in DAY_ABBREVIATIONS:
        is_day = (
            before.lower() in {"on", "this", "next", "last", "every"} or after[:1].isdigit() or after in MONTHS_BEHIND
        )
        return readings(*((DAY_ABBREVIATIONS[lower], lower) if is_day else (lower, DAY_ABBREVIATIONS[lower])))
    found = readings(*_DOTTED.get(lower, ()))
    if lower == "no":
        return found if after[:1].isdigit() or after.startswith("#") else ()
    if lower in {"in", "v", "ed", "ill", "wash", "mass", "pop", "fig", "co", "est", "max", "min", "sec", "dir"}:
        return found if _fits(lower, before, after) else ()
    return found[::-1] if _stands_behind_name(lower, before, after) else found


MONTHS_BEHIND: Final = frozenset(name.capitalize() for name in MONTH_ABBREVIATIONS)


def _fits(lower: str, before: str, after: str) -> bool:
    """True where a word that is also an abbreviation is likely to be one."""
    number_before = before[:1].isdigit()
    names = before[:1].isupper() and (after[:1].isupper() or not after)
    return {"in": number_before, "sec": number_before, "min": number_before, "v": before[:1].isupper()}.get(
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
