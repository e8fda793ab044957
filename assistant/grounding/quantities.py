"""Quantities in a sentence: numbers in figures or words, with what they are of, as a range of a base unit."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.grounding.words import listed, opposites, table, units, valued

_ROUNDING = 0.002
"""Relative difference up to which figures are the same, as converting a unit leaves it."""
_ABOUT = 0.06
"""Relative difference that "about", "nearly" and "more than" allow."""
_BEYOND = 1.3
"""How far beyond a bound a figure may lie: "more than 40" is said of 45, not of 400."""
_LEAD = r"\s*(?:an? |the |its |their )?$"
_ABOVE = re.compile(
    r"(?:\b(?:more than|over|above|at least|exceed\w*|greater than|no (?:less|fewer) than|upwards of|in excess of"
    rf"|a minimum of|beyond|higher than|longer than)|[>≥+]){_LEAD}",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:less than|fewer than|under|below|at most|up to|(?:no|not) more than|a maximum of|within|inside|nearly"
    rf"|almost|close to|lower than|shorter than|short of)|[<≤]){_LEAD}",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|some|circa|ca\.?|an estimated|estimated at"
    rf"|in the (?:region|order) of)|[~≈]){_LEAD}",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s*(?:or more|and more|and (?:up|above)|plus\b|\+)", re.IGNORECASE)
_OR_SO = re.compile(r"\s+or (?:so|thereabouts)\b", re.IGNORECASE)
_SAME_UNIT = re.compile(
    r",?\s*(?:to|(?:up |down )?from|rather than|against|instead of|not|or|and|but not|compared with)"
    r"\s+(?:about |around |nearly |over )?",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?P<figures>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"(?P<nth>(?:st|nd|rd|th)\b)?"
    r"|(?P<symbol>(?:US|HK|NZ|[ACNSR])?\$|[€£¥₹])|(?P<unit>%|‰|°\s?[CF]?(?!\w)|(?:k?m|kilomet\w+)/h\b|[kcm]?m[²³])"
    r"|(?P<word>[^\W\d_]+(?:['’]s)?)|(?P<other>\S)"
)
_PER = re.compile(
    r"\s*(?:/\s?|(?:(?:in|for|to|with)\s+)?(?:an?|per|every|each)\s+)(?:single\s+)?"
    r"(?P<per>hour|day|week|month|quarter|year|kg|kilo(?:gram)?|lb|pound|t|ton(?:ne)?|km|mile|kilomet(?:re|er)|share"
    r"|head|barrel)\b|\s+(?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annually|per annum)\b",
    re.IGNORECASE,
)
_ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_SAME_PER = {"kilo": "kg", "kilogram": "kg", "ton": "t", "tonne": "t", "pound": "lb", "kilometre": "km"}
_MULTIPLES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "thrice": 3.0, "triple": 3.0, "tripled": 3.0}


@dataclass(frozen=True)
class Quantity:
    """The quantity at text[start:end]: from `low` to `high`, in a base unit, or of the noun that is counted.

    `bound` is ">" of "more than 4,000", "<" of "up to 4,000", "~" of "about 4,000", else empty.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str = ""
    bound: str = ""
    ordinal: bool = False
    per: str = ""
    """What a rate is for: "week" of "9 million a week"."""
    factor: float = 1.0
    """What its unit is of the base unit."""

    @property
    def is_measured(self) -> bool:
        """Whether it is of a unit of measure or money, and not a count."""
        return self.unit in table("units")


@lru_cache(maxsize=20_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of `text`, in order; a range is one. Of dates it sees only the numbers."""
    parser = _Parser(text)
    found: list[Quantity] = []
    at = 0
    while at < len(parser.tokens):
        quantity, after = parser.quantity(at)
        if quantity:
            found.append(quantity)
        at = max(after, at + 1)
    for i in range(len(found) - 1):
        one, other = found[i], found[i + 1]
        if _SAME_UNIT.fullmatch(text[one.end : other.start]):
            if one.is_measured and not other.unit and not other.ordinal:
                found[i + 1] = _of_unit(other, one)
            elif other.is_measured and not one.unit and not one.ordinal:
                found[i] = _of_unit(one, other)
    return tuple(found)


def _of_unit(bare: Quantity, other: Quantity) -> Quantity:
    """A number without a unit that is of another's: "from 40 hours to 13"."""
    return replace(
        bare, low=bare.low * other.factor, high=bare.high * other.factor, unit=other.unit, factor=other.factor
    )


class _Parser:
    """Reads quantities off the tokens of a text; positions are numbers of tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_TOKEN.finditer(text))

    def quantity(self, at: int) -> tuple[Quantity | None, int]:
        """The quantity that begins at a token, if one does, and the token behind it."""
        first, after = self._one(at)
        if first is None or first.ordinal:
            return first, after
        joint = self._word(after)
        moves = (
            joint == "to" and self._word(at - 1) in ("from", "by") and self._changes(at)
        )  # "rose from 3 to 4 percent"
        if not moves and (joint in ("to", "–", "—", "-", "or") or (joint == "and" and self._word(at - 1) == "between")):
            second, end = self._one(after + 1)
            if second and not second.ordinal and second.unit and first.unit in ("", second.unit):
                bare = not first.unit or (first.is_measured and first.unit in listed("currencies"))
                scale = self._factor(after + 1) if bare and first.high < 1000 <= second.high else 1.0
                scale = self._factor(after + 1) if not first.unit else scale
                low = first.low * scale
                if low <= second.high:
                    return replace(second, start=first.start, low=low, bound=first.bound or second.bound), end
        return first, after

    def _is_signed(self, at: int) -> bool:
        """Whether a minus at a token belongs to the figure behind it."""
        if not self._is(at + 1, "figures"):
            return False
        token, following = self.tokens[at], self.tokens[at + 1]
        before = self.text[: token.start()][-1:]
        return self._raw(at) == "minus" or (token.end() == following.start() and (not before or before in " (\n"))

    def _changes(self, at: int) -> bool:
        """Whether "from" before a token tells of a change and not of a range, by the words before it."""
        return any(opposites().get(self._word(i)) or self._word(i) in listed("changes") for i in range(at - 6, at - 1))

    def _one(self, at: int) -> tuple[Quantity | None, int]:
        """A single number with its currency or unit."""
        start, currency = at, ""
        sign = -1.0 if self._raw(at) in ("-", "−", "–", "minus") and self._is_signed(at) else 1.0
        at += sign < 0
        if self._is(at, "symbol") or (
            self._raw(at) in units() and self._raw(at).isupper() and self._is(at + 1, "figures")
        ):
            currency, at = units().get(self._raw(at), units()["$"])[0], at + 1
        if at >= len(self.tokens):
            return None, at
        if ordinal := self._ordinal(at):
            return self._made(start, at + 1, ordinal, ordinal=True), at + 1
        if self._word(at) == "half" and self._word(at + 1) in ("a", "an"):
            power = valued("powers").get(self._word(at + 2))
            unit, factor, end = self._unit(at + 3 if power else at + 2)
            if power or unit in table("units"):
                half = 0.5 * (power or 1.0)
                return replace(self._made(start, end, sign * half * factor, unit), factor=factor), end
        share, after = self._share(at)
        if share is not None:
            return self._made(start, after, share, "percent"), after
        value, after = self._number(at)
        if value is None:
            return None, at
        if currency:
            return self._made(start, after, sign * value, currency), after
        unit, factor, end = self._unit(after)
        if self._is_half(end):
            value, end = value + 0.5, end + 3
        return replace(self._made(start, end, sign * value * factor, unit), factor=factor), end

    def _number(self, at: int) -> tuple[float | None, int]:
        """Figures or number words, with "million" and the like."""
        word = self._word(at)
        if self._is(at, "figures"):
            value, after = self._figures(at), at + 1
        elif word in _MULTIPLES:
            return _MULTIPLES[word], at + 1
        elif word in valued("numbers"):
            value, after = valued("numbers")[word], at + 1
            behind = after + (self._word(after) == "-")
            if value >= 20 and 0 < valued("numbers").get(self._word(behind), 0) < 10:
                value, after = value + valued("numbers")[self._word(behind)], behind + 1
        elif word in ("a", "an") and (self._word(at + 1) in valued("powers") or self._is_half(at + 2)):
            value, after = 1.0, at + 1
        elif word in valued("powers") and len(word) > 2 and not self._word(at - 1).isdigit():
            return None, at + 1
        else:
            return None, at
        if self._is_half(after):
            value, after = value + 0.5, after + 3
        while self._word(after) in valued("powers") and not self._is_length(after):
            value, after = value * valued("powers")[self._word(after)], after + 1
            joined = after + (self._word(after) == "and")
            if self._word(joined) in valued("numbers"):
                rest, behind = self._number(joined)
                if rest is not None and rest < value:
                    value, after = value + rest, behind
        return value, after

    def _is_half(self, at: int) -> bool:
        return [self._word(at + i) for i in range(3)] == ["and", "a", "half"]

    def _is_length(self, at: int) -> bool:
        """Whether "m" at a token is a metre and not a million, of money."""
        if self._raw(at) != "m" or self._is(at - 2, "symbol"):
            return False
        behind = self._known(at + 1)
        counted = (
            self._is(at + 1, "word") and len(self._raw(at + 1)) > 3 and self._word(at + 1) not in listed("not_counted")
        )
        dimension = self._word(at + 1) in listed("dimensions")
        return dimension or not (behind or counted)

    def _share(self, at: int) -> tuple[float | None, int]:
        """A share in words, "two thirds" or "half", in percent."""
        shares, word = valued("shares"), self._word(at)
        of_all = self._out_of(at)
        if of_all:
            return of_all
        count = {"a": 1.0, "one": 1.0, **valued("numbers")}.get(word)
        behind = at + 1 + (self._word(at + 1) == "-")
        part = self._word(behind)
        following = self._word(behind + 1)
        ordinal = part in valued("ordinals") and word == "a" and following and following not in listed("behind_share")
        if count is not None and part in shares and part != "half" and not ordinal:
            return count * shares[self._word(behind)], behind + 1
        of_year = self._word(at - 1) in valued("ordinals") or self._word(at - 1) == "last"
        if word in ("half", "halves") and not of_year:
            return shares[word], at + 1
        return None, at

    def _out_of(self, at: int) -> tuple[float, int] | None:
        """ "Four out of ten" and "one in three" at a token, in percent."""
        few = self._small(at)
        behind = at + 1
        if self._word(behind) == "out" and self._word(behind + 1) == "of":
            behind += 2
        elif self._word(behind) == "in":
            behind += 1
        else:
            return None
        many = self._small(behind)
        return (100 * few / many, behind + 1) if 0 < few < many <= 100 else None

    def _small(self, at: int) -> float:
        """A plain number at a token, 0 if there is none."""
        if self._is(at, "figures"):
            return self._figures(at)
        return valued("numbers").get(self._word(at), 0.0)

    def _figures(self, at: int) -> float:
        return float(re.sub(r"[^\d.]", "", self.tokens[at]["figures"]))

    def _ordinal(self, at: int) -> float:
        if self.tokens[at]["nth"]:
            return self._figures(at)
        word = self._word(at)
        if word == "second" and self._word(at - 1) in ("per", "a", "every"):
            return 0.0
        return valued("ordinals").get(word, 0.0)

    def _unit(self, at: int) -> tuple[str, float, int]:
        """The unit or counted noun behind a number, the factor to its base unit, and the token behind it."""
        begin = at
        if self._word(at) == "-":
            at += 1
        while self._word(at) in listed("before_counted"):
            at += 1
        pair = f"{self._word(at)}-{self._word(at + 1)}"
        if pair in units():
            return *units()[pair], at + 2
        if self._word(at) in ("square", "cubic"):
            base, factor = self._known(at + 1) or ("", 1.0)
            if base == "metre":
                power = 2 if self._word(at) == "square" else 3
                return f"{self._word(at)} metre", factor**power, at + 2
        known = self._known(at)
        if known:
            return *known, at + 1
        noun = self._word(at)
        if (
            self._is(at, "word")
            and len(noun) > 2
            and noun not in listed("not_counted")
            and self.tokens[at].start() - self.tokens[at - 1].end() <= 1
        ):
            return noun, 1.0, at + 1
        return "", 1.0, begin

    def _known(self, at: int) -> tuple[str, float] | None:
        raw = self._raw(at).replace(" ", "")
        return units().get(raw) or (units().get(raw.casefold()) if len(raw) > 2 else None)

    def _factor(self, at: int) -> float:
        """What scales the number before a range's sign as the one at a token: "3 to 4 million", "8 to 60 mm"."""
        whole, _ = self._one(at)
        plain = self._small(at)
        return whole.high / plain if whole and plain else 1.0

    def _made(self, start: int, end: int, value: float, unit: str = "", *, ordinal: bool = False) -> Quantity:
        first, last = self.tokens[start].start(), self.tokens[end - 1].end()
        before = self.text[max(0, first - 28) : first]
        bound = ">" if _ABOVE.search(before) and not before.lower().rstrip().endswith("no more than") else ""
        bound = "<" if not bound and _BELOW.search(before) else bound
        bound = "~" if not bound and _ROUGHLY.search(before) else bound
        if not bound and _OR_MORE.match(self.text, last):
            bound = ">"
        if not bound and _OR_SO.match(self.text, last):
            bound = "~"
        rate = None if ordinal else _PER.match(self.text, last)
        per = (rate["per"] or _ADVERBS.get(rate["adverb"].casefold(), "year")).casefold() if rate else ""
        return Quantity(first, last, value, value, unit, "" if ordinal else bound, ordinal, _SAME_PER.get(per, per))

    def _is(self, at: int, group: str) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at][group] is not None

    def _raw(self, at: int) -> str:
        return self.tokens[at].group() if 0 <= at < len(self.tokens) else ""

    def _word(self, at: int) -> str:
        return self._raw(at).casefold()


def same_amount(claimed: Quantity, told: Quantity) -> bool:
    """Whether `told` bears out the figure of `claimed`, units aside: the same, or one that it is rounded from."""
    if claimed.ordinal != told.ordinal or {claimed.bound, told.bound} == {">", "<"}:
        return False
    if claimed.per and told.per and claimed.per != told.per:
        return False
    if told.bound in ("<", ">") and not claimed.bound:
        return False  # "400" is not told by "up to 400"
    near = _ABOUT if claimed.bound and (claimed.bound == "~" or claimed.bound != told.bound) else _ROUNDING
    most = max(abs(v) for v in (claimed.low, claimed.high, told.low, told.high)) or 1.0
    if abs(claimed.low - told.low) <= near * most and abs(claimed.high - told.high) <= near * most:
        return True
    if claimed.bound == told.bound:
        return False
    if claimed.bound == ">":
        return claimed.low <= told.low <= _BEYOND * claimed.low
    return claimed.bound == "<" and claimed.high / _BEYOND <= told.high <= claimed.high


def same_unit(claimed: Quantity, told: Quantity) -> bool | None:
    """Whether two quantities are of the same; None where that cannot be told, as of "staff" and "workers"."""
    if claimed.unit == told.unit:
        return True
    if claimed.is_measured or told.is_measured:
        return False if claimed.unit and told.unit else None
    return None
