"""The words of a policy file, each with its pattern; the sections are built from them."""

import re
from typing import Annotated, Any, TypeAlias, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, StringConstraints, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from escalation.clock_rules import Action, StopCause
from escalation.guidance import ANY_LANGUAGE
from escalation.message_kinds import MessageKind
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Category, Channel, PacketPart, PauseCause, Reason, Severity

THRESHOLD = re.compile(r"due|(?P<percent>-?[0-9]{1,9})%|(?P<sign>[-+]?)(?P<by>[0-9][0-9a-z ]*)")
"""How a threshold is written."""

_Item = TypeVar("_Item")
_HIGHEST_PERCENT = 1000
_DURATION = r"^\s*([0-9]+\s*bd|([0-9]+d)?\s*([0-9]+h)?\s*([0-9]+m)?\s*([0-9]+s)?)\s*$"


def _checked_threshold(text: str) -> str:
    match = THRESHOLD.fullmatch(text)
    if match is None:
        raise PydanticCustomError(
            "written",
            "`{text}` is not a threshold; write `75%`, `due`, `-10m` (before it is due), `+1h` (after it was due) "
            "or `2h` (after the clock started)",
            {"text": text},
        )
    if match["percent"] and int(match["percent"]) <= 0:
        raise PydanticCustomError(
            "written", "`{text}` is zero; write a percentage above 0, such as `50%`", {"text": text}
        )
    if match["percent"] and int(match["percent"]) > _HIGHEST_PERCENT:
        raise PydanticCustomError(
            "written", "`{text}` is far away; write at most `1000%`, or a time such as `+2h`", {"text": text}
        )
    return text


def one_or_many(value: object) -> object:
    """A list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


class _OneAlone:
    """Marks a list that may be a single item in the file; the schema for editors says so too."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (item,) = get_args(source)
        alone = BeforeValidator(one_or_many, json_schema_input_type=item | source)
        return alone.__get_pydantic_core_schema__(source, handler)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("string_too_short", "blank")
    return text


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1), AfterValidator(_not_blank)]
DurationText: TypeAlias = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": _DURATION, "examples": ["30s", "15m", "4h", "1h30m", "2bd"]})
]
ThresholdText: TypeAlias = Annotated[
    str,
    AfterValidator(_checked_threshold),
    WithJsonSchema({"type": "string", "pattern": r"^(due|[0-9]+%|[-+]?[0-9][0-9a-z ]*)$"}),
]
LanguageCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
HoursText: TypeAlias = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"})
]
# A strict enum would refuse its own words.
SeverityWord: TypeAlias = Annotated[Severity, Field(strict=False)]
CategoryWord: TypeAlias = Annotated[Category, Field(strict=False)]
ReasonWord: TypeAlias = Annotated[Reason, Field(strict=False)]
ChannelWord: TypeAlias = Annotated[Channel, Field(strict=False)]
PauseWord: TypeAlias = Annotated[PauseCause, Field(strict=False)]
StopWord: TypeAlias = Annotated[StopCause, Field(strict=False)]
ActionWord: TypeAlias = Annotated[Action, Field(strict=False)]
LetterWord: TypeAlias = Annotated[MessageKind, Field(strict=False)]
NoticeWord: TypeAlias = Annotated[NoticeKind, Field(strict=False)]
PacketWord: TypeAlias = Annotated[PacketPart, Field(strict=False)]


def by_language(value: object) -> object:
    """A mapping by language as it is, anything else for all languages."""
    return value if isinstance(value, dict) else {ANY_LANGUAGE: value}


ByLanguage: TypeAlias = Annotated[
    dict[LanguageCode, Text],
    Field(min_length=1),
    BeforeValidator(by_language, json_schema_input_type=Text | dict[LanguageCode, Text]),
]
"""A text for each language, or one for `any`."""

OneOrMany: TypeAlias = Annotated[list[_Item], _OneAlone()]  # a list, possibly empty, or one item without its brackets
OneOrMore: TypeAlias = Annotated[list[_Item], Field(min_length=1), _OneAlone()]
"""A list of at least one, or one item without its brackets."""

SeveralHours: TypeAlias = OneOrMore[HoursText]
Actions: TypeAlias = OneOrMore[ActionWord]
Severities: TypeAlias = OneOrMore[SeverityWord]
Categories: TypeAlias = OneOrMore[CategoryWord]
Texts: TypeAlias = OneOrMore[Text]
Stops: TypeAlias = OneOrMore[StopWord]
Channels: TypeAlias = OneOrMore[ChannelWord]
PacketParts: TypeAlias = OneOrMore[PacketWord]
Durations: TypeAlias = OneOrMore[DurationText]
# These may be empty.
SomeTexts: TypeAlias = OneOrMany[Text]
SomeSeverities: TypeAlias = OneOrMany[SeverityWord]
SomeLetters: TypeAlias = OneOrMany[LetterWord]
SomeNotices: TypeAlias = OneOrMany[NoticeWord]
