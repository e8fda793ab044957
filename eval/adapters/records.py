"""Records of a published file: JSON objects that know where they stand, so that an error can name the place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from eval.adapters.values import safe_id
from index.errors import SamplesError

T = TypeVar("T")
_KINDS = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}


@dataclass(frozen=True)
class Record:
    """A JSON object of `file`; `place` is the line, and the way to it within the line."""

    file: Path
    place: str
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, file: Path, place: str, value: object) -> Self:
        """The record that `value` is. Raises SamplesError when it is no object."""
        if not isinstance(value, dict):
            raise SamplesError(f"{file}{place}: needs an object.")
        return cls(file, place, value)

    def error(self, reason: str) -> SamplesError:
        """An error that names the place."""
        return SamplesError(f"{self.file}{self.place}: {reason}.")

    def get(self, key: str, kind: type[T]) -> T:
        """The value of `key`. Raises SamplesError when there is none, or one of another kind."""
        value = self.fields.get(key)
        if not isinstance(value, kind):
            raise self.error(f'needs "{key}", {_KINDS[kind]}')
        return value

    def id(self, *keys: str) -> str:
        """The first id under `keys`, made safe for articles."""
        for value in map(self.fields.get, keys):
            if isinstance(value, (str, int)) and str(value).strip():
                return safe_id(str(value))
        raise self.error(f"needs an id under {' or '.join(map(json.dumps, keys))}")

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of the list `key`."""
        texts = self.get(key, list)
        if not all(isinstance(text, str) for text in texts):
            raise self.error(f'needs only texts in "{key}"')
        return tuple(texts)

    def record(self, key: str) -> "Record":
        """The object `key`."""
        return Record(self.file, f"{self.place} {key}", self.get(key, dict))

    def records(self, key: str) -> list["Record"]:
        """The objects of the list `key`."""
        items = enumerate(self.get(key, list))
        return [Record.of(self.file, f"{self.place} {key}[{number}]", item) for number, item in items]


def read_records(file: Path) -> Iterator[Record]:
    """The objects of `file`: a .json file is one, or a list of them; any other has one a line, read as they are asked.

    Raises SamplesError that names the line.
    """
    try:
        with file.open("rb") as opened:
            if file.suffix == ".json":
                whole = _parsed(opened.read(), file, 1)
                items = [(f"[{i}]", v) for i, v in enumerate(whole)] if isinstance(whole, list) else [("", whole)]
                yield from (Record.of(file, place, value) for place, value in items)
                return
            for number, line in enumerate(opened, 1):
                if line.strip():
                    yield Record.of(file, f":{number}", _parsed(line.strip(), file, number))
    except OSError as error:
        raise SamplesError(f"{file} cannot be read: {error.strerror or error}.") from None


def _parsed(data: bytes, file: Path, first_line: int) -> Any:  # noqa: ANN401  # JSON
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise SamplesError(f"{file}:{line}: not JSON: {error.msg} at column {error.colno}.") from None
    except (ValueError, RecursionError) as error:  # no UTF-8, among others
        raise SamplesError(f"{file}:{first_line}: not JSON: {error}.") from None
