"""Whether the customer wrote something that no one has answered, and the warning to a person who ends the case."""

from escalation.case.state import State
from escalation.lifecycle.decisions.conversation import quoted
from escalation.lifecycle.draft import Draft
from escalation.plain import one_line
from escalation.vocabulary import ClockName


def owes_answer(state: State) -> bool:
    """Whether the customer wrote something that no one has answered."""
    return ClockName.NEXT_RESPONSE in state.runs


def warn_of_unanswered(draft: Draft) -> None:
    """Say which words of the customer end without an answer of their own."""
    state = draft.state
    if state.unanswered and ClockName.NEXT_RESPONSE in draft.policy.clocks:
        count, latest = len(state.unanswered), state.unanswered[-1]
        what = "the choice is" if latest.is_choice else "one message is"
        many = f"{what} unanswered" if count == 1 else f"{count} messages are unanswered, the latest"
        said = quoted(one_line(latest.text)) or f"{latest.score} of 5"
        draft.warn(f'{many}: "{said}"')
    if state.set_aside:
        is_one = state.set_aside == 1
        held = "one message is" if is_one else f"{state.set_aside} messages are"
        draft.warn(
            f"{held} held back by the contact limit and not read; read {'it' if is_one else 'them'} in the timeline"
        )
