"""Eval samples: questions with what a right answer has, one JSON object a line."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.conversation import Turn, read_history
from index.errors import QuestionError, SamplesError


@dataclass(frozen=True)
class Sample:
    """A question and its gold; a field that is None has no gold. A fact is a tuple of alternatives."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    answerable: bool | None = None
    articles: tuple[str, ...] | None = None
    facts: tuple[tuple[str, ...], ...] | None = None
    quotes: tuple[str, ...] | None = None
    state_sourced: bool | None = None
    claimants: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()


def read_samples(file: Path) -> list[Sample]:
    """The samples of `file`. Raises SamplesError that names the line and what is wrong with it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SamplesError(f"{file} cannot be read: {error}.") from None
    samples: dict[str, Sample] = {}
    for number, line in enumerate(lines, 1):
        for sample in _parsed(line, f"{file}:{number}"):
            if sample.id in samples:
                raise SamplesError(f"{file}:{number}: the sample {sample.id!r} is there twice. Give each its own id.")
            samples[sample.id] = sample
    return list(samples.values())


def _parsed(line: str, where: str) -> Iterator[Sample]:
    if not line.strip():
        return
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise SamplesError(f"{where}: not JSON: {error}.") from None
    if not isinstance(fields, dict) or not all(isinstance(fields.get(key), str) for key in ("id", "question")):
        raise SamplesError(f'{where}: a sample needs the strings "id" and "question".')
    unknown = sorted(set(fields) - set(Sample.__dataclass_fields__))
    if unknown:
        raise SamplesError(f"{where}: unknown fields {', '.join(unknown)}.")
    yield sample_of(fields, where)


def is_held_out(sample_id: str) -> bool:
    """Whether a sample is of the half that is kept for reports; nothing may be tuned to it."""
    return hashlib.sha256(sample_id.encode()).digest()[-1] % 2 == 1


def sample_of(fields: Mapping[str, Any], where: str) -> Sample:
    """The sample of a JSON object; `where` names its place in an error."""
    try:
        return Sample(**{name: _converted(name, value) for name, value in fields.items()})
    except (TypeError, QuestionError) as error:
        raise SamplesError(f"{where}: {error}") from None


def _converted(name: str, value: Any) -> Any:  # noqa: ANN401  # JSON in, fields of Sample out
    if name == "history":
        return tuple(read_history(value))
    if name == "facts":
        return tuple((fact,) if isinstance(fact, str) else tuple(fact) for fact in value)
    return tuple(value) if isinstance(value, list) else value
