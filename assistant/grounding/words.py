"""The word lists of words.toml and common_words.txt: units, number words, and words that turn or weaken a claim."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("words.toml")
_COMMON = _FILE.with_name("common_words.txt")


@cache
def table(name: str) -> Mapping[str, Any]:
    """A table of words.toml."""
    found: Mapping[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[name]
    return found


@cache
def valued(name: str) -> Mapping[str, float]:
    """The value of each word of a table whose keys are words, parted by spaces."""
    return {word: float(value) for words, value in table(name).items() for word in words.split()}


@cache
def units() -> Mapping[str, tuple[str, float]]:
    """Base unit and factor of every spelling of a unit; "-" stands for a space or a hyphen."""
    return {
        spelling: (base, float(factor))
        for base, factors in table("units").items()
        for spellings, factor in factors.items()
        for spelling in spellings.split()
    }


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a table that is one list."""
    return frozenset(table(name)["words"].split())


@cache
def common_words() -> frozenset[str]:
    """English words that are written in small letters, of common_words.txt: one with a capital opens a sentence."""
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def opposites() -> Mapping[str, tuple[int, bool]]:
    """For each word that has an opposite, the number of its pair and the side that it is on; only its first one."""
    found: dict[str, tuple[int, bool]] = {}
    for number, (one, other) in enumerate(table("opposites").items()):
        for words, side in ((one, True), (other, False)):
            for word in words.split():
                found.setdefault(word, (number, side))
    return found
