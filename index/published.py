"""The publication date that the text of an article gives: a date line, a dateline or the news of the lead."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.cleaning import Block, bullet_length, is_summary_title
from index.dates import find_dates
from index.sentences import sentence_bounds

_HEAD, _TAIL, _LOOKED_AT = 10, 4, 100
"""Blocks at the start and the end among which a line may be about the whole article, and how many are looked at."""
_PROSE, _LONGEST_LINE = 200, 160
"""Characters from which a block is a paragraph that ends the head, and up to which it may be a line about dates."""
_LEAD_WORDS, _LONGEST_LEAD = 8, 3000
"""Words from which, and characters up to which, a first paragraph is a lead."""

_LABEL = r"""(?<!\w)(?:(?:first|originally|last|date)\s)?(?:
      (?P<later>updated?|modified|edited|aktualisiert|mis\s[àa]\sjour|actualizado|更新(?:时间|于)?)
      | published|posted|created|released|issued|filed|date|veröffentlicht|publiée?|publicado
      | 发布(?:时间|日期|于)?|发表于|时间|日期)(?:\s(?:on|at|am|le|el|em|date))?\s?[:：–—-]?\s?"""
_LABEL_ALONE = re.compile(_LABEL, re.IGNORECASE | re.VERBOSE)
_LABEL_END = re.compile(rf"{_LABEL}$", re.IGNORECASE | re.VERBOSE)
_SEPARATOR = re.compile(r"\s?[|/·•,;\n]\s?|\s?(?<![^\W\d_])[–—]\s?|\s(?:[–—-]|--)\s")
_ASIDE = re.compile(r"(?:reading time:?\s)?\d+[\s-]min(?:ute)?s?(?:\sread)?|(?:\d+|no)\scomments?", re.IGNORECASE)
_NAME = r"[^\W\d_a-zß-ÿ][\w.’'&-]*"
_ROLE = "staff|senior|chief|special|writer|reporter|editor|correspondent"
_NAMES = re.compile(rf"(?:{_NAME}|{_ROLE})(?:\s(?:{_NAME}|{_ROLE}|&|and|of|the|for|in|at|with)){{0,7}}")
_BY = re.compile(r"(?:(?:story|words|text|written|posted|published)\s)?by\s", re.IGNORECASE)
# A title may hold a date too; an outlet's name does not end with these.
_TITLE_END = re.compile(r"\b(?:update|report|briefing|bulletin|roundup|digest|outlook|prices|results)$", re.IGNORECASE)

_PLACE = r"(?!(?:On|In|By|At|Since|From|Until|Before|After)\s)[^\W\d_a-zß-ÿ][\w.’'-]*(?:\s[^\W\d_a-zß-ÿ][\w.’'-]*){0,3}"
_AGENCY = r"(?:\([^()\d]{2,40}\)|/[^/\d]{2,40}/)"
_BEFORE_DATELINE = re.compile(
    rf"(?:(?P<agency>{_AGENCY})[\s–—-]*|{_PLACE}(?:\s?[,/]\s?{_PLACE}){{0,3}}\s?(?:[,–—]|--?|[–—-]*\s?{_AGENCY})[\s,–—-]*)?"
)
_AFTER_DATELINE = re.compile(rf"\s?(?P<agency>{_AGENCY})?[\s.,]*(?:[–—:]|--?)\s?(?![\sa-zß-ÿ])")
_AFTER_CHINESE_DATELINE = re.compile(r"\s?(?:电|讯|消息)|\s?[（(][^（）()]{2,20}[）)]")

_STATED = re.compile(
    r"\b(?:article|story|report|piece|post)\s(?:was\s)?(?:first\s|originally\s)?(?:published|posted|appeared)\b"
    r"[^.\n]{0,60}?\son\s(?P<date>.{6,40})",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"\([^()/]{2,40}/[^()/]{2,40}\)\s*$|\b(?:photo|pictured?|image|courtesy)\b", re.IGNORECASE)
# With these, a date may be of something else than the news.
_OTHER_EVENT = re.compile(
    r"""\b(?:founded|established|created|born|died|built|dated|due|deadline|expir\w+|anniversary|effective|scheduled
      |planned|expected|set\sto|will|would|shall|to\sbe)\b
      | 将|成立|截至|[之以]前|以来|创立|出生""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_THEN = re.compile(
    r"(?:\b|(?=,))(?:since|until|till|by|before|after|from|through|between|ending|ended|as of|to|following"
    r"|that|which|who|whose|where|when|last|, \w+ed)\b(?!.*[,;:—]\s)",
    re.IGNORECASE,
)
_ON = re.compile(r"(?:^|\b(?:on|am|le|el|il|em|op|den|på)|[,:;—–(]|[一-鿿，])\s?$", re.IGNORECASE)
# What news says of the day on which it is told, and what is said of a day long past.
_REPORTS = re.compile(
    r"\b(?:said|says|announced|reported|unveiled|disclosed|revealed|published|released|confirmed|launched|told"
    r"|presented|introduced|posted|declared|signed|held|met)\b|宣布|发布|表示|公布|报道",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:still|since|ago|today|this (?:week|month|year)|now|again|remember\w*|anniversary|takes? effect|on sale"
    r"|goes|go|than those)\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\b(?:will|would|by|until|plan\w*|expect\w*|forecast\w*|target\w*|aim\w*|may|could)\b|将", re.I)
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w-]|[.,]\d)")


@dataclass(frozen=True)
class Published:
    """A publication date as ISO, whether it is only inferred from running text, and the blocks without date lines."""

    date: str | None
    inferred: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Found:
    """A date, its place in the order of trust, and the blocks that hold nothing but it."""

    date: str
    rank: int
    furniture: tuple[int, ...] = ()


_SAID, _PLAIN, _DATELINE, _UPDATED = range(4)


@dataclass(frozen=True)
class _DateLine:
    """A line of nothing but (rank, date) pairs and perhaps a byline or the name of an outlet or place."""

    dates: tuple[tuple[int, str], ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Text:
    """The blocks of an article and what is needed to read their dates."""

    blocks: Sequence[Block]
    language: str | None
    today: date


def published_in(blocks: Sequence[Block], language: str | None = None, today: date | None = None) -> Published:
    """The publication date that the text gives, None if it gives none, and the blocks without mere date lines.

    In order of trust: a line with a word such as published, at the start or end; a date alone at the start; a
    dateline; a line that says updated; and, marked as inferred, the one full date in the first paragraph, unless
    it is said to be of something else or the text tells of a later year. The title should be among the blocks.
    """
    text = _Text(blocks, language, today or date.today())
    body = (block for block in blocks[:_LOOKED_AT] if block.kind == "body" and not _is_aside(block))
    lead = next((block.text for block in body if not _date_line(block, text)), "")
    found = [*_own_lines(text), *_statements(text), *_dateline(lead, text)]
    furniture = {number for one in found for number in one.furniture}
    kept = tuple(block for number, block in enumerate(blocks) if number not in furniture)
    if found:
        return Published(min(found, key=lambda one: one.rank).date, False, kept)
    inferred = _of_news(lead, text)
    return Published(inferred, inferred is not None, kept)


def _is_aside(block: Block) -> bool:
    """Whether a block is a list or the caption of a picture, which may be older than the news."""
    return "\n" in block.text or bullet_length(block.text) > 0 or bool(_CREDIT.search(block.text))


# ---- lines of their own


def _own_lines(text: _Text) -> Iterator[_Found]:
    """What the date lines at the start say and, where they say what they are, those at the end."""
    looked_at = [n for n in range(len(text.blocks)) if n < _LOOKED_AT or n >= len(text.blocks) - _TAIL]
    lines = {number: line for number in looked_at if (line := _date_line(text.blocks[number], text))}
    head = _head(text, lines)
    plain = [(n, day) for n, line in lines.items() for rank, day in line.dates if rank == _PLAIN and not line.names]
    chronicle = len({day for n, day in plain if n < head}) > 1 or sum(n >= head for n, _ in plain) > 1
    for number, line in lines.items():
        labelled = number > 0 and _LABEL_ALONE.fullmatch(text.blocks[number - 1].text)
        said = bool(labelled) or any(rank != _PLAIN for rank, _ in line.dates)
        if number >= head and not (said and number >= len(text.blocks) - _TAIL):
            continue
        if chronicle and not said and not line.names:
            continue
        own = () if _may_be_title(number, line, text) else (number,)
        for rank, day in line.dates:
            rank = rank if not labelled else _UPDATED if labelled["later"] else _SAID
            yield _Found(day, rank, (number - 1, *own) if labelled else own)


def _head(text: _Text, lines: dict[int, _DateLine]) -> int:
    """How many blocks come before the article proper: its first long paragraph, or its second short one."""
    short, longest = 0, _HEAD + sum(b.kind == "summary" for b in text.blocks)
    for number, block in enumerate(text.blocks[:longest]):
        if block.kind not in ("body", "heading") or number in lines:
            continue
        short += block.kind == "body"
        if len(block.text) >= _PROSE or short == 2:
            return number
    return min(len(text.blocks), longest)


def _date_line(block: Block, text: _Text) -> _DateLine | None:
    line = block.text.strip("()（）[] *_")
    if block.kind not in ("heading", "body") or len(line) > _LONGEST_LINE or not re.search(r"\d", line):
        return None
    dates: list[tuple[int, str]] = []
    names: list[str] = []
    position = 0
    for span in find_dates(line, text.language, text.today):
        before = line[position : span.start]
        label = _LABEL_END.search(before)
        rank = _PLAIN if label is None else _UPDATED if label["later"] else _SAID
        found = _names(before[: label.start()] if label else before, not dates, bool(label))
        if found is None:
            return None
        dates.append((rank, span.date))
        names += found
        position = span.end
    after = _names(line[position:].rstrip(" ."), False, True)
    if not dates or after is None or sum(rank == _PLAIN for rank, _ in dates) > 1:
        return None
    return _DateLine(tuple(dates), (*names, *after))


def _names(part: str, first: bool, last: bool) -> list[str] | None:
    """The names in a part of a line beside its dates, None when it has other words or runs into a date."""
    part = re.sub(r"\s(?:on|at)\s?$", " | ", part.strip("\n") if part.strip() else "")
    pieces = [piece.strip() for piece in _SEPARATOR.split(part)]
    by = bool(_BY.match(part.strip()))
    apart = (first or not pieces[0] or by) and (last or not pieces[-1] or by)
    pieces = [piece for piece in pieces if piece and not _ASIDE.fullmatch(piece) and not _LABEL_ALONE.fullmatch(piece)]
    names = [piece for piece in pieces if _NAMES.fullmatch(_BY.sub("", piece, count=1))]
    return pieces if len(names) == len(pieces) and (apart or not pieces) else None


def _may_be_title(number: int, line: _DateLine, text: _Text) -> bool:
    """Whether a line with a name in it may be the article's title, which must stay."""
    if not line.names or any(_BY.match(name) for name in line.names):
        return False
    if any(_TITLE_END.search(name) for name in line.names):
        return True
    others = [*text.blocks[:number], *text.blocks[number + 1 : number + 3]]
    return not any(b.kind == "heading" and not is_summary_title(b.text) for b in others)


# ---- within paragraphs


def _statements(text: _Text) -> Iterator[_Found]:
    """What "This article was first published on 3 March 2025" says."""
    for block in (*text.blocks[:3], *text.blocks[-_TAIL:]):
        match = _STATED.search(block.text) if block.kind != "summary" else None
        span = next(find_dates(match["date"], text.language, text.today), None) if match else None
        if span and span.start == 0:
            yield _Found(span.date, _SAID)


def _dateline(lead: str, text: _Text) -> Iterator[_Found]:
    if (span := next(find_dates(lead[:_LONGEST_LINE], text.language, text.today), None)) is None:
        return
    before = _BEFORE_DATELINE.fullmatch(lead, 0, span.start)
    after = lead[span.end :]
    chinese = re.fullmatch(r"[（(]?[一-鿿\s）)]{0,14}", lead[: span.start]) and _AFTER_CHINESE_DATELINE.match(after)
    if chinese or (before and (_AFTER_DATELINE.match(after) or (before["agency"] and not re.match(r"\s[a-z]", after)))):
        yield _Found(span.date, _DATELINE)


def _of_news(lead: str, text: _Text) -> str | None:
    """The one full date of the first paragraph, if its sentence says nothing of another time."""
    if len(lead) > _LONGEST_LEAD or (" " in lead and len(lead.split()) < _LEAD_WORDS):
        return None
    spans = list(find_dates(lead, text.language, text.today))
    if len(spans) != 1 or spans[0].date > text.today.isoformat():
        return None
    span = spans[0]
    start, end = next(((s, e) for s, e in sentence_bounds(lead) if s <= span.start < e), (0, len(lead)))
    before = lead[start : span.start]
    sentence = lead[start:end]
    if start > 0 or not _REPORTS.search(sentence) or _STILL.search(sentence):
        return None
    if _OTHER_EVENT.search(sentence) or _NOT_THEN.search(before) or not _ON.search(before):
        return None
    return None if _tells_of_later_year(span.date[:4], text) else span.date


def _tells_of_later_year(year: str, text: _Text) -> bool:
    """Whether a sentence that does not look ahead names a year after `year` that has come by now."""
    for block in text.blocks:
        later = any(year < y <= str(text.today.year) for y in _YEAR.findall(block.text))
        for start, end in sentence_bounds(block.text) if later else ():
            sentence = block.text[start:end]
            if not _FORWARD.search(sentence) and any(year < y <= str(text.today.year) for y in _YEAR.findall(sentence)):
                return True
    return False
