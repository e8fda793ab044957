"""A real CrossEncoder of two layers, made here, puts passages in its own order."""

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.reranking import CrossEncoderReranker
from index.errors import EncoderError
from index.exporting import default_weights
from index.provenance.registry import Registry
from index.store import ArticleIndex


def tiny(folder: Path, scores: int = 1) -> Path:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, num_labels=scores
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(default_weights())).save_pretrained(folder)
    return folder


def test_it_decides_the_order_of_what_was_retrieved(tmp_path: Path, sample_index: ArticleIndex) -> None:
    reranker = CrossEncoderReranker(str(tiny(tmp_path / "model")))
    plain = Assistant(sample_index, Registry.load()).ask("What caused the ladle spill?")
    ordered = Assistant(sample_index, Registry.load(), reranker).ask("What caused the ladle spill?")
    assert [e.passage.id for e in plain.retrieved] != [e.passage.id for e in ordered.retrieved]
    assert list(reranker.order("What caused the ladle spill?", ordered.retrieved)) == list(ordered.retrieved)


def test_nothing_found_is_nothing_to_order(tmp_path: Path) -> None:
    assert CrossEncoderReranker(str(tiny(tmp_path / "model"))).order("What?", []) == []


@pytest.mark.parametrize("name", ["no/such-model", ""])
def test_a_model_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(EncoderError, match="ASSAY_RERANKER"):
        CrossEncoderReranker(name)


def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="one score"):
        CrossEncoderReranker(str(tiny(tmp_path / "model", scores=3)))
