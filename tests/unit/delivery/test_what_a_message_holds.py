"""What a message that goes out holds: its thread, its author, words from the record, and long texts."""

from dataclasses import replace

from activities.contracts import KeepTextInput
from activities.errors import RecipientRefused
from escalation.bounds import excerpt_of, reference_to
from escalation.case.events import CustomerReplied, CustomerTold
from escalation.message_kinds import Author, MessageKind
from tests.unit.delivery.cases import ANA, ESCALATION, NOON, a_message, a_request
from tests.unit.delivery.delivering import World
from tests.unit.delivery.staff_letters import opened


async def test_all_letters_of_a_case_have_one_subject_and_answer_the_first_one_to_the_same_person(world: World) -> None:
    letters = (
        a_message(MessageKind.RECEIPT),
        a_message(MessageKind.OFFER, to="ana"),
        a_message(MessageKind.UPDATE),
        a_message(MessageKind.NOTICE, to="ana"),
        a_message(MessageKind.RESOLVED),
    )
    for letter in letters:
        await world.deliver(a_request(letter))
    assert {sent.subject for sent in world.mail.sent} == {"[T-1] The printer smokes"}
    assert [sent.answers.removeprefix(f"{ESCALATION}/") for sent in world.mail.sent] == [
        "",
        "",
        "receipt/1/customer",
        "offer/1/ana",
        "receipt/1/customer",
    ]


async def test_the_first_letter_that_arrives_begins_the_conversation(world: World) -> None:
    world.mail.errors.append(RecipientRefused("no such mailbox"))
    await world.fails(a_request(a_message(MessageKind.RECEIPT)))
    await world.deliver(a_request(a_message(MessageKind.UPDATE)))
    await world.deliver(a_request(a_message(MessageKind.QUESTION)))
    assert [sent.answers for sent in world.mail.sent] == ["", f"{ESCALATION}/update/1/customer"]


async def test_a_letter_says_who_wrote_its_words(world: World) -> None:
    for kind in (MessageKind.RECEIPT, MessageKind.UPDATE, MessageKind.THANKS):
        await world.deliver(a_request(a_message(kind)))
    assert [sent.author for sent in world.mail.sent] == [Author.PROGRAM, Author.PERSON, Author.PROGRAM_IN_ANSWER]


async def test_what_went_out_is_kept_as_it_was_sent(world: World) -> None:
    await world.deliver(a_request(a_message()))
    (sent,) = world.mail.sent
    assert world.row.letter == sent


async def test_an_offer_has_what_the_customer_wrote_from_the_record(world: World) -> None:
    told = CustomerTold(at=NOON, by="ana", text="We are on it.", next_step="")
    world.records.timelines[ESCALATION] = [CustomerReplied(at=NOON, text="It smokes again"), told]
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana")))
    (sent,) = world.mail.sent
    assert "> It smokes again" in sent.body
    assert ", Ana:\n\n> We are on it." in sent.body


async def test_after_a_cancellation_by_mistake_an_offer_has_what_was_written_before(world: World) -> None:
    undone = opened(undoes="escalation-T-1~1")
    world.records.timelines[ESCALATION] = [undone]
    world.records.timelines["escalation-T-1~1"] = [opened(), CustomerReplied(at=NOON, text="It smokes again")]
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana")))
    assert "> It smokes again" in world.mail.sent[0].body


LONG = "The queue is full. " * 20_000


async def test_a_letter_to_the_customer_has_its_long_texts_whole(world: World) -> None:
    await world.long_texts.keep(KeepTextInput(escalation=ESCALATION, text=LONG, at=NOON))
    await world.deliver(a_request(a_message(text=excerpt_of(LONG), next_step="A new queue.")))
    (sent,) = world.mail.sent
    assert LONG.strip() in sent.body
    assert "A new queue." in sent.body


async def test_a_letter_waits_until_its_long_text_is_stored(world: World) -> None:
    failed = await world.fails(a_request(a_message(text=excerpt_of(LONG))))
    assert (failed.type, failed.non_retryable) == ("NotYetKept", False)
    assert not world.ledger.deliveries


async def test_an_offer_has_the_beginning_of_a_long_text(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", concern=excerpt_of(LONG))))
    (sent,) = world.mail.sent
    assert len(sent.body) < 5_000
    assert "[Shortened: 2,000 of 380,000 characters. " in sent.body
    assert f"in your support tool, under {reference_to(LONG)[:12]}.]" in sent.body


async def test_a_colleague_reads_in_their_language_how_long_a_text_is(world: World) -> None:
    log = "queue full\n" * 20_000
    world.directory.members["ana"] = replace(ANA, language="de")
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", evidence=(excerpt_of(log),))))
    (sent,) = world.mail.sent
    assert "[Gekürzt: 2.000 von 220.000 Zeichen. " in sent.body


async def test_a_letter_to_the_customer_quotes_their_long_text_by_its_beginning(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.REOPENED, why=excerpt_of(LONG))))
    (sent,) = world.mail.sent
    assert "The queue is full. The queue is full." in sent.body
    assert "…" in sent.body
    assert reference_to(LONG)[:12] not in sent.body
    assert len(sent.body) < 5_000
