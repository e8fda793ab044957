"""An optional cross-encoder that tells entailment: ASSAY_NLI."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.errors import EncoderError


class Entailment:
    """Tells how likely sentences entail a claim, by any sentence-transformers CrossEncoder with such a label."""

    def __init__(self, name: str) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no network unless somebody asks for it
        from sentence_transformers import CrossEncoder  # deferred: imports torch

        try:
            self._model: Any = CrossEncoder(name, device="cpu")
            labels = {int(i): str(label).casefold() for i, label in self._model.model.config.id2label.items()}
            self._entails = next((i for i, label in labels.items() if label.startswith("entail")), None)
            if self._entails is None and len(labels) > 1:
                raise ValueError(f"none of its labels is entailment: {', '.join(labels.values())}")
            self.probability("a", ["b"])
        except Exception as error:  # a hub, a file or a library can fail here, each its own way
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            raise EncoderError(
                f"The model {name} cannot be used ({reason}). Set ASSAY_NLI to a sentence-transformers CrossEncoder "
                "that tells entailment, on this machine, or HF_HUB_OFFLINE=0 to download it."
            ) from None

    def probability(self, claim: str, sentences: Sequence[str]) -> float:
        """The probability that `sentences` together entail `claim`, 0 to 1."""
        logits = np.asarray(self._model.predict([(" ".join(sentences), claim)], show_progress_bar=False), np.float64)[0]
        if self._entails is None:  # one score for entailment
            value = float(np.ravel(logits)[0])
            return value if 0 <= value <= 1 else float(1 / (1 + np.exp(-value)))
        mass = np.exp(logits - logits.max())
        return float(mass[self._entails] / mass.sum())


def load_entailment(name: str | None) -> Entailment | None:
    """The model `name`, or none. Raises EncoderError when it cannot be used."""
    return Entailment(name) if name else None
