"""The signs that text lost when UTF-8 was read as a Thai code page without its bytes 0x80-0x9F.

An apostrophe, a hyphen, a dash and a quotation mark all became the same letter there: context decides.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

LOST = "\u0e42"
"""The letter that the byte 0xE2, first of all general punctuation, turned into."""
THAI = "\u0e00-\u0e7f"
"""The Thai letters, as a range within a character class."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What tells the signs apart, found on half of the sentences of tests/index/test_mojibake.py;
# the other half is what tests/index/test_lost_signs.py measures.
_SHORT_WORDS = _words("a and as at by for in of off on or out per the to up")
_CLAUSE_WORDS = _words(
    """a about across again all almost along already although an and another any are around as at be because been
    before between both but by can could despite did do does each either enough even every except few for from had
    has have he her here hers him his how however i if in including indeed instead into is it its just less like
    many may meanwhile might more most must my namely neither never no none nor not now of on once one only onto or
    other our over perhaps plus rather said say says several she should since so some something still such than
    thanks that the their them then there these they this those though three through throughout thus to too toward
    towards two under unless unlike until up upon via was we were what whatever when where whereas whether which
    while who whom whose why will with within without would yet you your"""
)
_PREPOSITIONS = _words(
    """about across after against along among around as at before behind below between by despite during for from in
    into near of on onto over since than through to toward under until upon via while with within without"""
)
_COMPOUND_HEADS = _words(
    """after all anti back best better bi big broad by carbon clean close co cold cost counter cross de deep double
    down dry dual early eco eight eighty electro ex extra far fast fifty first five flat forty four fourth free
    front full good half hard heavier heavy high higher hot hydro ill in inter intra large larger late light long
    longer low lower macro mass mega micro mid middle mini multi near new nine ninety non off old on open out over
    part post pre private pro public quarter quasi quick rare re real record second self semi seven seventy short
    single six sixty slow small soft state sub super ten third thirty three top trans triple twenty two ultra under
    upper value vice well wet wide worst zero"""
)
_PREFIXES = _words(
    """anti bi co counter de eco electro ex hydro inter intra macro mega micro mid mini multi non post pre pro quasi
    re self semi sub super trans ultra vice all half ill part sino anglo franco indo euro"""
)
_COMPOUND_TAILS = re.compile(
    r"""(?:adjacent|aged|aware|based|bearing|bound|capable|capita|class|clad|compliant|cost|day|deep|dependent|dominant
    |driven|edge|efficient|effective|end|fold|foot|free|friendly|grade|grown|half|heavy|hour|inch|intensive|ish|kilo\w*
    |led|level|linked|made|makers?|making|meter|metre|mile|minded|month|neutral|old|oriented|owned|person|phase|plus
    |point|powered|producing|product|proof|quality|ready|related|resistant|rich|risk|run|saving|scale|sensitive|setting
    |side|sized|sourced|specific|stage|step|stop|strength|style|tech|term|thickness|tier|time|tonn?e?|using|value|week
    |wide|wise|worthy|year|consuming|facing|leading|lasting|looking|running|ranging|sharing|purity|speed|alloy|rolling
    |breaking|building|changing|cutting|earning|emitting|enhancing|exporting|growing|importing|moving|paying|processing
    |reducing|refining|winning|temperature|pressure|performance|conductivity|house|site|shore|line|off|called|known
    |century|quarter)s?""",
    re.VERBOSE,
)
_PARTICLE = re.compile(
    r"(?:back|break|build|buy|clean|cut|drop|follow|hold|kick|lay|lock|mark|pay|phase|pick|push|ramp|roll|run|scale|sell"
    r"|set|shut|sign|slow|spin|stand|start|take|tie|trade|wake|warm|write) (?:backs?|downs?|ins?|offs?|ons?|outs?|ups?)"
)
_CONTRACTION = re.compile(r"[\w.)]+ s|\w*n t|\w+ (?:ve|ll|d)|\w+[eouy] re|i m|o clock", re.IGNORECASE)
_NAME = re.compile(r"(?:O|D|L) [A-Z]\w+|(?:Xi|Tai|Ya|Yan|Huai|Ji|Lu|Bao|Rui) an|Ma anshan")
_ELISION = re.compile(r"\d0s\b|0\d\b|(?:em|til|tis|twas|n)\b", re.IGNORECASE)
_FORMULA = re.compile(r"(?<![\w“])(?:CO|SO|NO|H|O|N)$")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LETTER = rf"[^\W{LOST}]"
_LEFT_WORD = re.compile(rf"(?:{_LETTER}(?:{_LETTER}|[’.]){{,40}}|[%)])$")
_RIGHT_WORD = re.compile(rf"[$€£¥]?(?:{_LETTER}|’){{1,40}}(?:\.{_LETTER}+)*")
_NEXT_WORD = re.compile(r"\s+(\w+)")
_COPULA = re.compile(r"\b(?:is|are|was|were|be|been|remains?|looks?|seems?)(?: \w+)? $")
_PARTICIPLE = re.compile(r"\w{2,}ed|led|made|built|driven|owned|grown|known|run|sold|held|set")
_NUMBER_LEFT = re.compile(r"[\d%]$")
_NUMBER_RIGHT = re.compile(r"[$€£¥]?\d")
_CODE = re.compile(r"[A-Z]\w{,2}|[A-Z]{,6}")
_SUSPENDED = re.compile(r"\b(?:" + "|".join(sorted(_PREFIXES)) + ")$", re.IGNORECASE)
_JOINING = re.compile(r" (?:and|or|to) ")
_POSSESSIVE = re.compile(r"[sSz]$|(?:[A-Z]\.){2,}$")
_HYPHENATED = re.compile(r"(?<![\w-])([A-Za-z]\w*)-(?=([A-Za-z]\w*))")
_SENTENCE_END = re.compile(r"[.!?][”’)]?\s")
_RUN = re.compile(f"{LOST}{{1,4}}(?![{THAI}])")
_BETWEEN_WORDS = re.compile(
    rf"(?:(?<=[^\s(\[{{<=\"/.,!?…{LOST}])|(?<=\b[A-Za-z]\.[A-Za-z]\.)){LOST}(?=[^\W_{THAI}]|[$€£¥])"
)
_BEHIND, _AHEAD = 64, 128
"""Characters on either side of a sign between two words that decide it: a word of 40 and its lead, two words."""


def restore_lost_signs(text: str) -> str:
    """`text` with a sign for each letter that stands for a lost one; Thai words come back unchanged."""
    if not _RUN.search(text):
        return text
    known = {(a.lower(), b.lower()) for a, b in _HYPHENATED.findall(text)}
    return "\n".join(_restored(line, known) if LOST in line else line for line in text.split("\n"))


def _restored(line: str, known: Set[tuple[str, str]]) -> str:
    joints = _joint_signs(line, known)
    runs = [_Run(line, *match.span()) for match in _RUN.finditer(line) if match.start() not in joints]
    letters = list(line)
    for place, sign in joints.items():
        letters[place] = sign
    quotes: list[str] = []  # what closes the quotations that are open, the innermost last
    for run, (closers, certain) in zip(runs, _closers_ahead(runs), strict=True):
        letters[run.start : run.end] = [_signs(run, closers, certain, quotes), *[""] * (run.length - 1)]
    return "".join(letters)


def _joint_signs(line: str, known: Set[tuple[str, str]]) -> dict[int, str]:
    """The sign for each place between two words: what its words say, else what the sentence says."""
    chosen: dict[int, str] = {}
    unsaid: dict[int, _Joint] = {}
    for match in _BETWEEN_WORDS.finditer(line):
        place = match.start()
        behind = max(0, place - _BEHIND)
        hyphen = chosen.get(line.rfind(LOST, behind, place)) == "-"
        joint = _joint(line[behind:place], line[place + 1 : place + _AHEAD], hyphen)
        sign = "-" if joint.low in known else joint.sign
        if sign:
            chosen[place] = sign
        else:
            unsaid[place] = joint
    if unsaid:
        ends = [match.end() for match in _SENTENCE_END.finditer(line)]
        dashes = Counter(bisect(ends, place) for place, sign in chosen.items() if sign == "—")
        for place, joint in unsaid.items():
            chosen[place] = "—" if dashes[bisect(ends, place)] % 2 else joint.usual
    return chosen


@dataclass(frozen=True)
class _Joint:
    """A lost sign between two words: the words, what stands around them, and what its neighbors became."""

    left: str
    right: str
    lead: str
    following: str
    chained: bool  # another lost sign stands right behind the right word
    hyphenated: bool  # a hyphen stands right before the left word

    @property
    def pair(self) -> str:
        return f"{self.left} {self.right}"

    @cached_property
    def low(self) -> tuple[str, str]:
        return self.left.lower(), self.right.lower()

    @cached_property
    def sign(self) -> str:
        """The sign that the words call for, "" where they do not decide."""
        return next((sign for says, sign in _JOINT_RULES if says(self)), "")

    @property
    def usual(self) -> str:
        """The sign where neither the words nor their sentence decide."""
        if self.left[:1].isupper() and self.right[:1].isupper():
            return "–"
        plural = any(re.search("[^isu]s$", word) for word in self.low)
        return "—" if plural or not self.following or self.following in _PREPOSITIONS else "-"


@lru_cache(maxsize=256)  # a text of one joint repeated would otherwise take seconds
def _joint(before: str, after: str, hyphen: bool) -> _Joint:
    """The joint between `before` and `after`; `hyphen`: the last lost sign in `before` was one."""
    left = _LEFT_WORD.search(before, max(0, len(before) - 40))
    right = _RIGHT_WORD.match(after)
    start, end = left.start() if left else len(before), right.end() if right else 0
    following = _NEXT_WORD.match(after, end)
    return _Joint(
        left=before[start:],
        right=after[:end],
        lead=before[max(0, start - 24) : start],
        following=following[1] if following else "",
        chained=after.startswith(LOST, end) and not after.startswith(LOST + "s ", end),
        hyphenated=hyphen and before.endswith(LOST, 0, start),
    )


_DETERMINERS = _words("a an another her his its no our some that the their these this those your")
_JOINT_RULES: Sequence[tuple[Callable[[_Joint], object], str]] = (
    (lambda j: _CONTRACTION.fullmatch(j.pair) and not (j.chained and j.right == "re"), "’"),
    (lambda j: _NAME.fullmatch(j.pair) and j.following not in _DETERMINERS, "’"),
    (lambda j: j.chained and j.right in _SHORT_WORDS, "-"),
    (lambda j: j.hyphenated and j.left in _SHORT_WORDS, "-"),
    (lambda j: _NUMBER_LEFT.search(j.left) and (_NUMBER_RIGHT.match(j.right) or _MONTH.fullmatch(j.right)), "–"),
    (lambda j: _PARTICLE.fullmatch(" ".join(j.low)), "-"),
    (lambda j: j.low[1] in _CLAUSE_WORDS, "—"),
    (lambda j: _PARTICIPLE.fullmatch(j.low[1]) and j.following in _PREPOSITIONS | _DETERMINERS, "—"),
    (lambda j: j.right.endswith("ing") and (j.following in _DETERMINERS or j.following[:1].isupper()), "—"),
    (lambda j: _COMPOUND_TAILS.fullmatch(j.low[1]), "-"),
    (lambda j: j.left == ")" or _YEAR.fullmatch(j.left), "—"),
    (lambda j: _NUMBER_LEFT.search(j.left), "-"),
    (lambda j: _NUMBER_RIGHT.match(j.right) and (_CODE.fullmatch(j.left) or j.low[0] in _COMPOUND_HEADS), "-"),
    (lambda j: _NUMBER_RIGHT.match(j.right), "—"),
    (lambda j: _PARTICIPLE.fullmatch(j.low[1]), "-"),
    (lambda j: _COPULA.search(j.lead) and j.low[0] not in _PREFIXES, "—"),
    (lambda j: j.low[0] in _COMPOUND_HEADS | _PREFIXES or (len(j.left) == 1 and j.left not in "aI"), "-"),
    (lambda j: len(j.right) > 4 and j.right.endswith(("ly", "ing")), "—"),
    (lambda j: j.left[:1].islower() and j.right[:1].isupper(), "—"),
)


@dataclass(frozen=True)
class _Run:
    """Lost signs side by side in a line."""

    line: str
    start: int
    end: int

    @property
    def before(self) -> str:
        return self.line[self.start - 1] if self.start else " "

    @property
    def after(self) -> str:
        return self.line[self.end : self.end + 1] or " "

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def lead(self) -> str:
        return self.line[max(0, self.start - 12) : self.start]

    @property
    def weak(self) -> bool:
        """Whether an apostrophe may stand here, as in "the workers' canteen"."""
        return self.before in "sSz" and self.after not in ".,;:!?)"

    @cached_property
    def role(self) -> str:
        """What side it has words on: "open", "close", "apart" (none) or "glued" (both, as a close)."""
        opens = self.before.isspace() or self.before in '([{<="/'
        if self.after.isspace() or self.after in '.,;:!?)]}…"':
            return "apart" if opens else "close"
        return "open" if opens else "glued"


def _closers_ahead(runs: Sequence[_Run]) -> list[tuple[int, bool]]:
    """For each run, how many may close a quotation before the next opens, and whether one does for certain."""
    ahead: list[tuple[int, bool]] = []
    count, certain = 0, False
    for run in reversed(runs):
        ahead.append((count, certain))
        if run.role == "open":
            count, certain = 0, False
        elif run.role in ("close", "glued"):
            count += run.length
            certain = certain or not run.weak
    return ahead[::-1]


def _signs(run: _Run, closers: int, certain: bool, quotes: list[str]) -> str:
    if run.role == "apart":
        return "–" * run.length
    if run.role == "open":
        return _opening(run, closers, quotes)
    if run.role == "close":
        return _closing(run, certain, quotes)
    if quotes:
        return quotes.pop() + "—" * (run.length - 1)
    if run.length > 1:
        quotes.append("”")
    return "—“"[: run.length]


def _opening(run: _Run, closers: int, quotes: list[str]) -> str:
    rest = run.line[run.end : run.end + 8]
    if _ELISION.match(rest):
        return "’"
    if rest[0].isdigit() and not closers:
        return "−"
    if run.length == 1 and quotes == ["”"] and closers > 1:
        quotes.append("’")
        return "‘"
    quotes[:] = ["”", "’"][: run.length]
    return "“‘"[: run.length]


def _closing(run: _Run, certain: bool, quotes: list[str]) -> str:
    if run.length == 1:
        if _FORMULA.search(run.lead):
            return "₂"
        if _SUSPENDED.search(run.lead) and _JOINING.match(run.line, run.end):
            return "-"
        if run.weak and (not quotes or (certain and quotes[-1] != "’")):
            return "’"
        if not quotes:
            return "’" if _POSSESSIVE.search(run.lead) else "”" if run.before in ".,!?" else "—"
    closed = [quotes.pop() for _ in range(min(run.length, len(quotes)))]
    return "".join(["’", "”"][: run.length - len(closed)] + closed)
