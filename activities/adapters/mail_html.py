"""The HTML part of a mail, made from its text: the same words, and nothing in them is markup.

Styles are inline, because mail programs drop style sheets. Each paragraph finds its own direction, so Arabic or Hebrew
reads right to left inside a letter in English; long words break instead of widening the page.
"""

from collections.abc import Collection, Iterator
from html import escape
from itertools import groupby

LONGEST = 50_000  # characters of a text that gets an HTML part; a longer letter is text alone

_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head>\n'
    '<body style="margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">\n'
    '<div style="max-width:640px;overflow-wrap:anywhere;word-break:break-word">\n{body}\n</div>\n</body>\n</html>\n'
)
_HEADLINE = '<h1 dir="auto" style="font-size:20px;line-height:1.3;margin:0 0 16px">{}</h1>'
_PARAGRAPH = '<p dir="auto" style="margin:0 0 16px">{}</p>'
_QUOTE = (
    '<blockquote dir="auto" style="margin:0 0 16px;padding-left:12px;border-left:3px solid #888888">{}</blockquote>'
)
_BUTTON = (
    '<a href="{}" style="display:inline-block;margin:4px 8px 4px 0;padding:10px 16px;border:1px solid #0b57d0;'
    'border-radius:4px;background:#0b57d0;color:#ffffff;text-decoration:none">{}</a>'
)
_QUOTED = ">"


def html_of(text: str, language: str, links: Collection[str] = ()) -> str:
    """The text as a page of HTML, its first paragraph as the headline.

    Args:
        text: Paragraphs with an empty line between them; lines that begin with `>` are quotes.
        links: Addresses that the program wrote, each after a label on a line of its own; no other becomes a link.
    """
    title = " ".join(text.strip("\n").partition("\n\n")[0].split())
    return _PAGE.format(language=escape(language), title=escape(title), body=body_of(text, links))


def body_of(text: str, links: Collection[str] = ()) -> str:
    """The same without the page around it."""
    headline, *paragraphs = text.strip("\n").split("\n\n")
    parts = [
        _HEADLINE.format(_lines(headline.split("\n"))),
        *(part for one in paragraphs for part in _parts(one, links)),
    ]
    return "\n".join(parts)


def _parts(paragraph: str, links: Collection[str]) -> Iterator[str]:
    for is_quote, lines in groupby(paragraph.split("\n"), key=lambda line: line.startswith(_QUOTED)):
        if is_quote:
            yield _QUOTE.format(_lines([line.removeprefix(_QUOTED).removeprefix(" ") for line in lines]))
        else:
            yield _PARAGRAPH.format(_lines(list(lines), links))


def _lines(lines: list[str], links: Collection[str] = ()) -> str:
    return "<br>\n".join(_button(line, links) or _indented(line) for line in lines)


def _button(line: str, links: Collection[str]) -> str:
    """The line as a button; empty where it has none of our addresses."""
    label, _, address = line.rpartition(": ")
    return _BUTTON.format(escape(address), escape(label)) if label and address in links else ""


def _indented(line: str) -> str:
    words = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(words)) + escape(words)
