"""Undoes the effect on the clocks of letters that never reached the customer.

SMTP reports some failures at once, a relay that is down after hours, and a bounce comes days later. So the state keeps,
for the latest letters, what each one did: which clocks it ended, which it began, and whether the wait for the customer
began with it. When a letter fails, the clocks it had ended run again from their old start, with the thresholds that had
fired; those missed meanwhile fire once, late. What a later letter would have done anyway is handed on to that letter.

Two things end what is kept: an event that would have ended the clock without the letter, and an answer to the letter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, PauseInterval, SentLetter
from escalation.clocks.running import ended_by
from escalation.copies import changed
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, SYSTEM, ClockName, PauseCause

LETTERS_KEPT = 8
"""How many of the latest letters can still be undone; an older one that fails only gets a notice, a bounce of it is refused."""

ASKED, OFFERED = "information_requested", "options_offered"
SAID_BY_PEOPLE = frozenset({"customer_told", ASKED, OFFERED})
"""Wire names of the events by which a person writes to the customer."""

BOUNCED = "Bounced"  # the error of a message that was accepted and came back later
ADDRESS_FAILED = frozenset({BOUNCED, "RecipientRefused"})
"""Errors that the next letter to the same address will have too."""
# The owner showed a sign of life, whether the letter arrived or not.
_NOT_UNDONE = frozenset({ClockName.CHECK_IN})
FOLLOW_UPS = frozenset({MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY})
# Runs on where its old run has nothing left to do: someone owes the customer an update in any case.
_NEVER_WITHOUT = frozenset({ClockName.CUSTOMER_UPDATE})
_WAIT = PauseCause.WAITING_ON_CUSTOMER


def letter_of(state: State, key: str) -> SentLetter | None:
    """The letter with this key, if it can still be undone; the latest one where the key is empty."""
    found = (letter for letter in reversed(state.letters) if key in ("", letter.key) and not letter.arrived)
    return next(found, None)


def later_letters(state: State, letter: SentLetter) -> Sequence[SentLetter]:
    """The letters after this one that are not known to have failed."""
    return state.letters[state.letters.index(letter) + 1 :]


def merged(run: ClockRun, present: ClockRun | None) -> ClockRun:
    """The run that continues: what fired in the present run, if there is one, does not fire again."""
    if present is None:
        return run
    fired = (*run.fired, *(name for name in present.fired if name not in run.fired))
    return changed(run, fired=fired, breached=run.breached or present.breached)


def follow(before: State, after: State, event: events.Event) -> State:
    """The state after an event, with what it means for the letters kept."""
    if after.letters:
        after = _pruned(before, after, event)
    if after.writing and (before.stage is not after.stage or isinstance(event, events.ReopenWindowEnded)):
        # What ends the case while a letter is being written is not an effect of the letter.
        after = changed(after, writing=_less(after.writing, ended_by(event, before.stage, after.stage)))
    if event.kind in SAID_BY_PEOPLE:
        starts_wait = event.kind == ASKED and not before.is_paused_by(_WAIT)
        writing = SentLetter(
            key="",
            at=event.at,
            by_event=event.kind,
            ended=before.runs,
            starts_wait=starts_wait,
            unanswered=before.unanswered,
        )
        return changed(after, writing=writing)
    if isinstance(event, events.MessagesReleased) and event.key:
        return changed(after, letters=_joined(after.letters, event))
    if isinstance(event, events.MessageQueued) and event.to == CUSTOMER:
        writing = before.writing or SentLetter(key="", at=event.at, ended=before.runs)
        letter = replace(_sent(writing, event.key, after.runs), asks=_asked_by(event))
        letters = (*after.letters, letter)[-LETTERS_KEPT:]
        return changed(after, writing=None, letters=letters, lost_letter="", lost_address="")
    return after


def undo(state: State, event: events.DeliveryFailed) -> State:
    """The state as if the letter had not been written; the clocks in `event.restarted` run again."""
    letter = letter_of(state, event.key) if event.key and event.to == CUSTOMER else None
    if letter is None:
        return state
    later = later_letters(state, letter)
    runs = {
        clock: run
        for clock, run in state.runs.items()
        if letter.began.get(clock) != run.cycle or clock in _NEVER_WITHOUT
    }
    again = (clock for clock in event.restarted if clock in letter.ended)
    runs |= {clock: merged(letter.ended[clock], state.runs.get(clock)) for clock in again}
    pauses, asked_later = _pauses_without(state.pauses, letter, later)
    later = tuple(replace(one, starts_wait=True) if one is asked_later else one for one in later)
    earlier = state.letters[: state.letters.index(letter)]
    letters = (*earlier, *_inherited(later, letter, event.restarted))
    lost_letter = state.lost_letter or ("" if later else letter.key)
    lost_address = state.customer.address if lost_letter else ""
    left_out = state.left_out | _asked_again(state, letter)
    state = changed(
        state,
        runs=runs,
        pauses=pauses,
        letters=letters,
        lost_letter=lost_letter,
        lost_address=lost_address,
        left_out=left_out,
    )
    withdrawn = letter.by_event == OFFERED and ClockName.CHOICE in letter.began and ClockName.CHOICE not in runs
    return changed(state, options=(), default_option="") if withdrawn else state


def _asked_by(event: events.MessageQueued | events.MessagesReleased) -> MessageKind | None:
    """The follow-up that a letter asks; a survey asks what the other one asks too."""
    asked = FOLLOW_UPS.intersection((event.message, *event.also))
    return max(asked, default=None)


def _asked_again(state: State, letter: SentLetter) -> frozenset[MessageKind]:
    """The follow-up that no one read, unless the case went on since or the customer has judged it anyway."""
    is_over = state.resolved_at is None or letter.at < state.resolved_at or state.score is not None
    return frozenset() if letter.asks is None or is_over else frozenset({letter.asks})


def _joined(letters: tuple[SentLetter, ...], event: events.MessagesReleased) -> tuple[SentLetter, ...]:
    # The letters with those that went out as one as one letter, which did to the clocks what all of them did.
    joined = [one for one in letters if one.key in event.keys]
    named = next((one for one in joined if one.key == event.key), None)
    if named is None:
        return letters
    ended: dict[ClockName, ClockRun] = {}
    began: dict[ClockName, int] = {}
    for one in joined:
        ended, began = {**one.ended, **ended}, {**began, **one.began}
    whole = replace(
        named,
        ended=ended,
        began=began,
        starts_wait=any(one.starts_wait for one in joined),
        unanswered=tuple(said for one in joined for said in one.unanswered),
        asks=_asked_by(event),
    )
    return tuple(whole if one is joined[-1] else one for one in letters if one is joined[-1] or one not in joined)


def _sent(writing: SentLetter, key: str, runs: Mapping[ClockName, ClockRun]) -> SentLetter:
    """The letter with what changed between the state before it and the one after."""
    ended = {
        clock: run
        for clock, run in writing.ended.items()
        if clock not in _NOT_UNDONE and (clock not in runs or runs[clock].cycle != run.cycle)
    }
    began = {
        clock: run.cycle
        for clock, run in runs.items()
        if clock not in _NOT_UNDONE and (clock not in writing.ended or writing.ended[clock].cycle != run.cycle)
    }
    unanswered = writing.unanswered if ClockName.NEXT_RESPONSE in ended else ()
    return replace(writing, key=key, ended=ended, began=began, unanswered=unanswered)


def _pruned(before: State, after: State, event: events.Event) -> State:
    letters = after.letters
    if isinstance(event, events.CustomerReplied) and not event.automatic and before.is_paused_by(_WAIT):
        letters = _arrived(letters, ASKED)
    if isinstance(event, events.OptionChosen) and event.by != SYSTEM:
        letters = _arrived(letters, OFFERED)
    ended = ended_by(event, before.stage, after.stage)
    if ended:
        letters = tuple(_less(one, ended) for one in letters)
    return after if letters == after.letters else changed(after, letters=letters)


def _arrived(letters: tuple[SentLetter, ...], by_event: str) -> tuple[SentLetter, ...]:
    return tuple(replace(one, arrived=True) if one.by_event == by_event else one for one in letters)


def _less(letter: SentLetter, clocks: frozenset[ClockName]) -> SentLetter:
    if clocks.isdisjoint(letter.ended):
        return letter
    return replace(letter, ended={clock: run for clock, run in letter.ended.items() if clock not in clocks})


def _pauses_without(
    pauses: tuple[PauseInterval, ...], letter: SentLetter, later: Sequence[SentLetter]
) -> tuple[tuple[PauseInterval, ...], SentLetter | None]:
    # The waits without the one this letter began; it begins with a later question, where one was put meanwhile.
    waits = (one for one in pauses if one.cause is _WAIT and one.start == letter.at)
    wait = next(waits, None) if letter.starts_wait else None
    if wait is None:
        return pauses, None
    asked = next((one for one in later if one.by_event == ASKED and (wait.end is None or one.at < wait.end)), None)
    if asked is None:
        return tuple(one for one in pauses if one is not wait), None
    return tuple(replace(one, start=asked.at) if one is wait else one for one in pauses), asked


def _inherited(later: Sequence[SentLetter], failed: SentLetter, restarted: Sequence[ClockName]) -> Iterator[SentLetter]:
    # The later letters; what the failed one had ended and does not run again was ended by the first that could.
    left = {clock: run for clock, run in failed.ended.items() if clock not in restarted}
    for letter in later:
        ended = {
            clock: run
            for clock, run in letter.ended.items()
            if failed.began.get(clock) != run.cycle  # else it began with what was never said
        }
        for clock in tuple(left):
            is_successor = clock in letter.ended and clock not in ended
            is_answered = clock not in failed.began and letter.by_event in SAID_BY_PEOPLE
            if is_successor or is_answered:
                ended[clock] = merged(left.pop(clock), letter.ended.get(clock))
                if clock is ClockName.NEXT_RESPONSE:
                    letter = replace(letter, unanswered=(*failed.unanswered, *letter.unanswered))  # noqa: PLW2901
        yield replace(letter, ended=ended)
