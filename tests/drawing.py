"""Commands drawn from a seed: each field by its type and its name.

The same seed gives the same commands whatever the sources look like. Hypothesis does not help if that counts, or where
what can be drawn next depends on a server's answers: it wants to draw the same again from the same start.
"""

import typing
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from random import Random
from types import NoneType, UnionType
from typing import Any, TypeVar, cast

PEOPLE = ("ana", "ben", "dev", "eli", "fay", "zoe", "overseer", "customer")
TEXTS = ("text", "more text", "Grüße", "")
FEW_IDS = frozenset({"incident", "option", "id", "default"})
"""Fields that name one of very few things, so that they are named again."""

Command = TypeVar("Command")


class Drawn:
    """Draws commands of someone who knows the case.

    Attributes:
        random: Where it draws from.
        now: The present instant, aware UTC.
        holder: Who is mostly meant by a person; empty for no one.
        keys: Keys of letters that were sent.
    """

    def __init__(self, random: Random, now: datetime, holder: str = "", keys: tuple[str, ...] = ()) -> None:
        self.random = random
        self.now = now
        self.holder = holder
        self.keys = keys

    def record(self, type_: type[Command]) -> Command:
        """A value of a dataclass: required fields always, others every other time."""
        hints = typing.get_type_hints(type_, include_extras=False)
        given = {}
        for each in sorted(fields(cast(Any, type_)), key=lambda one: one.name):
            is_optional = each.default is not MISSING or each.default_factory is not MISSING
            if each.name == "kind" or (is_optional and self.random.random() < 0.5):
                continue
            given[each.name] = self._value(each.name, hints[each.name])
        return type_(**given)

    def instant(self) -> datetime:
        """An instant, mostly ahead."""
        return self.now + timedelta(hours=self.random.choice((-1, 1, 5, 30, 200)))

    def _value(self, name: str, hint: Any) -> Any:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, UnionType):
            (inner,) = (one for one in arguments if one is not NoneType)
            return None if self.random.random() < 0.3 else self._value(name, inner)
        if origin is tuple:
            return tuple(self._value(name, arguments[0]) for _ in range(self.random.randint(0, 2)))
        if is_dataclass(hint):
            return self.record(cast(type[Any], hint))
        return self._single(name, getattr(hint, "__supertype__", hint))

    def _single(self, name: str, type_: Any) -> Any:
        if issubclass(type_, Enum):
            return self.random.choice(sorted(type_, key=str))
        if type_ is bool:
            return self.random.random() < 0.5
        if type_ is int:
            return self.random.choice((0, 1, 1, 2, 3, 4, 40, 400))
        return self.instant() if type_ is datetime else self.text(name)

    def text(self, name: str) -> str:
        """A text for a field of this name."""
        if name in {"by", "to"} and self.random.random() < 0.7:
            return self.holder or "ana"
        if name in {"by", "to"}:
            return self.random.choice(PEOPLE)
        if name == "key":
            return self.random.choice(self.keys or ("none",))
        return self.random.choice(("a", "a", "b") if name in FEW_IDS else TEXTS)


class Hostile(Drawn):
    """Draws commands of someone who sends anything: odd texts, instants far away or without a zone."""

    LONG = (
        *("x" * 20_000, "😀" * 20_000, "y" * 2_000, "z" * 1_000_000, "a@" * 10_000, "`{{ x }}` **b**\n" * 900),
        *("😀" * 300_000, "a line of a log\n" * 20_000, "x" * 20_001),
    )
    ODD_SIGNS = "\x00\x07\x1b\x7f\x85\u00ad\u061c\u200b\u200f\u2028\u202e\u2066\ufeff\ufffe\ud83d\udc80\r\n\t `*<&"
    EAST = timezone(timedelta(hours=5, minutes=30))
    SECONDS = (-60, 0, 1, 60, 900, 1800, 7200, 86400, 30 * 86400, 9_000 * 86400)

    def instant(self) -> datetime:
        at = self.now + timedelta(seconds=self.random.choice(self.SECONDS))
        zone = self.random.choice((UTC, UTC, UTC, self.EAST, None))
        return at.replace(tzinfo=None) if zone is None else at.astimezone(zone)

    def odd(self) -> str:
        """Any code points: controls, right-to-left marks, halves of emoji; sometimes very many."""
        if self.random.random() < 0.3:
            return self.random.choice(self.LONG)
        any_sign = (chr(self.random.randrange(0x110000)) for _ in range(self.random.randint(1, 30)))
        return "".join(self.random.choice((sign, self.random.choice(self.ODD_SIGNS))) for sign in any_sign)

    def spoiled(self, command: Command) -> Command:
        """The command with some of its texts replaced by odd ones, ids mostly left as they are."""
        texts = {each.name for each in fields(cast(Any, command)) if type(getattr(command, each.name)) is str}
        shares = {name: 0.6 if name in {"text", "why", "question"} else 0.1 for name in sorted(texts - {"kind"})}
        odd = {name: self.odd() for name, share in shares.items() if self.random.random() < share}
        return cast(Command, replace(cast(Any, command), **odd))
