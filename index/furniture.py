"""What a web page has around and within its article: phrases, lines, boxes and everything after its end.

Removing too much is worse than too little: a rule works on a whole line, or on a phrase that no journalist
writes; a box goes without the article that continues below it, and a disclaimer stays wherever it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

DISCLAIMER = re.compile(
    r"(?:(?:legal|important|general|editorial|investment|full) )?(?:disclaimers?|disclosures?)\s*[:\u2013\u2014-]",
    re.IGNORECASE,
)
DISCLAIMER_TITLE = re.compile(r"(?:(?:legal|important|editorial) )?(?:disclaimer|disclosure)s?:?", re.IGNORECASE)
SOURCE = re.compile(r"sources?:\s", re.IGNORECASE)
ENDS_SENTENCE = re.compile(r"[.!?:;,…][\"'”’)\]]*$|[。！？；：]$")

_SITES = r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|e-?mail|bluesky|threads|pocket|tumblr)"
_TOPICS = r"(?:news|articles?|posts?|stories|headlines|coverage|reading|content)"
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"(?<![ \t\u00a0])[ \t\u00a0]*\(opens in a? ?new (?:tab|window)\)(?=\w)", " "),
        (r"(?<![ \t\u00a0])[ \t\u00a0]*\(opens in a? ?new (?:tab|window)\)", ""),
        (r"(?:<|©|&lt;)!--\s{0,9}/?wp:.{0,400}?--(?:>|&gt;|$)", ""),
        (r"(?:^|(?<=[.!?…\]] ))(?-i:The post [A-Z\d“‘]).{1,300}? (?:appeared first|first appeared) on .{1,120}$", ""),
        (r"(?<=\S) ?[·•|–—-] ?\d{1,2}[ -]min(?:ute)?s? read$", ""),
    )
)


def _lines_like(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Lines that stand between the paragraphs of an article and are none.
_ALONE = _lines_like(
    r"advertise?ments?:?",
    r"(?:story|article) continues below(?: (?:this )?advertisement)?\.?",
    r"skip to (?:main |the )?(?:content|navigation)",
    r"(?:back|scroll) to top|toggle navigation|search for:",
    r"loading ?(?:\.{3}|…)",
    rf"click to (?:share|print|e-?mail)(?: (?:this|a link|on|to|via|by)\b.{{0,60}})?(?: on {_SITES})?",
    rf"{_SITES}(?:[ |,·/]+(?:{_SITES}|print|copy link|share)){{1,9}}",
    r"copy link(?: to clipboard)?|link copied!?|(?:print|email) this(?: (?:page|article))?",
    rf"follow us(?: on {_SITES}.{{0,60}})?:?",
    r"(?:subscribe|log ?in|sign in|register)(?: now| here)? to (?:continue|keep|read)\b[^.]{0,60}[.!]?",
    r"this (?:article|story|content) is (?:for|available to|reserved for) (?:paid |our )?subscribers(?: only)?[.!]?",
    r"already (?:a subscriber|have an account)\?.{0,40}",
    r"(?:estimated )?(?:reading time:? )?\d{1,2}[ -]min(?:ute)?s?(?: read)",
    r"(?:estimated )?reading time:? \d{1,2} min(?:ute)?s?",
    r"(?:accept|reject|allow|deny)(?: all)?(?: cookies)|(?:accept|reject|allow) all|manage (?:cookies|consent)",
    r"(?:manage )?cookie (?:settings|preferences)|we value your privacy\.?",
    r"(?:copyright )?(?:©|\(c\)) ?(?:copyright )?(?:19|20)\d\d\b.{0,160}|copyright .{0,120}all rights reserved\.?",
    r"all rights reserved\.?",
)
_COOKIES = re.compile(
    r"(?:we|this (?:web)?site|our (?:web)?site|we and our (?:\d+ )?partners)\b.{0,30}\buses? .{0,40}\bcookies\b"
    r"(?=.*\b(?:accept|consent|agree|your (?:browsing )?experience|preferences|settings|cookie policy)\b).{0,400}"
    r"|by (?:continuing|using|clicking|browsing)\b.{0,80}\byou (?:agree|consent)\b.{0,80}\bcookies\b.{0,200}",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?i:(?:file |stock )?(?:photo(?:graph)?|image|picture)s?(?: credits?| courtesy(?: of)?)?) ?[:/©|] ?"
    r"(?:[A-Z©][\w.’'/&-]*,? ?|/ |(?:of|the|via|by|for|and) ){1,8}"
    r"|(?i:photo(?:graph)?) by (?:[A-Z][\w.’'/&-]* ?|on ){1,7}"
    r"|Getty Images(?: ?/ ?\w+)?"
)
_POINTER = re.compile(
    r"(?:read (?:more|also|next|the full story)|also read|see also|more on this(?: story)?"
    rf"|related(?: {_TOPICS}| story)?|recommended|you may also like)\s?[:：»|]\s*(?P<title>.{{0,200}})",
    re.IGNORECASE,
)

# Lines with which the part of a page that follows its article begins.
_END = _lines_like(
    r"(?:\d+|no) comments?(?: (?:on|to) .{1,160})?:?|comments? ?\(\d+\)|\d+ (?:replies|responses)(?: to .{1,160})?",
    r"(?:leave|post|submit|add|write) a (?:reply|comment):?|be the first to comment[.!]?",
    r"(?:join|start) the (?:conversation|discussion)[.!]?|(?:log|sign) in to (?:leave a )?comment\.?",
    r"comments? (?:are )?closed\.?|cancel reply",
    r"your email address will not be published.*",
    r"save my name, e-?mail,? and website in this browser.*",
    r"about the authors?:?",
)
_HEADLINES = _lines_like(
    rf"(?:recent|latest|related|popular|trending|more|top|most read) (?:[\w'’&-]+ ){{0,3}}{_TOPICS}:?",
    r"you (?:may|might) also (?:like|enjoy):?|recommended(?: for you)?:?|read next:?|most (?:read|popular):?",
    r"related(?: topics)?:",
)
_SHARE = _lines_like(rf"share (?:this(?: (?:article|post|story|page))?|(?:on|via|by) {_SITES}):?|share:")
_INVITATION = _lines_like(
    r"straight (?:in)?to your inbox[.!]?",
    r"(?:subscribe|sign up) (?:to|for) (?:our|the|my) (?:[\w-]+ ){0,4}(?:newsletters?|digest|briefing|updates)[.!:]?",
    r"(?:get|receive) (?:our|the|my) (?:[\w-]+ ){0,4}newsletters?\b.{0,60}|(?:our |free |daily |weekly )*newsletter:?",
    r"stay (?:informed|up to date|in the loop|ahead)[.!]?",
)
_BOX_WORDS = re.compile(
    r"subscri|newsletter|\binbox\b|\bsign(?:ing)? up\b|\be-?mail\b|privacy policy|\bspam\b|^(?:get|receive|join)\b",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:sign up|subscribe|get|receive|join|enter your|stay|thanks for|fantastic|unsubscribe|no spam|check your"
    r"|by (?:signing|subscribing|submitting|clicking|entering)|you (?:can|may) unsubscribe"
    r"|we (?:will |['’]ll )?(?:never|respect|won['’]t|do not|don['’]t))\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"By [A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}")
_BIOGRAPHY = re.compile(
    r"\b(?:reporter|journalist|editor|writer|correspondent|columnist|contributor|founders?|co-founder|passion|covers"
    r"|has written|writes (?:about|on|for)|graduated|follow (?:him|her|them)|be reached|years of experience"
    r"|author of|(?:his|her|their) (?:work|career|writing|interests))\b",
    re.IGNORECASE,
)
_PROVENANCE = re.compile(
    r"this (?:article|story|report|news item|post) (?:is |was |has been )?(?:originally |first |also )?"
    r"(?:publish|appear|originat|translat|produc|sponsor)",
    re.IGNORECASE,
)
_NAVIGATION = _lines_like(
    r"home|menu|about(?: us)?|contact(?: us)?|news|search|log ?in|sign (?:in|up)|subscribe|topics|videos?|podcasts?"
    r"|events?|advertise|careers|newsletters?|sections|archives?|opinion|markets|shop|close|more|rss|my account"
)
_MARKER = re.compile(r"[-*•‣·▪] |\d{1,2}[.)] ")
_LONG = 200
"""Characters from which a line counts as a paragraph, whatever it ends with."""
_SENTENCE = 60
"""Characters from which a line that ends as a sentence does counts as one of an article."""


def without_phrases(text: str) -> str:
    """`text` without the phrases that a page puts between the words of its article."""
    for phrase, replacement in _PHRASES:
        text = phrase.sub(replacement, text)
    return text


def is_page_line(line: str) -> bool:
    """Whether `line` belongs to a page, or begins a part of it that is not its article."""
    return any(
        rule.fullmatch(line) for rule in (_END, _HEADLINES, _SHARE, _INVITATION, _ALONE, _POINTER, _COOKIES, _CREDIT)
    )


def without_lines(lines: Sequence[str]) -> list[str]:
    """`lines` without those that are furniture by themselves, wherever they stand; menus only at the start."""
    kept, position = [], 0
    while position < len(lines):
        line = lines[position]
        position += 1
        pointer = _POINTER.fullmatch(line)
        if pointer and _is_headline(pointer["title"]):
            continue
        if pointer and not pointer["title"] and not _HEADLINES.fullmatch(line):
            following = next((n for n in range(position, min(position + 2, len(lines))) if lines[n]), position)
            if following < len(lines) and len(lines[following].split()) > 3 and _is_headline(lines[following]):
                position = following + 1
            continue
        if not (_ALONE.fullmatch(line) or _CREDIT.fullmatch(line) or _COOKIES.fullmatch(line)):
            kept.append(line)
    return _without_menu(kept)


def _is_headline(line: str) -> bool:
    return bool(line) and not re.search(r"[.:;,][\"'”’)]*$|\.\s", line)


def _without_menu(lines: list[str]) -> list[str]:
    """`lines` without the entries of a menu before the first sentence."""
    first = next((n for n, line in enumerate(lines) if _weight(line) and not _is_menu(line)), 0)
    entries = {n for n in range(first) if _NAVIGATION.fullmatch(lines[n].lstrip("-*• ")) or _is_menu(lines[n])}
    if len(entries) < 2 and not any(_is_menu(lines[n]) for n in entries):
        return lines
    return [line for n, line in enumerate(lines) if n not in entries]


def _is_menu(line: str) -> bool:
    parts = [part.strip() for part in re.split(r"[|›»>·•/]", line)] if len(line) < _LONG else []
    named = sum(bool(_NAVIGATION.fullmatch(part)) for part in parts)
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
        ends = [n if _END.fullmatch(line) else len(lines) for n, line in enumerate(lines)]
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
        if _END.fullmatch(line):
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
    if _SHARE.fullmatch(line):
        return position + 1
    if _BYLINE.fullmatch(line):
        return _biography_end(page, position, sure=False)
    if not (_HEADLINES.fullmatch(line) or _INVITATION.fullmatch(line)):
        return 0
    if not page.above(position):
        return position + 1
    position += 1
    while position < len(page.lines) and _in_box(page.lines[position]):
        byline = _BYLINE.fullmatch(page.lines[position])
        position = (_biography_end(page, position, sure=True) if byline else 0) or position + 1
    return position


def _in_box(line: str) -> bool:
    if _is_lasting(line) or line.startswith("#") or _END.fullmatch(line):
        return False
    if _weight(line):
        return len(line) < 300 and bool(_CALL.match(line) and _BOX_WORDS.search(line))
    return _is_title(line) or len(line) >= _SENTENCE or bool(_BOX_WORDS.search(line))


def _is_title(line: str) -> bool:
    return line.endswith("?") or not ENDS_SENTENCE.search(line)


def _biography_end(page: _Page, position: int, sure: bool) -> int:
    """The line after the biography below the name at `position`, 0 when none is there; `sure` asks no proof."""
    if not page.above(position):
        return 0
    end, paragraphs = position + 1, 0
    while end < len(page.lines) and not _begins_part(page.lines[end]) and not _is_lasting(page.lines[end]):
        line = page.lines[end]
        if line and (paragraphs == (1 if sure else 2) or not (sure or _BIOGRAPHY.search(line)) or len(line) > 700):
            return end if sure and paragraphs else 0
        paragraphs += bool(line)
        end += 1
    return end if paragraphs else 0


def _continues(page: _Page, line: str, position: int) -> bool:
    """Whether the article goes on at `position`, below the box that begins with `line`.

    Below a list of headlines it must be more than a teaser for each of them.
    """
    if not page.goes_on(position):
        return bool(_SHARE.fullmatch(line)) and _short_sentence_follows(page, position)
    if not _HEADLINES.fullmatch(line):
        return True
    part: list[str] = []
    while position < len(page.lines) and not _begins_part(page.lines[position]):
        part.append(page.lines[position])
        position += 1
    weights = [_weight(ln) for ln in part if _weight(ln)]
    titles = sum(bool(ln) and _is_title(ln) and not _MARKER.match(ln) for ln in part)
    return not weights or max(weights) >= _LONG or (sum(weights) >= 2 * _SENTENCE and 2 * titles < len(weights))


def _short_sentence_follows(page: _Page, position: int) -> bool:
    following = next((line for line in page.lines[position : position + 4] if line), "")
    return following.endswith((".", ".”", '."')) and not _begins_part(following)


def _begins_part(line: str) -> bool:
    return any(rule.fullmatch(line) for rule in (_END, _HEADLINES, _INVITATION))


def _is_lasting(line: str) -> bool:
    title = DISCLAIMER_TITLE.fullmatch(line.lstrip("# "))
    return bool(title or DISCLAIMER.match(line) or SOURCE.match(line) or _PROVENANCE.match(line))


def _lasting(lines: Sequence[str]) -> list[str]:
    """What `lines` after an article say of where it is from: disclaimers and sources."""
    kept: list[str] = []
    titled, beside = False, False
    for line in lines:
        if line and (titled or _is_lasting(line) or (beside and _weight(line))):
            kept.append(line)
            titled = bool(DISCLAIMER_TITLE.fullmatch(line.lstrip("# ")))
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
    if _MARKER.match(line) or _is_lasting(line) or "|" in line or len(line) > 120 or len(line.split()) > 16:
        return False
    return _is_title(line)
