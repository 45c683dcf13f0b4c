"""Commands as people might send them: mostly possible in the present stage, sometimes not; content good and bad."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from escalation.case import commands
from escalation.case.commands import Open, Option, Packet, SupportCommand
from escalation.case.state import State
from escalation.lifecycle.table import allowed
from escalation.vocabulary import (
    ApprovalKind,
    CancelCause,
    Category,
    ClockName,
    Outcome,
    PauseCause,
    Reason,
    Severity,
    TicketNews,
    Withdrawable,
)
from tests.unit.domain.case import MONDAY, opening

PEOPLE = st.sampled_from(["ana", "ben", "dev", "fay", "zoe", "overseer"] * 4 + ["customer", "system", " Customer "])
TEXTS = st.sampled_from(["text", "text", "text", "Grüße, 请稍候", "", "  "])
OPTIONAL_TEXTS = st.sampled_from(["", "a step"])
INCIDENTS = st.sampled_from(["mail", "mail", "mail", "disk"])
EAST = timezone(timedelta(hours=5, minutes=30))


def openings() -> st.SearchStrategy[Open]:
    """Openings of every severity and category, some late or waiting; behaviour cases start at the top by a lane."""
    return st.builds(
        lambda severity, category, reasons, contact, frustration, hours, waiting_on: opening(
            severity=severity,
            category=category,
            reasons=reasons,
            contact=contact,
            frustration=frustration,
            since=None if hours is None else MONDAY - timedelta(hours=hours),
            waiting_on=waiting_on,
        ),
        st.sampled_from(Severity),
        st.sampled_from(Category),
        st.lists(st.sampled_from(Reason), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["", "cat"]),
        st.integers(0, 4),
        st.sampled_from([None, None, 0, 1, 30, 24 * 400]),
        st.sampled_from([None, None, *PauseCause]),
    )


def support_commands(state: State, now: datetime) -> st.SearchStrategy[SupportCommand]:
    """Any support command; those possible in the present stage come up far more often."""
    possible = tuple(kind for kind in allowed(state.stage) if kind != "cancel")
    every = tuple(BUILDERS)
    return st.sampled_from(possible * 5 + every).flatmap(lambda kind: BUILDERS[kind](state, now))


def _one_of(person: str) -> st.SearchStrategy[str]:
    """Mostly this person, where there is one."""
    return st.one_of(st.just(person), st.just(person), PEOPLE) if person else PEOPLE


def _holder(state: State) -> st.SearchStrategy[str]:
    return _one_of(state.offered_to)


def _owner(state: State) -> st.SearchStrategy[str]:
    return _one_of(state.owner)


def _approver(state: State) -> st.SearchStrategy[str]:
    return _one_of(state.approval.approver if state.approval else "")


def _instants(now: datetime) -> st.SearchStrategy[datetime]:
    """Instants around now, in the past and without a zone too."""
    offsets = st.sampled_from([-60, 0, 1, 60, 900, 1800, 7200, 86400, 30 * 86400])
    return st.builds(_instant, st.just(now), offsets, st.sampled_from([UTC, UTC, UTC, EAST, None]))


def _instant(now: datetime, seconds: int, zone: timezone | None) -> datetime:
    at = now + timedelta(seconds=seconds)
    return at.replace(tzinfo=None) if zone is None else at.astimezone(zone)


def _options() -> st.SearchStrategy[tuple[Option, ...]]:
    one = st.builds(Option, id=st.sampled_from("abc"), title=TEXTS)
    proper = st.just(tuple(Option(id=name, title=name) for name in "abc"))
    return st.one_of(proper, st.lists(one, max_size=3).map(tuple))


def _packets() -> st.SearchStrategy[Packet]:
    some = st.lists(TEXTS, max_size=2).map(tuple)
    return st.builds(
        Packet,
        concern=TEXTS,
        tried=some,
        nothing_tried=st.booleans(),
        evidence=some,
        no_evidence=OPTIONAL_TEXTS,
        proposed=some,
    )


Builder = Callable[[State, datetime], st.SearchStrategy[SupportCommand]]

BUILDERS: Mapping[str, Builder] = {
    "acknowledge": lambda state, _: st.builds(
        commands.Acknowledge, by=_holder(state), packet_read=st.sampled_from([True, True, False])
    ),
    "decline": lambda state, _: st.builds(commands.Decline, by=_holder(state), why=TEXTS),
    "note": lambda *_: st.builds(commands.AddNote, by=PEOPLE, text=TEXTS, tried=OPTIONAL_TEXTS),
    "tell_customer": lambda _, now: st.builds(
        commands.TellCustomer,
        by=PEOPLE,
        text=TEXTS,
        next_step=OPTIONAL_TEXTS,
        next_by=st.none() | _instants(now),
        fulfils_promise=st.booleans(),
    ),
    "promise": lambda _, now: st.builds(commands.MakePromise, what=TEXTS, at=_instants(now), by=PEOPLE),
    "request_information": lambda *_: st.builds(commands.RequestInformation, by=PEOPLE, question=TEXTS),
    "customer_replied": lambda *_: st.builds(
        commands.RecordCustomerReply, text=TEXTS, automatic=st.sampled_from([False, False, True])
    ),
    "delivery_bounced": lambda state, _: st.builds(
        commands.RecordBounce, key=st.sampled_from(["", "nothing", *(one.key for one in state.letters)]), by=PEOPLE
    ),
    "change_severity": lambda *_: st.builds(
        commands.ChangeSeverity, severity=st.sampled_from(Severity), by=PEOPLE, why=TEXTS
    ),
    "set_due": lambda _, now: st.builds(
        commands.SetDue,
        clock=st.sampled_from(ClockName) | st.just(ClockName.RESOLUTION),
        at=st.none() | _instants(now),
        by=PEOPLE,
        why=TEXTS,
    ),
    "apply_policy": lambda *_: st.builds(commands.ApplyPolicy, policy=TEXTS, by=PEOPLE, why=TEXTS),
    "change_frustration": lambda *_: st.builds(commands.ChangeFrustration, level=st.integers(-1, 5), by=PEOPLE),
    "offer_options": lambda *_: st.builds(
        commands.OfferOptions, options=_options(), by=PEOPLE, default=st.sampled_from(["", "a", "x"])
    ),
    "choose": lambda *_: st.builds(commands.Choose, option=st.sampled_from(["a", "b", "x"])),
    "escalate": lambda *_: st.builds(
        commands.Escalate, by=PEOPLE, why=TEXTS, packet=_packets(), trigger=st.none() | st.sampled_from(Reason)
    ),
    "consult": lambda state, _: st.builds(commands.Consult, by=_owner(state), to=PEOPLE, question=TEXTS),
    "answer_consult": lambda state, _: st.builds(
        commands.AnswerConsult, by=_one_of(state.consult.to if state.consult else ""), answer=TEXTS
    ),
    "request_approval": lambda state, _: st.builds(
        commands.RequestApproval,
        what=st.sampled_from(ApprovalKind),
        amount=st.sampled_from([-1, 0, 1, 100, 501, 10_000]),
        by=_owner(state),
        why=TEXTS,
    ),
    "approve": lambda state, _: st.builds(commands.Approve, by=_approver(state), tell_customer=st.booleans()),
    "refuse_approval": lambda state, _: st.builds(commands.RefuseApproval, by=_approver(state), explanation=TEXTS),
    "reassign": lambda *_: st.builds(commands.Reassign, to=st.one_of(PEOPLE, TEXTS), by=PEOPLE, why=TEXTS),
    "hold_updates": lambda _, now: st.builds(commands.HoldUpdates, until=_instants(now), by=PEOPLE, why=TEXTS),
    "pause": lambda *_: st.builds(commands.Pause, by=PEOPLE, why=TEXTS),
    "resume": lambda *_: st.builds(commands.Resume, by=PEOPLE),
    "correct": lambda *_: st.builds(
        commands.Correct,
        by=PEOPLE,
        category=st.none() | st.sampled_from(Category),
        subcategory=st.sampled_from(["", "refund"]),
        summary=OPTIONAL_TEXTS,
        customer_address=st.sampled_from(["", "", "ann.new@example.com", "nonsense"]),
        language=st.sampled_from(["", "de", "german"]),
        zone=st.sampled_from(["", "Europe/Berlin", "Europe/Berlim"]),
        contact=st.just("") | PEOPLE,
        our_fault=st.sampled_from([None, True, False]),
    ),
    "withdraw": lambda *_: st.builds(
        commands.Withdraw, by=PEOPLE, what=st.sampled_from(Withdrawable), explanation=TEXTS
    ),
    "give_back": lambda state, _: st.builds(commands.GiveBack, by=_owner(state), why=TEXTS),
    "hand_on": lambda *_: st.builds(commands.HandOn, person=PEOPLE, to=PEOPLE, by=PEOPLE, why=OPTIONAL_TEXTS),
    "resolve": lambda *_: st.builds(
        commands.Resolve, by=PEOPLE, outcome=st.sampled_from(Outcome), solution=TEXTS, root_cause=OPTIONAL_TEXTS
    ),
    "reopen": lambda *_: st.builds(commands.Reopen, by=PEOPLE, why=TEXTS),
    "answer_survey": lambda *_: st.builds(commands.AnswerSurvey, score=st.integers(0, 6), comment=OPTIONAL_TEXTS),
    "cancel": lambda *_: st.builds(commands.Cancel, by=PEOPLE, cause=st.sampled_from(CancelCause), why=TEXTS),
    "submit_review": lambda *_: st.builds(commands.SubmitReview, by=PEOPLE, root_cause=TEXTS, prevention=TEXTS),
    "agree_action": lambda _, now: st.builds(
        commands.AgreeAction,
        by=PEOPLE,
        owner=PEOPLE,
        what=TEXTS,
        due_by=st.sampled_from([now + timedelta(days=days) for days in (-1, 1, 1, 3, 30)]),
    ),
    "complete_action": lambda *_: st.builds(commands.CompleteAction, by=PEOPLE, number=st.integers(1, 3)),
    "link_incident": lambda *_: st.builds(commands.LinkIncident, incident=INCIDENTS, by=PEOPLE),
    "unlink_incident": lambda *_: st.builds(commands.UnlinkIncident, incident=INCIDENTS, by=PEOPLE),
    "relay_bulletin": lambda _, now: st.builds(
        commands.RelayBulletin,
        incident=INCIDENTS,
        number=st.integers(1, 4),
        text=TEXTS,
        next_step=OPTIONAL_TEXTS,
        next_by=st.none() | _instants(now),
        page=st.booleans(),
        by=PEOPLE,
    ),
    "propose_resolution": lambda *_: st.builds(
        commands.ProposeResolution,
        incident=INCIDENTS,
        number=st.integers(1, 4),
        solution=TEXTS,
        root_cause=OPTIONAL_TEXTS,
        page=st.booleans(),
        by=PEOPLE,
    ),
    "record_update": lambda *_: st.builds(commands.RecordUpdate, by=PEOPLE, text=TEXTS),
    "ticket_news": lambda *_: st.builds(
        commands.RecordTicketNews, by=PEOPLE, news=st.sampled_from(TicketNews), text=OPTIONAL_TEXTS
    ),
    "withdraw_proposal": lambda *_: st.builds(
        commands.WithdrawProposal,
        incident=INCIDENTS,
        number=st.integers(1, 4),
        why=TEXTS,
        page=st.booleans(),
        by=PEOPLE,
    ),
}
