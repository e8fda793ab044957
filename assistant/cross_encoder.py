"""Cross-encoders that somebody sets: any sentence-transformers CrossEncoder, by name or path."""

import os
from collections.abc import Callable
from typing import Any

from index.errors import EncoderError


def load_cross_encoder(name: str, setting: str, wanted: str, try_out: Callable[[Any], object]) -> Any:  # noqa: ANN401
    """The model `name`, tried out. Raises EncoderError, which names its `setting` and what is `wanted`, if it fails."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no network unless somebody asks for it
    from sentence_transformers import CrossEncoder  # deferred: imports torch

    try:
        model = CrossEncoder(name, device="cpu")
        try_out(model)
    except Exception as error:  # a hub, a file or a library can fail here, each its own way
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise EncoderError(
            f"The model {name} cannot be used ({reason}). Set {setting} to a sentence-transformers CrossEncoder "
            f"{wanted}, on this machine, or HF_HUB_OFFLINE=0 to download it."
        ) from None
    return model
