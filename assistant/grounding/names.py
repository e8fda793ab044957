"""Names in a sentence, and whether a text has them, also as initials, a family name or an adjective of a country."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.words import common_words, listed, valued
from index.provenance.phrases import PROPER, plain_name
from index.provenance.words import names as listed_names

_WORDS = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"[A-Z]{2,6}")
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_ANY_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NATION_INITIALS = frozenset(["us", "uk", "eu"])
_ENDINGS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
)
_PEOPLE = ("ers", "ors", "ists", "ours", "ants", "ents", "ians", "ees")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){1,3}[A-Z]\b\.?")
_LOWER_TAIL = re.compile(r"-[a-z].*$")
_FIRST = re.compile(r"^[\W_]*")


@dataclass(frozen=True)
class Name:
    """The name at text[start:end]."""

    start: int
    end: int
    text: str


def folded_words(text: str) -> frozenset[str]:
    """The words of `text` without case and accents."""
    plain = _DOTTED.sub(lambda m: m.group().replace(".", ""), unicodedata.normalize("NFKD", text)).casefold()
    plain = re.sub(r"['’]s?\b", "", "".join(c for c in plain if not unicodedata.combining(c)))
    return frozenset(_WORDS.findall(plain.translate(_STROKES)))


_folded_word = lru_cache(maxsize=20_000)(folded_words)


@lru_cache(maxsize=20_000)
def _words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, in order, titles left out."""
    found = (word for part in name.split() for word in sorted(_folded_word(part)))
    return tuple(word for word in found if word not in listed("titles"))


def names_in(text: str, known: str = "") -> Iterator[Name]:
    """The names of `text`; a single word that opens it only if `known`, what is told, has it within a sentence."""
    opening = _FIRST.match(text)
    first = opening.end() if opening else 0
    for match in PROPER.finditer(text):
        words = match.group().split()
        while words and (
            words[0].casefold() in listed("openers") or (len(words) > 1 and words[0] in listed_names("not"))
        ):
            words = words[1:]
        at = text.find(words[0], match.start()) if words else -1
        for part in re.split(r"(?<=['’]s)\s+", " ".join(words)):
            name = _LOWER_TAIL.sub("", plain_name(part))
            start = text.find(name, at) if name else -1
            if start < 0 or len(name) < 2:
                continue
            at = start + len(name)
            alone = len(name.split()) == 1 and start == first
            if not alone or name.isupper() or _is_name(name, known):
                yield Name(start, at, name)


def _is_name(word: str, known: str) -> bool:
    """Whether a word with a capital that opens a sentence is a name: `known` has it so within one, or no dictionary has
    it in small letters.
    """
    if re.search(rf"(?<=[\w,;’'] ){re.escape(word)}\b", known):
        return True
    small = word.casefold()
    if small.endswith(_PEOPLE):
        return False
    return small not in known and small not in common_words() and common_words().isdisjoint(_stems(small))


def _stems(word: str) -> set[str]:
    """Forms of a word without an ending: "mines", "mined", "mining" to "mine" and "min"."""
    found = set()
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            found.add(word[: len(word) - len(ending)] + instead)
    return found


def has_name(name: str, text: str, words: frozenset[str]) -> bool:
    """Whether `text`, whose folded words are `words`, has a name in any of its forms."""
    wanted = _words_of(name)
    if not wanted:
        return True
    if all(_has_word(word, words) for word in wanted) and (len(wanted) == 1 or _together(wanted, text)):
        return len(wanted) > 1 or not _INITIALS.fullmatch(name) or name in text or name.casefold() in _NATION_INITIALS
    if _INITIALS.fullmatch(name):
        return any(_initials(m.group()) == name for m in PROPER.finditer(text))
    return len(wanted) > 1 and _initials(name).casefold() in words and len(_initials(name)) > 2


def _together(wanted: Sequence[str], text: str) -> bool:
    """Whether one stretch of `text` has all words of a name, none of them far from the next."""
    first = wanted[0]
    found = list(_ANY_WORD.finditer(text))
    plain = [_folded_word(m.group()) for m in found]
    for at, here in enumerate(plain):
        if not _has_word(first, here):
            continue
        near = frozenset(w for words in plain[max(0, at - len(wanted)) : at + len(wanted) + 3] for w in words)
        if all(_has_word(word, near) for word in wanted):
            return True
    return False


def _has_word(word: str, words: frozenset[str]) -> bool:
    if word in words or f"{word}s" in words or word.removesuffix("s") in words:
        return True
    nation = valued("nations").get(word)
    return bool(nation) and any(valued("nations").get(w) == nation for w in words)


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"[^\W\d_]+", name) if w[0].isupper() and w != "The")
