"""Files and folders to articles: what each format gives, and what is said of a file that gives none."""

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.article import Article
from index.errors import SourceError
from index.formats.raw import Unreadable
from index.reading import Reading, find, read
from tests.conftest import ROOT
from tests.index.test_cleaning import FIRST, SECOND, THIRD

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return to_file


def only(file: Path, publisher: str | None = None) -> Article:
    (found,) = read(str(file), Reading(publisher))
    assert isinstance(found, Article), found
    return found


def why_not(file: Path) -> str:
    (found,) = read(str(file))
    assert isinstance(found, Unreadable), found
    return found.reason


# ---- title, date and other metadata


def test_a_heading_before_the_first_paragraph_is_the_title_and_not_text(write: Write) -> None:
    found = only(write("a.txt", f"Harnstead rolls again\n\n{FIRST}"))
    assert (found.title, found.text, found.title_inferred) == ("Harnstead rolls again", FIRST, False)


def test_without_a_heading_the_title_is_inferred_from_the_first_sentence(write: Write) -> None:
    found = only(write("a.txt", f"The crane fell on Monday. {FIRST}"))
    assert (found.title, found.title_inferred) == ("The crane fell on Monday.", True)
    assert found.text.startswith(found.title)


def test_a_long_first_sentence_is_cut_at_a_word_for_the_title(write: Write) -> None:
    title = only(write("a.txt", FIRST)).title
    assert len(title) <= 122 and title.endswith(" …")
    assert FIRST.startswith(title.removesuffix("…"))


def test_without_a_heading_a_summary_gives_the_title(write: Write) -> None:
    found = only(write("a.txt", f"Highlights\n- The crane fell.\n- Work goes on.\n{FIRST}"))
    assert (found.title, found.title_inferred) == ("The crane fell.", True)


def test_a_given_title_wins_and_is_not_repeated_in_the_text(write: Write) -> None:
    found = only(write("a.md", f"---\ntitle: Harnstead Rolls Again\n---\n# Harnstead rolls again\n\n{FIRST}"))
    assert (found.title, found.text, found.title_inferred) == ("Harnstead Rolls Again", FIRST, False)


def test_a_heading_other_than_the_given_title_stays_in_the_text(write: Write) -> None:
    found = only(write("a.md", f"---\ntitle: Harnstead\n---\n# The second week\n\n{FIRST}"))
    assert found.text == f"The second week\n\n{FIRST}"


@pytest.mark.parametrize(
    "line",
    [
        "Aug 19, 2025",
        "19 August 2025",
        "2025-08-19",
        "Published: Aug 19, 2025",
        "Updated 19 August 2025, 10:30",
        "Posted on August 19, 2025",
    ],
)
def test_a_date_line_becomes_the_date_and_leaves_the_text(write: Write, line: str) -> None:
    found = only(write("a.txt", f"Harnstead rolls again\n\n{line}\n\n{FIRST}"))
    assert (found.published, found.title, found.text) == ("2025-08-19", "Harnstead rolls again", FIRST)


def test_a_date_line_before_the_title_is_understood(write: Write) -> None:
    found = only(write("a.txt", f"January 6, 2026\n\nHarnstead rolls again\n\n{FIRST}"))
    assert (found.published, found.title, found.text) == ("2026-01-06", "Harnstead rolls again", FIRST)


@pytest.mark.parametrize("line", ["It closed on 3 May 2019.", "In May 2019", "A record 2019", "Built 12 March 2014"])
def test_a_line_that_only_mentions_a_date_stays(write: Write, line: str) -> None:
    found = only(write("a.txt", f"{line}\n\n{FIRST}\n\n{SECOND}"))
    assert found.published is None
    assert line in f"{found.title}\n{found.text}"


def test_a_date_within_the_article_stays_there(write: Write) -> None:
    found = only(write("a.txt", f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n2019-05-03\n\n{FIRST}"))
    assert found.published is None
    assert "2019-05-03" in found.text


@pytest.mark.parametrize(
    ("given", "published"),
    [("2025-08-19", "2025-08-19"), ("Aug 19, 2025", "2025-08-19"), ("2025-08-19T23:30:00Z", "2025-08-19")],
)
def test_a_given_date_is_stored_in_iso_form(write: Write, given: str, published: str) -> None:
    assert only(write("a.jsonl", json.dumps({"text": FIRST, "published": given}))).published == published


@pytest.mark.parametrize("given", ["soon", "2025", "May 2025", "2025-02-30", ["x"], "tomorrow", "3 days ago"])
def test_a_given_date_that_is_no_full_date_is_refused_with_how_to_write_it(write: Write, given: object) -> None:
    reason = why_not(write("a.jsonl", json.dumps({"text": FIRST, "published": given})))
    assert "2025-08-19" in reason


def test_every_field_of_front_matter_is_taken(write: Write) -> None:
    front = (
        "id: harn-1\ntitle: Harnstead\npublished: 2025-08-19\npublisher: Mock Wire\nurl: https://example.org/a\nmood: x"
    )
    found = only(write("a.md", f"---\n{front}\n---\n\n{FIRST}"))
    assert (found.id, found.title, found.published) == ("harn-1", "Harnstead", "2025-08-19")
    assert (found.publisher, found.url, found.text) == ("Mock Wire", "https://example.org/a", FIRST)


def test_a_publisher_on_the_command_stands_only_where_none_is_named(write: Write) -> None:
    lines = [{"text": FIRST, "publisher": "Mock Wire"}, {"text": SECOND}]
    found = list(read(str(write("a.jsonl", "\n".join(map(json.dumps, lines)))), Reading("Sample Desk")))
    assert [a.publisher for a in found if isinstance(a, Article)] == ["Mock Wire", "Sample Desk"]


# ---- ids


def test_the_id_is_the_files_stem_and_names_its_source(write: Write) -> None:
    file = write("harn 1.final.txt", FIRST)
    found = only(file)
    assert (found.id, found.source) == ("harn-1.final", str(file.resolve()))


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("a\nb\t'c' \"d\" <e>&", "a-b-c-d-e-"),
        (7, "7"),
        ("\u202eevil\x1b[31m", "evil[31m"),
    ],
)
def test_a_hostile_id_is_one_harmless_line(write: Write, given: object, stored: str) -> None:
    assert only(write("a.jsonl", json.dumps({"text": FIRST, "id": given}))).id == stored


def test_an_endless_id_is_cut(write: Write) -> None:
    assert len(only(write("a.jsonl", json.dumps({"text": FIRST, "id": "x" * 5000}))).id) == 120


@pytest.mark.parametrize("given", ["", "  ", "\u200b", None])
def test_an_id_of_nothing_is_as_if_none_were_given(write: Write, given: str | None) -> None:
    assert only(write("stem.jsonl", json.dumps({"text": FIRST, "id": given}))).id == "stem"


def test_an_id_in_thai_is_kept(write: Write) -> None:
    assert only(write("a.jsonl", json.dumps({"text": FIRST, "id": "ยกเลิก"}))).id == "ยกเลิก"


# ---- encodings and broken files


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "UTF-16-LE", "UTF-16-BE", "Windows line ends"],
)
def test_encodings_are_told_apart(write: Write, encode: Callable[[str], bytes]) -> None:
    found = only(write("a.txt", encode(f"Tøsseby’s mill\n\n{FIRST}")))
    assert (found.title, found.text) == ("Tøsseby’s mill", FIRST)


@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf", b""], ids=["with BOM", "without BOM"])
def test_front_matter_and_json_are_read_behind_a_byte_order_mark(write: Write, bom: bytes) -> None:
    for name, content in (("a.md", f"---\ntitle: Harnstead\n---\n{FIRST}"), ("a.jsonl", _json(FIRST, "Harnstead"))):
        assert only(write(name, bom + content.encode())).title == "Harnstead"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
        ("a.txt", "Café – ".encode() + b"\xff" + FIRST.encode(), "damaged UTF-8"),
        ("a.txt", "Café –".encode()[:-1], "cut off"),
        ("a.txt", b"\xff\xfe\x00", "UTF-16"),
        ("a.txt", "", "empty"),
        ("a.txt", " \n\n\t", "empty"),
        ("a.md", "# Only a heading\n", "no article text"),
        ("a.txt", "Harnstead rolls again\n\n2025-08-19", "no article text"),
        ("a.txt", "2025-08-19", "no article text"),
        ("a.pdf", "%PDF", "damaged PDF"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "ZIP archive"),
        ("a.xml", "<?xml version='1.0'?><other/>", "no feed"),
        ("a.txt", "x" * 1_000_001, "1,000,001 characters"),
        ("a.md", f"---\ntitle: [open\n---\n{FIRST}", "YAML"),
        ("a.md", f"---\ntitle: !!python/object/apply:os.getcwd []\n---\n{FIRST}", "YAML"),
        ("a.md", f"---\npublished: 2025-13-45\n---\n{FIRST}", "2025-08-19"),
        ("a.jsonl", "{oops", "not JSON"),
        ("a.jsonl", "[1]", '"text"'),
        ("a.jsonl", '{"text": 3}', '"text"'),
        ("a.jsonl", '{"title": "x"}', '"text"'),
        ("a.jsonl", "[" * 100_000, "not JSON"),
        ("a.jsonl", '{"text": ""}', "no article text"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "bytes",
)
def test_a_file_that_gives_no_article_says_why(write: Write, name: str, content: str | bytes, reason: str) -> None:
    assert reason in why_not(write(name, content))


def test_bad_lines_among_good_ones_are_named_by_their_number(write: Write) -> None:
    file = write("a.jsonl", "\n".join([json.dumps({"text": FIRST}), "{bad", "", "[1]", json.dumps({"text": SECOND})]))
    found = list(read(str(file)))
    assert [a.text for a in found if isinstance(a, Article)] == [FIRST, SECOND]
    assert [u.source for u in found if isinstance(u, Unreadable)] == [f"{file}:2", f"{file}:4"]


def test_a_line_with_half_a_character_does_not_stop_the_others(write: Write) -> None:
    file = write("a.jsonl", "\n".join(['{"text": "The crane fell \\ud800 on Monday."}', json.dumps({"text": SECOND})]))
    assert SECOND in [a.text for a in read(str(file)) if isinstance(a, Article)]


def test_prose_between_two_rules_at_the_start_of_markdown_is_not_lost(write: Write) -> None:
    (found,) = read(str(write("a.md", f"---\n\n{FIRST}\n\n---\n\n{SECOND}")))
    assert isinstance(found, Unreadable) or FIRST in found.text


def test_a_folder_gives_the_files_that_can_be_read_below_it_sorted(tmp_path: Path) -> None:
    names = ["b.txt", "c.JSONL", "e.md", "f.txt", "g.txt", "h.md", "sub/a.md", "sub/b.txt"]
    for name in (*reversed(names), "d.csv", ".hidden.txt", "notes", ".git/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(FIRST)
    assert [str(Path(f).relative_to(tmp_path)) for f in find(str(tmp_path)).sources] == names


def test_a_source_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(SourceError, match=r"\.txt, \.md, \.html"):
            find(str(source))


# ---- Markdown


def test_markdown_loses_its_markup_and_keeps_its_words(write: Write) -> None:
    body = f"**{FIRST}**\n\nSee [the *plan*](https://example.org) and `x`, R&amp;D.\n\n> {SECOND}\n\n![map](m.png)\n"
    assert only(write("a.md", body)).text == f"{FIRST}\n\nSee the plan and x, R&D.\n\n{SECOND}"


def test_markdown_scripts_and_comments_are_not_text(write: Write) -> None:
    body = f"<script>alert('x')</script>\n\n<!-- note -->\n\n{FIRST}\n\n<div>In a <b>box</b></div>\n"
    assert only(write("a.md", body)).text == f"{FIRST}\n\nIn a box"


def test_a_line_break_in_markdown_parts_the_words(write: Write) -> None:
    assert "Harnstead Drusmark" in only(write("a.md", f"{FIRST}\n\nHarnstead<br>Drusmark, both by the sea.")).text


def test_a_markdown_table_is_read_with_its_headers(write: Write) -> None:
    found = only(write("a.md", f"{FIRST}\n\n| Grade | Price |\n|---|---|\n| A | 10 |\n| B | **20** |\n"))
    assert found.text == f"{FIRST}\n\nGrade: A; Price: 10\n\nGrade: B; Price: 20"
    assert [s.section for s in found.sentences][-2:] == ["table", "table"]


def test_an_empty_first_cell_of_a_markdown_table_does_not_move_the_others(write: Write) -> None:
    found = only(write("a.md", f"{FIRST}\n\n| Grade | Price |\n|---|---|\n| A | 10 |\n|  | 20 |\n"))
    assert found.text.endswith("Grade: A; Price: 10\n\nPrice: 20")


def _json(text: str, title: str) -> str:
    return json.dumps({"text": text, "title": title})


# ---- what holds for every article

FRAGMENTS = (
    FIRST,
    SECOND,
    "Why did it fall?",
    "## What comes next",
    "Highlights\n- The crane fell.\n- It weighs approx. 5 tonnes.",
    "The plan has two parts:\n- more cranes. Many.\n- more pay",
    "Grade | Price |\n---|---|\nA | 10 |\n | 20 |",
    "钢厂宣布量产。产量达到四千吨！",
    "“We’ll go,” he said. “Now.” 👩‍👩‍👧‍👦 🙂",
    "The millโs plate is 8โ60 mm thick.",
    "- a loose item\n- another one.",
    "Disclaimer: The figures are the mill’s own.",
    "Aug 19, 2025",
    "***",
    "1. First. 2. Second.",
    "Source: Harnstead Mill (opens in a new tab)",
    "  odd\u00a0 spaces \u200b and\x1e signs ",
    "x" * 3000,
    "0 Comments",
)


def composed() -> Iterator[str]:
    chance = random.Random(7)
    for _ in range(150):
        yield "\n\n".join(chance.choices(FRAGMENTS, k=chance.randint(1, 9)))


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_spans_are_within_the_text_in_order_and_never_overlap(write: Write, suffix: str) -> None:
    checked = 0
    for raw in composed():
        for found in read(str(write("a" + suffix, raw))):
            if isinstance(found, Article):
                check_spans(found)
                checked += len(found.sentences)
    assert checked > 700


def test_spans_of_the_sample_articles_hold_and_never_cite_a_heading() -> None:
    files = find(str(ROOT / "eval" / "articles")).sources
    headings = 0
    for file in files:
        found = only(file)
        check_spans(found)
        cited = [found.text[s.start : s.end] for s in found.sentences]
        for line in (line for line in Path(file).read_text().split("\n") if line.startswith("#")):
            headings += 1
            assert not any(line.lstrip("# ") in sentence for sentence in cited)
    assert headings > 10


def test_spans_of_the_real_articles_hold(shared: Path) -> None:
    for file in find(str(shared / "articles")).sources:
        check_spans(only(file))


def test_a_disclaimer_is_found_verbatim(write: Write) -> None:
    line = "Disclaimer: The figures are the mill’s own and nobody has checked them."
    found = only(write("a.txt", f"Harnstead rolls again\n\n{FIRST}\n\n{line}\n\n0 Comments"))
    assert found.disclaimer_text == line
    assert found.sentences[-1].section == "disclaimer"


def check_spans(found: Article) -> None:
    position = 0
    for span in found.sentences:
        assert position <= span.start < span.end <= len(found.text)
        sentence = found.text[span.start : span.end]
        assert sentence == sentence.strip()
        assert any(c.isalnum() for c in sentence)
        position = span.end


@pytest.mark.parametrize(
    "front",
    ["---\ndate: 2025-03-04\nTitle: Plate\n---\n", '+++\ntitle = "Plate"\ndate = 2025-03-04\n+++\n'],
    ids=["YAML", "TOML"],
)
def test_front_matter_is_read_as_other_programs_write_it(write: Write, front: str) -> None:
    found = only(write("a.md", f"{front}\n{FIRST}"))
    assert (found.title, found.published, found.text) == ("Plate", "2025-03-04", FIRST)


def test_a_file_whose_name_is_not_unicode_is_read(tmp_path: Path) -> None:
    file = os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff\xfename.txt")
    Path(file).write_text(FIRST)
    [source] = find(str(tmp_path)).sources
    [found] = read(source)
    assert isinstance(found, Article)
    assert json.loads(json.dumps(found.source).encode())
