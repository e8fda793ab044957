"""Repairs text that was decoded with the wrong encoding, and leaves real Thai and other languages alone.

UTF-8 once read as a Thai code page comes in two kinds. In the exact kind every byte survived, as TIS-620
letters and Windows-1252 signs ("โ€™"), and is decoded back. In the lossy kind the bytes 0x80-0x9F are gone, so
that an apostrophe, a hyphen, a dash or a quotation mark all became the same letter ("โ"): lost_signs.py decides.
Other misreadings ("â€™") are left to ftfy, which knows no Thai code page.
"""

import re

from index.lost_signs import LOST, THAI, restore_lost_signs

_OTHER_THAI = f"(?!{LOST})[{THAI}]"
_ANY_THAI = re.compile(f"[{THAI}]")
_ALL_THAI = re.compile(f"[{THAI}]+")
_SIGNS = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
_EXACT = re.compile(f"[{THAI}][{_SIGNS}{THAI}\u0080-\u00a0]+")
_CONTINUATION = f"[{_SIGNS}\u0080-\u00a0\u0e01-\u0e1f]"
_SEQUENCE = re.compile(  # what the two, three or four bytes of a character in UTF-8 became
    f"[\u0e22-\u0e3a\u0e3f]{_CONTINUATION}|[\u0e40-\u0e4f]{_CONTINUATION}{{2}}|[\u0e50-\u0e54]{_CONTINUATION}{{3}}"
)
_BYTES = str.maketrans(
    {sign: sign.encode("cp1252").decode("latin-1") for sign in _SIGNS}
    | {chr(ord("\u0e01") - 0xA1 + byte): chr(byte) for byte in range(0xA1, 0x100)}
)
_THAI_LETTER = re.compile(f"(?!{LOST}(?!{_OTHER_THAI}))[{THAI}]")
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


def repair(text: str) -> str:
    """`text` with damage from decoding undone; text that is really Thai, or undamaged, comes back unchanged."""
    if _MISREAD.search(text):
        text = _refixed(text)
    if not _ANY_THAI.search(text):
        return text
    text = _EXACT.sub(lambda m: _decoded(m.group()), text)
    for damaged, sign in _PARTLY_LOST:
        text = damaged.sub(sign, text)
    return restore_lost_signs(text)


def _refixed(text: str) -> str:
    import ftfy  # deferred: 60 ms that undamaged text does not need

    text = _HALF_QUOTE.sub("”", text)
    return "\n".join(ftfy.fix_encoding(line) if _MISREAD.search(line) else line for line in text.split("\n"))


def _decoded(damaged: str) -> str:
    """`damaged` read back as bytes and decoded as UTF-8, character by character; the rest stays.

    Letters beside further Thai letters are a Thai word, whatever their bytes would mean.
    """
    out: list[str] = []
    position = 0
    while found := _SEQUENCE.search(damaged, position):
        start, end = found.span()
        out += damaged[position:start]
        beside_thai = _THAI_LETTER.match(damaged, end) or (out and _ANY_THAI.match(out[-1]))
        sign = "" if beside_thai and _ALL_THAI.fullmatch(damaged, start, end) else _character(found.group())
        out.append(sign or damaged[start])
        position = end if sign else start + 1
    return "".join(out) + damaged[position:]


def _character(sequence: str) -> str:
    """The character whose bytes in UTF-8 became `sequence`, "" where UTF-8 has none (as for a surrogate)."""
    return sequence.translate(_BYTES).encode("latin-1").decode("utf-8", errors="ignore")
