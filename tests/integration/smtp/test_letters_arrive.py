"""Every letter to the customer, sent to a real SMTP server and read back as a mail program reads it."""

import re
from dataclasses import replace

import lxml.html
import pytest

from activities.adapters.smtp import SmtpChannel
from escalation.message_kinds import Author
from starter.gallery import LANGUAGES, letters
from tests.integration.smtp.relay import MESSAGE, Handler, a_relay

LABELS = {"en": "What happens next: ", "de": "Wie es weitergeht: "}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_letter_arrives_as_text_and_as_a_page_with_the_same_words(language: str) -> None:
    handler = Handler()
    written = [text for _, _, text in letters(language)]
    async with a_relay(handler) as relay:
        channel = SmtpChannel(relay)
        for number, text in enumerate(written):
            await channel.send(replace(MESSAGE, key=f"gallery/{number}", body=text, language=language))
    assert len(handler.mails) == len(written)
    for text, mail in zip(written, handler.mails, strict=True):
        plain, page = mail.iter_parts()
        assert plain.get_content().replace("\r\n", "\n") == text
        assert LABELS[language] in text
        tree = lxml.html.document_fromstring(page.get_content())
        shown = " ".join(one.text_content() for one in tree.iter("h1", "p", "blockquote"))
        assert shown.split() == re.sub(r"(?m)^>( |$)", "", text).split()
        assert (tree.get("lang"), mail["Content-Language"]) == (language, language)


async def test_a_conversation_holds_together_and_only_automatic_letters_call_themselves_so() -> None:
    handler = Handler()
    first = replace(MESSAGE, key="receipt/1")
    later = [replace(MESSAGE, key=f"update/{author}", author=author, answers=first.key) for author in Author]
    async with a_relay(handler) as relay:
        for one in (first, *later):
            await SmtpChannel(relay).send(one)
    receipt, *others = handler.mails
    assert {mail["Subject"] for mail in handler.mails} == {"[T-1] Grüße"}
    assert (
        {mail["In-Reply-To"] for mail in others} == {mail["References"] for mail in others} == {receipt["Message-ID"]}
    )
    assert [mail["Auto-Submitted"] for mail in others] == [None, "auto-generated", "auto-replied"]
    assert [mail["X-Auto-Response-Suppress"] is None for mail in others] == [True, False, False]
    assert not [name for mail in handler.mails for name in mail if name.lower().startswith("list-")]
