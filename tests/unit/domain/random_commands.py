"""Commands as people might send them: mostly possible in the present stage, sometimes not; content good and bad."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from escalation import commands
from escalation.commands import Open, Option, Packet, SupportCommand
from escalation.lifecycle import allowed
from escalation.state import State
from escalation.vocabulary import CancelCause, Category, Outcome, Reason, Severity
from tests.unit.domain.case import opening

PEOPLE = st.sampled_from(["ana", "ben", "dev", "fay", "zoe", "overseer"])
TEXTS = st.sampled_from(["text", "text", "text", "Grüße, 请稍候", "", "  "])
OPTIONAL_TEXTS = st.sampled_from(["", "a step"])
EAST = timezone(timedelta(hours=5, minutes=30))


def openings() -> st.SearchStrategy[Open]:
    """Openings of every severity and category; behaviour cases start at the top by the example's lane."""
    return st.builds(
        lambda severity, category, reasons, contact, frustration: opening(
            severity=severity, category=category, reasons=reasons, contact=contact, frustration=frustration
        ),
        st.sampled_from(Severity),
        st.sampled_from(Category),
        st.lists(st.sampled_from(Reason), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["", "cat"]),
        st.integers(0, 4),
    )


def support_commands(state: State, now: datetime) -> st.SearchStrategy[SupportCommand]:
    """Any support command; those possible in the present stage come up far more often."""
    possible = tuple(kind for kind in allowed(state.stage) if kind != "cancel")
    every = tuple(_BUILDERS)
    return st.sampled_from(possible * 5 + every).flatmap(lambda kind: _BUILDERS[kind](state, now))


def _holder(state: State) -> st.SearchStrategy[str]:
    return PEOPLE if not state.offered_to else st.one_of(st.just(state.offered_to), st.just(state.offered_to), PEOPLE)


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
    return st.builds(Packet, concern=TEXTS, tried=st.lists(TEXTS, max_size=2).map(tuple))


Builder = Callable[[State, datetime], st.SearchStrategy[SupportCommand]]

_BUILDERS: Mapping[str, Builder] = {
    "acknowledge": lambda state, _: st.builds(commands.Acknowledge, by=_holder(state)),
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
    "customer_replied": lambda *_: st.builds(commands.RecordCustomerReply, text=TEXTS),
    "change_severity": lambda *_: st.builds(
        commands.ChangeSeverity, severity=st.sampled_from(Severity), by=PEOPLE, why=TEXTS
    ),
    "change_frustration": lambda *_: st.builds(commands.ChangeFrustration, level=st.integers(-1, 5), by=PEOPLE),
    "offer_options": lambda *_: st.builds(
        commands.OfferOptions, options=_options(), by=PEOPLE, default=st.sampled_from(["", "a", "x"])
    ),
    "choose": lambda *_: st.builds(commands.Choose, option=st.sampled_from(["a", "b", "x"])),
    "escalate": lambda *_: st.builds(commands.Escalate, by=PEOPLE, why=TEXTS, packet=_packets()),
    "reassign": lambda *_: st.builds(commands.Reassign, to=st.one_of(PEOPLE, TEXTS), by=PEOPLE, why=TEXTS),
    "pause": lambda *_: st.builds(commands.Pause, by=PEOPLE, why=TEXTS),
    "resume": lambda *_: st.builds(commands.Resume, by=PEOPLE),
    "resolve": lambda *_: st.builds(
        commands.Resolve, by=PEOPLE, outcome=st.sampled_from(Outcome), solution=TEXTS, root_cause=OPTIONAL_TEXTS
    ),
    "reopen": lambda *_: st.builds(commands.Reopen, by=PEOPLE, why=TEXTS),
    "answer_survey": lambda *_: st.builds(commands.AnswerSurvey, score=st.integers(0, 6), comment=OPTIONAL_TEXTS),
    "cancel": lambda *_: st.builds(commands.Cancel, by=PEOPLE, cause=st.sampled_from(CancelCause), why=TEXTS),
    "submit_review": lambda *_: st.builds(commands.SubmitReview, by=PEOPLE, root_cause=TEXTS, prevention=TEXTS),
}
