"""What a message after the solution asks for, read by rules in English and German."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.customer_words import SurveyReply, own_words, reading_of, survey_reply, topic
from escalation.vocabulary import Reading

EXAMPLES: dict[Reading, tuple[str, ...]] = {
    Reading.THANKS: (
        "Thanks!",
        "Thank you so much, Ana!",
        "Vielen Dank!",
        "Danke schön, Frau Meier.",
        "👍",
        "OK",
        "Hi Ana,\n\nthank you very much for your quick help.\n\nBest regards\nAnn Smith",
        "Seems to work now, thanks",
        "Danke für die schnelle Hilfe!\n\nViele Grüße\nAnn",
        "Perfect, thanks for your support",
        "so far so good, thanks",
        "thanks for the update",
        "Herzlichen Dank und ein schönes Wochenende",
        "Dankeschön",
        "Alles klar, danke",
        "Cheers",
    ),
    Reading.CONFIRMATION: (
        "It works, thanks",
        "Jetzt ist alles da, vielen Dank!",
        "Alles angekommen, danke",
        "Everything has arrived, thanks!",
        "all set, thank you",
        "Passt, danke!",
        "Die Gutschrift ist angekommen, danke",
        "The refund has arrived, thank you",
        "works now, thank you",
        "Funktioniert wieder, danke!",
        "Geht jetzt, vielen Dank.",
        "Problem solved, thanks a lot!",
        "The error no longer appears, thank you",
        "Alles wieder in Ordnung, danke",
        "Hallo,\njetzt läuft alles wieder einwandfrei. Danke!\nLG Ann",
        "Everything is working again. Great support!",
        "Das Problem ist behoben, danke",
        "It's fixed. You can close the ticket.",
        "hat geklappt, danke",
        "Der Fehler tritt nicht mehr auf. Danke",
        "That did the trick",
        "It doesn't happen any more, thanks",
    ),
    Reading.OBJECTION: (
        "still broken",
        "No, I still cannot log in.",
        "I still can't open it",
        "I am still waiting for my refund",
        "Ich warte immer noch auf mein Geld",
        "Wir warten weiterhin",
        "Danke, Rechnung fehlt",
        "Ist noch nicht alles da",
        "Alles da, aber die Rechnung fehlt",
        "Not everything has arrived",
        "geht immer noch nicht",
        "Thanks, but it still fails",
        "Danke, aber es funktioniert immer noch nicht",
        "It does not work",
        "It doesn't work!",
        "Leider nein",
        "same problem again",
        "not solved",
        "Thanks for nothing",
        "Der Fehler ist wieder da",
        "I'm not happy with this",
        "It worked yesterday, but today it is broken again",
        "Danke für nichts",
        "the problem persists",
        "The issue is back",
        "Es klappt nicht",
        "nope, no change",
        "geht nicht",
        "Das hat nicht geholfen",
        "Still doesn't work, thanks anyway",
        "Weiterhin kaputt",
        "I still get the error",
        "works? no, it is not working",
        "It is not fixed.",
        "Nein, das Problem besteht weiterhin",
        "I can't accept this, it is still wrong",
    ),
    Reading.ANSWER: (
        "Das Paket ist beschädigt angekommen, danke",
        "When will the credit arrive?",
        "Thanks, how do I change it?",
        "Danke, wann kommt die Gutschrift?",
        "Here is the log you asked for",
        "",
        "The invoice number is 4711",
        "works on my laptop only",
        "It kind of works",
        "Es geht fast",
        "Hello",
        "Thanks. I would also like a refund",
        "one more thing: the colour",
        "Works, but slow",
        "Danke, aber nur halb",
        "Thanks. Who do I ask about the refund?",
        "Monday works for me, call me then",
    ),
}
READ = [(text, reading) for reading, texts in EXAMPLES.items() for text in texts]
SIGNED = (
    "Hi Ana,\n\n{text}\n\nBest regards\nAnn Smith\n\n"
    "On Mon, 2 Mar 2026 at 09:00, Support <help@example.com>\nwrote:\n> {other}"
)


@pytest.mark.parametrize(("text", "reading"), READ)
def test_each_example_is_read_as_people_would(text: str, reading: Reading) -> None:
    assert reading_of(text) is reading


@pytest.mark.parametrize(("text", "reading"), [(text, reading) for text, reading in READ if "\n" not in text and text])
@pytest.mark.parametrize("other", ["Tell us if it still does not work.", "Thanks, it works."])
def test_greeting_signature_and_quotes_do_not_count(text: str, reading: Reading, other: str) -> None:
    assert reading_of(SIGNED.format(text=text, other=other)) is reading


@pytest.mark.parametrize("thanks", ["Thanks, ", "Vielen Dank! ", "It works now. But "])
@pytest.mark.parametrize("text", EXAMPLES[Reading.OBJECTION])
def test_thanks_never_hide_an_objection(thanks: str, text: str) -> None:
    assert reading_of(thanks + text) is Reading.OBJECTION


@given(st.text(max_size=60))
def test_what_is_not_understood_needs_an_answer(text: str) -> None:
    assert reading_of(f"zxqv {text}") not in (Reading.THANKS, Reading.CONFIRMATION)


def test_a_long_message_needs_an_answer() -> None:
    assert reading_of("thanks " * 1000) is Reading.ANSWER


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", SurveyReply(5, "")),
        ("4 - great", SurveyReply(4, "great")),
        ("2, still slow", SurveyReply(2, "still slow")),
        ("3/5", SurveyReply(3, "")),
        ("1 von 5: schlecht", SurveyReply(1, "schlecht")),
        ("4\nnice", SurveyReply(4, "nice")),
        ("5 stars, thanks", SurveyReply(5, "thanks")),
        ("4\n\nVon: Support\n> 1 to 5?", SurveyReply(4, "")),
        ("5 of my users cannot log in", None),
        ("10", None),
        ("2026", None),
        ("1.5 hours", None),
        ("0", None),
    ],
)
def test_a_survey_is_answered_with_a_number_at_the_beginning(text: str, found: SurveyReply | None) -> None:
    assert survey_reply(text) == found


def test_words_between_quotes_are_the_customers_own() -> None:
    assert own_words("> Does it work?\nNo.\n> Since when?\nMonday.") == "No.\nMonday."


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Thanks for everything\nAnn Smith", Reading.THANKS),
        ("Thanks!\nRegards: call me tomorrow!", Reading.ANSWER),
    ],
)
def test_a_name_below_says_nothing_and_a_wish_beside_the_greeting_does(text: str, reading: Reading) -> None:
    assert reading_of(text) is reading


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Hello,\n\nwe paid twice.", "we paid twice."),
        ("Dear Sir or Madam, we paid twice", "we paid twice"),
        ("Hi all our printers are down", "Hi all our printers are down"),
        ("Hallo", "Hallo"),
        ("1/5.\n\nThe printer still smokes.", "The printer still smokes."),
        ("???", ""),
        ("", ""),
    ],
)
def test_a_topic_is_what_the_first_line_says_after_a_greeting(text: str, about: str) -> None:
    assert topic(text) == about
