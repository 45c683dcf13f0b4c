"""Why Temporal cannot be used. Apart from the connection, since the SDK takes long to import and errors are caught everywhere."""


class TemporalUnreachable(Exception):
    """No Temporal server accepted the connection. Nothing was started; retry when it runs."""


class NotPrepared(TemporalUnreachable):
    """The server answers, but lacks what escalations need there; the message says how to add it."""
