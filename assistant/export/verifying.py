"""Exported citations against the index as it is now: unchanged, edited since, or removed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.answer import Citation
from assistant.export.pack import pack_of
from index.errors import ExportError, StoreError
from index.store import ArticleIndex

State = Literal["unchanged", "edited", "removed"]


@dataclass(frozen=True)
class Verified:
    """A citation and what became of its words: `edited` when the article has a newer revision, and then whether the
    words still `stand` in it; `removed` when the article is gone. `intact` tells whether the quote is what the revision
    cited has at that place.
    """

    citation: Citation
    state: State
    stands: bool
    intact: bool


def verify(file: Path, index: ArticleIndex) -> list[Verified]:
    """What became of the citations of an answer, of a list of answers, or of exported CSL-JSON.

    Raises ExportError for a file that holds none of them.
    """
    return [_verified(citation, index) for citation in _citations(file)]


def _citations(file: Path) -> list[Citation]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise ExportError(f"{file} cannot be read: {reason}. Give an answer's JSON or an export as csl-json.") from None
    items: list[Any] = given if isinstance(given, list) else [given]
    if items and all(isinstance(item, dict) and "custom" in item for item in items):
        items = [_as_answer(item, file) for item in items]
    return list(pack_of(items, str(file)).citations)


def _as_answer(item: dict[str, Any], file: Path) -> dict[str, Any]:
    """A CSL-JSON item as an answer that only cites."""
    try:
        citations = item["custom"]["assay"]["citations"]
    except (KeyError, TypeError):
        raise ExportError(f"{file} is CSL-JSON from elsewhere; only what Assay exported can be verified.") from None
    return {
        "question": "",
        "status": "answered",
        "text": "",
        "sentences": [],
        "disclaimers": [],
        "citations": citations,
    }


def _verified(citation: Citation, index: ArticleIndex) -> Verified:
    try:
        now = index.article(citation.article_id)
    except StoreError:
        return Verified(citation, "removed", stands=False, intact=False)
    try:
        then = index.article(citation.article_id, citation.revision)
        intact = then.text[citation.start : citation.end] == citation.quote
    except StoreError:
        intact = False
    same = now.revision == citation.revision
    return Verified(citation, "unchanged" if same else "edited", citation.quote in now.text, intact)
