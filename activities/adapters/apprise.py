"""Any other service through Apprise: ntfy, Matrix, Mattermost, Telegram, Signal and many more, by its URLs.

Apprise makes the requests itself and says only whether they succeeded. So the limits of `http_sending` do not hold here, and what failed
may have arrived.
"""

import asyncio
import logging
from collections.abc import Mapping

import apprise
from pydantic import SecretStr

from activities.adapters.chat_words import words_of
from activities.errors import RecipientRefused, SentWithoutAnswer
from activities.ports.sending import Envelope
from escalation.plain import cut, one_line, only_shown

SECONDS = 15.0
LONGEST = 20_000  # characters; Apprise cuts further to what each service takes

# At `info` and `debug` it logs addresses and what is sent.
_log = logging.getLogger("apprise")
_log.setLevel(logging.WARNING)


class AppriseChannel:
    """Sends notifications to URLs of services in Apprise's form, by the name that the roster has."""

    def __init__(self, urls: Mapping[str, SecretStr]) -> None:
        # At once: the first URL loads every service that Apprise knows, which takes a moment.
        self._services = {name: _service(url) for name, url in urls.items()}

    async def send(self, envelope: Envelope) -> str:
        """Send it.

        Raises:
            RecipientRefused: There is no such name, or Apprise does not know its URL.
            SentWithoutAnswer: It failed, or took too long; it may have arrived.
        """
        service, said = self._service(envelope.address), words_of(envelope)
        title, lines = one_line(f"{said.headline} {envelope.subject}".strip()), only_shown(said.text)
        text = f"{lines}\n\n{said.ticket}: {envelope.ticket_url}" if envelope.ticket_url else lines
        who = f"Apprise service `{envelope.address}`"
        try:
            async with asyncio.timeout(SECONDS):
                was_sent = await service.async_notify(
                    body=cut(text, LONGEST), title=title, body_format=apprise.NotifyFormat.TEXT
                )
        except TimeoutError:
            raise SentWithoutAnswer(f"{who} did not answer within {SECONDS:.0f} s") from None
        if not was_sent:
            raise SentWithoutAnswer(f"{who} did not take it; the worker's log has what Apprise says")
        return "sent"

    async def check(self, name: str) -> str:
        """Whether Apprise knows the URL; what the service answers is known once a message is sent.

        Raises:
            RecipientRefused: There is no such name, or Apprise does not know its URL.
        """
        self._service(name)
        return "Apprise knows its URL"

    def _service(self, name: str) -> apprise.Apprise:
        if name not in self._services:
            raise RecipientRefused(f"Apprise service `{name}` is not set; add it to ESCALATIONS_APPRISE_URLS")
        service = self._services[name]
        if service is None:
            raise RecipientRefused(
                f"Apprise service `{name}`: its URL in ESCALATIONS_APPRISE_URLS is none that Apprise knows"
            )
        return service


def _service(url: SecretStr) -> apprise.Apprise | None:
    service = apprise.Apprise()
    # It logs a URL that it does not know as it is, with the secrets in it.
    _log.disabled = True
    try:
        return service if service.add(url.get_secret_value()) else None
    finally:
        _log.disabled = False
