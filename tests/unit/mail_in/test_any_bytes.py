"""Whatever comes in is read, and never raises."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.mail_in.mail import Mail
from escalation.mail_in.reading import read_mail
from tests.unit.mail_in.mails import HEAD, WORDS, report, text_mail, with_parts

SEEDS = (
    text_mail("Grüße\n\nAm 3. Mai 2026 schrieb x:\n> alt"),
    report("Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n\n").encode(),
    with_parts("alternative", "Content-Type: text/plain\n\nhi", "Content-Type: text/html\n\n<p>hi</p>").encode(),
    with_parts(
        "mixed", "Content-Type: message/rfc822\n\nSubject: x\n\ny", "Content-Type: image/png; name*=x\n\ny"
    ).encode(),
    (HEAD + "Subject: =?utf-8?B?R3LDvMOfZQ==?=\nFrom: =?x?Q?y?= <a@b.example>\nDate: x\n\nbegin 644 a\nend\n").encode(),
)
PIECES = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\r",
        b"\n\n",
        b"\n ",
        b"--=_b\n",
        b"--=_b--\n",
        b"=?",
        b"?=",
        b"<",
        b">",
        b'"',
        b";",
        b":",
    ),
    *(b"Content-Type: multipart/mixed; boundary=\n", b"Content-Transfer-Encoding: base64\n", b"charset=utf-7"),
    *(b"Content-Type: message/rfc822\n\n", b"Content-Type: message/delivery-status\n\n", b"filename*0*=x''%"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail with pieces put in, cut out and doubled."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        start, end = sorted((draw(st.integers(0, len(raw))), draw(st.integers(0, len(raw)))))
        middle = draw(st.sampled_from((b"", raw[start:end] * 2, *PIECES)) | st.binary(max_size=8))
        raw = raw[:start] + middle + raw[draw(st.sampled_from((start, end))) :]
    return raw


def check(found: Mail) -> None:
    """What is read can be stored and shown."""
    shown = [found.subject, found.text, found.whole, found.sender, found.sender_name, *found.attachments]
    for text in shown:
        text.encode()
        assert "\x00" not in text
    assert "\n" not in found.subject + found.sender + found.message_id + "".join(found.attachments)


@pytest.mark.fuzz
@given(mutated())
def test_a_mutated_mail_is_read(raw: bytes) -> None:
    check(read_mail(raw, WORDS))


@pytest.mark.fuzz
@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    check(read_mail(raw, WORDS))


def test_a_type_of_broken_bytes_is_named_as_text() -> None:
    check(read_mail(HEAD.encode() + b"Content-Type: appl\x80cation/x; x=y\n\nhi", WORDS))


def test_a_type_that_is_folded_in_the_middle_names_a_file_on_one_line() -> None:
    found = read_mail(with_parts("mixed", "Content-Type: image\n /png\n\ny").encode(), WORDS)
    check(found)
    assert found.attachments == ("image /png",)


FOLDER = os.environ.get("MAIL_FIXTURES", "")
"""A folder of mails with an `expected.json`, which says what is to be read of each."""


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u200e", " ")).strip()


@pytest.mark.skipif(not FOLDER, reason="MAIL_FIXTURES names no folder of mails")
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_mails_of_a_folder_are_read_as_expected(end: bytes) -> None:
    folder, wrong = Path(FOLDER), []
    for name, wanted in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        found = read_mail((folder / name).read_bytes().replace(b"\n", end), WORDS)
        texts = {_words(text) for text in (wanted["new_text"], *wanted["new_text_also"]) if text is not None}
        failures = [
            {"address": one.address, "permanent": one.permanent, "status": one.status, "action": one.action}
            for one in found.failures
        ]
        pairs = {
            "new_text": (not texts or _words(found.text) in texts, True),
            "is_bounce": (found.is_bounce, wanted["is_bounce"]),
            "is_auto_reply": (found.is_automatic, wanted["is_auto_reply"] or False),
            "bounces": (failures, wanted["bounces"]),
            "attachments": (len(found.attachments), wanted["attachments"]),
            "sender": (found.sender, wanted["sender"] or ""),
            "message_id": (found.message_id, wanted["message_id"] or ""),
            "in_reply_to": (found.in_reply_to, wanted["in_reply_to"] or ""),
            "references": (list(found.references), wanted["references"]),
        }
        wrong += [
            (name, fact, *pair)
            for fact, pair in pairs.items()
            if pair[0] != pair[1] and fact not in wanted["ambiguous"]
        ]
    assert not wrong
