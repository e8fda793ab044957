from pathlib import Path

import pytest

import prompts
from prompts import render


def test_a_wording_is_filled_in() -> None:
    assert render("abstention_nearest", title="$x & <b>") == "The nearest article is “$x & <b>”."


@pytest.mark.parametrize("values", [{}, {"title": "a", "other": "b"}])
def test_a_missing_or_unused_variable_is_an_error(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="abstention_nearest.md needs"):
        render("abstention_nearest", **values)


def test_every_wording_ends_as_a_sentence() -> None:
    files = sorted(Path(prompts.__file__).parent.glob("*.md"))
    assert files
    for file in files:
        assert file.read_text(encoding="utf-8").strip().endswith((".", "”."))
