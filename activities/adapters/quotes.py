"""Finds what a mail program quoted in a message, and leaves it out.

`quotequail` knows how mail programs of many languages begin a quote. What it does not know is added here. Where it is not
clear whether words are the sender's own, they stay: a rule that matches too much is seen, a customer who is not heard is not.
"""

from collections.abc import Sequence

import quotequail

from activities.adapters import mail_patterns as marks

_HEADERS_WITHIN = 8
# Lines over which a mail program spreads "On … wrote:".
_WRAPPED = 4
# Lines in which `quotequail` looks for a quote; it tries dozens of expressions on each.
_LOOKED_AT = 1000

Lines = list[str]


def without_quotes(lines: Lines) -> Lines:
    """The lines that are not quoted; those between and below quoted ones stay."""
    # A blank line for a sentence that `quotequail` would take for the beginning of a quote.
    short = ["" if _is_said(line[: marks.LONGEST_LINE]) else line[: marks.LONGEST_LINE] for line in lines]
    kept: Lines = []
    at, found = 0, _first_introduction(short)
    while found is not None:
        start, end = found
        kept += _unquoted(lines[at:start])
        following = next((line for line in lines[end + 1 :] if line.strip()), "")
        if not is_quoted(following):
            # Nothing marks the quote, so it goes on to the end; but where nothing is above, or it says so, answers are in it.
            is_below = not any(map(str.strip, kept)) or any(map(_points_below, kept))
            return kept + lines[start:] if is_below else kept
        at = end + 1
        found = _own_introduction(short, at)
    return kept + _unquoted(lines[at:])


def _unquoted(lines: Lines) -> Lines:
    return [line for line in lines if not is_quoted(line)]


def is_quoted(line: str) -> bool:
    """Whether the line has a mark of quoting."""
    return line.lstrip().startswith((">", "|>"))


def _points_below(line: str) -> bool:
    return marks.ANSWERS_BELOW.search(line[: marks.LONGEST_LINE]) is not None


def _first_introduction(lines: Sequence[str]) -> tuple[int, int] | None:
    """First and last line of what introduces a quote, above it also a rule; None where nothing does."""
    own = _own_introduction(lines, 0, also_quoted=True)
    expanded, *rest = quotequail.quote("\n".join(lines[:_LOOKED_AT]), limit=None, quote_intro_line=True)
    if rest and not _is_rule(lines, expanded[1]):
        # Its text has each line that it keeps, so their number is where the quote begins.
        start = expanded[1].count("\n") + 1 if expanded[1] else 0
        if own is None or start < own[0]:
            return start, next((at for at in range(start, len(lines)) if _ends_introduction(lines, at)), start)
    return own


def _own_introduction(lines: Sequence[str], since: int, *, also_quoted: bool = False) -> tuple[int, int] | None:
    for at in range(since, len(lines)):
        if is_quoted(lines[at]) and not also_quoted:
            continue
        if (end := _end_of_introduction(lines, at)) is not None:
            start = at
            while start > since and (not lines[start - 1].strip() or marks.SOFT_DELIMITER.fullmatch(lines[start - 1])):
                start -= 1
            return start, end
    return None


def _is_rule(lines: Sequence[str], above: str) -> bool:
    """Whether `quotequail` found nothing but a rule, without the headers that Outlook writes below it."""
    start = above.count("\n") + 1 if above else 0
    below = [line for line in lines[start + 1 : start + 3] if line.strip()]
    return bool(marks.SOFT_DELIMITER.fullmatch(lines[start])) and not any(map(marks.FROM.match, below))


def _end_of_introduction(lines: Sequence[str], at: int) -> int | None:
    """The last line of the introduction that begins in this line; None where none does."""
    if not (line := _shown(lines[at])):
        return None
    if marks.SEPARATOR.fullmatch(line):
        return next((end for end in range(at, len(lines)) if _ends_introduction(lines, end)), at)
    if (end_of_headers := _end_of_headers(lines, at)) is not None:
        return end_of_headers
    begins = marks.WROTE_BEGINS.match(line) or marks.WROTE.fullmatch(line)
    return _end_of_attribution(lines, at) if begins else None


def _end_of_attribution(lines: Sequence[str], at: int) -> int | None:
    joined = ""
    for end, line in enumerate(map(_shown, lines[at : at + _WRAPPED]), at):
        joined = f"{joined} {line}".lstrip()[: marks.LONGEST_LINE]
        if not line:
            break
        if _is_attribution(joined) and not _is_said(joined):
            return end
    return None


def _is_attribution(line: str) -> bool:
    if marks.WROTE.fullmatch(line):
        return True
    if not marks.ATTRIBUTED.search(line):
        return False
    return bool(marks.VERB.search(line)) and bool(marks.WHO_OR_WHEN.search(line))


def _end_of_headers(lines: Sequence[str], at: int) -> int | None:
    # The last of the headers of a mail that begin here; a journey has "From" and "To" too, but no subject and no
    # address.
    first = _shown(lines[at])
    if (":" not in first and "：" not in first) or not _is_header(first):  # noqa: RUF001 - a mail program writes it so
        return None
    above = next((_shown(lines[each]) for each in range(at - 1, max(-1, at - 4), -1) if _shown(lines[each])), "")
    block, end, blank = [first], at, False
    for here in range(at + 1, min(at + 1 + 2 * _HEADERS_WITHIN, len(lines))):
        line = _shown(lines[here])
        if (blank and line and not _is_header(line)) or len(block) > _HEADERS_WITHIN:
            break
        block.append(line)
        blank = not line
        end = here if _is_header(line) else end
    whole = " ".join(block)
    headers = sum(1 for each in block if marks.HEADER.match(each)) + len(marks.HEADER_WITHIN.findall(first))
    if not any(map(marks.FROM.match, block)) or not headers:
        return None
    is_below_rule = marks.SOFT_DELIMITER.fullmatch(above) is not None and len(above) >= marks.RULE
    is_mail = is_below_rule or (headers > 1 and marks.SURE_HEADER.search(whole) is not None) or "@" in whole
    return end if is_mail else None


def _is_header(line: str) -> bool:
    return marks.FROM.match(line) is not None or marks.HEADER.match(line) is not None


def _is_said(line: str) -> bool:
    """Whether the sender says themselves what was written: "On Monday I wrote to you:"."""
    return marks.SAID.search(line) is not None and "@" not in line


def _ends_introduction(lines: Sequence[str], at: int) -> bool:
    return (
        lines[at].rstrip().endswith((":", "："))  # noqa: RUF001 - a mail program writes it so
        or at + 1 == len(lines)
        or not lines[at + 1].strip()
        or is_quoted(lines[at + 1])
    )


def _shown(line: str) -> str:
    return line.strip(" >\t\u00a0\u200e")
