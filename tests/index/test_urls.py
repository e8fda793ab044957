"""URLs of pages and feeds to articles, over real HTTP on loopback."""

from html import escape

import pytest

from index.article import Article
from index.formats.raw import Unreadable
from index.reading import Reading, read
from tests.index.formats.test_one_text import OUTLET, TITLE, as_page, as_pdf
from tests.site import Site, page

HERE = Reading(allow_private_urls=True)
STORY = "<p>The crane fell on Monday, the harbour master said, and nobody was hurt by it. It will stand again.</p>" * 9


def found(site: Site, path: str) -> list[Article | Unreadable]:
    return list(read(site.url(path), HERE))


def feed(*entries: str, title: str = "Mock Wire") -> bytes:
    channel = f"<channel><title>{title}</title>{''.join(entries)}</channel>"
    return f"<?xml version='1.0'?><rss version='2.0'>{channel}</rss>".encode()


def entry(link: str, text: str, title: str = "Crane falls") -> str:
    return f"<item><title>{title}</title><link>{link}</link><description>{escape(text)}</description></item>"


def test_a_page_gives_its_article(site: Site) -> None:
    site.pages["/2025/frost-plate.html"] = page(as_page())
    [article] = found(site, "/2025/frost-plate.html")
    assert isinstance(article, Article)
    assert (article.id, article.title, article.publisher) == ("frost-plate", TITLE, OUTLET)
    assert article.url == article.source == site.url("/2025/frost-plate.html")


def test_a_page_is_the_same_article_however_it_was_linked(site: Site) -> None:
    canonical = f'<link rel="canonical" href="{site.url("/a")}">'.encode()
    site.pages["/a?utm_source=mail"] = page(as_page().replace(b"<head>", b"<head>" + canonical))
    [article] = found(site, "/a?utm_source=mail")
    assert isinstance(article, Article)
    assert article.source == site.url("/a")


def test_a_page_cannot_claim_the_address_of_another_host(site: Site) -> None:
    canonical = b'<link rel="canonical" href="https://elsewhere.example/a">'
    site.pages["/a"] = page(as_page().replace(b"<head>", b"<head>" + canonical))
    [article] = found(site, "/a")
    assert isinstance(article, Article)
    assert article.url == article.source == site.url("/a")


def test_a_pdf_is_read_from_the_web_too(site: Site) -> None:
    site.pages["/report"] = page(as_pdf(), "application/octet-stream")
    [article] = found(site, "/report")
    assert isinstance(article, Article)
    assert (article.id, article.title) == ("report", TITLE)


def test_a_feed_gives_its_entries(site: Site) -> None:
    site.pages["/feed"] = page(feed(entry(site.url("/one"), STORY), entry(site.url("/two"), STORY)), "text/xml")
    articles = found(site, "/feed")
    assert [a.id for a in articles if isinstance(a, Article)] == ["one", "two"]
    assert [a.source for a in articles if isinstance(a, Article)] == [site.url("/one"), site.url("/two")]
    assert {a.publisher for a in articles if isinstance(a, Article)} == {"Mock Wire"}


def test_teasers_of_a_feed_are_completed_from_their_pages(site: Site) -> None:
    teaser = "The mill at Norrhamn rolled […]"
    site.pages["/feed"] = page(feed(entry(site.url("/one"), teaser), entry(site.url("/gone"), teaser)), "text/xml")
    site.pages["/one"] = page(as_page())
    site.pages["/gone"] = lambda handler: handler.send_error(404)
    article, failure = found(site, "/feed")
    assert isinstance(article, Article)
    assert "every slab of it passed" in article.text
    assert isinstance(failure, Unreadable)
    assert "404" in failure.reason and failure.source.endswith("/gone")


def test_a_feed_cannot_take_the_place_of_another_hosts_article(site: Site) -> None:
    site.pages["/feed"] = page(feed(entry("https://elsewhere.example/one", STORY)), "text/xml")
    [article] = found(site, "/feed")
    assert isinstance(article, Article)
    assert article.source == site.url("/feed") + "#https://elsewhere.example/one"


def test_a_feed_does_not_lead_into_the_local_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/feed"] = page(feed(entry("http://169.254.169.254/latest", "It begins …")), "text/xml")
    monkeypatch.setattr("index.fetching._is_public", lambda address: address == "127.0.0.1")
    [failure] = read(site.url("/feed"))
    assert isinstance(failure, Unreadable)
    assert "local network" in failure.reason


def test_a_page_that_is_not_there_is_named(site: Site) -> None:
    site.pages["/gone"] = lambda handler: handler.send_error(404)
    [failure] = found(site, "/gone")
    assert isinstance(failure, Unreadable)
    assert (failure.source, "404" in failure.reason) == (site.url("/gone"), True)


def test_the_local_network_needs_leave(site: Site) -> None:
    [failure] = read(site.url("/a"))
    assert isinstance(failure, Unreadable)
    assert "ASSAY_ALLOW_PRIVATE_URLS=1" in failure.reason
    assert site.asked == []
