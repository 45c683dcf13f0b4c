"""A small sound policy for tests to break, and what to say about the breakage."""

from escalation.compiler.compile import Compiled, compile_policy
from escalation.errors import InvalidPolicy

YEARS = range(2026, 2028)
HERE = "# here"

SOUND = """\
policy: small
calendars:
  office:
    zone: Europe/Berlin
    hours:
      mon-fri: 09:00-17:00
calendar_by_severity:
  SEV3: office
  SEV4: office
ladder:
  overseer: boss
  contact: desk
  tiers:
    - name: front
    - name: back
clocks:
  acknowledge:
    targets: 1h
    thresholds:
      due: offer_on
  check_in:
    targets: 4h
    thresholds:
      due: offer_on
  customer_update:
    targets: 2h
    thresholds:
      due: holding_update
  customer_reply:
    targets: 8h
    thresholds:
      due: resolve_no_reply
  resolution:
    targets: 16h
    thresholds:
      due: breach
  reopen_window:
    targets: 14bd
    thresholds:
      due: end_reopen_window
"""


def edited(old: str, new: str, text: str = SOUND) -> str:
    """The text with one passage replaced; it must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def with_clock(written: str) -> str:
    """The sound policy with one more clock, written without indentation."""
    indented = "".join(f"  {line}\n" for line in written.strip().splitlines())
    return SOUND + indented


def compiled(text: str, years: range = YEARS) -> Compiled:
    return compile_policy(text, source="policy.yaml", years=years)


def problems(text: str, years: range = YEARS) -> tuple[str, ...]:
    """What is wrong with a text, one line each."""
    try:
        compiled(text, years)
    except InvalidPolicy as refusal:
        return refusal.problems
    return ()


def assert_refused(text: str, *said: str) -> None:
    """The text has exactly one problem, in the line marked `# here`, and the message says all of this."""
    marked = [number for number, line in enumerate(text.splitlines(), start=1) if HERE in line]
    assert len(marked) == 1, "mark the line"
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(f"policy.yaml:{marked[0]}: "), found[0]
    for each in said:
        assert each in found[0], found[0]
