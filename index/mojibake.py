"""Repairs text that was decoded with the wrong encoding, and leaves real Thai and other languages alone.

UTF-8 once read as a Thai code page comes in two kinds. In the exact kind every byte survived, as TIS-620
letters and Windows-1252 signs ("โ€™"), and is decoded back. In the lossy kind the bytes 0x80-0x9F are gone, so
that an apostrophe, a hyphen, a dash or a quotation mark all became the same letter ("โ"): context decides.
Other misreadings ("â€™") are left to ftfy, which knows no Thai code page.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LOST = "\u0e42"  # the letter that the byte 0xE2, first of all general punctuation, turned into
_THAI = "\u0e00-\u0e7f"
_OTHER_THAI = f"(?!{_LOST})[{_THAI}]"
_ANY_THAI = re.compile(f"[{_THAI}]")
_SIGNS = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
_EXACT = re.compile(f"[{_THAI}][{_SIGNS}{_THAI}\u0080-\u00a0]+")
_THAI_LETTER = re.compile(f"(?!{_LOST}(?!{_OTHER_THAI}))[{_THAI}]")
_MISREAD = re.compile(f"[\u00c2-\u00f4\u0420\u0421][{_SIGNS}\u0080-\u00bf\u0400-\u040f\u0451-\u0491 ]")
_HALF_QUOTE = re.compile(r"(?<=\S)â€(?=[\s.,;:!?)]|$)", re.MULTILINE)
# Characters of which not every byte survived, where no Thai letter is beside them; the first that fits.
_PARTLY_LOST = tuple(
    (re.compile(f"(?<!{_OTHER_THAI})(?:{damaged})(?!{_OTHER_THAI})", re.MULTILINE), sign)
    for damaged, sign in (
        (r"(?<=[^\W\d_])โ€(?=[^\W\d_])", "-"),
        ("โ€", "”"),
        (r"^โข(?=\s)|(?<=\s)โข(?=\s)", "•"),
        ("โข", "™"),
        ("โฆ", "…"),
        (r"โฌ(?=\s?\d)|(?<=\d)โฌ|(?<=\d\s)โฌ", "€"),
        (r"(?<=\d)โฒ", "′"),
        (r"(?<=\d)โณ", "″"),
        (r"โค(?=\s?\d)", "≤"),
        (r"โฅ(?=\s?\d)", "≥"),
        (r"(?<=\d)ร(?=\d)|(?<=\d\s)ร(?=\s\d)", "×"),
        (r"(?<=[a-z])ร(?=[a-z])", "ß"),
        (r"\bร(?=[a-z])", "É"),
        ("ย[ \u00a0]?", " "),
    )
)

# What tells the signs of the lossy kind apart, found on half of the sentences of tests/index/test_mojibake.py;
# the other half is what that file measures.
_SHORT_WORDS = _words("a and as at by for in of off on or out per the to up")
_CLAUSE_WORDS = _words(
    """a about across again all almost along already although an and another any are around as at be because been
    before between both but by can could despite did do does each either enough even every except few for from had
    has have he her here hers him his how however i if in including indeed instead into is it its just less like many
    may meanwhile might more most must my namely neither never no none nor not now of on once one only onto or other
    our over perhaps plus rather said say says several she should since so some something still such than thanks that
    the their them then there these they this those though three through throughout thus to too toward towards two
    under unless unlike until up upon via was we were what whatever when where whereas whether which while who whom
    whose why will with within without would yet you your"""
)
_PREPOSITIONS = _words(
    "about across after against along among around as at before behind below between by despite during for from in into"
    " near of on onto over since than through to toward under until upon via while with within without"
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
    "anti bi co counter de eco electro ex hydro inter intra macro mega micro mid mini multi non post"
    " pre pro quasi re self semi sub super trans ultra vice"
    " all half ill part sino anglo franco indo euro"
)
_COMPOUND_TAILS = re.compile(
    r"""(?:adjacent|aged|aware|based|bearing|bound|capable|capita|class|clad|compliant|cost|day|deep|dependent|dominant
    |driven|edge|efficient|effective|end|fold|foot|free|friendly|grade|grown|half|heavy|hour|inch|intensive|ish|kilo\w*
    |led|level|linked|made|makers?|making|meter|metre|mile|minded|month|neutral|old|oriented|owned|person|phase|plus
    |point|powered|producing|product|proof|quality|ready|related|resistant|rich|risk|run|saving|scale|sensitive|setting
    |side|sized|sourced|specific|stage|step|stop|strength|style|tech|term|thickness|tier|time|tonn?e?|using|value
    |week|wide|wise|worthy|year|consuming|facing|leading|lasting|looking|running|ranging|sharing|purity|speed|alloy
    |rolling|breaking|building|changing|cutting|earning|emitting|enhancing|exporting
    |growing|importing|moving|paying|processing|reducing|refining|winning|temperature|pressure|performance|conductivity|house|site|shore|line|off|called|known|century|quarter)s?""",
    re.VERBOSE,
)
_PARTICLE = re.compile(
    r"(?:back|break|build|buy|clean|cut|drop|follow|hold|kick|lay|lock|mark|pay|phase|pick|push|ramp|roll|run|scale|sell"
    r"|set|shut|sign|slow|spin|stand|start|take|tie|trade|wake|warm|write) (?:backs?|downs?|ins?|offs?|ons?|outs?|ups?)"
)
_CONTRACTION = re.compile(r"[\w.)]+ s|\w*n t|\w+ (?:ve|ll|d)|\w+[eouy] re|i m|o clock", re.IGNORECASE)
_NAME = re.compile(r"(?:O|D|L) [A-Z]\w+|(?:Xi|Tai|Ya|Yan|Huai|Ji|Lu|Bao|Rui) an|Ma anshan")
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.){2,}$")
_ELISION = re.compile(r"\d0s\b|0\d\b|(?:em|til|tis|twas|n)\b", re.IGNORECASE)
_FORMULA = re.compile(r"(?<![\w“])(?:CO|SO|NO|H|O|N)$")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LETTER = rf"[^\W{_LOST}]"
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
_RUN = re.compile(f"{_LOST}{{1,4}}(?![{_THAI}])")
_HYPHENATED = re.compile(r"(?<![\w-])([A-Za-z]\w*)-(?=([A-Za-z]\w*))")
_SENTENCE_END = re.compile(r"[.!?][”’)]?\s")


def repair(text: str) -> str:
    """`text` with damage from decoding undone; text that is really Thai, or undamaged, comes back unchanged."""
    if _MISREAD.search(text):
        text = _refixed(text)
    if not _ANY_THAI.search(text):
        return text
    text = _EXACT.sub(lambda m: _decoded(m.group()), text)
    for damaged, sign in _PARTLY_LOST:
        text = damaged.sub(sign, text)
    return _restore_lost(text)


def _refixed(text: str) -> str:
    import ftfy  # deferred: 60 ms that undamaged text does not need

    text = _HALF_QUOTE.sub("”", text)
    return "\n".join(ftfy.fix_encoding(line) if _MISREAD.search(line) else line for line in text.split("\n"))


def _decoded(damaged: str) -> str:
    """`damaged` read back as bytes and decoded as UTF-8, piece by piece; the rest stays.

    Letters beside further Thai letters are a Thai word, whatever their bytes would mean.
    """
    out: list[str] = []
    position = 0
    while position < len(damaged):
        for length in (4, 3, 2):
            piece = damaged[position : position + length]
            if re.fullmatch(f"[{_THAI}]+", piece) and (
                _THAI_LETTER.match(damaged, position + length) or (out and _ANY_THAI.match(out[-1]))
            ):
                continue
            try:
                sign = _bytes(piece).decode("utf-8")
            except (UnicodeError, ValueError):
                continue
            if len(sign) == 1:
                out.append(sign)
                position += length
                break
        else:
            out.append(damaged[position])
            position += 1
    return "".join(out)


def _bytes(piece: str) -> bytes:
    raw = bytearray()
    for character in piece:
        try:
            raw += character.encode("tis-620")
        except UnicodeError:
            raw += bytes([ord(character)]) if 0x80 <= ord(character) <= 0xA0 else character.encode("cp1252")
    if len(raw) < 2:
        raise ValueError("a single byte is no multi-byte character")
    return bytes(raw)


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

    @classmethod
    def at(cls, line: str, place: int, chosen: Mapping[int, str]) -> "_Joint":
        """The joint at `place` of `line`; `chosen` are the signs before it."""
        left = _LEFT_WORD.search(line, max(0, place - 40), place)
        right = _RIGHT_WORD.match(line, place + 1)
        start, end = left.start() if left else place, right.end() if right else place + 1
        following = _NEXT_WORD.match(line, end)
        return cls(
            left=line[start:place],
            right=line[place + 1 : end],
            lead=line[max(0, start - 24) : start],
            following=following[1] if following else "",
            chained=line.startswith(_LOST, end) and not line.startswith(_LOST + "s ", end),
            hyphenated=chosen.get(start - 1) == "-",
        )

    @property
    def usual(self) -> str:
        """The sign where neither the words nor their sentence decide."""
        if self.left[:1].isupper() and self.right[:1].isupper():
            return "–"
        plural = any(re.search("[^isu]s$", word) for word in self.low)
        return "—" if plural or not self.following or self.following in _PREPOSITIONS else "-"

    @property
    def low(self) -> tuple[str, str]:
        return self.left.lower(), self.right.lower()


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
    (lambda j: j.left[0].islower() and j.right[0].isupper(), "—"),
)


def _restore_lost(text: str) -> str:
    if not _RUN.search(text):
        return text
    known = {(a.lower(), b.lower()) for a, b in _HYPHENATED.findall(text)}
    return "\n".join(_restore_line(line, known) if _LOST in line else line for line in text.split("\n"))


def _restore_line(line: str, known: Set[tuple[str, str]]) -> str:
    runs = [_Run(line, *match.span()) for match in _RUN.finditer(line)]
    joints = _joints(line, [run.start for run in runs if run.role == "inside"], known)
    out: list[str] = []
    quotes: list[str] = []  # what closes the quotations that are open, the innermost last
    done = 0
    for run, (closers, certain) in zip(runs, _closers_ahead(runs), strict=True):
        signs = joints.get(run.start) or _signs(run, closers, certain, quotes)
        out += (line[done : run.start], signs)
        done = run.end
    return "".join(out) + line[done:]


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
        """What side it has words on: "open", "close", "apart" (none), "inside" (both) or "glued" (both, as a close)."""
        opens = self.before.isspace() or self.before in '([{<="/'
        if self.after.isspace() or self.after in '.,;:!?)]}…"':
            return "apart" if opens else "close"
        if opens:
            return "open"
        stopped = self.before in ".,!?…" and not _ABBREVIATION.search(self.lead)
        joined = self.length == 1 and not stopped and (self.after.isalnum() or self.after in "$€£¥")
        return "inside" if joined else "glued"


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


def _joints(line: str, places: Sequence[int], known: Set[tuple[str, str]]) -> dict[int, str]:
    """The sign for each place between two words: what its words say, else what the sentence says."""
    joints = {}
    chosen: dict[int, str] = {}
    for place in places:
        joints[place] = joint = _Joint.at(line, place, chosen)
        if joint.pair and (joint.low in known):
            chosen[place] = "-"
            continue
        sign = next((sign for says, sign in _JOINT_RULES if says(joint)), None)
        if sign:
            chosen[place] = sign
    if len(chosen) < len(places):
        ends = [match.end() for match in _SENTENCE_END.finditer(line)]
        dashes = Counter(bisect(ends, place) for place, sign in chosen.items() if sign == "—")
        for place in places:
            if place not in chosen:
                chosen[place] = "—" if dashes[bisect(ends, place)] % 2 else joints[place].usual
    return chosen
