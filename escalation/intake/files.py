"""Mapping files: the shipped ones by name, and those of users, which may extend a shipped one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from escalation.business_time.zones import load_zone
from escalation.documents.problems import Problems, advise
from escalation.documents.shape import note_misfits
from escalation.documents.text_file import read_text_file
from escalation.documents.yaml import Document, Plain, read_document
from escalation.errors import InvalidFile
from escalation.intake.model import EnvelopeEntry, HandshakeEntry, MappingEntries, Places, RuleEntry, SchemeEntry
from escalation.intake.outcomes import OUTCOMES
from escalation.intake.source import FIELDS, FLAGS, Answer, Envelope, Handshake, Rule, Scheme, Source
from escalation.intake.values import word_of

_SHIPPED = File(__file__).with_name("vendors")
_PIECE = re.compile(r"(\{[a-z]+\})")
_PIECES = frozenset({"{body}", "{timestamp}", "{id}", "{method}", "{url}"})
_OF_WORDS = frozenset({"statuses", "severities"})
# Keys whose entries a file may change one by one; any other key takes the place of the extended file's.
_MERGED = _OF_WORDS | {"events", "then"}


class InvalidMapping(InvalidFile):
    """A mapping file cannot be used."""


def shipped_mappings() -> tuple[str, ...]:
    """Names of the mappings that come with the product."""
    return tuple(sorted(file.stem for file in _SHIPPED.glob("*.yaml")))


def load_source(
    name: str,
    mapping: str = "",
    *,
    own_actors: frozenset[str] = frozenset(),
    prefix: str = "",
    language: str = "",
    zone: str = "",
) -> Source:
    """A source from its mapping file.

    Args:
        name: Of the connection.
        mapping: Name of a shipped mapping, or the path of the user's own file; the name of the connection when empty.
        own_actors: Ids of our API user there.
        prefix: Put before the ticket ids of that product.
        language: Of letters to a new customer whose ticket names none; English when empty.
        zone: Time zone of a new customer whose ticket names none; UTC when empty.

    Raises:
        InvalidMapping: The file cannot be used; names every line.
    """
    wanted = mapping or name
    if wanted in shipped_mappings():
        source = _shipped(wanted)
    elif "/" in wanted or "." in wanted:
        source = _source(File(wanted))
    else:
        raise InvalidMapping((f"{wanted}: there is no such mapping; {advise(wanted, shipped_mappings())}",))
    return replace(
        source,
        name=name,
        own_actors=own_actors,
        prefix=prefix,
        usual_language=language or source.usual_language,
        usual_zone=zone or source.usual_zone,
    )


@cache
def _shipped(name: str) -> Source:
    return _source(_SHIPPED / f"{name}.yaml")


def _source(file: File) -> Source:
    document = read_document(read_text_file(file, InvalidMapping), kind="a mapping")
    problems = Problems(file.name if file.parent == _SHIPPED else str(file), document, InvalidMapping, places=True)
    problems.raise_if_any()
    data = document.data if isinstance(document.data, dict) else {}
    whole = _extended(data, problems)
    try:
        entries = MappingEntries.model_validate_json(json.dumps(whole))
    except ValidationError as error:
        note_misfits(error.errors(), problems, MappingEntries, "the mapping")
        problems.raise_if_any()
        raise AssertionError("an error has a problem") from None
    _check(entries, problems)
    problems.raise_if_any()
    return _compiled(file.stem, entries)


def _extended(data: dict[str, Plain], problems: Problems) -> dict[str, Plain]:
    """The file over the one that it extends."""
    base = data.get("extends", "")
    if not base:
        return data
    if base not in shipped_mappings():
        problems.add(("extends",), f"`{base}` is not a shipped mapping", advise(base, shipped_mappings()))
        problems.raise_if_any()
    below = _document(str(base))
    merged: dict[str, Plain] = {**below, **data}
    for key in _MERGED:
        mine, theirs = data.get(key), below.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            merged[key] = {**mine, **{name: one for name, one in _left(key, theirs, mine).items() if name not in mine}}
    events = merged.get("events")
    if isinstance(events, dict):
        merged["events"] = {name: rule for name, rule in events.items() if rule is not None}
    return merged


def _left(key: str, theirs: dict[str, Plain], mine: dict[str, Plain]) -> dict[str, Plain]:
    # What is left of a section: words that the file gives another meaning are not the extended file's any more.
    if key not in _OF_WORDS:
        return theirs
    taken = {word_of(word) for words in mine.values() for word in _several(words)}
    return {name: [word for word in _several(words) if word_of(word) not in taken] for name, words in theirs.items()}


def _several(words: Plain) -> list[Plain]:
    return words if isinstance(words, list) else [words]


@cache
def _document(name: str) -> dict[str, Plain]:
    document: Document = read_document(read_text_file(_SHIPPED / f"{name}.yaml", InvalidMapping), kind="a mapping")
    data = document.data
    return _extended(data if isinstance(data, dict) else {}, Problems(name, document, InvalidMapping))


def _check(entries: MappingEntries, problems: Problems) -> None:
    for key, needed in (("title", entries.title), ("signature", entries.signature), ("events", entries.events)):
        if not needed:
            problems.add((), f"has no `{key}:`", "write it, or extend a shipped mapping with `extends:`")
    if not entries.ticket and any(not rule.ticket for rule in entries.events.values()):
        problems.add((), "has no `ticket:`", "write the path of the ticket's number, such as `ticket.id`")
    for number, scheme in enumerate(entries.signature):
        _check_scheme(scheme, problems, ("signature", number))
    for name, choice in entries.then.items():
        if name not in OUTCOMES:
            problems.add(("then", name), f"`{name}` is not known here", advise(name, OUTCOMES))
        elif choice not in OUTCOMES[name].choices:
            problems.add(("then", name), f"`{choice}` is not known here", advise(choice, OUTCOMES[name].choices))
    for ours in (entries.statuses, entries.severities):
        _check_once(ours, problems, "statuses" if ours is entries.statuses else "severities")


def _check_scheme(scheme: SchemeEntry, problems: Problems, path: tuple[str | int, ...]) -> None:
    for piece in _PIECE.findall(scheme.over):
        if piece not in _PIECES:
            problems.add((*path, "over"), f"`{piece}` is unknown", advise(piece, _PIECES))
    for piece, header in (("{timestamp}", scheme.timestamp), ("{id}", scheme.id)):
        if piece in scheme.over and header is None:
            problems.add(path, f"signs `{piece}`", f"write the header that it is in as `{piece[1:-1]}:`")
    if scheme.window and scheme.timestamp is None:
        problems.add((*path, "window"), "limits a time that no header has", "write it as `timestamp:`")


def _check_once(ours: Mapping[Any, tuple[str, ...]], problems: Problems, key: str) -> None:
    seen: dict[str, str] = {}
    for name, words in ours.items():
        for word in map(word_of, words):
            if seen.setdefault(word, name) != name:
                problems.add((key, name), f"`{word}` is here and under `{seen[word]}`", "keep one")


def _compiled(name: str, entries: MappingEntries) -> Source:
    return Source(
        name=name,
        title=entries.title,
        schemes=tuple(map(_scheme, entries.signature)),
        answers=tuple(Answer(when=one.when, say=one.say, repeat=one.repeat) for one in entries.answers),
        handshake=_handshake(entries.handshake),
        key=entries.key,
        key_when=entries.key_when,
        event_key=entries.event_key,
        batch=entries.batch,
        envelope=_envelope(entries.envelope),
        form_field=entries.form_field,
        zone=load_zone(entries.zone),
        what=entries.what,
        fields=_fields(entries),
        flags=_flags(entries),
        statuses={word_of(word): ours for ours, words in entries.statuses.items() for word in words},
        severities={word_of(word): ours for ours, words in entries.severities.items() for word in words},
        usual_category=entries.usual_category,
        escalating_tags=frozenset(map(word_of, entries.escalating_tags)),
        rules=tuple(_rules(entries.events)),
        then={each: entries.then.get(each, next(iter(outcome.choices))) for each, outcome in OUTCOMES.items()},
    )


def _scheme(entry: SchemeEntry) -> Scheme:
    return Scheme(
        kind=entry.scheme,
        header=entry.header,
        over=tuple(piece for piece in _PIECE.split(entry.over) if piece),
        digest=entry.hash,
        encoding=entry.encoding,
        prefix=entry.prefix,
        separator=entry.separator,
        timestamp=entry.timestamp,
        window=entry.window,
        id=entry.id or "",
        key=entry.key,
        query=entry.query,
    )


def _handshake(entry: HandshakeEntry | None) -> Handshake | None:
    return None if entry is None else Handshake(query=entry.query, signs=entry.signs)


def _envelope(entry: EnvelopeEntry | None) -> Envelope | None:
    return None if entry is None else Envelope(inside=entry.inside, event=entry.event)


def _rules(entries: Mapping[str, RuleEntry]) -> Iterator[Rule]:
    for name, entry in entries.items():
        yield Rule(
            name=name,
            kind=entry.kind,
            when=entry.when,
            unless=entry.unless,
            each=entry.each,
            key=entry.key,
            and_more=entry.and_more,
            fields=_fields(entry),
            flags=_flags(entry),
        )


def _fields(entry: Places) -> Mapping[str, Any]:
    return {name: paths for name in FIELDS if (paths := getattr(entry, name))}


def _flags(entry: Places) -> Mapping[str, Any]:
    return {name: condition for name in FLAGS if (condition := getattr(entry, name)) is not None}
