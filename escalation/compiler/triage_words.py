"""What the `triage:` section is made of: as in `model`, which cannot be imported here, since its module imports ours."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from escalation.vocabulary import Category, Reason, Severity


def one_or_many(value: object) -> object:
    """A list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("string_too_short", "blank")
    return text


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1), AfterValidator(_not_blank)]
Texts: TypeAlias = Annotated[
    list[Text],
    Field(min_length=1),
    BeforeValidator(one_or_many, json_schema_input_type=Text | list[Text]),
]
# A strict enum would refuse its own words.
SeverityWord: TypeAlias = Annotated[Severity, Field(strict=False)]
CategoryWord: TypeAlias = Annotated[Category, Field(strict=False)]
ReasonWord: TypeAlias = Annotated[Reason, Field(strict=False)]
