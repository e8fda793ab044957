import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation import Turn
from eval.adapters import ADAPTERS, Imported, import_set
from eval.adapters.values import safe_id
from eval.samples import Sample, read_samples
from index.article import Article
from index.errors import SamplesError
from index.reading import read

FIXTURES = Path(__file__).parent / "fixtures"
MILL = "The mill at Orrin Bridge opened in 1911 . It ground oats for the valley . It closed after a fire ."


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def samples_of(out: Path) -> dict[str, Sample]:
    return {sample.id: sample for sample in read_samples(out / "samples.jsonl")}


# ---- what each set becomes


def test_clapnq_selected_sentences_are_quotes_and_a_shared_passage_is_one_article(tmp_path: Path) -> None:
    imported = import_set("clapnq", FIXTURES / "clapnq", tmp_path)
    assert imported == Imported(2, 3, 0, {"a selected sentence is not in the passage": ("72",)})
    assert lines_of(tmp_path / "articles.jsonl") == [
        {"id": "-71", "title": "Orrin Bridge", "text": MILL, "publisher": "CLAPnq"},
        {
            "id": "74",
            "title": "Lake Sallow",
            "text": "Lake Sallow lies in a forest . Herons nest there .",
            "publisher": "CLAPnq",
        },
    ]
    assert list(samples_of(tmp_path).values()) == [
        Sample(
            "-71",
            "when did the orrin bridge mill open",
            answerable=True,
            articles=("-71",),
            quotes=("The mill at Orrin Bridge opened in 1911 .", "It ground oats for the valley ."),
            tags=("clapnq",),
        ),
        Sample("73", "who owned the mill", answerable=False, tags=("clapnq",)),
        Sample("74", "how deep is lake sallow", answerable=False, tags=("clapnq",)),
    ]


def test_squad2_answers_are_one_fact_and_the_sentence_around_the_first_is_the_quote(tmp_path: Path) -> None:
    imported = import_set("squad2", FIXTURES / "squad2", tmp_path)
    assert (imported.articles, imported.samples) == (2, 4)
    assert imported.skipped == {"its answer is not where the set says": ("s4",), "it has no question": ("s5",)}
    first, second = lines_of(tmp_path / "articles.jsonl")
    island = safe_id("Tern_Island_(North)")
    assert (first["id"], first["title"], second["id"]) == (f"{island}-0", "Tern Island (North)", f"{island}-1")
    samples = samples_of(tmp_path)
    assert samples["s1"] == Sample(
        "s1",
        "When was the lighthouse lit?",
        answerable=True,
        articles=(f"{island}-0",),
        facts=(("1874", "in 1874"),),
        quotes=("Its lighthouse was lit in 1874 by J. R. Moss, who kept it for 30 years.",),
        tags=("squad2",),
    )
    assert samples["s2"] == Sample("s2", "When was the lighthouse torn down?", answerable=False, tags=("squad2",))
    assert samples["s6"].articles == (f"{island}-1",)


def test_a_quote_holds_an_answer_that_runs_over_two_sentences(tmp_path: Path) -> None:
    import_set("squad2", FIXTURES / "squad2", tmp_path)
    assert samples_of(tmp_path)["s3"].quotes == (
        "Its lighthouse was lit in 1874 by J. R. Moss, who kept it for 30 years. Nobody lives there now.",
    )


def test_xquad_has_its_language_before_ids_and_among_tags(tmp_path: Path) -> None:
    assert import_set("xquad", FIXTURES / "xquad", tmp_path) == Imported(2, 2, 0, {})
    articles = [(a["id"], a["language"], a["publisher"]) for a in lines_of(tmp_path / "articles.jsonl")]
    assert articles == [("en-Ada_Brook-0", "en", "XQuAD"), ("zh-Ada_Brook-0", "zh", "XQuAD")]
    assert samples_of(tmp_path)["zh-b7"] == Sample(
        "zh-b7",
        "艾达·布鲁克出生在哪里？",
        answerable=True,
        articles=("zh-Ada_Brook-0",),
        facts=(("利兹",),),
        quotes=("她出生在利兹。",),
        tags=("xquad", "zh"),
    )


def test_one_language_of_xquad_can_be_imported_alone(tmp_path: Path) -> None:
    assert import_set("xquad", FIXTURES / "xquad" / "xquad.zh.json", tmp_path) == Imported(1, 1, 0, {})


def test_wice_evidence_becomes_passages_in_their_order_with_one_of_three_labels(tmp_path: Path) -> None:
    assert import_set("wice", FIXTURES / "wice", tmp_path) == Imported(0, 0, 3, {})
    pairs = lines_of(tmp_path / "pairs.jsonl")
    assert pairs[0] == {
        "id": "dev1",
        "claim": "The Ardal ferry sails twice a day.",
        "passages": ["# Ferries", "The Ardal ferry sails twice a day.", "", "It takes cars."],
        "label": "supported",
    }
    assert [pair["label"] for pair in pairs] == ["supported", "partial", "unsupported"]
    assert [file.name for file in tmp_path.iterdir()] == ["pairs.jsonl"]


def test_mtrag_last_user_turn_is_the_question_and_labels_tell_the_gold(tmp_path: Path) -> None:
    imported = import_set("mtrag", FIXTURES / "mtrag", tmp_path)
    assert (imported.articles, imported.samples) == (2, 4)
    ids = [safe_id(f"trip<::>{number}") for number in range(7)]
    assert imported.skipped == {
        "a document has another text than before, and the first is kept": ("zones-2",),
        "it has no turn of the user": (ids[5],),
        "its answerability is none of ANSWERABLE, PARTIAL, UNANSWERABLE, CONVERSATIONAL": (ids[6],),
    }
    fares = safe_id("fares<::>1")
    assert lines_of(tmp_path / "articles.jsonl") == [
        {"id": fares, "title": "Fares", "text": "A day ticket costs 6 euros.", "publisher": "MTRAG"},
        {"id": "zones-2", "title": "", "text": "Zone B begins at the harbour.", "publisher": "MTRAG"},
    ]
    asked, cost = Turn("user", "Do dogs pay?"), "What does a day ticket cost?"
    assert list(samples_of(tmp_path).values()) == [
        Sample(ids[1], cost, answerable=True, articles=(fares, "zones-2"), tags=("mtrag", "answerable")),
        Sample(
            ids[2],
            "And in zone B?",
            history=(Turn("user", cost), Turn("assistant", "6 euros.")),
            answerable=True,
            articles=(fares,),
            tags=("mtrag", "partial", "follow-up"),
        ),
        Sample(ids[3], "Do dogs pay?", answerable=False, tags=("mtrag", "unanswerable")),
        Sample(
            ids[4],
            "Thanks!",
            history=(asked, Turn("assistant", "I do not know.")),
            tags=("mtrag", "conversational", "follow-up"),
        ),
    ]


def test_mtrag_as_a_json_list_is_the_same(tmp_path: Path) -> None:
    tasks = FIXTURES / "mtrag" / "tasks.jsonl"
    (tmp_path / "tasks.json").write_text(json.dumps(lines_of(tasks)))
    assert import_set("mtrag", tmp_path / "tasks.json", tmp_path / "a") == import_set("mtrag", tasks, tmp_path / "b")
    for name in ("articles.jsonl", "samples.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# ---- what holds for all


@pytest.mark.parametrize("name", [name for name in ADAPTERS if name != "wice"])
def test_the_index_reads_the_articles_under_the_same_ids(tmp_path: Path, name: str) -> None:
    import_set(name, FIXTURES / name, tmp_path)
    found = list(read(str(tmp_path / "articles.jsonl")))
    assert all(isinstance(article, Article) for article in found)
    given = [(line["id"], line["publisher"]) for line in lines_of(tmp_path / "articles.jsonl")]
    assert [(article.id, article.publisher) for article in found if isinstance(article, Article)] == given


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    for out in ("a", "b"):
        import_set(name, FIXTURES / name, tmp_path / out)
    written = {file.name: file.read_bytes() for file in (tmp_path / "a").iterdir()}
    assert written == {file.name: file.read_bytes() for file in (tmp_path / "b").iterdir()}


def test_signs_that_break_lines_or_are_half_characters_come_through(tmp_path: Path) -> None:
    claim = "One\u2028two\x85three \ud800 four"
    record = {"label": "supported", "claim": claim, "evidence": ["x"], "meta": {"id": "odd"}}
    (tmp_path / "claims.jsonl").write_text(json.dumps(record))
    import_set("wice", tmp_path / "claims.jsonl", tmp_path)
    assert lines_of(tmp_path / "pairs.jsonl")[0]["claim"] == claim


def test_ids_keep_what_is_safe_and_stay_apart_where_something_is_lost() -> None:
    assert safe_id("1973_oil-crisis.2") == "1973_oil-crisis.2"
    changed = [safe_id("a b"), safe_id("a/b"), safe_id("a" * 200), safe_id("a" * 201), safe_id("德国"), safe_id("法国")]
    assert len({*changed, "a-b"}) == 7
    assert all(set(i) <= set("ab-0123456789cdef") and len(i) <= 89 for i in changed)


# ---- what is refused


def _without(key: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        records = lines_of(file)
        del records[1][key]
        file.write_text("\n".join(map(json.dumps, records)))

    return change


def _twice(file: Path) -> None:
    file.write_text(file.read_text() * 2)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def _emptied(file: Path) -> None:
    file.write_text("\n")


def _latin(file: Path) -> None:
    file.write_bytes('\n{"claim": "café"}'.encode("latin-1"))


@pytest.mark.parametrize(
    ("name", "file", "change", "says"),
    [
        ("clapnq", "dev_answerable.jsonl", _without("input"), 'dev_answerable.jsonl:2: needs "input", a text.'),
        ("clapnq", "dev_unanswerable.jsonl", _without("passages"), 'unanswerable.jsonl:2: needs "passages", a list.'),
        ("clapnq", "dev_unanswerable.jsonl", Path.unlink, "clapnq holds no *dev_unanswerable.jsonl."),
        ("clapnq", "dev_answerable.jsonl", _cut, "dev_answerable.jsonl:2: not JSON: "),
        ("wice", "claim_dev.jsonl", _without("meta"), 'claim_dev.jsonl:2: needs "meta", an object.'),
        ("wice", "claim_dev.jsonl", _twice, "the id 'dev1' comes twice."),
        ("wice", "claim_dev.jsonl", _emptied, "wice: nothing in it can be used."),
        ("wice", "claim_dev.jsonl", _latin, "claim_dev.jsonl:2: not JSON: 'utf-8' codec"),
        ("squad2", "dev-v2.0.json", _cut, "dev-v2.0.json:"),
        ("mtrag", "tasks.jsonl", _without("Answerability"), 'tasks.jsonl:2: needs "Answerability", a text or a list'),
        ("mtrag", "tasks.jsonl", _without("task_id"), 'tasks.jsonl:2: needs an id under "task_id" or "id".'),
    ],
)
def test_bad_input_is_named_with_what_to_do_and_leaves_nothing(
    tmp_path: Path, name: str, file: str, change: Callable[[Path], None], says: str
) -> None:
    source, out = tmp_path / name, tmp_path / "out"
    source.mkdir()
    for published in (FIXTURES / name).iterdir():
        (source / published.name).write_bytes(published.read_bytes())
    change(source / file)
    with pytest.raises(SamplesError) as raised:
        import_set(name, source, out)
    message = str(raised.value)
    assert says in message and f"Give {ADAPTERS[name].title} as published: " in message and "\n" not in message
    assert not list(out.iterdir())


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [
        ("squad2", "xquad/xquad.en.json", 'xquad.en.json data[0] paragraphs[0] qas[0]: needs "is_impossible"'),
        ("squad2", "wice/claim_dev.jsonl", 'claim_dev.jsonl:1: needs "data", a list'),
        ("xquad", "squad2/dev-v2.0.json", "dev-v2.0.json: the file's name must tell the language"),
        ("clapnq", "wice/claim_dev.jsonl", 'claim_dev.jsonl:1: needs an id under "id"'),
        ("clapnq", "mtrag/tasks.jsonl", 'tasks.jsonl:1: needs an id under "id"'),
        ("mtrag", "clapnq/dev_answerable.jsonl", 'dev_answerable.jsonl:1: needs "contexts", a list'),
        ("wice", "squad2", "squad2 holds no claim_dev.jsonl."),
        ("wice", "nowhere", "nowhere cannot be read: No such file or directory."),
    ],
)
def test_a_file_of_another_set_or_none_is_refused(tmp_path: Path, name: str, file: str, says: str) -> None:
    with pytest.raises(SamplesError) as raised:
        import_set(name, FIXTURES / file, tmp_path)
    assert says in str(raised.value)


def test_an_unknown_set_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SamplesError, match="no set 'trec'.*clapnq, wice, squad2, xquad, mtrag"):
        import_set("trec", FIXTURES, tmp_path)


def test_what_was_imported_before_stays_when_a_later_import_fails(tmp_path: Path) -> None:
    import_set("xquad", FIXTURES / "xquad", tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(SamplesError):
        import_set("squad2", FIXTURES / "xquad" / "xquad.en.json", tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(SamplesError, match="out cannot be written to: File exists. Give another folder."):
        import_set("wice", FIXTURES / "wice", tmp_path / "out")


# ---- the published sets


@pytest.mark.parametrize(
    ("name", "expected", "answerable", "quotes"),
    [
        ("clapnq", Imported(597, 600, 0, {}), 300, 893),
        ("squad2", Imported(646, 6078, 0, {}), 2910, 2910),
        ("xquad", Imported(480, 2380, 0, {}), 2380, 2380),
    ],
)
def test_a_published_set_comes_whole_and_every_quote_is_in_its_article(
    tmp_path: Path, shared: Path, name: str, expected: Imported, answerable: int, quotes: int
) -> None:
    assert import_set(name, shared / "data" / name, tmp_path) == expected
    texts = {line["id"]: line["text"] for line in lines_of(tmp_path / "articles.jsonl")}
    samples = read_samples(tmp_path / "samples.jsonl")
    assert len(texts) == expected.articles and len(samples) == expected.samples
    assert sum(bool(sample.answerable) for sample in samples) == answerable
    assert sum(len(sample.quotes or ()) for sample in samples) == quotes
    for sample in samples:
        found = [texts[article] for article in sample.articles or ()]
        assert bool(found) == sample.answerable, sample.id
        assert all(any(quote in text for text in found) for quote in sample.quotes or ()), sample.id
        for fact in sample.facts or ():
            assert any(wording in quote for wording in fact for quote in sample.quotes or ()), sample.id


def test_published_wice_comes_whole(tmp_path: Path, shared: Path) -> None:
    assert import_set("wice", shared / "data" / "wice", tmp_path) == Imported(0, 0, 349, {})
    pairs = lines_of(tmp_path / "pairs.jsonl")
    assert Counter(p["label"] for p in pairs) == {"supported": 115, "partial": 191, "unsupported": 43}
    assert sum(len(p["passages"]) for p in pairs) == 41_700
