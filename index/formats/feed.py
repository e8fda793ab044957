"""Feeds (RSS, Atom) and WordPress exports: one article an entry, where the feed gives it whole."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from index.errors import SourceError
from index.formats.html import same_host
from index.formats.markup import fragment_lines
from index.formats.raw import Content, RawArticle, Unreadable

_NO_ARTICLES = re.compile(r"attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|wp_.*|acf-.*")
"""What WordPress exports beside posts, pages and the types of article that a site defines."""
_WHOLE = 800
"""Characters from which a description is taken for the whole article; a shorter one is its beginning."""
_SHORT_CODE = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist|vc_\w+|et_pb_\w+)\b[^\]]{0,300}\]")
_TEASER = re.compile(
    r"(?:\[(?:…|\.\.\.)\]"
    r"|(?:continue reading|read (?:more|on|the full (?:story|article)))\W{0,3}(?:\s\S+){0,12}"
    r"|…|\.\.\.)\W*$",
    re.IGNORECASE,
)
_END = re.compile(rb"</(?:rss|feed|rdf:rdf)\s*>", re.IGNORECASE)
_TAIL = 8192
"""Bytes in which a whole feed ends; caches write comments behind it."""


def read_feed(content: Content) -> Iterator[RawArticle | Unreadable]:
    """An article an entry, those marked that are only teasers."""
    import feedparser  # deferred: only feeds need it

    headers = {"content-type": f"application/xml; charset={content.charset}"} if content.charset else {}
    parsed = feedparser.parse(
        io.BytesIO(content.data), sanitize_html=False, resolve_relative_uris=False, response_headers=headers
    )
    if not parsed.entries:
        problem = " ".join(str(parsed.get("bozo_exception", "")).split())[:80]
        raise SourceError(f"is a damaged feed ({problem})" if problem else "is a feed without entries")
    whole = bool(_END.search(content.data[-_TAIL:].replace(b"\0", b"")))  # in UTF-16 too
    for number, entry in enumerate(parsed.entries if whole else parsed.entries[:-1], 1):
        kind, status = entry.get("wp_post_type") or "", entry.get("wp_status")
        if not _NO_ARTICLES.fullmatch(kind) and status in ("publish", None):
            yield _article(entry, parsed.feed, content, number)
    if not whole:
        yield Unreadable("", f"is a feed that is cut off in entry {len(parsed.entries)}, which is not read")


def _article(entry: Mapping[str, Any], feed: Mapping[str, Any], content: Content, number: int) -> RawArticle:
    link = entry.get("link") if _is_web(entry.get("link")) else None
    html, whole = _html(entry)
    if entry.get("wp_post_type"):
        html = _from_wordpress(html)
    text = fragment_lines(html)
    at_home = link and content.url and same_host(link, content.url)
    return RawArticle(
        text,
        key="" if at_home else f"#{entry.get('id') or link or number}",
        fallback_id=entry.get("wp_post_name") or _slug(link) or _slug(entry.get("title")),
        title=_plain(entry.get("title")),
        published=entry.get("published") or entry.get("wp_post_date") or entry.get("updated"),
        site=_plain(feed.get("title")),
        url=link,
        language=feed.get("language") or entry.get("language"),
        teaser=not whole and (len(text) < _WHOLE or bool(_TEASER.search(text))),
    )


def _html(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """The longest content of an entry, and whether the feed calls it the content."""
    contents = [c.get("value", "") for c in entry.get("content", [])]
    longest = max(contents, key=len, default="")
    return (longest, True) if longest.strip() else (entry.get("summary", ""), False)


def _is_web(address: str | None) -> bool:
    """Whether an entry's link leads to a page; some feeds put a name there."""
    return bool(address) and urlsplit(address).scheme in ("http", "https")


def _from_wordpress(html: str) -> str:
    """`html` as WordPress shows it: blank lines part paragraphs where no tags do, short codes are gone."""
    html = _SHORT_CODE.sub("", html)
    return html if "<p" in html else "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", html))


def _plain(html: str | None) -> str | None:
    return " ".join(fragment_lines(html).split()) or None if html else None


def _slug(address: str | None) -> str | None:
    """The last part of a link's path, or a title's words."""
    if not address:
        return None
    if "://" in address:
        address = re.sub(r"\.\w{2,5}$", "", urlsplit(address).path.rstrip("/").rpartition("/")[2])
    return re.sub(r"\W+", "-", unquote(address)).strip("-").lower()[:80] or None
