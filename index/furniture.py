"""What a web page has around and within its article: phrases, lines, boxes and everything after its end.

Removing too much is worse than too little: a rule works on a whole line, or on a phrase that no journalist
writes; a box goes without the article that continues below it, and a disclaimer stays wherever it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from index import furniture_patterns as patterns

_ALONE = (patterns.PAGE_LINE, patterns.CREDIT, patterns.COOKIES)
_PART_BEGINS = (patterns.ARTICLE_END, patterns.HEADLINES, patterns.INVITATION)
_LONG = 200
"""Characters from which a line counts as a paragraph, whatever it ends with."""
_SENTENCE = 60
"""Characters from which a line that ends as a sentence does counts as one of an article."""


def without_phrases(text: str) -> str:
    """`text` without the phrases that a page puts between the words of its article."""
    for phrase, replacement in patterns.PHRASES:
        text = phrase.sub(replacement, text)
    return text


def is_page_line(line: str) -> bool:
    """Whether `line` belongs to a page, or begins a part of it that is not its article."""
    return any(rule.fullmatch(line) for rule in (*_PART_BEGINS, *_ALONE, patterns.SHARE, patterns.POINTER))


def without_lines(lines: Sequence[str]) -> list[str]:
    """`lines` without those that are furniture by themselves, wherever they stand; menus only at the start."""
    kept, position = [], 0
    while position < len(lines):
        line = lines[position]
        position += 1
        pointer = patterns.POINTER.fullmatch(line)
        if pointer and _is_headline(pointer["title"]):
            continue
        if pointer and not pointer["title"] and not patterns.HEADLINES.fullmatch(line):
            following = next((n for n in range(position, min(position + 2, len(lines))) if lines[n]), position)
            if following < len(lines) and len(lines[following].split()) > 3 and _is_headline(lines[following]):
                position = following + 1
            continue
        if not any(rule.fullmatch(line) for rule in _ALONE):
            kept.append(line)
    return _without_menu(kept)


def _is_headline(line: str) -> bool:
    return bool(line) and not re.search(r"[.:;,][\"'”’)]*$|\.\s", line)


def _without_menu(lines: list[str]) -> list[str]:
    """`lines` without the entries of a menu before the first sentence."""
    first = next((n for n, line in enumerate(lines) if _weight(line) and not _is_menu(line)), 0)
    entries = {n for n in range(first) if patterns.NAVIGATION.fullmatch(lines[n].lstrip("-*• ")) or _is_menu(lines[n])}
    if len(entries) < 2 and not any(_is_menu(lines[n]) for n in entries):
        return lines
    return [line for n, line in enumerate(lines) if n not in entries]


def _is_menu(line: str) -> bool:
    parts = [part.strip() for part in re.split(r"[|›»>·•/]", line)] if len(line) < _LONG else []
    named = sum(bool(patterns.NAVIGATION.fullmatch(part)) for part in parts)
    return len(parts) > 2 and named > 1 and all(0 < len(part.split()) < 4 for part in parts)


def _weight(line: str) -> int:
    """Characters of `line` if it is a paragraph of an article or a row of its table, else 0."""
    if _is_lasting(line):
        return 0
    if len(line) >= _LONG or line.count("|") > 1:
        return len(line)
    if len(line) < _SENTENCE or not re.search(r"[.!?][\"'”’)\]]*$|[。！？]$", line) or line.endswith("..."):
        return 0
    words = [word for word in line.split() if len(word) > 3]
    return len(line) if sum(word[0].isupper() for word in words) < 0.7 * len(words) else 0


@dataclass(frozen=True)
class _Page:
    """The lines of a page, and how much of an article stands below each."""

    lines: Sequence[str]
    below: Sequence[int]
    next_end: Sequence[int]

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Page":
        """A page of `lines`."""
        below = list(accumulate(map(_weight, reversed(lines)), initial=0))[::-1]
        ends = [n if patterns.ARTICLE_END.fullmatch(line) else len(lines) for n, line in enumerate(lines)]
        return cls(lines, below, [*list(accumulate(reversed(ends), min))[::-1], len(lines)])

    def above(self, position: int) -> int:
        return self.below[0] - self.below[position]

    def goes_on(self, position: int) -> bool:
        """Whether the article has sentences from `position` on, before the page's end."""
        return self.below[position] > self.below[self.next_end[position]]


def without_page(lines: Sequence[str]) -> list[str]:
    """`lines` without boxes, biographies and what follows the article; disclaimers stay."""
    page = _Page.of(lines)
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if patterns.ARTICLE_END.fullmatch(line):
            end = position + 1
            finished = page.below[end] < page.above(position)
        elif end := _box_end(page, position):
            finished = page.above(position) > 0 and not _continues(page, line, end)
        else:
            kept.append(line)
            position += 1
            continue
        if finished:
            return _without_labels(kept) + _lasting(lines[position:])
        position = end
    return kept


def _box_end(page: _Page, position: int) -> int:
    """The line after the box that begins at `position`, 0 when none does."""
    line = page.lines[position]
    if patterns.SHARE.fullmatch(line):
        position += 1
        while position < len(page.lines) and _is_share_button(page.lines[position]):
            position += 1
        return position
    if patterns.BYLINE.fullmatch(line):
        return _biography_end(page, position, sure=False)
    if not (patterns.HEADLINES.fullmatch(line) or patterns.INVITATION.fullmatch(line)):
        return 0
    if not page.above(position):
        return position + 1
    position += 1
    while position < len(page.lines) and _in_box(page.lines[position]):
        byline = patterns.BYLINE.fullmatch(page.lines[position])
        position = (_biography_end(page, position, sure=True) if byline else 0) or position + 1
    return position


def _is_share_button(line: str) -> bool:
    button = line.removeprefix("- ")
    return not button or bool(patterns.SHARE_BUTTON.fullmatch(button) or patterns.PAGE_LINE.fullmatch(button))


def _in_box(line: str) -> bool:
    if _is_lasting(line) or line.startswith("#") or patterns.ARTICLE_END.fullmatch(line):
        return False
    if _weight(line):
        return len(line) < 300 and bool(patterns.CALL_TO_ACTION.match(line) and patterns.BOX_WORDS.search(line))
    return _is_title(line) or len(line) >= _SENTENCE or bool(patterns.BOX_WORDS.search(line))


def _is_title(line: str) -> bool:
    return line.endswith("?") or not patterns.ENDS_SENTENCE.search(line)


def _biography_end(page: _Page, position: int, sure: bool) -> int:
    """The line after the biography below the name at `position`, 0 when none is there; `sure` asks no proof."""
    if not page.above(position):
        return 0
    end, paragraphs = position + 1, 0
    while end < len(page.lines) and not _begins_part(page.lines[end]) and not _is_lasting(page.lines[end]):
        line = page.lines[end]
        proven = sure or patterns.BIOGRAPHY.search(line)
        if line and (paragraphs == (1 if sure else 2) or not proven or len(line) > 700):
            return end if sure and paragraphs else 0
        paragraphs += bool(line)
        end += 1
    return end if paragraphs else 0


def _continues(page: _Page, line: str, position: int) -> bool:
    """Whether the article goes on at `position`, below the box that begins with `line`.

    Below a list of headlines it must be more than a teaser for each of them.
    """
    if not page.goes_on(position):
        return bool(patterns.SHARE.fullmatch(line)) and _short_sentence_follows(page, position)
    if not patterns.HEADLINES.fullmatch(line):
        return True
    part: list[str] = []
    while position < len(page.lines) and not _begins_part(page.lines[position]):
        part.append(page.lines[position])
        position += 1
    weights = [_weight(ln) for ln in part if _weight(ln)]
    titles = sum(bool(ln) and _is_title(ln) and not patterns.LIST_MARKER.match(ln) for ln in part)
    return not weights or max(weights) >= _LONG or (sum(weights) >= 2 * _SENTENCE and 2 * titles < len(weights))


def _short_sentence_follows(page: _Page, position: int) -> bool:
    following = next((line for line in page.lines[position : position + 4] if line), "")
    return following.endswith((".", ".”", '."')) and not _begins_part(following)


def _begins_part(line: str) -> bool:
    return any(rule.fullmatch(line) for rule in _PART_BEGINS)


def _is_lasting(line: str) -> bool:
    title = patterns.DISCLAIMER_TITLE.fullmatch(line.lstrip("# "))
    begins = (patterns.DISCLAIMER, patterns.SOURCE, patterns.PROVENANCE)
    return bool(title) or any(beginning.match(line) for beginning in begins)


def _lasting(lines: Sequence[str]) -> list[str]:
    """What `lines` after an article say of where it is from: disclaimers and sources."""
    kept: list[str] = []
    titled, beside = False, False
    for line in lines:
        if line and (titled or _is_lasting(line) or (beside and _weight(line))):
            kept.append(line)
            titled = bool(patterns.DISCLAIMER_TITLE.fullmatch(line.lstrip("# ")))
            beside = not titled
        else:
            beside = False
    return kept


def _without_labels(lines: list[str]) -> list[str]:
    """`lines` without labels of page parts ("Search") at their end."""
    while lines and (not lines[-1] or _is_label(lines[-1])):
        lines.pop()
    return lines


def _is_label(line: str) -> bool:
    if line.startswith("#"):
        return True
    if patterns.LIST_MARKER.match(line) or _is_lasting(line) or "|" in line:
        return False
    return len(line) <= 120 and len(line.split()) <= 16 and _is_title(line)
