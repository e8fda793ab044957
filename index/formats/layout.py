"""Lines by their place on a page, joined to paragraphs, headings and list items."""

import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

# Set on prints of Chromium, LaTeX, DocBook and fpdf2; tests/index/formats/test_pdf.py has a case for each.
_LARGER = 1.12
"""How many times the size of the body a heading has at least."""
_WIDER = 1.2
"""How many times the usual distance of lines parts two paragraphs."""
_TAIL = 80
"""Characters at the end of a line that are searched; a hostile line has millions."""
_SHIFT = 0.8
"""Indents, in sizes of the font; less is noise."""
_BULLET = re.compile("[•‣▪▸►●○◦∙·■□➢➤✓\uf0b7\uf0a7\uf0d8\uf0fc\uf076]\\s*(?=\\S)")
_MARKER = re.compile(r"(?:[-–*]|\(?(?P<number>\d{1,2})[.)])\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;…。！？：；][\"'”’»)\]」』]*$")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_HYPHENED = re.compile(r"(\w[\w'’-]*)[-‐\u00ad]$")
_TIGHT = re.compile(r"\S[—–/]$")
_UNSPACED = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
# Second halves of compounds, and first halves that make one word with such ("unknown", "without"); used only
# where the article has the word nowhere else.
_SECONDS = frozenset(("backed", "based", "called", "controlled", "earth", "funded", "known", "owned", "scale", "term"))
_ONE_WORD = frozenset(("every", "here", "inter", "over", "re", "some", "super", "there", "un", "under", "when", "with"))


@dataclass(frozen=True)
class Line:
    """One line: its place in points from the page's lower left corner, its font's size and weight.

    `height` is its place as a share of the page's. `margin` is where its column ends at the right, `indent`
    how far from the column's left edge it starts.
    """

    text: str
    page: int
    left: float
    right: float
    y: float
    height: float
    size: float
    bold: bool
    margin: float = 0.0
    indent: float = 0.0

    @property
    def starts_low(self) -> bool:
        """Whether it begins with a small letter."""
        return self.text[0].islower()

    @property
    def first_width(self) -> float:
        """Points that the first word and a space take; in Chinese, some signs."""
        word = 2 if _UNSPACED.match(self.text) else f"{self.text} ".index(" ")
        return (word + 1) * (self.right - self.left) / len(self.text)


@dataclass(frozen=True)
class _Body:
    """What most of the text looks like; `leading` is the distance of its lines."""

    size: float
    bold: bool
    leading: float


def marked_text(lines: Sequence[Line]) -> str:
    """The text of `lines`, in their order over all pages, as marked lines: see `RawArticle.text`."""
    lines = [line for run in _runs(lines) for line in _with_margins(run)]
    if not lines:
        return ""
    body = _body(lines)
    return "\n\n".join(_marked(_blocks(lines, body), body, _words(lines)))


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """`lines` parted where a page or a column ends."""
    run: list[Line] = []
    for line in lines:
        if run and _is_jump(run[-1], line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _is_jump(last: Line, line: Line) -> bool:
    return line.page != last.page or line.y > last.y + last.size


def _with_margins(run: Sequence[Line]) -> Iterator[Line]:
    """`run` with what lines of one column and size have in common: their left and right edge."""
    columns: dict[tuple[int, int], list[Line]] = {}
    for line in run:
        place = int(line.left // (3 * line.size))
        for near in (place - 1, place, place + 1):
            columns.setdefault((round(line.size * 2), near), []).append(line)
    edges = {
        key: (statistics.mode(round(line.left) for line in column), max(line.right for line in column))
        for key, column in columns.items()
    }
    for line in run:
        left, right = edges[round(line.size * 2), int(line.left // (3 * line.size))]
        yield replace(line, margin=right, indent=line.left - left)


def _body(lines: Sequence[Line]) -> _Body:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0]
    letters = sum(len(line.text) * (1 if line.bold else -1) for line in lines)
    pairs = [pair for pair in itertools.pairwise(lines) if all(abs(ln.size - size) < 0.08 * size for ln in pair)]
    gaps = Counter(round((a.y - b.y) * 2) / 2 for a, b in pairs if 0 < a.y - b.y < 3 * size)
    usual = [gap for gap, count in gaps.items() if count >= 0.15 * gaps.total()]
    return _Body(size, letters > 0, min(usual, default=1.2 * size))


def _blocks(lines: Sequence[Line], body: _Body) -> list[list[Line]]:
    """`lines` parted to paragraphs, headings and list items."""
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and not _starts_block(blocks[-1], line, body):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _starts_block(block: Sequence[Line], line: Line, body: _Body) -> bool:
    """Whether `line` is not the next line of `block`; what the words say weighs more than small distances."""
    last, gap = block[-1], block[-1].y - line.y
    goes_on = _goes_on(block, line)
    large = max(line.size, last.size) > _LARGER * body.size
    unlike = abs(line.size - last.size) / last.size
    if _BULLET.match(line.text) or unlike > (0.25 if goes_on and not large else 0.08):  # code is set smaller
        return True
    if line.bold != last.bold:
        return not line.starts_low
    if _is_jump(last, line):
        return not goes_on and (line.indent > _SHIFT * line.size or not _is_full(block, line))
    if large:
        return gap > 1.7 * line.size
    if gap > _WIDER * body.leading and not _is_spaced_so(block, gap):
        return not goes_on or (gap > 2.2 * body.leading and not line.starts_low)
    if goes_on:
        return bool(_MARKER.match(line.text)) and _is_item(block[0]) and abs(line.left - block[0].left) < 3
    return bool(_MARKER.match(line.text)) or _is_shifted(block, line) or _is_short(block, line)


def _goes_on(block: Sequence[Line], line: Line) -> bool:
    """Whether the sentence of `block` goes on in `line`."""
    last = block[-1]
    if _HYPHENED.search(last.text[-_TAIL:]):
        return True
    return not _SENTENCE_END.search(last.text[-_TAIL:]) and (line.starts_low or _is_full(block, line))


def _is_full(block: Sequence[Line], line: Line) -> bool:
    """Whether the first word of `line` had no place in the line before it, beside a picture too."""
    last, widest = block[-1], max((ln.right for ln in block[-4:-1]), default=math.inf)
    return last.right + line.first_width > last.margin - 0.3 * last.size or last.right >= widest


def _is_spaced_so(block: Sequence[Line], gap: float) -> bool:
    """Whether `gap` is the distance of the lines in `block`: set wider than the rest."""
    return len(block) > 1 and abs(block[-2].y - block[-1].y - gap) < 0.05 * gap


def _is_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _MARKER.match(line.text))


def _is_shifted(block: Sequence[Line], line: Line) -> bool:
    """Whether `line` starts further in or out than its paragraph or list item would."""
    shift = (line.left - block[-1].left) / line.size
    if len(block) == 1 and _is_item(block[0]):
        return shift < -_SHIFT
    return shift > _SHIFT or (shift < -_SHIFT and len(block) > 1)


def _is_short(block: Sequence[Line], line: Line) -> bool:
    """Whether the last line of `block` ends early, as the last one of a paragraph does."""
    last = block[-1]
    if _is_full(block, line) or (len(block) == 1 and _is_item(block[0]) and line.left > last.left + _SHIFT * line.size):
        return False
    return bool(_SENTENCE_END.search(last.text[-_TAIL:])) or last.right < 0.4 * last.left + 0.6 * last.margin


def _marked(blocks: Sequence[Sequence[Line]], body: _Body, words: Counter[str]) -> Iterator[str]:
    numbers = [None, *(_number(block[0]) for block in blocks), None]
    for number, block in enumerate(blocks, 1):
        ended = (_ended(line.text, after.text, words) for line, after in itertools.pairwise(block))
        text = "".join(ended) + block[-1].text
        marker = _BULLET.match(text) or _MARKER.match(text)
        count = numbers[number]
        # a lone "12. " is a date or a figure
        listed = count is None or numbers[number - 1] == count - 1 or numbers[number + 1] == count + 1
        if _is_heading(block, text, body):
            yield f"# {text}"
        else:
            yield f"- {text[marker.end() :]}" if marker and listed else text


def _number(line: Line) -> int | None:
    marker = _MARKER.match(line.text)
    return int(marker["number"]) if marker and marker["number"] else None


def _is_heading(block: Sequence[Line], text: str, body: _Body) -> bool:
    if len(text) < 2 or not re.search(r"[^\W\d_]", text):
        return False
    if block[0].size > _LARGER * body.size:
        return len(text) <= 250 and not (text.endswith(".") and len(text.split()) > 12)
    bold = not body.bold and all(line.bold for line in block)
    return bold and len(text) <= 120 and not re.match(r"[a-z]|By ", text) and text[-1] not in ".,;"


def _words(lines: Sequence[Line]) -> Counter[str]:
    """How often each word stands in `lines` away from hyphens at line ends."""
    words: Counter[str] = Counter()
    broken = False
    for line in lines:
        found = _WORD.findall(line.text.casefold())[int(broken) :]
        broken = bool(_HYPHENED.search(line.text[-_TAIL:]))
        words.update(found[:-1] if broken else found)
    return words


def _ended(text: str, after: str, words: Counter[str]) -> str:
    """The line `text` with what joins it to the line `after` of its paragraph: a space, a hyphen or nothing."""
    hyphened = _HYPHENED.search(text[-_TAIL:])
    if hyphened:
        match = _WORD.match(after)
        head = match[0].partition("-")[0] if match else ""
        if head in ("and", "or", "und", "oder"):
            return f"{text} "  # "short- and long-term"
        return text if text[-1] != "\u00ad" and _keeps_hyphen(hyphened[1], head, words) else text[:-1]
    unspaced = _UNSPACED.match(text[-1]) and _UNSPACED.match(after)
    return text if unspaced or _TIGHT.search(text[-_TAIL:]) else f"{text} "


def _keeps_hyphen(first: str, head: str, words: Counter[str]) -> bool:
    """Whether the hyphen between `first` and `head` is one of a compound."""
    tail = first.rpartition("-")[2]
    joined, parted = words[(tail + head).casefold()], words[f"{tail}-{head}".casefold()]
    if joined or parted:
        return parted > joined
    if not head[:1].islower() or "-" in first or not tail.isalpha() or (tail.isupper() and len(tail) > 1):
        return True  # names, figures, "US-led", "12-year-old"
    if tail.casefold() in _ONE_WORD:
        return False
    both = words[tail.casefold()] and words[head.casefold()]
    return head in _SECONDS or bool(both and min(len(tail), len(head)) > 3)
