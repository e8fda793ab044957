"""An optional cross-encoder that puts the passages found in another order: ASSAY_RERANKER."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.cross_encoder import load_cross_encoder
from index.passage import in_context


class Reranker(Protocol):
    """Puts passages in another order."""

    def order(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """`evidence`, the best first."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one score for a pair, by name or path."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(
            name, "ASSAY_RERANKER", "with one score", lambda model: _scores(model, "a", ["b"])
        )

    def order(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """`evidence`, the best first; equals stay in order."""
        if not evidence:
            return []
        scores = _scores(self._model, question, [in_context(e.article, e.passage.text) for e in evidence])
        return [evidence[i] for i in np.argsort(-scores, kind="stable")]


def _scores(model: Any, question: str, texts: Sequence[str]) -> NDArray[np.float64]:  # noqa: ANN401
    scores = np.asarray(model.predict([(question, text) for text in texts], show_progress_bar=False), np.float64)
    if scores.shape != (len(texts),):
        raise ValueError(f"it gives {scores.shape[1:]} scores for a pair instead of one")
    return scores


def load_reranker(name: str | None) -> Reranker | None:
    """The reranker that is set, if any. Raises EncoderError when it cannot be used."""
    return CrossEncoderReranker(name) if name else None
