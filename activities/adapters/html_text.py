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
    *(".//blockquote", ".//*[contains(@class, 'yahoo_quoted')]", ".//*[@name='quoted-content']"),
    *(".//*[contains(@class, 'moz-cite-prefix')]", ".//*[contains(@class, 'protonmail_quote')]"),
    *(".//*[contains(@class, 'gmail_attr')]", ".//*[contains(@class, 'tutanota_quote')]"),
)
_AROUND_QUOTES = ".//*[contains(@class, 'gmail_quote')]"
"""What Gmail puts around a quote: an answer between quotes is in it too."""
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


def text_of_html(page: str, *, cut: bool = True) -> tuple[str, tuple[str, ...]]:
    """What a page says, and what was left out of it.

    Args:
        page: From outside.
        cut: Whether quotes and signatures are left out.
    """
    try:
        # A declaration of an encoding would be obeyed for text that is decoded already, and refused.
        tree = lxml.html.document_fromstring(re.sub(r"<\?xml[^<>]{0,200}\?>", "", page))
    except (ParserError, ValueError):
        return page, ()
    cuts = (("quote", _QUOTES), ("signature", _SIGNATURES)) if cut else ()
    if cut:
        _drop_introductions(tree)
    left_out = [name for name, paths in cuts if _drop(tree, paths)]
    for path in _QUOTES_FROM if cut else ():
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
