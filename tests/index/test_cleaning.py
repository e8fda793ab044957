"""What cleaning takes out of a page, and what it must leave alone."""

import pytest

from index.cleaning import Block, clean, tidy

FIRST = (
    "The mill at Harnstead rolled its first plate on Monday after a stop of seven weeks, and its managers said that "
    "the order book was full until the end of the summer, with more than forty lorries waiting at the gate for coils."
)
SECOND = (
    "The port authority said on Tuesday that two more cranes would be ordered in the spring, that the quay would be "
    "widened by eleven meters, and that the railway would get a third track so ore trains need not wait."
)
THIRD = (
    "Residents of the old quarter have complained about the noise since April, and a petition with nine hundred names "
    "asks the council to move the loading of scrap to the daytime, which the mill calls possible but far from cheap."
)


def texts(raw: str) -> list[str]:
    return [block.text for block in clean(raw)]


def page(*parts: str) -> str:
    return "\n\n".join(parts)


# ---- phrases and signs


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("The report (opens in a new tab) is out.", "The report is out."),
        ("The report (Opens in a new window), says", "The report, says"),
        ("see(opens in a new tab)now", "see now"),
        ("Text. <!-- /wp:paragraph -->", "Text. "),
        ("Text. ©!-- /wp:paragraph -->", "Text. "),
        ("Text. ยฉ!-- /wp:paragraph -->", "Text. "),
        ('Text. &lt;!-- wp:heading {"level":2} --&gt;', "Text. "),
        ("a\u200bb\ufeffc\u202ed\x07e", "abcde"),
        ("8\u00a0mm\t\tthick\u3000plate", "8 mm thick plate"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a rare\u2011earth alloy", "a rare-earth alloy"),
    ],
)
def test_furniture_within_a_line_goes(raw: str, tidied: str) -> None:
    assert tidy(raw) == tidied


@pytest.mark.parametrize(
    "text",
    [
        "The bakery opens in a new tab of the covered market next week.",
        "The report opens in a new window of time.",
        "He wrote <!-- in the margin of the plan.",
        "Zero\u200cwidth joiners make Persian readable.",
        "No comments were made on the day.",
    ],
)
def test_prose_that_resembles_furniture_stays(text: str) -> None:
    assert tidy(text) == text


# ---- the page around an article


@pytest.mark.parametrize(
    "line",
    [
        "0 Comments",
        "1 Comment",
        "Leave a Reply",
        "Submit a Comment",
        "Comments are closed.",
        "Your email address will not be published. Required fields are marked *",
        "Recent Harbor News",
        "Related articles:",
        "You may also like",
        "Straight Into Your Inbox",
        "Subscribe to our weekly newsletter!",
        "Share this article",
    ],
)
def test_a_page_ends_its_article_at(line: str) -> None:
    assert texts(page(FIRST, line, "Ten ferries sunk in one night", "Mayor eats hat")) == [FIRST]


def test_labels_before_the_end_of_the_article_go_with_the_page() -> None:
    raw = page(FIRST, "Source: Harnstead Mill", "Search", "Recent Harbor News", "Ten ferries sunk in one night")
    assert texts(raw) == [FIRST, "Source: Harnstead Mill"]


def test_an_authors_biography_after_the_headlines_goes() -> None:
    raw = page(FIRST, SECOND, "Recent Harbor News", "Mayor eats hat", "By Ann", THIRD, "0 Comments")
    assert texts(raw) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "sentence",
    [
        "Publishers beg readers to subscribe to our newsletter, and few do.",
        "Leave a reply on the machine, the clerk said.",
        "The recent news from the harbor was bad.",
        "Share this article with the crew, the notice said.",
    ],
)
def test_a_sentence_about_newsletters_and_comments_ends_nothing(sentence: str) -> None:
    assert texts(page(FIRST, sentence, SECOND)) == [FIRST, sentence, SECOND]


def test_a_newsletter_box_ends_nothing_while_prose_goes_on() -> None:
    raw = page(FIRST, "Straight into your inbox", SECOND, THIRD, FIRST)
    assert texts(raw) == [FIRST, SECOND, THIRD, FIRST]


def test_a_share_line_below_the_first_paragraph_does_not_cost_the_rest() -> None:
    assert texts(page(FIRST, "Share this article", SECOND, THIRD))[-2:] == [SECOND, THIRD]


def test_a_short_article_is_not_cut_at_a_page_line() -> None:
    assert "The crane fell." in texts(page("Related news", "The crane fell.", "Nobody was hurt."))


# ---- paragraphs and headings


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = (
        "\n".join(FIRST[i:j].strip() for i, j in _cuts(FIRST))
        + "\n\n"
        + "\n".join(SECOND[i:j].strip() for i, j in _cuts(SECOND))
    )
    assert wrapped.count("\n") > 6
    assert texts(wrapped) == [FIRST, SECOND]


def test_paragraphs_on_lines_of_their_own_are_not_joined() -> None:
    assert texts("\n".join((FIRST, SECOND, THIRD))) == [FIRST, SECOND, THIRD]


def test_long_lines_without_a_full_stop_are_not_joined() -> None:
    lines = [text.removesuffix(".") for text in (FIRST, SECOND, THIRD, FIRST, SECOND, THIRD)]
    assert texts("\n".join(lines)) == lines


def test_short_sentences_on_lines_of_their_own_are_not_joined() -> None:
    lines = ["The crane fell.", "Nobody was hurt.", "Work goes on.", "The mayor came.", "He left again.", "It rained."]
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize("line", ["Why did the crane fall?", "A second furnace", "# Price & terms", "What Comes Next"])
def test_a_short_line_before_a_paragraph_is_a_heading(line: str) -> None:
    assert clean(page(FIRST, line, SECOND))[1] == Block("heading", line.removeprefix("# "))


@pytest.mark.parametrize("line", ["The crane fell.", "Source: Harnstead Mill", "She asked: “Who pays?”", "Costs rose,"])
def test_a_short_line_that_is_prose_is_no_heading(line: str) -> None:
    assert clean(page(FIRST, line, SECOND))[1] == Block("body", line)


def test_a_heading_with_nothing_below_it_goes() -> None:
    assert texts(page(FIRST, "## What comes next", "## Who pays?")) == [FIRST]


def test_a_question_that_ends_the_article_is_no_heading() -> None:
    assert clean(page(FIRST, "Who pays?"))[-1] == Block("body", "Who pays?")


# ---- lists, summaries, tables, disclaimers


@pytest.mark.parametrize(
    "title", ["Highlights", "Key takeaways:", "Key Points", "TL;DR", "The main points:", "## At a glance", "Summary"]
)
def test_bullets_below_a_summary_title_are_a_summary(title: str) -> None:
    blocks = clean(page(title, "- The crane fell.\n• Nobody was hurt.\n", FIRST))
    assert [b.kind for b in blocks] == ["heading", "summary", "summary", "body"]
    assert blocks[-1].text == FIRST


def test_misread_bullets_are_a_summary_too() -> None:
    blocks = clean("Highlights\nโข The mill\u0e42s crane fell.\nโข Nobody was hurt.\n" + FIRST)
    assert blocks[1:3] == [Block("summary", "- The mill’s crane fell."), Block("summary", "- Nobody was hurt.")]


def test_bullets_below_the_first_paragraph_after_a_summary_are_none() -> None:
    blocks = clean(page("Highlights", "- The crane fell.", FIRST, "- Nobody was hurt."))
    assert [b.kind for b in blocks] == ["heading", "summary", "body", "body"]


def test_bullets_elsewhere_are_no_summary() -> None:
    assert {b.kind for b in clean(page(FIRST, "- The crane fell.", "- Nobody was hurt."))} == {"body"}


def test_a_list_and_its_lead_in_are_one_block() -> None:
    blocks = clean(page(FIRST, "The plan has three parts:\n- more cranes\n\n- more track\n- more pay", SECOND))
    assert [b.text for b in blocks] == [
        FIRST,
        "The plan has three parts:\n- more cranes\n- more track\n- more pay",
        SECOND,
    ]


@pytest.mark.parametrize(
    "table",
    [
        "Grade | Price |\n---|---|\nA | 10 |\nB | 20 |",
        "| Grade | Price |\n|:---|---:|\n| A | 10 |\n| B | 20 |",
        "Grade | Price\n--- | ---\nA | 10\nB | 20",
    ],
    ids=["no outer pipe on the left", "outer pipes", "no outer pipes"],
)
def test_a_table_row_is_read_with_its_headers(table: str) -> None:
    blocks = clean(page(FIRST, table, SECOND))
    assert blocks[1:3] == [Block("table", "Grade: A; Price: 10"), Block("table", "Grade: B; Price: 20")]
    assert blocks[3] == Block("body", SECOND)


@pytest.mark.parametrize("row", ["|  | 20 |", "| | 20 |"])
def test_an_empty_first_cell_does_not_move_the_others(row: str) -> None:
    blocks = clean(page(FIRST, f"| Grade | Price |\n|---|---|\n| A | 10 |\n{row}"))
    assert blocks[-1] == Block("table", "Price: 20")


def test_rows_parted_by_tabs_are_a_table() -> None:
    blocks = clean(f"{FIRST}\n\nGrade\tPrice\tPort\nA\t10\tOsk\nB\t\tRuna\n\n{SECOND}")
    assert [b.text for b in blocks] == [FIRST, "Grade: A; Price: 10; Port: Osk", "Grade: B; Port: Runa", SECOND]
    assert blocks[1].kind == "table"


@pytest.mark.parametrize(
    "text",
    [f"{FIRST}\t{FIRST}\t{FIRST}\n" * 3, "\t\tOne.\n\t\tTwo.\n\t\tThree.", "Port\tRuna\nPort\tOsk\nPort\tVel\nA\tb"],
    ids=["prose", "indented", "two columns"],
)
def test_tabs_alone_make_no_table(text: str) -> None:
    assert "table" not in {block.kind for block in clean(text)}


def test_prose_with_a_pipe_below_a_table_is_no_row() -> None:
    blocks = clean(page(FIRST, "A | B | C\n---|---|---\n1 | 2 | 3", "Either a | b or nothing at all."))
    assert [b.kind for b in blocks[1:]] == ["table", "body"]


def test_a_pipe_in_prose_makes_no_table() -> None:
    assert clean(page(FIRST, "Either a | b or nothing at all.", SECOND))[1].kind == "body"


@pytest.mark.parametrize("start", ["Disclaimer: ", "DISCLAIMER – ", "Disclosure: "])
def test_a_disclaimer_is_a_block_of_its_own(start: str) -> None:
    line = f"{start}The figures come from the mill itself."
    assert clean(page(FIRST, line))[-1] == Block("disclaimer", line)


def test_a_sentence_about_a_disclaimer_is_none() -> None:
    line = "A disclaimer: that is what the lawyers wanted."
    assert clean(page(FIRST, line))[-1].kind == "body"


def test_a_disclaimer_below_its_own_heading_is_one() -> None:
    blocks = clean(page(FIRST, "## Disclaimer", "The figures come from the mill itself."))
    assert blocks[-1].kind == "disclaimer"
    assert blocks[-1].text.endswith("The figures come from the mill itself.")


def _cuts(text: str) -> list[tuple[int, int]]:
    """Ranges of about 60 characters of `text` that end at spaces."""
    cuts, start = [], 0
    while start < len(text):
        end = text.rfind(" ", start, start + 60) + 1 if len(text) - start > 60 else len(text)
        cuts.append((start, end))
        start = end
    return cuts
