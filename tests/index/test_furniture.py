"""Page furniture: what goes with each rule, and what resembles it and stays."""

import time

import pytest

from index.cleaning import Block, clean
from tests.index.test_cleaning import FIRST, SECOND, THIRD, page, texts

NOTICE = "Disclaimer: The figures in this story come from the mill, which a ministry owns."
HEADLINES = ("Ten ferries sunk in one night", "Mayor eats hat", "Why did the crane fall?")
SHORT = "The council will vote on the plan for the pier on the second Thursday of June."


# ---- lines that go wherever they stand


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Skip to content",
        "Loading…",
        "Loading...",
        "Share this:",
        "Facebook Twitter LinkedIn Email",
        "Facebook | X | LinkedIn | Copy link",
        "Click to share on X (Opens in new window)",
        "Click to print (Opens in new window)",
        "Copy link",
        "Follow us on LinkedIn",
        "Subscribe to continue reading",
        "Log in to read the full story.",
        "4 min read",
        "Reading time: 4 minutes",
        "Read more: Ten ferries sunk in one night",
        "Also read: Mayor eats hat",
        "RELATED: Ten ferries sunk in one night",
        "We use cookies to improve your experience on our site. Read our policy. Accept all",
        "By continuing to browse this site you agree to our use of cookies.",
        "Accept all cookies",
        "We and our 842 partners store and access information on your device to show advertising.",
        "Thanks for reading Mock Notes! Subscribe for free to receive new posts and support my work.",
        "版权所有 港口新闻网",
        "（责任编辑：王五）",
        "上一篇：市长换帽子",
        "Photo: Reuters",
        "Photo credit: Ann Berg / Harbor News",
        "Photo by Ann Berg on Unsplash",
        "© 2025 Harbor News. All rights reserved.",
        "Copyright 2025 Harbor News Ltd. All rights reserved.",
        "The post Mill rolls first plate appeared first on Harbor News.",
        "<!-- wp:paragraph -->",
        "ยฉ!-- /wp:paragraph --",
        "©!-- wp:heading -->",
    ],
)
def test_a_line_of_the_page_goes_in_the_middle_and_at_the_end(line: str) -> None:
    assert texts(page(FIRST, line, SECOND, THIRD)) == [FIRST, SECOND, THIRD]
    assert texts(page(FIRST, SECOND, line)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "The bakery opens in a new tab of the covered market.",
        "Share prices of the mill fell by four percent on Monday.",
        "Share of exports",
        "Related companies are not taxed twice.",
        "Related party deals",
        "Read more carefully, the order names no date.",
        "Related: the mill's second line stands idle as well.",
        "We use cookies to teach children how to weigh flour, the baker said.",
        "The regulator wants to know which cookies the site sets, and what users agree to.",
        "Advertisement spending fell by a third in the year.",
        "Comments from the ministry",
        "Comments on the draft are due in May.",
        "Loading of scrap",
        "By Rail",
        "By the end of the year the quay will be wider.",
        "“By Monday,” said Ann Berg, an editor of the town's chronicle, “all was over.”",
        "Print works",
        "Photo: how the quay looked before the flood, and after it.",
        "Copyright 2025 rules cost the port its film archive.",
        "4 minutes are enough to read the plan.",
        "The post of harbor master appeared first on the town's list.",
        "Our newsletter has nine hundred readers, the mayor said.",
        "Subscribe to the bond issue, the bank told its clients.",
        "About the author of the report nothing is known.",
        "กรุณายกเลิกการสมัครสมาชิกก่อนวันศุกร์",
    ],
)
def test_a_line_of_an_article_that_resembles_one_of_a_page_stays(line: str) -> None:
    assert texts(page(FIRST, line, SECOND)) == [FIRST, line, SECOND]


def test_a_pointer_on_a_line_of_its_own_takes_its_headline_along() -> None:
    assert texts(page(FIRST, "Read more:", "Ten ferries sunk in one night", SECOND)) == [FIRST, SECOND]


def test_a_pointer_before_a_paragraph_takes_nothing_along() -> None:
    assert texts(page(FIRST, "Read more:", SECOND)) == [FIRST, SECOND]


def test_a_reading_time_beside_the_date_goes_and_the_date_stays() -> None:
    assert texts(page("Aug 19, 2025 · 4 min read", FIRST)) == ["Aug 19, 2025", FIRST]


# ---- before the article


def test_a_menu_before_the_article_goes_and_its_title_stays() -> None:
    raw = page("Skip to content", "Home", "News", "- Contact us", "Crane falls", FIRST, SECOND)
    assert texts(raw) == ["Crane falls", FIRST, SECOND]


def test_a_menu_on_one_line_goes() -> None:
    assert texts(page("Home | News | Markets | Contact", FIRST)) == [FIRST]


@pytest.mark.parametrize("title", ["Markets", "Opinion"])
def test_one_word_that_a_menu_also_has_is_a_title(title: str) -> None:
    assert texts(page(title, FIRST)) == [title, FIRST]


def test_the_words_of_a_menu_within_the_article_are_headings() -> None:
    assert texts(page(FIRST, "Markets", SECOND, "Careers", THIRD)) == [FIRST, "Markets", SECOND, "Careers", THIRD]


def test_comment_counts_and_share_lines_above_the_article_cost_nothing_of_it() -> None:
    assert texts(page("0 Comments", "Share this article", FIRST, SECOND)) == [FIRST, SECOND]


def test_a_byline_above_the_article_costs_nothing_of_it() -> None:
    assert FIRST in texts(page("By Ann Berg", FIRST, SECOND))


# ---- boxes in the middle


@pytest.mark.parametrize(
    "box",
    [
        ("Straight Into Your Inbox", "Receive a Daily Note Meant to Help You Follow the Harbor and All of Its Ships."),
        (
            "Subscribe to our newsletter",
            "Sign up to receive the week's news of the harbor by e-mail.",
            "Enter your email",
            "No spam.",
        ),
        ("Related articles", *HEADLINES),
        ("More harbor news:", *HEADLINES),
        ("You may also like", *HEADLINES),
        ("Share this article", "Facebook Twitter LinkedIn"),
    ],
    ids=["inbox", "newsletter", "related", "more", "like", "share"],
)
@pytest.mark.parametrize("rest", [(SECOND, THIRD), (SHORT, SHORT)], ids=["long", "short"])
def test_a_box_in_the_middle_goes_and_the_article_below_it_stays(box: tuple[str, ...], rest: tuple[str, ...]) -> None:
    assert texts(page(FIRST, SECOND, THIRD, *box, *rest)) == [FIRST, SECOND, THIRD, *rest]


def test_a_heading_below_a_share_bar_stays() -> None:
    assert texts(page(FIRST, "Share this article", "What comes next", SECOND)) == [FIRST, "What comes next", SECOND]


def test_a_short_last_sentence_below_a_share_bar_stays() -> None:
    assert texts(page(FIRST, "Share this:", "The race is on.")) == [FIRST, "The race is on."]


def test_an_article_about_newsletters_stays_whole() -> None:
    first = (
        "Newsletters by e-mail earn more than the paper does, and every subscriber costs the publisher less to serve."
    )
    second = "Readers sign up for three of them on average, the publisher said, and unsubscribe from one within a year."
    assert texts(page(FIRST, first, second, SECOND)) == [FIRST, first, second, SECOND]


# ---- after the article


@pytest.mark.parametrize("marker", ["0 Comments", "Recent Harbor News", "Subscribe to our newsletter", "Share this:"])
@pytest.mark.parametrize("notice", [(NOTICE,), ("Disclaimer", "The mill gave the figures.")], ids=["line", "titled"])
def test_a_disclaimer_below_the_end_of_the_article_stays(marker: str, notice: tuple[str, ...]) -> None:
    blocks = clean(page(FIRST, SECOND, marker, *HEADLINES, *notice, "Ten ferries sunk in two nights"))
    assert blocks[:2] == [Block("body", FIRST), Block("body", SECOND)]
    assert blocks[-1] == Block("disclaimer", notice[-1])
    assert len(blocks) == 2 + len(notice)


def test_a_disclaimer_below_the_article_keeps_its_second_line() -> None:
    assert texts(page(FIRST, SECOND, "Leave a Reply", f"{NOTICE}\n{SHORT}", "Name *")) == [FIRST, SECOND, NOTICE, SHORT]


def test_where_an_article_was_first_published_stays() -> None:
    line = "This article was originally published by the ministry's own newspaper."
    assert texts(page(FIRST, SECOND, "Leave a Reply", line, "Name *")) == [FIRST, SECOND, line]


def test_teasers_of_other_articles_at_the_end_go() -> None:
    teasers = [part for title in HEADLINES for part in (title, SHORT)]
    assert texts(page(FIRST, SECOND, "Related articles", *teasers)) == [FIRST, SECOND]


@pytest.mark.parametrize("title", ["By Ann", "By Ann Berg", "About the author"])
def test_a_biography_at_the_end_goes(title: str) -> None:
    biography = "Ann is a reporter who has written about harbors for nine years, in Harnstead and in Ostervane."
    assert texts(page(FIRST, SECOND, title, biography)) == [FIRST, SECOND]
    assert texts(page(FIRST, SECOND, title, biography, NOTICE)) == [FIRST, SECOND, NOTICE]


def test_a_last_section_with_a_heading_like_a_byline_stays() -> None:
    assert texts(page(FIRST, SECOND, "By Rail", SHORT)) == [FIRST, SECOND, "By Rail", SHORT]


def test_a_last_paragraph_about_a_reporter_stays() -> None:
    line = "Ann Berg is a reporter who has written about the harbor for nine years, and the mayor's fiercest critic."
    assert texts(page(FIRST, SECOND, line)) == [FIRST, SECOND, line]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["Related articles", "Mayor eats hat"] * 5_000),
        "\n".join([SHORT, "0 Comments"] * 5_000),
        "\n".join([SHORT, "By Ann", "Subscribe to our newsletter"] * 3_000),
        "We use cookies " * 20_000,
        "<!-- wp: The post " * 20_000,
        " " * 300_000,
        "facebook " * 30_000,
        "Photo: " + "A a " * 75_000,
        "a | " * 75_000,
    ],
    ids=["headlines", "comments", "bylines", "cookies", "phrases", "spaces", "share", "credit", "pipes"],
)
def test_time_grows_with_length_and_not_with_its_square(text: str) -> None:
    start = time.perf_counter()
    clean(text)
    assert time.perf_counter() - start < 3


def test_the_buttons_below_a_share_line_go_with_it_and_a_list_of_sites_in_the_story_stays() -> None:
    box = ("# Share this:", "- Click to share on X (Opens in new window)", "- Facebook")
    assert texts(page(FIRST, *box, SECOND)) == [FIRST, SECOND]
    named = ("The mill is known on three sites:", "- Facebook", "- Reddit")
    assert "- Facebook" in "\n".join(texts(page(FIRST, *named, SECOND)))


@pytest.mark.parametrize(
    "line",
    [
        "Our partners store and access information about ore, the mill said in its letter of May.",
        "Thanks for reading the rules, the inspector told the crew of the crane.",
        "该公司表示，新产品的版权所有者是钢厂。",
    ],
)
def test_sentences_that_resemble_them_stay(line: str) -> None:
    assert line in texts(page(FIRST, line, SECOND))


def test_a_correction_after_the_comments_is_kept() -> None:
    note = "Correction: an earlier version gave the weight of the plate as ten tons."
    assert note in texts(page(FIRST, SECOND, "0 Comments", note))
