"""A request of a vendor, read into events by the rules of its mapping."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from escalation.business_time.zones import zone_names
from escalation.case.naming import check_ticket
from escalation.intake.bodies import parsed
from escalation.intake.conditions import holds
from escalation.intake.delivery import (
    BY_BODY,
    LONGEST_ID,
    MOST_EVENTS,
    Author,
    Delivery,
    DeskEvent,
    EventKind,
    Request,
    Unreadable,
    Words,
)
from escalation.intake.paths import Scope, first_value, value_at
from escalation.intake.source import Paths, Rule, Source
from escalation.intake.values import (
    address_of,
    id_of,
    instant_of,
    language_of,
    line_of,
    list_of,
    names_of,
    tags_of,
    text_of,
    text_within,
    word_of,
    words_of,
)
from escalation.program_texts import ProgramText

T = TypeVar("T")

_LONGEST_KEY = 120
_WITH_TEXT = frozenset({EventKind.OPENED, EventKind.TAGGED, EventKind.MESSAGE})
_CLEANED, _CLEANED_HTML = 50_000, 100_000
"""Characters of a text in which quotes and signatures are sought; more would take seconds. A log behind them stays."""
_LONGEST_VALUE = 2_000
_MOST_ITEMS = 50
"""Of a list that a rule looks at one by one."""
_MARKER = re.compile(r"\[esc [^\[\]\s]{1,200}\]")
"""What we put at the end of each note that we write."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A rule that holds, and what it holds of."""

    rule: Rule | None
    scope: Scope


def read(source: Source, request: Request, words: Words) -> Delivery:
    """What a request says, whatever its body holds.

    Args:
        source: Whose mapping reads it.
        request: As it came in; its signature was verified.
        words: Cuts messages down to what their senders wrote.

    Raises:
        Unreadable: The body is not what the vendor sends.
    """
    body = parsed(request, source.form_field)
    whole = Scope(body, request.headers)
    entries = _entries(source, whole)
    own_key = _own_key(source, whole)
    key = _as_key(own_key) if own_key else _hash(source, entries, request.body)
    matches = [match for entry in entries for match in _matches(source, entry)]
    if len(matches) > MOST_EVENTS:
        raise Unreadable(f"the body holds {len(matches)} events; at most {MOST_EVENTS} are read")
    found: dict[str, DeskEvent] = {}
    for match in matches:
        number = len(found)
        event = _event(source, match, words, number=number, key=_event_key(source, match, f"{key}:{number}"))
        found.setdefault(event.key, event)
    events = tuple(found.values())
    if events and all(event.problem for event in events):
        raise Unreadable(events[0].problem)
    if not any(event.what for event in events) and source.what and events:
        raise Unreadable(f"the body is not what {source.title} sends: it does not say what happened")
    return Delivery(key=key, events=events)


def _own_key(source: Source, whole: Scope) -> str:
    """The id that the sender gave the delivery; empty where it gave none."""
    in_body = holds(source.key_when, whole)
    return text_of(first_value(tuple(path for path in source.key if path.root == "header" or in_body), whole))


def _entries(source: Source, whole: Scope) -> list[Scope]:
    """The parts of a body that are events by themselves."""
    if source.batch is None:
        if not isinstance(whole.body, dict):
            raise Unreadable(f"the body is not an object, which {source.title} sends")
        return [whole]
    body = value_at(source.batch, whole) if source.batch.steps else whole.body
    if body is None and isinstance(whole.body, dict):
        body = whole.body  # a body that an admin wrote has not the usual one around it
    items = body if isinstance(body, list) else [body]
    if len(items) > MOST_EVENTS:
        raise Unreadable(f"the body holds {len(items)} events; at most {MOST_EVENTS} are read")
    scopes = [Scope(item, whole.headers) for item in items if isinstance(item, dict)]
    if items and not scopes:
        raise Unreadable(f"the body holds no objects, which {source.title} sends")
    return scopes


def _matches(source: Source, scope: Scope) -> Iterator[_Match]:
    """The rules that hold: the first, and those after it while they say so."""
    matched = False
    for rule in source.rules:
        hits = [one for one in _scopes_of(rule, scope) if holds(rule.when, one) and not holds(rule.unless, one)]
        yield from (_Match(rule, one) for one in hits)
        matched = matched or bool(hits)
        if hits and not rule.and_more:
            return
    if not matched:
        yield _Match(None, scope)


def _scopes_of(rule: Rule, scope: Scope) -> list[Scope]:
    if rule.each is None:
        return [scope]
    return [replace(scope, item=item) for item in list_of(value_at(rule.each, scope))[:_MOST_ITEMS]]


def _event(source: Source, match: _Match, words: Words, *, number: int, key: str) -> DeskEvent:
    look = _Look(source, match)
    what = line_of(first_value(source.what, match.scope)) or (match.rule.name if match.rule else "")
    ticket, kind = look.ticket(), match.rule.kind if match.rule else EventKind.OTHER
    problem = "" if kind is EventKind.OTHER else _wrong_with(ticket)
    if match.rule is None or problem:
        return DeskEvent(kind=EventKind.OTHER, what=what, number=number, key=key, ticket="", problem=problem)
    author = look.author()
    text = look.text(words)
    return DeskEvent(
        kind=kind,
        what=what,
        number=number,
        key=key,
        ticket=ticket,
        also=id_of(look.value("also")),
        at=look.instant("at"),
        author=author,
        is_public=look.flag("public"),
        is_ours=_is_ours(source, author, text, author.id),
        is_automatic=look.flag("automatic"),
        text=text,
        attachments=names_of(look.value("attachments")),
        subject=words_of(look.value("subject"), 1_000),
        url=look.line("url"),
        tags=look.tags(),
        status=look.known("status", source.statuses),
        status_before=look.known("status_before", source.statuses),
        priority=look.line("priority"),
        severity=look.known("priority", source.severities),
        assignee=Author(id=look.person("assignee_id"), name=words_of(look.value("assignee_name"))),
        customer=look.customer(),
        language=language_of(look.value("language")),
        zone=zone if (zone := look.line("customer_zone")) in zone_names() else "",
        merged_into=id_of(look.value("merged_into")),
        action=look.line("action"),
        value=text_of(look.value("value"))[:_LONGEST_VALUE],
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks up what a mapping, or the rule that holds, says where to find."""

    source: Source
    match: _Match

    def paths(self, name: str) -> Paths:
        rule = self.match.rule
        paths = rule.fields.get(name) if rule else None
        return self.source.fields.get(name, ()) if paths is None else paths

    def value(self, name: str) -> Any:
        return first_value(self.paths(name), self.match.scope)

    def ticket(self) -> str:
        """The first that can be a ticket's number: a pager's incidents have any text as their key, and are not ours."""
        found = [
            line
            for path in self.paths("ticket")
            if (line := line_of(first_value((path,), self.match.scope), LONGEST_ID + 1))
        ]
        return next((each for each in found if not _wrong_with(each)), found[0] if found else "")

    def known(self, name: str, words: Mapping[str, T]) -> T | None:
        """What the first word that the mapping knows means."""
        values = (value_at(path, self.match.scope) for path in self.paths(name))
        found = (
            words.get(word_of(each)) for value in values for each in (value if isinstance(value, list) else [value])
        )
        return next((each for each in found if each is not None), None)

    def tags(self) -> tuple[str, ...]:
        """The tags, without those that were there before."""
        before = set(map(word_of, tags_of(self.value("tags_before"))))
        return tuple(tag for tag in tags_of(self.value("tags")) if word_of(tag) not in before)

    def line(self, name: str) -> str:
        return line_of(self.value(name))

    def person(self, name: str) -> str:
        """An id; `0` is how some products write that no one has it."""
        found = id_of(self.value(name))
        return "" if found == "0" else found

    def instant(self, name: str) -> datetime | None:
        return instant_of(self.value(name), self.source.zone)

    def flag(self, name: str) -> bool:
        rule = self.match.rule
        condition = rule.flags.get(name) if rule else None
        condition = self.source.flags.get(name, ()) if condition is None else condition
        return holds(condition, self.match.scope)

    def text(self, words: Words) -> str:
        rule = self.match.rule
        if rule and rule.kind not in _WITH_TEXT and "text" not in rule.fields:
            return ""  # what the mapping finds is the ticket's own text, not what was written with this change
        value, html = self.value("text"), self.flag("html")
        raw = text_of(value) if isinstance(value, str | int | float) else text_within(value)
        if not raw:
            return ""
        most = _CLEANED_HTML if html else _CLEANED
        new = text_of(words(raw[:most], html=html))
        if len(raw) <= most:
            return new or ("" if html else raw)
        return f"{new}\n\n{ProgramText.ASIDE_REST.say(where=self.source.place)}" if html else new + raw[most:]

    def author(self) -> Author:
        machine = self.flag("machine")
        customer = not machine and self.flag("customer")
        return Author(
            id=id_of(self.value("author_id")),
            name=words_of(self.value("author_name")),
            address=address_of(self.value("author_address")),
            is_machine=machine,
            is_customer=customer,
            is_agent=not machine and not customer and self.flag("agent"),
        )

    def customer(self) -> Author:
        address = address_of(self.value("customer_address"))
        # An address may be longer than an id.
        id_ = id_of(self.value("customer_id")) or address[:LONGEST_ID]
        return Author(id=id_, name=words_of(self.value("customer_name")), address=address)


def _is_ours(source: Source, author: Author, text: str, author_id: str) -> bool:
    """Whether our API user did it, or our marker ends it; a customer who quotes a marker is still the customer."""
    if author_id and author_id in source.own_actors:
        return True
    last = text[-500:].rstrip().rpartition("\n")[2]
    return not author.is_customer and _MARKER.search(last) is not None


def _wrong_with(ticket: str) -> str:
    if len(ticket) > LONGEST_ID:
        return f"the ticket's number has more than {LONGEST_ID} characters"
    try:
        check_ticket(ticket)
    except ValueError as error:
        return f"the body names no ticket: {error}" if not ticket else f"the ticket cannot be `{ticket}`: {error}"
    return ""


def _event_key(source: Source, match: _Match, otherwise: str) -> str:
    rule = match.rule
    parts = [text_of(value_at(path, match.scope)) for path in (rule.key if rule and rule.key else source.event_key)]
    if not any(parts):
        return otherwise
    return _as_key("-".join((rule.kind if rule and rule.key else rule.name if rule else "", *parts)))


def _as_key(text: str) -> str:
    if len(text) <= _LONGEST_KEY and text.isascii() and text.isprintable() and " " not in text:
        return text
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hash(source: Source, entries: list[Scope], body: bytes) -> str:
    """Of the source and the identities of the events, or else the raw body."""
    hashed = sha256(source.name.encode())
    keys = [_event_key(source, _Match(None, entry), "") for entry in entries]
    for part in keys if keys and all(keys) else ():
        hashed.update(b"\0" + part.encode())
    if not (keys and all(keys)):
        hashed.update(b"\0" + body)
    return f"{BY_BODY}{hashed.hexdigest()}"
