"""Answers from elsewhere: another system's texts with [n] marks and their passages, as answers that can be scored.

A line of the file: {"id": "q1", "text": "It made 90 tons. [1]", "passages": [{"article_id": "a", "text": "…"}, "…"],
"status": "answered | abstained", "confidence": 0.9, "disclaimers": ["…"], "retrieved": ["a", "b"], "latency_ms": 12}.
Only id and text are required; an empty text is an abstention, and [1] is the first passage.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.samples import Sample
from index.errors import SamplesError
from index.sentences import sentence_bounds

_MARK = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_TRAILING_MARKS = re.compile(r"([.!?])((?:\s*\[\d+(?:\s*,\s*\d+)*\])+)")
_KEYS = {"id", "text", "passages", "status", "confidence", "disclaimers", "retrieved", "latency_ms"}


def read_answers(file: Path, samples: Sequence[Sample]) -> dict[str, dict[str, Any]]:
    """Answers by sample id. Raises SamplesError that names the line, also where the file is of other samples."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SamplesError(f"{file} cannot be read: {error}.") from None
    known = {sample.id for sample in samples}
    answers: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        given = _parsed(line, where)
        if given["id"] not in known:
            raise SamplesError(f"{where}: no sample {given['id']!r}; these are answers to another set.")
        if given["id"] in answers:
            raise SamplesError(f"{where}: a second answer to {given['id']!r}. Keep one.")
        answers[given["id"]] = _shaped(given, where)
    missing = sorted(known - set(answers))
    if missing:
        raise SamplesError(
            f"{file} has no answer to {missing[0]!r} and {len(missing) - 1} more. Give one to each sample."
        )
    return answers


def _parsed(line: str, where: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise SamplesError(f"{where}: not JSON: {error}.") from None
    if not isinstance(given, dict) or not all(isinstance(given.get(key), str) for key in ("id", "text")):
        raise SamplesError(f'{where}: an answer needs the strings "id" and "text".')
    unknown = sorted(set(given) - _KEYS)
    if unknown:
        raise SamplesError(f"{where}: unknown fields {', '.join(unknown)}. Known: {', '.join(sorted(_KEYS))}.")
    return given


def _shaped(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """An answer in the shape of the contract, as far as it is given."""
    passages = [p if isinstance(p, dict) else {"text": p} for p in given.get("passages", ())]
    if not all(isinstance(p.get("text"), str) for p in passages):
        raise SamplesError(f'{where}: a passage is a text, or an object with "text" and perhaps "article_id".')
    text = given["text"].strip()
    sentences = [_sentence(part) for part in _sentences(text)]
    used = sorted({number for s in sentences for number in s["citations"]})
    wrong = [number for number in used if not 1 <= number <= len(passages)]
    if wrong:
        raise SamplesError(f"{where}: [{wrong[0]}] has no passage; there are {len(passages)}.")
    answer: dict[str, Any] = {
        "status": given.get("status", "answered" if text else "abstained"),
        "text": text,
        "sentences": sentences,
        "citations": [
            {"number": n, "article_id": passages[n - 1].get("article_id"), "quote": passages[n - 1]["text"]}
            for n in used
        ],
    }
    if answer["status"] not in ("answered", "abstained"):
        raise SamplesError(f"{where}: the status {given['status']!r} is neither answered nor abstained.")
    if "retrieved" in given:
        answer["retrieved"] = [{"article_id": article_id} for article_id in given["retrieved"]]
    if "disclaimers" in given:
        answer["disclaimers"] = [{"text": words, "citations": used} for words in given["disclaimers"]]
    if "confidence" in given:
        answer["confidence"] = float(given["confidence"])
    if "latency_ms" in given:
        answer["timings_ms"] = {"total": float(given["latency_ms"])}
    return answer


def _sentences(text: str) -> list[str]:
    """Sentences with the marks that stand behind their full stops."""
    moved = _TRAILING_MARKS.sub(r"\2\1", text)
    return [moved[start:end] for start, end in sentence_bounds(moved)]


def _sentence(part: str) -> dict[str, Any]:
    numbers = [int(n) for match in _MARK.finditer(part) for n in match.group(1).split(",")]
    return {"text": " ".join(_MARK.sub("", part).split()), "citations": list(dict.fromkeys(numbers))}
