"""The word lists of words.toml, as patterns and sets; read at the first use."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("words.toml")


@cache
def verbs(group: str) -> frozenset[str]:
    """The finite forms and past participles of the verbs of a group."""
    lists = _lists()
    return frozenset(
        form for verb in lists["verbs"][group].split() for form in _forms(verb, lists["irregular"].get(verb, ()))
    ) - frozenset(lists["never"]["attribute"].split())


@cache
def nouns(group: str) -> frozenset[str]:
    """The nouns of a group, singular and plural."""
    return frozenset(form for noun in _lists()["nouns"][group].split() for form in (noun, _plural(noun)))


@cache
def names(group: str) -> frozenset[str]:
    """The words of a group that stand in names, as they are written."""
    return frozenset(word.replace("_", " ") for word in _lists()["names"][group].split())


@cache
def nations() -> dict[str, str]:
    """Country codes by the adjectives that name the country."""
    return {word: code for code, words in _lists()["nations"].items() for word in words.split()}


@cache
def verb_pattern() -> re.Pattern[str]:
    """Any verb that can attribute."""
    forms = sorted({f for group in ("say", "intend", "present", "show") for f in verbs(group)}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _forms(verb: str, irregular: tuple[str, ...]) -> set[str]:
    if verb[-1] in "sxz" or verb[-2:] in ("sh", "ch"):
        third = verb + "es"
    elif verb[-1] == "y" and verb[-2] not in "aeiou":
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if irregular:
        return {verb, third, *irregular}
    if verb[-1] == "e":
        past = verb + "d"
    elif verb[-1] == "y" and verb[-2] not in "aeiou":
        past = verb[:-1] + "ied"
    else:
        past = verb + "ed"
    return {verb, third, past}


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return noun[:-3] + "men"
    if noun[-1] == "y" and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun[-1] in "sxz" or noun[-2:] in ("sh", "ch") else "s")
