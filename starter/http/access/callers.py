"""The authenticated caller of a request, and what they may do."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from escalation.people import role_in
from escalation.vocabulary import CUSTOMER
from starter.http.access.roles import Role

CHALLENGE = 'Bearer realm="escalations"'


class Refusal(Exception):
    """A request is refused because of who asks. The message may be shown and logged: there is no secret in it."""


class Unauthenticated(Refusal):
    """No credential, or one that proves nothing: 401."""

    def __init__(self, message: str, *, challenge: str = CHALLENGE) -> None:
        self.challenge = challenge  # value of the header `WWW-Authenticate`
        super().__init__(message)


class Forbidden(Refusal):
    """The caller is known and may not do this: 403."""


class TooManyFailures(Refusal):
    """The address has failed too often: 401, and when to try again."""

    def __init__(self, after: int) -> None:
        self.after = after  # seconds to wait
        super().__init__(f"too many failed attempts from this address; wait {after} s, then check the credential")


class CannotTell(Refusal):
    """Whether the credential is good cannot be found out now: 503."""

    def __init__(self, message: str, *, after: int = 5) -> None:
        self.after = after  # seconds to wait
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated caller."""

    credential: str  # what proved it, for logs and as the owner of idempotency keys: `key:k3x…`, `oidc:ana`. No secret
    actor: str  # whom the timeline names: a person of the roster, or the name of an integration
    role: Role
    names_actors: bool = False  # whether a request may name another actor
    # sources it may send webhooks for, and nothing else; empty for a credential without this limit
    sources: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()  # patterns of the tickets that it may see and change, such as `ACME-*`; empty for all

    def must_have(self, role: Role, what: str) -> None:
        """Refuse what needs a higher role.

        Raises:
            Forbidden: This one does not cover it.
        """
        if not self.role.includes(role):
            raise Forbidden(f"`{what}` needs the role `{role}`; this credential has `{self.role}`")

    def must_reach(self, ticket: str) -> None:
        """Refuse a ticket outside the scope.

        Raises:
            Forbidden: No pattern matches it.
        """
        if self.tickets and not any(fnmatchcase(ticket, pattern) for pattern in self.tickets):
            raise Forbidden("this credential is for other tickets: " + ", ".join(self.tickets))

    def must_reach_all(self) -> None:
        """Refuse what is about all tickets to who may see some.

        Raises:
            Forbidden: The credential is for some tickets.
        """
        if self.tickets:
            raise Forbidden("this credential is for some tickets only: " + ", ".join(self.tickets))

    def must_send_for(self, source: str = "", *, by_name: bool = False) -> None:
        """Refuse what is not for one of the sources of a credential that is limited to some.

        Args:
            source: What a request sends for; empty where it is for no source.
            by_name: Whether a credential that lists no sources is refused too.

        Raises:
            Forbidden: The source is not listed.
        """
        if by_name and not self.sources:
            raise Forbidden("this credential was not made for a source (`escalations keys create --source`)")
        if self.sources and source not in self.sources:
            raise Forbidden("this credential only sends for the sources " + ", ".join(self.sources))

    def acting(self, named: str = "") -> str:
        """The actor that the timeline names for a request.

        Args:
            named: Whom the request names; empty for no one.

        Raises:
            Forbidden: It names another one, and this credential may not.
        """
        if not named or named == self.actor:
            return self.actor
        if not self.names_actors:
            raise Forbidden(
                f"this credential acts as `{self.actor}`; leave `by` out, or use a key that may name actors"
            )
        if role_in(named) and named != CUSTOMER:
            raise Forbidden(f"`by` is `{named}`, which is not a person; write the id of a colleague")
        return named
