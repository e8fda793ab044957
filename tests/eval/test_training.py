"""A few steps of training with the real layers: what is learned is written, can be read, and fits what it was shown."""

from pathlib import Path

import pytest
import torch

from assistant.grounding.checker import HEADS
from assistant.grounding.evidence import Passages
from assistant.page_model import TorchPageModel
from assistant.pages import Pages
from eval import train_checker
from eval.train_checker import Example, learn
from eval.training import batches, inputs, seeded
from index.exporting import default_weights


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(default_weights() / "tokenizer.json")


def _examples() -> list[Example]:
    told = tuple(Passages(["The mill rolls 300 tonnes a year.", "It opened in 1962.", "Prices rose."]).told)
    right = Example("The mill rolls 300 tonnes a year.", told, (0, 1, 2), frozenset([0]), bears=True)
    wrong = Example(
        "The mill rolls 900 tonnes a year.", told, (0, 1, 2), frozenset([0]), bears=False, wrong=((15, 18),)
    )
    return [right, wrong]


def test_pages_are_padded_to_the_longest(pages: Pages) -> None:
    told = Passages(["It opened in 1962."]).told
    short, long = pages.page("A mill.", told, [0], 60), pages.page("A mill with a much longer name.", told, [0], 60)
    ids, mask, kinds = inputs([short, long])
    assert ids.shape == mask.shape == kinds.shape == (2, len(long.pieces))
    assert mask.sum(1).tolist() == [len(short.pieces), len(long.pieces)]
    assert kinds[0].tolist().index(1) == short.question


def test_every_row_is_in_one_batch(pages: Pages) -> None:
    told = Passages(["It opened in 1962."]).told
    rows = [pages.page("mill " * (1 + n % 30), told, [0], 90) for n in range(70)]
    made = batches(rows, lambda page: page)
    assert sorted(id(p) for batch in made for p in batch) == sorted(map(id, rows))
    assert max(map(len, made)) == 16


def test_the_checker_learns_from_what_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Pages, capsys: pytest.CaptureFixture[str]
) -> None:
    change = tmp_path / "checker.safetensors"
    monkeypatch.setattr(train_checker, "CHANGE", change)
    monkeypatch.setattr(train_checker, "_LEFT_OUT", 0.0)
    monkeypatch.setattr(train_checker, "_JOINED", 0.0)
    monkeypatch.setattr(train_checker, "_ALTERED", 0.0)
    seeded()
    shown = _examples()
    held_out = [Example(e.text, e.told, e.order, e.evidence, e.bears, e.wrong, held_out=True) for e in shown]
    learn(shown[:1], [*(shown * 12), *held_out], [], [], epochs=5)
    assert "2 claims: AUC 1.000" in capsys.readouterr().out.splitlines()[-1]
    model = TorchPageModel(len(HEADS))
    model.load(change)
    model.eval()
    read = [pages.page(e.text, e.told, e.order, 96) for e in shown]
    with torch.no_grad():
        right, wrong = model(*inputs(read))[:, 0, HEADS.index("bears")].tolist()
    assert right > wrong
