"""What Temporal's refusal of a request means: a request that makes no sense, or a namespace that was not prepared."""

import re

from temporalio.client import Client
from temporalio.service import RPCError

from starter.errors import CommandRefused, NotPrepared
from workflows.options import SEARCH_ATTRIBUTES

_WORD = re.compile(r"\w{1,100}")


def refusal_of(client: Client, error: RPCError) -> Exception:
    """The error to raise for a request that the server called invalid."""
    ours = [word for word in _WORD.findall(error.message) if word in SEARCH_ATTRIBUTES]
    if ours and "search attribute" in error.message:
        return NotPrepared(
            f"Temporal at {client.service_client.config.target_host}: namespace `{client.namespace}` does not know the "
            f"search attribute {ours[-1]}; run `escalations setup` once, then repeat"
        )
    return CommandRefused("InvalidArgument", error.message)
