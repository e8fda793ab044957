"""Raw text to the blocks of an article: repaired, page furniture removed, tables as readable rows.

Removing too much is worse than too little: a rule works on a whole line, or on a phrase that no
journalist writes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.mojibake import repair

Kind = Literal["heading", "body", "summary", "table", "disclaimer"]

_PHRASES = (
    re.compile(r"\s*\(opens in a new (?:tab|window)\)(?P<glued>(?=\w))?", re.IGNORECASE),
    re.compile(r"(?:<|©|&lt;)!--\s*/?wp:.*?--(?:>|&gt;)"),
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]")
# Lines after which a page has nothing more of its article: comment form, newsletter box, other headlines.
_AFTER_ARTICLE = re.compile(
    r"""(?:\d+\ comments?
      | (?:leave|post|submit|add|write)\ a\ (?:reply|comment)
      | comments?\ (?:are\ )?closed\.?
      | your\ email\ address\ will\ not\ be\ published.*
      | (?:recent|latest|related|popular|trending|more)\ (?:[\w'’&-]+\ ){0,3}
        (?:news|articles?|posts?|stories|headlines|coverage)
      | (?:you\ (?:may|might)\ also\ (?:like|enjoy)|recommended\ for\ you|read\ next)
      | straight\ (?:in)?to\ your\ inbox
      | (?:subscribe|sign\ up)\ (?:to|for)\ (?:our|the|my)\ (?:[\w-]+\ ){0,3}newsletter.?
      | share\ (?:this(?:\ (?:article|post|story))?|on\ (?:facebook|twitter|x|linkedin))
      ):?""",
    re.IGNORECASE | re.VERBOSE,
)
_SUMMARY_TITLE = re.compile(
    r"(?:highlights|key (?:points|takeaways|facts)|at a glance|in brief|summary):?", re.IGNORECASE
)
_BULLET = re.compile(r"(?:[-*•‣·▪]|\d{1,2}[.)])[ \t]+")
_DISCLAIMER = re.compile(r"(?:disclaimer|disclosure)\s*[:\u2013\u2014-]", re.IGNORECASE)
_SOURCE = re.compile(r"sources?:\s", re.IGNORECASE)
_DISCLAIMER_TITLE = re.compile(r"(?:disclaimer|disclosure)", re.IGNORECASE)
_TABLE_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?")
_ENDS_SENTENCE = re.compile(r"[.!?:;,…][\"'”’)\]]*$|[。！？；：]$")
_LONG = 200
"""Characters from which a line counts as a paragraph of prose."""
_HEADING_WORDS = 16


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list with its lead-in, table row or disclaimer of an article."""

    kind: Kind
    text: str


def clean(raw: str) -> list[Block]:
    """The blocks of the article in `raw`, in order, without the page around it."""
    lines = _without_page(_lines(tidy(raw)))
    blocks = list(_blocks(_unwrapped(lines)))
    while blocks and blocks[-1].kind == "heading":
        blocks.pop()
    return blocks


def is_summary_title(line: str) -> bool:
    """Whether `line` announces a summary of the article."""
    return bool(_SUMMARY_TITLE.fullmatch(line))


def bullet_length(line: str) -> int:
    """Characters of the list marker that `line` starts with, 0 without one."""
    marker = _BULLET.match(line)
    return marker.end() if marker else 0


def tidy(raw: str) -> str:
    """`raw` with its encoding repaired, and furniture phrases, unseen signs and odd white space gone."""
    raw = raw.encode("utf-8", errors="ignore").decode()  # half characters cannot be stored
    text = repair(raw.replace("\r\n", "\n").replace("\r", "\n"))
    for phrase in _PHRASES:
        text = phrase.sub(lambda m: " " if m.groupdict().get("glued") is not None else "", text)
    text = _UNSEEN.sub("", text)
    return re.sub(r"[ \t\u00a0\u2002-\u200a\u202f\u3000]+", " ", text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")]


def _without_page(lines: Sequence[str]) -> list[str]:
    """`lines` up to the first that only a page has, if less prose follows than precedes."""
    for number, line in enumerate(lines):
        if not _AFTER_ARTICLE.fullmatch(line):
            continue
        before, after = (sum(len(ln) for ln in part if len(ln) >= _LONG) for part in (lines[:number], lines[number:]))
        if after < before:
            return _without_labels(lines[:number])
    return list(lines)


def _without_labels(lines: Sequence[str]) -> list[str]:
    """`lines` without labels of page parts ("Search") at their end."""
    kept = list(lines)
    while kept and (not kept[-1] or _is_heading(kept[-1], following="page")):
        kept.pop()
    return kept


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """`lines` with hard-wrapped paragraphs joined; lines that are paragraphs already stay."""
    followed = [
        line for line, after in zip(lines, lines[1:], strict=False) if line and after and not _starts_block(after)
    ]
    broken = sum(not _ENDS_SENTENCE.search(line) for line in followed)
    if len(followed) < 4 or broken < 0.6 * len(followed) or max(map(len, followed)) > 120:
        return list(lines)
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1] and line and not _starts_block(line) and not joined[-1].startswith("#"):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _starts_block(line: str) -> bool:
    return bool(_BULLET.match(line) or line.startswith("#") or "|" in line)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    rows = [line for line in lines if line]
    in_summary, after_disclaimer_title, position = False, False, 0
    while position < len(rows):
        line = rows[position]
        if _is_table(rows, position):
            end = position + 2
            while end < len(rows) and "|" in rows[end]:
                end += 1
            yield from _table(rows[position], rows[position + 2 : end])
            position = end
            continue
        position += 1
        bullet = _BULLET.match(line)
        if bullet and in_summary:
            yield Block("summary", line)
            continue
        title = line.lstrip("# ")
        in_summary = is_summary_title(title)
        if _DISCLAIMER.match(line) or after_disclaimer_title:
            yield Block("disclaimer", line)
            after_disclaimer_title = False
        elif _DISCLAIMER_TITLE.fullmatch(title):
            yield Block("heading", title)
            after_disclaimer_title = True
        elif in_summary or _is_heading(line, rows[position] if position < len(rows) else ""):
            yield Block("heading", line.lstrip("# "))
        elif line.endswith(":") and position < len(rows) and _BULLET.match(rows[position]):
            items = _items(rows, position)
            position += len(items)
            yield Block("body", "\n".join([line, *items]))
        else:
            yield Block("body", line)


def _items(rows: Sequence[str], start: int) -> list[str]:
    end = start
    while end < len(rows) and _BULLET.match(rows[end]):
        end += 1
    return list(rows[start:end])


def _is_heading(line: str, following: str) -> bool:
    if line.startswith("#"):
        return True
    if (
        _BULLET.match(line)
        or _SOURCE.match(line)
        or not following
        or len(line.split()) > _HEADING_WORDS
        or len(line) > 120
    ):
        return False
    return line.endswith("?") or not _ENDS_SENTENCE.search(line)


def _is_table(rows: Sequence[str], position: int) -> bool:
    return position + 1 < len(rows) and "|" in rows[position] and bool(_TABLE_RULE.fullmatch(rows[position + 1]))


def _table(header: str, rows: Sequence[str]) -> Iterator[Block]:
    names = _cells(header)
    for row in rows:
        cells = zip(names, _cells(row), strict=False)
        pairs = [f"{name}: {cell}" if name else cell for name, cell in cells if cell]
        if pairs:
            yield Block("table", "; ".join(pairs))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]
