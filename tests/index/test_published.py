"""The publication date that a text gives, where it gives none, and which lines are only about it."""

from datetime import date
from pathlib import Path

import pytest

from index.cleaning import Block, clean
from index.published import published_in
from tests.index.test_cleaning import FIRST, SECOND, THIRD

TODAY = date(2026, 3, 10)
TITLE = "Harnstead rolls again"


def outcome(raw: str, language: str | None = None) -> tuple[str | None, bool, list[str]]:
    """The date, whether it is inferred, and the texts of the blocks that were taken out."""
    blocks = clean(raw)
    found = published_in(blocks, language, TODAY)
    return found.date, found.inferred, [b.text for b in blocks if b not in found.blocks]


def page(*parts: str) -> str:
    return "\n\n".join(parts)


# ---- lines of their own


@pytest.mark.parametrize(
    "line",
    [
        "Aug 19, 2025",
        "2025-08-19",
        "Tue 19 Aug 2025 08.00 BST",
        "Published: Aug 19, 2025",
        "Posted on August 19, 2025",
        "Published 8:00 AM EDT, Tue August 19, 2025",
        "Updated 19 August 2025, 10:30",
        "Last updated on 19 August 2025 at 11:15 GMT",
        "(Published on 19 August 2025)",
        "Release date: 19 August 2025",
        "2025年8月19日 10:30",
        "发布时间：2025-08-19 10:30",
        "Aug. 19, 2025.",
    ],
)
def test_a_line_that_is_only_a_date_gives_it_and_leaves_the_text(line: str) -> None:
    assert outcome(page(TITLE, line, FIRST, SECOND)) == ("2025-08-19", False, [line])


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Writer | Aug 19, 2025",
        "By Ann Writer, Aug 19, 2025",
        "By Ann Writer and Bob Other, senior reporter | Aug 19, 2025 | News, Steel",
        "Posted by Ann Writer on Aug 19, 2025",
        "Aug 19, 2025 by Ann Writer",
        "Mock Wire – 19 August 2025 – 10:30",
        "August 19, 2025 / 10:30 AM EDT / Mock News",
        "Harnstead, 19 August 2025",
    ],
)
def test_a_line_of_a_date_with_a_byline_outlet_or_place_is_furniture(line: str) -> None:
    title, text = Block("heading", TITLE), Block("body", FIRST)
    found = published_in([title, Block("heading", line), text], "en", TODAY)
    assert (found.date, found.inferred, found.blocks) == ("2025-08-19", False, (title, text))


def test_a_reading_time_beside_the_date_is_furniture_too() -> None:
    blocks = [
        Block("heading", TITLE),
        Block("heading", "Mock Wire – 19 August 2025 – 4 min read"),
        Block("body", FIRST),
    ]
    found = published_in(blocks, "en", TODAY)
    assert (found.date, found.blocks) == ("2025-08-19", (blocks[0], blocks[2]))


@pytest.mark.parametrize(
    "line",
    [
        "Built 12 March 2014",
        "In May 2019",
        "A record 2019",
        "Steel output fell on 3 March 2025",
        "Minutes of 3 March 2025",
        "March 3, 2025 – March 5, 2025",
        "3–5 March 2025",
        "By 3 March 2025",
        "Open until 3 March 2025",
        "Deadline: 3 March 2027",
        "10/11/2025",
    ],
)
def test_a_line_that_only_mentions_a_date_gives_none_and_stays(line: str) -> None:
    assert outcome(page(TITLE, line, FIRST, SECOND)) == (None, False, [])


def test_the_language_decides_a_line_in_figures() -> None:
    assert outcome(page(TITLE, "10/11/2025", FIRST), "fr") == ("2025-11-10", False, ["10/11/2025"])


@pytest.mark.parametrize(
    "lines",
    [
        ("Published 19 August 2025", "Updated 20 August 2025"),
        ("Updated 20 August 2025", "Published 19 August 2025"),
        ("Updated: 20 August 2025 | Published: 19 August 2025",),
        ("Aug 19, 2025 Updated Aug 20, 2025",),
        ("Updated 20 August 2025", "Aug 19, 2025"),
    ],
)
def test_published_wins_over_updated_and_both_leave_the_text(lines: tuple[str, ...]) -> None:
    assert outcome(page(TITLE, *lines, FIRST)) == ("2025-08-19", False, list(lines))


def test_a_label_on_the_line_before_goes_with_the_date() -> None:
    assert outcome(page(TITLE, "Published", "19 August 2025", FIRST)) == (
        "2025-08-19",
        False,
        ["Published", "19 August 2025"],
    )


def test_a_date_before_the_title_or_after_a_summary_or_standfirst_counts() -> None:
    assert outcome(page("Aug 19, 2025", TITLE, FIRST))[0] == "2025-08-19"
    assert outcome(page(TITLE, "Highlights\n- It ran.\n- It stopped.", "Aug 19, 2025", FIRST))[0] == "2025-08-19"
    assert outcome(page(TITLE, "A short word on steel.", "Aug 19, 2025", FIRST, SECOND))[0] == "2025-08-19"


@pytest.mark.parametrize("line", ["Market Update – March 3, 2025", "Plate Prices, 3 March 2025"])
def test_a_line_that_may_be_the_title_gives_its_date_and_stays(line: str) -> None:
    assert outcome(page(line, FIRST, SECOND)) == ("2025-03-03", False, [])


def test_the_dates_of_a_chronicle_are_not_the_article_s() -> None:
    assert (
        outcome(page(TITLE, "3 March 2025", "It ran.", "5 March 2025", "It stopped.", "7 March 2025", "It ran."))[0]
        is None
    )
    assert outcome(page(TITLE, FIRST, "3 March 2025", SECOND, "5 March 2025", THIRD))[0] is None


def test_a_date_line_further_down_is_not_the_article_s() -> None:
    assert outcome(page(FIRST, SECOND, THIRD, "2019-05-03", FIRST)) == (None, False, [])


@pytest.mark.parametrize("line", ["(Published on 3 March 2025)", "Last updated: 3 March 2025"])
def test_a_line_at_the_end_that_says_what_it_is_counts(line: str) -> None:
    assert outcome(page(FIRST, SECOND, line)) == ("2025-03-03", False, [line])


def test_a_date_alone_at_the_end_does_not_count() -> None:
    assert outcome(page(FIRST, SECOND, "3 March 2025")) == (None, False, [])


def test_a_sentence_on_first_publication_counts_and_stays_and_one_on_a_correction_does_not() -> None:
    assert outcome(page(FIRST, SECOND, "This article was first published on 3 March 2025.")) == (
        "2025-03-03",
        False,
        [],
    )
    assert outcome(page(FIRST, SECOND, "This story was updated on 3 March 2025 to add a name."))[0] is None


# ---- datelines


@pytest.mark.parametrize(
    "start",
    [
        "HARNSTEAD, March 3, 2025 (Mock Wire) —",
        "HARNSTEAD, Drusmark, 3 March 2025 /MockNewswire/ --",
        "(Mock Wire) - March 3, 2025 -",
        "(Mock Wire) - March 3, 2025",
        "Harnstead / Wexholm, 3 March 2025 –",
        "March 3, 2025 (Mock Wire) –",
        "Harnstead, March 3, 2025 –",
        "HARNSTEAD (Mock Wire) - 3 March 2025 -",
        "HARNSTEAD--(MOCK WIRE)--March 3, 2025--",
    ],
)
def test_a_dateline_gives_the_date_and_stays(start: str) -> None:
    assert outcome(page(TITLE, f"{start} The mill opened after seven weeks.", SECOND)) == ("2025-03-03", False, [])


def test_a_chinese_dateline_gives_the_date() -> None:
    assert outcome(page(TITLE, "某某社北京2025年3月3日电 一家钢厂重新开工。"), "zh") == ("2025-03-03", False, [])


@pytest.mark.parametrize(
    "start",
    [
        "HARNSTEAD, March 3 (Mock Wire) — The mill opened.",
        "March 3, 2025 — the day the furnace died — is remembered here by all the people of the town.",
        "Since March 3, 2025 – a holiday – nothing at all has moved at the port of this town.",
    ],
)
def test_no_year_or_a_sentence_is_no_dateline(start: str) -> None:
    assert outcome(page(TITLE, start, SECOND))[0] is None


# ---- the lead


@pytest.mark.parametrize(
    "lead",
    [
        "On 4 March 1953 a fire killed ninety people in the mill, and those who lived met again this week.",
        "The two harbour towns signed the treaty on 12 January 2011 that still governs where they fish.",
        "The ship sank on 14 April 1912 off the coast of Harnstead, and divers have now found its bell.",
        "On 12 May 2010 the council voted for the wall, and it has been built in pieces since then.",
        "The law passed on 3 June 2019 and has not changed how mills are inspected in the county.",
        "The rule that the ministry announced takes effect on 1 January 2025 for all mills of the county.",
        "The new plate goes on sale on 3 June 2025, the owners of the mill at Harnstead announced.",
        "Prices on 3 June 2024 were twice those of today, says a letter of the owners to the council.",
        "The mill stopped for good. The owners said on 3 March 2025 that nobody would buy it.",
    ],
)
def test_a_day_that_the_lead_tells_of_without_reporting_its_news_is_no_date(lead: str) -> None:
    assert outcome(page(TITLE, lead, SECOND))[0] is None


@pytest.mark.parametrize(
    "lead",
    [
        "On March 3, 2025, the mill at Harnstead said that it rolled plate once more.",
        "Brackmoor presented a new plate on 3 March 2025 in Harnstead, a spokesman said there.",
        "After a stop of weeks, the owners announced on 3 March 2025 that the mill runs.",
        "The mill reported a stop on 3 March 2025. It is expected to run in 2026.",
    ],
)
def test_the_one_full_date_of_reported_news_is_taken_and_marked_as_inferred(lead: str) -> None:
    assert outcome(page(TITLE, lead, SECOND)) == ("2025-03-03", True, [])


@pytest.mark.parametrize(
    "lead",
    [
        "The mill, founded on 3 March 1955 by two brothers, rolled again.",
        "The mill of Harnstead was established on 3 March 2025.",
        "The mill has been silent since 3 March 2025, people in town said.",
        "The mill must close its gates by 3 March 2025, a court ruled.",
        "The mill had ten furnaces before 3 March 2025, people said.",
        "The mill of Harnstead will close all gates on 3 March 2026.",
        "Talks are scheduled for 3 March 2026 at the mill of Harnstead.",
        "The deadline of 3 March 2025 was missed by the mill.",
        "The mill that burned down on 3 March 2015 rolled plate again.",
        "The ship, launched on 3 March 1999, was pulled free by two tugs.",
        "A law of 3 March 2005 gives the port the right to tow ships.",
        "The ship last docked here on 3 March 2019, people in town said.",
        "The year ended 3 March 2025 was good for the mill.",
        "One mill closed on 3 March 2025 and on 4 March 2025 another.",
        "On September 5 the mill at Harnstead rolled its plate again.",
        "In 2025 the mill at Harnstead rolled its plate again.",
        "In March 2025 the mill at Harnstead rolled its plate again.",
        "The mill rolled its last plate on 10/11/2025 in Harnstead.",
        "The mill closed on 11 March 2026, it said in a statement.",
        "A worker at the mill of Harnstead on 3 March 2025 (photo by Ann Writer).",
        "A worker walks past a crane in Harnstead, March 3, 2025. (Mock Wire/Ann Writer)",
        "It closed on 3 May 2019.",
    ],
)
def test_a_date_of_something_else_or_not_full_is_not_inferred(lead: str) -> None:
    assert outcome(page(TITLE, lead, SECOND))[0] is None


def test_a_lead_of_a_year_that_the_text_goes_beyond_is_not_inferred() -> None:
    lead = "The mill at Harnstead stopped on 3 March 2015 with no warning."
    assert outcome(page(TITLE, lead, "It began again in 2024 with two furnaces."))[0] is None


def test_a_chinese_lead_is_read_too() -> None:
    assert outcome("2025年3月3日，一家钢厂宣布推出新型钢板。", "zh") == ("2025-03-03", True, [])
    assert outcome("2025年3月3日，一家钢厂将召开会议。", "zh")[0] is None


def test_dates_of_a_summary_a_list_or_a_later_paragraph_do_not_count() -> None:
    assert outcome(page("Highlights\n- It opened on 3 March 2025.\n- It ran.", FIRST, SECOND))[0] is None
    assert outcome(page("Dates:\n- It opened on 3 March 2025 to all.\n- It ran.", FIRST, SECOND))[0] is None
    assert outcome(page(FIRST, "On 3 March 2025, the mill at Harnstead stopped again."))[0] is None


def test_no_blocks_give_no_date() -> None:
    assert published_in([], None, TODAY).date is None


def test_the_real_articles_give_the_one_date_line_there_is(shared: Path) -> None:
    found = {}
    for file in sorted((shared / "articles").glob("*.txt")):
        blocks = clean(file.read_text(encoding="utf-8"))
        published = published_in(blocks, "en")
        found[file.name[:3]] = (published.date, published.inferred, len(blocks) - len(published.blocks))
    assert found.pop("002") == ("2025-08-19", False, 1)
    assert set(found.values()) == {(None, False, 0)}
