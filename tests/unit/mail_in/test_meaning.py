"""What a mail means for a case: whose words they are, what is news, and what is left alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from escalation.case.commands import AddNote, OpenByTriage, RecordBounce, RecordCustomerReply, RecordTicketNews
from escalation.case.values import Customer
from escalation.intake.delivery import BY_BODY, Author, Known, Plan
from escalation.intake.planning import plan
from escalation.mail_in.headers import is_believed
from escalation.mail_in.language import language_of
from escalation.mail_in.mail import Failure, Mail
from escalation.mail_in.meaning import SOURCE, Rules, Thread, events_of, key_of, new_ticket
from escalation.vocabulary import Severity, Stage, TicketNews

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ANN = Author(id="C1", name="Ann", address="ann@example.com", is_customer=True)
LETTER = Thread(ticket="T-1", letter="update/1", to="customer", customer=ANN, language="de")
NOTICE = Thread(ticket="T-1", letter="offer/1/ana", to="ana", customer=ANN)
MAIL = Mail(
    sender="Ann@example.com", sender_name="Ann", message_id="<m@example.com>", text="It works.", whole="It works.\n> x"
)
RULES = Rules(own=frozenset({"support@example.com"}), trusted="mx.example.com")
KNOWN = Known(
    now=NOW,
    stage=Stage.WORKING,
    severity=Severity.SEV3,
    owner="ana",
    customer=Customer(id="C1", name="Ann", address="ann@example.com"),
    people={},
    latest={},
)


def planned(mail: Mail, thread: Thread | None = LETTER, *, known: Known = KNOWN, rules: Rules = RULES) -> Plan:
    (event,) = events_of(mail, thread, rules, "key")
    return plan(event, SOURCE, known)


def colleagues(**people: str) -> Known:
    return replace(KNOWN, people={f"{name}@example.com": person for name, person in people.items()})


def test_the_customers_answer_is_in_their_words() -> None:
    assert planned(MAIL).commands == (RecordCustomerReply(text="It works."),)


def test_a_customer_who_writes_as_another_of_their_own_addresses_is_the_customer() -> None:
    assert planned(replace(MAIL, sender="ann+shop@example.com")).commands == (RecordCustomerReply(text="It works."),)


def test_names_of_files_stay_with_the_words() -> None:
    said = planned(replace(MAIL, attachments=("bill.pdf",))).commands
    assert said == (RecordCustomerReply(text="It works.\n\n[Attached: bill.pdf]"),)
    assert planned(replace(MAIL, text="", whole="", attachments=("a.png",))).commands == (
        RecordCustomerReply(text="[Attached: a.png]"),
    )


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (replace(MAIL, text="", whole=""), "[The mail has no text.]"),
        (replace(MAIL, text=""), "[The mail only quotes an earlier one.]"),
        (replace(MAIL, text="", whole="", is_encrypted=True), "[The mail is encrypted and cannot be read here.]"),
    ],
)
def test_an_answer_without_words_says_why(mail: Mail, said: str) -> None:
    assert planned(mail).commands == (RecordCustomerReply(text=said),)


def test_an_absence_note_of_the_customer_answers_nothing() -> None:
    assert planned(replace(MAIL, is_automatic=True)).commands == (
        RecordCustomerReply(text="It works.", automatic=True),
    )


def test_an_absence_note_of_a_colleague_is_left_out() -> None:
    found = planned(replace(MAIL, sender="ben@example.com", is_automatic=True), NOTICE, known=colleagues(ben="ben"))
    assert found.ignored == "it is automatic, and not from the customer"


@pytest.mark.parametrize("thread", [LETTER, NOTICE])
def test_a_colleagues_answer_is_a_note_that_the_customer_never_sees(thread: Thread) -> None:
    found = planned(replace(MAIL, sender="ben@example.com"), thread, known=colleagues(ben="ben"))
    assert found.commands == (AddNote(by="ben", text="It works."),)


def test_the_words_of_someone_else_are_news_for_the_owner() -> None:
    (news,) = planned(replace(MAIL, sender="carl@example.net", sender_name="Carl")).commands
    assert isinstance(news, RecordTicketNews)
    assert news.news is TicketNews.UNKNOWN_AUTHOR
    assert news.text == "Carl <carl@example.net> by mail: It works."


@pytest.mark.parametrize("sender", ["", "carl@example.net"])
def test_a_sender_without_a_name_is_named_by_the_address(sender: str) -> None:
    (news,) = planned(replace(MAIL, sender=sender, sender_name="")).commands
    assert isinstance(news, RecordTicketNews)
    assert news.text.startswith(sender or "an unknown sender")


@pytest.mark.parametrize(
    "forged", [replace(MAIL, authentication=("mx.example.com; dmarc=fail",)), replace(MAIL, has_several_senders=True)]
)
def test_a_sender_that_our_mail_server_does_not_believe_is_not_the_customer(forged: Mail) -> None:
    (news,) = planned(forged).commands
    assert isinstance(news, RecordTicketNews)
    assert news.text.startswith("someone who may not be Ann <Ann@example.com>")


@pytest.mark.parametrize("mail", [replace(MAIL, own_key="escalation-1/x"), replace(MAIL, sender="Support@example.com")])
def test_our_own_letter_that_comes_back_is_left_out(mail: Mail) -> None:
    (event,) = events_of(mail, LETTER, RULES, "key")
    assert event.ticket == ""
    assert plan(event, SOURCE, KNOWN).ignored == "we wrote it ourselves"


def test_a_mail_that_answers_nothing_goes_to_triage_as_a_new_ticket() -> None:
    mail = replace(MAIL, subject="Printer", text="Der Drucker ist kaputt und ich kann nicht drucken.", whole="x")
    found = planned(mail, None, known=replace(KNOWN, stage=None, customer=None))
    (opening,) = found.commands
    assert isinstance(opening, OpenByTriage)
    assert found.ticket == new_ticket("<m@example.com>")
    assert (opening.summary, opening.customer.address, opening.customer.language) == (
        "Printer",
        "Ann@example.com",
        "de",
    )
    assert opening.customer_words == f"Printer\n\n{mail.text}"
    assert not opening.regardless


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("Printer", "Hello,\n\nit is broken.", "Printer\n\nHello,\n\nit is broken."),
        ("Printer", "Printer does not print", "Printer does not print"),
        ("", "Hello", "Hello"),
    ],
)
def test_the_subject_of_a_mail_that_opens_a_case_is_among_its_words(subject: str, text: str, words: str) -> None:
    (event,) = events_of(replace(MAIL, subject=subject, text=text), None, RULES, "key")
    assert event.text == words


def test_a_forward_that_opens_a_case_is_kept_whole() -> None:
    (event,) = events_of(replace(MAIL, is_forward=True), None, RULES, "key")
    assert event.text == MAIL.whole


def test_what_the_customer_adds_to_a_ticket_that_did_not_escalate_is_judged_too() -> None:
    begun = Thread(ticket=new_ticket("<m@example.com>"))
    found = planned(MAIL, begun, known=replace(KNOWN, stage=None, customer=None))
    assert found.ignored == "the ticket is not escalated"
    own = replace(begun, to="customer", customer=ANN)
    (opening,) = planned(MAIL, own, known=replace(KNOWN, stage=None, customer=None)).commands
    assert isinstance(opening, OpenByTriage)


@pytest.mark.parametrize(
    ("mail", "rules"),
    [
        (replace(MAIL, is_automatic=True), RULES),
        (replace(MAIL, is_spam=True), RULES),
        (replace(MAIL, sender=""), RULES),
        (MAIL, replace(RULES, opens=False)),
        (replace(MAIL, authentication=("mx.example.com; dmarc=fail",)), RULES),
        (replace(MAIL, has_several_senders=True), RULES),
    ],
)
def test_a_mail_that_asks_for_nothing_opens_nothing(mail: Mail, rules: Rules) -> None:
    found = planned(mail, None, rules=rules, known=replace(KNOWN, stage=None))
    assert found.commands == ()
    assert found.ignored


def bounce(address: str = "ann@example.com", action: str = "failed", status: str = "5.1.1") -> Mail:
    failure = Failure(address=address, permanent=True, status=status, action=action)
    return Mail(is_bounce=True, failures=(failure,), message_id="<b@mx.example.net>")


def test_a_letter_to_the_customer_that_came_back_is_reported() -> None:
    assert planned(bounce()).commands == (RecordBounce(by="mail", key="update/1"),)
    assert planned(bounce("ann@elsewhere.example")).commands == (RecordBounce(by="mail", key="update/1"),)


def test_a_message_to_a_colleague_that_came_back_is_reported() -> None:
    assert planned(bounce("ana@example.com"), NOTICE).commands == (
        RecordBounce(by="mail", key="offer/1/ana", to="ana"),
    )


def test_a_copy_that_came_back_does_not_undo_the_letter() -> None:
    found = planned(bounce("cora@example.com"), known=colleagues(cora="cora"))
    assert found.ignored == "it is the copy to cora that did not arrive"


def test_a_delay_is_recorded_and_undoes_nothing() -> None:
    (said,) = planned(bounce(action="delayed", status="")).commands
    assert isinstance(said, RecordCustomerReply)
    assert said.automatic
    assert planned(bounce(action="delayed"), NOTICE).ignored == "it is still being retried"


def test_a_bounce_that_names_no_letter_or_no_one_is_left_out() -> None:
    assert planned(bounce(), replace(LETTER, letter="")).ignored == "it does not say which letter bounced"
    assert planned(bounce(), None).ignored
    assert planned(Mail(is_bounce=True)).ignored


def test_each_recipient_of_a_report_is_an_event_of_its_own() -> None:
    both = replace(bounce(), failures=(*bounce().failures, *bounce("ben@example.com").failures))
    assert [event.key for event in events_of(both, LETTER, RULES, "key")] == ["key", "key:1"]


def test_the_same_mail_has_the_same_key_and_another_one_has_not() -> None:
    assert key_of(MAIL, b"one way") == key_of(MAIL, b"another way")
    assert key_of(replace(MAIL, text="No."), b"x") == key_of(MAIL, b"x")
    assert key_of(replace(MAIL, whole="No."), b"x") != key_of(MAIL, b"x")
    assert key_of(Mail(), b"x").startswith(BY_BODY)


BELIEF = (
    ((), True),
    (("other.example; dmarc=fail",), True),
    (("mx.example.com; dmarc=pass",), True),
    (("mx.example.com 1; spf=pass; dkim=pass; dmarc=fail",), False),
    (("mx.example.com; spf=fail; dkim=none",), False),
    (("mx.example.com; spf=fail; dkim=pass; dmarc=none",), True),
    (("mx.example.com; arc=pass",), True),
    (("mx.example.com; dmarc=pass", "mx.example.com; dmarc=fail"), True),
)


@pytest.mark.parametrize(("results", "believed"), BELIEF)
def test_only_what_our_own_server_found_out_counts(results: tuple[str, ...], *, believed: bool) -> None:
    assert is_believed(results, "mx.example.com") is believed
    assert is_believed(results, "")


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("Ich kann mich nicht anmelden, bitte helfen Sie mir.", "en-US", "de"),
        ("I cannot log in, please help me with the account.", "de", "en"),
        ("OK", "de-DE, en-US", "de-DE"),
        ("OK", "none of that", ""),
        ("OK", "", ""),
    ],
)
def test_the_language_is_that_of_the_words(text: str, said: str, language: str) -> None:
    assert language_of(text, said) == language
