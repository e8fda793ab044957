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
        ('<script type="application/ld+json">{"datePublished": "2025-09-02"}</script>', "2025-09-02"),
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
