"""Decides on news of the ticket in the help desk."""

from collections.abc import Mapping

from escalation.case.commands import RecordTicketNews, RecordUpdate
from escalation.case.events import CustomerToldElsewhere, TicketNewsCame
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.conversation import quoted
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.messages import notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import TicketNews

_NOTICES: Mapping[TicketNews, notices.TicketNoticeKind] = {
    TicketNews.SOLVED: NoticeKind.TICKET_SOLVED,
    TicketNews.MERGED: NoticeKind.TICKET_MERGED,
    TicketNews.DELETED: NoticeKind.TICKET_DELETED,
    TicketNews.SPAM: NoticeKind.TICKET_SPAM,
    TicketNews.REOPENED: NoticeKind.TICKET_REOPENED,
    TicketNews.RESTORED: NoticeKind.TICKET_RESTORED,
    TicketNews.UNKNOWN_AUTHOR: NoticeKind.TICKET_COMMENTED,
    TicketNews.NEW_REQUESTER: NoticeKind.TICKET_REQUESTER,
    TicketNews.UNWRITABLE: NoticeKind.TICKET_UNWRITABLE,
    TicketNews.FLOODED: NoticeKind.TICKET_FLOODED,
}


def record_update(draft: Draft, command: RecordUpdate) -> None:
    """Record that the customer has heard from a person; the clocks that wait for that are answered."""
    some_text(command.text, "text")
    draft.record(CustomerToldElsewhere(at=draft.now, by=command.by, text=command.text))


def record_ticket_news(draft: Draft, command: RecordTicketNews) -> None:
    """Notify the person who has the case, or else the overseer; what follows is theirs to decide.

    What they know already is left out: help desks often send the whole ticket when something else of it changes.
    """
    known = draft.state.ticket_news
    if command.news is known or (command.news is TicketNews.REOPENED and known is not TicketNews.SOLVED):
        return
    draft.record(
        TicketNewsCame(
            at=draft.now, news=command.news, by=command.by, text=command.text, other_ticket=command.other_ticket
        )
    )
    notice = notices.Words(kind=_NOTICES[command.news], text=command.other_ticket or quoted(command.text))
    holder = draft.state.holder
    if not holder:
        notify_overseer(draft, notice)
    elif holder != command.by:
        draft.notify(holder, notice)
