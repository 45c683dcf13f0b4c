"""Whatever a policy file holds, it is compiled or refused in words with its lines. `make fuzz` tries many more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.case.codec import from_json, to_json
from escalation.compiler.compile import Compiled, compile_policy
from escalation.errors import InvalidPolicy
from escalation.policy import Policy
from tests.unit.compiler.texts import SOUND, YEARS

pytestmark = pytest.mark.fuzz

LINES = tuple(SOUND.splitlines())
PROBLEM = re.compile(r"policy\.yaml(:[0-9]+)?: .+", re.DOTALL)

VALUES = st.one_of(
    st.sampled_from([
        "", "~", "[]", "{}", "[[[[[[]]]]]]", "&a x", "*a", "!!python/object:os.system x", "!!binary eA==", "<<: *a", "- - -", "? x",
        "1h", "-1h", "0m", "1d", "1bd", "99999999999999bd", "1e400", ".inf", ".nan", "0x10", "-0", "1_000", "'", '"', "|", ">-", "# x",
        "24x7", "office", "Europe/Berlin", "Mars/Olympus", "09:00-17:00", "25:00-26:00", "17:00", "[09:00-12:00, 11:00-13:00]",
        "breach", "[breach, climb]", "customer", "system", "SEV1", "{SEV1: 1h, SEV1: 2h}", "2026-02-30", "12-24", "0001-01-01", "true", "no",
    ]),
    st.text(max_size=40),
    st.integers().map(str),
)  # fmt: skip
KEYS = st.sampled_from(sorted({line.strip().split(":")[0] for line in LINES} | {"holidays", "lanes", "extends", "<<"}))


@st.composite
def edited(draw: st.DrawFn) -> str:
    """The sound policy with some lines changed, taken out, repeated, moved in or put in."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(["value", "value", "key", "take out", "repeat", "move in", "put in"])):
            case "value":
                lines[at] = f"{line.partition(':')[0]}: {draw(VALUES)}"
            case "key":
                lines[at] = f"{line[: len(line) - len(line.lstrip())]}{draw(KEYS)}:{line.partition(':')[2]}"
            case "take out" if len(lines) > 1:
                del lines[at]
            case "repeat":
                lines.insert(at, line)
            case "move in":
                lines[at] = f"{' ' * draw(st.integers(1, 5))}{line}"
            case _:
                lines.insert(at, draw(VALUES))
    return "\n".join(lines) + "\n"


def must_be_read_or_refused(text: str) -> None:
    compiled: Compiled | None = None
    problems: tuple[str, ...] = ()
    try:
        compiled = compile_policy(text, source="policy.yaml", years=YEARS)
    except InvalidPolicy as refusal:
        problems = refusal.problems
    if compiled is None:
        assert problems
        assert all(PROBLEM.fullmatch(problem) for problem in problems), problems
    else:
        assert from_json(Policy, to_json(compiled.policy)) == compiled.policy


@pytest.mark.slow
@given(edited())
def test_a_policy_that_was_edited_badly_is_compiled_or_refused_with_its_lines(text: str) -> None:
    must_be_read_or_refused(text)


@given(st.text(max_size=300))
def test_any_text_as_a_policy_is_refused_in_words(text: str) -> None:
    must_be_read_or_refused(text)
