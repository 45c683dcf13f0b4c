"""Events of the conversation with the customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.values import Option
from escalation.vocabulary import ClockName, PauseCause, Reading, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Happened):
    """Progress was written down."""

    sentences = said(
        "{by} noted: {text}[; tried: {tried}][; done on the checklist: {checked}]",
        "{by} hat notiert: {text}[; versucht: {tried}][; von der Prüfliste erledigt: {checked}]",
    )
    kind: Literal["noted"] = "noted"
    by: str
    text: str
    tried: str
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRepeated(Happened):
    """A person tried, proposed or offered again what had been tried before, and got a warning.

    Attributes:
        step: The step as it was noted the first time.
    """

    sentences = said('{by} tried "{step}" once more', "{by} hat noch einmal versucht: {step}")
    is_machinery = True
    kind: Literal["step_repeated"] = "step_repeated"
    step: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingOverridden(Happened):
    """A person sent the customer words in spite of the warning that they may read as blame or insult.

    Attributes:
        phrases: As they were written.
    """

    sentences = said(
        "{by} wrote it in spite of a warning: {phrases}", "{by} hat trotz einer Warnung so geschrieben: {phrases}"
    )
    kind: Literal["wording_overridden"] = "wording_overridden"
    by: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTold(Happened):
    """A person sent the customer an update."""

    sentences = said(
        '{by} wrote to the customer: "{text}"[; next: {next_step}]',
        "{by} hat geschrieben: „{text}“[; als Nächstes: {next_step}]",
    )
    kind: Literal["customer_told"] = "customer_told"
    by: str
    text: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested(Happened):
    """The customer was asked something."""

    sentences = said('{by} asked the customer: "{question}"', "{by} hat gefragt: „{question}“")
    kind: Literal["information_requested"] = "information_requested"
    by: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerReplied(Happened):
    """The customer wrote.

    Attributes:
        limit: Where a limit on contacts holds and the message counts towards it, how many of such are remembered.
        set_aside_until: For a message over the limit, the instant, aware UTC, at which it is released.
        automatic: Whether a machine wrote it; then it answers nothing and moves no clock.
        reading: What it asks for, where that was looked at.
        settled: Whether it needs no answer, because it is mere thanks or the policy says so; then it moves no clock.
    """

    sentences = said(
        'the customer wrote[ (held back until {set_aside_until})]: "{text}"',
        "Die Kundin oder der Kunde hat geschrieben[, zurückgestellt bis {set_aside_until}]: „{text}“",
        automatic=('automatic reply[ (held back until {set_aside_until})]: "{text}"', "Automatische Antwort: „{text}“"),
        chosen_again=(
            'the customer chose once more[ (held back until {set_aside_until})]: "{text}"',
            "Noch einmal gewählt wurde[, zurückgestellt bis {set_aside_until}]: „{text}“",
        ),
        choice=(
            'the customer chose when there was no choice any more[ (held back until {set_aside_until})]: "{text}"',
            "Gewählt wurde, als nichts mehr zu wählen war[, zurückgestellt bis {set_aside_until}]: „{text}“",
        ),
    )
    kind: Literal["customer_replied"] = "customer_replied"
    text: str
    limit: int = 0
    set_aside_until: datetime | None = None
    automatic: bool = False
    reading: Reading | None = None
    settled: bool = False

    @property
    def chosen_again(self) -> bool:
        """Whether the customer chose what they had chosen before."""
        return self.settled and self.reading is Reading.CHOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPutForward(Happened):
    """Messages that went over the limit on contacts were released to the person who has the case, all at once.

    Attributes:
        limit: As in `CustomerReplied`: together they are one contact.
    """

    sentences = said(
        "messages held back that can be read now: {count}",
        "Zurückgestellte Nachrichten können jetzt gelesen werden: {count}",
    )
    kind: Literal["messages_put_forward"] = "messages_put_forward"
    count: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesHeld(Happened):
    """A person holds automatic updates to the customer; they go out again by themselves.

    Attributes:
        until: When they do, aware UTC.
    """

    sentences = said(
        "{by} holds automatic letters until {until}[: {why}]",
        "{by} hält automatische Briefe zurück bis {until}[: {why}]",
    )
    kind: Literal["updates_held"] = "updates_held"
    until: datetime
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Happened):
    """A cause to wait began."""

    sentences = said("{by} waits for a third party[: {why}]", "{by} wartet auf Dritte[: {why}]")
    kind: Literal["paused"] = "paused"
    cause: PauseCause
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """A cause to wait ended."""

    sentences = said("the wait ended ({by})", "Das Warten ist zu Ende ({by})")
    kind: Literal["resumed"] = "resumed"
    cause: PauseCause
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(Happened):
    """The severity is another now.

    Attributes:
        restarted: Clocks that start a new cycle because the policy says so.
    """

    sentences = said("{by} changed {old} to {new}[: {why}]", "{by} hat {old} in {new} geändert[: {why}]")
    kind: Literal["severity_changed"] = "severity_changed"
    old: Severity
    new: Severity
    why: str
    by: str
    restarted: tuple[ClockName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrustrationChanged(Happened):
    """The customer's frustration is judged differently now.

    Attributes:
        why: Why it eased by itself; empty where a person judged it.
    """

    sentences = said(
        "{by} changed the frustration from {old} to {new}[: {why}]",
        "{by} hat die Verärgerung von {old} auf {new} geändert[: {why}]",
    )
    kind: Literal["frustration_changed"] = "frustration_changed"
    old: int
    new: int
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsOffered(Happened):
    """The customer was given solutions to choose from."""

    sentences = said(
        "{by} offered a choice: {options}[; otherwise {default}]",
        "{by} hat zur Wahl gestellt: {options}[; sonst gilt {default}]",
    )
    kind: Literal["options_offered"] = "options_offered"
    options: tuple[Option, ...]
    default: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChosen(Happened):
    """An option was chosen, by the customer or by default."""

    sentences = said('{by} chose "{option}"', "Gewählt wurde „{option}“ ({by})")
    kind: Literal["option_chosen"] = "option_chosen"
    option: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceLapsed(Happened):
    """The customer did not choose, and there was no default; it is the owner's turn."""

    sentences = said("the customer did not choose in time", "Es wurde nicht rechtzeitig gewählt")
    kind: Literal["choice_lapsed"] = "choice_lapsed"


ConversationEvent = (
    Noted
    | StepRepeated
    | WordingOverridden
    | CustomerTold
    | InformationRequested
    | CustomerReplied
    | MessagesPutForward
    | UpdatesHeld
    | Paused
    | Resumed
    | SeverityChanged
    | FrustrationChanged
    | OptionsOffered
    | OptionChosen
    | ChoiceLapsed
)
"""What is said to and by the customer, and noted among ourselves."""
