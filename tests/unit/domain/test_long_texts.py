"""Long texts travel as their beginning and a reference, and nothing from outside passes for one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.bounds import accepted, excerpt_of, reference_in, reference_to, shortened
from escalation.bounds.long_texts import EXCERPT, INLINE, LONGEST_STUB, beginning_in, in_other_words, without_reference
from escalation.case.commands import AddNote, Escalate, Packet, RecordCustomerReply, Resolve
from escalation.errors import InvalidCommand
from escalation.vocabulary import Outcome
from tests.unit.domain.case import opening

LONG = "word " * 10_000


def _packet(*evidence: str) -> Escalate:
    return Escalate(by="ana", why="x", packet=Packet(concern="x", nothing_tried=True, evidence=evidence))


def test_a_text_up_to_the_limit_travels_whole() -> None:
    note = AddNote(by="ana", text="x" * INLINE)
    assert shortened(note).command is note
    assert shortened(note).long_texts == ()


def test_a_longer_text_travels_as_its_beginning_its_length_and_a_reference() -> None:
    short = shortened(accepted(RecordCustomerReply(text=LONG)))
    assert short.long_texts == (LONG,)
    begins, _, mark = short.command.text.partition("…\n\n")
    assert LONG.startswith(begins)
    assert mark == f"[Cut after 1,999 of 50,000 characters. The whole text is kept as {reference_to(LONG)}]"
    assert reference_in(short.command.text) == reference_to(LONG)


def test_every_long_text_of_a_command_is_found_once() -> None:
    resolve = Resolve(by="ana", outcome=Outcome.SOLVED, solution=LONG, root_cause=LONG)
    assert shortened(resolve).long_texts == (LONG,)
    short = shortened(accepted(_packet(LONG, "a link", LONG.upper())))
    assert short.long_texts == (LONG, LONG.upper())
    assert short.command.packet.evidence == (excerpt_of(LONG), "a link", excerpt_of(LONG.upper()))


def test_a_packet_counts_long_texts_by_what_travels_of_them() -> None:
    accepted(_packet(*[LONG] * 9))
    with pytest.raises(InvalidCommand, match=f"`packet` has {10 * LONGEST_STUB + 1:,} characters in all"):
        accepted(_packet(*[LONG] * 10))


def test_a_text_of_blanks_says_nothing_however_long() -> None:
    short = shortened(accepted(AddNote(by="ana", text=" \n" * 30_000)))
    assert (short.command.text, short.long_texts) == ("", ())


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301",
        "\u0915\u093f",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0001f44d\U0001f3fd",
        "\u2764\ufe0f",
        "\r\n",
    ],
    ids=["accent", "vowel sign", "family", "skin tone", "variation", "line break"],
)
def test_no_visible_character_is_torn_apart(cluster: str) -> None:
    for before in range(len(cluster) + 1):
        text = "x" * (EXCERPT - before) + cluster + "y" * INLINE
        cut, starts = len(excerpt_of(text).partition("…\n\n[Cut")[0]), EXCERPT - before
        assert cut <= starts or cut >= starts + len(cluster.rstrip())


def test_accents_without_end_are_cut_anyway() -> None:
    text = "x" + "\u0301" * 30_000
    assert len(excerpt_of(text)) < LONGEST_STUB


@given(st.text(min_size=1), st.integers(INLINE, 3 * INLINE))
def test_whatever_a_long_text_holds_its_excerpt_is_short_and_refers_to_it(text: str, least: int) -> None:
    kept = accepted(AddNote(by="ana", text=text * (least // len(text) + 2))).text
    excerpt = excerpt_of(kept)
    assert len(excerpt) <= LONGEST_STUB
    assert reference_in(excerpt) == (reference_to(kept) if kept.strip() else "")


def test_a_copied_excerpt_is_not_an_excerpt() -> None:
    excerpt = excerpt_of(LONG)
    copied = accepted(AddNote(by="ana", text=excerpt, tried=excerpt[-300:]))
    assert reference_in(copied.text) == reference_in(copied.tried) == ""
    assert copied.text[:-1] == excerpt[:-1]
    assert accepted(copied) is copied
    asked = accepted(replace(opening(), question=excerpt))
    assert reference_in(asked.question) == ""


@given(st.text(alphabet="[]Cut after0123456789,of characters.Thewl xiskpd\nabcdef", max_size=300))
def test_nothing_that_is_accepted_refers_to_a_kept_text(text: str) -> None:
    for one in (text, excerpt_of(LONG) + text, excerpt_of(LONG)[: -len(text) or None]):
        assert reference_in(without_reference(one)) == ""


def test_the_beginning_of_an_excerpt_can_be_had_alone_and_its_end_in_other_words() -> None:
    excerpt = excerpt_of("Hello " * INLINE)
    assert beginning_in(excerpt) == excerpt.partition("\n\n")[0]
    assert beginning_in("Hello") == "Hello"
    said = in_other_words(f"> {excerpt}", lambda shown, of, kept_as: f"{shown} von {of}: {kept_as}")
    assert said.endswith(f" von {6 * INLINE}: {reference_in(excerpt)}")
