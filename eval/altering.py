"""Sentences altered by rule, for training: what they said before bears them out no more, or, reshaped only, still does.

Crude on purpose: what the checker should learn is to hold a claim against the words it is said to rest on.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.grounding.names import names_in
from assistant.grounding.quantities import quantities
from assistant.grounding.words import table

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must|does|did)\b(?! not\b)(?!n['’]t)"
)
_NOT = re.compile(r"\s(?:not|never)\b|(?<=\w)n['’]t\b")
_HEDGED = re.compile(
    r"\b(?:(?:plans?|intends?|hopes?|aims?|wants?|expects?|promised|pledged|agreed|proposed|seeks?|is due"
    r"|(?:is|are) set|(?:is|are|was) expected|is to|are to)\s+to|will|would|could|may|might|should|can)"
    r"\s+(?P<verb>[a-z]{3,})\b"
)
_SOME = re.compile(
    r"\b(?:some|several|many|most|a few|part|parts|half|one|two|three|a number) of\b|\b(?:some|several|many|most)\b",
    re.I,
)
_PLURAL = re.compile(r"(?<=\s)(?:the )?(?=[a-z]{4,}s\b)")
_TAIL = re.compile(
    r",\s+(?:which|who|where|while|although|because|as|after|before|according to|said)\b[^,.]*(?=[.,])|\s\([^)]*\)"
    r"|,\s+[A-Z][\w’' ]{2,40}\s+(?:said|added)(?=\.)"
)
_LEAD = re.compile(r"^(?:On|In|At|After|Before|Since|By|According to|For|With|During)\s[^,]{4,60},\s+")
_SAID = re.compile(r"^(?P<rest>.+?),?\s+(?P<who>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*)\s+(?:said|says|added|told\s\w+)\.?$")


@dataclass(frozen=True)
class Altered:
    """A text with the spans of it that are not borne out."""

    text: str
    wrong: tuple[tuple[int, int], ...] = ()


def _replaced(text: str, start: int, end: int, new: str) -> Altered:
    return Altered(text[:start] + new + text[end:], ((start, start + max(1, len(new))),))


def figure(text: str, around: str, chance: random.Random) -> Altered | None:
    """With another figure, one of `around` or a digit changed."""
    found = [(q.start, q.end) for q in quantities(text) if re.match(r"\d", text[q.start : q.end])]
    if not found:
        return None
    start, end = chance.choice(found)
    match = re.match(r"\d[\d.,]*\d|\d", text[start:end])
    assert match
    old = match.group()
    pool = [n for n in re.findall(r"\b\d[\d.,]*\d\b|\b\d\b", around) if n != old and n not in text]
    new = chance.choice(pool) if pool and chance.random() < 0.6 else _other_figure(old, chance)
    return _replaced(text, start, start + len(old), new)


def _other_figure(figures: str, chance: random.Random) -> str:
    at = chance.choice([i for i, c in enumerate(figures) if c.isdigit()])
    least = 1 if at == 0 else 0
    other = chance.choice([d for d in range(least, 10) if str(d) != figures[at]])
    return f"{figures[:at]}{other}{figures[at + 1 :]}"


def unit(text: str, around: str, chance: random.Random) -> Altered | None:
    """With another unit behind a figure."""
    for one, other in (
        ("million", "billion"),
        ("tonnes", "kilograms"),
        ("tons", "kilograms"),
        ("percent", "percentage points"),
    ):
        for a, b in ((one, other), (other, one)):
            at = text.find(f" {a}")
            if at >= 0 and re.search(r"\d$", text[:at]):
                return _replaced(text, at + 1, at + 1 + len(a), b)
    for pair in (
        ("day", "week"),
        ("week", "month"),
        ("month", "year"),
        ("hour", "day"),
        ("mm", "cm"),
        ("kilometres", "miles"),
        ("dollars", "euros"),
    ):
        a, b = pair if chance.random() < 0.5 else pair[::-1]
        match = re.search(rf"(?<=\d\s){a}(s?)\b", text)
        if match:
            return _replaced(text, match.start(), match.end(), b + match.group(1))
    return None


def name(text: str, around: str, chance: random.Random) -> Altered | None:
    """With another name of `around`."""
    found = list(names_in(text, around))
    others = [n.text for n in names_in(around, around) if n.text not in text]
    if not found or not others:
        return None
    one = chance.choice(found)
    alike = [o for o in others if len(o.split()) == len(one.text.split()) and one.text not in o] or others
    return _replaced(text, one.start, one.end, chance.choice(alike))


def denied(text: str, around: str, chance: random.Random) -> Altered | None:
    """With a "not" put in or taken out."""
    there = _NOT.search(text)
    if there:
        start = max(0, there.start() - 4)
        return Altered(text[: there.start()] + text[there.end() :], ((start, min(len(text) - 1, there.start() + 6)),))
    found = list(_AUXILIARY.finditer(text))
    if not found:
        return None
    at = chance.choice(found[:2]).end()
    return Altered(f"{text[:at]} not{text[at:]}", ((at + 1, at + 4),))


def turned_round(text: str, around: str, chance: random.Random) -> Altered | None:
    """With a word whose opposite stood there."""
    sides = [(one.split(), other.split()) for one, other in table("opposites").items()]
    found = []
    for match in re.finditer(r"[a-z]{3,}", text):
        for one, other in (*sides, *((b, a) for a, b in sides)):
            if match.group() in one:
                ending = next((e for e in ("ing", "ed", "s") if match.group().endswith(e)), "")
                alike = (
                    [w for w in other if w.endswith(ending)]
                    if ending
                    else [w for w in other if not w.endswith(("ing", "s"))]
                )
                if alike:
                    found.append((match.span(), alike))
    if not found:
        return None
    (start, end), alike = chance.choice(found)
    return _replaced(text, start, end, chance.choice(alike))


def unhedged(text: str, around: str, chance: random.Random) -> Altered | None:
    """With what is planned or possible told as done."""
    match = _HEDGED.search(text)
    if not match:
        return None
    verb = match["verb"]
    if verb in ("not", "have", "only", "also", "well"):
        return None
    done = "was" if verb == "be" else f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return _replaced(
        text, match.start(), match.end(), chance.choice((done, f"has {done}") if verb != "be" else ("was", "has been"))
    )


def widened(text: str, around: str, chance: random.Random) -> Altered | None:
    """With "all" for "some", or an "only" or "all" put in."""
    some = _SOME.search(text)
    if some:
        return _replaced(
            text,
            some.start(),
            some.end(),
            chance.choice(("all of", "every one of")) if " of" in some.group() else "all",
        )
    found = list(_PLURAL.finditer(text))
    if not found or chance.random() < 0.5:
        return None
    at = chance.choice(found)
    return _replaced(text, at.start(), at.end(), chance.choice(("all ", "all the ", "only ")))


def crossed(text: str, around: str, chance: random.Random) -> Altered | None:
    """With two of its names, or two of its figures, exchanged."""
    found = [(n.start, n.end) for n in names_in(text, around)]
    figures = [(q.start, q.end) for q in quantities(text) if re.match(r"\d", text[q.start : q.end])]
    pool = figures if len(figures) > 1 and (len(found) < 2 or chance.random() < 0.5) else found
    if len(pool) < 2:
        return None
    (a, b), (c, d) = sorted(chance.sample(pool, 2))
    one, other = text[a:b], text[c:d]
    if one == other or b > c:
        return None
    made = text[:a] + other + text[b:c] + one + text[d:]
    moved = c + len(other) - len(one)
    return Altered(made, ((a, a + len(other)), (moved, moved + len(one))))


Alter = Callable[[str, str, random.Random], Altered | None]
ALTERATIONS: Sequence[Alter] = (
    figure,
    unit,
    name,
    denied,
    turned_round,
    unhedged,
    widened,
    crossed,
)
"""Each gives a text of which something is wrong, or None where it has nothing to alter."""


def altered(text: str, around: str, chance: random.Random) -> Altered | None:
    """`text` altered in one way; `around` is the text it is of."""
    for alter in chance.sample(ALTERATIONS, len(ALTERATIONS)):
        made = alter(text, around, chance)
        if made and made.text != text:
            return made
    return None


def reshaped(text: str, chance: random.Random) -> str:
    """`text` shortened or turned so that it still says only what it said."""
    if chance.random() < 0.5:
        text = _TAIL.sub("", text, count=1)
    lead = _LEAD.match(text)
    if lead and chance.random() < 0.6:
        rest = text[lead.end() :]
        opening = lead.group().rstrip(", ")
        moved = f"{rest.rstrip('.')} {opening[:1].lower()}{opening[1:]}."
        text = moved if chance.random() < 0.5 else rest
        text = text[:1].upper() + text[1:]
    said = _SAID.match(text)
    if said and chance.random() < 0.7:
        rest = said["rest"].strip('“”"')
        text = f"According to {said['who']}, {rest[:1].lower()}{rest[1:]}." if chance.random() < 0.6 else f"{rest}."
    return text
