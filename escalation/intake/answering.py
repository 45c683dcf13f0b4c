"""The body that a sender gets with the 200: its challenge, or a reply that it shows to a person."""

import hmac
import json
from urllib.parse import parse_qs, urlsplit

from escalation.intake.bodies import parsed
from escalation.intake.conditions import holds
from escalation.intake.delivery import Request, SignatureRefused, Unreadable
from escalation.intake.paths import Scope, first_value
from escalation.intake.source import Source

# Bytes; who asks for an answer writes little.
_LONGEST_BODY = 20_000
_LONGEST_VALUE = 1_000


def reply_to(source: Source, request: Request) -> str:
    """The JSON that this delivery is answered with; empty where a 200 says enough.

    Args:
        source: Whose delivery it is.
        request: Its signature was verified.
    """
    if not source.answers or len(request.body) > _LONGEST_BODY:
        return ""
    try:
        scope = Scope(parsed(request, source.form_field), request.headers)
    except Unreadable:
        return ""
    answer = next((one for one in source.answers if holds(one.when, scope)), None)
    if answer is None:
        return ""
    seen = {name: first_value((path,), scope) for name, path in answer.repeat.items()}
    return json.dumps({**answer.say, **{name: str(value or "")[:_LONGEST_VALUE] for name, value in seen.items()}})


def proof_for(source: Source, request: Request, secrets: tuple[str, ...]) -> str:
    """Our proof that we know the secret, for a sender that asks before it sends; empty where the product asks for none.

    Only the sender's own proof is answered: signing any text that anyone sends would let them sign webhooks.

    Args:
        source: Who asks.
        request: A GET with the sender's proof in its query.
        secrets: Any of them may be meant, while one is rotated.

    Raises:
        SignatureRefused: This is not the sender's proof.
    """
    asked = source.handshake
    if asked is None:
        return ""
    (given, *_) = parse_qs(urlsplit(request.url).query).get(asked.query, [""])
    for secret in filter(str.strip, secrets):
        proof = _signed(asked.signs, secret)
        if hmac.compare_digest(proof.encode(), given.encode("utf-8", "surrogateescape")):
            return _signed(proof, secret)
    raise SignatureRefused(f"`{asked.query}` was not made with a secret that we know")


def _signed(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
