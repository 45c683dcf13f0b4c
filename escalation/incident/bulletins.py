"""Bulletins: what a command says to all linked customers, or to their owners."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import assert_never

from escalation.case.values import InLanguage
from escalation.errors import InvalidCommand
from escalation.incident.commands import ReopenIncident, ResolveIncident, TellLinked
from escalation.incident.state import Incident
from escalation.incident.values import Bulletin
from escalation.lifecycle.decisions.checks import in_the_future, must_say_what, some_text
from escalation.lifecycle.decisions.wording import phrases_in
from escalation.messages.wording import our_phrases

MOST_SAID, MOST_SAID_TO_END = 100_000, 200_000
"""Characters of all bulletins together; those that solve or reopen are accepted beyond that too."""
OUR_WORDING = 1  # the list of phrases to avoid that bulletins are checked with; an incident has no policy of its own


def bulletin_of(command: TellLinked | ResolveIncident | ReopenIncident, number: int, now: datetime) -> Bulletin:
    """The bulletin that a command issues."""
    match command:
        case ResolveIncident(solution=text, root_cause=root_cause, by=by):
            some_text(text, "solution")
            return Bulletin(number=number, text=text, root_cause=root_cause, solves=True, by=by)
        case ReopenIncident(why=text, by=by):
            some_text(text, "why")
            return Bulletin(number=number, text=text, reopens=True, by=by)
        case TellLinked():
            return _update(command, number, now)
        case _:
            assert_never(command)


def must_fit(state: Incident, bulletin: Bulletin) -> None:
    """Refuse a bulletin that an incident cannot carry beside those before; solving and reopening continue for longer."""
    most = MOST_SAID_TO_END if bulletin.solves or bulletin.reopens else MOST_SAID
    if sum(len(text) for one in (*state.bulletins, bulletin) for text in _texts(one)) > most:
        raise InvalidCommand(
            f"the bulletins of an incident take {MOST_SAID:,} characters together; write less, or open a second incident"
        )


def _texts(bulletin: Bulletin) -> Iterator[str]:
    yield from (bulletin.text, bulletin.next_step, bulletin.root_cause)
    for one in bulletin.languages:
        yield from (one.text, one.next_step)


def _update(command: TellLinked, number: int, now: datetime) -> Bulletin:
    others = _for_others(command)
    some_text(others.text, "text")
    every = (*command.languages, *(() if others in command.languages else (others,)))
    _must_be_whole(every)
    if command.next_by is not None:
        must_say_what(others.next_step)
    said = [text for one in every for text in (one.text, one.next_step)]
    return Bulletin(
        number=number,
        text=others.text,
        next_step=others.next_step,
        next_by=_ahead(command.next_by, now),
        languages=command.languages,
        overridden=phrases_in(said, our_phrases(OUR_WORDING), anyway=command.anyway),
        by=command.by,
    )


def _for_others(command: TellLinked) -> InLanguage:
    """What customers get in whose language it is not written: the text without a language, else English, else the first."""
    if command.text.strip() or not command.languages:
        return InLanguage(language="", text=command.text, next_step=command.next_step)
    return next((one for one in command.languages if one.language.lower() == "en"), command.languages[0])


def _must_be_whole(every: tuple[InLanguage, ...]) -> None:
    # Refuse an update that customers of one language would get twice, or only in part.
    languages = [one.language.lower() for one in every]
    if twice := next((each for each in languages if languages.count(each) > 1), ""):
        raise InvalidCommand(f"`languages` has `{twice}` twice; write one text for each language")
    for one in every:
        some_text(one.text, "languages")
    without = [one.language or "other languages" for one in every if not one.next_step.strip()]
    if 0 < len(without) < len(every):
        raise InvalidCommand(
            f"`next_step` is missing for {', '.join(without)}; write it for each language, or for none"
        )


def _ahead(at: datetime | None, now: datetime) -> datetime | None:
    """The instant in UTC."""
    if at is None:
        return None
    in_the_future(at, now, "next_by")
    return at.astimezone(UTC)
