"""Messages that wait: for the end of their reader's quiet hours, or for the answer to a search for an owner.

What waits for one reader goes out as one message, written from the case as it is then. Nothing of it concerns a
clock: those moved when the message was written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from escalation.case.events import Event, MessageHeld, MessageQueued, MessagesReleased
from escalation.case.state import State
from escalation.clocks.deadlines import DeadlinesOf, deadlines
from escalation.lifecycle.draft import Decision, Draft
from escalation.message_kinds import MessageKind
from escalation.messages.effects import Message
from escalation.messages.facts import CustomerFacts, Notices, Offer
from escalation.messages.letters import to_customer
from escalation.messages.merging import Drafted, merged
from escalation.messages.obsolete import still_of_use, still_true
from escalation.policy import Policy
from escalation.vocabulary import CUSTOMER


def hold(
    message: Message,
    until: datetime,
    state: State,
    policy: Policy,
    now: datetime,
    *,
    deadlines_of: DeadlinesOf = deadlines,
) -> Decision:
    """Hold a message to a colleague until an instant, because it reached them in their quiet hours."""
    draft = Draft(state, policy, now, deadlines_of)
    draft.record(MessageHeld(at=now, key=message.key, message=message.kind, to=message.to, until=until))
    _send(draft, replace(message, not_before=until))
    return draft.finish()


def release(
    waited: Sequence[Message], state: State, policy: Policy, now: datetime, *, deadlines_of: DeadlinesOf = deadlines
) -> Decision:
    """Send the held messages of one reader, oldest first, without what is no longer true."""
    draft = Draft(state, policy, now, deadlines_of)
    if waited[0].to == CUSTOMER:
        _release_letters(draft, waited)
    else:
        _release_to_colleague(draft, waited)
    return draft.finish()


def keys_sent(timeline: Iterable[Event]) -> frozenset[str]:
    """The keys under which the messages of a timeline go out: those that waited together go out under one of theirs."""
    keys: set[str] = set()
    for event in timeline:
        if isinstance(event, MessageQueued):
            keys.add(event.key)
        elif isinstance(event, MessagesReleased):
            keys = keys.difference(event.keys) | ({event.key} if event.key else set())
    return frozenset(keys)


def _release_letters(draft: Draft, waited: Sequence[Message]) -> None:
    state, policy, now = draft.state, draft.policy, draft.now
    left = [Drafted(facts=said, key=one.key) for one in waited for said in _left(one, waited, state, now)]
    keys, kinds = tuple(one.key for one in waited), [said.kind for one in waited for said in (one.facts, *one.also)]
    if not left:
        left_out = tuple(dict.fromkeys(kinds))
        draft.record(MessagesReleased(at=now, to=CUSTOMER, keys=keys, left_out=left_out))
        return
    letter, also = merged(left)
    said = (letter.facts, *also)
    kinds_said = [one.kind for one in said]
    draft.record(
        MessagesReleased(
            at=now,
            to=CUSTOMER,
            keys=keys,
            key=letter.key,
            message=letter.kind,
            also=tuple(kinds_said[1:]),
            left_out=tuple(dict.fromkeys(kind for kind in kinds if kind not in kinds_said)),
        )
    )
    admits_fault = any(one.admits_fault for one in waited)
    draft.send(to_customer(letter.key, said, draft.state, policy, admits_fault=admits_fault))


def _left(message: Message, waited: Sequence[Message], state: State, now: datetime) -> Iterator[CustomerFacts]:
    keys = {one.key for one in waited}
    sent = [letter.key for letter in state.letters]
    later = sent[sent.index(message.key) + 1 :] if message.key in sent else sent
    is_overtaken = any(key not in keys for key in later)
    for said in cast("tuple[CustomerFacts, ...]", (message.facts, *message.also)):
        left = still_true(said, state, now, is_overtaken=is_overtaken)
        if left is not None:
            yield left


def _release_to_colleague(draft: Draft, waited: Sequence[Message]) -> None:
    """An offer goes by itself; notices go as one message."""
    person, state = waited[0].to, draft.state
    offers = [one for one in waited if isinstance(one.facts, Offer)]
    for offer in offers:
        is_theirs = state.offered_to == person and offer is offers[-1]
        _record(draft, [offer], offer if is_theirs else None)
    told = [one for one in waited if isinstance(one.facts, Notices)]
    if told:
        left = still_of_use(
            [notice for one in told for notice in one.notices], person, state, draft.policy.ladder.overseer
        )
        _record(draft, told, replace(told[0], facts=Notices(notices=left)) if left else None)


def _record(draft: Draft, waited: Sequence[Message], message: Message | None) -> None:
    kinds: tuple[MessageKind, ...] = (waited[0].kind,)
    draft.record(
        MessagesReleased(
            at=draft.now,
            to=waited[0].to,
            keys=tuple(one.key for one in waited),
            key=message.key if message else "",
            message=message.kind if message else None,
            left_out=() if message else kinds,
        )
    )
    if message is not None:
        _send(draft, replace(message, not_before=None))


def _send(draft: Draft, message: Message) -> None:
    draft.send(lambda: message)
