"""Lives drawn by a seed: the same commands in every tree, whatever its sources look like.

Hypothesis is no help here: what it draws depends on the constants it finds in the sources.
"""

import typing
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from types import NoneType, UnionType
from typing import Any

from escalation.case.commands import SUPPORT_COMMANDS, RecordDeliveryFailed
from escalation.errors import Refused
from escalation.vocabulary import Category, Severity
from tests.behaviour.watching import Group
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case, opening

KINDS = (
    *("acknowledge", "answer_consult", "answer_survey", "approve"),
    *("cancel", "change_frustration", "change_severity", "choose"),
    *("consult", "customer_replied", "decline", "delivery_bounced"),
    *("escalate", "link_incident", "note", "offer_options"),
    *("pause", "promise", "propose_resolution", "reassign"),
    *("refuse_approval", "relay_bulletin", "reopen", "request_approval"),
    *("request_information", "resolve", "resume", "set_due"),
    *("submit_review", "tell_customer", "unlink_incident", "withdraw_proposal"),
    *("acknowledge", "acknowledge", "note", "tell_customer", "customer_replied", "request_information"),
)
"""Wire names; written down, so that one more command does not change what is drawn."""
PEOPLE = ("ana", "ben", "dev", "eli", "fay", "zoe", "overseer", "customer")
TEXTS = ("text", "more text", "Grüße", "")
WAITS = (0, 60, 900, 3600, 6 * 3600, 86400, 6 * 86400)
LIVES, STEPS = 100, 30


class Quiet(Case):
    """A case whose promises are not checked at each step: other tests do that."""

    def check(self) -> None:
        pass


async def live_any_lives(_: Group) -> None:
    """Live one life after the other; the core is watched meanwhile."""
    for number in range(LIVES):
        random = Random(number)  # noqa: S311 (no secret)
        names = sorted(policies.ALL)
        case = Quiet(policy=policies.ALL[names[number % len(names)]], now=MONDAY)
        _live(case, random)


def _live(case: Case, random: Random) -> None:
    with suppress(Refused):
        case.do(
            opening(severity=random.choice(sorted(Severity)), category=random.choice(sorted(Category)), frustration=2)
        )
    for _ in range(STEPS):
        if case.current is None:
            return
        drawn = Drawn(random, case)
        with suppress(Refused):
            case.do(drawn.command(random.choice(KINDS)))
        if case.messages and random.random() < 0.05:
            key = random.choice(case.messages[-5:]).key
            case.do(RecordDeliveryFailed(key=key, to="customer", error="RecipientRefused"))
        _let_pass(case, random)


def _let_pass(case: Case, random: Random) -> None:
    duration = timedelta(seconds=random.choice(WAITS))
    if random.random() < 0.2:
        case.sleep(duration)
        return
    case.wait(duration)


@dataclass
class Drawn:
    """Values drawn for a command in the present state of a case."""

    random: Random
    case: Case

    def command(self, kind: str) -> Any:
        return self._record(SUPPORT_COMMANDS[kind])

    def _record(self, type_: Any) -> Any:
        hints = typing.get_type_hints(type_)
        given = {}
        for each in sorted(fields(type_), key=lambda one: one.name):
            is_optional = each.default is not MISSING or each.default_factory is not MISSING
            if each.name == "kind" or (is_optional and self.random.random() < 0.5):
                continue
            given[each.name] = self._value(each.name, hints[each.name])
        return type_(**given)

    def _value(self, name: str, hint: Any) -> Any:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Annotated:
            return self._value(name, arguments[0])
        if origin in (typing.Union, UnionType):
            (inner,) = (one for one in arguments if one is not NoneType)
            return None if self.random.random() < 0.3 else self._value(name, inner)
        if origin is tuple:
            return tuple(self._value(name, arguments[0]) for _ in range(self.random.randint(0, 2)))
        if is_dataclass(hint):
            return self._record(hint)
        return self._single(name, getattr(hint, "__supertype__", hint))

    def _single(self, name: str, type_: Any) -> Any:
        if issubclass(type_, Enum):
            return self.random.choice(sorted(type_, key=str))
        if type_ is bool:
            return self.random.random() < 0.5
        if type_ is int:
            return self.random.choice((0, 1, 1, 2, 3, 4, 40, 400))
        if type_ is datetime:
            return self.case.now + timedelta(hours=self.random.choice((-1, 1, 5, 30, 200)))
        return self._text(name)

    def _text(self, name: str) -> str:
        state = self.case.state
        if name in {"by", "to"} and self.random.random() < 0.7:
            return state.offered_to or state.owner or "ana"
        if name in {"by", "to"}:
            return self.random.choice(PEOPLE)
        if name == "key":
            return self.random.choice([one.key for one in self.case.messages[-4:]] or ["none"])
        if name in {"incident", "option", "id", "default"}:
            return self.random.choice(("a", "a", "b"))
        return self.random.choice(TEXTS)
