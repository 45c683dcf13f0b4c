"""A request of a vendor, read into events by the rules of its mapping."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

from escalation.business_time.zones import zone_names
from escalation.intake import delivery, values
from escalation.intake.bodies import parsed
from escalation.intake.conditions import holds
from escalation.intake.looking import Look, Match, wrong_with
from escalation.intake.paths import Scope, first_value, value_at
from escalation.intake.source import Rule, Source

_LONGEST_KEY = 120
_LONGEST_VALUE = 2_000
# Of a list that a rule looks at one by one.
_MOST_ITEMS = 50
# What we put at the end of each note that we write.
_MARKER = re.compile(r"\[esc [^\[\]\s]{1,200}\]")


def read(source: Source, request: delivery.Request, words: delivery.Words) -> delivery.Delivery:
    """Read a request into events, whatever its body contains.

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
    if len(matches) > delivery.MOST_EVENTS:
        raise delivery.Unreadable(f"the body holds {len(matches)} events; at most {delivery.MOST_EVENTS} are read")
    found: dict[str, delivery.DeskEvent] = {}
    for match in matches:
        number = len(found)
        event = _event(source, match, words, number=number, key=_event_key(source, match, f"{key}:{number}"))
        found.setdefault(event.key, event)
    events = tuple(found.values())
    if events and all(event.problem for event in events):
        raise delivery.Unreadable(events[0].problem)
    if not any(event.what for event in events) and source.what and events:
        raise delivery.Unreadable(f"the body is not what {source.title} sends: it does not say what happened")
    return delivery.Delivery(key=key, events=events)


def _own_key(source: Source, whole: Scope) -> str:
    """The id that the sender gave the delivery; empty where it gave none."""
    in_body = holds(source.key_when, whole)
    return values.text_of(first_value(tuple(path for path in source.key if path.root == "header" or in_body), whole))


def _entries(source: Source, whole: Scope) -> list[Scope]:
    if source.batch is None:
        if not isinstance(whole.body, dict):
            raise delivery.Unreadable(f"the body is not an object, which {source.title} sends")
        return [replace(whole, body=_opened(source, whole.body))]
    body = value_at(source.batch, whole) if source.batch.steps else whole.body
    if body in (None, {}) and isinstance(whole.body, dict):
        body = whole.body  # a body that an admin wrote has not the usual one around it, nor has a ping one in it
    items = body if isinstance(body, list) else [body]
    if len(items) > delivery.MOST_EVENTS:
        raise delivery.Unreadable(f"the body holds {len(items)} events; at most {delivery.MOST_EVENTS} are read")
    scopes = [Scope(_opened(source, item), whole.headers) for item in items if isinstance(item, dict)]
    if items and not scopes:
        raise delivery.Unreadable(f"the body holds no objects, which {source.title} sends")
    return scopes


def _opened(source: Source, body: dict[str, Any]) -> dict[str, Any]:
    envelope = source.envelope
    within = body.get(envelope.inside) if envelope and "event" not in body else None
    if envelope is None or not isinstance(within, dict):
        return body
    return {**body, "event": body.get(envelope.event), **within}


def _matches(source: Source, scope: Scope) -> Iterator[Match]:
    """The rules that hold: the first, and those after it while they say so."""
    matched = False
    for rule in source.rules:
        looked_at = enumerate(_scopes_of(rule, scope))
        hits = [Match(rule, one, at) for at, one in looked_at if holds(rule.when, one) and not holds(rule.unless, one)]
        yield from hits
        matched = matched or bool(hits)
        if hits and not rule.and_more:
            return
    if not matched:
        yield Match(None, scope)


def _scopes_of(rule: Rule, scope: Scope) -> list[Scope]:
    if rule.each is None:
        return [scope]
    return [replace(scope, item=item) for item in values.list_of(value_at(rule.each, scope))[:_MOST_ITEMS]]


def _event(source: Source, match: Match, words: delivery.Words, *, number: int, key: str) -> delivery.DeskEvent:
    look = Look(source, match, words)
    what = values.line_of(first_value(source.what, match.scope)) or (match.rule.name if match.rule else "")
    ticket, kind = look.ticket(), match.rule.kind if match.rule else delivery.EventKind.OTHER
    wrong = wrong_with(ticket)
    if match.rule is None or wrong:
        problem = "" if kind is delivery.EventKind.OTHER else wrong
        return delivery.DeskEvent(
            kind=delivery.EventKind.OTHER, what=what, number=number, key=key, ticket="", problem=problem
        )
    author = look.author()
    text = look.text()
    return delivery.DeskEvent(
        kind=kind,
        what=what,
        number=number,
        key=key,
        ticket=ticket,
        also=values.id_of(look.value("also")),
        at=look.instant("at"),
        author=author,
        is_public=look.flag("public"),
        is_ours=_is_ours(source, author, text, author.id),
        is_automatic=look.flag("automatic"),
        text=text,
        attachments=values.names_of(look.value("attachments")),
        subject=look.subject(),
        url=look.line("url"),
        tags=look.tags(),
        status=look.known("status", source.statuses),
        status_before=look.known("status_before", source.statuses),
        priority=look.line("priority"),
        severity=look.known("priority", source.severities),
        assignee=delivery.Author(id=look.person("assignee_id"), name=values.words_of(look.value("assignee_name"))),
        customer=look.customer(),
        language=values.language_of(look.value("language")),
        zone=zone if (zone := look.line("customer_zone")) in zone_names() else "",
        merged_into=values.id_of(look.value("merged_into")),
        action=look.line("action"),
        value=values.text_of(look.value("value"))[:_LONGEST_VALUE],
    )


def _is_ours(source: Source, author: delivery.Author, text: str, author_id: str) -> bool:
    # Whether our API user did it, or our marker ends it; a customer who quotes a marker is still the customer.
    if author_id and author_id in source.own_actors:
        return True
    last = text[-500:].rstrip().rpartition("\n")[2]
    return not author.is_customer and _MARKER.search(last) is not None


def _event_key(source: Source, match: Match, otherwise: str) -> str:
    rule = match.rule
    parts = [
        values.text_of(value_at(path, match.scope)) for path in (rule.key if rule and rule.key else source.event_key)
    ]
    if not any(parts):
        return otherwise
    if rule and rule.each and not rule.key and match.number:
        parts.append(str(match.number))  # what identifies the whole is the same for each of its items
    return _as_key("-".join((rule.kind if rule and rule.key else rule.name if rule else "", *parts)))


def _as_key(text: str) -> str:
    if len(text) <= _LONGEST_KEY and text.isascii() and text.isprintable() and " " not in text:
        return text
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hash(source: Source, entries: list[Scope], body: bytes) -> str:
    """Of the source and the identities of the events, or else the raw body."""
    hashed = sha256(source.name.encode())
    keys = [_event_key(source, Match(None, entry), "") for entry in entries]
    for part in keys if keys and all(keys) else ():
        hashed.update(b"\0" + part.encode())
    if not (keys and all(keys)):
        hashed.update(b"\0" + body)
    return f"{delivery.BY_BODY}{hashed.hexdigest()}"
