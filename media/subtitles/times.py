"""Times of cues: read, or refused with the cue's number."""

import re

from media.subtitles.cues import SubtitlesUnreadable

MAX_TIME_S = 86_400.0
# Longer rows are text: the times and settings of a cue are shorter, and the pattern takes quadratic time.
_MAX_ROW = 300

_TIME = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9})|:(\d{3}))?(?=\s|$)")
_CLOCK = r"[-−+]?\d{1,6} ?: ?\d{1,2} ?: ?\d{1,2}(?: ?[.,:] ?\d{1,9})?"
_ARROW = re.compile(r" ?(?:-{1,3} ?>|=>|[–—―]>?|→|--) ?")
# Editors and translators damage arrows: two full times in a row are meant as the times of a cue, too.
_TIMES_OF_CUE = re.compile(rf"\d ?[:.,] ?\w.*-->|-->.*\d ?[:.,] ?\w|^{_CLOCK}(?: ?\D{{0,4}} ?){_CLOCK}")
_NEAR_POINT = re.compile(r" ?([:.,]) ?")


def is_timing(row: str) -> bool:
    """Returns whether a row of a text format holds the times of a cue, readable or not."""
    return len(row) <= _MAX_ROW and _TIMES_OF_CUE.search(" ".join(row.split())) is not None


def read_timing(row: str, number: str) -> tuple[float, float]:
    """Returns start and end in seconds of `00:00:01,000 --> 00:00:02,500 …`, in order; raises SubtitlesUnreadable."""
    sides = _ARROW.split(" ".join(row.split()), maxsplit=1)
    if len(sides) != 2:
        raise SubtitlesUnreadable("cue_time_unreadable", number, time=row.strip()[:60])
    return in_order(read_time(sides[0], number), read_time(sides[1], number), number)


def in_order(start_s: float, end_s: float, number: str) -> tuple[float, float]:
    """Returns start and end in seconds; raises SubtitlesUnreadable where a cue ends before it starts."""
    if end_s < start_s:
        raise SubtitlesUnreadable("cue_ends_before_start", number, start_s=f"{start_s:g}", end_s=f"{end_s:g}")
    return start_s, end_s


def read_time(text: str, number: str) -> float:
    """Returns the seconds of the time at the start of `text`: hours and fraction may be missing.

    Raises SubtitlesUnreadable for a time that is no time, negative, or later than MAX_TIME_S.
    """
    compact = _NEAR_POINT.sub(r"\1", text.strip())
    if compact[:1] in ("-", "−"):
        raise SubtitlesUnreadable("cue_time_negative", number, time=compact[:60])
    found = _TIME.match(compact)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        raise SubtitlesUnreadable("cue_time_unreadable", number, time=compact[:60])
    fraction = found[4] or found[5] or "0"
    seconds = int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) + float(f"0.{fraction}")
    if seconds > MAX_TIME_S:
        raise SubtitlesUnreadable("cue_time_too_late", number, time=compact[:60], max_hours=f"{MAX_TIME_S / 3600:g}")
    return round(seconds, 3)
