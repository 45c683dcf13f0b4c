"""The timeline as a story: one line for each thing that people did, wrote, promised or missed; the machinery is left out.

Each event declares its line itself (`Happened.sentences`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from escalation.case import events
from escalation.case.events import Event
from escalation.people import with_names
from escalation.sentences import in_english, names_of_outsiders, told

_NO_NAMES: Mapping[str, str] = {}


def story_of(
    happened: Sequence[Event], names: Mapping[str, str] = _NO_NAMES, *, everything: bool = False
) -> Iterator[tuple[Event, str]]:
    """The events that people would tell of, in order, each with its line; options are named by their titles.

    Args:
        names: Name of each person by id; who has none here keeps their id.
        everything: Whether the machinery has its lines too.
    """
    names = {**names_of_outsiders(happened, "en"), **names}
    titles: dict[str, str] = {}
    agreed: dict[int, str] = {}
    for event in happened:
        if isinstance(event, events.OptionsOffered):
            titles |= {option.id: option.title for option in event.options}
            event = replace(event, default=titles.get(event.default, ""))  # noqa: PLW2901 (in words)
        if isinstance(event, events.OptionChosen):
            event = replace(event, option=titles.get(event.option, event.option))  # noqa: PLW2901 (in words)
        if isinstance(event, events.ActionAgreed):
            agreed[event.number] = event.what
        named = with_names(event, names)
        line = in_english(named) if everything else told(named)
        if line and isinstance(event, events.ActionCompleted | events.ActionLapsed) and event.number in agreed:
            line = f"{line}: {agreed[event.number]}"
        if line:
            yield event, line
