"""Dates in a sentence, also incomplete and relative ones, and whether one bears out another."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.grounding.words import units, valued

_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_WEEKDAYS = {name.casefold(): n for n, name in enumerate(calendar.day_name)}
_NAMED_MONTH = "|".join(sorted((m.title() for m in _MONTHS), key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_PATTERN = re.compile(
    rf"""(?<![\w./])(?<![A-Z\d]-)(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)
    | (?P<day1>{_DAY})(?:st|nd|rd|th)?(?:\s?[–-]\s?(?P<last1>{_DAY}))?\s+(?:of\s+)?
      (?P<month1>{_NAMED_MONTH})\b\.?(?:,?\s+(?P<year1>{_YEAR}))?
    | (?P<month2>{_NAMED_MONTH})\b\.?\s+(?P<day2>{_DAY})(?:st|nd|rd|th)?(?!\d|,\d)
      (?:\s?[–-]\s?(?P<last2>{_DAY})(?!\d))?(?:,?\s+(?P<year2>{_YEAR}))?
    | (?P<month3>{_NAMED_MONTH})\b\.?(?:\s+(?:of\s+)?(?P<year3>{_YEAR}))?
    | (?P<part>(?:first|second|third|fourth|last)\s+(?:half|quarter)|[HQ][1-4])
      (?:\s+of\s+(?P<of>(?:the|last|this|next)\s+year|{_YEAR})|\s+(?P<year4>{_YEAR}))?
    | [Ff]irst\s(?P<first>\w+)\smonths(?:\s+of\s+(?P<of2>the\s+year|last\s+year|this\s+year|{_YEAR}))?
    | (?:(?P<next>[Nn]ext|[Ll]ast|[Tt]his)\s)?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)
      (?:\s+(?:of\s+)?(?P<year6>{_YEAR}))?
    | (?P<decade>(?:1[5-9]|20)\d0)s
    | (?P<weekday>{"|".join(w.title() for w in _WEEKDAYS)})
    | (?P<relative>(?:[Tt]his|[Ll]ast|[Nn]ext|[Pp]revious)\s(?:year|month)|[Yy]esterday|[Tt]oday|[Tt]omorrow)
    | (?P<year5>{_YEAR})
    )(?![\w%])(?!\.\d|,\d{{3}})""",
    re.VERBOSE,
)
_PARTS = {"first half": (1, 6), "second half": (7, 12), "last half": (7, 12), "first quarter": (1, 3)}
_PARTS |= {"second quarter": (4, 6), "third quarter": (7, 9), "fourth quarter": (10, 12), "last quarter": (10, 12)}
_PARTS |= {"h1": (1, 6), "h2": (7, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 12)}
_BEFORE_A_MONTH = re.compile(
    r"\b(?:in|since|by|until|till|of|from|to|last|next|this|early|late|mid|and|for|before|after|during|between|through)"
    r"[\s-]$",
    re.IGNORECASE,
)
_BEFORE_A_YEAR = re.compile(
    r"\b(?:in|since|by|until|till|of|from|to|early|late|mid|end|for|before|after|during|between|through|year|fiscal|and"
    r"|the)[\s-]$|[(–-]$",
    re.IGNORECASE,
)
_SHARED_YEAR = re.compile(
    rf"\s?(?:to|and|until|[–-])\s?(?:\d{{1,2}}\s)?(?:{_NAMED_MONTH})\b\.?(?:\s\d{{1,2}},?)?\s({_YEAR})"
)
_AHEAD = re.compile(
    r"\b(?:will|would|next|due|plans?|planned|by|until|expect\w*|scheduled|from|is to|are to)\b[^.]*$", re.IGNORECASE
)
_EDGE = re.compile(r"\b(?:between|from|and|to|until|till|through|by)\s$", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?P<which>this|last|next|previous|the following)\s"
    r"(?P<unit>year|month|week|quarter|spring|summer|autumn|winter|season)\b"
    r"|\b(?P<day>yesterday|today|tomorrow)\b",
    re.IGNORECASE,
)
_NOT_A_MONTH = re.compile(r"(?:\b(?:[Ww]ho|[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ww]e|I|[Yy]ou|that|which)\s)$")


@dataclass(frozen=True)
class Moment:
    """The date at text[start:end], as far as it is told: `months` are the first and the last one it may be of.

    `year` and `day` are 0 where they are not told. `days` are the dates that a weekday or "yesterday" can mean.
    """

    start: int
    end: int
    year: int = 0
    months: tuple[int, int] = (0, 0)
    day: int = 0
    last_day: int = 0
    weekday: int = -1
    days: tuple[date, ...] = ()
    decade: bool = False
    edge: bool = False
    """Whether it is where a time begins or ends: "from March", "until June"."""


@lru_cache(maxsize=20_000)
def moments(text: str, published: str | None = None) -> tuple[Moment, ...]:
    """The dates in `text`; what is relative, or without a year, is seen from the day of publication (ISO), if known."""
    seen_from = date.fromisoformat(published[:10]) if published and re.match(r"\d{4}-\d\d-\d\d", published) else None
    return tuple(_moments(text, seen_from))


def _moments(text: str, seen_from: date | None) -> Iterator[Moment]:
    for match in _PATTERN.finditer(text):
        found = _moment(text, match, seen_from)
        if found:
            yield found


def _moment(text: str, match: re.Match[str], seen_from: date | None) -> Moment | None:
    at = match.span()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return Moment(*at, year, (month, month), day)
    if match["decade"]:
        return Moment(*at, int(match["decade"]), decade=True)
    if match["weekday"]:
        number = _WEEKDAYS[match["weekday"].casefold()]
        return Moment(*at, weekday=number, days=_near_weekdays(number, seen_from))
    if match["relative"]:
        return _relative(at, match["relative"].casefold(), seen_from)
    if match["part"]:
        return _part(text, at, match["part"], match["year4"] or match["of"] or "", seen_from)
    if match["first"]:
        word = match["first"].casefold()
        number = int(word) if word.isdecimal() else int(valued("numbers").get(word, 0))
        months = (1, number) if 1 < number < 12 else None
        year = _year_of(match["of2"] or "", seen_from)
        return Moment(*at, year or (seen_from.year if seen_from else 0), months) if months else None
    if match["season"]:
        shift = {"next": 1, "last": -1}.get((match["next"] or "").casefold(), 0)
        year = int(match["year6"] or 0) or (seen_from.year + shift if seen_from and match["next"] else 0)
        return Moment(*at, year, _SEASONS[match["season"].casefold()])
    if match["year5"]:
        return Moment(*at, int(match["year5"])) if _is_year(text, *at) else None
    name = match["month1"] or match["month2"] or match["month3"]
    month = _MONTHS[name.casefold()]
    year = int(match["year1"] or match["year2"] or match["year3"] or 0)
    day = int(match["day1"] or match["day2"] or 0)
    before = text[max(0, match.start() - 60) : match.start()]
    a_word = not day and not year and (name in ("May", "March", "Mar") or len(name) == 3)
    if a_word and (_NOT_A_MONTH.search(before) or not _BEFORE_A_MONTH.search(before)):
        return None
    shared = None if year else _SHARED_YEAR.match(text, match.end())
    if shared:
        year = int(shared[1])
    elif not year and seen_from:
        year = _year_near(month, day or 15, seen_from, ahead=bool(_AHEAD.search(before)))
    return Moment(
        *at, year, (month, month), day, int(match["last1"] or match["last2"] or 0), edge=bool(_EDGE.search(before))
    )


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether four figures are a year, and not an amount: by what stands before and behind them."""
    if re.search(r"(?:[$€£¥₹]|\b(?:USD|EUR|RMB|CNY|GBP))\s?$", text[max(0, start - 5) : start]):
        return False
    if _BEFORE_A_YEAR.search(text[max(0, start - 16) : start]):
        return True
    behind = re.match(r"[\s-](?:of\s)?([a-z]+)", text[end : end + 24])
    return not behind or not (behind[1] in units() or (len(behind[1]) > 3 and behind[1].endswith("s")))


def _part(text: str, at: tuple[int, int], part: str, told: str, seen_from: date | None) -> Moment | None:
    months = _PARTS.get(" ".join(part.casefold().split()))
    alone = re.search(r"\b(?:in|for|during|by|of) the $", text[max(0, at[0] - 12) : at[0]])
    if not months or (not told and len(part) > 2 and (not alone or text[at[1] : at[1] + 4] == " of ")):
        return None  # "the first half" of a match, or of anything
    return Moment(*at, _year_of(told, seen_from), months)


def _year_of(told: str, seen_from: date | None) -> int:
    """The year that "2025", "last year" or "the year" is; 0 where it cannot be told."""
    if told.isdigit():
        return int(told)
    return seen_from.year + {"last year": -1, "next year": 1}.get(" ".join(told.split()), 0) if seen_from else 0


def _relative(at: tuple[int, int], words: str, seen_from: date | None) -> Moment | None:
    if seen_from is None:
        return None
    which, _, unit = words.partition(" ")
    if not unit:
        day = seen_from + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[which])
        return Moment(*at, day.year, (day.month, day.month), day.day)
    shift = {"last": -1, "previous": -1, "next": 1, "this": 0}[which]
    if unit == "year":
        return Moment(*at, seen_from.year + shift)
    months = 12 * seen_from.year + seen_from.month - 1 + shift
    return Moment(*at, months // 12, (months % 12 + 1, months % 12 + 1))


def _near_weekdays(number: int, seen_from: date | None) -> tuple[date, ...]:
    """The last such day before publication, that day itself included, and the next one."""
    if seen_from is None:
        return ()
    before = seen_from - timedelta(days=(seen_from.weekday() - number) % 7)
    return (before, before - timedelta(days=7), before + timedelta(days=7))


def _year_near(month: int, day: int, seen_from: date, *, ahead: bool) -> int:
    """The year of a month and day that is told of: the last one before publication, or, `ahead`, the next one; 0 where
    that is far off and so may be another.
    """
    when = date(seen_from.year, month, min(day, 28))
    if ahead:
        return seen_from.year if when >= seen_from else 0
    return seen_from.year if when <= seen_from + timedelta(days=20) else 0


def bears_out(claimed: Moment, told: Moment) -> bool:
    """Whether `told` is the date `claimed`, or a more exact one within it; what neither tells does not count."""
    if claimed.weekday >= 0 or told.weekday >= 0:
        return _weekday_bears_out(claimed, told)
    if claimed.decade:
        return claimed.year <= told.year < claimed.year + 10
    if claimed.year and told.year and (claimed.year != told.year or told.decade):
        return False
    if claimed.months[0] and not _within(claimed, told.months):
        return False
    if claimed.year and not told.year and not claimed.months[0]:
        return False
    if not claimed.day:
        return True
    if claimed.last_day:
        return (claimed.day, claimed.last_day) == (told.day, told.last_day)
    if claimed.day == told.day:
        return True
    return bool(told.last_day and told.day <= claimed.day <= told.last_day)


def _within(claimed: Moment, told: tuple[int, int]) -> bool:
    """Whether months told are those claimed, a month within them, or begin or end with the one claimed."""
    first, last = claimed.months
    if not told[0]:
        return False
    if told[0] < told[1]:
        return (first, last) == told or (claimed.edge and first == last and first in told)
    return first <= told[0] <= last


def _weekday_bears_out(claimed: Moment, told: Moment) -> bool:
    if claimed.weekday >= 0 and told.weekday >= 0:
        return claimed.weekday == told.weekday
    if claimed.weekday >= 0:
        day = _day(told)
        return day is not None and day.weekday() == claimed.weekday
    return any(
        (not claimed.year or claimed.year == d.year)
        and (not claimed.months[0] or claimed.months[0] <= d.month <= claimed.months[1])
        and (not claimed.day or claimed.day == d.day)
        for d in told.days
    )


def _day(moment: Moment) -> date | None:
    try:
        return date(moment.year, moment.months[0], moment.day)
    except ValueError:
        return None


def relative_words(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(unit, which, start, end) of words such as "last year" in `text`; of "yesterday" the unit is "day"."""
    for match in _RELATIVE.finditer(text):
        unit = "day" if match["day"] else match["unit"].casefold()
        yield unit, (match["day"] or match["which"]).casefold(), *match.span()


def clash(claimed: Moment, told: Moment) -> bool:
    """Whether `told` is as exact as `claimed` and another date."""
    if claimed.weekday >= 0 or told.weekday >= 0:
        return claimed.weekday >= 0 and told.weekday >= 0 and claimed.weekday != told.weekday
    exact = (bool(claimed.day) <= bool(told.day)) and (bool(claimed.months[0]) <= bool(told.months[0]))
    return exact and not bears_out(claimed, told)
