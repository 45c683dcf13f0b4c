"""Cuts a message down to what its sender wrote now: no quotes, signatures, disclaimers or HTML."""

from collections.abc import Callable, Iterable, Sequence
from re import Pattern

from activities.adapters import mail_patterns as marks
from activities.adapters.html_text import is_html, text_of_html
from activities.adapters.quotes import Lines, without_quotes
from escalation.triage.excerpt import Excerpt

# Lines.
_LONGEST_SIGNATURE = 15
# Characters of a line that may belong to a signature.
_SHORT = 100


class NewPart:
    """Reads messages as people would: from the top, down to where the sender stopped writing."""

    def excerpt(self, text: str) -> Excerpt:
        """Return the new part of a message, and the parts that were cut."""
        left_out: list[str] = []
        if is_html(text):
            text, in_html = text_of_html(text)
            left_out += in_html
        lines = [_tidy(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
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


def _tidy(line: str) -> str:
    return line if line == marks.SIGNATURE_MARK else line.rstrip()


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
    lines = _above_mark([line for line in lines if not marks.PHONE.fullmatch(line.strip()[: marks.LONGEST_LINE])])
    for at, line in enumerate(lines):
        if _is_closing(line) and _says(lines[:at]) and not (marks.THANKS.match(line) and _is_list(lines[at + 1 :])):
            return lines[:at] + _kept_paragraphs(lines[at + 1 :])
        if marks.CLOSED_BY_NAME.fullmatch(line.strip()) and _count(lines[:at]) and not _count(lines[at + 1 :]):
            return lines[:at]
    return _without_card(lines)


def _above_mark(lines: Lines) -> Lines:
    """The lines above `-- `, and what is more than a signature below it."""
    for at, line in enumerate(lines):
        if marks.DELIMITER.fullmatch(line) and _count(lines[at + 1 :]) <= _LONGEST_SIGNATURE and _count(lines[:at]):
            below = (each for each in _kept_paragraphs(lines[at + 1 :]) if not marks.DELIMITER.fullmatch(each))
            is_sure = line == marks.SIGNATURE_MARK
            return lines[:at] + [
                each for part in _paragraphs(below) if _is_said_below(part, is_sure=is_sure) for each in part
            ]
    return lines


def _is_closing(line: str) -> bool:
    bare = line[: marks.LONGEST_LINE].strip()
    while bare and not bare[-1].isalnum():
        bare = bare[:-1]
    return marks.CLOSING.fullmatch(bare.lstrip(" ,.!;:-\u2013")) is not None


def _is_list(lines: Iterable[str]) -> bool:
    """Whether more than a name follows, such as the articles that are missing."""
    shown = (line[: marks.LONGEST_LINE] for line in lines if not _is_rule(line))
    return (
        sum(
            1
            for line in shown
            if not (marks.ROLE.search(line) or marks.CONTACT.fullmatch(line) or marks.FOOTER.search(line))
        )
        > 1
    )


def _says(lines: Iterable[str]) -> bool:
    """Whether anything but a salutation is written."""
    return any(line.strip() and not marks.SALUTATION.fullmatch(line.strip()) for line in lines)


def _kept_paragraphs(lines: Iterable[str]) -> Lines:
    """Of what follows a closing, what is more than a signature: a postscript, a sentence, or an answer."""
    return [line for each in _paragraphs(lines) if not _is_card(each) for line in each]


def _is_said_below(paragraph: Sequence[str], *, is_sure: bool) -> bool:
    """Whether the sender says it themselves below the mark of a signature: a postscript or an answer, but no motto."""
    if any(marks.POSTSCRIPT.match(line) for line in paragraph):
        return True
    return not is_sure and (bool(marks.OWN.search(" ".join(paragraph))) or any(map(marks.ANSWER.search, paragraph)))


def _without_card(lines: Lines) -> Lines:
    """The lines but a name with a title or an address below all else."""
    paragraphs = list(_paragraphs(lines))
    kept = list(paragraphs)
    while len([each for each in kept if _count(each)]) > 1:
        last = next(at for at in range(len(kept) - 1, -1, -1) if _count(kept[at]))
        first_line = next((line.strip() for line in kept[last] if not _is_rule(line)), "")
        named = marks.NAME.fullmatch(first_line[: marks.LONGEST_LINE]) and not first_line.isupper()
        is_footer = any(marks.FOOTER.search(line) for line in kept[last])
        is_contact = all(marks.CONTACT.fullmatch(line) for line in kept[last] if line.strip())
        is_list = any(line.rstrip().endswith(":") for line in _last_line(kept[:last]))
        is_named = named and not is_list and any(marks.ROLE.search(line) for line in kept[last])
        if first_line and not (is_contact or (_is_card(kept[last]) and (is_footer or is_named))):
            break
        del kept[last:]
    return [line for each in kept for line in each]


def _is_rule(line: str) -> bool:
    return not line.strip() or marks.SOFT_DELIMITER.fullmatch(line) is not None


def _is_card(paragraph: Sequence[str]) -> bool:
    """Whether it can be a name with a title, an address, a company: short lines that are not sentences."""
    lines = [line.strip() for line in paragraph if line.strip()]
    if any(marks.ANSWER.search(line[: marks.LONGEST_LINE]) for line in lines):
        return False
    return len(lines) <= _LONGEST_SIGNATURE and not any(_is_sentence(line) for line in lines)


def _last_line(paragraphs: Sequence[Lines]) -> Lines:
    return [line for each in paragraphs for line in each if line.strip()][-1:]


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
    ("quote", without_quotes),
    ("disclaimer", _without_disclaimers),
    ("signature", _without_signature),
)


class MessageWords:
    """The words of messages, without quotes, signatures and markup."""

    def __init__(self) -> None:
        self._new = NewPart()

    def __call__(self, text: str, *, html: bool) -> str:
        """See `escalation.intake.delivery.Words`."""
        plain = text_of_html(text)[0] if html and text.strip() else text
        return self._new.excerpt(plain).text

    def whole(self, text: str, *, html: bool) -> str:
        """See `escalation.mail_in.structure.MailWords`."""
        return text_of_html(text, cut=False)[0] if html and text.strip() else text
