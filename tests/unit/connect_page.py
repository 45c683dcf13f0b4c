"""What a mapping makes of a product's webhooks, as a table for its page in `docs/connect`."""

from collections.abc import Iterable, Iterator

from escalation.intake.conditions import Condition
from escalation.intake.delivery import EventKind
from escalation.intake.outcomes import OUTCOMES
from escalation.intake.source import Scheme, Source

BEGIN, END = "<!-- from the mapping; regenerate it with `python -m tests.unit.intake.test_pages` -->", "<!-- end -->"

_LEADS_TO: dict[EventKind, tuple[str, ...]] = {
    EventKind.OPENED: ("opened",),
    EventKind.TAGGED: ("tagged",),
    EventKind.MESSAGE: ("customer_wrote", "customer_elsewhere", "agent_wrote", "noted"),
    EventKind.STATUS: ("solved", "closed", "reopened"),
    EventKind.SOLVED: ("solved",),
    EventKind.CLOSED: ("closed",),
    EventKind.REOPENED: ("reopened",),
    EventKind.PRIORITY: ("priority",),
    EventKind.ASSIGNED: ("assigned",),
    EventKind.MERGED: ("merged",),
    EventKind.DELETED: ("deleted",),
    EventKind.SPAM: ("deleted",),
    EventKind.RESTORED: ("restored",),
    EventKind.REQUESTER: ("requester",),
    EventKind.ACKNOWLEDGED: ("acknowledged",),
    EventKind.BUTTON: ("button",),
    EventKind.OTHER: (),
}


def connect_table(source: Source) -> str:
    """The table of a mapping: what follows from which event, how it is signed, and which words it knows."""
    wanted = {name for rule in source.rules for name in _LEADS_TO[rule.kind]}
    lines = ["| When | What follows | `then:` |", "|---|---|---|"]
    for name, outcome in OUTCOMES.items():
        if name in wanted:
            lines.append(f"| {outcome.means} | {outcome.choices[source.then[name]]} | `{name}: {source.then[name]}` |")
    lines += ["", "| | |", "|---|---|"]
    lines += [f"| {name} | {said} |" for name, said in _facts(source)]
    return "\n".join((BEGIN, *lines, END))


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    yield "Proof of the sender", "; or ".join(map(_scheme, source.schemes))
    for answer in source.answers:
        names = ", ".join(f"`{name}`" for name in (*answer.say, *answer.repeat))
        yield "Answer", f"JSON with {names}, where {_condition(answer.when)}"
    if source.handshake:
        yield "Asked before it sends", f"`?{source.handshake.query}=`: answered only where it is the sender's own proof"
    for title, words in (("Severity", source.severities), ("Status", source.statuses)):
        if words:
            named = dict.fromkeys(words.values())
            yield (
                title,
                "; ".join(f"{ours}: {_words(word for word, one in words.items() if one is ours)}" for ours in named),
            )
    if source.escalating_tags:
        yield "Tags that ask for an escalation", _words(sorted(source.escalating_tags))


def _condition(condition: Condition) -> str:
    tests = [test for tests in condition for test in tests]
    return ", ".join(f"`{'.'.join(map(str, test.path.steps))}` is {_words(test.words)}" for test in tests)


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word.replace('_', ' ')}`" for word in words)


def _scheme(scheme: Scheme) -> str:
    if scheme.kind == "secret":
        header = "" if scheme.header == "authorization" else f"in `{scheme.header}`, "
        query = f", or as `?{scheme.query}=` in the address" if scheme.query else ""
        return f"the secret itself, {header}as bearer token or as password{query}"
    age = f", at most {scheme.window} seconds old" if scheme.window else ""
    over = "".join(scheme.over)
    return f"`{scheme.header}`: HMAC-{scheme.digest.upper()} over `{over}`, {scheme.encoding}{age}"
