"""Mapping files: shipped ones, own ones, and own ones that change a shipped one; a mistake is named with its line."""

from pathlib import Path

import pytest

from escalation.intake.files import InvalidMapping, load_source, shipped_mappings
from escalation.intake.model import Places
from escalation.intake.outcomes import OUTCOMES
from escalation.intake.source import FIELDS, FLAGS
from escalation.people import PRODUCTS
from tests.unit.intake.bodies import changed, commands, comment, known


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ours.yaml"


def refused(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidMapping) as refusal:
        load_source("ours", str(file))
    return "\n".join(line.removeprefix(str(file)) for line in refusal.value.problems)


def test_people_read_who_acted_in_a_product_as_it_is_called() -> None:
    titles = {name: load_source(name).title for name in shipped_mappings() if name != "generic"}
    assert titles == PRODUCTS


def test_every_shipped_mapping_loads_and_chooses_for_every_event() -> None:
    for name in shipped_mappings():
        source = load_source(name, own_actors=frozenset({"7"}), prefix="x-")
        assert (source.name, source.own_actors, source.ticket_of("1")) == (name, frozenset({"7"}), "x-1")
        assert set(source.then) == set(OUTCOMES)


def test_the_names_in_code_are_those_of_the_file() -> None:
    assert set(FIELDS) | set(FLAGS) == set(Places.model_fields)


def test_a_file_changes_a_shipped_one_key_by_key(file: Path) -> None:
    file.write_text(
        "extends: zendesk\n"
        "then: {solved: resolve}\n"
        "severities: {SEV2: [urgent]}\n"
        "events:\n"
        "  csat: {kind: deleted, when: {type: bad}}\n"
        "  deleted_event: null\n",
        encoding="utf-8",
    )
    source = load_source("ours", str(file))
    assert (source.title, source.rules[0].name) == ("Zendesk", "csat")
    assert commands(source, changed("status_changed", "OPEN", "SOLVED")) == ["resolve"]
    assert commands(source, changed("priority_changed", "LOW", "URGENT")) == ["change_severity"]
    assert commands(source, changed("soft_deleted", None, None)) == [
        "`zen:event-type:ticket.soft_deleted` means nothing for an escalation"
    ]
    assert commands(source, comment()) == ["customer_replied"]


OWN = """
title: Our desk
signature: [{scheme: secret, header: x-secret}]
ticket: [id, "link | after /t/ | until ?"]
text: body
public: true
agent: {role: [staff, "2"]}
customer: [{role: user}, {from: "=owner"}]
events:
  said: {kind: message, when: {what: said, body: "*"}, unless: {draft: [true, 1]}}
  gone: {kind: deleted, when: [{what: gone}, {what: null, id: "*"}]}
"""


def test_a_file_of_ones_own(file: Path) -> None:
    file.write_text(OWN, encoding="utf-8")
    source = load_source("ours", str(file))
    assert commands(source, {"what": "said", "id": 7, "body": "Hm", "role": "Staff"}) == ["record_update"]
    assert commands(source, {"what": "said", "link": "x/t/7?a", "body": "Hm", "from": 5, "owner": "5"}) == [
        "customer_replied"
    ]
    assert commands(source, {"what": "said", "id": 7, "body": "Hm", "draft": True}) == [
        "it means nothing for an escalation"
    ]
    assert commands(source, {"id": 7}, known()) == ["ticket_news"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tilte: x\n", ":1: tilte: unknown key `tilte`; did you mean `title`?"),
        ("extends: zendsk\n", ":1: extends: `zendsk` is not a shipped mapping; did you mean `zendesk`?"),
        ("title: x\n", ":1: has no `signature:`; write it, or extend a shipped mapping with `extends:`"),
        ("extends: zendesk\nthen: {sloved: resolve}\n", ":2: then.sloved: `sloved` is not known here; did you mean `solved`?"),
        ("extends: zendesk\nthen: {solved: resolv}\n", ":2: then.solved: `resolv` is not known here; did you mean `resolve`?"),
        ("extends: zendesk\nticket: {a: b}\n", ":2: ticket: a path is a text; write keys with dots between them"),
        ("extends: zendesk\nticket: a | befor b\n", ":2: ticket: `| befor b` is not a cut; write `| after TEXT`"),
        ("extends: zendesk\nticket: a | word x\n", ":2: ticket: `| word x` has no number; write `| word 1` for the first"),
        ("extends: zendesk\nticket: ''\n", "is not a path; write keys with dots between them"),
        ("extends: zendesk\nticket: '@haeder.x'\n", "`@haeder` is unknown; write `@header.NAME`"),
        ("extends: zendesk\npublic: yes\n", "a condition is missing here; write `{path: word}`, or a list of such"),
        ("extends: zendesk\npublic: {a: []}\n", "`a` is compared with no word; write one, a list of them"),
        ("extends: zendesk\nstatuses: {open: {a: b}}\n", "words are missing here; write one, or a list of them"),
        ("extends: zendesk\nstatuses: {opne: a}\n", "did you mean `open`?"),
        ("extends: zendesk\nstatuses: {open: [x], solved: [X, y]}\n", "`x` is here and under `open`; keep one"),
        ("extends: zendesk\nseverities: {SEV1: [a], SEV2: a}\n", "`a` is here and under `SEV1`; keep one"),
        ("extends: zendesk\nevents: {a: {kind: opend, when: {b: c}}}\n", "did you mean `opened`?"),
        ("extends: zendesk\nevents: {a: {kind: opened}}\n", "has no `when`"),
        ("extends: zendesk\nzone: Europe/Berlim\n", "Europe/Berlin"),
        ("extends: zendesk\nsignature: [{scheme: hmac, over: '{bdy}'}]\n", "`{bdy}` is unknown; did you mean `{body}`?"),
        ("extends: zendesk\nsignature: [{scheme: hmac, over: '{id}'}]\n", "signs `{id}`; write the header that it is in as `id:`"),
        ("extends: zendesk\nsignature: [{scheme: hmac, window: 9}]\n", "limits a time that no header has; write it as `timestamp:`"),
        ("extends: zendesk\nsignature: [{scheme: hmac, header: X-A}]\n", "write a header's name in lower case"),
        ("title: x\nsignature: [{scheme: secret}]\nevents: {a: {kind: opened, when: {b: c}}}\n", "has no `ticket:`"),
        ("extends: zendesk\nevents: 7\n", "is `7` where a mapping is expected"),
        ("- a\n", "has no `title:`"),
        ("a: &x 1\nb: *x\n", "aliases"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_to_write(file: Path, text: str, said: str) -> None:
    assert said in refused(file, text)


def test_an_unknown_name_suggests_a_known_one_and_a_missing_file_is_one() -> None:
    with pytest.raises(InvalidMapping, match="did you mean `zendesk`"):
        load_source("zendisk")
    with pytest.raises(InvalidMapping, match="cannot be read"):
        load_source("ours", "/nowhere/ours.yaml")
