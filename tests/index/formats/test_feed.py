"""Feeds and WordPress exports: each entry whole or not at all."""

from html import escape

import pytest

from index.errors import SourceError
from index.formats.feed import read_feed
from index.formats.raw import Content, RawArticle, Unreadable
from tests.index.formats.test_one_text import as_atom, as_feed

WHOLE = "<p>The crane fell on Monday. It will stand again.</p>"


def rss(*items: str, head: str = "<title>Mock Wire</title>") -> bytes:
    spaces = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<rss version='2.0' {spaces}><channel>{head}{''.join(items)}</channel></rss>".encode()


def item(**fields: str) -> str:
    inner = "".join(
        f"<{name.replace('_', ':', 1)}>{escape(value)}</{name.replace('_', ':', 1)}>" for name, value in fields.items()
    )
    return f"<item>{inner}</item>"


def articles(data: bytes, url: str | None = None) -> list[RawArticle | Unreadable]:
    return list(read_feed(Content(data, "feed.xml", url)))


def only(data: bytes, url: str | None = None) -> RawArticle:
    [article] = articles(data, url)
    assert isinstance(article, RawArticle)
    return article


def test_an_entry_says_all_that_the_feed_knows_of_it() -> None:
    article = only(as_feed())
    assert article.title == "Harbour mill rolls its first frost-proof plate"
    assert (article.site, article.language) == ("Harbour Metals Letter", "en")
    assert article.published == "Tue, 02 Sep 2025 06:30:00 +0200"
    assert article.url == "https://letter.example/2025/one/"
    assert article.fallback_id == "one"


def test_the_whole_content_goes_before_the_teaser() -> None:
    assert only(rss(item(description="It begins […]", content_encoded=WHOLE))).text.startswith("The crane fell")


@pytest.mark.parametrize(
    "end", ["[…]", "[...]", "…", "Continue reading", "Read more", "Continue reading The crane →", "Read the full story"]
)
def test_a_teaser_is_told_from_an_article(end: str) -> None:
    assert only(rss(item(description=f"The crane fell on Monday {end}"))).teaser


def test_a_description_that_is_whole_is_an_article() -> None:
    assert not only(rss(item(description=WHOLE * 30))).teaser


def test_a_description_of_a_sentence_or_two_is_no_article() -> None:
    assert only(rss(item(description=WHOLE))).teaser


def test_what_wordpress_shows_as_paragraphs_are_paragraphs() -> None:
    classic = "The crane fell.\n\n[caption id='1']A crane[/caption]\n\nIt will stand again.[vc_row]"
    post = item(content_encoded=classic, wp_post_type="news_article", wp_status="publish")
    assert only(rss(post)).text == "The crane fell.\n\nA crane\n\nIt will stand again."


@pytest.mark.parametrize(
    ("kind", "status"),
    [("attachment", "inherit"), ("nav_menu_item", "publish"), ("post", "draft"), ("post", "private")],
)
def test_a_wordpress_export_gives_its_published_posts_and_pages_only(kind: str, status: str) -> None:
    other = item(title="Other", content_encoded=WHOLE, wp_post_type=kind, wp_status=status)
    post = item(title="Post", content_encoded=WHOLE, wp_post_type="post", wp_status="publish", wp_post_name="crane")
    article = only(rss(other, post))
    assert (article.title, article.fallback_id) == ("Post", "crane")


def test_an_entry_is_recognised_when_the_feed_has_moved_on() -> None:
    old, new = item(guid="old", content_encoded=WHOLE), item(guid="new", content_encoded=WHOLE)
    assert [a.key for a in articles(rss(new, old)) if isinstance(a, RawArticle)] == ["#new", "#old"]


def test_a_feed_that_is_cut_off_gives_no_partial_entry() -> None:
    data = rss(item(title="One", content_encoded=WHOLE), item(title="Two", content_encoded=WHOLE * 9))
    first, rest = articles(data[: len(data) - 150])
    assert isinstance(first, RawArticle) and first.title == "One"
    assert isinstance(rest, Unreadable) and "cut off in entry 2" in rest.reason


def test_a_feed_with_signs_that_xml_does_not_know_is_still_read() -> None:
    odd = "<item><title>R&D &hellip;</title><description>The crane fell.</description></item>"
    assert only(rss(odd)).text == "The crane fell."


def test_atom_is_read_like_rss() -> None:
    assert only(as_atom()).text == only(as_feed()).text.rpartition("\n\n")[0]


@pytest.mark.parametrize("data", [b"<rss></rss>", b"<rss", b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>"])
def test_a_feed_without_entries_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="feed"):
        articles(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_comment_of_a_cache_behind_a_feed_does_not_make_it_cut_off(encoding: str) -> None:
    data = f"<?xml version='1.0' encoding='{encoding}'?>{as_feed().decode().partition('?>')[2]}"
    assert only(f"{data}<!-- Served from the cache {'of a server ' * 60}-->".encode(encoding)).title
