"""Words that tell two things of a kind apart, such as thick and thin: who asks of one does not mean the other."""

import re
from collections.abc import Mapping

_PAIRS = (
    ({"thick"}, {"thin"}),
    ({"heavy"}, {"light"}),
    ({"hot"}, {"cold"}),
    ({"north", "northern"}, {"south", "southern"}),
    ({"east", "eastern"}, {"west", "western"}),
    ({"old", "older"}, {"new", "newer"}),
    ({"large", "larger"}, {"small", "smaller"}),
    ({"upper"}, {"lower"}),
    ({"domestic"}, {"foreign"}),
)
_SIDES = {word: (pair, side) for pair, sides in enumerate(_PAIRS) for side, words in enumerate(sides) for word in words}


def sides_in(text: str) -> dict[int, set[int]]:
    """The sides of each pair that `text` names, by the pair's number."""
    found: dict[int, set[int]] = {}
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in _SIDES:
            pair, side = _SIDES[word]
            found.setdefault(pair, set()).add(side)
    return found


def is_of_counterpart(asked: Mapping[int, set[int]], text: str) -> bool:
    """Whether `text` names only the side of a pair of which `asked` names only the other."""
    if not asked:
        return False
    told = sides_in(text)
    return any(len(sides) == 1 and told.get(pair, sides).isdisjoint(sides) for pair, sides in asked.items())
