"""The encoder: texts to unit vectors, from an exported model by ONNX Runtime, without torch."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

_BATCH = 32
_MOST_WORDS = 50_000
"""Words whose vectors are kept; an answer looks up several hundred, mostly the same ones."""


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    identity: str
    """Name and weights; vectors of different identities must not be compared."""
    max_pieces: int
    """Word pieces of a text that are read; the rest is cut off."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), dimension)."""
        ...

    def encode_words(self, words: Sequence[str]) -> Vectors:
        """Unit vectors of single words outside any context, shape (len(words), dimension)."""
        ...

    def count_pieces(self, text: str) -> int:
        """Word pieces of `text`, special ones included."""
        ...


@dataclass(frozen=True)
class Export:
    """What is written beside an exported model, as encoder.json."""

    name: str
    identity: str
    max_pieces: int
    inputs: tuple[str, ...]
    query_prompt: str
    passage_prompt: str
    sha256: Mapping[str, str]
    """Of each file of the export, by name; empty when the model is served by sentence-transformers itself."""


class OnnxEncoder:
    """An exported model, served by ONNX Runtime."""

    def __init__(self, folder: Path, export: Export) -> None:
        from tokenizers import Tokenizer

        if any(not (folder / f).is_file() or sha256_of(folder / f) != sha for f, sha in export.sha256.items()):
            raise EncoderError(f"The prepared encoder is damaged. Delete {folder} to prepare it again.")
        self.identity = export.identity
        self.max_pieces = export.max_pieces
        self._export = export
        self._session = onnx_session(folder / "model.onnx")
        self._words: dict[str, NDArray[np.float32]] = {}
        self._pieces = np.load(folder / "pieces.npy", mmap_mode="r")
        self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._counter.no_truncation()
        self._counter.no_padding()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(export.max_pieces)
        if self._tokenizer.padding is None:
            self._tokenizer.enable_padding()
        else:
            self._tokenizer.enable_padding(**{**self._tokenizer.padding, "length": None})

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), dimension), batched by length."""
        prompt = self._export.query_prompt if query else self._export.passage_prompt
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors: list[Vectors] = [np.empty(0, np.float32)] * len(texts)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            for i, vector in zip(batch, self._run([prompt + texts[i] for i in batch]), strict=True):
                vectors[i] = vector
        return np.stack(vectors) if vectors else np.empty((0, 0), np.float32)

    def encode_words(self, words: Sequence[str]) -> Vectors:
        """The centred mean of the model's input embeddings of each word's pieces, shape (len(words), dimension).

        Related words lie at .4 to .8 ("price" and "cost" .54), others near 0; it takes no inference.
        """
        known = self._words  # one snapshot, as other threads answer too
        new = [word for word in dict.fromkeys(words) if word not in known]
        if len(known) + len(new) > _MOST_WORDS:
            known, new = {}, list(dict.fromkeys(words))
        if new:
            pieces = [e.ids for e in self._counter.encode_batch(new, add_special_tokens=False)]
            rows = [self._pieces[ids].mean(axis=0, dtype=np.float32) if ids else self._pieces[0] for ids in pieces]
            known = {**known, **dict(zip(new, unit_rows(np.array(rows, np.float32)), strict=True))}
            self._words = known
        return np.array([known[word] for word in words], np.float32).reshape(len(words), self._pieces.shape[1])

    def count_pieces(self, text: str) -> int:
        """Word pieces of `text` with the prompt and special pieces."""
        return len(self._counter.encode(self._export.passage_prompt + text).ids)

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        arrays = {
            "input_ids": [e.ids for e in encoded],
            "attention_mask": [e.attention_mask for e in encoded],
            "token_type_ids": [e.type_ids for e in encoded],
        }
        feed = {name: np.array(arrays[name], np.int64) for name in self._export.inputs}
        return unit_rows(self._session.run(None, feed)[0])


class TorchEncoder:
    """A model that cannot be exported, served by sentence-transformers itself."""

    def __init__(self, model: "SentenceTransformer", export: Export) -> None:
        self.identity = export.identity
        self.max_pieces = export.max_pieces
        self._export = export
        self._model = model

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), dimension)."""
        prompt = self._export.query_prompt if query else self._export.passage_prompt
        return self._encode([prompt + text for text in texts])

    def encode_words(self, words: Sequence[str]) -> Vectors:
        """Vectors of the words as texts, shape (len(words), dimension)."""
        return self._encode(words)

    def count_pieces(self, text: str) -> int:
        """Word pieces of `text` with the prompt and special pieces."""
        tokenizer, text = self._model.tokenizer, self._export.passage_prompt + text
        return len(tokenizer(text)["input_ids"] if callable(tokenizer) else tokenizer.encode(text).ids)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._model.get_embedding_dimension() or 0), np.float32)
        vectors = self._model.encode(list(texts), prompt="", show_progress_bar=False)
        return unit_rows(np.asarray(vectors, np.float32))


def onnx_session(file: Path) -> Any:  # noqa: ANN401  # onnxruntime has no types
    """A model served on the processor. Threads that wait do not spin, which would slow down the other model."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def unit_rows(vectors: NDArray[np.float32]) -> Vectors:
    """`vectors` with each row at length 1; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
