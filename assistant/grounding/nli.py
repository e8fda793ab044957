"""An optional cross-encoder that tells entailment: ASSAY_NLI."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.cross_encoder import load_cross_encoder


class Entailment:
    """Tells how likely sentences entail a claim, by any sentence-transformers CrossEncoder with such a label."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(
            name, "ASSAY_NLI", "that tells entailment", lambda model: _probability(model, "a", "b")
        )

    def probability(self, claim: str, sentences: Sequence[str]) -> float:
        """The probability that `sentences` together entail `claim`, 0 to 1."""
        return _probability(self._model, " ".join(sentences), claim)


def _probability(model: Any, told: str, claim: str) -> float:  # noqa: ANN401
    labels = {int(i): str(label).casefold() for i, label in model.model.config.id2label.items()}
    entails = next((i for i, label in labels.items() if label.startswith("entail")), None)
    logits = np.ravel(np.asarray(model.predict([(told, claim)], show_progress_bar=False), np.float64))
    if len(labels) == 1:  # one score for entailment
        value = float(logits[0])
        return value if 0 <= value <= 1 else float(1 / (1 + np.exp(-value)))
    if entails is None:
        raise ValueError(f"none of its labels is entailment: {', '.join(labels.values())}")
    mass = np.exp(logits - logits.max())
    return float(mass[entails] / mass.sum())


def load_entailment(name: str | None) -> Entailment | None:
    """The model `name`, or none. Raises EncoderError when it cannot be used."""
    return Entailment(name) if name else None
