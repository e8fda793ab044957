"""Words to terms, and passages found by them."""

from pathlib import Path

import pytest

from index.lexical import Analyzer, LexicalIndex

ROWS = [
    ("mill@1:0", "mill", "Harnstead rolls again", "The mill rolled 1,200 tonnes of plate, 8 mm thick."),
    ("crane@1:0", "crane", "Crane falls at the quay", "Tøsseby said the crane fell on Monday."),
    ("crane@1:90", "crane", "Crane falls at the quay", "The crane had been inspected in March. 钢厂宣布量产。"),
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture
def lexicon(tmp_path: Path) -> LexicalIndex:
    lexicon = LexicalIndex(tmp_path / "lexical")
    lexicon.write(ROWS, [], "first")
    return lexicon


def found(lexicon: LexicalIndex, question: str, limit: int = 10) -> list[str]:
    return [passage for passage, _ in lexicon.search(lexicon.analyzer.terms(question), limit)]


# ---- terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rolled", "rolling"),
        ("plates", "plate"),
        ("Tøsseby", "tosseby"),
        ("LÅSTAD", "Lastad"),
        ("naïve café", "naive cafe"),
        ("ﬁnding", "finding"),
        ("Baogang’s", "Baogang"),
        ("Baogang's", "Baogang"),
    ],
)
def test_forms_of_one_word_are_one_term(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) == analyzer.terms(other) != []


@pytest.mark.parametrize(("one", "other"), [("mill", "mile"), ("8", "80"), ("1,200", "12,000"), ("thick", "thin")])
def test_different_words_are_different_terms(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) != analyzer.terms(other)


@pytest.mark.parametrize("number", ["1,200", "3.5", "12,000,000", "1.200,5", "2025"])
def test_a_number_with_its_separators_is_one_term(analyzer: Analyzer, number: str) -> None:
    assert analyzer.terms(f"It made {number}.") == [*analyzer.terms("made"), number]


def test_numbers_of_a_range_are_terms_of_their_own(analyzer: Analyzer) -> None:
    assert analyzer.terms("8–60 mm") == ["8", "60", "mm"]


def test_chinese_characters_are_terms_of_their_own(analyzer: Analyzer) -> None:
    assert analyzer.terms("包钢steel宣布") == ["包", "钢", "steel", "宣", "布"]


@pytest.mark.parametrize(
    "text", ["What is it, and who said so?", "please describe the", "", "… – “”", "Isn't it? It didn’t."]
)
def test_words_that_say_nothing_are_no_terms(analyzer: Analyzer, text: str) -> None:
    assert analyzer.terms(text) == []


def test_terms_come_in_order_with_repetitions(analyzer: Analyzer) -> None:
    assert analyzer.terms("crane mill crane") == ["crane", "mill", "crane"]


def test_each_term_is_given_with_a_word_that_it_stands_for(analyzer: Analyzer) -> None:
    assert analyzer.words("The Plates were rolled in Tøsseby, 1,200 of them.") == {
        "plate": "plates",
        "roll": "rolled",
        "tossebi": "tøsseby",
        "1,200": "1,200",
    }


# ---- searching


def test_a_passage_is_found_by_another_form_of_its_words(lexicon: LexicalIndex) -> None:
    assert found(lexicon, "Who was rolling plates?") == ["mill@1:0"]
    assert found(lexicon, "tosseby") == ["crane@1:0"]
    assert found(lexicon, "1,200") == ["mill@1:0"]
    assert found(lexicon, "量产") == ["crane@1:90"]


def test_passages_with_rarer_and_more_terms_come_first(lexicon: LexicalIndex) -> None:
    assert found(lexicon, "crane inspected in March")[0] == "crane@1:90"
    scores = [score for _, score in lexicon.search(["crane", "inspect"], 10)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2


def test_a_title_counts_for_less_than_the_text(tmp_path: Path) -> None:
    lexicon = LexicalIndex(tmp_path)
    lexicon.write(
        [("t@1:0", "t", "Ferries", "Ships of the bay"), ("x@1:0", "x", "Ships", "Ferries of the bay")], [], "1"
    )
    (first, high), (second, low) = lexicon.search(["ferri"], 10)
    assert (first, second) == ("x@1:0", "t@1:0")
    assert high > low > 0


def test_a_search_gives_no_more_than_its_limit(lexicon: LexicalIndex) -> None:
    assert len(found(lexicon, "crane mill", limit=2)) == 2


@pytest.mark.parametrize("question", ["", "the of and", "zeppelin"])
def test_a_question_without_known_terms_finds_nothing(lexicon: LexicalIndex, question: str) -> None:
    assert found(lexicon, question) == []


def test_rarer_terms_have_a_higher_idf_and_unseen_ones_the_highest(lexicon: LexicalIndex) -> None:
    idf = lexicon.idf(["crane", "plate", "zeppelin"])
    assert 0 < idf["crane"] < idf["plate"] < idf["zeppelin"]
    assert lexicon.unseen_idf == pytest.approx(idf["zeppelin"])


# ---- changing


def test_what_is_written_replaces_the_articles_that_are_gone(lexicon: LexicalIndex) -> None:
    lexicon.write([("crane@2:0", "crane", "Quay", "A winch fell.")], ["crane"], "second")
    assert found(lexicon, "crane") == []
    assert found(lexicon, "winch") == ["crane@2:0"]
    assert found(lexicon, "plate") == ["mill@1:0"]


def test_an_article_whose_id_begins_like_another_stays_when_that_goes(lexicon: LexicalIndex) -> None:
    lexicon.write([("cra@1:0", "cra", "Quay", "A winch fell.")], [], "second")
    lexicon.write([], ["cra"], "third")
    assert found(lexicon, "crane fell") != []
    assert found(lexicon, "winch") == []


@pytest.mark.parametrize("article_id", ["Über-Crane 2", "a/b:c@d", "钢"])
def test_an_article_of_any_id_can_go(lexicon: LexicalIndex, article_id: str) -> None:
    lexicon.write([(f"{article_id}@1:0", article_id, "Quay", "A winch fell.")], [], "second")
    assert found(lexicon, "winch") == [f"{article_id}@1:0"]
    lexicon.write([], [article_id], "third")
    assert found(lexicon, "winch") == []


def test_writing_anew_starts_from_nothing(lexicon: LexicalIndex) -> None:
    lexicon.write(ROWS[:1], [], "second", anew=True)
    assert found(lexicon, "crane") == []
    assert found(lexicon, "plate") == ["mill@1:0"]


def test_another_reader_sees_a_change_once_it_reloads(lexicon: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex(tmp_path / "lexical")
    lexicon.write([("winch@1:0", "winch", "Quay", "A winch fell.")], [], "second")
    reader.reload()
    assert found(reader, "winch") == ["winch@1:0"]
    assert reader.stamp == "second"


def test_what_was_written_is_there_when_opened_again(lexicon: LexicalIndex, tmp_path: Path) -> None:
    again = LexicalIndex(tmp_path / "lexical")
    assert again.stamp == "first"
    assert found(again, "plate") == ["mill@1:0"]


# ---- damage: it is a cache, so it starts empty and has no stamp, which makes the store fill it again


@pytest.mark.parametrize("victim", ["meta.json", "*.term", "*.store", "*.idx"])
@pytest.mark.parametrize("damage", ["cut", "garbled", "gone"])
def test_a_damaged_cache_starts_anew_and_unstamped(
    lexicon: LexicalIndex, tmp_path: Path, victim: str, damage: str
) -> None:
    for file in (tmp_path / "lexical").glob(victim):
        if damage == "cut":
            file.write_bytes(file.read_bytes()[:8])
        elif damage == "garbled":
            file.write_bytes(bytes(byte ^ 0x5A for byte in file.read_bytes()))
        else:
            file.unlink()
    opened = LexicalIndex(tmp_path / "lexical")
    assert opened.stamp is None
    opened.write(ROWS, [], "again")
    assert found(opened, "plate") == ["mill@1:0"]
