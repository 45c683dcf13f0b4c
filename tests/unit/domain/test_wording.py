"""What blames or insults the customer is held back once, and names the words."""

from dataclasses import replace

import pytest

from escalation.case.commands import (
    MakePromise,
    OfferOptions,
    Option,
    RefuseApproval,
    RequestApproval,
    RequestInformation,
    Resolve,
    TellCustomer,
)
from escalation.case.events import WordingOverridden
from escalation.messages.wording import LATEST
from escalation.vocabulary import ApprovalKind, Outcome
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.durations import HOURS

CAREFUL = replace(EXAMPLE, our_wording=LATEST)


def case() -> Case:
    return Case.working(policy=CAREFUL)


def update(text: str, *, anyway: bool = False) -> TellCustomer:
    return TellCustomer(by="ana", text=text, anyway=anyway)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("This was your own fault.", "“your own fault”"),
        ("YOUR  FAULT, as I already told you.", "“YOUR FAULT”, “as I already told you”"),
        ("Please calm down.", "“calm down”"),
        ("That is a stupid question", "“stupid”"),
        ("You don\u2019t understand how it works", "“You don\u2019t understand”"),
        ("Das ist Ihre Schuld.", "“Ihre Schuld”"),
        ("Das waren Bedienfehler.", "“Bedienfehler”"),
        ("Eine dumme Frage", "“dumme”"),
        ("So ein Bloedsinn", "“Bloedsinn”"),
        ("Sie hätten wissen müssen, dass das nicht geht", "“Sie hätten wissen müssen”"),
        ("SIE HAETTEN WISSEN MUESSEN", "“SIE HAETTEN WISSEN MUESSEN”"),
        ("Dafür sind wir nicht zuständig.", "“Dafür sind wir nicht zuständig”"),
    ],
)
def test_blame_insults_and_defence_are_refused_by_name(text: str, named: str) -> None:
    refusal = str(case().refused(update(text)))
    assert f"in {named}; " in refusal
    assert "`anyway`" in refusal


@pytest.mark.parametrize(
    "text",
    [
        "This is not your fault.",
        "You should have received our letter by now.",
        "We made a mistake, and your refund is on its way.",
        "You wrote “you stupid idiots”, and we understand that you are upset.",
        "> this is a stupid answer\nWe are sorry that our answer did not help.",
        "Sie schrieben: „Ihr seid doch alle Idioten“. Das verstehen wir.",
        "Das ist nicht Ihre Schuld.",
        "Wir haben Ihre Fehlermeldung erhalten und Ihr Problem gelöst.",
        "The dumbbell is in stock; the dummy text was removed.",
    ],
)
def test_kind_words_quotations_and_parts_of_words_pass(text: str) -> None:
    case().do(update(text))


def test_insisting_sends_it_and_the_timeline_says_so() -> None:
    calm = case()
    calm.do(update("You failed to reply.", anyway=True))
    overridden = [event for event in calm.events if isinstance(event, WordingOverridden)]
    assert [(event.by, event.phrases) for event in overridden] == [("ana", ("You failed to",))]
    assert "update" in calm.told_customer()


def test_nothing_is_recorded_where_nothing_was_found() -> None:
    calm = case()
    calm.do(update("It works again.", anyway=True))
    assert "wording_overridden" not in calm.kinds()


@pytest.mark.parametrize(
    "command",
    [
        TellCustomer(by="ana", text="It works.", next_step="You forgot the key, so send it"),
        MakePromise(by="ana", what="You forgot the key; we send one", at=MONDAY + 2 * HOURS),
        RequestInformation(by="ana", question="Why was it that you forgot the key?"),
        OfferOptions(
            by="ana", options=(Option(id="a", title="A key"), Option(id="b", title="None", cons="you forgot it"))
        ),
        Resolve(by="ana", outcome=Outcome.SOLVED, solution="You forgot the key."),
    ],
)
def test_everything_a_person_writes_to_the_customer_is_checked(command: TellCustomer) -> None:
    assert "“you forgot”" in str(case().refused(command)).casefold()


def test_the_reason_of_a_refused_request_is_checked_too() -> None:
    asking = case()
    asking.do(RequestApproval(by="ana", what=ApprovalKind.REFUND, amount=5000, why="charged twice"))
    approver = asking.state.approval
    assert approver is not None
    assert "“your fault”" in str(asking.refused(RefuseApproval(by=approver.approver, explanation="It is your fault")))


def test_a_policy_without_words_checks_nothing() -> None:
    Case.working().do(update("This was your own fault."))
