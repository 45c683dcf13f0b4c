"""Turns a form of the customer's page into a command, sent once, as the customer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from escalation.case.commands import AnswerSurvey, Choose, Correct, RecordCustomerReply, Reopen, SupportCommand
from escalation.customer_page import Doing
from escalation.customer_words import reading_of
from escalation.vocabulary import CUSTOMER, Reading

LONGEST = 20_000  # characters of a message
LONGEST_PART, LONGEST_NAME, LONGEST_URL = 4_000, 200, 1_000
FILES = 3  # links to files that a form takes
NEEDS_TEXT = frozenset({Doing.ANSWER, Doing.OBJECT, Doing.WRITE})
PROBLEMS = frozenset({"empty", "file", "later", "long", "no_option", "no_score", "refused"})
"""What may be wrong with a form."""
_FORM_ID = re.compile(r"[\w-]{8,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file, by where it can be fetched; nothing is uploaded."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that the customer sent."""

    id: str = ""  # drawn when the form was shown; the same again is the same message
    text: str = ""
    parts: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    option: str = ""
    score: int = 0
    language: str = ""
    of: Doing | None = None  # which form it is, as it says itself; None where it says none
    was: str = ""  # what was wrong with it when it was shown; empty for nothing

    @property
    def is_typed(self) -> bool:
        """Whether they wrote or chose anything."""
        return bool(self.text or any(self.parts) or self.files or self.option or self.score)


def form_in(raw: bytes) -> Form:
    """The fields of a form; what is missing or is not one is left empty."""
    try:
        fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=60)
    except ValueError:
        fields = {}

    def said(name: str) -> str:
        return fields.get(name, [""])[0].replace("\r\n", "\n").strip()

    files = tuple(File(name=" ".join(said(f"name-{at}").split()), url=said(f"url-{at}")) for at in range(FILES))
    given = said("form")
    return Form(
        id=given if _FORM_ID.fullmatch(given) else sha256(raw).hexdigest()[:32],
        text=said("text"),
        parts=tuple(one.replace("\r\n", "\n").strip() for one in fields.get("part", [])),
        files=tuple(one for one in files if one.name or one.url),
        option=said("option"),
        score=score_in(said("score")),
        language=said("language"),
        of=next((one for one in Doing if given.endswith(f"-{one}")), None),
        was=said("was"),
    )


def score_in(text: str) -> int:
    """The score that a text is; 0 for any other text."""
    return int(text) if text in ("1", "2", "3", "4", "5") else 0


def problem_in(doing: Doing, form: Form) -> str:
    """The problem of a form, by the name of its text; empty if there is none."""
    if doing in NEEDS_TEXT and not (form.text or any(form.parts)):
        return "empty"
    if len(form.text) > LONGEST or any(len(one) > LONGEST_PART for one in form.parts):
        return "long"
    if doing is Doing.CHOOSE and not form.option:
        return "no_option"
    if doing is Doing.RATE and not form.score:
        return "no_score"
    return "file" if not all(map(_is_link, form.files)) else ""


def command_of(  # noqa: PLR0911 (one for each form)
    doing: Doing, form: Form, asked: tuple[str, ...], words: Mapping[str, str]
) -> SupportCommand:
    """The command that a form means.

    Args:
        form: Its fields, without a problem.
        words: What the customer says by pressing a button, in the language of the page.
    """
    text = _whole(form, asked)
    match doing:
        case Doing.ANSWER:
            return RecordCustomerReply(text=text, as_=Reading.ANSWER)
        case Doing.CHOOSE:
            return Choose(option=form.option)
        case Doing.CONFIRM:
            # Who presses "it works" and writes that it does not is believed by what they wrote.
            objects = bool(text) and reading_of(text) is Reading.OBJECTION
            said = "\n\n".join(filter(None, (words["confirm"], text)))
            return RecordCustomerReply(text=text if objects else said, as_=None if objects else Reading.CONFIRMATION)
        case Doing.OBJECT:
            return Reopen(by=CUSTOMER, why=text)
        case Doing.RATE:
            return AnswerSurvey(score=form.score, comment=text)
        case Doing.WRITE:
            return RecordCustomerReply(text=text)
        case Doing.IN_CHARGE:
            said = "\n\n".join(filter(None, (words["in_charge"], text)))
            return RecordCustomerReply(text=said, for_superior=True)
        case Doing.LANGUAGE:
            return Correct(by=CUSTOMER, language=form.language)


def _whole(form: Form, asked: tuple[str, ...]) -> str:
    """Join what they wrote into one text: each answer below its question, then the rest, then where files are."""
    answers = [f"{question}\n{answer}" for question, answer in zip(asked, form.parts, strict=False) if answer] or [
        one for one in form.parts if one
    ]
    files = [f"{one.name or 'File'}: {one.url}" for one in form.files]
    return "\n\n".join(filter(None, (*answers, form.text, "\n".join(files))))


def _is_link(file: File) -> bool:
    if len(file.name) > LONGEST_NAME or len(file.url) > LONGEST_URL or not file.url.isprintable() or " " in file.url:
        return False
    try:
        parts = urlsplit(file.url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
