"""Errors for an unusable Temporal server, apart from the connection because importing the SDK is slow."""


class TemporalUnreachable(Exception):
    """No Temporal server accepted the connection. Nothing was started; retry when it runs."""


class NotPrepared(TemporalUnreachable):
    """The server answers, but lacks what escalations need there; the message says how to add it."""
