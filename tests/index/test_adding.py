"""Sources into an index: everything that can be read is stored, everything else is reported."""

import json
from pathlib import Path

import pytest

from index.adding import add_sources
from index.progress import Progress
from index.provenance.registry import Registry
from index.reading import Reading
from index.store import ArticleIndex
from tests.fakes import FakeEncoder

BAOGANG = "Baogang Group said that output rose by a tenth in May. It was the best month since the mill opened."


@pytest.fixture
def index(tmp_path: Path) -> ArticleIndex:
    (tmp_path / "index").mkdir()
    return ArticleIndex(tmp_path / "index", FakeEncoder())


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def texts(index: ArticleIndex) -> set[str]:
    return {article.text for article in index.articles().values()}


def test_articles_are_stored_with_their_claimants(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text(BAOGANG)
    report = add_sources(index, [str(sources)], Reading("Mock Wire", Registry.load()))
    assert report.counts == {"added": 1, "updated": 0, "unchanged": 0, "failed": 0}
    stored = index.article("a")
    assert stored.claimants == ("baogang-group",)
    assert stored.publisher == "Mock Wire"


def test_a_registry_that_has_changed_changes_the_claimants_of_stored_articles(
    index: ArticleIndex, sources: Path
) -> None:
    (sources / "a.txt").write_text(BAOGANG)
    add_sources(index, [str(sources)])
    report = add_sources(index, [str(sources)], Reading(registry=Registry.load()))
    assert report.outcomes == {"a": "updated"}
    assert index.article("a").claimants == ("baogang-group",)


def test_every_line_of_a_jsonl_file_without_ids_is_stored(index: ArticleIndex, sources: Path) -> None:
    lines = [f"Crane number {number} fell on Monday." for number in range(4)]
    (sources / "a.jsonl").write_text("\n".join(json.dumps({"text": line}) for line in lines))
    for outcome in ("added", "unchanged"):
        assert add_sources(index, [str(sources)]).counts[outcome] == 4
    assert texts(index) == set(lines)


def test_files_of_one_stem_are_all_stored(index: ArticleIndex, sources: Path) -> None:
    for folder in ("monday", "tuesday"):
        (sources / folder).mkdir()
        (sources / folder / "news.txt").write_text(f"The crane fell on {folder}.")
    for outcome in ("added", "unchanged"):
        assert add_sources(index, [str(sources)]).counts[outcome] == 2
    assert texts(index) == {"The crane fell on monday.", "The crane fell on tuesday."}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.md", b"---\ntitle: [open\n---\nText of it."),
        ("bad.md", b"---\npublished: 2025-13-45\n---\nText of it."),
        ("bad.jsonl", b'{"text": "half a \\ud800 character"}'),
        ("bad.jsonl", b'{"text": "Text of it.", "title": "half a \\ud800 character"}'),
        ("bad.jsonl", b'{"text": "Text of it.", "id": "half a \\ud800 character"}'),
        ("bad.txt", b"\xff\xfe\xfd"),
        ("bad.txt", b"2025-08-19"),
        ("bad.txt", b""),
    ],
    ids=[
        "YAML",
        "month 13",
        "text with half a character",
        "title with one",
        "id with one",
        "bytes",
        "only a date",
        "empty",
    ],
)
def test_whatever_is_wrong_with_one_file_the_others_are_stored(
    index: ArticleIndex, sources: Path, name: str, content: bytes
) -> None:
    (sources / name).write_bytes(content)
    (sources / "a.txt").write_text("The crane fell on Monday.")
    (sources / "z.txt").write_text("The mill rolled a plate.")
    report = add_sources(index, [str(sources)])
    assert {"The crane fell on Monday.", "The mill rolled a plate."} <= texts(index)
    assert report.counts["added"] + report.counts["failed"] == 3
    assert all("\n" not in failure.reason for failure in report.failed)


def test_a_source_that_is_not_there_is_reported_and_the_others_are_stored(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text("The crane fell on Monday.")
    report = add_sources(index, [str(sources / "nowhere"), str(sources)])
    assert report.outcomes == {"a": "added"}
    assert [f.source for f in report.failed] == [str(sources / "nowhere")]


def test_a_file_given_twice_is_read_once(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text("The crane fell on Monday.")
    seen: list[int] = []
    given = [str(sources), str(sources / "a.txt")]
    add_sources(index, given, progress=lambda progress: seen.append(progress.total))
    assert set(seen) == {1}


def test_progress_counts_the_files(index: ArticleIndex, sources: Path) -> None:
    for name in ("a", "b"):
        (sources / f"{name}.txt").write_text(f"The crane {name} fell on Monday.")
    seen: list[tuple[int, int, str]] = []
    add_sources(index, [str(sources)], progress=lambda p: seen.append((p.done, p.total, Path(p.name).name)))
    assert list(dict.fromkeys(seen)) == [(0, 2, "a.txt"), (1, 2, "b.txt"), (2, 2, "")]


def test_what_was_added_is_searchable_at_once(index: ArticleIndex, sources: Path) -> None:
    lines = [{"id": f"a{number}", "text": f"Crane number {number} fell on Monday."} for number in range(70)]
    (sources / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    add_sources(index, [str(sources)])
    for number in (0, 69):
        assert [h.passage_id.partition("@")[0] for h in index.matching_passages([str(number)], 5)] == [f"a{number}"]


def test_a_line_without_an_id_does_not_replace_one_that_has_the_stem_as_its_id(
    index: ArticleIndex, sources: Path
) -> None:
    lines = [{"id": "a", "text": "The crane fell on Monday."}, {"text": "The mill rolled a plate."}]
    (sources / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    add_sources(index, [str(sources)])
    assert texts(index) == {"The crane fell on Monday.", "The mill rolled a plate."}


def test_an_id_that_is_given_names_the_article_that_it_corrects(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text("The crane fell on Monday.")
    add_sources(index, [str(sources)])
    (sources / "b.jsonl").write_text(json.dumps({"id": "a", "text": "The crane fell on Friday."}))
    assert add_sources(index, [str(sources / "b.jsonl")]).outcomes == {"a": "updated"}
    assert texts(index) == {"The crane fell on Friday."}


LONG = " ".join(f"Crane number {number} fell on day {number * 7} of the year." for number in range(30))


def test_a_renamed_file_is_the_same_article(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text(LONG)
    add_sources(index, [str(sources)])
    (sources / "a.txt").rename(sources / "b.txt")
    for outcome in ("updated", "unchanged"):
        assert add_sources(index, [str(sources)]).outcomes == {"a": outcome}
    assert index.article("a").source == str((sources / "b.txt").resolve())
    (sources / "b.txt").write_text(f"{LONG} Then it was mended.")
    assert add_sources(index, [str(sources)]).outcomes == {"a": "updated"}


def test_a_copy_beside_the_original_is_no_renaming(index: ArticleIndex, sources: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (sources / name).write_text(LONG)
    assert add_sources(index, [str(sources)]).outcomes == {"a": "added", "b": "added"}


def test_a_file_that_was_moved_and_edited_is_a_new_revision(index: ArticleIndex, sources: Path) -> None:
    (sources / "a.txt").write_text(LONG)
    add_sources(index, [str(sources)])
    first = index.article("a").revision
    (sources / "later").mkdir()
    (sources / "a.txt").unlink()
    (sources / "later" / "a.txt").write_text(f"{LONG} Then it was mended.")
    assert add_sources(index, [str(sources)]).outcomes == {"a": "updated"}
    assert index.article("a").superseded == (first,)


def test_another_text_under_the_name_of_a_file_that_has_gone_is_another_article(
    index: ArticleIndex, sources: Path
) -> None:
    (sources / "a.txt").write_text(LONG)
    add_sources(index, [str(sources)])
    (sources / "later").mkdir()
    (sources / "a.txt").unlink()
    (sources / "later" / "a.txt").write_text("The mill rolled a plate.")
    add_sources(index, [str(sources)])
    assert texts(index) == {LONG, "The mill rolled a plate."}


def test_the_same_story_from_two_outlets_is_kept_twice_and_linked_both_ways(index: ArticleIndex, sources: Path) -> None:
    other = " ".join(f"Mill {number} rolled {number * 3} plates for the yard." for number in range(30))
    stories = {"a": LONG, "b": f"Our own desk adds a line. {LONG[:900]}", "c": other}
    for name, text in stories.items():
        (sources / f"{name}.jsonl").write_text(json.dumps({"id": name, "publisher": f"Outlet {name}", "text": text}))
    assert add_sources(index, [str(sources)]).counts["added"] == 3
    assert {i: index.syndicated(index.article(i)) for i in stories} == {"a": ["b"], "b": ["a"], "c": []}


def test_a_story_that_was_rewritten_is_no_longer_the_same(index: ArticleIndex, sources: Path) -> None:
    for name in ("a", "b"):
        (sources / f"{name}.txt").write_text(LONG)
    add_sources(index, [str(sources)])
    (sources / "a.txt").write_text(" ".join(f"Mill {n} rolled {n * 3} plates for the yard." for n in range(30)))
    add_sources(index, [str(sources)])
    assert [index.syndicated(index.article(i)) for i in ("a", "b")] == [[], []]


def test_an_interruption_keeps_what_is_stored_and_says_so(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    encoder = FakeEncoder()
    index = ArticleIndex(tmp_path / "index", encoder)
    for number in range(40):
        text = " ".join(f"Crane {number} fell on day {day}." for day in range(40))
        (sources / f"a{number:02}.txt").write_text(text)

    def interrupt(progress: Progress) -> None:
        if progress.done == 30:
            raise KeyboardInterrupt

    report = add_sources(index, [str(sources)], progress=interrupt)
    assert report.interrupted
    assert 0 < len(report.outcomes) <= 31
    assert set(index.records()) == set(report.outcomes)
    found = index.matching_passages(["crane"], 100)
    assert {hit.passage_id.partition("@")[0] for hit in found} == set(report.outcomes)
    assert add_sources(index, [str(sources)]).counts["unchanged"] == len(set(report.outcomes))
    assert len(index) == 40


def test_an_interruption_in_the_middle_of_storing_leaves_no_half_article(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    encoder = FakeEncoder()
    index = ArticleIndex(tmp_path / "index", encoder)
    (sources / "a.txt").write_text(LONG)

    def interrupt() -> None:
        raise KeyboardInterrupt

    encoder.before_encoding = interrupt
    assert add_sources(index, [str(sources)]).interrupted
    assert not index.is_interrupted
    assert (len(index), index.stored.passages.ids(), index.matching_passages(["crane"], 5)) == (0, set(), [])
    assert add_sources(index, [str(sources)]).outcomes == {"a": "added"}
