"""Mails in shapes that real programs write; people and hosts are made up."""

from activities.adapters.new_part import MessageWords
from escalation.mail_in.mail import Mail
from escalation.mail_in.reading import read_mail

WORDS = MessageWords()
HEAD = """From: Kim Brandt <kim@example.com>
To: desk@example.org
Subject: Re: [T-1] Printer
Message-ID: <a@mail.example.com>
In-Reply-To: <letter@example.org>
MIME-Version: 1.0
"""


def read(raw: bytes | str) -> Mail:
    """What is read of a mail, the same with both kinds of line ends."""
    plain = raw.encode() if isinstance(raw, str) else raw
    found = read_mail(plain, WORDS)
    assert read_mail(plain.replace(b"\n", b"\r\n"), WORDS) == found
    return found


def text_mail(text: str, charset: str = "utf-8", encoding: str | None = None, kind: str = "plain") -> bytes:
    """A mail of one text.

    Args:
        text: What it says.
        charset: As it claims.
        encoding: In which it is; as it claims when left out.
        kind: `plain` or `html`.
    """
    head = f"{HEAD}Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    return head.encode() + text.encode(encoding or charset)


def with_parts(kind: str, *parts: str, head: str = HEAD) -> str:
    """A mail of several parts; each begins with its own headers."""
    return (
        f'{head}Content-Type: multipart/{kind}; boundary="=_b"\n\n'
        + "".join(f"--=_b\n{part}\n" for part in parts)
        + "--=_b--\n"
    )


def report(
    recipients: str, *, head: str = "", original: str = "Message-ID: <letter@example.org>\nSubject: x\n\nhello\n"
) -> str:
    """A report of RFC 3464."""
    return with_parts(
        "report; report-type=delivery-status",
        "Content-Type: text/plain\n\nThis is the mail system at host mx.example.net.\n",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n{recipients}",
        f"Content-Type: message/rfc822\n\n{original}",
        head=head
        or "From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nTo: desk@example.org\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n",
    )
