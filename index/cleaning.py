"""Raw text to the blocks of an article: repaired, page furniture removed, tables as readable rows.

Removing too much is worse than too little: a rule works on a whole line, or on a phrase that no
journalist writes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from index.furniture import is_page_line, without_lines, without_page, without_phrases
from index.furniture_patterns import DISCLAIMER, DISCLAIMER_TITLE, ENDS_SENTENCE, SOURCE
from index.mojibake import repair

Kind = Literal["heading", "body", "summary", "table", "disclaimer"]

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]")
_WHITE = re.compile(r"[ \t\u00a0\u2002-\u200a\u202f\u3000]+")
_HYPHEN = re.compile("(?<=\\w)[\u2010\u2011](?=\\w)")
_SUMMARY_TITLE = re.compile(
    r"(?:the |article |executive |story |quick )?(?:(?:key |main )?(?:highlights?|points|take-?aways|facts|findings)"
    r"|summary|at a glance|in brief|in short|tl;? ?dr|the gist|bottom line)\s*:?",
    re.IGNORECASE,
)
_SIGN = re.compile(r"^[*•‣·▪][ \t]+")
_BULLET = re.compile(r"(?:[-*•‣·▪]|\d{1,2}[.)])[ \t]+")
_TABLE_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?")
_HEADING_WORDS = 16
_LONGEST_CELL = 80


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list with its lead-in, table row or disclaimer of an article."""

    kind: Kind
    text: str


def clean(raw: str) -> list[Block]:
    """The blocks of the article in `raw`, in order, without the page around it."""
    lines = without_lines(_lines(tidy(_with_pipes(raw))))
    blocks = list(_blocks(without_page(_unwrapped(lines))))
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
    text = _UNSEEN.sub("", without_phrases(text))
    return _WHITE.sub(" ", _HYPHEN.sub("-", text))


def _lines(text: str) -> list[str]:
    """The lines of `text`, list items with the same sign whatever theirs was."""
    return [_SIGN.sub("- ", line.strip()) for line in text.split("\n")]


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """`lines` with hard-wrapped paragraphs joined; lines that are paragraphs already stay."""
    followed = [
        line for line, after in zip(lines, lines[1:], strict=False) if line and after and not _starts_block(after)
    ]
    broken = sum(not ENDS_SENTENCE.search(line) for line in followed)
    if len(followed) < 4 or broken < 0.6 * len(followed) or max(map(len, followed)) > 120:
        return list(lines)
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1] and line and not _starts_block(line) and not _stands_alone(joined[-1]):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _starts_block(line: str) -> bool:
    return bool(_BULLET.match(line) or line.startswith("#") or "|" in line or is_page_line(line))


def _stands_alone(line: str) -> bool:
    return line.startswith("#") or is_page_line(line)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    rows = [line for line in lines if line]
    in_summary, after_disclaimer_title, position = False, False, 0
    while position < len(rows):
        line = rows[position]
        if _is_table(rows, position):
            end = position + 2
            while end < len(rows) and _is_row(rows[end], rows[position]):
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
        if DISCLAIMER.match(line) or after_disclaimer_title:
            yield Block("disclaimer", line)
            after_disclaimer_title = False
        elif DISCLAIMER_TITLE.fullmatch(title):
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


def _with_pipes(raw: str) -> str:
    """`raw` with rows of cells parted by tabs, three or more of three or more cells, as a Markdown table."""
    if raw.count("\t") < 6:
        return raw
    out: list[str] = []
    for cells, rows in groupby(raw.splitlines(), key=_tab_cells):
        table = list(rows)
        if cells < 3 or len(table) < 3:
            out += table
            continue
        written = ["| " + " | ".join(cell.strip() for cell in row.split("\t")) + " |" for row in table]
        out += (written[0], "|" + " --- |" * cells, *written[1:])
    return "\n".join(out)


def _tab_cells(line: str) -> int:
    """The number of short cells parted by tabs in `line`, 0 where it is no row; indented prose is none."""
    cells = line.rstrip("\r\n").split("\t")
    short = all(len(cell) <= _LONGEST_CELL for cell in cells) and "|" not in line
    return len(cells) if short and cells[0].strip() and sum(bool(cell.strip()) for cell in cells) > 1 else 0


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
        or SOURCE.match(line)
        or not following
        or len(line.split()) > _HEADING_WORDS
        or len(line) > 120
    ):
        return False
    return line.endswith("?") or not ENDS_SENTENCE.search(line)


def _is_table(rows: Sequence[str], position: int) -> bool:
    return position + 1 < len(rows) and "|" in rows[position] and bool(_TABLE_RULE.fullmatch(rows[position + 1]))


def _is_row(line: str, header: str) -> bool:
    """Whether `line` goes on with the table below `header`; prose with a "|" in it does not."""
    outer = line.startswith("|") or line.endswith("|")
    return "|" in line and (outer or len(_cells(line)) == len(_cells(header)))


def _table(header: str, rows: Sequence[str]) -> Iterator[Block]:
    names = _cells(header)
    for row in rows:
        cells = zip(names, _cells(row), strict=False)
        pairs = [f"{name}: {cell}" if name else cell for name, cell in cells if cell]
        if pairs:
            yield Block("table", "; ".join(pairs))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]
