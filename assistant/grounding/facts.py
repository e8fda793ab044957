"""The facts of a claim, one by one against what is told: figures, dates, names, denials, hedges, how far it goes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.grounding.dates import Moment, bears_out, clash, moments
from assistant.grounding.evidence import Told
from assistant.grounding.manner import Manner, Manners, denial_differs, hedge_dropped, swept, turned
from assistant.grounding.names import folded_words, has_name, names_in
from assistant.grounding.quantities import Quantity, quantities, same_amount, same_unit

Kind = Literal["number", "date", "name", "denial", "opposite", "hedge", "scope"]


@dataclass(frozen=True)
class Finding:
    """A fact at claim[start:end] that is not told, or, as a `clash`, of which something else is told."""

    kind: Kind
    start: int
    end: int
    clash: bool = False


def findings(claim: str, told: Sequence[Told], manners: Manners) -> Iterator[Finding]:
    """What `claim` says that `told`, the sentences it rests on, the best one first, do not say."""
    if not told:
        return
    yield from _dates(claim, told)
    yield from _numbers(claim, told)
    yield from _names(claim, told)
    yield from _manner(claim, [manners.of(one.text) for one in told], manners.of(claim))


def _dates(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    there = [m for one in told for m in moments(one.text, one.article.published)]
    near = [m for one in told for m in moments(one.context, one.article.published)]
    published = [m for one in told if one.article.published for m in moments(one.article.published)]
    for moment in moments(claim):
        if any(bears_out(moment, m) for m in there):
            continue
        if not moment.day and moment.weekday < 0 and any(bears_out(moment, m) for m in (*near, *published)):
            continue  # a month or a year that was named just before, or is that of the article
        yield Finding("date", moment.start, moment.end, any(clash(moment, m) for m in there))


def _numbers(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    claimed = _undated(claim)
    there = [q for one in told for q in _undated(one.text)]
    lead = _undated(told[0].text)
    for quantity in claimed:
        if any(_is_told(quantity, q) for q in there) or _is_derived(quantity, there):
            continue
        if quantity.low == quantity.high == 1.0 and not quantity.is_measured:
            continue  # "one of", "first": hardly a figure
        told_of_it = [q for q in lead if not any(_is_told(other, q) for other in claimed)]
        rivals = [q for q in told_of_it if _is_of_same(quantity, q)]
        yield Finding("number", quantity.start, quantity.end, bool(rivals))


def _undated(text: str) -> list[Quantity]:
    """The quantities of `text` that are no part of a date."""
    dates = moments(text)
    return [q for q in quantities(text) if not any(m.start < q.end and q.start < m.end for m in dates)]


def _is_told(claimed: Quantity, told: Quantity) -> bool:
    if same_unit(claimed, told) is not False:
        return same_amount(claimed, told)
    seconds = {"second": 1.0, "year": 31_556_952.0}
    if claimed.unit in seconds and told.unit in seconds:  # "18 months", "a year and a half", "550 days"
        low, high = claimed.low * seconds[claimed.unit], claimed.high * seconds[claimed.unit]
        return (
            abs(low - told.low * seconds[told.unit]) <= 0.03 * low
            and abs(high - told.high * seconds[told.unit]) <= 0.03 * high
        )
    return False


def _is_of_same(claimed: Quantity, told: Quantity) -> bool:
    """Whether two quantities can be one fact: of one unit, or counts of the same."""
    return claimed.ordinal == told.ordinal and (same_unit(claimed, told) is True or not claimed.unit or not told.unit)


def _is_derived(claimed: Quantity, told: Sequence[Quantity]) -> bool:
    """Whether a quantity is the sum, the difference or the share of two that are told."""
    if claimed.ordinal or claimed.low != claimed.high:
        return False
    for i, one in enumerate(told):
        for other in told[i + 1 :]:
            if one.ordinal or other.ordinal or same_unit(one, other) is False or not one.low or not other.low:
                continue
            results = []
            if claimed.unit == "percent":
                results = [100 * one.low / other.low, 100 * other.low / one.low]
            elif claimed.unit in ("", "times") and claimed.low >= 2:
                results = [one.low / other.low, other.low / one.low]
            if claimed.unit in (one.unit, other.unit):
                results += [one.low + other.low, abs(one.low - other.low)]
            if any(same_amount(claimed, Quantity(0, 0, r, r)) for r in results if r):
                return True
    return False


def _names(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    texts = " ".join(f"{one.context} {one.text}" for one in told)
    beside = " ".join(f"{one.article.publisher or ''} {one.article.title}" for one in told)
    words = folded_words(f"{texts} {beside}")
    lead = told[0].text
    dates: Sequence[Moment] = moments(claim)
    for name in names_in(claim, f"{texts} {told[0].article.text}"):
        if any(m.start < name.end and name.start < m.end for m in dates) or has_name(name.text, texts, words):
            continue
        whole = " ".join(one.article.text[: one.span.end] for one in told)
        last = folded_words(name.text.split()[-1])
        if last <= words and has_name(name.text, whole, folded_words(whole)):
            continue  # named in full before
        others = [n for n in names_in(lead, lead) if not has_name(n.text, claim, folded_words(claim))]
        yield Finding("name", name.start, name.end, bool(others))


def _manner(text: str, told: Sequence[Manner], claim: Manner) -> Iterator[Finding]:
    lead = told[0]
    if all(denial_differs(claim, one) for one in told[:1]):
        at = claim.negations[0] if claim.negations else _opening(text)
        yield Finding("denial", *at, clash=True)
    others = [one for one in told if len(one.terms & claim.terms) >= 2] or [lead]
    for start, end in turned(claim, lead):
        pair = next(n for n, at in claim.directions.items() if at == (start, end))
        if not any(one.sides.get(pair) == claim.sides[pair] for one in others):
            yield Finding("opposite", start, end, clash=True)
    if hedge_dropped(claim, lead) and all(hedge_dropped(claim, one) for one in others):
        yield Finding("hedge", *_opening(text))
    for start, end in swept(claim, lead):
        group = next(g for g, at in claim.sweeping.items() if at == (start, end))
        if not any(group in one.sweeping for one in others):
            yield Finding("scope", start, end)


def _opening(text: str) -> tuple[int, int]:
    match = re.match(r"\S+", text)
    return match.span() if match else (0, 0)
