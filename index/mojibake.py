"""Repairs UTF-8 that was once read as a Thai code page, and leaves real Thai alone.

Two kinds occur. In the exact kind every byte survived, as TIS-620 letters and Windows-1252 signs
("โ€™"), and is decoded back. In the lossy kind the bytes 0x80-0x9F are gone, so that an apostrophe,
a hyphen, a dash or a quotation mark all became the same letter ("โ"): context decides.
"""

import re

_LOST = "\u0e42"  # the letter that the byte 0xE2, first of all general punctuation, turned into
_THAI = "\u0e00-\u0e7f"
_SIGNS = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
_EXACT = re.compile(f"[{_THAI}][{_SIGNS}{_THAI}\u0080-\u00a0]+")
_THAI_LETTER = re.compile(f"(?!{_LOST}[{_SIGNS}\u0080-\u00a0])[{_THAI}]")
# Characters of which one byte survived: E2 (84) A2, E2 80 (9D), E2 80 (A6), and a no-break space after its C2.
_PARTLY_LOST = {"โข": "™", "โ€": "”", "โฆ": "…", "ย ": " ", "ย\u00a0": " "}
_LATIN = re.compile(r"[A-Za-z]")
_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_DEPENDENT = re.compile(r"(?:\w+(?:ed|based|scale|end|term|grade|free|wide|sourced|value)|earths?|tech|like|level)\b")
_COMPOUND_HEADS = (
    "rare",
    "high",
    "low",
    "long",
    "short",
    "large",
    "small",
    "value",
    "state",
    "self",
    "non",
    "co",
    "mid",
)


def repair(text: str) -> str:
    """`text` with Thai-code-page damage undone; text that is really Thai comes back unchanged."""
    if not re.search(f"[{_THAI}]", text):
        return text
    text = _EXACT.sub(lambda m: _decoded(m.group()), text)
    for damaged, sign in _PARTLY_LOST.items():
        text = re.sub(f"(?<![{_THAI}]){damaged}(?![{_THAI}])", sign, text)
    return _restore_lost(text)


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
                _THAI_LETTER.match(damaged, position + length) or (out and _THAI_LETTER.match(out[-1]))
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


def _restore_lost(text: str) -> str:
    out: list[str] = []
    for position, character in enumerate(text):
        if character != _LOST or re.match(f"(?!{_LOST})[{_THAI}]", text[position + 1 : position + 2]):
            out.append(character)
            continue
        out.append(_lost_sign(text, position, quoting=_opens(out)))
    return "".join(out)


def _opens(out: list[str]) -> bool:
    """Whether a double quotation mark is open at the end of `out`, within its paragraph."""
    paragraph = "".join(out).rsplit("\n", 1)[-1]
    return paragraph.count("“") > paragraph.count("”")


def _lost_sign(text: str, position: int, quoting: bool) -> str:
    before, after = text[position - 1 : position] or " ", text[position + 1 : position + 2] or " "
    rest = text[position + 1 :]
    if _LATIN.match(before) and _CONTRACTION.match(rest):
        return "’"
    if before.isspace() or before in "([":
        return "–" if after.isspace() else "“"
    if after.isspace() or after in ".,;:!?)]":
        if quoting:
            return "”"
        return "’" if before in "sS" else "—"
    if before in ".,!?" and quoting:
        return "”"
    if before.isdigit() and after.isdigit():
        return "–"
    word = re.search(r"[\w’-]+$", text[:position])
    if (word and word.group().lower() in _COMPOUND_HEADS) or _DEPENDENT.match(rest):
        return "-"
    return "—"
