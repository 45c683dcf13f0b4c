"""Which messages to colleagues are urgent: they go to the addresses of the `urgent` order, and a pager takes no others."""

from escalation.message_kinds import MessageKind
from escalation.messages.effects import Message
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Severity

_SEVERE = frozenset({Severity.SEV1, Severity.SEV2})
_ALARMS = frozenset(
    {
        NoticeKind.APPROVAL_OVERDUE,
        NoticeKind.ASSIGNMENT_DELAYED,
        NoticeKind.BREACH,
        NoticeKind.CONSULT_OVERDUE,
        NoticeKind.DELIVERY_FAILED,
        NoticeKind.FOR_OVERSEER,
        NoticeKind.OVERSEER_HOLDS,
        NoticeKind.SEVERITY_RAISED,
        NoticeKind.WARNING,
    }
)


def is_urgent(message: Message, severity: Severity) -> bool:
    """Whether a colleague should be woken for it: an offer or an alarm of a case of SEV1 or SEV2."""
    asks = message.kind is MessageKind.OFFER or any(notice.kind in _ALARMS for notice in message.notices)
    return asks and severity in _SEVERE
