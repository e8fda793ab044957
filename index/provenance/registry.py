"""The registry of state entities: who is tied to a state, and how. Kinds are defined in docs/provenance.md."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

BUNDLED = Path(__file__).parent.parent / "state_entities.toml"
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
PUBLIC_BODIES = ("government-body", "state-aligned-association", "public-research-institute")
"""The kinds whose people are called officials."""

_SEPARATOR = re.compile(r"[,/;|·]|\s+(?:and|&|via|–|-)\s+")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_WEB = re.compile(r"^(?:https?://)?(?:www\.|english\.|en\.)?", re.IGNORECASE)
_TOP_LEVEL = re.compile(r"\.(?:com|net|org)?(?:\.?cn|\.com|\.net|\.org)?/?$", re.IGNORECASE)
_OF_OUTLETS = re.compile(
    r"\b(?:the|online|news|agency|service|english|edition|international|website|app|official|portal)\b", re.I
)
"""Words that outlets have beside their names."""


@dataclass(frozen=True)
class ContextualAlias:
    """A name that others bear too. It counts where one of `near`, if there are any, begins a word within
    WINDOW characters, and none of `never` does.
    """

    alias: str
    near: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entity:
    """An organisation whose tie to a state has been looked at.

    `owner` is the id of another entity or a plain name; `disclaim` says whether its claims carry a disclaimer.
    """

    id: str
    name: str
    kind: str
    country: str
    owner: str
    basis: str
    disclaim: bool
    aliases: tuple[str, ...] = ()
    in_context: tuple[ContextualAlias, ...] = ()
    evidence: tuple[str, ...] = ()
    reviewed: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and the aliases that nobody else bears."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, eq=False)
class Registry:
    """The reviewed entities by id; whoever is absent is unreviewed, not independent."""

    entities: Mapping[str, Entity]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The bundled registry, with the entries of the file at `path` added or overruling those of the same id.

        Raises RegistryError that names the line that is wrong.
        """
        from index.provenance.registry_file import read_entities  # deferred: it needs this module's values

        entities = read_entities(BUNDLED, {})
        return cls(read_entities(path, entities) if path else entities)

    def get(self, entity_id: str | None) -> Entity | None:
        """The entity of an id, None when it is not in the registry."""
        return self.entities.get(entity_id) if entity_id else None

    def named(self, name: str | None, *, ambiguous: bool = False) -> Entity | None:
        """The entity that `name` as a whole is a name of, whatever its case; only if nobody else bears it.

        With `ambiguous`, names that others bear too are looked up as well.
        """
        if not name:
            return None
        return self.get(
            self._by_name.get(folded(name)) or (self._by_shared_name.get(folded(name)) if ambiguous else None)
        )

    def publisher(self, name: str | None) -> Entity | None:
        """The entity that a publisher is: "The China Daily", "Xinhua News (English service)", "xinhuanet.com"."""
        if not name:
            return None
        parts = [name, *_SEPARATOR.split(_IN_BRACKETS.sub(" ", name))]
        for part in parts:
            page = _WEB.sub("", part.strip())
            bare = " ".join(_OF_OUTLETS.sub(" ", page).split())
            for called in (part.strip(), page, bare, _TOP_LEVEL.sub("", page)):
                entity = self.named(called)
                if entity:
                    return entity
        return None

    def owner_name(self, entity: Entity) -> str:
        """The display name of who owns or controls `entity`."""
        owner = self.get(entity.owner)
        return owner.name if owner else entity.owner

    def group(self, entity: Entity) -> str:
        """Which origin `entity` is part of: the nearest government body in the chain of owners, or its end."""
        passed = {entity.id}
        while entity.kind != "government-body":
            owner = self.get(entity.owner)
            if owner is None:
                return folded(entity.owner)
            if owner.id in passed:
                break
            passed.add(owner.id)
            entity = owner
        return entity.id

    def is_state_sourced(self, claimants: Iterable[str], publisher: str | None) -> bool:
        """Whether who claims something, or who publishes it, has claims that carry a disclaimer."""
        tied = [*map(self.get, claimants), self.publisher(publisher)]
        return any(entity is not None and entity.disclaim for entity in tied)

    @cached_property
    def identity(self) -> str:
        """Names this state of the registry: a digest of all its entries."""
        return hashlib.sha256(repr(sorted(self.entities.items())).encode()).hexdigest()[:16]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {folded(name): e.id for e in self.entities.values() for name in e.names}

    @cached_property
    def _by_shared_name(self) -> dict[str, str]:
        return {folded(c.alias): e.id for e in self.entities.values() for c in e.in_context}


def folded(name: str) -> str:
    """`name` as names are compared: without regard to case, width, white space, "&" or "and"."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("’", "'").replace("&", " and ")
    return " ".join(plain.split())
