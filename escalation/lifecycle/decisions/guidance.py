"""Guidance: question sets in letters, and the checklist of a case."""

from escalation.case.state import State
from escalation.clock_rules import subcategory_key
from escalation.errors import InvalidCommand
from escalation.guidance import CheckItem
from escalation.lifecycle.draft import Draft
from escalation.policy import Policy


def with_set(state: State, policy: Policy, question: str, name: str) -> str:
    """The question, with the questions of a set below it, in the customer's language."""
    if not name:
        return question
    sets = policy.guidance.question_sets
    for one in sets:
        if one.name == name:
            asked = "\n".join(f"- {each}" for each in one.in_language(state.customer.language))
            return f"{question.strip()}\n\n{asked}" if question.strip() else asked
    fitting = policy.guidance.sets_for(state.category, subcategory_key(state.subcategory))
    known = ", ".join(each.name for each in fitting or sets) or "none; the policy has no question sets"
    raise InvalidCommand(f"`question_set` is `{name}`; sets for this case: {known}")


def check_list(state: State, policy: Policy, checked: tuple[str, ...] = ()) -> tuple[CheckItem, ...]:
    """The checklist items of a case, with those that are ticked now."""
    kind, done = subcategory_key(state.subcategory), (*state.checked, *checked)
    return policy.guidance.to_check(state.category, kind, done, state.checked_before)


def must_be_on_the_list(state: State, policy: Policy, checked: tuple[str, ...]) -> None:
    """Refuse to tick what is on no checklist of the case."""
    known = [item.id for item in check_list(state, policy)]
    for each in checked:
        if each not in known:
            raise InvalidCommand(
                f"`checked` is `{each}`, which is not on the checklist; items for this case: {', '.join(known) or 'none'}"
            )


def must_be_done(state: State, policy: Policy, checked: tuple[str, ...]) -> None:
    """Refuse to resolve a case whose required checklist has open items."""
    must_be_on_the_list(state, policy, checked)
    missing = [item for item in check_list(state, policy, checked) if item.required and not item.done]
    if missing:
        named = "; ".join(f"`{item.id}` ({item.text})" for item in missing)
        raise InvalidCommand(f"the checklist is not done: {named}; name each that is, with `checked`")


def warn_of_open_items(draft: Draft, checked: tuple[str, ...]) -> None:
    """Say which optional items of the checklist no one has ticked."""
    left = [item for item in check_list(draft.state, draft.policy, checked) if not item.done]
    if left:
        named = "; ".join(f"`{item.id}` ({item.text})" for item in left)
        draft.warn(f"open on the checklist: {named}")
