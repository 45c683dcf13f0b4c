"""Steps already tried, compared without regard to case and spaces."""

from collections.abc import Iterable

STEPS_KEPT = 20  # how many tried steps a state carries for the hand-off packet; the timeline has them all


def same_as(step: str, known: Iterable[str]) -> str:
    """The known step that this one repeats; empty where it is new, or says nothing."""
    wanted = _plain(step)
    return next((one for one in known if wanted and _plain(one) == wanted), "")


def with_steps(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """The latest of the steps, each once, in the order in which they were first tried."""
    for step in more:
        if step.strip() and not same_as(step, known):
            known = (*known, step)
    return known[-STEPS_KEPT:]


def _plain(step: str) -> str:
    return " ".join(step.casefold().split())
