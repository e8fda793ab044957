"""Names in a sentence, and whether a text has them, also as initials, a family name or an adjective of a country."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.words import listed, valued
from index.provenance.phrases import PROPER, plain_name
from index.provenance.words import names as listed_names

_WORDS = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"[A-Z]{2,6}")
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_FIRST = re.compile(r"^[\W_]*")


_DEMONYM_ENDS = frozenset(["an", "ian", "ean", "n", "ese", "ish", "i", "ic", "ns", "ans", "ians", ""])


@dataclass(frozen=True)
class Name:
    """The name at text[start:end]."""

    start: int
    end: int
    text: str


def folded_words(text: str) -> frozenset[str]:
    """The words of `text` without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = re.sub(r"['’]s?\b", "", "".join(c for c in plain if not unicodedata.combining(c)))
    return frozenset(_WORDS.findall(plain.translate(_STROKES)))


@lru_cache(maxsize=20_000)
def _words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, in order, titles left out."""
    found = (word for part in name.split() for word in sorted(folded_words(part)))
    return tuple(word for word in found if word not in listed("titles"))


def names_in(text: str, known: str = "") -> Iterator[Name]:
    """The names of `text`; a single word that opens it only if `known`, what is told, has it within a sentence."""
    opening = _FIRST.match(text)
    first = opening.end() if opening else 0
    for match in PROPER.finditer(text):
        start, words = match.start(), match.group().split()
        while words and (
            words[0].casefold() in listed("openers") or (len(words) > 1 and words[0] in listed_names("not"))
        ):
            start += len(words[0]) + 1
            words = words[1:]
        name = plain_name(" ".join(words))
        if not name or (len(name) == 1):
            continue
        start = text.find(words[0], match.start())
        alone = len(words) == 1 and start == first
        if alone and not name.isupper() and not re.search(rf"(?<=[\w,;’'] ){re.escape(name)}\b", known):
            continue
        yield Name(start, start + len(name), name)


def has_name(name: str, text: str, words: frozenset[str]) -> bool:
    """Whether `text`, whose folded words are `words`, has a name in any of its forms."""
    wanted = _words_of(name)
    if all(_has_word(w, words) for w in wanted):
        return True
    if _INITIALS.fullmatch(name):
        return any(_initials(m.group()) == name for m in PROPER.finditer(text))
    return len(wanted) > 1 and _initials(name).casefold() in words and len(_initials(name)) > 2


def has_part_of(name: str, words: frozenset[str]) -> bool:
    """Whether `words` has the first or the last word of a name, as after it was given in full."""
    wanted = _words_of(name)
    return bool(wanted) and (wanted[-1] in words or wanted[0] in words)


def _has_word(word: str, words: frozenset[str]) -> bool:
    if word in words or f"{word}s" in words or word.removesuffix("s") in words:
        return True
    nation = valued("nations").get(word)
    if nation and any(valued("nations").get(w) == nation for w in words):
        return True
    return len(word) > 4 and any(_demonym(word, w) or _demonym(w, word) for w in words if w[:4] == word[:4])


def _demonym(country: str, other: str) -> bool:
    """Whether `other` is the adjective of a country: "Brazil" and "Brazilian", "Europe" and "European"."""
    stem = country.rstrip("aeiouy")
    return len(stem) > 3 and other.startswith(stem) and other[len(stem) :] in _DEMONYM_ENDS


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"[^\W\d_]+", name) if w[0].isupper() and w != "The")
