"""Dates in a sentence, also incomplete and relative ones, and whether one bears out another."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.grounding.words import valued

_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_WEEKDAYS = {name.casefold(): n for n, name in enumerate(calendar.day_name)}
_NAMED_MONTH = "|".join(sorted((m.title() for m in _MONTHS), key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_PATTERN = re.compile(
    rf"""(?<![\w./-])(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)
    | (?P<day1>{_DAY})(?:st|nd|rd|th)?(?:\s?[–-]\s?(?P<last1>{_DAY}))?\s+(?:of\s+)?
      (?P<month1>{_NAMED_MONTH})\b\.?(?:,?\s+(?P<year1>{_YEAR}))?
    | (?P<month2>{_NAMED_MONTH})\b\.?\s+(?P<day2>{_DAY})(?:st|nd|rd|th)?(?!\d|,\d)(?:,?\s+(?P<year2>{_YEAR}))?
    | (?P<month3>{_NAMED_MONTH})\b\.?(?:\s+(?:of\s+)?(?P<year3>{_YEAR}))?
    | (?P<part>(?:first|second|third|fourth|last)\s+(?:half|quarter)|[HQ][1-4])
      (?:\s+of\s+(?P<of>(?:the|last|this|next)\s+year|{_YEAR})|\s+(?P<year4>{_YEAR}))?
    | [Ff]irst\s(?P<first>\w+)\smonths(?:\s+of\s+(?P<of2>the\s+year|last\s+year|this\s+year|{_YEAR}))?
    | (?:(?P<next>[Nn]ext|[Ll]ast|[Tt]his)\s)?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)
      (?:\s+(?:of\s+)?(?P<year6>{_YEAR}))?
    | (?P<decade>{_YEAR[:-4]}\d0)s
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
        return _part(at, match["part"], match["year4"] or match["of"] or "", seen_from)
    if match["first"]:
        number = int(valued("numbers").get(match["first"].casefold(), 0))
        months = (1, number) if 1 < number < 12 else None
        year = _year_of(match["of2"] or "", seen_from)
        return Moment(*at, year or (seen_from.year if seen_from else 0), months) if months else None
    if match["season"]:
        shift = {"next": 1, "last": -1}.get((match["next"] or "").casefold(), 0)
        year = int(match["year6"] or 0) or (seen_from.year + shift if seen_from and match["next"] else 0)
        return Moment(*at, year, _SEASONS[match["season"].casefold()])
    if match["year5"]:
        return Moment(*at, int(match["year5"]))
    name = match["month1"] or match["month2"] or match["month3"]
    month = _MONTHS[name.casefold()]
    year = int(match["year1"] or match["year2"] or match["year3"] or 0)
    day = int(match["day1"] or match["day2"] or 0)
    if not day and not year and (name in ("May", "March", "Mar") or len(name) == 3):
        before = text[: match.start()]
        if _NOT_A_MONTH.search(before) or not re.search(
            r"\b(?:in|since|by|until|till|of|from|to|last|next|this|early|late|mid|and|for|before|after|during|between|through)[\s-]$",
            before,
        ):
            return None
    if not year and seen_from:
        year = _nearest_year(month, day or 15, seen_from)
    return Moment(*at, year, (month, month), day, int(match["last1"] or 0))


def _part(at: tuple[int, int], part: str, told: str, seen_from: date | None) -> Moment | None:
    months = _PARTS.get(" ".join(part.casefold().split()))
    if not months or (not told and len(part) > 2):
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


def _nearest_year(month: int, day: int, seen_from: date) -> int:
    """The year in which a month and day lie nearest to `seen_from`."""
    day = min(day, 28)
    return min(
        (seen_from.year + shift for shift in (-1, 0, 1)), key=lambda y: abs((date(y, month, day) - seen_from).days)
    )


def bears_out(claimed: Moment, told: Moment) -> bool:
    """Whether `told` is the date `claimed`, or a more exact one within it; what neither tells does not count."""
    if told.days or claimed.days:
        return _weekday_bears_out(claimed, told)
    if claimed.decade:
        return claimed.year <= told.year < claimed.year + 10
    if claimed.year and told.year and (claimed.year != told.year or told.decade):
        return False
    if claimed.months[0] and not _within(claimed.months, told.months):
        return False
    if claimed.year and not told.year and not claimed.months[0]:
        return False
    if not claimed.day:
        return True
    if claimed.day == told.day and claimed.last_day in (0, told.last_day):
        return True
    return bool(told.last_day and told.day <= claimed.day <= told.last_day)


def _within(claimed: tuple[int, int], told: tuple[int, int]) -> bool:
    """Whether months told lie in those claimed, or one is claimed with which those told begin or end."""
    inside = claimed[0] <= told[0] and told[1] <= claimed[1]
    edge = claimed[0] == claimed[1] and told[0] < told[1] and claimed[0] in told
    return bool(told[0]) and (inside or edge)


def _weekday_bears_out(claimed: Moment, told: Moment) -> bool:
    if claimed.weekday >= 0 and told.weekday >= 0:
        return claimed.weekday == told.weekday
    if told.weekday >= 0:
        return any(
            (not claimed.year or claimed.year == d.year)
            and (not claimed.months[0] or claimed.months[0] <= d.month <= claimed.months[1])
            and (not claimed.day or claimed.day == d.day)
            for d in told.days
        )
    return bool(told.year and told.day) and date(told.year, told.months[0], told.day).weekday() == claimed.weekday


def clash(claimed: Moment, told: Moment) -> bool:
    """Whether `told` is as exact as `claimed` and another date."""
    if claimed.weekday >= 0 or told.weekday >= 0:
        return claimed.weekday >= 0 and told.weekday >= 0 and claimed.weekday != told.weekday
    exact = (bool(claimed.day) <= bool(told.day)) and (bool(claimed.months[0]) <= bool(told.months[0]))
    return exact and not bears_out(claimed, told)
