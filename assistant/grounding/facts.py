"""The facts of a claim, one by one against what is told: figures, dates, names, denials, hedges, how far it goes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.grounding.dates import Moment, bears_out, clash, moments, relative_words
from assistant.grounding.evidence import Told
from assistant.grounding.manner import Manner, Manners, denial_bears_on, denial_differs, hedge_dropped, swept, turned
from assistant.grounding.names import folded_words, has_name, names_in
from assistant.grounding.quantities import Quantity, quantities, same_amount, same_unit

_LONGEST = 4000
"""Characters of a sentence that are looked at."""
_IN_COMMON = 3
"""Terms that a claim must have in common with a sentence beside its evidence for that to count."""
_SAME_MATTER = 0.6
"""Share of a claim's terms that a sentence must have for a denial on one side to count."""
_FEW = 3.0
"""Counts up to which a number may be told without being said."""
_MOST_FIGURES = 60
_NEAR, _EXACT = 0.03, 0.002
"""Relative difference that a reckoned figure may have, with "about" and without."""
_RECKONED = re.compile(
    r"\b(?:total\w*|together|altogether|combined|in all|sum|difference|more|less|fewer|gap|between them|both|up|down"
    r"|rose|fell|grew|increas\w+|decreas\w+|reduc\w+|gain\w*|drop\w*|cut|times|twice|thrice|doubl\w+|tripl\w+|half|halv\w+"
    r"|third|quarter|fifth|tenth|share|per ?cent|percent|%|out of|one in)",
    re.IGNORECASE,
)
"""Words with which a figure may be reckoned from two that are told."""
Kind = Literal["number", "date", "name", "denial", "opposite", "hedge", "scope"]


@dataclass(frozen=True)
class Finding:
    """A fact at claim[start:end] that is not told, or, as a `clash`, of which something else is told."""

    kind: Kind
    start: int
    end: int
    clash: bool = False


def findings(claim: str, told: Sequence[Told], beside: Sequence[Told], manners: Manners) -> Iterator[Finding]:
    """What `claim` says that `told`, the sentences it rests on, best first, do not say, nor those `beside` them:
    a figure, date or name may stand there, if they are about the same.
    """
    if not told:
        return
    own = manners.of(claim).terms
    around = [*told, *(o for o in beside if len(manners.of(o.text[:_LONGEST]).terms & own) >= _IN_COMMON)]
    yield from _dates(claim, around)
    yield from _numbers(claim, around)
    yield from _names(claim, around)
    yield from _manner(claim, [manners.of(one.text[:_LONGEST]) for one in told], manners.of(claim))


def _dates(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    there = [m for one in told for m in moments(one.text[:_LONGEST], one.article.published)]
    near = [m for one in told for m in moments(one.context, one.article.published)]
    published = [m for one in told if one.article.published for m in moments(one.article.published)]
    for moment in moments(claim):
        if any(bears_out(moment, m) for m in there):
            continue
        vague = not moment.day and moment.weekday < 0 and not any(clash(moment, m) for m in there)
        if vague and any(bears_out(moment, m) for m in (*near, *published)):
            continue  # a month or a year that was named just before, or is that of the article
        yield Finding("date", moment.start, moment.end, any(clash(moment, m) for m in there))
    words = [(unit, which) for one in told for unit, which, *_ in relative_words(one.text[:_LONGEST])]
    for unit, which, start, end in relative_words(claim):
        if (unit, which) not in words and any(other == unit for other, _ in words):
            yield Finding("date", start, end, clash=True)


def _numbers(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    claimed = _undated(claim)[:_MOST_FIGURES]
    there = [q for one in told for q in _undated(one.text[:_LONGEST])][:_MOST_FIGURES]
    lead = _undated(told[0].text[:_LONGEST])[:_MOST_FIGURES]
    for quantity in claimed:
        if any(_is_told(quantity, q) for q in there) or _is_derived(quantity, there, claim):
            continue
        told_of_it = [q for q in lead if not any(_is_told(other, q) for other in claimed)]
        rivals = [q for q in told_of_it if _is_of_same(quantity, q)]
        if quantity.low == quantity.high <= _FEW and not quantity.is_measured and not any(q.unit for q in rivals):
            continue  # "one of", "the two sides": hardly a figure
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
    """Whether two quantities can be one fact: of one unit, or both counts."""
    return claimed.ordinal == told.ordinal and same_unit(claimed, told) is not False


def _is_derived(claimed: Quantity, told: Sequence[Quantity], claim: str) -> bool:
    """Whether a quantity is the sum or difference of two that are told, or claimed as a share or multiple."""
    if claimed.ordinal or claimed.low != claimed.high:
        return False
    reckoned = bool(_RECKONED.search(claim))
    if claimed.unit == "percent" and any(q.unit == "percent" and abs(100 - q.low - claimed.low) < _EXACT for q in told):
        return True  # what has lost 12% keeps 88%
    for i, one in enumerate(told):
        for other in told[i + 1 :]:
            if one.ordinal or other.ordinal or same_unit(one, other) is False or not one.low or not other.low:
                continue
            results = []
            if reckoned and claimed.unit == "percent" and "percent" not in (one.unit, other.unit):
                results = [100 * one.low / other.low, 100 * other.low / one.low]
            elif reckoned and claimed.unit in ("", "times") and claimed.low >= 2:
                results = [one.low / other.low, other.low / one.low]
            if claimed.unit != "percent" and (one.unit == other.unit or claimed.unit in (one.unit, other.unit)):
                counted = not claimed.is_measured and not one.is_measured and not other.is_measured
                if counted or claimed.unit in (one.unit, other.unit):
                    results += [one.low + other.low, abs(one.low - other.low)]
            near = _NEAR if claimed.bound else _EXACT
            if any(abs(claimed.low - result) <= near * result for result in results if result):
                return True
    return False


def _names(claim: str, told: Sequence[Told]) -> Iterator[Finding]:
    texts = " ".join(f"{one.context} {one.text}" for one in told)
    beside = " ".join(f"{one.article.publisher or ''} {one.article.title}" for one in told)
    words = folded_words(f"{texts} {beside}")
    said = folded_words(" ".join(one.text[:_LONGEST] for one in told))
    dates: Sequence[Moment] = moments(claim)
    own = folded_words(claim)
    whole = " ".join(dict.fromkeys(one.article.text[:20_000] for one in told))
    anywhere = folded_words(whole)
    others = any(not has_name(n.text, claim, own) for n in names_in(told[0].text[:_LONGEST], told[0].text[:_LONGEST]))
    for name in names_in(claim, f"{texts} {told[0].article.text[:20_000]}"):
        if any(m.start < name.end and name.start < m.end for m in dates) or has_name(name.text, texts, words):
            continue
        by_family_name = folded_words(name.text.split()[-1]) <= said
        if (not others or by_family_name) and has_name(name.text, whole, anywhere):
            continue  # it is named elsewhere, and here by the family name, or nobody else is
        yield Finding("name", name.start, name.end, others)


def _manner(text: str, told: Sequence[Manner], claim: Manner) -> Iterator[Finding]:
    """Denials, opposites, hedges and scope, where a sentence that tells most of the claim differs in them."""
    same = [one for one in told if len(claim.terms & one.terms) >= _SAME_MATTER * len(claim.terms)]
    denying = [one for one in same if denial_bears_on(claim, one)]
    if denying and all(denial_differs(claim, one) for one in denying):
        yield Finding("denial", *(claim.negations[0] if claim.negations else _opening(text)), clash=True)
    if not same:
        return
    others = [one for one in told if len(one.terms & claim.terms) >= 2] or list(same)
    for start, end in turned(claim, same[0]):
        pair = next(n for n, at in claim.directions.items() if at == (start, end))
        if not any(one.sides.get(pair) == claim.sides[pair] for one in others):
            yield Finding("opposite", start, end, clash=True)
    if all(hedge_dropped(claim, one) for one in same):
        yield Finding("hedge", *_opening(text))
    for start, end in swept(claim, same[0]):
        group = next(g for g, at in claim.sweeping.items() if at == (start, end))
        if not any(group in one.sweeping for one in others):
            yield Finding("scope", start, end)


def _opening(text: str) -> tuple[int, int]:
    match = re.match(r"\S+", text)
    return match.span() if match else (0, 0)
