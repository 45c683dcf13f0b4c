"""The text of a message in HTML, without what its mail program quoted or added."""

import re
from html import unescape

import lxml.html
from lxml import etree
from lxml.etree import ParserError

_TAG = re.compile(
    r"</?(?:html|body|div|p|br|table|tr|td|span|blockquote|font|meta|style)\b[^<>]{0,2000}>", re.IGNORECASE
)
# Tags of a page from which on a text is one; a customer may mention one.
_ENOUGH = 2

_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_UNSEEN = ("head", "script", "style", "title", "template", "noscript")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
# A paragraph that its sender indented is a `blockquote` in Gmail and Apple Mail.
_OWN_BLOCK = "(contains(translate(@style, ' ', ''), 'border:none') or contains(@class, 'webkit-indent-blockquote'))"
_QUOTES = (
    *(f".//blockquote[@type='cite' or not({_OWN_BLOCK})]", ".//*[contains(@class, 'yahoo_quoted')]"),
    *(".//*[@name='quoted-content']", ".//*[@name='quote']", ".//*[contains(@class, 'moz-cite-prefix')]"),
    *(".//*[contains(@class, 'protonmail_quote')]", ".//*[contains(@class, 'moz-forward-container')]"),
    *(".//*[contains(@class, 'gmail_attr')]", ".//*[contains(@class, 'tutanota_quote')]"),
    *(".//*[contains(@class, 'zmail_extra')]", ".//*[@id='mail-editor-reference-message-container']"),
    ".//*[@name='messageBodySection']/following-sibling::*[@name='messageReplySection']",
)
# What Gmail puts around a quote: an answer between quotes is in it too.
_AROUND_QUOTES = ".//*[contains(@class, 'gmail_quote')]"
# Where Outlook's quote may begin; it goes on to the end.
_QUOTES_FROM = (
    *(".//*[@id='divRplyFwdMsg']", ".//*[@id='appendonsend']"),
    ".//*[contains(translate(@style, ' ', ''), 'border-top:solid')]",
    ".//*[contains(translate(@style, ' ', ''), 'border-top:1')]",
)
_BORDER = "border-top"
_SHOWN_HEADER = re.compile(r"\s*(?:from|von|de|da|van|från|fra|od|от)\s*:", re.IGNORECASE)
_SIGNATURES = (
    *(".//*[contains(@class, 'gmail_signature')]", ".//*[contains(@class, 'moz-signature')]"),
    *(
        ".//*[@id='Signature']",
        ".//*[@id='ms-outlook-mobile-signature']",
        ".//*[contains(@class, 'protonmail_signature')]",
    ),
)
# Characters of one that a mail program sends as a picture.
_EMOJI = 8
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINES = (
    "p",
    "div",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "section",
    "article",
    "hr",
    "blockquote",
    "dt",
    "dd",
    "center",
)


def is_html(text: str) -> bool:
    """Whether a text is a page of HTML."""
    found = _TAG.finditer(text)
    return sum(1 for _, _ in zip(found, range(_ENOUGH), strict=False)) == _ENOUGH


def text_of_html(page: str, *, cut: bool = True) -> tuple[str, tuple[str, ...]]:
    """Return a page as plain text, and the parts that were cut: quotes and signatures where `cut` says so."""
    try:
        # A declaration of an encoding would be obeyed for text that is decoded already, and refused.
        text = re.sub(r"<\?xml[^<>]{0,200}\?>", "", page)
        # A long correspondence is nested more deeply than the usual 256 levels.
        tree = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True))
    except (ParserError, ValueError):
        return page, ()
    if not tree.text_content().strip() and (words := " ".join(unescape(_ANY_TAG.sub(" ", page)).split())):
        return words, ("HTML markup",)  # nested beyond reading, a message still keeps its words
    cuts = (("quote", _QUOTES), ("signature", _SIGNATURES)) if cut else ()
    if cut:
        _drop_introductions(tree)
    left_out = [name for name, paths in cuts if _drop(tree, paths)]
    for path in _QUOTES_FROM if cut else ():
        if (begins := next(filter(_is_outlook, tree.xpath(path)), None)) is not None:
            _drop_from(begins)
            left_out.append("quote")
    for unseen in (*tree.iter(*_UNSEEN), *filter(_is_hidden, tree.xpath(".//*[@style]"))):
        if unseen.getparent() is not None:
            unseen.drop_tree()
    return _shown(tree), ("HTML markup", *(f"{name} in HTML" for name in dict.fromkeys(left_out)))


def _shown(tree: lxml.html.HtmlElement) -> str:
    # The text as a browser lays it out: a line break in the source is a blank, a block begins and ends a line.
    lines, here = [], ""
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if (tag == "br" and event == "start") or (tag in _LINES and here.strip()):
            lines.append(here)
            here = ""
        if event == "end" and tag in ("td", "th"):
            here += " "
        if tag == "img" and event == "start" and not (alt := element.get("alt", "")).isascii() and len(alt) <= _EMOJI:
            here += alt
        if event == "end" and tag == "p" and not _has_no_margin(element):
            lines.append("")
        text = (element.text if tag else "") if event == "start" else element.tail
        here += (text or "") if _is_preformatted(element, event) else _BLANKS.sub(" ", text or "")
    text = "\n".join(" ".join(line.split()) for line in "\n".join((*lines, here)).split("\n"))
    return text.strip()


def _has_no_margin(paragraph: lxml.html.HtmlElement) -> bool:
    return "Mso" in paragraph.get("class", "") or "margin:0" in paragraph.get("style", "").replace(" ", "")


def _is_preformatted(element: lxml.html.HtmlElement, event: str) -> bool:
    here = element if event == "start" else element.getparent()
    return here is not None and here.tag == "pre"


def _is_outlook(element: lxml.html.HtmlElement) -> bool:
    # Whether headers of a mail are below a line, as Outlook draws it; a customer's table may have such a line too.
    return _BORDER not in element.get("style", "") or bool(_SHOWN_HEADER.match(element.text_content()))


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    return _HIDDEN.search(element.get("style", "")) is not None


def _drop(tree: lxml.html.HtmlElement, paths: tuple[str, ...]) -> bool:
    found = [element for path in paths for element in tree.xpath(path)]
    for element in found:
        if element.getparent() is not None:
            element.drop_tree()
    return bool(found)


def _drop_introductions(tree: lxml.html.HtmlElement) -> None:
    """Drop what introduces a quote of Gmail's, or all that is around it where no quote is marked."""
    for around in tree.xpath(_AROUND_QUOTES):
        quote = next(around.iter("blockquote"), None)
        if quote is None:
            around.drop_tree()
        elif quote is not around:
            around.text = None
            while quote.getparent() is not around:
                quote = quote.getparent()
            for before in list(quote.itersiblings(preceding=True)):
                before.tail = None
                before.drop_tree()


def _drop_from(begins: lxml.html.HtmlElement) -> None:
    """Drop an element and everything after it."""
    here = begins
    while (parent := here.getparent()) is not None:
        for later in list(here.itersiblings()):
            parent.remove(later)
        here = parent
    begins.drop_tree()
