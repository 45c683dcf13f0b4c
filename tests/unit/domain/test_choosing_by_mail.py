"""What a customer writes while they have the choice is heard: by the word of an option, or in words of their own."""

import pytest

from escalation.case.commands import OfferOptions, Option, RecordCustomerReply, RequestInformation, TellCustomer
from escalation.case.events import ChoiceLapsed, CustomerReplied, OptionChosen
from escalation.choosing import choice_in
from escalation.lifecycle.answering import done
from escalation.sentences import told
from escalation.vocabulary import CUSTOMER, ClockName, Reading
from tests.unit.domain.case import Case
from tests.unit.domain.durations import HOURS, MINUTES
from tests.unit.domain.stages import RESOLVE

TITLES = {"a": "A new lamp", "b": "Your money back"}
OFFER = OfferOptions(options=tuple(Option(id=key, title=title) for key, title in TITLES.items()), default="a", by="ana")
OWN_WORDS = RecordCustomerReply(text="I would rather have half of the money and keep the lamp.")


def offered() -> Case:
    case = Case.working()
    case.do(OFFER)
    case.wait(MINUTES)
    return case


def chosen(case: Case) -> list[tuple[str, str]]:
    return [(event.option, event.by) for event in case.events if isinstance(event, OptionChosen)]


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("b", "b"),
        ("B.", "b"),
        ("„b“", "b"),
        ("Your money back!", "b"),
        ("Hello,\nyour money back\n\nKind regards\nSam", "b"),
        ("b\n\nOn Monday, 2 March 2026, Support wrote:\n> A new lamp (answer a)", "b"),
        ("a or b", ""),
        ("Not b", ""),
        ("Your money back, but when?", ""),
        ("", ""),
        ("I'd rather have the money, please.", "b"),
        ("The second one please\n\nThanks\nSam Miller", "b"),
        ("I take a", ""),
        ("The money is not back", ""),
        ("Please stop the new lamp", ""),
        ("A lamp, not the money", ""),
        ("Thank you!", ""),
    ],
)
def test_a_message_that_only_names_an_option_is_the_choice(text: str, option: str) -> None:
    assert choice_in(text, TITLES) == option


IN_GERMAN = {"1": "Erstattung auf Ihr Konto", "2": "Gutschrift für die nächste Rechnung", "3": "Konto nicht belasten"}


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("Ich nehme die Erstattung auf mein Konto, danke.\n\nA. Öztürk", "1"),
        ("Guten Tag,\n\nbitte die Gutschrift.\n\nMit freundlichen Grüßen\nAnneliese Öztürk", "2"),
        ("Lösung 2 bitte", "2"),
        ("Am liebsten die erste.", "1"),
        ("Bitte das Konto nicht belasten", "3"),
        ("das Konto bitte", ""),
        ("Bitte nicht auf mein Konto", ""),
        ("Keine Gutschrift!", ""),
        ("Die Erstattung, aber auf ein anderes Konto", ""),
        ("Wann kommt die Erstattung?", ""),
        ("Die Erstattung ist noch nicht da", ""),
    ],
)
def test_a_choice_in_own_words_is_read_in_german_too(text: str, option: str) -> None:
    assert choice_in(text, IN_GERMAN) == option


def test_a_name_that_two_options_have_chooses_none() -> None:
    assert choice_in("a repair", {"a": "A repair", "b": "A repair"}) == ""


def test_the_word_of_an_option_chooses_it() -> None:
    case = offered()
    case.do(RecordCustomerReply(text="b"))
    assert chosen(case) == [("b", CUSTOMER)]
    said = next(event for event in case.events if isinstance(event, CustomerReplied))
    assert (said.text, said.reading, said.settled) == ("b", Reading.ANSWER, True)
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    assert case.told_customer()[-1] == "option_chosen"
    assert case.told("ana")[-1] == "option_chosen"
    did = done(case.events[case.events.index(said) :], case.state, case.state, case.policy)
    assert did.startswith("recorded; it needs no answer; ")
    assert told(said) == 'the customer wrote: "b"'


def test_a_word_that_answers_an_open_question_or_that_a_machine_wrote_chooses_nothing() -> None:
    asked = offered()
    asked.do(RequestInformation(question="Which lamp: a or b?", by="ana"))
    asked.do(RecordCustomerReply(text="b"))
    machine = offered()
    machine.do(RecordCustomerReply(text="b", automatic=True))
    solved = offered()
    solved.do(RESOLVE)
    solved.do(RecordCustomerReply(text="b"))
    assert [chosen(case) for case in (asked, machine, solved)] == [[], [], []]


def test_who_wrote_in_their_own_words_is_not_reminded_and_gets_no_default() -> None:
    case = offered()
    case.do(OWN_WORDS)
    case.wait(24 * HOURS)
    assert {name for name, _ in case.fired(ClockName.CHOICE)} == {"50%", "due"}
    assert "options_reminder" not in case.told_customer()
    assert not chosen(case)
    assert any(isinstance(event, ChoiceLapsed) for event in case.events)


def test_while_their_words_wait_no_letter_says_that_they_have_not_chosen_or_that_nothing_is_new() -> None:
    case = offered()
    case.do(OWN_WORDS)
    case.wait(8 * HOURS)
    update = next(message.facts for message in case.messages if message.kind == "holding_update")
    assert (update.choices, update.choose_by, update.wrote_at) == ((), None, case.state.unanswered[0].at)
    case.do(TellCustomer(text="Half of it is not possible.", by="ana"))
    last = [message.facts for message in case.messages if message.kind == "update"][-1]
    assert last.choices == tuple(TITLES.values())


def test_once_a_person_has_answered_they_are_reminded_and_still_get_no_default() -> None:
    case = offered()
    case.do(OWN_WORDS)
    case.wait(HOURS)
    case.do(TellCustomer(text="The money takes five days. Is that all right?", by="ana"))
    case.wait(24 * HOURS)
    reminder = next(message for message in case.messages if message.kind == "options_reminder")
    assert (reminder.facts.default, reminder.facts.choice_default) == ("", ""), "no letter says that it is taken"
    assert not chosen(case)
