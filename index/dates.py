"""Dates as ISO, from one expression or within a text; a part that is not written is never guessed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_EARLIEST = 1900
"""Years before it come from clocks and spreadsheets (0001, 1601, 1899), hardly ever from news."""
_UNSET = date(1970, 1, 1)
"""What systems write when they have no date."""
_AHEAD = timedelta(days=2)
"""How far a date may lie ahead of this machine's: time zones and clocks differ."""

_MONTH = r"(?!(?:mon|tue|wed|thu|fri|sat|sun)(?:\w*day)?\b)[^\W\d_]{3,12}\.?"
_NTH = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_OF = r"(?:\s?[.,/-]\s?|\s(?:of\s|de[ln]?\s|d['’])?)"
_YEAR = r"[12]\d{3}"
_DATE = rf"""(?:(?<![\w.:/+])|(?<=[一-鿿]))(?<!\w[–-])(?P<date>
      {_YEAR}(?:[./-]\d\d?[./-]\d\d?|\s?[年년]\s?\d\d?\s?[月월]\s?\d\d?\s?[日일]|\d{{4}}|\.?\s{_MONTH}\s\d\d?\.?)
    | \d\d?(?:\.\s?\d\d?\.\s?|/\d\d?/|-\d\d?-){_YEAR}
    | \d\d?{_NTH}{_OF}{_MONTH}{_OF}{_YEAR}
    | {_MONTH}\s\d\d?{_NTH},?\s{_YEAR}
    )(?:(?!\w)|(?=T\d)|(?<=[日일]))"""
_ZONE = r"""(?:\s?(?:(?-i:Z|[A-Z]{2,5})\b|(?:GMT|UTC)?[+-]\d\d?(?::?\d\d)?
    | \((?-i:[A-Z]{2,5})\)|\(?(?:local|[a-z]+(?:\s(?:standard|daylight))?)\stime\)?|Uhr))*"""
_TIME = rf"(?:[0-2]?\d[:.h][0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|[01]?\d(?=\s?[ap]\.?m\b))\s?(?:[ap]\.?m\b\.?)?{_ZONE}"
# dateparser tells a weekday from another word, but skips over these.
_WEEKDAY = r"(?:(?P<weekday>(?!(?:by|after|in|on|the|to|kl)\b)[^\W\d_]{2,12})\.?,?\s)?"
_STAMP = re.compile(
    rf"""(?:(?<!\w){_TIME}\s?(?:,|on|[|/–—-])?\s?)?{_WEEKDAY}{_DATE}
    (?:T\d{{4,6}}{_ZONE}|T{_TIME}|\s?(?:[（(]\w[）)]|(?:星期|周)\w))?
    (?:\s?(?:,|at|um|à|kl\.?|[|/·–—-])?\s?{_TIME}(?!\w))?""",
    re.IGNORECASE | re.VERBOSE,
)
_LINKS = {"of", "de", "del", "den", "st", "nd", "rd", "th", "er"}
_DAY_FIRST = set(
    [
        "ar",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en-au",
        "en-gb",
        "en-ie",
        "en-in",
        "en-nz",
        "en-sg",
        "en-za",
        "es",
        "et",
        "fi",
        "fr",
        "he",
        "hr",
        "id",
        "it",
        "lv",
        "nb",
        "nl",
        "nn",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "tr",
        "uk",
        "vi",
    ]
)
"""Languages whose dates in figures have the day first; "en" and "en-CA" are written both ways."""


@dataclass(frozen=True)
class DateSpan:
    """A date within a text, its weekday and time included: text[start:end]."""

    start: int
    end: int
    date: str


def parse_date(value: str, language: str | None = None, today: date | None = None) -> str | None:
    """The ISO date of one date expression, as it is written there: no time zone is applied, no part is guessed.

    None without a day, month or year of four digits; before 1900; more than two days after `today`; for
    1970-01-01, which systems write for none; and with words besides a weekday, time and zone. "10.11.2025" has
    the day first; of "10/11/2025" only `language` can tell, a tag such as "fr" or "en-GB" (not "en" alone).
    """
    match = _STAMP.fullmatch(" ".join(value.split()))
    return _iso(match, match["weekday"], (), language, today) if match else None


def find_dates(text: str, language: str | None = None, today: date | None = None) -> Iterator[DateSpan]:
    """The full dates in `text`, months named in `language` or English; bounds as for `parse_date`."""
    languages = list(dict.fromkeys([_primary(language or "en"), "en"]))
    for match in _STAMP.finditer(text):
        with_weekday = _iso(match, match["weekday"], languages, language, today)
        found = with_weekday or _iso(match, None, languages, language, today)
        if found:
            yield DateSpan(match.start() if with_weekday else match.start("date"), match.end(), found)


def _iso(
    match: re.Match[str], weekday: str | None, languages: Sequence[str], language: str | None, today: date | None
) -> str | None:
    """The date of a match of `_STAMP`; None when it is not plain, not possible, or follows no `weekday`."""
    written = match["date"]
    month = max((w for w in re.findall(r"[^\W\d_]{3,}", written) if w.lower() not in _LINKS), key=len, default=None)
    numbers = re.findall(r"\d+", written)
    if month:
        day, year = sorted(numbers, key=len)
        return _plausible(_worded(f"{weekday or ''} {day} {month} {year}", languages), today)
    if weekday and not _worded(f"{weekday} 1/2/2020", languages):
        return None
    if len(numbers) == 1:
        numbers = [written[:4], written[4:6], written[6:]]
    if len(numbers[0]) < 4:
        numbers = _year_first(numbers, written, (language or "").lower().replace("_", "-"))
    try:
        return _plausible(date(*map(int, numbers)), today) if numbers else None
    except ValueError:
        return None


def _year_first(numbers: Sequence[str], written: str, language: str) -> list[str]:
    """Year, month, day of numbers that end with the year; empty when nothing tells which is the month."""
    first, second, year = numbers
    day_first = language in _DAY_FIRST or (_primary(language) in _DAY_FIRST and not language.endswith("-us"))
    if "." in written or int(first) > 12 or first == second or (day_first and int(second) <= 12):
        return [year, second, first]
    return [year, first, second] if int(second) > 12 or language == "en-us" else []


def _primary(language: str) -> str:
    return re.split(r"[-_]", language.lower())[0]


def _worded(words: str, languages: Sequence[str]) -> date | None:
    """The date of a weekday, day, month's name and year in one of `languages`, in any when none is given."""
    import dateparser  # deferred: reads its locale data on import

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    try:
        found = dateparser.parse(words, languages=list(languages) or None, settings=settings)
    except ValueError:  # a language that dateparser does not know
        found = dateparser.parse(words, languages=["en"], settings=settings)
    return date(found.year, found.month, found.day) if found else None


def _plausible(found: date | None, today: date | None) -> str | None:
    if found is None or found.year < _EARLIEST or found == _UNSET:
        return None
    return found.isoformat() if found <= (today or date.today()) + _AHEAD else None
