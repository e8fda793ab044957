"""An optional cross-encoder that puts the passages found in another order: ASSAY_RERANKER."""

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.answer import Evidence
from index.errors import EncoderError
from index.passage import in_context


class Reranker(Protocol):
    """Puts passages in another order."""

    def order(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """`evidence`, the best first."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one score for a pair, by name or path."""

    def __init__(self, name: str) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no network unless somebody asks for it
        from sentence_transformers import CrossEncoder  # deferred: imports torch

        try:
            self._model = CrossEncoder(name, device="cpu")
            self._scores("a", ["b"])
        except Exception as error:  # a hub, a file or a library can fail here, each its own way
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            raise EncoderError(
                f"The reranker {name} cannot be used ({reason}). Set ASSAY_RERANKER to a sentence-transformers "
                "CrossEncoder with one score, on this machine, or HF_HUB_OFFLINE=0 to download it."
            ) from None

    def order(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """`evidence`, the best first; equals stay in order."""
        if not evidence:
            return []
        scores = self._scores(question, [in_context(e.article, e.passage.text) for e in evidence])
        return [evidence[i] for i in np.argsort(-scores, kind="stable")]

    def _scores(self, question: str, texts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        scores = np.asarray(
            self._model.predict([(question, text) for text in texts], show_progress_bar=False), np.float64
        )
        if scores.shape != (len(texts),):
            raise ValueError(f"it gives {scores.shape[1:]} scores for a pair instead of one")
        return scores


def load_reranker(name: str | None) -> Reranker | None:
    """The reranker that is set, if any. Raises EncoderError when it cannot be used."""
    return CrossEncoderReranker(name) if name else None
