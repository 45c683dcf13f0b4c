"""Cuts a message down to what its sender wrote now: no quotes, signatures, disclaimers or HTML.

`quotequail` knows how mail programs of many languages begin a quote. What it does not know is added here. Where it is not
clear whether words are the sender's own, they stay: a rule that matches too much is seen, a customer who is not heard is not.
"""

from collections.abc import Callable, Iterable, Sequence
from re import Pattern

import quotequail

from activities.adapters import mail_patterns as marks
from activities.adapters.html_text import is_html, text_of_html
from escalation.triage.excerpt import Excerpt

_HEADERS_WITHIN = 5
_LONGEST_SIGNATURE = 15
"""Lines."""
_LOOKED_AT = 1000
"""Lines in which `quotequail` looks for a quote; it tries dozens of expressions on each."""
_SHORT = 100
"""Characters of a line that may belong to a signature."""

Lines = list[str]


class NewPart:
    """Reads messages as people would: from the top, down to where the sender stopped writing."""

    def excerpt(self, text: str) -> Excerpt:
        """What its sender wrote now, and the parts that were cut."""
        left_out: list[str] = []
        if is_html(text):
            text, in_html = text_of_html(text)
            left_out += in_html
        lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
        whole = lines
        for name, cut in _CUTS:
            kept = cut(lines)
            if gone := _count(lines) - _count(kept):
                left_out.append(f"{name} of {gone} line{'s' if gone > 1 else ''}")
            lines = kept
        if not _count(lines) and any(marks.FORWARDED.match(line[: marks.LONGEST_LINE]) for line in whole):
            # A message that is only forwarded is what its sender has to say.
            return Excerpt(text=text)
        if not left_out:
            return Excerpt(text=text)
        return Excerpt(text="\n".join(lines).strip(), left_out=tuple(left_out))


def _without_quotes(lines: Lines) -> Lines:
    start = _quote_start(lines)
    if start is None:
        return [line for line in lines if not _is_quoted(line)]
    after = next((at for at in range(start, len(lines)) if _ends_intro(lines, at)), start) + 1
    following = next((line for line in lines[after:] if line.strip()), "")
    answers = [line for line in lines[after:] if not _is_quoted(line)] if _is_quoted(following) else []
    above = [line for line in lines[:start] if not _is_quoted(line)]
    return above + (_without_quotes(answers) if answers else [])


def _quote_start(lines: Sequence[str]) -> int | None:
    """The line in which a quote is introduced; None where none is."""
    # A blank line for a sentence that `quotequail` would take for the beginning of a quote.
    short = ["" if _is_said(line[: marks.LONGEST_LINE]) else line[: marks.LONGEST_LINE] for line in lines]
    found = [at for at, line in enumerate(short) if _introduces(short, at, line)]
    expanded, *rest = quotequail.quote("\n".join(short[:_LOOKED_AT]), limit=None, quote_intro_line=True)
    if rest:
        # Its text has each line that it keeps, so their number is where the quote begins.
        found.append(expanded[1].count("\n") + 1 if expanded[1] else 0)
    return min(found, default=None)


def _introduces(lines: Sequence[str], at: int, line: str) -> bool:
    line = line.strip(" >")
    if marks.SEPARATOR.fullmatch(line) or marks.WROTE.fullmatch(line):
        return True
    if marks.WROTE_BEGINS.match(line):
        joined = " ".join(each.strip(" >") for each in lines[at : at + 3])[: marks.LONGEST_LINE]
        wrote = marks.WROTE.match(joined)
        return wrote is not None and not _is_said(joined)
    block = lines[at + 1 : at + 1 + _HEADERS_WITHIN]
    if not marks.FROM.match(line):
        # GMX and others begin with the date.
        return marks.HEADER.match(line) is not None and _is_header_block(block[:3])
    return any(marks.HEADER.match(each.strip(" >")) for each in block) or any(
        key in line.casefold() for key in (" sent: ", " gesendet: ", " date: ", " subject: ", " betreff: ")
    )


def _is_header_block(lines: Sequence[str]) -> bool:
    shown = [line.strip(" >") for line in lines]
    return any(map(marks.FROM.match, shown)) and any(map(marks.HEADER.match, shown))


def _is_said(line: str) -> bool:
    """Whether the sender says themselves what was written: "On Monday I wrote to you:"."""
    return marks.SAID.search(line) is not None and "@" not in line


def _ends_intro(lines: Sequence[str], at: int) -> bool:
    return (
        lines[at].rstrip().endswith(":")
        or at + 1 == len(lines)
        or not lines[at + 1].strip()
        or _is_quoted(lines[at + 1])
    )


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|>"))


def _without_disclaimers(lines: Lines) -> Lines:
    kept: Lines = []
    for paragraph in _paragraphs(lines, marks.DISCLAIMER_BEGINS):
        words = " ".join(paragraph)
        count = len({found[0].casefold() for found in marks.DISCLAIMER_WORDS.finditer(words)})
        begins = marks.DISCLAIMER_BEGINS.match(words.strip()[: marks.LONGEST_LINE]) is not None
        # Text in the first person is not a legal notice, however confidential.
        own = sum(1 for _ in marks.OWN.finditer(marks.NOTIFY.sub(" ", words)))
        if count >= (2 if begins else 4) and own == 0:
            continue
        kept += paragraph
    return kept


def _without_signature(lines: Lines) -> Lines:
    lines = _above_mark([line for line in lines if not marks.PHONE.fullmatch(line.strip())])
    for at, line in enumerate(lines):
        if _is_closing(line) and _count(lines[:at]):
            return lines[:at] + _kept_paragraphs(lines[at + 1 :])
        if marks.CLOSED_BY_NAME.fullmatch(line.strip()) and _count(lines[:at]) and not _count(lines[at + 1 :]):
            return lines[:at]
    return _without_card(lines)


def _above_mark(lines: Lines) -> Lines:
    """The lines above `-- `, and what is more than a signature below it."""
    for at, line in enumerate(lines):
        if marks.DELIMITER.fullmatch(line) and _count(lines[at + 1 :]) <= _LONGEST_SIGNATURE and _count(lines[:at]):
            below = (each for each in _kept_paragraphs(lines[at + 1 :]) if not marks.DELIMITER.fullmatch(each))
            return lines[:at] + _spoken(below)
    return lines


def _is_closing(line: str) -> bool:
    return marks.CLOSING.fullmatch(line.strip(" ,.!;:-\u2013")[: marks.LONGEST_LINE]) is not None


def _kept_paragraphs(lines: Iterable[str]) -> Lines:
    """Of what follows a closing, what is more than a signature: a postscript, or a sentence."""
    return [line for each in _paragraphs(lines) if not _is_card(each) for line in each]


def _spoken(lines: Iterable[str]) -> Lines:
    """Of what follows the mark of a signature, what its sender says themselves: a postscript, but no motto."""
    return [line for each in _paragraphs(lines) if _is_said_below(each) for line in each]


def _is_said_below(paragraph: Sequence[str]) -> bool:
    words = " ".join(paragraph)
    return bool(marks.OWN.search(words)) or any(marks.POSTSCRIPT.match(line) for line in paragraph)


def _without_card(lines: Lines) -> Lines:
    """The lines but a name with a title or an address below all else."""
    paragraphs = list(_paragraphs(lines))
    kept = list(paragraphs)
    while len([each for each in kept if _count(each)]) > 1:
        last = next(at for at in range(len(kept) - 1, -1, -1) if _count(kept[at]))
        first_line = next(line for line in kept[last] if line.strip()).strip()
        named = marks.NAME.fullmatch(first_line[: marks.LONGEST_LINE]) and not first_line.isupper()
        is_rule = all(marks.SOFT_DELIMITER.fullmatch(line) for line in kept[last] if line.strip())
        is_footer = any(marks.FOOTER.search(line) for line in kept[last])
        is_contact = all(marks.CONTACT.fullmatch(line) for line in kept[last] if line.strip())
        is_named = named and _count(kept[last]) > 1
        if not (is_rule or is_contact or (_is_card(kept[last]) and (is_footer or is_named))):
            break
        del kept[last:]
    return [line for each in kept for line in each]


def _is_card(paragraph: Sequence[str]) -> bool:
    """Whether it can be a name with a title, an address, a company: short lines that are not sentences."""
    lines = [line.strip() for line in paragraph if line.strip()]
    return len(lines) <= _LONGEST_SIGNATURE and not any(_is_sentence(line) for line in lines)


def _is_sentence(line: str) -> bool:
    if len(line) > _SHORT:
        return not marks.FOOTER.search(line[: marks.LONGEST_LINE])
    line = marks.BY_ORDER.sub("", line)
    if marks.POSTSCRIPT.match(line) or marks.SPOKEN.search(line):
        return True
    return bool(marks.SENTENCE_END.search(line)) and not marks.ABBREVIATED.search(line)


def _paragraphs(lines: Iterable[str], begins: Pattern[str] | None = None) -> Iterable[Lines]:
    """Lines up to and with the blank ones that part them; a line that `begins` matches starts another."""
    paragraph: Lines = []
    blank = False
    for line in lines:
        starts = begins is not None and begins.match(line[: marks.LONGEST_LINE]) is not None
        if paragraph and ((blank and line.strip()) or starts):
            yield paragraph
            paragraph = []
        paragraph.append(line)
        blank = not line.strip()
    if paragraph:
        yield paragraph


def _count(lines: Iterable[str]) -> int:
    return sum(1 for line in lines if line.strip())


_CUTS: tuple[tuple[str, Callable[[Lines], Lines]], ...] = (
    ("quote", _without_quotes),
    ("disclaimer", _without_disclaimers),
    ("signature", _without_signature),
)
