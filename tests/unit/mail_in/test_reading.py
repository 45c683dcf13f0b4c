"""What is read of a mail: its sender, the conversation, the words, the files."""

from datetime import UTC, datetime
from time import thread_time

import pytest

from escalation.mail_in.reading import read_mail
from tests.unit.mail_in.mails import HEAD, WORDS, read, text_mail, with_parts

PLAIN, HTML = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"
NEW = "Please send the invoice."


def test_a_mail_says_who_wrote_and_what_it_answers() -> None:
    found = read(
        HEAD + "Date: Mon, 30 Nov 2026 10:00:00 +0100\nReferences: <first@example.org>\n <letter@example.org>\n\n" + NEW
    )
    assert (found.sender, found.sender_name) == ("kim@example.com", "Kim Brandt")
    assert (found.message_id, found.in_reply_to) == ("<a@mail.example.com>", "<letter@example.org>")
    assert found.references == ("<first@example.org>", "<letter@example.org>")
    assert found.at == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert (found.text, found.subject) == (NEW, "Re: [T-1] Printer")
    assert not any((found.is_automatic, found.is_bounce, found.is_forward, found.is_spam))


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("kim@example.com", "kim@example.com"),
        ("kim@example.com (Kim Brandt)", "kim@example.com"),
        ('"Brandt, Kim" <Kim@Example.com>', "Kim@example.com"),
        ("=?utf-8?Q?ceo=40example.net?= <kim@example.com>", "kim@example.com"),
        ("=?utf-8?B?Y2VvQGV4YW1wbGUubmV0LA==?= <kim@example.com>", "kim@example.com"),
        ("Kim Brandt kim@example.com", "kim@example.com"),
        ("Kim <kim@example.com>, Ben <ben@example.com>", "kim@example.com"),
        ("=?iso-8859-1?Q?M=FCller?= <kim@m\u00fcller.example>", "kim@xn--mller-kva.example"),
        ("Kim", ""),
        ("<>", ""),
        ("<kim@@example..com>", ""),
        ("", ""),
    ],
)
def test_the_sender_is_an_address_that_a_reader_would_see(sender: str, address: str) -> None:
    assert read(f"From: {sender}\nSubject: x\n\n{NEW}").sender.replace("Example", "example") == address


@pytest.mark.parametrize(
    ("head", "several"),
    [
        ("From: ann@example.com, eve@example.net", True),
        ("From: ann@example.com\nFrom: eve@example.net", True),
        ("From: Ann <ann@example.com>\nFrom: ANN@example.com", False),
        ('From: "eve@example.net" <ann@example.com>', False),
    ],
)
def test_a_mail_with_several_senders_is_known(head: str, several: bool) -> None:
    assert read_mail(f"{head}\n\nHm".encode(), WORDS).has_several_senders is several


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("=?us-ascii?Q?ABC / 123 / North?=", "ABC / 123 / North"),
        ("=?utf-8?B?R3LDvMOfZQ==?= =?utf-8?Q?_an_alle?=", "Grüße an alle"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        ("Ticket =?utf-8?Q?gr=C3=BCn?= 7", "Ticket grün 7"),
        ("=?x-none?Q?gr=FCn?=", "grün"),
        ("=?utf-8?B?R?=", "=?utf-8?B?R?="),
        ("Grüße", "Grüße"),
        ("Grüße =?utf-8?Q?gr=C3=BCn?=", "Grüße grün"),
        ("one\n two", "one two"),
        ("a =?utf-8?Q?=0D=0ABcc:_x@example.net?=", "a Bcc: x@example.net"),
    ],
)
def test_a_subject_is_decoded_as_well_as_it_can_be(subject: str, text: str) -> None:
    assert read(f"From: kim@example.com\nSubject: {subject}\n\n{NEW}").subject == text


@pytest.mark.parametrize(
    ("head", "answers"),
    [
        ("In-Reply-To: letter@example.org\n", "<letter@example.org>"),
        ("In-Reply-To: Your message of <letter@example.org> today\n", "<letter@example.org>"),
        ("In-Reply-To: your message\n", ""),
        ("In-Reply-To:\n", ""),
        ("", ""),
    ],
)
def test_ids_are_read_as_programs_write_them(head: str, answers: str) -> None:
    assert read(f"From: kim@example.com\n{head}References: a b <c d> <x@y>\n\nx").in_reply_to == answers


@pytest.mark.parametrize("date", ["never", "Mon, 99 Foo 2026", "Mon, 30 Nov 99999 10:00 +9999", ""])
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    assert read(f"From: kim@example.com\nDate: {date}\n\nx").at is None


def test_a_date_without_a_zone_is_taken_for_utc() -> None:
    assert read("Date: Mon, 30 Nov 2026 10:00:00 -0000\n\nx").at == datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "\n\n" + HEAD + "\n" + NEW,
        "From kim@example.com  Mon Nov 30 10:00:00 2026\n" + HEAD + "\n" + NEW,
        ">From kim@example.com  Mon Nov 30 10:00:00 2026\n" + HEAD + "\n" + NEW,
        "\ufeff" + HEAD + "\n" + NEW,
        HEAD + "this line is no header\nDate: x\nContent-Type: text/plain\n\n" + NEW,
        HEAD + 'Content-Type: multipart/alternative; boundary="none"\n\n' + NEW,
        HEAD + "Content-Type: multipart/mixed\n\n" + NEW,
        HEAD + "Content-Type: nonsense\n\n" + NEW,
        HEAD + "Content-Type: text/plain; charset*=us-ascii'en'utf-8\n\n" + NEW,
        f"{HEAD}Content-Type: text/plain; charset*{'9' * 5_000}=utf-8\n\n{NEW}",
        HEAD + "Content-Transfer-Encoding: eight bits\n\n" + NEW,
        HEAD + "Content-Type: text/plain; charset=\n\n\x00" + NEW,
        HEAD + "To: other@example.orgAccept-Language: en\nMIME-Version: 1.0\n\n" + NEW,
    ],
)
def test_a_broken_mail_is_read(raw: str) -> None:
    found = read(raw)
    assert (found.text, found.sender, found.problem) == (NEW, "kim@example.com", "")


def test_a_mail_with_line_ends_of_old_macs_is_read() -> None:
    assert read_mail((HEAD + "\n" + NEW).replace("\n", "\r").encode(), WORDS).text == NEW


def test_words_below_a_strange_first_line_of_the_body_stay() -> None:
    found = read("From: kim@example.com\nPlease help\nme, Kim")
    assert "Please help" in found.text


def test_parts_nested_without_end_are_shown_as_they_came() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{each}"\n\n--b{each}\n' for each in range(2_000))
    found = read_mail((HEAD + nested + f"Content-Type: text/plain\n\n{NEW}").encode(), WORDS)
    assert found.sender == "kim@example.com"
    assert found.problem


def test_of_two_forms_of_a_text_the_plain_one_counts() -> None:
    assert read(with_parts("alternative", PLAIN + NEW, HTML + f"<p>{NEW} <b>Now.</b></p>")).text == NEW


def test_an_empty_plain_form_gives_way_to_the_other() -> None:
    assert read(with_parts("alternative", PLAIN + "  ", HTML + f"<p>{NEW}</p>")).text == NEW


def test_what_only_the_html_marks_as_a_quote_is_left_out() -> None:
    plain = f"{NEW}\n\nSupport, Monday\nWhich one do you need?"
    page = f'<div>{NEW}</div><blockquote type="cite">Support, Monday<br>Which one do you need?</blockquote>'
    found = read(with_parts("alternative", PLAIN + plain, HTML + page))
    assert found.text == NEW
    assert "Which one" in found.whole


def test_text_around_a_picture_stays_together_and_the_picture_is_named() -> None:
    picture = 'Content-Type: image/png; name="screen.png"\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\naGk='
    found = read(with_parts("mixed", PLAIN + "Look:", picture, PLAIN + NEW))
    assert found.text == f"Look:\n\n{NEW}"
    assert found.attachments == ("screen.png",)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("Content-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nx", "log.txt"),
        ("Content-Type: application/pdf; name*=utf-8''Rechnung%20gr%C3%BCn.pdf\n\nx", "Rechnung grün.pdf"),
        ('Content-Type: application/pdf; name="=?utf-8?Q?gr=C3=BCn.pdf?="\n\nx', "grün.pdf"),
        ('Content-Type: image/png; name="../../etc/a\\\\b.png"\n\nx', ".._.._etc_a_b.png"),
        ("Content-Type: application/ms-tnef\n\nx", "application/ms-tnef"),
        ("Content-Type: text/calendar\n\nx", "text/calendar"),
        ("Content-Type: message/rfc822\n\nSubject: Old\n\nx", "Old.eml"),
        ("Content-Type: message/rfc822\n\n\nx", "message.eml"),
        ("Content-Disposition: attachment; filename*=x'y\n\nx", "x'y"),
        (f"Content-Disposition: attachment; filename*{'9' * 5_000}=x\n\nx", "text/plain"),
    ],
)
def test_a_file_is_named_and_kept_out(part: str, name: str) -> None:
    found = read(with_parts("mixed", part, PLAIN + NEW))
    assert (found.text, found.attachments) == (NEW, (name,))


def test_a_signature_file_and_a_form_for_one_program_are_not_named() -> None:
    signature, amp = "Content-Type: application/pgp-signature; name=s.asc\n\nx", "Content-Type: text/x-amp-html\n\n<p>x"
    assert read(with_parts("signed", PLAIN + NEW, signature, amp)).attachments == ()


def test_a_uuencoded_file_in_the_text_is_named() -> None:
    found = read(f'{HEAD}\n{NEW}\n\nbegin 644 report.csv\n03D%-13M35$%455,*03M""@\n`\nend\n')
    assert (found.text, found.attachments) == (NEW, ("report.csv",))


def test_a_mail_of_a_thousand_parts_is_read_up_to_a_limit() -> None:
    found = read(
        with_parts("mixed", *[f"Content-Type: image/png; name={at}.png\n\nx" for at in range(1_000)], PLAIN + NEW)
    )
    assert len(found.attachments) <= 50


@pytest.mark.parametrize("head", ["Subject: FW: x\n", "Subject: WG: x\n"])
def test_a_forward_is_known_and_kept_whole(head: str) -> None:
    found = read(
        f"From: kim@example.com\n{head}\nSee below.\n\nFrom: A <a@example.net>\nTo: kim\nSubject: x\n\nThe lift is stuck."
    )
    assert found.is_forward
    assert found.text == "See below."
    assert "The lift is stuck." in found.whole


def test_a_forward_is_known_by_its_line() -> None:
    assert read(text_mail("See.\n\n---------- Forwarded message ---------\nFrom: x\n\nStuck.")).is_forward


def test_everyone_it_was_sent_to_is_known() -> None:
    raw = b"To: Desk <DESK@example.org>, b@example.org\nX-Original-To: desk+t@example.org\n\nx"
    found = read_mail(raw, WORDS, recipients=("desk+e@example.org",))
    assert found.recipients == ("desk+e@example.org", "desk@example.org", "b@example.org", "desk+t@example.org")


def test_what_a_filter_and_we_ourselves_wrote_is_read() -> None:
    found = read("X-Spam-Flag: YES\nX-Escalation-Key: escalation-1/receipt/1\n\nx")
    assert found.is_spam
    assert found.own_key == "escalation-1/receipt/1"


def test_nothing_at_all_is_an_empty_mail() -> None:
    assert read(b"") == read(b"\n")
    assert read(b"").text == ""


class Broken:
    """Reads no text."""

    def __call__(self, text: str, *, html: bool) -> str:
        """See `MailWords`."""
        raise ValueError(text, html)

    def whole(self, text: str, *, html: bool) -> str:
        """See `MailWords`."""
        raise ValueError(text, html)


def test_a_text_that_no_reader_can_cut_raises_nothing() -> None:
    found = read_mail(b"From: kim@example.com\n\nx", Broken(), ("desk@example.org",))
    assert found.problem == "it cannot be read: ValueError"
    assert found.recipients == ("desk@example.org",)


FLOWED = "Content-Type: text/plain; charset=utf-8; format=flowed"


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (FLOWED, "This is one \nparagraph.\n\nAnd another.", "This is one paragraph.\n\nAnd another."),
        (f"{FLOWED}; delsp=yes", "https://example.com/aaaa \nbbbb", "https://example.com/aaaabbbb"),
        (FLOWED, "Yes.\n\nOn Mon, 30 Nov 2026 at 9:14, Support wrote:\n\n> a quote \n> goes on\n>> deeper\n", "Yes."),
        (FLOWED, " From here on.\n -- no mark", "From here on.\n-- no mark"),
        (FLOWED, "Yes.\n-- \nKim", "Yes."),
        ("Content-Type: text/plain", "Two \nlines.", "Two \nlines."),
    ],
)
def test_paragraphs_that_a_program_wrapped_are_whole_again(kind: str, text: str, said: str) -> None:
    assert read(f"{HEAD}{kind}\n\n{text}").text == said


def test_the_only_text_is_read_also_where_it_is_named_like_a_file() -> None:
    found = read(
        f"{HEAD}Content-Type: text/plain; name=body.txt\nContent-Disposition: inline; filename=body.txt\n\n{NEW}"
    )
    assert (found.text, found.attachments) == (NEW, ())


def test_a_mail_that_someone_attached_is_passed_on() -> None:
    found = read(
        with_parts("mixed", PLAIN + "See:", "Content-Type: message/rfc822\n\nSubject: Old\n\nThe lift is stuck.")
    )
    assert (found.text, found.whole) == ("See:", "See:\n\nThe lift is stuck.")


def words_after(body: bytes) -> bytes:
    return (
        HEAD.encode()
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + body
        + f"--b\nContent-Type: text/plain\n\n{NEW}\n--b--".encode()
    )


LINE = b"QUJD" * 19 + b"\n"


@pytest.mark.parametrize(
    "raw",
    [
        words_after(b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + LINE * 60_000),
        HEAD.encode() + f"\n{NEW}".encode() + b"\n" * 5_000_000,
        words_after(b"--b\nContent-Type: image/png; name=x.png\n\nx\n" * 900),
        HEAD.encode() + b"X-A: b\n" * 100_000 + f"Subject: y\n\n{NEW}".encode(),
        HEAD.encode() + b"X-A: " + b"b" * 5_000_000 + f"\n\n{NEW}".encode(),
        b"From: " + b"(" * 300_000 + b"\nTo: x@example.org\n\n" + NEW.encode(),
        HEAD.encode() + b"Content-Type: text/plain; " + b"a*0=b; " * 50_000 + f"\n\n{NEW}".encode(),
        HEAD.encode()
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(90))
        + f"Content-Type: text/plain\n\n{NEW}".encode(),
        HEAD.encode() + b"Content-Type: text/html\n\n" + b"<div>" * 400 + NEW.encode(),
    ],
    ids=["file", "lines", "parts", "headers", "header", "sender", "parameters", "depth", "page"],
)
def test_words_are_found_in_a_mail_of_any_size(raw: bytes) -> None:
    started = thread_time()
    assert read_mail(raw, WORDS).text == NEW
    assert thread_time() - started < 10.0


ENCRYPTED = (
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=_b"\n\n--=_b\n'
    "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--=_b\nContent-Type: application/octet-stream; name=x.asc\n\nx\n--=_b--",
    "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx",
    "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\nx",
    "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----",
)


@pytest.mark.parametrize("mail", ENCRYPTED)
def test_an_encrypted_mail_is_known(mail: str) -> None:
    found = read(HEAD + mail)
    assert found.is_encrypted
    assert found.text == ""


def test_the_marks_of_a_signed_text_are_not_its_words() -> None:
    signed = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{NEW}\n- -- \nKim\n"
        "-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\n"
    )
    found = read(text_mail(signed))
    assert (found.text, found.is_encrypted) == (NEW, False)
