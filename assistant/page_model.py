"""The models that read pages, in torch: the default encoder with changed layers, and one linear layer of heads.

Only preparing and training them need torch; answering does not import this module.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from index.encoder import onnx_session
from index.exporting import default_weights, write_graph

_MOST_DIFFERENCE = 1.0
"""Log odds by which 8-bit weights may change what is told of a piece; .2 was measured. Else 32 bits are kept."""


class TorchPageModel(nn.Module):  # type: ignore[misc]  # torch is not read by mypy
    """Word pieces in; what the heads tell of each of them, shape (batch, pieces, heads), out."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(default_weights()), add_pooling_layer=False)
        for parameter in self.encoder.embeddings.parameters():
            parameter.requires_grad = False
        self.heads = nn.Linear(self.encoder.config.hidden_size, heads)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """What the heads tell of each word piece."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.heads(hidden.float())

    def learned(self) -> Iterator[tuple[str, nn.Parameter]]:
        """The parameters that training changes, by name."""
        return ((name, p) for name, p in self.named_parameters() if p.requires_grad)

    def save(self, file: Path) -> None:
        """Writes what was learned: of matrices the difference to the encoder's, in 8 bits with a scale for each row."""
        plain = TorchPageModel(1).state_dict()
        stored: dict[str, torch.Tensor] = {}
        for name, parameter in self.learned():
            change = parameter.detach() - (0 if name.startswith("heads") else plain[name])
            if change.dim() == 2 and not name.startswith("heads"):
                scale = change.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
                stored[name] = (change / scale).round().to(torch.int8).contiguous()
                stored[f"{name}.scale"] = scale.contiguous()
            else:
                stored[name] = change.contiguous()
        save_file(stored, str(file))

    def load(self, file: Path) -> None:
        """Takes over what was learned; of a new model only, as it adds to the encoder's weights."""
        stored = load_file(str(file))
        learned = dict(self.learned())
        if learned.keys() != {name.removesuffix(".scale") for name in stored}:
            raise ValueError(f"{file} is not of this model")
        for name, parameter in learned.items():
            change = stored[name].float() * stored.get(f"{name}.scale", 1)
            parameter.data = change if name.startswith("heads") else parameter.data + change


def export(change: Path, heads: Sequence[str], folder: Path) -> None:
    """Writes the model with the weights `change` to `folder` as ONNX with its tokenizer, with 8-bit weights, all or
    nothing.
    """
    transformers_logging.disable_progress_bar()
    logging.disable(logging.WARNING)  # of torch, transformers and onnxruntime, to which nobody can do anything
    try:
        _export(change, heads, folder)
    finally:
        logging.disable(logging.NOTSET)


def _difference(one: Path, other: Path) -> float:
    """How far two exports differ on the same pieces, in log odds on average; processors differ in 8-bit sums."""
    pieces = np.arange(2000, 2120, dtype=np.int64)[None]
    feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
    first, second = (onnx_session(file).run(None, feed)[0] for file in (one, other))
    return float(np.abs(first - second).mean())


def _export(change: Path, heads: Sequence[str], folder: Path) -> None:
    model = TorchPageModel(len(heads))
    model.load(change)
    model.eval()
    names = ("input_ids", "attention_mask", "token_type_ids")
    example = {name: torch.ones(2, 12, dtype=torch.int64) for name in names}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "export"
        made.mkdir()
        whole = Path(temporary) / "whole.onnx"
        write_graph(model, example, "heads", whole, max_pieces=512)
        # Per channel: with one scale for a matrix, .03 of the AUC and of the best sentences are lost.
        quantize_dynamic(whole, made / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
        if _difference(whole, made / "model.onnx") > _MOST_DIFFERENCE:
            shutil.copy(whole, made / "model.onnx")
        shutil.copy(default_weights() / "tokenizer.json", made / "tokenizer.json")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
