"""Mentions of registered entities in a text: whole words, the longest alias first, ambiguous ones by context."""

import re
import weakref
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from index.provenance.registry import ContextualAlias, Entity, Registry, folded

WINDOW = 500
"""Characters to either side in which context decides what an ambiguous alias means."""
_FEW_LETTERS = 6
"""Letters up to which a form in capitals counts as a short form."""
_FIRST_WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[\u3400-\u9fff]")
"""A Chinese character."""
_DEFINED = re.compile(
    r"((?:[A-Z][\w&.'’-]*|of|and|for|the|in|on|&)(?:\s+(?:[A-Z][\w&.'’-]*|of|and|for|the|in|on|&)){1,11})"
    r"[,\s]*\(\s*(?:the\s+)?[“\"'‘]?([A-Z][A-Za-z&.-]{1,9})[”\"'’]?\s*\)"
)
_GOES_ON = re.compile(r"\s+(?:and|of|&)\s+[A-Z]")
"""What makes a name the beginning of another one: "Ministry of Commerce and Industry"."""
_SAME_NAME = 0.5
"""Share of words that two names have in common when one is a variant of the other."""
_MINOR = {"of", "and", "the", "for", "in", "on", "group", "company", "co", "ltd", "inc"}


@dataclass(frozen=True)
class Mention:
    """Where a text names `entity`."""

    start: int
    end: int
    entity: Entity

    def shifted(self, by: int) -> Self:
        """The same, counted from elsewhere."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True)
class _Alias:
    pattern: re.Pattern[str]
    text: str
    bearers: tuple[tuple[Entity, ContextualAlias | None], ...]
    """Who bears it: those whom context tells first, then the one who needs none."""


def find_mentions(text: str, registry: Registry) -> list[Mention]:
    """The mentions in `text`, in order. `text` is also their context, so give all there is of it.

    A short form that the text itself defines, "Some Name (SN)", means what is written there.
    """
    finder = _FINDERS.get(registry)
    if finder is None:
        finder = _FINDERS[registry] = _Finder(registry)
    return finder.find(text)


class _Finder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def find(self, text: str) -> list[Mention]:
        defined = self._definitions(text)
        plain = {m.entity.id for m in self._known(text, defined, None)}
        found = list(self._known(text, defined, plain))
        for short, entity in defined.items():
            if entity:
                found += [Mention(*m.span(), entity) for m in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", text)]
        kept: list[Mention] = []
        for mention in sorted(found, key=lambda m: (m.start, -m.end)):
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def _known(self, text: str, defined: Mapping[str, Entity | None], plain: Set[str] | None) -> Iterator[Mention]:
        """Mentions by registered names; `plain` are the ids of entities that the text names beyond doubt.

        Without it only those that are beyond doubt are found.
        """
        position = 0
        for word in _FIRST_WORD.finditer(text):
            if word.start() < position:
                continue
            for alias in self._by_first_word.get(word.group().casefold(), ()):
                match = alias.pattern.match(text, word.start())
                if match is None or not _cased(match.group(), alias.text) or match.group() in defined:
                    continue
                entity = _meant(alias, plain, text, match.span())
                if entity:
                    yield Mention(match.start(), match.end(), entity)
                    position = match.end()
                    break
        if HAN.search(text):
            for match in self._han.finditer(text):
                entity = _meant(self._han_aliases[match.group()], plain, text, match.span())
                if entity:
                    yield Mention(match.start(), match.end(), entity)

    def _definitions(self, text: str) -> dict[str, Entity | None]:
        """What the text itself says that short forms mean; None for somebody who is not registered."""
        found: dict[str, Entity | None] = {}
        for match in _DEFINED.finditer(text):
            name, short = match.groups()
            named = [m for m in self._known(name, {}, None) if m.end == len(name)]
            bearers = self._by_name.get(folded(short), [])
            if named and (short.isupper() or not bearers):
                found[short] = named[-1].entity
            elif bearers and short.isupper() and not any(_alike(name, other) for e in bearers for other in e.names):
                found[short] = None
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Entity]]:
        table: dict[str, list[Entity]] = {}
        for entity in self.registry.entities.values():
            for name in _all_names(entity):
                table.setdefault(folded(name), []).append(entity)
        return table

    @cached_property
    def _aliases(self) -> list[_Alias]:
        bearers: dict[str, list[tuple[Entity, ContextualAlias | None]]] = {}
        texts: dict[str, str] = {}
        for entity in self.registry.entities.values():
            for contextual in entity.in_context:
                bearers.setdefault(folded(contextual.alias), []).append((entity, contextual))
                texts.setdefault(folded(contextual.alias), contextual.alias)
        for entity in self.registry.entities.values():
            for name in entity.names:
                bearers.setdefault(folded(name), []).append((entity, None))
                texts.setdefault(folded(name), name)
        made = [_Alias(_pattern(text), text, tuple(bearers[key])) for key, text in texts.items()]
        return sorted(made, key=lambda alias: -len(alias.text))

    @cached_property
    def _by_first_word(self) -> dict[str, list[_Alias]]:
        table: dict[str, list[_Alias]] = {}
        for alias in self._aliases:
            first = _FIRST_WORD.match(alias.text)
            if first and not HAN.match(alias.text):
                table.setdefault(first.group().casefold(), []).append(alias)
        return table

    @cached_property
    def _han_aliases(self) -> dict[str, _Alias]:
        return {alias.text: alias for alias in self._aliases if HAN.match(alias.text)}

    @cached_property
    def _han(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._han_aliases)) or r"(?!)")


_FINDERS: "weakref.WeakKeyDictionary[Registry, _Finder]" = weakref.WeakKeyDictionary()


def _all_names(entity: Entity) -> Sequence[str]:
    return (*entity.names, *(c.alias for c in entity.in_context))


def _pattern(name: str) -> re.Pattern[str]:
    """`name` between word boundaries, with the ways that white space, "&", hyphens and apostrophes are written."""
    pieces: list[str] = []
    for piece in re.findall(r"\w+|\s+|[^\w\s]", name):
        if piece == "&" or piece.casefold() == "and":
            pieces.append("(?:&|and)")
        elif piece.isspace():
            pieces.append(r"[\s,-]+")
        elif piece in "'’":
            pieces.append("['’]")
        elif piece in "-‐‑":
            pieces.append(r"[-‐‑\s]")
        else:
            pieces.append(re.escape(piece))
    right = r"(?!\w)" if name[-1:].isalnum() else ""
    return re.compile("".join(pieces) + right, re.IGNORECASE)


def _cased(found: str, alias: str) -> bool:
    """Whether `found` is written as the name `alias` is: a short form exactly, a longer one in capitals as well."""
    if found == alias:
        return True
    letters = [sign for sign in alias if sign.isalpha()]
    if len(letters) <= _FEW_LETTERS:
        return False
    words = re.findall(r"\w+", found)
    originals = re.findall(r"\w+", alias)
    if len(words) != len(originals):
        words = originals = [found]  # "&" for "and"
    return all(w[:1].isupper() or not o[:1].isupper() for w, o in zip(words, originals, strict=True))


def _meant(alias: _Alias, plain: Set[str] | None, text: str, place: tuple[int, int]) -> Entity | None:
    """The bearer of an alias that is meant at this place of `text`."""
    if plain is None:
        [(entity, contextual), *others] = alias.bearers
        return entity if contextual is None and not others else None
    named = [entity for entity, _ in alias.bearers if entity.id in plain]
    if len(named) == 1:
        return named[0]
    start, end = place
    around = text[max(0, start - WINDOW) : start] + "\n" + text[end : end + WINDOW]
    for entity, contextual in alias.bearers:
        if contextual is None:
            return entity
        if _GOES_ON.match(text, end):
            continue
        if not _begins_word(contextual.never, around) and (
            not contextual.near or _begins_word(contextual.near, around)
        ):
            return entity
    return None


def _begins_word(beginnings: Sequence[str], text: str) -> bool:
    return any(
        (b in text if HAN.match(b) else re.search(rf"(?<!\w){re.escape(b)}", text, _case(b))) for b in beginnings
    )


def _case(word: str) -> re.RegexFlag:
    return re.NOFLAG if word[:1].isupper() else re.IGNORECASE


def _alike(name: str, other: str) -> bool:
    words, others = ({w for w in re.findall(r"\w+", n.casefold()) if w not in _MINOR} for n in (name, other))
    return bool(words and others) and len(words & others) / min(len(words), len(others)) >= _SAME_NAME
