"""Any JSON at any place of any body: a delivery or a reason, soon, and never in public what was not said to be."""

import copy
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from escalation.bounds import accepted
from escalation.intake.delivery import DeskEvent, Known, Unreadable
from escalation.intake.files import load_source, shipped_mappings
from escalation.intake.planning import plan
from escalation.intake.reading import read
from escalation.vocabulary import Severity, Stage
from tests.unit.intake.bodies import EVERY, NOW, PEOPLE, SAM, request, words

source_of = cache(load_source)
KNOWN = (
    Known(now=NOW, people={}, latest={}),
    Known(now=NOW, people=PEOPLE, latest={}, stage=Stage.WORKING, owner="ana", severity=Severity.SEV3, customer=SAM),
    Known(now=NOW, people=PEOPLE, latest={}, stage=Stage.OFFERED, offered_to="ana", severity=Severity.SEV4),
    Known(now=NOW, people=PEOPLE, latest={}, stage=Stage.CLOSED, reopens=True, customer=SAM),
)
DEEP: Any = 1
for _ in range(300):
    DEEP = {"a": [DEEP]}
ODD_ONES: tuple[Any, ...] = (None, 7, "x", [], {}, [{}], DEEP)
NUMBERS = (True, False, 0, -1, 2**64 + 1, 10**90, 1e308, float("inf"))
TEXTS = (
    "",
    " ",
    "7",
    "x" * 5_000,
    "\x00\ud83d\u202e",
    "a~b",
    "true",
    "2026-03-02T08:36:44.254571515Z",
    "9999-12-31T23:59:59Z",
)
MARKUP = ("<p>" * 2_000, "{" * 2_000, "[esc 1]", "escalation-9")
LISTS: tuple[Any, ...] = ([True], ["true"], [False], [0], [[]], [None], {"": None}, [1, "a", {"name": "b"}] * 200)
ODD = st.sampled_from([*ODD_ONES, *NUMBERS, *TEXTS, *MARKUP, *LISTS])
ANYTHING = ODD | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def put(body: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> Any:
    changed = copy.deepcopy(body)
    if not path:
        return value
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return changed


def understood(mapping: str, body: Any) -> tuple[DeskEvent, ...]:
    """The events of a body; every command that would follow from them is within its bounds, or refused by a named rule."""
    source = source_of(mapping)
    try:
        found = read(source, request(body, form=source.form_field), words)
    except Unreadable:
        return ()
    assert len(found.key) <= 200
    assert found.key.isprintable()
    assert len({event.key for event in found.events}) == len(found.events)
    for event in found.events:
        for known in KNOWN:
            planned = plan(event, source, known)
            assert bool(planned.commands) is not bool(planned.ignored)
            for command in planned.commands:
                accepted(command)
    return found.events


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_value_at_any_place_is_read_or_refused(name: str, data: st.DataObject) -> None:
    mapping, body = EVERY[name]
    path = data.draw(st.sampled_from(list(places(body))))
    understood(mapping, put(body, path, data.draw(ANYTHING), drop=bool(path) and data.draw(st.booleans())))


@pytest.mark.parametrize("mapping", shipped_mappings())
@settings(max_examples=20, deadline=None)
@given(body=ANYTHING)
@example(body=DEEP)
def test_a_body_of_anything_is_read_or_refused(mapping: str, body: Any) -> None:
    understood(mapping, body)


FLAGS = {
    "zendesk agent": ("event", "comment", "is_public"),
    "jira comment": ("comment", "jsdPublic"),
    "zammad": ("article", "internal"),
    "chatwoot": ("private",),
    "glpi": ("item", "is_private"),
    "groove": ("note",),
}


@pytest.mark.parametrize("name", FLAGS)
@settings(max_examples=40, deadline=None)
@given(value=ANYTHING)
def test_what_is_not_said_to_be_public_is_private(name: str, value: Any) -> None:
    mapping, body = EVERY[name]
    before = understood(mapping, body)[0].is_public
    words_for_it = ("true",) if FLAGS[name][-1] in ("is_public", "jsdPublic") else ("false", "0")
    said = str(value).strip().casefold() in words_for_it and isinstance(value, str | int)
    for drop in (True, False):
        for event in understood(mapping, put(body, FLAGS[name], value, drop=drop)):
            assert not event.is_public or (not drop and said)
    assert before is True


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("odd", [0.0, 1.0, [False], [0], {"": False}])
def test_a_flag_in_an_odd_form_leaves_a_message_private(name: str, odd: Any) -> None:
    mapping, body = EVERY[name]
    assert not any(event.is_public for event in understood(mapping, put(body, FLAGS[name], odd, drop=False)))


@pytest.mark.parametrize("name", EVERY)
def test_no_place_of_a_body_is_needed_by_the_reader(name: str) -> None:
    mapping, body = EVERY[name]
    for path in places(body):
        for value in ODD_ONES:
            understood(mapping, put(body, path, value, drop=False))
        if path:
            understood(mapping, put(body, path, None, drop=True))


@pytest.mark.parametrize("mapping", shipped_mappings())
def test_the_largest_body_is_read_in_a_moment(mapping: str) -> None:
    long = "x {a:b} <p>," * 30_000
    keys = (
        "ticket_id",
        "event",
        "detail",
        "ticket",
        "article",
        "data",
        "comment",
        "issue",
        "triggered_event",
        "text",
        "type",
    )
    body: Any = dict.fromkeys(keys, long) if source_of(mapping).batch is None else [dict.fromkeys(keys, long)] * 3
    source = source_of(mapping)
    sent = request(body, form=source.form_field)
    began = time.process_time()
    with suppress(Unreadable):
        read(source, sent, words)
    assert time.process_time() - began < 3
