"""The client refuses in words what the workflow would refuse, before it sends anything."""

from typing import Any

import pytest

from escalation.case.commands import AddNote, ChangeSeverity, Reassign
from escalation.incident.commands import OpenIncident
from starter.errors import CommandRefused
from starter.prechecks import as_sent, id_as_sent

_NO_SEVERITY: Any = object()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Reassign(by="ana", to="b\x00en", why="x"), "`to` has control characters"),
        (OpenIncident(name="mail", title="x", cause="c" * 1_900_000, by="zoe"), "`cause` has 1,900,000 characters"),
        (ChangeSeverity(severity=_NO_SEVERITY, by="ana", why="x"), "`change_severity` cannot be sent"),
    ],
)
def test_what_cannot_be_accepted_is_not_sent(command: object, said: str) -> None:
    with pytest.raises(CommandRefused) as refusal:
        as_sent(command)
    assert (refusal.value.type, said in refusal.value.message) == ("InvalidCommand", True)


def test_half_an_emoji_is_sent_as_a_replacement_character() -> None:
    assert as_sent(AddNote(by="ana", text="late \ud83d")).text == "late \ufffd"


def test_an_id_beside_a_command_is_bounded_too() -> None:
    assert id_as_sent("default", "policy") == "default"
    with pytest.raises(CommandRefused, match="`policy` has 130,000 characters"):
        id_as_sent("p" * 130_000, "policy")
