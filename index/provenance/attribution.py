"""Attribution in a sentence: which of its words say whose claim it is. By tokens, without a parse.

A dependency parse (spaCy) in its place did no better and took longer; docs/decisions.md has the figures.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.provenance.mentions import HAN
from index.provenance.words import names, verb_pattern, verbs

_LONGEST_PHRASE = 110
_MOST_APPOSITIONS = 4
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
_DOCUMENTS = r"""(?:press\s|news\s|media\s)?(?:releases?|statements?|reports?|notices?|readouts?|filings?
    |announcements?)|data|figures|statistics|numbers|information|guidelines?|plans?|documents?|rules|circulars?|orders?|posts?
    |bulletins?|papers?"""
_OPINIONS = "words|view|telling|account|estimates?|opinion|reckoning|version|eyes|description|count|mind"
_MESSAGES = """messages?|pledges?|remarks|comments|speech|priorit(?:y|ies)|view|verdict|answer|reply|argument
    |explanation|prediction|forecast|advice|warnings?|position|stance|complaints?|promises?|claims?|words|point"""

_ADVERBS_BEFORE_VERB = re.compile(
    rf"""(?:\s+(?:has|have|had|is|was|were|are|also|officially|recently|today|yesterday|now|newly|just|formally
        |repeatedly|then|later|still|again|even|since|long|previously|earlier|publicly|proudly|once|never|always|further
        |meanwhile|separately|only|both|reportedly|[a-z]+ly|on\s+{_DAY}|(?:this|last)\s+(?:week|month|year)))+\s*$""",
    re.VERBOSE,
)
_UNSAID = re.compile(
    r"""\b(?:(?:did|does|do|has|have|had|would|could|will)(?:\s+not|n['’]t)|declined?s?|refused?s?|failed|cannot|can['’]t)
        \s+(?:\w+ly\s+|been\s+|to\s+|yet\s+)*
        (?:respond|reply|comment|answer|say|disclose|release|reveal|name|specify|publish|mention|give|provide|elaborate
        |explain|state|identify|return|share|confirm|be\s+(?:reached|verified))
    |\bcould\snot\s(?:be\s(?:immediately\s|independently\s)?(?:reached|verified|confirmed)|immediately|independently)
    |\b(?:not|never)\s(?:been\s)?(?:independently|immediately)\s(?:verified|confirmed|reach\w+)
    |\b(?:were|was|have\sbeen|has\sbeen)\snot\s(?:made\spublic|disclosed|released|published)
    |\bno\s(?:[\w-]+\s){0,4}(?:was|were|disclosed|made\spublic)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NEGATED = re.compile(r"(?:\bnot|n['’]t|\bnever|\bwithout|\bto|\bnor)\s+(?:\w+ly\s+)?$")
_NOT_DONE = re.compile(r"\s+(?:does|do|did)(?:\s+not|n['’]t)\s+$")
_BEFORE_NOUN = re.compile(
    r"""\b(?:a|an|the|of|for|in|on|by|with|from|at|into|its|his|her|their|no|any|this|these|those|each|every|some|more
        |many|first|second|new|latest|own|recent|per|under|against|five-year|annual|\d[\d.,]*)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|as|gets?|got)(?:\s+\w+ly|\s+also)?\s+$")
_GOING_ON = re.compile(r"\b(?:is|are|was|were)(?:\s+\w+ly|\s+also|\s+now)?\s+$")
_BY = re.compile(r"(?:\s+\w+){0,3}?\s+by\s+(?=\S)")
_SUBORDINATOR = re.compile(
    r"""\b(?:that|while|whereas|although|though|as|after|before|because|since|when|but|if|where|and|than|whether|until
        |what|how|which|why)\s+(?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATIVE = re.compile(r",?\s+(?:who|which|that)$")
_COMPANY_FORM = re.compile(r",\s+(?:[Cc]o|[Ll]td|[Ii]nc)\.?[\w., ]*$")
_DESCRIPTION = re.compile(r"(?:one of|an?|the|owner|maker|home|part of|itself)\s")
_NAME_BEFORE = re.compile(r"(?:^|[.;:]\s+)((?:[A-Z][\w.&’'-]*\s*|of\s|and\s|&\s|\([^)]*\)\s*)+),$")
_AND_BUT = re.compile(r"\b(?:and|but)$")
_HARD = re.compile(r"[;:—–\x01\x02?!]|\s-\s|\.\s")
_PHRASE_END = re.compile(
    r"""\s+(?:will|would|has|have|had|is|are|was|were|may|can|could|that|which)\b
    |\s+[a-z]+ed\s+(?=(?:a|an|the|in|to|its|his|her|more|no|that)\b)
    |[,;:—–\x01\x02]|\.(?=\s|$)|\s-\s|\)""",
    re.VERBOSE,
)
_FRAMES = (
    re.compile(
        r"""\b(?:according\sto|as\sreported\sby|as\stold\sto|citing|quoting|in\sthe\s(?:words|view|opinion|telling|eyes)\sof
            |per|told\sby|confirmed\sby)\s+""",
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(
        rf"\b(?:{_DOCUMENTS})\s+(?:\w+\s+)?(?:from|by|of|(?:issued|published|released|posted|provided)\sby)\s+",
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(r"\b(?:tests?|stud(?:y|ies)|surveys?|audits?|measurements?|analys[ie]s)\s+by\s+", re.IGNORECASE),
)
"""Words behind which the speaker of the whole sentence is named."""
_FRAMED = (
    re.compile(rf"\b(?:in|by|on|to)\s+(?P<who>(?:[\w.&’'-]+\s+){{0,5}}?[\w.&-]+)['’]s?\s+(?:own\s+)?(?:{_OPINIONS})\b"),
    re.compile(rf"\b(?:in|by|to)\s+(?P<who>his|her|its|their)\s+(?:own\s+)?(?:{_OPINIONS})\b", re.IGNORECASE),
    re.compile(
        rf"""^(?:\w+,\s+)?(?P<who>his|her|(?:the\s+)?(?:[\w.&-]+\s+){{0,5}}?[\w.&-]+(?=['’]))(?:['’]s?)?
            \s+(?:\w+\s+){{0,2}}?(?:{_MESSAGES})\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(
        r"""\bas\s+(?P<who>(?:[\w.&’'-]+\s+){0,6}?[\w.&’'-]+)\s+
            (?:puts?|said|says|called|calls|described|describes|phrased|framed)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
)
"""Words around the speaker of the whole sentence."""
_CHINESE = (
    re.compile(r"(?:根?据)(?P<who>[^，。；：、,\x01]{2,30}?)(?:报道|消息|介绍|披露|透露|统计|数据|公告|通报)"),
    re.compile(r"(?P<who>[^，。；：,\x01]{2,40}?)(?:表示|指出|宣布|透露|强调|认为|介绍说?|通报|回应)(?!的)"),
    re.compile(r"(?P<who>[^，。；：,\x01]{2,40}?)(?:称|说)(?=[，：,:\x01])"),
)
"""The same in Chinese, where the speaker comes before the verb and nothing is inflected."""
_PHRASAL_VERB = re.compile(
    r"""\bputs?\b(?=[^.;]{3,70}\bat\b)|\b(?:sets?|laid|lays|spelled|spells|pointed|ruled)\s+out\b
    |\b(?:went|goes)\son(?=[,.]|\sto\ssay)|\b(?:played|plays)\sdown\b|\b(?:brushed|brushes)\s(?:off|aside)\b
    |\b(?:makes?|made)\s(?:the|a)\s(?:case|point|claim)\b|\b(?:took|takes)\sthe\sview\b|\bhas\sit\sthat\b|\b(?:expressed|expresses|voiced)\s(?:the\s)?\w+\b""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(
    rf"""(?:\s+(?:(?:late\s|early\s)?on|late|early)\s{_DAY}|\s+(?:last|this|next|earlier\sthis)\s\w+
        |\s+(?:yesterday|today|reporters|separately)
        |\s+(?:in|at|to|by|during)\s(?:an?\s|the\s|its\s|his\s|her\s|reporters|telephone|e-?mail)[^,;]{{0,70}}
        |\s+(?:on|in)\s(?:\d|{_MONTH})[^,;]{{0,20}})*[.\s”\"]*$""",
    re.VERBOSE,
)
"""What may follow a verb that ends its sentence: when, where and to whom something was said."""
_COORDINATED = re.compile(
    r"(?:\b(?:but|while|whereas|although|though|and|yet|as)|[;:\x01])\W*(?:the|a|an|its|his|her)?\s*$", re.IGNORECASE
)
_SOURCE_LINE = re.compile(r"^\W*(?:sources?|via)\s*:\s*(.+)$|^\(?\W*based on\s+(.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Attribution:
    """`speaker` is the phrase for who speaks, `apposition` what is said of them, `cue` the words that tell.

    `start` and `cue_start` are where the phrase and, if it is a verb, the cue stand in the sentence. `framing`
    is true where it holds for the whole sentence, as "according to" does.
    """

    speaker: str
    apposition: str
    cue: str
    start: int
    cue_start: int = -1
    framing: bool = False

    @property
    def end(self) -> int:
        """Where the phrase and its apposition have ended, about."""
        return self.start + len(self.speaker) + len(self.apposition) + 4


def attributions(sentence: str) -> list[Attribution]:
    """All in `sentence`, with its quotations masked, that may attribute it to somebody, in order."""
    said = _UNSAID.sub(lambda m: "\x02" * len(m.group()), sentence)
    return sorted([*_by_frame(said), *_by_verb(said)], key=lambda a: a.start)


def outermost(found: Sequence[Attribution], sentence: str) -> list[Attribution]:
    """Those of `found` that hold for a whole clause of `sentence`; what others say within it is left out."""
    framing = [a for a in found if a.framing]
    last = [a for a in found if a.cue_start > a.start and _SENTENCE_END.match(sentence, a.cue_start + len(a.cue))]
    if framing or last:
        return [*framing, *(a for a in last if a not in framing)]
    return [a for i, a in enumerate(found) if i == 0 or _COORDINATED.search(sentence[: a.start])]


def leaves_unsaid(sentence: str) -> bool:
    """Whether `sentence` tells that somebody did not say or show something."""
    return bool(_UNSAID.search(sentence))


def declared_source(line: str) -> str | None:
    """What a line such as "Source: X" names."""
    match = _SOURCE_LINE.match(line)
    return (match.group(1) or match.group(2)).strip() if match else None


def _by_frame(sentence: str) -> Iterator[Attribution]:
    for pattern in _FRAMES:
        for match in pattern.finditer(sentence):
            yield _following(sentence, match.end(), match.group().strip(), framing=True)
    for pattern in (*_FRAMED, *(_CHINESE if HAN.search(sentence) else ())):
        for match in pattern.finditer(sentence):
            yield Attribution(match["who"], "", "words", match.start("who"), framing=True)


def _by_verb(sentence: str) -> Iterator[Attribution]:
    cues = [*verb_pattern().finditer(sentence), *_PHRASAL_VERB.finditer(sentence)]
    for match in sorted(cues, key=lambda m: m.start()):
        verb, before = match.group(), sentence[: match.start()]
        is_noun = _BEFORE_NOUN.search(before) and not verb.endswith(("said", "told"))
        if is_noun or before.endswith(("United ", "-")) or sentence.startswith("-", match.end()):
            continue
        before = _NOT_DONE.sub("", before)  # who does not expect something has a view of it
        if _NEGATED.search(before):
            continue
        if verb.endswith("ing"):
            if _GOING_ON.search(before):
                yield from _subject(before, verb, match.start())
        elif _PASSIVE.search(before) and not before.rstrip().endswith(" as"):
            by = _BY.match(sentence, match.end())
            if by:
                yield _following(sentence, by.end(), verb)
            elif re.match(r"\s+(?:as\s+)?saying\b", sentence[match.end() :]):
                yield from _subject(before, verb, match.start())
        elif subject := list(_subject(before, verb, match.start())):
            yield from subject
        elif verb in verbs("say") and re.match(r"\s+\S", sentence[match.end() :]):
            inverted = before.rstrip().endswith((",", "\x01"))
            yield _following(sentence, match.end() + 1, verb, framing=inverted)


def _subject(before: str, verb: str, place: int) -> Iterator[Attribution]:
    """The subject that ends `before`, what stands between commas or in brackets behind it taken as apposition."""
    left = _ADVERBS_BEFORE_VERB.sub("", before.rstrip()).rstrip()
    appositions: list[str] = []
    while left.endswith((",", ")", "—", "–")):
        opening = left.rfind("(" if left.endswith(")") else left[-1], 0, len(left) - 1)
        inner = left[opening + 1 : -1]
        clause = not left.endswith(")") and _HARD.search(inner)
        if opening < 0 or not left[:opening].strip() or clause or len(appositions) == _MOST_APPOSITIONS:
            return
        appositions.insert(0, inner.strip())
        left = left[:opening].rstrip()
    relative = _RELATIVE.search(left)
    if relative:
        left = left[: relative.start()]
    start = _clause_start(left)
    phrase = left[start:].strip()
    described = _DESCRIPTION.match(phrase) and _NAME_BEFORE.search(left[:start])
    if described and described.group(1).split()[0] not in names("not"):  # an apposition that has commas itself
        appositions.insert(0, phrase)
        start, phrase = described.start(1), described.group(1)
    if _AND_BUT.search(phrase):  # the subject has done something else before
        end = _PHRASE_END.search(phrase)
        phrase = phrase[: end.start()] if end else ""
    if phrase and len(phrase) <= _LONGEST_PHRASE:
        yield Attribution(phrase, ", ".join(appositions), verb, start, place)


def _clause_start(left: str) -> int:
    """Where the last clause of `left` begins."""
    start = max((m.end() for m in _HARD.finditer(left)), default=0)
    comma = left.rfind(",", start)
    if comma >= 0 and not _COMPANY_FORM.search(left) and not _AND_BUT.search(left):
        start = comma + 1
    return max((m.end() for m in _SUBORDINATOR.finditer(left, start) if not _joins_names(left, m)), default=start)


def _joins_names(text: str, match: re.Match[str]) -> bool:
    """Whether the word is an "and" within a name or between two."""
    before = re.search(r"[A-Z][\w-]*\s+$", text[: match.start()])
    return match.group().lower().startswith("and") and before is not None and text[match.end()].isupper()


def _following(sentence: str, start: int, cue: str, *, framing: bool = False) -> Attribution:
    """The phrase that begins at `start`, and the apposition behind it."""
    rest = sentence[start : start + 2 * _LONGEST_PHRASE]
    end = _PHRASE_END.search(rest)
    phrase, apposition = (rest[: end.start()] if end else rest), ""
    if end and end.group() == ",":
        tail = rest[end.end() :]
        stop = re.search(r"[;:\x01]|\.(?=\s|$)", tail)
        apposition = tail[: stop.start()] if stop else tail
    return Attribution(phrase.strip(" .,"), apposition.strip(), cue, start, framing=framing)
