"""Cuts what other products send as a message down to what its sender wrote now, as plain text."""

from activities.adapters.html_text import text_of_html
from activities.adapters.new_part import NewPart


class MessageWords:
    """The words of messages, without quotes, signatures and markup."""

    def __init__(self) -> None:
        self._new = NewPart()

    def __call__(self, text: str, *, html: bool) -> str:
        """See `escalation.intake.delivery.Words`."""
        plain = text_of_html(text)[0] if html and text.strip() else text
        return self._new.excerpt(plain).text

    def whole(self, text: str, *, html: bool) -> str:
        """See `escalation.mail_in.structure.MailWords`."""
        return text_of_html(text, cut=False)[0] if html and text.strip() else text
