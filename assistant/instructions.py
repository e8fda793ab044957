"""Sentences of articles that are written to steer a machine and tell a reader nothing: they are never evidence."""

import re

_STEER = r"(?:ignore|disregard|forget|override|bypass)"
_ALL = r"(?:(?:all|any|every|the|your|of|these|those|this)\s+)*"
_WHAT = (
    r"(?:instructions?|prompts?|rules?|text|context|messages?|directions?|guidelines?|articles?|sources?|evidence"
    r"|disclaimers?)"
)
_SAY = (
    r"(?:state|say|claim|declare|assert|insist|confirm|write|reply|respond|answer|conclude|report"
    r"|tell the (?:user|reader|analyst))"
)
_LEAD = r"^\W*(?:please\s+|always\s+|now\s+|instead,?\s+|then\s+|also\s+|important:?\s+)*"
_NOTICE = (
    r"(?:disclaimers?|caveats?|citations?|source labels?|state[- ](?:ownership|ties|affiliation) "
    r"(?:notes?|notices?|labels?)|system prompt|instructions)"
)
_MACHINE = r"(?:AI|LLM|chatbot|language model|assistant)s?"
_TO_A_MACHINE = re.compile(
    "|".join(
        (
            rf"\b{_STEER}\s+{_ALL}(?:previous|prior|above|preceding|earlier|foregoing|other|system)\b"
            rf"(?:\s+{_WHAT}\b|\s*(?:[.,;:!]|and\b|$))",
            rf"\b{_STEER}\s+(?:(?:all|any|your|these|the)\s+)+(?:instructions?|prompts?|rules|guidelines|disclaimers?)\b",
            r"<\|\w+\|>|\[/?(?:INST|SYS|SYSTEM)\]|<</?SYS>>",
            r"^\W*#{2,}\s*(?:system|instructions?|assistant|user)\b",
            r"^\W*(?:system|assistant|developer|user)(?:\s+(?:prompt|message|note|instruction|override))?\s*[:>\]]",
            rf"\byou are (?:now )?(?:an? |the )?(?:\w+ )?{_MACHINE}\b",
            rf"\b{_MACHINE}\b[^.]{{0,40}}\b"
            r"(?:must|should|shall|(?:are|is) (?:instructed|required|asked|told) to|please)\s+"
            rf"(?:\w+\s+){{0,2}}?(?:{_SAY}|{_STEER}|cite|mention|include|treat|describe|summari[sz]e|present|omit)\b",
            rf"\b{_MACHINE}\b[^.]{{0,30}}\b(?:reading|summari[sz]ing|processing) this\b",
            r"\b(?:begin|start|end|preface|finish) (?:your|every|each|all|the|any) (?:\w+ )?"
            r"(?:answer|reply|response|summary|output)s?\b",
            rf"{_LEAD}{_SAY}\s+(?:(?:only|always|instead|clearly|explicitly)\s+)*(?:that\b|with\b|:)",
            r"\b(?:do not|don['’]t|never|without|omit|remove|drop|suppress|hide|skip|leave out)\s+(?:\w+ing\s+)?"
            r"(?:mention|cite|show|add|include|reveal|display|print|attach|repeat)?\s*"
            rf"(?:(?:the|any|all|a|this|these|those|your|of)\s+)*{_NOTICE}\b",
            r"\b(?:when|if) (?:you are |the user |anyone |somebody |a user )?(?:asked|asks|queried)\b[^.]{0,60}"
            r"\b(?:answer|say|reply|respond|state)\b",
            r"\b(?:reveal|print|repeat|output) (?:your|the) (?:system )?(?:prompt|instructions)\b",
        )
    ),
    re.IGNORECASE,
)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence speaks to a machine that reads it."""
    return bool(_TO_A_MACHINE.search(sentence))
