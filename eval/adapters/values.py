"""What the records of a set become beside articles and samples, and the ids they get."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from eval.samples import Sample
from index.article import Article

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_ID = 80
"""Characters; the index cuts ids at 120, and language, number or digest are yet to join."""


@dataclass(frozen=True)
class Pair:
    """A claim, the passages it is held against, and whether they bear it out."""

    id: str
    claim: str
    passages: tuple[str, ...]
    label: Literal["supported", "partial", "unsupported"]


@dataclass(frozen=True)
class Skipped:
    """A part of a set that is left out."""

    id: str
    reason: str


Value = Article | Sample | Pair | Skipped


def safe_id(given: str) -> str:
    """`given` in letters, digits and "-_." alone; a digest keeps apart what would then be the same."""
    safe = _UNSAFE.sub("-", given)[:_LONGEST_ID]
    if safe == given:
        return given
    digest = hashlib.sha256(given.encode(errors="backslashreplace")).hexdigest()
    return f"{safe.strip('-')}-{digest[:8]}"
