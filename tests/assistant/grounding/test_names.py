import pytest

from assistant.grounding.names import folded_words, has_name, names_in


def test_names_are_found_within_a_sentence() -> None:
    text = "According to Maren Tøsseby, the Drusmark Labor Safety Office will report in May."
    assert [n.text for n in names_in(text)][:2] == ["Maren Tøsseby", "Drusmark Labor Safety Office"]


def test_a_word_that_opens_a_sentence_is_a_name_only_where_it_is_known_as_one() -> None:
    assert [n.text for n in names_in("Skarrevik raised its prices.", "Orders at Skarrevik rose.")] == ["Skarrevik"]
    assert not list(names_in("Prices rose.", "Orders at Skarrevik rose."))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Tøsseby", "Maren Tosseby does."),
        ("CISA", "The China Iron and Steel Association said so."),
        ("China Iron and Steel Association", "CISA's members met."),
        ("Chinese", "mills in China"),
        ("Brazil", "a Brazilian blend"),
        ("France", "a French motor maker"),
        ("Germany", "a German tool maker"),
    ],
)
def test_a_name_is_known_in_its_other_forms(name: str, text: str) -> None:
    assert has_name(name, text, folded_words(text))


def test_another_name_is_not() -> None:
    text = "Li Bo met Meng Fanying."
    assert not has_name("Gan Yong", text, folded_words(text))
