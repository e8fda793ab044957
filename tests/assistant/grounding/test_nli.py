"""A real CrossEncoder of two layers, made here, is asked whether the evidence entails a claim."""

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.grounding.evidence import Passages
from assistant.grounding.nli import Entailment, load_entailment
from index.errors import EncoderError
from index.exporting import default_weights
from index.provenance.registry import Registry
from index.store import ArticleIndex


def tiny(folder: Path, *labels: str) -> Path:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(default_weights())).save_pretrained(folder)
    return folder


def test_its_probability_is_of_entailment(tmp_path: Path) -> None:
    model = Entailment(str(tiny(tmp_path / "model", "contradiction", "entailment", "neutral")))
    assert 0 < model.probability("The mill closed.", ["The mill shut.", "It was old."]) < 1


def test_it_takes_part_in_the_score(tmp_path: Path, sample_index: ArticleIndex) -> None:
    name = str(tiny(tmp_path / "model", "contradiction", "entailment", "neutral"))
    passages = Passages(["The works has 640 employees."])
    plain = Assistant(sample_index, Registry.load()).grounder.ground_in_passages("It has 640 employees.", passages)
    both = Assistant(sample_index, Registry.load(), nli=name).grounder
    assert both.ground_in_passages("It has 640 employees.", passages).score != pytest.approx(plain.score)


@pytest.mark.parametrize("name", ["no/such-model", "/nowhere"])
def test_a_model_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(EncoderError, match="ASSAY_NLI"):
        load_entailment(name)


def test_a_model_without_entailment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="none of its labels is entailment"):
        load_entailment(str(tiny(tmp_path / "model", "cat", "dog", "bird")))


def test_none_is_set_by_default() -> None:
    assert load_entailment(None) is None
