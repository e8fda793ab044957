"""Web pages: the article and only the article, with what the page says of it."""

import pytest

from index.errors import SourceError
from index.formats.html import read_html
from index.formats.markup import fragment_lines
from index.formats.raw import Content, RawArticle

STORY = (
    "The mill at Norrhamn rolled 1,250 tons of plate in August, its manager said on Monday, and it will roll more.",
    "Icebreakers wear their bows out in a few winters, so the yards have waited for such a plate for many years.",
    "The owners decide on a second furnace in the spring, and a school for inspectors opens its doors in the fall.",
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def raw(html: str, url: str | None = None) -> RawArticle:
    [article] = read_html(Content(html.encode(), "a.html", url))
    return article


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>T</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "around",
    [
        "<article>{}</article>",
        "<main>{}</main>",
        "<div class='entry-content'>{}</div>",
        "<div>{}</div>",
        "{}",
        "<table><tr><td width='200'>Menu</td><td>{}</td></tr></table>",
    ],
)
def test_every_paragraph_is_kept_wherever_the_page_puts_it(around: str) -> None:
    text = raw(page("<nav><a href='/'>Home</a></nav>" + around.format(PARAGRAPHS))).text
    assert all(paragraph in text for paragraph in STORY)
    assert "Home" not in text


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><ul><li><a href='/'>Zinc news today</a></li></ul></nav>",
        "<footer><p>Zinc Letter, all rights reserved, no part of it may be copied anywhere by anybody.</p></footer>",
        "<aside class='related'><ul><li><a href='/z'>Zinc climbs for a fifth week</a></li></ul></aside>",
        "<div id='cookie-consent'>Zinc Letter uses cookies. <button>Accept all</button></div>",
        "<section id='comments' class='comments'><p>Zinc is better, says a reader who doubts this.</p></section>",
        "<form><label>Zinc Letter to your inbox</label><input name='mail'></form>",
        "<script>var zinc = 'Zinc';</script><style>.Zinc {}</style><noscript>Zinc</noscript>",
        "<!-- Zinc in a comment -->",
    ],
)
def test_what_is_around_the_article_is_left_out(furniture: str) -> None:
    text = raw(page(f"<article><h1>Plate</h1>{PARAGRAPHS}</article>{furniture}")).text
    assert "Zinc" not in text
    assert all(paragraph in text for paragraph in STORY)


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2025-09-02T06:30:00Z">', "2025-09-02T06:30:00Z"),
        ('<meta name="pubdate" content="2025-09-02">', "2025-09-02"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-09-02"}</script>',
            "2025-09-02",
        ),
        ("", None),
        ('<meta name="copyright" content="2025">', None),
    ],
)
def test_the_date_is_what_the_page_states_and_nothing_else(head: str, published: str | None) -> None:
    assert raw(page(f"<article>{PARAGRAPHS}</article><footer>© 2019–2025</footer>", head)).published == published


def test_the_outlet_is_the_one_that_the_page_names_and_not_its_host() -> None:
    named = '<meta property="og:site_name" content="Harbour Letter">'
    assert raw(page(PARAGRAPHS, named), "https://letter.example/a").site == "Harbour Letter"
    assert raw(page(PARAGRAPHS), "https://letter.example/a").site is None


def test_the_encoding_that_a_page_names_is_used() -> None:
    html = page(f"<article><p>Café und Öfen. {STORY[0]}</p></article>", '<meta charset="windows-1252">')
    [article] = read_html(Content(html.encode("cp1252"), "a.html"))
    assert "Café und Öfen." in article.text


@pytest.mark.parametrize("end", ["", "</p>", "</p></div>"])
def test_a_page_that_is_cut_off_is_refused(end: str) -> None:
    with pytest.raises(SourceError, match="cut off"):
        raw(f"<html><body><div><article><div><p>{STORY[0]}{end}")


def test_a_page_that_leaves_out_what_html_lets_it_is_whole() -> None:
    assert STORY[0] in raw(f"<!doctype html><html><title>T</title><p>{STORY[0]}<p>{STORY[1]}").text


def test_deep_nesting_loses_no_text() -> None:
    assert fragment_lines(f"{'<div>' * 250}<p>{STORY[0]}</p>{'</div>' * 250}") == STORY[0]


@pytest.mark.parametrize("depth", [5000, 300_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    with pytest.raises(SourceError, match="too deep"):
        fragment_lines(f"{'<div>' * depth}<p>{STORY[0]}</p>{'</div>' * depth}")


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<h2>Why</h2><p>So.</p>", "# Why\n\nSo."),
        ("<p>4,<b>000</b> tons<br>of plate</p>", "4,000 tons of plate"),
        ("<ul><li>one</li><li><p>two</p><p>more</p></li></ul>", "- one\n\n- two\n\nmore"),
        ("<p>10 m<sup>2</sup> on the 19<sup>th</sup></p>", "10 m² on the 19th"),
        ("<blockquote><p>“So,” she said.</p></blockquote>", "“So,” she said."),
        ("<p>a &lt; b &amp; c&nbsp;d</p>", "a < b & c d"),
        ("text<p>more</p>tail", "text\n\nmore\n\ntail"),
        (
            "<table><tr><th>Yard</th><th>T<br>ons</th></tr><tr><td>A|B</td><td>3<b>00</b></td></tr></table>",
            "| Yard | T ons |\n\n| --- | --- |\n\n| A/B | 300 |",
        ),
        ("<table><tr><td><p>One cell</p><p>lays out</p></td></tr></table>", "One cell\n\nlays out"),
        ("<p onclick='x()'>Plain <a href='javascript:x()'>text</a></p>", "Plain text"),
        ("", ""),
    ],
)
def test_markup_becomes_marked_lines(html: str, lines: str) -> None:
    assert fragment_lines(html) == lines


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<footer>Page generated 2025-11-01</footer>",
        "<aside><a>Other</a> <time datetime='2018-01-02'>2 January 2018</time></aside>",
        "<section id='comments'><p>Ann, May 5, 2025: I was there and saw it.</p></section>",
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", '
        '"headline": "Other", "datePublished": "2019-01-01"}]}</script>',
        '<meta property="article:modified_time" content="2025-07-07">',
        "<p>The law of 3 May 2011 still stands.</p>",
    ],
)
def test_dates_of_other_things_are_not_the_articles(elsewhere: str) -> None:
    html = page(f"<article><h1>Plate rolled</h1>{PARAGRAPHS}</article>{elsewhere}")
    assert raw(html, "https://letter.example/2024/02/03/plate").published is None


def test_the_articles_own_date_goes_before_those_of_others() -> None:
    own = "<h1>Plate rolled</h1><time datetime='2025-03-04'>4 March 2025</time>"
    zinc = '{"@type": "Article", "headline": "Zinc", "datePublished": "2019-01-01"}'
    other = f'<script type="application/ld+json">{zinc}</script>'
    related = "<div><article><time datetime='2018-01-01'>1 January 2018</time></article></div>"
    assert raw(page(f"{related}{other}<article>{own}{PARAGRAPHS}</article>{related}")).published == "2025-03-04"


def test_a_date_beside_the_title_is_read_from_its_words() -> None:
    info = "<div class='info'>2025年03月04日 10:22 来源：海港日报 <a>字号</a></div>"
    assert raw(page(f"<h1>Plate</h1>{info}{PARAGRAPHS}")).published == "2025-03-04"


def test_the_outlet_that_json_ld_names_is_taken() -> None:
    data = '{"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "True Outlet"}}'
    assert raw(page(PARAGRAPHS, f'<script type="application/ld+json">{data}</script>')).site == "True Outlet"


def test_an_article_in_a_table_that_lays_out_the_page_is_prose() -> None:
    cells = f"<td>Home</td><td><h1>Plate</h1>{PARAGRAPHS}</td>"
    assert all(paragraph in raw(page(f"<table><tr>{cells}</tr></table>")).text for paragraph in STORY)


def test_powers_are_not_taken_for_digits() -> None:
    text = raw(page(f"<article><p>It held 10<sup>6</sup> litres. {STORY[0]}</p>{PARAGRAPHS}</article>")).text
    assert "10⁶ litres" in text


@pytest.mark.parametrize(
    "end",
    ["<p>Subscribe to continue reading</p><p>Get all for €1.</p>", "<p>This article is for subscribers only.</p>"],
)
def test_the_beginning_of_an_article_is_no_article(end: str) -> None:
    with pytest.raises(SourceError, match="only its beginning"):
        raw(page(f"<article><h1>Plate</h1>{PARAGRAPHS}{end}</article>"))
