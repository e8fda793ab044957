"""Answers from elsewhere: another system's texts with [n] marks and their passages, as answers that can be scored.

A line of the file: {"id": "q1", "text": "It made 90 tons. [1]", "passages": [{"article_id": "a", "text": "…"}, "…"],
"status": "answered | abstained", "confidence": 0.9, "disclaimers": ["…"], "retrieved": ["a", "b"], "latency_ms": 12}.
Only id and text are required; an empty text is an abstention, and [1] is the first passage. A mark without a
passage is a citation of nothing.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.samples import Sample, checked, json_lines
from index.errors import SamplesError
from index.sentences import sentence_bounds

_MARK = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_TRAILING_MARKS = re.compile(r"([.!?])((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+)")


class _Passage(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    text: str
    article_id: str | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    id: str
    text: str
    passages: list[str | _Passage] = []
    status: Literal["answered", "abstained"] | None = None
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    disclaimers: list[str] | None = None
    retrieved: list[str] | None = None
    latency_ms: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


def read_answers(file: Path, samples: Sequence[Sample]) -> dict[str, dict[str, Any]]:
    """Answers by sample id. Raises SamplesError that names the line, also where the file is of other samples."""
    known = {sample.id for sample in samples}
    answers: dict[str, dict[str, Any]] = {}
    for where, line in json_lines(file):
        given = checked(_Answer, line, where)
        if given.id not in known:
            raise SamplesError(f"{where}: no sample {given.id!r}; these are answers to another set.")
        if given.id in answers:
            raise SamplesError(f"{where}: a second answer to {given.id!r}. Keep one.")
        answers[given.id] = _shaped(given)
    missing = sorted(known - set(answers))
    if missing:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise SamplesError(f"{file} has no answer to {missing[0]!r}{more}. Give one to each sample.")
    return answers


def _shaped(given: _Answer) -> dict[str, Any]:
    """An answer in the shape of the contract, as far as it is given."""
    passages = [p if isinstance(p, _Passage) else _Passage(text=p) for p in given.passages]
    text = given.text.strip()
    sentences = [_sentence(part) for part in _sentences(text)]
    used = sorted({number for s in sentences for number in s["citations"]})
    cited = {n: passages[n - 1] if 1 <= n <= len(passages) else _Passage(text="") for n in used}
    answer: dict[str, Any] = {
        "status": given.status or ("answered" if text else "abstained"),
        "text": text,
        "sentences": sentences,
        "citations": [{"number": n, "article_id": p.article_id, "quote": p.text} for n, p in cited.items()],
    }
    if given.retrieved is not None:
        answer["retrieved"] = [{"article_id": article_id} for article_id in given.retrieved]
    if given.disclaimers is not None:
        answer["disclaimers"] = [{"text": words, "citations": used} for words in given.disclaimers]
    if given.confidence is not None:
        answer["confidence"] = given.confidence
    if given.latency_ms is not None:
        answer["timings_ms"] = {"total": given.latency_ms}
    return answer


def _sentences(text: str) -> list[str]:
    """Sentences with the marks that stand behind their full stops."""
    moved = _TRAILING_MARKS.sub(r"\2\1", text)
    return [moved[start:end] for start, end in sentence_bounds(moved)]


def _sentence(part: str) -> dict[str, Any]:
    numbers = [int(n) for match in _MARK.finditer(part) for n in match.group(1).split(",")]
    return {"text": " ".join(_MARK.sub("", part).split()), "citations": list(dict.fromkeys(numbers))}
