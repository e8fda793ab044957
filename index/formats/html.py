"""Web pages: the article by trafilatura, without the page around it, and the page's metadata."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from index.decoding import decode
from index.errors import SourceError
from index.formats.markup import marked_lines, parsed
from index.formats.page import page_facts
from index.formats.raw import Content, RawArticle

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page names its encoding."""
_CLOSED = ("div", "article", "main", "section", "table", "ul", "script", "style", "title")
"""Elements that HTML does not let end by themselves."""
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?")
_PAYWALL = re.compile(
    r"(?:^|\n)(?:# )?(?:subscribe|sign in|log in|register|become a member) to (?:continue|keep) reading\b[^\n]{0,80}"
    r"(?:\n+[^\n]{0,200}){0,4}\Z"
    r"|\n(?:# )?this (?:article|story|content) is (?:only )?for (?:paying )?subscribers(?: only)?\W?\Z",
    re.IGNORECASE,
)
"""What stands where the rest of an article would."""
_AROUND = ("nav", "header", "footer", "aside", "dialog", "menu")
_LEAST_SHARE = 0.5
"""Share of the longest element that calls itself the article which an extraction must keep to be trusted."""


def read_html(content: Content) -> Iterator[RawArticle]:
    """The article of a page."""
    declared = _CHARSET.search(content.data[:_HEAD])
    text = decode(content.data, content.charset or (declared and declared.group(1).decode()))
    if _is_cut_off(text):
        raise SourceError("is a page that is cut off; save it again")
    root = parsed(text)
    if root is None:
        raise SourceError("has no article text")
    found = _extracted(text, content.url)
    title = found.title if found is not None else None
    about = page_facts(root, title)
    lines = _article_lines(root, found)
    if _PAYWALL.search(lines):
        raise SourceError("shows only its beginning; the rest is for subscribers")
    yield RawArticle(
        lines,
        title=title,
        published=about.published,
        site=_site(found) or about.publisher,
        url=_canonical(found, content.url),
        language=root.get("lang"),
    )


def same_host(url: str, other: str) -> bool:
    """Whether two URLs are of one host, "www." aside."""
    hosts = [(urlsplit(u).hostname or "").removeprefix("www.") for u in (url, other)]
    return hosts[0] == hosts[1] != ""


def _is_cut_off(text: str) -> bool:
    """Whether a page ends before it has closed what no page may leave open."""
    lowered = text.lower()
    if "<html" not in lowered or "</html" in lowered or "</body" in lowered:
        return False
    return any(len(re.findall(rf"<{tag}\b", lowered)) > lowered.count(f"</{tag}") for tag in _CLOSED)


def _extracted(text: str, url: str | None) -> Any:  # noqa: ANN401  # trafilatura's own type
    from trafilatura import bare_extraction  # deferred: takes a third of a second, and few sources are pages

    return bare_extraction(
        text,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
    )


def _article_lines(root: Any, found: Any) -> str:  # noqa: ANN401
    """What was extracted, unless the page marks an article that is much longer: losing text is worse than a menu."""
    lines = marked_lines(found.body) if found is not None and found.body is not None else ""
    for around in [element for tag in _AROUND for element in root.iter(tag)]:
        around.drop_tree()
    marked = [marked_lines(e) for e in root.iter("article")] or [marked_lines(e) for e in root.iter("main")]
    longest = max(marked, key=len, default="" if lines else marked_lines(root))
    return lines if len(lines) >= _LEAST_SHARE * len(longest) else longest


def _site(found: Any) -> str | None:  # noqa: ANN401
    """The outlet that the page names; trafilatura gives the host where it names none."""
    name = found.sitename if found is not None else None
    return name if name and not _HOST.fullmatch(name) else None


def _canonical(found: Any, fetched: str | None) -> str | None:  # noqa: ANN401
    """The page's own address, believed only of its own host."""
    own = found.url if found is not None else None
    if fetched and not (own and same_host(own, fetched)):
        return fetched
    return own if own and urlsplit(own).scheme in ("http", "https") else None
