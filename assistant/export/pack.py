"""A citation pack: answers as they were given, read back from JSON, and the articles that they cite."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Citation, Claimant, Disclaimer, Sentence
from index.errors import ExportError

_MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Exported:
    """A question with its answer, or with what an abstention said; citations are numbered through the pack."""

    question: str
    sentences: tuple[Sentence, ...]
    explanation: str
    note: str
    citations: tuple[Citation, ...]
    disclaimers: tuple[Disclaimer, ...]


@dataclass(frozen=True)
class Source:
    """An article revision that a pack cites, with its citations in order, and the disclaimers that go with them."""

    citations: tuple[Citation, ...]
    disclaimers: tuple[str, ...]

    @property
    def first(self) -> Citation:
        """A citation of it, for what all have in common."""
        return self.citations[0]


@dataclass(frozen=True)
class Pack:
    """One answer, or a conversation of several."""

    answers: tuple[Exported, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations in order."""
        return tuple(c for answer in self.answers for c in answer.citations)

    @property
    def disclaimers(self) -> tuple[Disclaimer, ...]:
        """All disclaimers, those of one wording together."""
        found: dict[tuple[str, str], list[int]] = {}
        for disclaimer in (d for answer in self.answers for d in answer.disclaimers):
            found.setdefault((disclaimer.basis, disclaimer.text), []).extend(disclaimer.citations)
        return tuple(
            Disclaimer("article" if basis == "article" else "registry", text, tuple(dict.fromkeys(numbers)))
            for (basis, text), numbers in found.items()
        )

    @property
    def sources(self) -> tuple[Source, ...]:
        """The article revisions cited, in order of their first citation."""
        of_article: dict[tuple[str, str], list[Citation]] = {}
        for citation in self.citations:
            of_article.setdefault((citation.article_id, citation.revision), []).append(citation)
        return tuple(
            Source(
                tuple(citations),
                tuple(d.text for d in self.disclaimers if {c.number for c in citations} & set(d.citations)),
            )
            for citations in of_article.values()
        )


def read_pack(file: Path) -> Pack:
    """The answer, or the list of answers, in a JSON file. Raises ExportError for what is neither."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ExportError(f"{file} is larger than {_MOST_BYTES // 1_000_000} MB. Export fewer answers at once.")
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise ExportError(
            f"{file} cannot be read: {reason}. Give what python -m assistant ask QUESTION --json printed."
        ) from None
    return pack_of(given if isinstance(given, list) else [given], str(file))


def pack_of(answers: Sequence[Any], where: str = "the export") -> Pack:
    """The pack of answers in the shape of the contract. Raises ExportError for what has another."""
    found: list[Exported] = []
    numbered = 0
    for answer in answers:
        try:
            one = _exported(answer)
        except (KeyError, TypeError, ValueError, ValidationError):
            raise ExportError(
                f"{where} holds something that is no answer. Give what python -m assistant ask QUESTION --json "
                "printed, or a list of such answers."
            ) from None
        found.append(_renumbered(one, numbered))
        numbered += len(one.citations)
    if not found:
        raise ExportError(f"{where} has no answers.")
    return Pack(tuple(found))


_SENTENCES = TypeAdapter(tuple[Sentence, ...])
_CITATIONS = TypeAdapter(tuple[Citation, ...])
_DISCLAIMERS = TypeAdapter(tuple[Disclaimer, ...])


def _exported(answer: Mapping[str, Any]) -> Exported:
    citations = _CITATIONS.validate_python(answer["citations"])
    numbers = {c.number for c in citations}
    disclaimers = _DISCLAIMERS.validate_python(answer["disclaimers"])
    sentences = _SENTENCES.validate_python(answer["sentences"])
    used = {n for s in sentences for n in s.citations} | {n for d in disclaimers for n in d.citations}
    if not used <= numbers or len(numbers) != len(citations):
        raise ValueError("a citation is missing or comes twice")
    abstained = answer["status"] == "abstained"
    explanation = str(answer["text"]) if abstained else ""
    note = str(answer.get("note") or "")
    return Exported(str(answer["question"]), sentences, explanation, note, citations, disclaimers)


def _renumbered(answer: Exported, before: int) -> Exported:
    """With citations numbered from the one after `before`, in their order."""
    new = {c.number: before + place for place, c in enumerate(answer.citations, 1)}
    return replace(
        answer,
        citations=tuple(replace(c, number=new[c.number]) for c in answer.citations),
        sentences=tuple(replace(s, citations=tuple(new[n] for n in s.citations)) for s in answer.sentences),
        disclaimers=tuple(replace(d, citations=tuple(new[n] for n in d.citations)) for d in answer.disclaimers),
    )


def said_by(citation: Citation) -> str:
    """Who claims what is cited, with what ties them to a state: for a note or a reference."""
    from index.provenance.registry import KINDS

    def label(claimant: Claimant) -> str:
        kind = KINDS.get(claimant.kind or "")
        return f"{claimant.name}, {kind}" if kind and claimant.state_affiliated else claimant.name

    claimed = " and ".join(label(c) for c in citation.claimants)
    relayed = f"may relay {label(citation.may_relay)}" if citation.may_relay else ""
    return "; ".join(part for part in (f"claimed by {claimed}" if claimed else "", relayed) if part)
