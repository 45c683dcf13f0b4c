"""The text of a message in HTML, without what its mail program quoted or added."""

import re

import lxml.html
from lxml.etree import ParserError

_TAG = re.compile(
    r"</?(?:html|body|div|p|br|table|tr|td|span|blockquote|font|meta|style)\b[^<>]{0,2000}>", re.IGNORECASE
)
_ENOUGH = 2
"""Tags of a page from which on a text is one; a customer may mention one."""

_UNSEEN = ("head", "script", "style", "title")
_QUOTES = (
    *(".//blockquote", ".//*[contains(@class, 'gmail_quote')]", ".//*[contains(@class, 'yahoo_quoted')]"),
    *(".//*[contains(@class, 'moz-cite-prefix')]", ".//*[contains(@class, 'protonmail_quote')]"),
    *(".//*[contains(@class, 'gmail_attr')]", ".//*[contains(@class, 'tutanota_quote')]"),
)
_QUOTES_FROM = (".//*[@id='divRplyFwdMsg']", ".//*[@id='appendonsend']", ".//*[contains(@style, 'border-top:solid')]")
"""Where Outlook's quote begins; it goes on to the end."""
_SIGNATURES = (
    *(".//*[contains(@class, 'gmail_signature')]", ".//*[contains(@class, 'moz-signature')]"),
    *(
        ".//*[@id='Signature']",
        ".//*[@id='ms-outlook-mobile-signature']",
        ".//*[contains(@class, 'protonmail_signature')]",
    ),
)
_LINES = ("p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article")


def is_html(text: str) -> bool:
    """Whether a text is a page of HTML."""
    found = _TAG.finditer(text)
    return sum(1 for _, _ in zip(found, range(_ENOUGH), strict=False)) == _ENOUGH


def text_of_html(page: str) -> tuple[str, tuple[str, ...]]:
    """What a page says, and what was left out of it."""
    try:
        # A declaration of an encoding would be obeyed for text that is decoded already, and refused.
        tree = lxml.html.document_fromstring(re.sub(r"<\?xml[^<>]{0,200}\?>", "", page))
    except (ParserError, ValueError):
        return page, ()
    left_out = [name for name, paths in (("quote", _QUOTES), ("signature", _SIGNATURES)) if _drop(tree, paths)]
    for path in _QUOTES_FROM:
        if (begins := tree.find(path) if "contains" not in path else next(iter(tree.xpath(path)), None)) is not None:
            _drop_from(begins)
            left_out.append("quote")
    for unseen in list(tree.iter(*_UNSEEN)):
        unseen.drop_tree()
    for line in tree.iter("br"):
        line.tail = "\n" + (line.tail or "")
    for block in tree.iter(*_LINES):
        block.tail = "\n" + (block.tail or "")
    text = "\n".join(" ".join(line.split()) for line in tree.text_content().split("\n"))
    return text.strip(), ("HTML markup", *(f"{name} in HTML" for name in dict.fromkeys(left_out)))


def _drop(tree: lxml.html.HtmlElement, paths: tuple[str, ...]) -> bool:
    found = [element for path in paths for element in tree.xpath(path)]
    for element in found:
        if element.getparent() is not None:
            element.drop_tree()
    return bool(found)


def _drop_from(begins: lxml.html.HtmlElement) -> None:
    """Drop an element and everything after it."""
    here = begins
    while (parent := here.getparent()) is not None:
        for later in list(here.itersiblings()):
            parent.remove(later)
        here = parent
    begins.drop_tree()
