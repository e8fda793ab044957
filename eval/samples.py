"""Eval samples: questions with what a right answer has, one JSON object a line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.conversation import Turn
from index.errors import SamplesError

_Model = TypeVar("_Model", bound=BaseModel)
_Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
_LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Sample:
    """A question and its gold; a field that is None has no gold. A fact is a tuple of alternatives.

    `standalone` is a follow-up asked so that it needs no history; `near` are sentences that come near to
    what cannot be answered. `where` is the file and the line that it was read from.
    """

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
    standalone: str | None = None
    near: tuple[str, ...] | None = None
    where: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        """The sample as a line of a file has it; what is not given is left out."""
        given = {
            "id": self.id,
            "question": self.question,
            "standalone": self.standalone,
            "history": [{"role": turn.role, "content": turn.content} for turn in self.history] or None,
            "answerable": self.answerable,
            "articles": self.articles,
            "facts": self.facts,
            "quotes": self.quotes,
            "near": self.near,
            "state_sourced": self.state_sourced,
            "claimants": self.claimants,
            "tags": self.tags or None,
        }
        return {name: value for name, value in given.items() if value is not None}


class _Turn(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    role: Literal["user", "assistant"]
    content: _Text


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    id: _Text
    question: Annotated[_Text, Field(max_length=_LONGEST_QUESTION)]
    history: list[_Turn] = []
    answerable: bool | None = None
    articles: list[_Text] | None = None
    facts: list[_Text | Annotated[list[_Text], Field(min_length=1)]] | None = None
    quotes: list[_Text] | None = None
    state_sourced: bool | None = None
    claimants: list[_Text] | None = None
    tags: list[_Text] = []
    standalone: _Text | None = None
    near: list[_Text] | None = None


def read_samples(file: Path) -> list[Sample]:
    """The samples of `file`. Raises SamplesError that names the line and what is wrong with it."""
    samples: dict[str, Sample] = {}
    for where, line in json_lines(file):
        sample = sample_of(line, where)
        if sample.id in samples:
            raise SamplesError(f"{where}: the sample {sample.id!r} is there twice. Give each its own id.")
        samples[sample.id] = sample
    return list(samples.values())


def sample_of(line: object, where: str) -> Sample:
    """The sample of a JSON object; `where` names its place in an error."""
    given = checked(_Line, line, where)
    facts = None if given.facts is None else tuple((f,) if isinstance(f, str) else tuple(f) for f in given.facts)
    return Sample(
        given.id,
        given.question,
        tuple(Turn(turn.role, turn.content) for turn in given.history),
        given.answerable,
        _tuple(given.articles),
        facts,
        _tuple(given.quotes),
        given.state_sourced,
        _tuple(given.claimants),
        tuple(given.tags),
        given.standalone,
        _tuple(given.near),
        where,
    )


def is_held_out(sample_id: str) -> bool:
    """Whether a sample is of the half that is kept for reports; nothing may be tuned to it."""
    return hashlib.sha256(sample_id.encode()).digest()[-1] % 2 == 1


def json_lines(file: Path) -> Iterator[tuple[str, Any]]:
    """("FILE:LINE", value) of each line of a JSONL file that is not blank. Raises SamplesError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SamplesError(f"{file} is not UTF-8 text; give a file with one JSON object per line.") from None
    except OSError as error:
        raise SamplesError(f"{file} cannot be read: {error}.") from None
    for number, line in enumerate(text.split("\n"), 1):  # splitlines would break at signs that JSON may hold
        if not line.strip():
            continue
        try:
            yield f"{file}:{number}", json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SamplesError(f"{file}:{number}: not JSON: {error}.") from None


def checked(model: type[_Model], value: object, where: str) -> _Model:
    """`value` as `model`. Raises SamplesError that says which field is wrong, and how."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            raise SamplesError(f"{where}: not a JSON object. Write one a line.") from None
        place = ".".join(str(part) for part in first["loc"] if not str(part).startswith(("constrained-", "function-")))
        raise SamplesError(f"{where}: {place}: {first['msg'][:1].lower()}{first['msg'][1:]}.") from None


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
