"""Forms derived from commands: every command has one, with the fields and bounds of its dataclass."""

from dataclasses import dataclass
from typing import Literal

import pytest

from escalation.bounds import ActorId
from escalation.case.commands import (
    SUPPORT_COMMANDS,
    Correct,
    Escalate,
    OfferOptions,
    SetDue,
    SupportCommand,
    TellCustomer,
)
from escalation.screen import Entry, Field, fields_of
from escalation.vocabulary import ClockName


def by_name(type_: type[SupportCommand]) -> dict[str, Field]:
    return {each.name: each for each in fields_of(type_)}


@pytest.mark.parametrize("type_", SUPPORT_COMMANDS.values(), ids=str)
def test_every_command_has_a_form_that_leaves_out_who_asks(type_: type[SupportCommand]) -> None:
    assert not {"kind", "by"} & set(by_name(type_))


def test_a_letter_asks_for_its_text_and_offers_the_rest() -> None:
    fields = by_name(TellCustomer)
    assert {name: each.entry for name, each in fields.items()} == {
        "text": Entry.TEXT,
        "next_step": Entry.TEXT,
        "next_by": Entry.INSTANT,
        "fulfils_promise": Entry.TICK,
        "replaces": Entry.TICK,
        "anyway": Entry.TICK,
    }
    assert [name for name, each in fields.items() if each.required] == ["text"]
    assert fields["next_step"].most == 2_000


def test_the_packet_is_part_of_the_form_that_hands_over() -> None:
    fields = by_name(Escalate)
    assert fields["packet.tried"].entry is Entry.LINES
    assert not fields["why"].required, "the rules of the case say when a reason is needed"
    assert not fields["packet.concern"].required


def test_options_are_rows_of_what_each_has() -> None:
    options = by_name(OfferOptions)["options"]
    assert (options.entry, [each.name for each in options.parts]) == (Entry.ROWS, ["title", "pros", "cons"])


def test_what_may_be_left_open_is_a_choice_and_what_has_a_set_of_values_too() -> None:
    assert by_name(Correct)["our_fault"].values == ("yes", "no")
    assert by_name(SetDue)["clock"].values == tuple(ClockName)
    assert (by_name(SetDue)["clock"].required, by_name(SetDue)["at"].required) == (True, False)


def test_a_number_has_the_narrower_of_its_bounds() -> None:
    level = by_name(SUPPORT_COMMANDS["change_frustration"])["level"]
    assert (level.least, level.most) == (0, 4)


def test_a_kind_of_field_that_no_entry_can_say_is_named() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd:
        kind: Literal["odd"] = "odd"
        by: ActorId
        weight: float

    with pytest.raises(TypeError, match="`weight`"):
        fields_of(Odd)
