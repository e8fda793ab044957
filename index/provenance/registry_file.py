"""Registry files: TOML to entities, and every mistake told with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NoReturn

from index.errors import RegistryError
from index.provenance.registry import BUNDLED, KINDS, ContextualAlias, Entity, folded

_TEXTS = ("id", "name", "kind", "country", "owner", "basis")
_LISTS = ("aliases", "evidence")
_CONTEXT = ("alias", "near", "never")
_KNOWN = {field.name for field in fields(Entity)}
_LIKE_AN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_HEADER = re.compile(r"\s*\[\[\s*entity\s*\]\]")


def read_entities(path: Path, known: Mapping[str, Entity]) -> dict[str, Entity]:
    """The entities of `known` and of the file at `path`, by id; the file's overrule those of the same id.

    An entry that overrules may leave out what it does not change. Raises RegistryError.
    """
    return _File(path).entities(known)


class _File:
    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8-sig")
            self.document = tomllib.loads(self.text)
        except OSError as error:
            raise RegistryError(f"The registry {path} cannot be read: {error.strerror}.") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise RegistryError(f"The registry {path} is not TOML in UTF-8: {error}.") from None
        except RecursionError:
            raise RegistryError(f"The registry {path} is nested too deeply to be one.") from None
        self.lines = self.text.splitlines()
        self.starts = [number for number, line in enumerate(self.lines) if _HEADER.match(line)]

    def entities(self, known: Mapping[str, Entity]) -> dict[str, Entity]:
        entries = self.document.get("entity", [])
        for key in self.document:
            if key != "entity":
                self._refuse(None, key, f"{key!r} is not known; a registry holds [[entity]] tables and nothing else")
        if not isinstance(entries, list):
            self._refuse(None, "entity", "write [[entity]], with two brackets, above each entity")
        own: dict[str, Entity] = {}
        for number, entry in enumerate(entries):
            entity = self._entity(number, entry, known)
            if entity.id in own:
                self._refuse(number, "id", f"the id {entity.id!r} is there twice; keep one")
            own[entity.id] = entity
        self._check_names(own, {i: e for i, e in known.items() if i not in own})
        for number, entity in enumerate(own.values()):
            if _LIKE_AN_ID.fullmatch(entity.owner) and entity.owner not in known and entity.owner not in own:
                self._refuse(number, "owner", f"{entity.owner!r} is no id; correct it, or write the owner's name")
        return {**known, **own}

    def _entity(self, number: int, entry: object, known: Mapping[str, Entity]) -> Entity:
        if not isinstance(entry, dict):
            self._refuse(number, None, f"{str(entry)[:40]!r} is no table; write [[entity]] and its keys below")
        for key in entry:
            if key not in _KNOWN:
                self._refuse(number, key, f"{key!r} is not known; use {', '.join(f.name for f in fields(Entity))}")
        for key in _TEXTS:
            value = entry.get(key)
            if key in entry and not (isinstance(value, str) and value.strip() and value.isprintable()):
                self._refuse(number, key, f"{key} must be a text in quotes, of one line")
        overruled = known.get(entry.get("id", ""))
        label = entry.get("id", entry.get("name", "an entity"))
        for key in (*_TEXTS, "disclaim"):
            if key not in entry and not (overruled and key != "id"):
                self._refuse(number, None, f"{label} lacks {key}")
        if not isinstance(entry.get("disclaim", False), bool):
            self._refuse(number, "disclaim", "disclaim must be true or false, without quotes")
        if entry.get("kind", next(iter(KINDS))) not in KINDS:
            self._refuse(number, "kind", f"{label} has the kind {entry['kind']!r}; use {', '.join(KINDS)}")
        given: dict[str, Any] = {key: entry[key] for key in (*_TEXTS, "disclaim") if key in entry}
        given |= {key: self._texts(number, key, entry[key]) for key in _LISTS if key in entry}
        if "in_context" in entry:
            given["in_context"] = self._in_context(number, entry["in_context"])
        if "reviewed" in entry:
            given["reviewed"] = str(entry["reviewed"])
        return replace(overruled, **given) if overruled else Entity(**given)

    def _texts(self, number: int, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(_is_text(item) for item in value):
            self._refuse(number, key, f"{key} must be a list of texts in quotes, each of one line")
        return tuple(value)

    def _in_context(self, number: int, value: object) -> tuple[ContextualAlias, ...]:
        rule = "in_context must be a list of { alias = …, near = […], never = […] }"
        if not isinstance(value, list):
            self._refuse(number, "in_context", rule)
        found: list[ContextualAlias] = []
        for item in value:
            if not isinstance(item, dict) or set(item) - set(_CONTEXT) or not isinstance(item.get("alias"), str):
                self._refuse(number, "in_context", rule)
            conditions = {key: self._texts(number, "in_context", item[key]) for key in _CONTEXT[1:] if key in item}
            if not item["alias"].strip() or not any(conditions.values()):
                self._refuse(number, "in_context", f"{item['alias']!r} needs near or never; else put it into aliases")
            found.append(ContextualAlias(item["alias"], **conditions))
        return tuple(found)

    def _check_names(self, own: Mapping[str, Entity], others: Mapping[str, Entity]) -> None:
        """A name may belong to several entities only where context decides which is meant."""
        owners = {folded(name): e.id for e in others.values() for name in e.names}
        for number, entity in enumerate(own.values()):
            for name in {folded(name): name for name in entity.names}.values():
                other = owners.setdefault(folded(name), entity.id)
                if other == entity.id:
                    continue
                bundled = f", which is bundled: drop it here, or overrule that entity with id = {other!r}"
                advice = "; keep one, or give both in_context" if other in own else bundled
                self._refuse(number, name, f"{name!r} is a name of {entity.id} and of {other}{advice}")

    def _refuse(self, number: int | None, key: str | None, what: str) -> NoReturn:
        where = "" if self.path == BUNDLED and not self.lines else f", line {self._line(number, key)}"
        raise RegistryError(f"The registry {self.path}{where}: {what}.")

    def _line(self, number: int | None, key: str | None) -> int:
        """The number, from 1, of the line of `key` or of a value in the entry `number`, else of its first line."""
        start, end = 0, len(self.lines)
        if number is not None and number < len(self.starts):
            start, end = [*self.starts, end][number : number + 2]
        if key is not None:
            as_key = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\]]")
            for matches in (as_key.match, lambda line: key in line):
                for place in range(start, end):
                    if matches(self.lines[place]):
                        return place + 1
        return start + 1


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()
