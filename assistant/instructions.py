"""Sentences of articles that are written to steer a machine and tell a reader nothing: they are never evidence."""

import re
import unicodedata
from functools import lru_cache

_LONGEST = 2000
"""Characters of a sentence that are looked at."""
_ALIKE = str.maketrans("аеорсухіӏАЕОРСУХІ", "aeopcyxilAEOPCYXI")
"""Cyrillic letters that look like Latin ones."""
_STEER = r"(?:ignore|disregard|forget|override|bypass)"
_ALL = r"(?:(?:all|any|every|the|your|of|these|those|this)\s+)*"
_WHAT = (
    r"(?:instructions?|prompts?|rules?|text|context|messages?|directions?|guidelines?|articles?|sources?|evidence"
    r"|disclaimers?)"
)
_EARLIER = r"(?:previous|prior|above|preceding|earlier|foregoing|other|system)\b"
_SAY = (
    r"(?:state(?! with)|say|claim|declare|assert|insist|confirm|write|reply|respond|answer|conclude|report"
    r"|tell the (?:user|reader|analyst))"
)
_LEAD = r"^\W*(?:please\s+|always\s+|now\s+|instead,?\s+|then\s+|also\s+|important:?\s+)*"
_NOTICE = (
    r"(?:disclaimers?|caveats?|citations?|source labels?|state[- ](?:ownership|ties|affiliation) "
    r"(?:notes?|notices?|labels?)|system prompt)"
)
_MACHINE = r"(?:AI(?: (?:assistant|model|system|agent|reader)s?)?|LLMs?|chatbots?|language models?|assistants)"
_TO_A_MACHINE = re.compile(
    "|".join(
        (
            rf"{_LEAD}{_STEER}\s+{_ALL}{_EARLIER}(?:\s+{_WHAT}\b|\s*(?:[.,;:!]|and\b|$))",
            rf"\b{_STEER}\s+{_ALL}{_EARLIER}\s+(?:instructions?|prompts?|messages?|context)\b",
            rf"\b{_STEER}\s+(?:(?:all|any|your|these|the)\s+)+(?:instructions?|prompts?|rules|guidelines|disclaimers?)\b",
            r"<\|\w+\|>|\[/?(?:INST|SYS|SYSTEM)\]|<</?SYS>>",
            r"^[^\w#]*#{2,}\s*(?:system|instructions?|assistant|user)\b",
            r"^\W*(?:system|assistant|developer|user)(?:\s+(?:prompt|message|note|instruction|override))?\s*[:>\]]",
            rf"\byou are (?:now )?(?:an? |the )?(?:\w+ )?{_MACHINE}\b",
            rf"\b{_MACHINE}(?:\s+\w+ing\b[^.]{{0,30}})?\s+"
            r"(?:must|should|shall|(?:are|is) (?:instructed|required|asked|told) to|please)\s+"
            rf"(?:\w+\s+){{0,2}}?(?:{_SAY}|{_STEER}|cite|mention|include|treat|describe|summari[sz]e|present|omit)\b",
            rf"\b{_MACHINE}\b[^.]{{0,30}}\b(?:reading|summari[sz]ing|processing) this\b",
            r"\b(?:begin|start|end|preface|finish) (?:your|every|each|all|the|any) (?:\w+ )?"
            r"(?:answer|reply|response|summary|output)s?\b",
            rf"{_LEAD}{_SAY}\s+(?:(?:only|always|instead|clearly|explicitly)\s+)*(?:that\b|with\b|:)",
            r"\b(?:do not|don['’]t|never|without|omit|remove|drop|suppress|hide|skip|leave out)\s+(?:\w+ing\s+)?"
            r"(?:mention|cite|show|add|include|reveal|display|print|attach|repeat)?\s*"
            rf"(?:(?:the|any|all|a|this|these|those|your|of)\s+)*{_NOTICE}\b",
            r"\b(?:when|if) (?:you are |you['’]re |the user |a user |anyone |somebody )?(?:asked|asks|queried)\b"
            r"[^.,]{0,60},\s*"
            r"(?:please\s+|always\s+|only\s+)*(?:answer|say|reply|respond|state)\b",
            r"\bnote (?:to|for) (?:any |all |the )?(?:AI|LLM|assistant|model|chatbot)s?\b",
            r"\b(?:anyone|whoever|any (?:system|tool|model)) (?:who |that )?(?:is )?"
            r"(?:summari[sz]\w+|reading|quoting) this\b",
            r"\b(?:reveal|print|repeat|output) (?:your|the) (?:system )?(?:prompt|instructions)\b",
        )
    ),
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def is_instruction(sentence: str) -> bool:
    """Whether a sentence speaks to a machine that reads it."""
    plain = unicodedata.normalize("NFKC", sentence[:_LONGEST]).translate(_ALIKE)
    return bool(_TO_A_MACHINE.search(" ".join(plain.split())))
