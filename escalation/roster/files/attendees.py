"""Who is on duty during an event of an iCalendar file.

An event is an assignment, not an invitation: its attendees are on the shift together unless the file says otherwise.

| the file says | on the shift |
|---|---|
| `PARTSTAT` `ACCEPTED`, `NEEDS-ACTION`, `TENTATIVE`, unknown, or none | yes |
| `PARTSTAT=DECLINED` | no |
| `PARTSTAT=DELEGATED` | no; who it was delegated to is |
| `ROLE=OPT-PARTICIPANT` | only with `PARTSTAT=ACCEPTED` |
| `ROLE=NON-PARTICIPANT`, `CUTYPE=ROOM`, `CUTYPE=RESOURCE` | no, and they need not be in the roster |
| `ORGANIZER` | no, unless they are an attendee too |
| no attendee that counts | the person whose id the `SUMMARY` is |
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

PersonOf = Callable[[str], str | None]  # the id of the person whom an address, an id or a name in the file means

MOST_ATTENDEES = 200  # how many attendees an event may have; a rota names a few

# `icalendar.Event`; its own types say of every property that it may be any of thirty things.
_Event: TypeAlias = Any

_NO_PERSON = frozenset({"ROOM", "RESOURCE"})


class UnusableEvent(Exception):
    """Something is wrong with one event; says what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Who is on duty during an event."""

    people: tuple[str, ...]  # their ids, in the order of the file; empty when all of them declined
    unsure: tuple[str, ...] = ()  # ids of those among them whose answer is `TENTATIVE`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attendee:
    names: tuple[str, ...]
    answer: str
    is_optional: bool
    delegated_to: tuple[str, ...]

    @property
    def is_on(self) -> bool:
        if self.is_optional:
            return self.answer == "ACCEPTED"
        return self.answer not in {"DECLINED", "DELEGATED"}


def on_duty(event: _Event, person_of: PersonOf) -> OnDuty:
    """Who is on duty during an event.

    Raises:
        UnusableEvent: It names no one, someone who is not in the roster, too many, or one person with two answers.
    """
    attendees = list(_attendees(event))
    if not attendees:
        return OnDuty(people=(_summarized(event, person_of),))
    answers: dict[str, str] = {}
    for attendee in attendees:
        for person, answer in _answers(attendee, person_of):
            if answers.setdefault(person, answer) != answer:
                raise UnusableEvent(f"names `{person}` twice, with different answers; remove one ATTENDEE")
    # A delegate who is an attendee as well has answered for themselves.
    for attendee in attendees:
        if attendee.answer == "DELEGATED":
            for delegate in _delegates(attendee, person_of):
                answers.setdefault(delegate, "")
    people = tuple(person for person, answer in answers.items() if answer not in {"DECLINED", "DELEGATED"})
    return OnDuty(people=people, unsure=tuple(person for person in people if answers[person] == "TENTATIVE"))


def _answers(attendee: _Attendee, person_of: PersonOf) -> Iterator[tuple[str, str]]:
    person = _known(attendee.names, person_of)
    if person is not None:
        yield person, attendee.answer if attendee.is_on or attendee.answer == "DELEGATED" else "DECLINED"
    elif attendee.is_on:
        raise _stranger(attendee.names[0])


def _delegates(attendee: _Attendee, person_of: PersonOf) -> Iterator[str]:
    for name in attendee.delegated_to:
        person = person_of(name)
        if person is None:
            raise _stranger(name)
        yield person


def _summarized(event: _Event, person_of: PersonOf) -> str:
    summary = str(event.get("SUMMARY", "")).strip()
    if not summary:
        raise UnusableEvent("names no one; write the person's id as its SUMMARY, or add an ATTENDEE")
    person = person_of(summary)
    if person is None:
        raise _stranger(summary)
    return person


def _stranger(name: str) -> UnusableEvent:
    shown = f"{name[:100]}…" if len(name) > 100 else name
    return UnusableEvent(
        f"names `{shown}`, who is not in the roster; write a person's id as its SUMMARY, or their address as ATTENDEE"
    )


def _known(names: tuple[str, ...], person_of: PersonOf) -> str | None:
    return next((person for name in names if (person := person_of(name)) is not None), None)


def _attendees(event: _Event) -> Iterator[_Attendee]:
    """Those who may be on duty: people, and not merely informed."""
    listed = event.get("ATTENDEE", [])
    found = listed if isinstance(listed, list) else [listed]
    if len(found) > MOST_ATTENDEES:
        raise UnusableEvent(f"has {len(found)} attendees; at most {MOST_ATTENDEES} can be on a shift together")
    for attendee in found:
        params: Mapping[str, Any] = getattr(attendee, "params", {})
        role = _word(params, "ROLE")
        if _word(params, "CUTYPE") in _NO_PERSON or role == "NON-PARTICIPANT":
            continue
        # Some calendars keep an id of their own as the value, and the address beside it (RFC 7986).
        names = (_address(attendee), *_several(params, "EMAIL"), *_several(params, "CN"))
        yield _Attendee(
            names=tuple(name for name in names if name) or ("",),
            answer=_word(params, "PARTSTAT"),
            is_optional=role == "OPT-PARTICIPANT",
            delegated_to=tuple(map(_address, _several(params, "DELEGATED-TO"))),
        )


def _address(value: object) -> str:
    text = str(value).strip()
    scheme, colon, rest = text.partition(":")
    # A URI (RFC 6068), in which any character may be written as `%40`.
    return unquote(rest.partition("?")[0]).strip() if colon and scheme.lower() == "mailto" else text


def _word(params: Mapping[str, Any], key: str) -> str:
    return next(iter(_several(params, key)), "").upper()


def _several(params: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = params.get(key, ())
    return tuple(str(one).strip() for one in (value if isinstance(value, list | tuple) else [value]))
