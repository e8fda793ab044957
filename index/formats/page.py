"""What a page states of its article: when and by whom it was published, and nothing that it says of other articles."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.cleaning import Block
from index.dates import find_dates, parse_date
from index.published import published_in

_META = (
    '//meta[@property="article:published_time" or @property="og:published_time"]/@content',
    '//meta[@itemprop="datePublished"]/@content',
    '//meta[@name="date" or @name="pubdate" or @name="publishdate" or @name="DC.date" or @name="dc.date.issued"'
    ' or @name="citation_publication_date" or @name="parsely-pub-date"]/@content',
)
"""Where pages say in their head when they were published, the plainest first (after JSON-LD)."""
_ARTICLE_TYPE = re.compile(r"(?:\w*Article|BlogPosting|Report)")
_INNER = ("@graph", "mainEntity")
"""Where JSON-LD keeps the thing that the page is about; lists of other articles stand elsewhere."""
_PROSE = 80
"""Characters of a paragraph that begins the article's text."""
_LINE = 120
"""Characters that a line with the date has at most."""
_DEEPEST = 5
_SENTENCE = re.compile(r"[.!?。！？][\"”’)]*$")


@dataclass(frozen=True)
class PageFacts:
    """Date and outlet as the page states them, None where it does not."""

    published: str | None = None
    publisher: str | None = None


def page_facts(root: Any, title: str | None) -> PageFacts:  # noqa: ANN401  # lxml's elements have no types
    """What the page at the lxml element `root` states of the article with that title."""
    own = _own_article(list(_structured(root)), title)
    publisher = own.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    stated = [own.get("datePublished"), *(value for place in _META for value in root.xpath(place))]
    dated = next((str(value) for value in stated if value and parse_date(str(value))), None)
    return PageFacts(dated or _beside_title(root), name if isinstance(name, str) else None)


def _structured(root: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """The articles that JSON-LD describes."""
    for script in root.xpath('//script[@type="application/ld+json"]/text()'):
        try:
            yield from _articles_in(json.loads(script), 0)
        except (ValueError, RecursionError):
            continue


def _articles_in(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth < _DEEPEST:
        for item in value[:50]:
            yield from _articles_in(item, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        kinds = value.get("@type")
        if any(_ARTICLE_TYPE.fullmatch(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield value
        for name in _INNER:
            yield from _articles_in(value.get(name), depth + 1)


def _own_article(described: list[dict[str, Any]], title: str | None) -> dict[str, Any]:
    """The description of the article with that title; without headlines to go by, the only one."""
    wanted = _folded(title)
    for one in described:
        headline = _folded(one.get("headline"))
        if wanted and headline and (wanted in headline or headline in wanted):
            return one
    return described[0] if len(described) == 1 and not (wanted and described[0].get("headline")) else {}


def _folded(text: object) -> str:
    return " ".join(re.findall(r"\w+", str(text or "").casefold()))


def _beside_title(root: Any) -> str | None:  # noqa: ANN401
    """The one date between the title and the first paragraph."""
    lines: list[str] = []
    for element in _below_title(root):
        if element.tag == "time" and parse_date(element.get("datetime") or ""):
            return str(element.get("datetime"))
        line = " ".join(" ".join(element.itertext()).split()) if len(element) < 8 else ""
        if 0 < len(line) <= _LINE and not _SENTENCE.search(line):
            lines.append(line)
    stated = published_in([Block("body", line) for line in dict.fromkeys(lines)])
    if stated.date and not stated.inferred:
        return stated.date
    dates = {span.date for line in lines for span in find_dates(line)}
    return dates.pop() if len(dates) == 1 else None


def _below_title(root: Any) -> Iterator[Any]:  # noqa: ANN401
    """The elements after the first heading, up to the first paragraph of prose."""
    title = next(root.iter("h1"), None)
    started = False
    for element in root.iter() if title is not None else ():
        if element is title:
            started = True
            continue
        if not started or not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        if element.tag == "p" and len("".join(element.itertext()).strip()) >= _PROSE:
            return
        yield element
