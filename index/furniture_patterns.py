"""The phrases and lines by which page furniture is known: data for furniture.py, which decides what goes with them."""

import re

_SITES = r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|e-?mail|bluesky|threads|pocket|tumblr)"
_TOPICS = r"(?:news|articles?|posts?|stories|headlines|coverage|reading|content)"


def _lines_like(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


DISCLAIMER = re.compile(
    r"(?:(?:legal|important|general|editorial|investment|full) )?(?:disclaimers?|disclosures?)\s*[:\u2013\u2014-]",
    re.IGNORECASE,
)
"""The beginning of a disclaimer that has its label on the same line."""
DISCLAIMER_TITLE = re.compile(r"(?:(?:legal|important|editorial) )?(?:disclaimer|disclosure)s?:?", re.IGNORECASE)
"""A whole line that announces a disclaimer."""
SOURCE = re.compile(r"sources?:\s", re.IGNORECASE)
"""The beginning of a line that names where an article is from."""
ENDS_SENTENCE = re.compile(r"[.!?:;,…][\"'”’)\]]*$|[。！？；：]$")
"""The end of a line that no heading has."""

PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"(?<![ \t\u00a0])[ \t\u00a0]*\(opens in a? ?new (?:tab|window)\)(?=\w)", " "),
        (r"(?<![ \t\u00a0])[ \t\u00a0]*\(opens in a? ?new (?:tab|window)\)", ""),
        (r"(?:<|©|&lt;)!--\s{0,9}/?wp:.{0,400}?--(?:>|&gt;|$)", ""),
        (r"(?:^|(?<=[.!?…\]] ))(?-i:The post [A-Z\d“‘]).{1,300}? (?:appeared first|first appeared) on .{1,120}$", ""),
        (r"(?<=\S) ?[·•|–—-] ?\d{1,2}[ -]min(?:ute)?s? read$", ""),
    )
)
"""Phrases between the words of an article, each with what takes its place."""

PAGE_LINE = _lines_like(
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
    r"thanks for reading .{1,60}[!.]? ?subscribe (?:for free|now)\b.{0,120}",
    r"版权所有.{0,60}|[（(]?责任编辑[:：].{0,20}|(?:上一篇|下一篇)[:：].{0,80}|.{0,10}扫一扫.{0,30}|分享到.{0,30}",
)
"""A whole line that stands between the paragraphs of an article and is none."""
COOKIES = re.compile(
    r"(?:we|this (?:web)?site|our (?:web)?site|we and our (?:\d+ )?partners)\b.{0,30}\buses? .{0,40}\bcookies\b"
    r"(?=.*\b(?:accept|consent|agree|your (?:browsing )?experience|preferences|settings|cookie policy)\b).{0,400}"
    r"|we and our (?:\d+ )?partners (?:store|process|access|use)\b.{0,40}\b(?:information|data|identifiers)\b.{0,400}"
    r"|by (?:continuing|using|clicking|browsing)\b.{0,80}\byou (?:agree|consent)\b.{0,80}\bcookies\b.{0,200}",
    re.IGNORECASE,
)
"""A whole line that asks for consent to cookies."""
CREDIT = re.compile(
    r"(?i:(?:file |stock )?(?:photo(?:graph)?|image|picture)s?(?: credits?| courtesy(?: of)?)?) ?[:/©|] ?"
    r"(?:[A-Z©][\w.’'/&-]*,? ?|/ |(?:of|the|via|by|for|and) ){1,8}"
    r"|(?i:photo(?:graph)?) by (?:[A-Z][\w.’'/&-]* ?|on ){1,7}"
    r"|Getty Images(?: ?/ ?\w+)?"
)
"""A whole line that says whose a picture is."""
POINTER = re.compile(
    r"(?:read (?:more|also|next|the full story)|also read|see also|more on this(?: story)?"
    rf"|related(?: {_TOPICS}| story)?|recommended|you may also like)\s?[:：»|]\s*(?P<title>.{{0,200}})",
    re.IGNORECASE,
)
"""A whole line that points to another article, with its `title` if that is on the same line."""

ARTICLE_END = _lines_like(
    r"(?:\d+|no) comments?(?: (?:on|to) .{1,160})?:?|comments? ?\(\d+\)|\d+ (?:replies|responses)(?: to .{1,160})?",
    r"(?:leave|post|submit|add|write) a (?:reply|comment):?|be the first to comment[.!]?",
    r"(?:join|start) the (?:conversation|discussion)[.!]?|(?:log|sign) in to (?:leave a )?comment\.?",
    r"comments? (?:are )?closed\.?|cancel reply",
    r"your email address will not be published.*",
    r"save my name, e-?mail,? and website in this browser.*",
    r"about the authors?:?",
)
"""A whole line with which the part of a page that follows its article begins."""
HEADLINES = _lines_like(
    rf"(?:recent|latest|related|popular|trending|more|top|most read) (?:[\w'’&-]+ ){{0,3}}{_TOPICS}:?",
    r"you (?:may|might) also (?:like|enjoy):?|recommended(?: for you)?:?|read next:?|most (?:read|popular):?",
    r"related(?: topics)?:|# ?related",
)
"""A whole line above a list of other articles."""
SHARE = _lines_like(rf"(?:# ?)?share (?:this(?: (?:article|post|story|page))?|(?:on|via|by) {_SITES}):?|(?:# ?)?share:")
"""A whole line above the buttons that share an article."""
SHARE_BUTTON = _lines_like(rf"{_SITES}|print|copy link|more")
"""A button below such a line."""
INVITATION = _lines_like(
    r"straight (?:in)?to your inbox[.!]?",
    r"(?:subscribe|sign up) (?:to|for) (?:our|the|my) (?:[\w-]+ ){0,4}(?:newsletters?|digest|briefing|updates)[.!:]?",
    r"(?:get|receive) (?:our|the|my) (?:[\w-]+ ){0,4}newsletters?\b.{0,60}|(?:our |free |daily |weekly )*newsletter:?",
    r"stay (?:informed|up to date|in the loop|ahead)[.!]?",
)
"""A whole line with which a box that offers a newsletter begins."""

BOX_WORDS = re.compile(
    r"subscri|newsletter|\binbox\b|\bsign(?:ing)? up\b|\be-?mail\b|privacy policy|\bspam\b|^(?:get|receive|join)\b",
    re.IGNORECASE,
)
"""Words that the lines of a box that offers a newsletter have."""
CALL_TO_ACTION = re.compile(
    r"(?:sign up|subscribe|get|receive|join|enter your|stay|thanks for|fantastic|unsubscribe|no spam|check your"
    r"|by (?:signing|subscribing|submitting|clicking|entering)|you (?:can|may) unsubscribe"
    r"|we (?:will |['’]ll )?(?:never|respect|won['’]t|do not|don['’]t))\b",
    re.IGNORECASE,
)
"""The beginning of a sentence in such a box."""

BYLINE = re.compile(r"By [A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}")
"""A whole line that names the author."""
BIOGRAPHY = re.compile(
    r"\b(?:reporter|journalist|editor|writer|correspondent|columnist|contributor|founders?|co-founder|passion|covers"
    r"|has written|writes (?:about|on|for)|graduated|follow (?:him|her|them)|be reached|years of experience"
    r"|author of|(?:his|her|their) (?:work|career|writing|interests))\b",
    re.IGNORECASE,
)
"""Words that tell a paragraph about an author from one of the article."""
PROVENANCE = re.compile(
    r"this (?:article|story|report|news item|post) (?:is |was |has been )?(?:originally |first |also )?"
    r"(?:publish|appear|originat|translat|produc|sponsor)|(?:corrections?|clarification|editor['’]s note)\s?[:–—]",
    re.IGNORECASE,
)
"""The beginning of a sentence about where an article was first published, or what was corrected in it."""

NAVIGATION = _lines_like(
    r"home|menu|about(?: us)?|contact(?: us)?|news|search|log ?in|sign (?:in|up)|subscribe|topics|videos?|podcasts?"
    r"|events?|advertise|careers|newsletters?|sections|archives?|opinion|markets|shop|close|more|rss|my account"
)
"""An entry of a menu."""
LIST_MARKER = re.compile(r"[-*•‣·▪] |\d{1,2}[.)] ")
"""The beginning of an item of a list."""
