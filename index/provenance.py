"""Who says so: the registry of state entities, and the claimant of each sentence of an article.

The publisher printed the article; the claimant is whoever a sentence's content comes from.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from index.article import Article, SentenceSpan
from index.errors import RegistryError

BUNDLED = Path(__file__).with_name("state_entities.toml")
KINDS: Mapping[str, str] = {
    "state-owned-enterprise": "a state-owned enterprise",
    "state-media": "state media",
    "public-broadcaster": "a public broadcaster",
    "government-body": "a government body",
    "public-research-institute": "a state research institute",
    "state-aligned-association": "a state-aligned association",
    "private-with-state-stake": "a private company with a state stake",
}
"""Kinds of entities, and how a sentence calls them."""
MEDIA = ("state-media", "public-broadcaster")
"""The kinds that publish articles."""

_DOCUMENT = r"(?:press|news|media) releases?|press statements?|statements?|readouts?|announcements?|websites?|filings?"
_SAYING = (
    r"(?:says?|said|announces?d?|unveils?|unveiled|reports?|reported|claims?|claimed|states?|stated|reveals?"
    r"|revealed|discloses?d?|declares?d?|confirms?|confirmed|presents?|presented|introduces?d?|launche[sd]|releases?d?"
    r"|publishe[sd]|explains?|explained|emphasi[sz]e[sd]|highlights?|highlighted|describe[sd]?|argues?d?|promise[sd]?)"
)
_AUXILIARY = r"(?:\s+(?:has|have|had|also|officially|recently|today|now|newly|just|formally))*"
_AFTER_NAME = re.compile(
    rf"(?:\s*\([^)]*\))?(?:,[^,.;]{{0,120}}(?:\([^)]*\)[^,.;]{{0,60}})?,)?{_AUXILIARY}\s+{_SAYING}\b"
)
_OWN_DOCUMENT = re.compile(rf"(?:['’]s?)?\s+(?:[a-z]+\s+){{0,2}}(?:{_DOCUMENT})\b")
_BEFORE_NAME = re.compile(
    rf"(?:according to|(?:{_DOCUMENT})\s+(?:\w+\s+)?(?:from|by|of|at)|(?:said|told|announced)\s+by)\s+[^.;:,]{{0,60}}$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:critics?|opponents?|rivals?|competitors?|customers?|suppliers?|buyers?)\s+(?:of|to)\s+(?:the\s+)?$", re.I
)
_SOURCE_LINE = re.compile(r"^\W*sources?:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_COMMENTARY = re.compile(
    r"\b(?:implications?|the west|western|call to action|investors?|relevance|newsworthy|the read|impact on"
    r"|challenge for|our (?:view|take)|analysis|opinion|commentary|what it means)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:we|our)\b", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")


@dataclass(frozen=True)
class Entity:
    """An organisation whose tie to a state has been looked at."""

    id: str
    name: str
    kind: str
    country: str
    owner: str
    basis: str
    disclaim: bool
    aliases: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    reviewed: str | None = None


@dataclass(frozen=True)
class Registry:
    """The reviewed entities by id; whoever is absent is unreviewed, not independent."""

    entities: Mapping[str, Entity]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The bundled registry, or the one at `path`. Raises RegistryError saying what is wrong."""
        path = path or BUNDLED
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise RegistryError(f"The registry {path} cannot be read: {error}.") from None
        entries = document.pop("entity", [])
        if document or not isinstance(entries, list):
            raise RegistryError(f"The registry {path} may hold nothing but [[entity]] tables.")
        entities: dict[str, Entity] = {}
        owner_of_alias: dict[str, str] = {}
        for entry in entries:
            entity = _entity(entry, path)
            if entity.id in entities:
                raise RegistryError(f"The registry {path} has the id {entity.id!r} twice; keep one.")
            entities[entity.id] = entity
            for alias in {_folded(a) for a in (entity.name, *entity.aliases)}:
                other = owner_of_alias.setdefault(alias, entity.id)
                if other != entity.id:
                    raise RegistryError(f"The registry {path} gives {alias!r} to {other} and {entity.id}; keep one.")
        return cls(entities)

    def get(self, entity_id: str | None) -> Entity | None:
        """The entity of an id, None when it is not in the registry."""
        return self.entities.get(entity_id) if entity_id else None

    def named(self, name: str | None) -> Entity | None:
        """The entity that `name` as a whole is a name of."""
        return self.get(self._by_alias.get(_folded(name))) if name else None

    def owner_name(self, entity: Entity) -> str:
        """The display name of who owns or controls `entity`."""
        owner = self.get(entity.owner)
        return owner.name if owner else entity.owner

    def find(self, text: str) -> Iterator[tuple[int, int, Entity]]:
        """(start, end, entity) of each mention in `text`: whole words, the longest alias first."""
        for match in self._pattern.finditer(text):
            yield match.start(), match.end(), self.entities[self._by_alias[_folded(match.group())]]

    @cached_property
    def _by_alias(self) -> dict[str, str]:
        return {_folded(a): e.id for e in self.entities.values() for a in (e.name, *e.aliases)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        aliases = sorted({a for e in self.entities.values() for a in (e.name, *e.aliases)}, key=len, reverse=True)
        first = "".join(sorted({re.escape(alias[0]) for alias in aliases}))  # passes over most of a text at once
        return re.compile(f"(?=[{first}])(?:{'|'.join(map(_whole_word, aliases))})" if aliases else r"(?!)")


def attribute(article: Article, registry: Registry) -> Article:
    """`article` with its declared sources and the claimant of each sentence filled in."""
    declared = _declared_sources(article, registry)
    default = declared[0] if declared else None
    commentary = _commentary_starts(article)
    sentences = tuple(
        replace(span, claimant=_claimant(article, span, registry, default, commentary)) for span in article.sentences
    )
    return replace(article, sentences=sentences, declared_sources=declared)


def _declared_sources(article: Article, registry: Registry) -> tuple[str, ...]:
    """Ids of the entities that the article names as its source, the plainest declaration first."""
    found = [e.id for line in _SOURCE_LINE.findall(article.text) for _, _, e in registry.find(line)]
    body = [article.text[s.start : s.end] for s in article.sentences if s.section == "body"]
    for number, sentence in enumerate(body):
        found += [e.id for e in _attributed(sentence, registry, with_saying=number < 3)]
    if article.disclaimer_text:
        found += [e.id for _, _, e in registry.find(article.disclaimer_text)]
    return tuple(dict.fromkeys(found))


def _attributed(sentence: str, registry: Registry, with_saying: bool = True) -> Iterator[Entity]:
    """Entities that `sentence` attributes its content to."""
    for start, end, entity in registry.find(sentence):
        before, after = sentence[:start], sentence[end:]
        if _OTHERS.search(before):
            continue
        says = with_saying and _AFTER_NAME.match(after)
        if says or _OWN_DOCUMENT.match(after) or _BEFORE_NAME.search(before):
            yield entity


def _claimant(
    article: Article, span: SentenceSpan, registry: Registry, default: str | None, commentary: list[tuple[int, int]]
) -> str | None:
    sentence = article.text[span.start : span.end]
    if span.section == "disclaimer":
        return None
    attributed = next(_attributed(sentence, registry), None)
    if attributed:
        return attributed.id
    own_words = _QUOTED.sub("", sentence)
    names_publisher = bool(article.publisher and article.publisher.casefold() in own_words.casefold())
    if names_publisher or _FIRST_PERSON.search(own_words) or any(a <= span.start < b for a, b in commentary):
        return None
    return default


def _commentary_starts(article: Article) -> list[tuple[int, int]]:
    """The stretches of the text below a heading that announces the publisher's own view."""
    covered = {s.start for s in article.sentences}
    stretches: list[tuple[int, int]] = []
    position, opened = 0, None
    for line in article.text.split("\n\n"):
        has_sentence = any(position <= start < position + len(line) for start in covered)
        if not has_sentence:
            if opened is not None:
                stretches.append((opened, position))
            opened = position if _COMMENTARY.search(line) else None
        position += len(line) + 2
    if opened is not None:
        stretches.append((opened, position))
    return stretches


def _entity(entry: object, path: Path) -> Entity:
    """The entity of one table. Raises RegistryError that names it and what is wrong."""
    if not isinstance(entry, dict):
        raise RegistryError(f"The registry {path} has an entity that is no table: {str(entry)[:40]!r}.")
    label = entry.get("id", entry.get("name", "an entity"))
    unknown = sorted(set(entry) - set(Entity.__dataclass_fields__))
    if unknown:
        raise RegistryError(f"The registry {path}: {label} has unknown keys {', '.join(unknown)}.")
    for key in ("id", "name", "kind", "country", "owner", "basis"):
        if key not in entry:
            raise RegistryError(f"The registry {path}: {label} lacks {key}.")
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise RegistryError(f"The registry {path}: {label} has a {key} that is no text.")
    if not isinstance(entry.get("disclaim"), bool):
        raise RegistryError(f"The registry {path}: {label} needs disclaim, true or false.")
    if entry["kind"] not in KINDS:
        raise RegistryError(f"The registry {path}: {label} has the kind {entry['kind']!r}; use {', '.join(KINDS)}.")
    lists = {key: entry.get(key, []) for key in ("aliases", "evidence")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise RegistryError(f"The registry {path}: {label} has {key} that are no list of texts.")
    texts = {key: entry[key] for key in ("id", "name", "kind", "country", "owner", "basis")}
    reviewed = str(entry["reviewed"]) if "reviewed" in entry else None
    aliases, evidence = tuple(lists["aliases"]), tuple(lists["evidence"])
    return Entity(**texts, disclaim=entry["disclaim"], aliases=aliases, evidence=evidence, reviewed=reviewed)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _whole_word(alias: str) -> str:
    """A pattern of `alias` between word boundaries; Chinese has none and matches anywhere."""
    left = r"(?<!\w)" if alias[:1].isascii() else ""
    right = r"(?!\w)" if alias[-1:].isascii() and alias[-1:].isalnum() else ""
    return left + re.escape(alias) + right
