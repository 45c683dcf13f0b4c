"""The messages that linked escalations still have to get; computed from the state, so none gets lost."""

from collections.abc import Iterator
from datetime import datetime

from escalation.case.commands import LinkIncident, ProposeResolution, RelayBulletin, UnlinkIncident, WithdrawProposal
from escalation.copies import shared
from escalation.incident.state import Incident, Link
from escalation.incident.values import Errand
from escalation.incident.vocabulary import ErrandKind

_ORDER = tuple(ErrandKind)

Wanted = tuple[int, int]  # rank of the kind, and number


def next_errand(state: Incident, now: datetime, *, most: int) -> Errand | None:
    """The next errand, the same for several escalations; None if there is none or it has to wait.

    An escalation hears one thing at a time, bulletins in their order: that it is linked, then each bulletin. All of an
    errand have the same overseer, so that each overseer is paged by the first of theirs that takes a bulletin.

    Args:
        most: Show at most N escalations.
    """
    ready = [(wanted, ticket) for ticket, link, wanted in _owed(state) if link.again_at is None or link.again_at <= now]
    if not ready:
        return None
    first = min(wanted for wanted, _ in ready)
    same = [ticket for wanted, ticket in ready if wanted == first]
    overseer = state.links[same[0]].overseer
    tickets = tuple(ticket for ticket in same if state.links[ticket].overseer == overseer)[:most]
    kind, number = _ORDER[first[0]], first[1]
    bulletin = state.bulletins[number - 1] if kind is ErrandKind.BULLETIN else None
    heard = tuple(one for one, last in state.pages.items() if bulletin and last >= number)
    return Errand(
        incident=state.name,
        kind=kind,
        number=number,
        tickets=tickets,
        bulletin=bulletin,
        overseer=overseer,
        page=bulletin is not None and overseer not in heard,
        heard=heard,
        by=bulletin.by if bulletin else state.links[tickets[0]].by,
    )


def wakes_at(state: Incident) -> datetime | None:
    """When something that waits may be tried again, aware UTC; None when nothing waits."""
    waiting = [link.again_at for _, link, _ in _owed(state) if link.again_at is not None]
    return min(waiting, default=None)


def owed(state: Incident) -> int:
    """The number of escalations that are still to hear something."""
    return sum(1 for _ in _owed(state))


def _owed(state: Incident) -> Iterator[tuple[str, Link, Wanted]]:
    latest = len(state.bulletins)
    for ticket, link in state.links.items():
        wanted = _wanted(link, latest)
        if wanted is not None:
            yield ticket, link, wanted


def _wanted(link: Link, latest: int) -> Wanted | None:
    if link.is_wanted != link.is_known:
        return _ORDER.index(ErrandKind.LINK if link.is_wanted else ErrandKind.UNLINK), link.asked
    if link.is_wanted and link.told < latest:
        return _ORDER.index(ErrandKind.BULLETIN), link.told + 1
    return None


def command_of(
    errand: Errand, *, page: bool = False, heard: tuple[str, ...] = ()
) -> LinkIncident | UnlinkIncident | RelayBulletin | ProposeResolution | WithdrawProposal:
    """The command that each of the errand's escalations gets.

    Args:
        page: Whether the escalation is to page its overseer with the bulletin.
        heard: Overseers who are not paged any more.
    """
    incident, by, bulletin = errand.incident, errand.by, errand.bulletin
    if bulletin is None:
        link = LinkIncident if errand.kind is ErrandKind.LINK else UnlinkIncident
        return link(incident=incident, by=by)
    if bulletin.reopens:
        return WithdrawProposal(
            incident=incident, number=bulletin.number, why=bulletin.text, page=page, heard=heard, by=by
        )
    if bulletin.solves:
        return ProposeResolution(
            incident=incident,
            number=bulletin.number,
            solution=bulletin.text,
            root_cause=bulletin.root_cause,
            page=page,
            heard=heard,
            by=by,
        )
    said = shared(bulletin, RelayBulletin, besides=frozenset({"by"}))
    return RelayBulletin(incident=incident, page=page, heard=heard, by=by, **said)
